"""The running system: the engines, and on them the processes of Pixie."""

import os
import time
from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import NoReturn

from pixie.adapters.kernel.embedded.data_folder import Engines
from pixie.adapters.kernel.embedded.launcher import Errand, Launcher
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.adapters.kernel.embedded.redis import EmbeddedRedis
from pixie.adapters.kernel.embedded.secrets_file import Secrets
from pixie.entrypoints.supervisor.child import Child
from pixie.entrypoints.supervisor.keeper import Keeper, described
from pixie.entrypoints.supervisor.logs import LogFollower, tail
from pixie.entrypoints.supervisor.plan import Plan
from pixie.entrypoints.supervisor.signals import Hurried, StopSignals

_PREPARE_PATIENCE = 600.0
_READY_PATIENCE = 120.0
_HOPELESS_ENDS = 5
_IMPATIENT, _CALM = 0.05, 1.0
"""Seconds between two looks, while starting and afterwards. A process that ends is noticed at once."""


class StartFailed(Exception):
    """The system did not come up; shows what the one that failed said last, and ends with its exit code."""

    def __init__(self, words: str, exit_code: int = 1) -> None:
        super().__init__(words)
        self.exit_code = exit_code


class System:
    def __init__(
        self,
        plan: Plan,
        *,
        launcher: Launcher,
        signals: StopSignals,
        tell: Callable[[str], None],
        note: Callable[[str], None],
    ) -> None:
        """`tell` says what is worth keeping, `note` what only just goes on."""
        self._plan = plan
        self._note = note
        self._folder = plan.folder
        self._launcher = launcher
        self._signals = signals
        self._tell = tell
        self._env = {**os.environ, **plan.env}
        secrets = plan.folder.secrets()  # with servers of somebody's own, the processes need them all the same
        self._engines = self._make_engines(secrets) if plan.embedded else ()
        self._children = [
            Child(spec, launcher=launcher, env=self._env, log=self._folder.log(spec.name)) for spec in plan.children
        ]
        self._keepers: dict[str, Keeper] = {}
        logs = [child.log for child in self._children]
        self._follower = LogFollower(logs, tell) if plan.verbose else None

    def _make_engines(self, secrets: Secrets) -> tuple[EmbeddedPostgres, EmbeddedRedis]:
        folder, launcher = self._folder, self._launcher
        postgres, redis = folder.log("postgres"), folder.log("redis")
        return (
            EmbeddedPostgres(folder.postgres, password=secrets.database_password, log=postgres, launcher=launcher),
            EmbeddedRedis(folder.redis, password=secrets.redis_password, log=redis, launcher=launcher),
        )

    def start(self) -> None:
        """Start everything in order, and wait until all that can say so is ready."""
        for engine in self._engines:
            self._note(f"Starting {engine.name} …")
            engine.start(self._signals.pause)
            self._keep(engine.name, partial(engine.start, self._signals.pause), engine.exit_code)
        self._publish()
        self._note("Preparing the database …")
        self._prepare()
        self._note("Starting the API, the workers and the scheduler …")
        for child in self._children:
            child.start()
            self._keep(child.name, child.start, child.exit_code)
        deadline = time.monotonic() + _READY_PATIENCE
        while waiting := [child for child in self._children if child.spec.is_ready and not child.proven]:
            if time.monotonic() > deadline:
                raise StartFailed(f"{waiting[0].name} does not become ready. {_last_words(waiting[0])}")
            self._tend()
            self._signals.pause(_IMPATIENT)
        self._folder.announce(self._plan.address.url)

    def keep_running(self) -> NoReturn:
        """Until somebody asks to stop: then `StopAsked` comes out."""
        while True:
            self._tend()
            self._signals.pause(_IMPATIENT if self._follower else _CALM)

    def stop(self) -> None:
        """Stop in the reverse order: what makes work, what does it, what takes orders, and last what they stand on."""
        self._tell("Stopping. Ctrl-C once more hurries.")
        try:
            self._stop_children()
            self._folder.withdraw()
            for engine in reversed(self._engines):
                engine.stop(self._signals.pause_while_stopping)
        except Hurried:
            for child in self._children:
                child.kill()
            self._folder.withdraw()
            for engine in reversed(self._engines):
                engine.hurry()

    def _stop_children(self) -> None:
        turns = groupby(sorted(self._children, key=_turn), key=_turn)
        for children in [list(group) for _, group in turns]:
            for child in children:
                child.ask_to_end()
            for child in children:
                child.see_end(self._signals.pause_while_stopping)

    def _prepare(self) -> None:
        log = self._folder.log("prepare")
        with log.open("ab") as output:
            errand = Errand(argv=self._plan.prepare, env=self._env, output=output)
            code = self._launcher.run(errand, timeout=_PREPARE_PATIENCE, pause=self._signals.pause)
        if code != 0:
            words = f"The database could not be prepared ({described(code)}). In {log}:\n{tail(log)}"
            raise StartFailed(words, exit_code=max(code, 1))  # below zero is the signal that ended it

    def _publish(self) -> None:
        if self._engines:
            postgres, redis = self._engines
            self._folder.publish(
                Engines(
                    database_url=postgres.url,
                    redis_url=redis.url,
                    postgres_pid=postgres.pid,
                    redis_pid=redis.pid,
                    http_host=self._plan.address.host,
                    http_port=self._plan.address.port,
                )
            )

    def _keep(self, name: str, start: Callable[[], object], exit_code: Callable[[], int | None]) -> None:
        self._keepers[name] = Keeper(name, start=start, exit_code=exit_code, tell=self._tell)

    def _tend(self) -> None:
        """Look after everything once. An engine comes back with its port and data: the children find it again."""
        self._launcher.look_after_warden()
        for engine in self._engines:
            if self._keepers[engine.name].tend():
                self._publish()
        for child in self._children:
            child.look()
            keeper = self._keepers[child.name]
            keeper.tend()
            if not child.proven and keeper.ends >= _HOPELESS_ENDS:
                raise StartFailed(f"{child.name} ends again and again. {_last_words(child)}")
        if self._follower:
            self._follower.follow()


def _turn(child: Child) -> int:
    return child.spec.turn


def _last_words(child: Child) -> str:
    return f"In {child.log}:\n{tail(child.log)}"
