"""`pixie up`: the whole system with one command."""

import os
import sys
from pathlib import Path

import rich_click as click

_DATABASE = ("PIXIE_DATABASE_URL", "DATABASE_URL")
_REDIS = ("PIXIE_REDIS_URL", "REDIS_URL")


@click.command(name="up")
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="Where the API listens; 0 for any free port.  [default: 8000]"
)
@click.option("--host", help="The address to listen on; 0.0.0.0 for all.  [default: 127.0.0.1]")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="The folder that keeps everything.  [default: .pixie]"
)
@click.option("--verbose", is_flag=True, help="Show what the processes log.")
def up(port: int | None, host: str | None, data_dir: Path | None, *, verbose: bool) -> None:
    """Start Pixie, with a database and all it needs, and keep it running until Ctrl-C.

    With DATABASE_URL and REDIS_URL set, those servers are used and none are started. Once everything runs, one line
    `ready http://…` is written to stdout.
    """
    from pixie.adapters.kernel.embedded.data_folder import DataFolder
    from pixie.adapters.kernel.embedded.ports import free_port
    from pixie.entrypoints.supervisor.plan import Address, plan_of_pixie
    from pixie.entrypoints.supervisor.run import run
    from pixie.entrypoints.wiring.settings.environment import read_environment

    environment, _ = read_environment(os.environ, Path.cwd() / ".env", {})  # what is wrong with it, every process says

    def setting(default: str, *names: str) -> str:
        given = environment.find(names)
        return given.text if given else default

    if bool(environment.find(_DATABASE)) != bool(environment.find(_REDIS)):
        raise click.UsageError("Set both DATABASE_URL and REDIS_URL to use servers of your own, or neither.")
    host = host or setting("127.0.0.1", "PIXIE_HTTP_HOST")
    wanted = setting("8000", "PIXIE_HTTP_PORT") if port is None else str(port)
    if not wanted.isdigit():
        raise click.UsageError(f"PIXIE_HTTP_PORT must be a number, not {wanted!r}.")
    plan = plan_of_pixie(
        folder=DataFolder(data_dir or Path(setting(".pixie", "PIXIE_DATA_DIR"))),
        address=Address(host, int(wanted) or free_port(host)),
        embedded=environment.find(_DATABASE) is None,
        development=environment.find(("PIXIE_ENV",)) is None,
        verbose=verbose,
    )
    sys.exit(run(plan))
