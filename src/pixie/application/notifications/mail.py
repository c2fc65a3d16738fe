from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter to one person. Two mails with the same `id` are the same mail, delivered twice.

    Ids sort by the time of what they tell of.
    """

    id: str
    to: str
    to_name: str
    locale: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
