"""Making a system ready for its processes: schema, seeds, the first admin. Harmless to repeat."""

import secrets

from dishka import AsyncContainer

from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.private_files import write_private
from pixie.application.accounts.create_user import CreateUser, CreateUserCommand
from pixie.application.accounts.ports import UserReader
from pixie.application.billing.seed_plans import SeedPlans
from pixie.application.jobs.catalogue import PublishCatalogue
from pixie.application.kernel.caller import Operator
from pixie.application.kernel.errors import DatabaseBehind
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.kernel.role import Role
from pixie.entrypoints.wiring.container import offline_container
from pixie.entrypoints.wiring.servers import check_database, database_url
from pixie.entrypoints.wiring.settings.connections import check_connections
from pixie.entrypoints.wiring.settings.tree import Settings

ADMIN = "admin@pixie.localhost"
CREDENTIALS = """The first admin of this Pixie. Change the password, or make an admin of your own and remove this one.

e-mail    {email}
password  {password}
"""


async def prepare_system(settings: Settings) -> None:
    if await how_far_behind(settings):
        from pixie.adapters.kernel.migrations import migrate  # noqa: PLC0415 - a second, which most starts can save

        await migrate(database_url(settings))
    container = offline_container(settings)
    try:
        await _check_room(await container.get(Database), settings)
        await _in_scope(container, SeedPlans)
        await _in_scope(container, PublishCatalogue)
        if settings.development:
            await _first_admin(container, DataFolder(settings.data_dir))
    finally:
        await container.close()


async def how_far_behind(settings: Settings) -> str | None:
    """What is wrong with the database's schema; None when it is that of this version, or of a newer one."""
    try:
        await check_database(settings)
    except DatabaseBehind as problem:
        return problem.detail
    return None


async def _check_room(database: Database, settings: Settings) -> None:
    check_connections(settings, int(await database.fetchval("SHOW max_connections")))


async def _in_scope(container: AsyncContainer, use_case: type[SeedPlans] | type[PublishCatalogue]) -> None:
    async with container() as scope:
        await (await scope.get(use_case))()


async def _first_admin(container: AsyncContainer, folder: DataFolder) -> None:
    """The credentials are written first: an account whose password nobody knows would be of no use."""
    async with container() as scope:
        if await (await scope.get(UserReader)).find_by_email(EmailAddress(ADMIN)) is not None:
            return
        password = secrets.token_urlsafe(18)
        write_private(folder.admin_credentials, CREDENTIALS.format(email=ADMIN, password=password))
        command = CreateUserCommand(
            actor=Operator(name="prepare"), email=ADMIN, password=password, name="Admin", role=Role.ADMIN
        )
        await (await scope.get(CreateUser))(command)
