from dataclasses import dataclass

from pixie.application.accounts.ports import SessionReader, TokenIssuer
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock
from pixie.domain.accounts.errors import SessionEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Who sends this request: the token says which session, the session's row whether that is still so.

    Raises `NotSignedIn`, `TokenExpired`, `SessionEnded`. The row is read each time, so signing out, closing an account
    and changing a role take effect with the next request, on every node.
    """

    access_tokens: TokenIssuer
    sessions: SessionReader
    clock: Clock

    async def __call__(self, bearer: str) -> Caller:
        claims = self.access_tokens.read(bearer)
        role = await self.sessions.role_of(claims.session_id, claims.user_id, self.clock.now())
        if role is None:
            raise SessionEnded
        return Caller(user_id=claims.user_id, session_id=claims.session_id, role=role)
