import re
import unicodedata
from dataclasses import dataclass, field
from encodings import idna
from typing import Self

from pixie.domain.accounts.errors import InvalidEmail

_LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
_LONGEST_KEY = 255
_LONGEST_LOCAL = 64  # bytes; section 4.5.3.1.1
_LONGEST_DOMAIN = 253
_FEWEST_LABELS = 2
_SPECIALS = frozenset('()<>[]:;@\\,"')  # RFC 5322, section 3.2.3; a local part in quotes is refused as well
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# IDNA 2003 and 2008 turn these into different domains, so whose mail it would be depends on who sends it.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address in the form in which mail is sent to it: NFKC, its domain in lower-case ASCII (IDNA).

    Two addresses are the same when their `key` is: the address without case. Nothing else is folded; whether
    `a.b+c@…` and `ab@…` reach one mailbox is for that mailbox's owner to know.
    """

    text: str = field(compare=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        local, at, domain = unicodedata.normalize("NFKC", self.text).strip().rpartition("@")
        if not at:
            raise InvalidEmail("it has no @")
        _check_local(local)
        ascii_domain = _ascii(domain)
        text = f"{local}@{ascii_domain}"
        key = f"{_without_case(local)}@{ascii_domain}"
        if len(text) > _LONGEST or len(key) > _LONGEST_KEY:
            raise InvalidEmail("it is too long")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "key", key)

    @classmethod
    def kept(cls, text: str, key: str) -> Self:
        """An address as it was accepted once; today's rules do not judge it again."""
        address = object.__new__(cls)
        object.__setattr__(address, "text", text)
        object.__setattr__(address, "key", key)
        return address


def _check_local(local: str) -> None:
    if not all(local.split(".")):
        raise InvalidEmail("the part before the @ is missing, or has a dot at its start, at its end or next to another")
    if not all(char.isprintable() and not char.isspace() and char not in _SPECIALS for char in local):
        raise InvalidEmail("the part before the @ has a character that does not belong there")
    if len(local.encode()) > _LONGEST_LOCAL:
        raise InvalidEmail("the part before the @ is too long")


def _ascii(domain: str) -> str:
    labels = [_ascii_label(label) for label in domain.split(".")]
    if len(labels) < _FEWEST_LABELS or labels[-1].isdigit():
        raise InvalidEmail("the part after the @ is not a domain")
    found = ".".join(labels)
    if len(found) > _LONGEST_DOMAIN:
        raise InvalidEmail("its domain is too long")
    return found


def _ascii_label(label: str) -> str:
    lowered = label.lower()
    if not _AMBIGUOUS.isdisjoint(lowered):
        raise InvalidEmail("its domain can be read in two ways; write it in its ASCII form (xn--…)")
    if not lowered.isascii():
        lowered = _punycode(lowered)
    if not _LABEL.fullmatch(lowered):
        raise InvalidEmail("the part after the @ is not a domain")
    return lowered


def _punycode(label: str) -> str:
    try:
        return idna.ToASCII(label).decode("ascii")
    except UnicodeError:
        raise InvalidEmail("the part after the @ is not a domain") from None


def _without_case(text: str) -> str:
    """Unicode's NFKC_Casefold, near enough: folding may denormalise, and normalising may bring back case."""
    folded = text
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded.casefold())
    return folded
