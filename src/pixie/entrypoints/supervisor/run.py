"""`pixie up`, from the first check to the last process stopped."""

import contextlib
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from pixie.adapters.kernel.embedded.accounts import NoAccount
from pixie.adapters.kernel.embedded.binaries import NoEngine
from pixie.adapters.kernel.embedded.data_folder import DataFolderInUse, NoDataFolder
from pixie.adapters.kernel.embedded.engine import EngineFailed
from pixie.adapters.kernel.embedded.launcher import Launcher
from pixie.adapters.kernel.embedded.secrets_file import BadSecrets
from pixie.entrypoints.supervisor.plan import BadPlan, Plan
from pixie.entrypoints.supervisor.signals import StopAsked, StopSignals
from pixie.entrypoints.supervisor.system import StartFailed, System

_STOPPED, _FAILED, _USAGE, _SETTINGS = 0, 1, 2, 78
_CLEARED = "\r\x1b[2K"
"""Puts the cursor where the line began, and empties it."""


def run(plan: Plan, *, live: bool = False) -> int:
    """The exit code: 0 after a clean stop, 2 when what was asked for cannot be, 78 when the secrets are damaged, that
    of the preparation when it failed, else 1.

    `live` is whether somebody sits before stderr and likes to see what goes on.
    """
    voice = Voice(live=live)
    with StopSignals() as signals:
        try:
            _run(plan, signals, voice)
        except StopAsked:
            return _STOPPED
        except (BadPlan, DataFolderInUse, NoDataFolder) as error:
            voice.tell(str(error))
            return _USAGE
        except BadSecrets as error:
            voice.tell(str(error))
            return _SETTINGS
        except StartFailed as error:
            voice.tell(str(error))
            return error.exit_code
        except (EngineFailed, NoEngine, NoAccount, OSError) as error:
            voice.tell(str(error))
            return _FAILED


def _run(plan: Plan, signals: StopSignals, voice: "Voice") -> NoReturn:
    if not plan.folder.is_made():
        plan.address.check_free()  # before there is anything to leave behind
    plan.folder.create()
    with plan.folder.lock(signals.pause) as lock:
        plan.address.check_free()
        plan.folder.clear_tmp()
        with Launcher(held_open=(lock,)) as launcher:
            system = System(plan, launcher=launcher, signals=signals, tell=voice.tell, note=voice.note)
            try:
                system.start()
                voice.clear()
                _announce(plan)
                system.keep_running()
            finally:
                system.stop()


def _announce(plan: Plan) -> None:
    with contextlib.suppress(OSError):
        print(f"ready {plan.address.url}", flush=True)  # noqa: T201 - the one line that scripts wait for
    aside(lambda: _show_summary(plan))


class Voice:
    """Speaks to whoever started us, on stderr; a terminal that is gone is no reason to stop.

    By hand, for the library that draws on terminals would double this process.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._noted = False

    def tell(self, words: str) -> None:
        """A line that stays."""
        self.clear()
        self._write(f"{words}\n")

    def note(self, words: str) -> None:
        """A line that the next one takes the place of; for eyes only."""
        if self._live:
            self._write(f"{_CLEARED}{words}")
            self._noted = True

    def clear(self) -> None:
        if self._noted:
            self._write(_CLEARED)
            self._noted = False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()


def _show_summary(plan: Plan) -> None:
    from rich.console import Console  # noqa: PLC0415

    from pixie.entrypoints.supervisor.summary import show_summary  # noqa: PLC0415

    show_summary(plan, Console(stderr=True))


def aside(do: Callable[[], None]) -> int:
    """Do it in a child that ends at once: what it needs in memory would otherwise stay as long as the system runs.

    The child's exit code: 0, or what `do` left with.
    """
    child = os.fork()
    if child == 0:
        code = _FAILED
        try:
            do()
            code = _STOPPED
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else _FAILED
        except Exception:  # noqa: BLE001 - the edge of a process
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
