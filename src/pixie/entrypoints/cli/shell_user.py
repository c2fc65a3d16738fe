"""The user as whom the shell asks the Pixie of its own data folder.

It is an ordinary user without any rights of an admin. Its password is made by chance and lies in the data folder, which
nobody else may read; who can read it can read the database's password as well, so nothing is given away by it.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.private_files import write_private
from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.troubles import Refused
from pixie.entrypoints.cli.kernel import OPERATOR

_UNAUTHORIZED: Final = 401


class Credentials(Struct, frozen=True, kw_only=True):
    email: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.email!r})"


async def sign_in_shell_user(client: PixieClient, folder: DataFolder, overrides: Mapping[str, str]) -> None:
    """Make the user at the first call ever, and again where the database does not know it any more."""
    known = _read(folder.shell_credentials)
    if known is not None:
        try:
            await client.sign_in(known.email, known.password)
        except Refused as error:
            if error.problem.status != _UNAUTHORIZED:
                raise
        else:
            return
    made = Credentials(
        email=f"shell-{secrets.token_hex(4)}@pixie.localhost",
        password=secrets.token_urlsafe(24),
    )
    await _create(made, overrides)
    write_private(folder.shell_credentials, msgspec.json.encode(made).decode() + "\n")
    await client.sign_in(made.email, made.password)


def _read(path: Path) -> Credentials | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


async def _create(made: Credentials, overrides: Mapping[str, str]) -> None:
    from pixie.adapters.kernel.logging import configure_logging
    from pixie.application.accounts.create_user import CreateUser, CreateUserCommand
    from pixie.entrypoints.wiring.container import offline_container
    from pixie.entrypoints.wiring.process import process_settings

    settings = process_settings(overrides)
    configure_logging("pretty", "error")
    container = offline_container(settings)
    try:
        async with container() as scope:
            command = CreateUserCommand(actor=OPERATOR, email=made.email, password=made.password, name="Shell")
            await (await scope.get(CreateUser))(command)
    finally:
        await container.close()
