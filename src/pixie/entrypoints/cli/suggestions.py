"""What a shell offers when somebody presses Tab: it asks the system that runs. Without one, nothing is offered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import click
from click.shell_completion import CompletionItem

from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.troubles import ClientTrouble

_PATIENCE: Final = 2.0

Found = TypeVar("Found")


def suggest_models(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    del param
    models = _asked(ctx, PixieClient.models, signed=False)
    return [CompletionItem(one.name, help=one.title) for one in models if one.name.startswith(incomplete)]


def suggest_jobs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Of the user who asks: the one whose key is set, or the shell's own."""
    del param
    jobs = _asked(ctx, PixieClient.jobs, signed=True)
    return [CompletionItem(one.id, help=f"{one.model}, {one.status}") for one in jobs if one.id.startswith(incomplete)]


def _asked(
    ctx: click.Context, ask: Callable[[PixieClient], Awaitable[Sequence[Found]]], *, signed: bool
) -> Sequence[Found]:
    from pixie.entrypoints.cli.connection import Where, data_folder, signed_in, visiting

    where = Where(**{name: ctx.params.get(name) for name in ("url", "key", "data_dir")})

    async def asked() -> Sequence[Found]:
        opened = signed_in if signed else visiting
        async with asyncio.timeout(_PATIENCE), opened(where) as client:
            return await ask(client)

    if signed and where.url is None and not data_folder(where).shell_credentials.exists():
        return []  # nobody ever ran anything from here; Tab is no reason to make a user
    try:
        return asyncio.run(asked())
    except (ClientTrouble, TimeoutError, OSError):
        return []
