"""Identities that more than one module speaks of. All are UUIDv7 (RFC 9562): unique everywhere, sorted by birth."""

from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
FileId = NewType("FileId", UUID)
HoldId = NewType("HoldId", UUID)
JobId = NewType("JobId", UUID)
ProjectId = NewType("ProjectId", UUID)
