from dataclasses import dataclass, field

from pixie.application.accounts.ports import RefreshTokenSource, SessionStore, TokenIssuer
from pixie.application.accounts.views import TokenPair
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.accounts.errors import InvalidRefreshToken, RefreshTokenReused
from pixie.domain.accounts.refresh_token import RefreshToken
from pixie.domain.accounts.session import Refreshment, SessionPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCommand:
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Exchange a refresh token for a new pair; the old refresh token is spent.

    - For ten seconds the token that was spent last gets the same successor again, so neither a lost answer nor several
      tabs that refresh at once sign anybody out.
    - Any other use of a spent token ends the session: one of the two who hold its tokens is a thief.
    - A session ends after 30 days without a refresh, and 90 days after sign-in.
    """

    sessions: SessionStore
    access_tokens: TokenIssuer
    refresh_tokens: RefreshTokenSource
    uow: UnitOfWork
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, command: RefreshCommand) -> TokenPair:
        presented = RefreshToken(command.refresh_token)
        successor = self.refresh_tokens.successor_of(presented)
        found = await self.sessions.find_by_token(presented.digest)
        if found is None:
            raise InvalidRefreshToken

        session = found.session
        outcome = session.refresh(
            presented=presented.digest,
            spent_at=found.spent_at,
            successor=successor.digest,
            policy=self.policy,
            now=self.clock.now(),
        )
        match outcome:
            case Refreshment.ROTATED:
                await self.sessions.save_rotated(session, spent=presented.digest)
            case Refreshment.REUSED:
                await self.sessions.save_ended(session)
        await self.uow.commit()
        if outcome is Refreshment.REUSED:
            raise RefreshTokenReused
        access = self.access_tokens.issue(session.user_id, session.id)
        return TokenPair(
            access_token=access.text,
            refresh_token=successor.text,
            expires_in=int(access.lifetime.total_seconds()),
        )
