"""Which of our languages a client would like best."""

from pixie.domain.kernel.locale import Locale

_MOST = 20  # entries of a header that are looked at


def preferred_locale(accept_language: str | None) -> Locale:
    """The first of ours by weight, then by place (RFC 9110, section 12.5.4); English when none is wanted."""
    entries = (accept_language or "").split(",")[:_MOST]
    wanted = sorted(((_weight(entry), entry) for entry in entries), key=lambda pair: -pair[0])
    for weight, entry in wanted:
        language = entry.partition(";")[0].strip().partition("-")[0].lower()
        if weight > 0 and language in set(Locale):
            return Locale(language)
    return Locale.ENGLISH


def _weight(entry: str) -> float:
    name, _, value = entry.partition(";")[2].strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
