"""What other modules may ask of accounts."""

from dataclasses import dataclass

from pixie.application.accounts.authenticate import Authenticate
from pixie.application.accounts.ports import UserReader
from pixie.application.accounts.session_watch import SessionWatch
from pixie.application.accounts.stream_ticket import IssueStreamTicket, RedeemStreamTicket, StreamTicketView
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import UserNotFound
from pixie.domain.kernel.ids import UserId

__all__ = ["Accounts", "Authenticate", "IssueStreamTicket", "RedeemStreamTicket", "SessionWatch", "StreamTicketView"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    users: UserReader

    async def id_of(self, email: str) -> UserId:
        """The user with this address. Raises `UserNotFound`, `InvalidEmail`. Tells nobody but admins, please."""
        user = await self.users.find_by_email(EmailAddress(email))
        if user is None:
            raise UserNotFound
        return user.id

    async def known(self, user_id: UserId) -> UserId:
        """The same id, if it is somebody's. Raises `UserNotFound`."""
        return (await self.users.get(user_id)).id
