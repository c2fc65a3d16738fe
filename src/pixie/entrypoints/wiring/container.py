from dishka import AsyncContainer, Provider, make_async_container
from dishka.integrations.litestar import LitestarProvider

from pixie.entrypoints.wiring.accounts import AccountsWiring
from pixie.entrypoints.wiring.billing import BillingWiring
from pixie.entrypoints.wiring.credits import CreditsWiring
from pixie.entrypoints.wiring.files import FilesWiring
from pixie.entrypoints.wiring.http import HttpWiring, OfflineWiring
from pixie.entrypoints.wiring.jobs import JobsWiring
from pixie.entrypoints.wiring.kernel import KernelWiring
from pixie.entrypoints.wiring.notifications import NotificationsWiring
from pixie.entrypoints.wiring.operations import OperationsWiring
from pixie.entrypoints.wiring.settings.tree import Settings


def http_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """For the API. A missing or superfluous part is found here, not on a request."""
    return make_async_container(*_modules(), HttpWiring(), LitestarProvider(), *overrides, context={Settings: settings})


def offline_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """For workers, the scheduler and commands."""
    return make_async_container(*_modules(), OfflineWiring(), *overrides, context={Settings: settings})


def _modules() -> tuple[Provider, ...]:
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
