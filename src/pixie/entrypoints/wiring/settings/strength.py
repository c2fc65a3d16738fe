"""Whether a secret is one."""

import math
import re
from collections import Counter
from typing import Final

MIN_LENGTH: Final = 32
_MIN_BITS: Final = 80
"""Of 32 random hexadecimal digits not one in a million has fewer than 92."""
_PLACEHOLDER: Final = re.compile(
    r"your[_-]|change[_-]?(me|it|this)|replace[_-]?(me|this)|placeholder|example|default|dummy|insecure|password|"
    r"secret|\btest\b|12345678|qwerty|abcdefgh|<.*>|xxxx",
    re.IGNORECASE,
)
_POOR_PASSWORDS: Final = frozenset({"", "password", "pass", "postgres", "secret", "admin", "root", "changeme", "test"})


def weakness(secret: str) -> str | None:
    """What is wrong with a text that is to be a key, or None. It guesses: a good text comes from a random generator."""
    rest = _PLACEHOLDER.sub("", secret)
    if rest != secret and len(rest) < MIN_LENGTH:
        return "looks like an example, not like a secret"
    if len(secret) < MIN_LENGTH:
        return f"is shorter than {MIN_LENGTH} characters"
    if _bits(rest) < _MIN_BITS or _repeats(rest):
        return "is too regular to be random"
    return None


def is_placeholder(text: str) -> bool:
    """Whether a password that others gave us was never given: short ones are theirs to judge."""
    return (
        text.lower() in _POOR_PASSWORDS or re.match(r"your[_-]|change[_-]?(me|it|this)|<.*>$", text.lower()) is not None
    )


def _bits(text: str) -> float:
    """Shannon's measure of the characters used."""
    counts = Counter(text).values()
    return -sum(count * math.log2(count / len(text)) for count in counts)


def _repeats(text: str) -> bool:
    """Whether it is one shorter text again and again."""
    return text in (text + text)[1:-1]
