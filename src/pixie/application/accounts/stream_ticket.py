"""Tickets for streams: a browser's EventSource cannot send a header, and a token in an address would end up in logs."""

import secrets
from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from pixie.application.accounts.ports import SessionReader
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import NotSignedIn
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.kernel.ids import SessionId, UserId

LIFETIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTicketView:
    """Opens one stream, once, in place of the access token."""

    ticket: str
    expires_at: datetime


class StreamTickets(Protocol):
    @abstractmethod
    async def add(self, digest: bytes, session_id: SessionId, expires_at: datetime) -> None: ...

    @abstractmethod
    async def take(self, digest: bytes, now: datetime) -> tuple[SessionId, UserId] | None:
        """Whose ticket this is; it is gone afterwards. None for an unknown, used or expired one."""

    @abstractmethod
    async def forget(self, expired_before: datetime) -> int:
        """Remove what nobody used; returns how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStreamTicket:
    """A ticket for one event stream, good for a minute: append `?ticket=…` to the stream's address."""

    tickets: StreamTickets
    clock: Clock
    uow: UnitOfWork

    async def __call__(self, caller: Caller) -> StreamTicketView:
        ticket = secrets.token_urlsafe(32)
        expires_at = self.clock.now() + LIFETIME
        await self.tickets.add(_digest(ticket), caller.session_id, expires_at)
        await self.uow.commit()
        return StreamTicketView(ticket=ticket, expires_at=expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemStreamTicket:
    """Who opens a stream with this ticket. Raises `NotSignedIn`."""

    tickets: StreamTickets
    sessions: SessionReader
    clock: Clock
    uow: UnitOfWork

    async def __call__(self, ticket: str) -> Caller:
        now = self.clock.now()
        found = await self.tickets.take(_digest(ticket), now)
        await self.uow.commit()
        if found is None:
            raise NotSignedIn
        session_id, user_id = found
        role = await self.sessions.role_of(session_id, user_id, now)
        if role is None:
            raise NotSignedIn
        return Caller(user_id=user_id, session_id=session_id, role=role)


def _digest(ticket: str) -> bytes:
    return sha256(ticket.encode()).digest()
