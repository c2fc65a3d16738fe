"""Whether the database has room for all of Pixie's connections."""

from typing import Final

from pixie.entrypoints.wiring.settings.tree import Settings

# What `pixie up` and compose run. Nobody knows how many there are of each elsewhere; docs/operations/deploy.md says so.
_WORKERS: Final = 2  # one process for the network, one for this machine's processors
_SCHEDULERS: Final = 1
_LISTENERS_A_PROCESS: Final = 1  # LISTEN needs a connection of its own
_SPARE: Final = 8  # superusers' reserve (3), the command line, a backup, a second scheduler


class TooManyConnections(Exception):
    """The pools together may ask for more connections than the database grants."""


def connections_needed(settings: Settings) -> int:
    """What one API, two workers and one scheduler may have open together, and what must stay free beside them."""
    processes = settings.http.processes + _WORKERS + _SCHEDULERS
    return processes * (settings.database.pool_size + _LISTENERS_A_PROCESS) + _SPARE


def check_connections(settings: Settings, max_connections: int) -> None:
    """Raises `TooManyConnections` when the server's `max_connections` cannot hold them."""
    needed = connections_needed(settings)
    if needed <= max_connections:
        return
    processes = settings.http.processes + _WORKERS + _SCHEDULERS
    raise TooManyConnections(
        f"PostgreSQL grants {max_connections} connections, but {processes} processes with a pool of "
        f"{settings.database.pool_size} each may need {needed}. "
        "Lower PIXIE_DATABASE_POOL_SIZE or PIXIE_HTTP_PROCESSES, or raise max_connections of the server."
    )
