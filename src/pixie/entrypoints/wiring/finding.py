from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what is so, and what to do where it should not be.

    What is not `needed` may be missing in a good set-up.
    """

    subject: str
    good: bool
    text: str
    advice: str = ""
    needed: bool = True

    def __post_init__(self) -> None:
        if self.good:
            object.__setattr__(self, "advice", "")
