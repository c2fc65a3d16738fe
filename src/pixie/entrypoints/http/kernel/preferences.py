"""What a client would like best, of what we have."""

import math
from collections.abc import Iterator

from pixie.domain.kernel.locale import Locale

_MOST = 20  # entries of a header that are looked at
_PAGE = "text/html"
_DOCUMENTS = frozenset({"application/json", "application/problem+json", "application/*"})


def preferred_locale(accept_language: str | None) -> Locale:
    """The first of ours by weight, then by place (RFC 9110, section 12.5.4); English when none is wanted."""
    for language, weight in sorted(_weighed(accept_language), key=lambda pair: -pair[1]):
        code = language.partition("-")[0]
        if weight > 0 and code in set(Locale):
            return Locale(code)
    return Locale.ENGLISH


def prefers_page(accept: str | None) -> bool:
    """Whether a page is asked for by name, and more than a document is: as browsers do, and programs do not."""
    wanted = dict(_weighed(accept))
    return wanted.get(_PAGE, 0) > max((wanted[kind] for kind in _DOCUMENTS & set(wanted)), default=0)


def takes_gzip(accept_encoding: str | None) -> bool:
    return dict(_weighed(accept_encoding)).get("gzip", 0) > 0


def _weighed(header: str | None) -> Iterator[tuple[str, float]]:
    for entry in (header or "").split(",")[:_MOST]:
        name, *parameters = (part.strip() for part in entry.lower().split(";"))
        yield name, next((_weight(value) for key, _, value in map(_pair, parameters) if key == "q"), 1.0)


def _pair(parameter: str) -> tuple[str, str, str]:
    key, sign, value = parameter.partition("=")
    return key.strip(), sign, value.strip()


def _weight(value: str) -> float:
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if math.isfinite(weight) else 0.0
