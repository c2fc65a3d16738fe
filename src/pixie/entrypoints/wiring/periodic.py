"""What is done again and again: small batches, each harmless to repeat."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from dishka import AsyncContainer

from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.accounts.forget_sessions import ForgetSessions
from pixie.application.accounts.stream_ticket import StreamTickets
from pixie.application.credits.expire_credits import ExpireCredits
from pixie.application.files.reconcile_storage import ReconcileStorage
from pixie.application.files.sweep_expired_files import SweepExpiredFiles
from pixie.application.files.sweep_staging import SweepStaging
from pixie.application.jobs.ports import Workdirs
from pixie.application.kernel.ports import Clock

EVERY_MINUTE = "* * * * *"
EVERY_HOUR = "11 * * * *"
EVERY_NIGHT = "23 3 * * *"


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    name: str
    cron: str
    work: Callable[[AsyncContainer], Awaitable[None]]


async def expire_credits(scope: AsyncContainer) -> None:
    await (await scope.get(ExpireCredits))()


async def sweep_files(scope: AsyncContainer) -> None:
    await (await scope.get(SweepExpiredFiles))()


async def sweep_staging(scope: AsyncContainer) -> None:
    await (await scope.get(SweepStaging))()


async def reconcile_storage(scope: AsyncContainer) -> None:
    await (await scope.get(ReconcileStorage))()


async def sweep_workdirs(scope: AsyncContainer) -> None:
    await (await scope.get(Workdirs)).sweep(older_than=timedelta(days=1))


async def forget_sessions(scope: AsyncContainer) -> None:
    await (await scope.get(ForgetSessions))()


async def forget_answers(scope: AsyncContainer) -> None:
    """Idempotent answers and stream tickets whose time is over."""
    uow = await scope.get(PgUnitOfWork)
    await uow.execute("DELETE FROM idempotency_keys WHERE expires_at < clock_timestamp()")
    clock = await scope.get(Clock)
    await (await scope.get(StreamTickets)).forget(clock.now() - timedelta(minutes=1))
    await uow.commit()


PERIODIC = (
    Periodic(name="credits.expire", cron=EVERY_MINUTE, work=expire_credits),
    Periodic(name="files.sweep_expired", cron=EVERY_MINUTE, work=sweep_files),
    Periodic(name="files.sweep_staging", cron=EVERY_HOUR, work=sweep_staging),
    Periodic(name="files.reconcile", cron=EVERY_NIGHT, work=reconcile_storage),
    Periodic(name="jobs.sweep_workdirs", cron=EVERY_HOUR, work=sweep_workdirs),
    Periodic(name="accounts.forget_sessions", cron=EVERY_HOUR, work=forget_sessions),
    Periodic(name="kernel.forget_answers", cron=EVERY_HOUR, work=forget_answers),
)
