"""A PostgreSQL that comes with Pixie, for `pixie up` and for tests."""

import shutil
import signal
from pathlib import Path
from typing import IO, ClassVar
from urllib.parse import quote

from pixie.adapters.kernel.embedded.accounts import Account
from pixie.adapters.kernel.embedded.binaries import postgres_programs
from pixie.adapters.kernel.embedded.engine import ADDRESS_TAKEN, EmbeddedEngine, EngineFailed, Obstacle, StopStep
from pixie.adapters.kernel.embedded.launcher import Errand, Pause
from pixie.adapters.kernel.embedded.private_files import settle
from pixie.adapters.kernel.embedded.processes import ON_LINUX

_ROLE = "pixie"
_DATABASE = "pixie"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_HERE = "/proc/self/cwd" if ON_LINUX else ""
"""The working directory by a name that needs no rights on the folders above it: root lends the server one folder, and
what lies above may be private."""

_ACCESS = "# Made by Pixie: by password, from this machine.\nhost all all 127.0.0.1/32 scram-sha-256\n"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements",
    "shared_buffers": "128MB",
    "io_method": "sync",  # no helper processes: what is read lies in the system's cache
    "huge_pages": "off",
    "jit": "off",
    "wal_level": "minimal",  # nobody replicates from here; a backup is a dump
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "10min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
}
_ALL_OR_NOTHING = ("-c", "exit_on_error=on", "-c", "log_min_error_statement=panic")  # and no password in a log
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FLEETING = dict.fromkeys(_DURABLE, "off")


class EmbeddedPostgres(EmbeddedEngine):
    """The database `pixie`, owned by the role `pixie`."""

    name: ClassVar[str] = "PostgreSQL"
    program_name: ClassVar[str] = "postgres"
    stop_steps: ClassVar[tuple[StopStep, ...]] = (
        (signal.SIGINT, 20.0),  # "fast": ends sessions, writes a checkpoint
        (signal.SIGQUIT, 5.0),  # "immediate": the next start recovers
    )

    @property
    def url(self) -> str:
        return self.url_of(_DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{_ROLE}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def is_ready(self) -> bool:
        """By what the server wrote down itself, in the eighth line: that takes no connection and no client."""
        lines = self._pid_file_lines()
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7] == "ready"  # noqa: PLR2004

    def _recorded_pid(self) -> int | None:
        lines = self._pid_file_lines()
        return int(lines[0]) if lines and lines[0].isdecimal() else None

    def _pid_file_lines(self) -> list[str]:
        try:
            text = (self.folder / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _stop_predecessor(self, pause: Pause) -> None:
        super()._stop_predecessor(pause)
        # Nobody runs here now. A stale file, whose number another process may have, keeps the server from starting.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _create(self, account: Account, pause: Pause) -> None:
        if (self.folder / "PG_VERSION").is_file():
            return
        if self.folder.exists() and next(self.folder.iterdir(), None):
            raise EngineFailed(f"{self.folder} is not empty, and no database: what lies there is not ours to remove.")
        making = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        account.own(making)
        programs = postgres_programs(account)
        initdb = [str(programs / "initdb"), "-D", _HERE or str(making), "-U", _ROLE, "--auth=trust", "-E", "UTF8"]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run_in(making, account, [*initdb, *locale, *([] if self.durable else ["--no-sync"])], b"", pause)
        access = making / "pg_hba.conf"
        access.write_text(_ACCESS, encoding="utf-8")
        single = [str(programs / "postgres"), "--single", "-D", _HERE or str(making), *_ALL_OR_NOTHING, "postgres"]
        password = self.password.replace("'", "''")
        statements = "\n".join(
            (
                f"ALTER ROLE {_ROLE} PASSWORD '{password}'",
                f"ALTER ROLE {_ROLE} SET log_error_verbosity = terse",  # details of an error name people's addresses
                f"CREATE DATABASE {_DATABASE}\n",
            )
        )
        self._run_in(making, account, single, statements.encode(), pause)
        making.rename(self.folder)
        settle(self.folder.parent)

    def _run_in(self, folder: Path, account: Account, argv: list[str], words: bytes, pause: Pause) -> None:
        with self.log.open("ab") as output:
            errand = Errand(argv=argv, env=_ENVIRONMENT, cwd=folder, account=account, output=output, input=words)
            code = self._launcher.run(errand, timeout=120, pause=pause)
        if code != 0:
            raise EngineFailed(f"{Path(argv[0]).name} could not make a database in {self.folder}; see {self.log}.")

    def _errand(self, account: Account, output: IO[bytes]) -> Errand:
        settings = {**_SETTINGS, **(_DURABLE if self.durable else _FLEETING), "port": str(self.port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Errand(
            argv=[str(postgres_programs(account) / "postgres"), "-D", _HERE or str(self.folder), *options],
            env=_ENVIRONMENT,
            cwd=self.folder,
            account=account,
            output=output,
            death_signals=tuple(number for number, _ in self.stop_steps),
        )

    def _obstacle(self, words: str) -> Obstacle | None:
        if ADDRESS_TAKEN in words:
            return Obstacle.PORT_TAKEN
        if "is still in use" in words:  # memory shared with a predecessor whose sessions have not all ended
            return Obstacle.PREDECESSOR
        return None
