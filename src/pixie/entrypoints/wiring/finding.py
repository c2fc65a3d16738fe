from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what is so, and what to do where it should not be."""

    subject: str
    good: bool
    text: str
    advice: str = ""

    def __post_init__(self) -> None:
        if self.good:
            object.__setattr__(self, "advice", "")
