"""The processes of a system, one by one."""

import gc
import os
import shutil
import sys
import tempfile

import rich_click as click

from pixie.entrypoints.cli.kernel import data_dir_option, guarded, overrides_of


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), help="The port to listen on.")
@data_dir_option
def api(host: str | None, port: int | None, data_dir: str | None) -> None:
    """Run the API: PIXIE_HTTP_PROCESSES processes that share one port.

    It does not start on a database that is behind this version, or does not let it in. While one does not answer at
    all, it answers 503.
    """
    given = {"PIXIE_HTTP_HOST": host, "PIXIE_HTTP_PORT": port, **overrides_of(data_dir)}
    os.environ |= {name: str(value) for name, value in given.items() if value is not None}
    with guarded():
        import asyncio

        from pixie.adapters.kernel.logging import configure_logging
        from pixie.entrypoints.wiring.process import process_settings
        from pixie.entrypoints.wiring.servers import check_servers_that_answer

        settings = process_settings()
        configure_logging(settings.log.format, settings.log.level)
        asyncio.run(check_servers_that_answer(settings))
        scratch = settings.data_dir / "tmp"
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        counters = tempfile.mkdtemp(prefix="metrics-", dir=scratch)  # what a killed process leaves there is swept
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
        try:
            http = settings.http
            _serve(http.host, http.port, http.processes, int(http.shutdown_timeout.total_seconds()))
        finally:
            shutil.rmtree(counters, ignore_errors=True)


@click.command()
@click.option(
    "--queues",
    multiple=True,
    type=click.Choice(["default", "generation", "compute"]),
    help="Only these queues; several may be named. `compute` is work for this machine's processors.",
)
@data_dir_option
def worker(queues: tuple[str, ...], data_dir: str | None) -> None:
    """Run a worker: it handles messages until it is stopped, and gives unfinished jobs back.

    Without a database of this version and a Redis it does not start.
    """
    with guarded():
        from pixie.entrypoints.worker import run_worker

        run_worker(queues, overrides_of(data_dir))


@click.command()
@data_dir_option
def scheduler(data_dir: str | None) -> None:
    """Run the scheduler: it sends hints for due work and calls periodic work. Two of them do no harm.

    Without a database of this version and a Redis it does not start.
    """
    with guarded():
        import asyncio

        from pixie.entrypoints.scheduler import run_scheduler

        sys.exit(asyncio.run(run_scheduler(overrides_of(data_dir))))


def _serve(host: str, port: int, processes: int, kill_timeout: int) -> None:
    # Litestar would import it for a plug-in that Pixie does not use, and all of SQLAlchemy with it: a second, 40 MB.
    sys.modules["advanced_alchemy"] = None  # type: ignore[assignment]  # Python's own way to say: not this one

    # Imported once, before the processes split off: they share its memory, and start at once.
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    import pixie.entrypoints.asgi  # noqa: F401

    gc.collect()
    gc.freeze()
    Granian(
        "pixie.entrypoints.asgi:create",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=kill_timeout,
        backlog=2048,
    ).serve()
