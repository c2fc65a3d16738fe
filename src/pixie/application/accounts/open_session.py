from dataclasses import dataclass

from pixie.application.accounts.ports import RefreshTokenSource, SessionStore, TokenIssuer
from pixie.application.accounts.views import TokenPair
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.accounts.session import Device, Session, SessionPolicy
from pixie.domain.kernel.ids import SessionId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """The last step of every way to sign in. Does not commit: it is part of a use case."""

    sessions: SessionStore
    access_tokens: TokenIssuer
    refresh_tokens: RefreshTokenSource
    ids: IdSource
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, user_id: UserId, device: Device) -> TokenPair:
        first = self.refresh_tokens.new()
        session = Session.open(
            id=SessionId(self.ids.new()),
            user_id=user_id,
            device=device,
            first=first.digest,
            policy=self.policy,
            now=self.clock.now(),
        )
        await self.sessions.add(session)
        access = self.access_tokens.issue(user_id, session.id)
        return TokenPair(
            access_token=access.text,
            refresh_token=first.text,
            expires_in=int(access.lifetime.total_seconds()),
        )
