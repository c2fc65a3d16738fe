"""Which Pixie a command asks over HTTP, and as whom."""

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import rich_click as click

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.transport import Transport, checked_url, is_near
from pixie.entrypoints.cli.client.troubles import BadOrder, ClientTrouble
from pixie.entrypoints.cli.kernel import DATA_DIR, overrides_of
from pixie.entrypoints.cli.terminal import note

_NO_KEY: Final = (
    'Sign in there, and set PIXIE_KEY: curl -sS {url}/api/auth/login -H "Content-Type: application/json" '
    '-d \'{{"email": "…", "password": "…"}}\' prints an access_token.'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What the options say."""

    url: str | None = None
    key: str | None = field(default=None, repr=False)
    data_dir: str | None = None

    @property
    def named(self) -> bool:
        """Whether a Pixie was named, rather than left to be found."""
        return self.url is not None


def where_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--url`, `--key` and `--data-dir`, handed over as `where`."""

    @click.option(
        "--url", envvar="PIXIE_URL", metavar="URL", show_envvar=True, help="The Pixie to ask. Default: the one here."
    )
    @click.option(
        "--key",
        envvar="PIXIE_KEY",
        metavar="TOKEN",
        show_envvar=True,
        help="Your access token there. Others on this machine can read a command line: rather set the variable.",
    )
    @click.option(
        "--data-dir",
        envvar=DATA_DIR,
        metavar="FOLDER",
        help="Without --url: the data folder of the `pixie up` to ask. Default: `.pixie` here.",
    )
    @functools.wraps(command)
    def run(*args: Any, url: str | None, key: str | None, data_dir: str | None, **more: Any) -> Any:  # noqa: ANN401 - a command's own options
        return command(*args, where=Where(url=url or None, key=key or None, data_dir=data_dir), **more)

    return run


def data_folder(where: Where) -> DataFolder:
    from pixie.entrypoints.wiring.process import process_data_folder

    return process_data_folder(overrides_of(where.data_dir))


def address(where: Where) -> str:
    """Raises `ClientTrouble` when no Pixie was named and none runs here."""
    if where.url is not None:
        return checked_url(where.url)
    folder = data_folder(where)
    try:
        found = folder.address()
    except PermissionError as error:
        raise ClientTrouble(
            f"The data folder {folder.path} belongs to somebody else.",
            advice="Name the Pixie with --url, and yourself with --key.",
        ) from error
    if found is None:
        raise ClientTrouble(
            f"No Pixie runs on the data folder {folder.path}.",
            advice="Start one with `pixie up`, or name another one: --url and --key, or --data-dir.",
        )
    return found


@asynccontextmanager
async def visiting(where: Where) -> AsyncIterator[PixieClient]:
    """For what needs no key."""
    async with PixieClient(Transport(address(where), key=where.key)) as client:
        yield client


@asynccontextmanager
async def signed_in(where: Where) -> AsyncIterator[PixieClient]:
    """As the one whose key was given; without one, as the shell's own user of the Pixie here."""
    url = address(where)
    if where.key is not None and url.startswith("http://") and not is_near(url):
        note(f"Your key travels to {url} in the clear: https would hide it.", "yellow")
    async with PixieClient(Transport(url, key=where.key)) as client:
        if where.key is not None:
            yield client
            return
        if where.url is not None:
            raise BadOrder(f"{url} wants to know who asks: --key is missing.", advice=_NO_KEY.format(url=url))
        from pixie.entrypoints.cli.shell_user import sign_in_shell_user

        await sign_in_shell_user(client, data_folder(where), overrides_of(where.data_dir))
        try:
            yield client
        finally:
            with suppress(ClientTrouble):  # the session ends by itself, though later
                await client.sign_out()
