"""Commands of `pixie` as processes of their own, on servers that a test names."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.builders.settings import STORED_SECRETS

KEYS: Mapping[str, str] = {
    f"PIXIE_KEYS_{name.removesuffix('_key').upper()}": value for name, value in STORED_SECRETS.items()
}
_PIXIE = (sys.executable, "-P", "-m", "pixie")


def pixie(home: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run it to its end. Nothing of the test's own environment counts as a setting."""
    return subprocess.run(
        [*_PIXIE, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=home,
        env=_environment(home, settings),
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def running(home: Path, *words: str, **settings: str) -> "Iterator[subprocess.Popen[str]]":
    """Run it beside the test; what is left of it in the end is killed. Its words are in `home`/said."""
    with (home / "said").open("w") as said:
        process = subprocess.Popen(
            [*_PIXIE, *words], stdout=said, stderr=said, text=True, cwd=home, env=_environment(home, settings)
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PIXIE_", "DATABASE_", "REDIS_"))}
    return {**mine, "HOME": str(home), "PIXIE_DATA_DIR": str(home / "data"), **settings}
