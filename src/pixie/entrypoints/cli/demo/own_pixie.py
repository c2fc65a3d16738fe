"""A Pixie for the demo alone: in a folder of its own, on a port of its own, gone afterwards."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from pixie.adapters.kernel.embedded.launcher import Errand, Launcher, Program
from pixie.entrypoints.cli.board import Line
from pixie.entrypoints.cli.client.troubles import ClientTrouble

_PATIENCE: Final = 180.0
_STOPPING: Final = 60.0
_LAST_LINES: Final = 12
_KEPT: Final = ("PIXIE_LOCAL_", "PIXIE_AUTH_BCRYPT_COST")
"""Settings that are the demo's as well: what the local models may take of this machine."""
_FOREIGN: Final = frozenset(
    {"DATABASE_URL", "REDIS_URL", "S3_BUCKET_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"}
)
_SETTINGS: Final = {
    "PIXIE_ENV": "development",
    "PIXIE_PROVIDERS": "local",
    "PIXIE_HTTP_PROCESSES": "1",
    "PIXIE_CREDITS_WELCOME_AMOUNT": "10000",
}


class NotStarted(ClientTrouble):
    """The demo's own Pixie did not come up."""


@asynccontextmanager
async def own_pixie(line: Line) -> AsyncIterator[str]:
    """Its address, as long as the block lasts. It ends with this process, however that ends."""
    home = Path(tempfile.mkdtemp(prefix="pixie-demo-"))
    try:
        with Launcher() as launcher, (home / "output").open("wb") as output:
            argv = (sys.executable, "-P", "-m", "pixie", "up", "--data-dir", str(home / "data"), "--port", "0")
            errand = Errand(argv=argv, env=environment(os.environ), cwd=home, output=output)
            program = launcher.start(errand)
            try:
                line.at(None, "starting, which takes some seconds")
                url = await _ready(program, home / "output")
                line.end(f"runs at {url}, for this demo only", good=True)
                yield url
            finally:
                line.at(None, "stopping")
                program.stop((signal.SIGINT, _STOPPING))
                line.end("is gone again, with all that it kept", good=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def environment(surroundings: Mapping[str, str]) -> dict[str, str]:
    """Nothing of what leads to somebody's own database, files or keys."""
    own = {
        name: value
        for name, value in surroundings.items()
        if name not in _FOREIGN and (not name.startswith("PIXIE_") or name.startswith(_KEPT))
    }
    return {**own, **_SETTINGS}


def _lines(output: Path) -> list[str]:
    return output.read_text(encoding="utf-8", errors="replace").splitlines()


async def _ready(program: Program, output: Path) -> str:
    said: list[str] = []
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        said = _lines(output)
        for words in said:
            if words.startswith("ready "):
                return words.removeprefix("ready ").strip()
        if program.exit_code() is not None:
            break
        await asyncio.sleep(0.05)
    last = [f"  {words}" for words in said[-_LAST_LINES:]]
    raise NotStarted(
        "The demo's own Pixie did not start. It said:", *last, advice="`pixie doctor` looks for what is wrong here."
    )
