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

_PORT = "PIXIE_HTTP_PORT"
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
    from pixie.entrypoints.supervisor.run import aside, run

    given = {_PORT: port, "PIXIE_HTTP_HOST": host, "PIXIE_DATA_DIR": data_dir}
    options = {name: str(value) for name, value in given.items() if value is not None}
    dotenv = Path.cwd() / ".env"
    if code := aside(lambda: refuse_bad_settings(options, os.environ, dotenv)):
        sys.exit(code)
    sys.exit(run(planned(options, os.environ, dotenv, verbose=verbose), live=is_live()))


def refuse_bad_settings(options: Mapping[str, str], environ: Mapping[str, str], dotenv: Path) -> None:
    """What the processes would refuse to start with is said before anything is made for them."""
    from pixie.entrypoints.cli.kernel import guarded

    with guarded():
        from pixie.entrypoints.wiring.settings.loading import load_settings
        from pixie.entrypoints.wiring.settings.setting import specs_of
        from pixie.entrypoints.wiring.settings.tree import Settings

        to_come = {spec.stored: "made at the first start" for spec in specs_of(Settings) if spec.stored}
        environment, _ = read_environment(environ, dotenv, options)
        port = environment.find((_PORT,))
        chosen = {_PORT: "1"} if port and _number(port.text) == 0 else {}  # any free port will do
        load_settings(environ, dotenv, to_come, overrides={**options, **chosen}, default_env="development")


def planned(options: Mapping[str, str], environ: Mapping[str, str], dotenv: Path, *, verbose: bool = False) -> Plan:
    """What to run, by the options, the environment and the file `.env`, of which the former are stronger."""
    environment, _ = read_environment(environ, dotenv, options)  # what is wrong with it was said before

    def setting(name: str, default: str) -> str:
        found = environment.find((name,))
        return found.text if found else default

    outside = environment.find(_DATABASE) is not None
    if outside != (environment.find(_REDIS) is not None):
        raise click.UsageError("Set both DATABASE_URL and REDIS_URL to use servers of your own, or neither.")
    host, port = setting("PIXIE_HTTP_HOST", "127.0.0.1"), _number(setting(_PORT, "8000"))
    if port is None:
        raise click.UsageError(f"{_PORT} must be a number, not {setting(_PORT, '')!r}.")
    return plan_of_pixie(
        folder=DataFolder(Path(setting("PIXIE_DATA_DIR", ".pixie"))),
        address=Address(host, port or free_port(host)),
        embedded=not outside,
        development=environment.find(("PIXIE_ENV",)) is None,
        verbose=verbose,
    )


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
