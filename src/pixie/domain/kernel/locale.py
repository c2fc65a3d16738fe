from enum import StrEnum


class Locale(StrEnum):
    """The languages Pixie speaks."""

    ENGLISH = "en"
    PERSIAN = "fa"

    @property
    def direction(self) -> str:
        """How its script runs: the value of HTML's `dir`."""
        return "rtl" if self is Locale.PERSIAN else "ltr"
