"""`pixie up`: the whole system with one command."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import rich_click as click

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.ports import free_port
from pixie.entrypoints.cli.terminal import examples, is_live
from pixie.entrypoints.supervisor.plan import Address, Plan, plan_of_pixie
from pixie.entrypoints.wiring.settings.environment import read_environment

_DATABASE = ("PIXIE_DATABASE_URL", "DATABASE_URL")
_REDIS = ("PIXIE_REDIS_URL", "REDIS_URL")


_EXAMPLES = examples(
    "pixie up",
    "pixie up --port 8001 --data-dir /tmp/other     # a second one beside it",
    "pixie up --host 0.0.0.0                        # for others in this network as well",
)


@click.command(name="up", epilog=_EXAMPLES)
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="Where the API listens; 0 for any free port.  [default: 8000]"
)
@click.option("--host", help="The address to listen on; 0.0.0.0 for all.  [default: 127.0.0.1]")
@click.option("--data-dir", metavar="FOLDER", help="The folder that keeps everything.  [default: .pixie]")
@click.option("--verbose", is_flag=True, help="Show what the processes log.")
def up(port: int | None, host: str | None, data_dir: str | None, *, verbose: bool) -> None:
    """Start Pixie, with a database and all it needs, and keep it running until Ctrl-C.

    With DATABASE_URL and REDIS_URL set, those servers are used and none are started. Once everything runs, one line
    `ready http://…` is written to stdout.
    """
    from pixie.entrypoints.supervisor.run import run

    given = {"PIXIE_HTTP_PORT": port, "PIXIE_HTTP_HOST": host, "PIXIE_DATA_DIR": data_dir}
    options = {name: str(value) for name, value in given.items() if value is not None}
    sys.exit(run(planned(options, os.environ, Path.cwd() / ".env", verbose=verbose), live=is_live()))


def planned(options: Mapping[str, str], environ: Mapping[str, str], dotenv: Path, *, verbose: bool = False) -> Plan:
    """What to run, by the options, the environment and the file `.env`, of which the former are stronger."""
    environment, _ = read_environment(environ, dotenv, options)  # what is wrong with it, every process says

    def setting(name: str, default: str) -> str:
        found = environment.find((name,))
        return found.text if found else default

    outside = environment.find(_DATABASE) is not None
    if outside != (environment.find(_REDIS) is not None):
        raise click.UsageError("Set both DATABASE_URL and REDIS_URL to use servers of your own, or neither.")
    host, port = setting("PIXIE_HTTP_HOST", "127.0.0.1"), setting("PIXIE_HTTP_PORT", "8000")
    if not port.isdigit():
        raise click.UsageError(f"PIXIE_HTTP_PORT must be a number, not {port!r}.")
    return plan_of_pixie(
        folder=DataFolder(Path(setting("PIXIE_DATA_DIR", ".pixie"))),
        address=Address(host, int(port) or free_port(host)),
        embedded=not outside,
        development=environment.find(("PIXIE_ENV",)) is None,
        verbose=verbose,
    )
