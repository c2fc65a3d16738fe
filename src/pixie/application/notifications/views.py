from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSummary:
    id: str
    to: str
    subject: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """A mail as it was written; `source` is the whole of it, by RFC 5322."""

    id: str
    sender: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str = field(repr=False)
    source: str = field(repr=False)
