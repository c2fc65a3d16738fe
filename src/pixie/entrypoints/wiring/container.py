from collections.abc import Sequence

from dishka import AsyncContainer, Provider, make_async_container

from pixie.application.jobs.ports import Providers
from pixie.entrypoints.wiring.accounts import AccountsWiring
from pixie.entrypoints.wiring.billing import BillingWiring
from pixie.entrypoints.wiring.credits import CreditsWiring
from pixie.entrypoints.wiring.files import FilesWiring
from pixie.entrypoints.wiring.jobs import JobsWiring
from pixie.entrypoints.wiring.kernel import KernelWiring
from pixie.entrypoints.wiring.notifications import NotificationsWiring
from pixie.entrypoints.wiring.offline import OfflineWiring
from pixie.entrypoints.wiring.operations import OperationsWiring
from pixie.entrypoints.wiring.settings.tree import Settings


def offline_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """For workers, the scheduler and commands. A missing part is found here, not when it is needed."""
    return make_async_container(*all_modules(), OfflineWiring(), *overrides, context={Settings: settings})


async def worker_container(settings: Settings) -> AsyncContainer:
    """An offline container with its providers built: what is wrong with one is found now, and not with each job."""
    container = offline_container(settings)
    try:
        await container.get(Providers)
    except BaseException:
        await container.close()
        raise
    return container


def all_modules() -> Sequence[Provider]:
    return (
        KernelWiring(),
        AccountsWiring(),
        FilesWiring(),
        CreditsWiring(),
        BillingWiring(),
        JobsWiring(),
        NotificationsWiring(),
        OperationsWiring(),
    )
