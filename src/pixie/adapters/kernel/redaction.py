"""Takes secrets out of whatever is about to be written where people read: by the name of a field, and by their looks.

It would rather hide too much than too little, and it never fails.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

MASK: Final = "***"
_MAX_TEXT: Final = 16_000
_MAX_SCANNED: Final = 20_000
_MAX_ITEMS: Final = 200
_MAX_DEPTH: Final = 10
_MAX_INT: Final = 2**63

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]

_NAMED: Final = (
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|authorization|cookie|credential|jwt|signature"
    r"|card[_\- ]?number|\bcv[cv]2?\b"
    r"|(?:api|private|access|secret|signing|password|link|seal|refresh)[_\- ]?key"
)
_SECRET_NAME: Final = re.compile(_NAMED, re.IGNORECASE)

_QUERY_NAMES: Final = (
    r"sig|signature|ticket|token|code|key|x-amz-(?:signature|credential|security-token)|awsaccesskeyid"
)

# Each run is bounded or ends at a character that cannot be in it, so that no text makes the search slow.
_LOOKS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # JSON Web Tokens, signed or encrypted
    (re.compile(r"eyJ[\w\-]{2,500}(?:\.[\w\-]*){1,4}"), MASK),
    # API keys, refresh tokens, and whatever else Pixie hands out with a prefix
    (re.compile(r"px[a-z]_[\w\-.~+/=]+"), MASK),
    # the password in a URL, which may hold nearly anything
    (re.compile(r"(://[^\s/@:]{0,200}:)[^\s/?#]{1,1000}@"), rf"\1{MASK}@"),
    # a header, to the end of its line
    (
        re.compile(r"((?:authorization|cookie)\s{0,3}:\s{0,3})(?!['\"\\])[^\r\n]+", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (re.compile(r"\b(bearer|basic)(\s{1,3})[^\s\"'\\,;]+", re.IGNORECASE), rf"\1\2{MASK}"),
    # parameters of a signed link, also inside an encoded one
    (
        re.compile(rf"((?:\b|%(?:25)?[0-9A-F]{{2}})(?:{_QUERY_NAMES})(?:=|%(?:25)?3D))[^\s&#\"'<>\\]+", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    # name and value in a text: JSON, a repr, a form, a command line
    (
        re.compile(
            rf"((?:{_NAMED})[\w\-]{{0,40}}(?:\\{{0,3}}['\"])?\s{{0,3}}[:=]\s{{0,3}}(?:b(?=['\"]))?)"
            r"(?:\\{0,3}\"(?:[^\"\\]|\\.)*\\{0,3}\"?|\\{0,3}'(?:[^'\\]|\\.)*\\{0,3}'?|[^\s,;&\"'}\])]+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
)
_CARD: Final = re.compile(r"(?<![\w.\-])[3-6]\d{3}(?:[ \-]?\d){8,15}(?![\w.\-])")
_HINTS: Final = (
    *("eyj", "px", "://", "bearer", "basic", "auth", "cookie", "pass", "pwd", "secret", "token", "credential", "jwt"),
    *("key", "sig", "ticket", "code", "card", "cvc", "cvv"),
)
"""Each look needs one of these; most texts have none, and are done."""
_DIGITS: Final = re.compile(r"\d{4}[ \-]?\d{4}")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def redact(value: object, depth: int = 0) -> Plain:
    """A plain copy of `value` without secrets: what JSON can hold, not endless, not deep."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        if depth >= _MAX_DEPTH:
            return "…"
        return _redact_fields(value, depth) if isinstance(value, Mapping) else _redact_items(value, depth)
    return redact_text(_text_of(value))


def redact_text(text: str) -> str:
    """The text without what looks like a secret, without control characters, and not endless."""
    scanned = text[:_MAX_SCANNED]
    lower = scanned.lower()
    for hint in _HINTS:  # a generator inside any() would cost more than the search itself
        if hint in lower:
            scanned = _without_looks(scanned)
            break
    if _DIGITS.search(scanned):
        scanned = _CARD.sub(_without_card, scanned)
    if not (scanned.isascii() and scanned.isprintable()):
        scanned = _CONTROL.sub(_visible, scanned)
    return scanned if len(text) <= _MAX_TEXT else f"{scanned[:_MAX_TEXT]}… ({len(text)} characters)"


def _without_looks(text: str) -> str:
    for look, mask in _LOOKS:
        text = look.sub(mask, text)
    return text


def names_a_secret(name: str) -> bool:
    """Whether a field of this name holds something that must not be seen."""
    return _SECRET_NAME.search(name) is not None


def _number(value: float) -> Plain:
    if isinstance(value, int):
        return int(value) if -_MAX_INT <= value < _MAX_INT else str(value)
    return value if math.isfinite(value) else str(value)


def _redact_fields(fields: Mapping[object, object], depth: int) -> Plain:
    plain: dict[str, Plain] = {}
    for key, value in islice(fields.items(), _MAX_ITEMS):
        name, secret = _field(_text_of(key))
        hidden = secret and value is not None and not isinstance(value, bool)
        plain[name] = MASK if hidden else redact(value, depth + 1)
    return plain


@lru_cache(maxsize=1000)
def _field(name: str) -> tuple[str, bool]:
    """How the name itself may be shown (somebody may have made a secret a key), and whether its value is secret."""
    return redact_text(name), names_a_secret(name)


def _redact_items(items: Iterable[object], depth: int) -> Plain:
    """Pairs are looked at as name and value too: headers come that way."""
    plain: list[Plain] = []
    for item in islice(items, _MAX_ITEMS):
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str | bytes):  # noqa: PLR2004 - a pair
            name, secret = _field(_text_of(item[0]))
            plain.append([name, MASK if secret else redact(item[1], depth + 1)])
        else:
            plain.append(redact(item, depth + 1))
    return plain


def _text_of(value: object) -> str:
    try:
        if isinstance(value, str):
            return str(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return bytes(value).decode("utf-8", "backslashreplace")
        return str(value)
    except Exception:  # noqa: BLE001 - any class may have a broken __str__, and a log line must not fail for it
        return f"<{type(value).__name__} that cannot be shown>"


def _without_card(match: re.Match[str]) -> str:
    """Payment cards carry a check digit (ISO/IEC 7812-1); most other long numbers fail it."""
    digits = [int(character) for character in match.group() if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return match.group() if (sum(doubled) + sum(digits[-1::-2])) % 10 else MASK


def _visible(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()
