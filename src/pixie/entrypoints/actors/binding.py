"""Binding handlers to Dramatiq. No global broker, no work at import: a process binds what it runs, when it starts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import dramatiq
import structlog
from dishka import AsyncContainer
from structlog.contextvars import bound_contextvars

from pixie.application.kernel.ports import Inbox, UnitOfWork
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.json import JsonObject

log = structlog.get_logger(__name__)

Work = Callable[[AsyncContainer, UUID], Awaitable[None]]
ContainerGetter = Callable[[], AsyncContainer]


class Subscriber(Protocol):
    """What reacts to an event."""

    async def __call__(self, payload: JsonObject) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorSpec:
    """A handler of messages. A message names a row, and says no more than: look at it now."""

    name: str
    queues: Sequence[str]
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who reacts to a topic. The handler's last step commits, and with its effect the outbox row is gone."""

    topic: str
    name: str
    handler: type[Subscriber]

    @property
    def spec(self) -> ActorSpec:
        async def work(scope: AsyncContainer, row_id: UUID) -> None:
            payload = await (await scope.get(Inbox)).take(row_id)
            if payload is not None:
                await (await scope.get(self.handler))(payload)

        return ActorSpec(name=self.name, queues=("default",), work=work)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongSubscription(Subscription):
    """For a handler that waits for others: no transaction is open meanwhile. The row goes when the work is done, so the
    work may be done twice; the handler commits nothing.
    """

    @property
    def spec(self) -> ActorSpec:
        async def work(scope: AsyncContainer, row_id: UUID) -> None:
            inbox = await scope.get(Inbox)
            uow = await scope.get(UnitOfWork)
            payload = await inbox.take(row_id)
            await uow.rollback()
            if payload is not None:
                await (await scope.get(self.handler))(payload)
                await inbox.take(row_id)
                await uow.commit()

        return ActorSpec(name=self.name, queues=("default",), work=work)


def bind(broker: dramatiq.Broker, specs: Sequence[ActorSpec], container: ContainerGetter) -> None:
    """Declare actors and queues. A process that only sends may pass a getter that is never called."""
    for spec in specs:
        for queue in spec.queues:
            broker.declare_queue(queue)
        declare = dramatiq.actor(actor_name=spec.name, queue_name=spec.queues[0], broker=broker)
        declare(_handler(spec, container))


def _handler(spec: ActorSpec, container: ContainerGetter) -> Callable[[str], Awaitable[None]]:
    """The edge of a process: no error leaves it. The row is still there, so the work is hinted at again later."""

    async def handle(row_id: str) -> None:
        with bound_contextvars(actor=spec.name, row_id=row_id):
            try:
                async with container()() as scope:
                    await spec.work(scope, UUID(row_id))
            except PixieError as error:
                log.warning("work_put_off", code=error.code, reason=error.detail)
            except Exception:
                log.exception("work_failed")

    return handle
