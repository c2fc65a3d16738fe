"""What commands share: the container, tables, exit codes."""

import asyncio
import functools
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, NoReturn

import rich_click as click

from pixie.application.kernel.caller import Operator

DATA_DIR = "PIXIE_DATA_DIR"
OPERATOR = Operator(name="shell")


class Exit(IntEnum):
    """What a command's exit code says (after sysexits.h where it has a word for it)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_SERVICE = 69
    NOT_SAVED = 73
    SETTINGS = 78
    INTERRUPTED = 130


def data_dir_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data-dir`: the installation that a command works on."""
    return click.option(
        "--data-dir",
        envvar=DATA_DIR,
        metavar="FOLDER",
        help="The installation to work on: the data folder of a `pixie up`. Default: `.pixie` here.",
    )(command)


def overrides_of(data_dir: str | None) -> dict[str, str]:
    return {DATA_DIR: data_dir} if data_dir else {}


def with_container(command: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run `async def command(container, …)` with the dependencies of one unit of work; its errors become exit codes."""

    @data_dir_option
    @functools.wraps(command)
    def run(*args: Any, data_dir: str | None, **kwargs: Any) -> None:  # noqa: ANN401 - a command's own options
        with guarded():
            asyncio.run(_within_container(command, overrides_of(data_dir), args, kwargs))

    return run


class guarded:  # noqa: N801 - reads as a verb
    """Turn what users can put right into one clear line and an exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, click.ClickException | SystemExit):
            return
        from pixie.adapters.kernel.embedded.data_folder import NoDataFolder
        from pixie.adapters.kernel.embedded.secrets_file import BadSecrets
        from pixie.application.kernel.errors import DatabaseRefuses, QueueUnfit
        from pixie.domain.jobs.errors import ProviderMisconfigured
        from pixie.domain.kernel.errors import ErrorKind, PixieError
        from pixie.entrypoints.cli.client.troubles import ClientTrouble
        from pixie.entrypoints.wiring.kernel import NoEngine
        from pixie.entrypoints.wiring.settings.connections import TooManyConnections
        from pixie.entrypoints.wiring.settings.loading import SettingsInvalid

        match error:
            case SettingsInvalid():
                fail(error.lines, Exit.SETTINGS)
            case BadSecrets() | NoDataFolder() | TooManyConnections() | ProviderMisconfigured():
                fail([str(error)], Exit.SETTINGS)
            case DatabaseRefuses() | QueueUnfit():
                fail([error.reason], Exit.NO_SERVICE)
            case ClientTrouble():
                first, *rest = error.lines
                fail([first], Exit(error.exit_code), more=rest, advice=error.advice)
            case NoEngine():
                fail([str(error)], Exit.NO_SERVICE)
            case PixieError() if error.kind is ErrorKind.UNAVAILABLE:
                fail([error.detail], Exit.NO_SERVICE)
            case PixieError():
                fail([error.detail], Exit.FAILED)


def fail(lines: Sequence[str], code: Exit, *, more: Sequence[str] = (), advice: str = "") -> NoReturn:
    """Say on stderr what is wrong, one thing a line, with `more` about it and what to do next; and leave."""
    for line in lines:
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {line}", err=True)
    for line in more:
        click.echo(line, err=True)
    if advice:
        click.echo(f"{click.style('→', fg='cyan')} {advice}", err=True)
    raise SystemExit(int(code))


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str = "nothing here yet"
) -> None:
    """A table on a terminal; tab-separated lines without a heading in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(_text(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not rows:
        console.print(f"[dim]{title}: {empty}[/dim]")
        return
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    console.print(table)


def print_json(value: object) -> None:
    """For scripts: plain JSON, one document."""
    import msgspec

    click.echo(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))


def print_facts(title: str, facts: Mapping[str, object]) -> None:
    """One thing with its facts, a line each."""
    print_table(title, ("", ""), list(facts.items()))


async def _within_container(
    command: Callable[..., Awaitable[None]], overrides: dict[str, str], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> None:
    from pixie.adapters.kernel.logging import configure_logging
    from pixie.entrypoints.wiring.container import offline_container
    from pixie.entrypoints.wiring.process import process_settings

    settings = process_settings(overrides)
    configure_logging("pretty", "error")
    container = offline_container(settings)
    try:
        async with container() as scope:
            await command(scope, *args, **kwargs)
    finally:
        await container.close()


def _text(cell: object) -> str:
    from datetime import datetime

    match cell:
        case None:
            return "-"
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return str(cell)
