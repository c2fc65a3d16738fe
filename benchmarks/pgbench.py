"""pgbench, as it comes with the embedded PostgreSQL."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pixie.adapters.kernel.embedded.accounts import Account
from pixie.adapters.kernel.embedded.binaries import postgres_programs

_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
_CONNECTING = 1
"""Seconds that pgbench counts in, but does not measure, until all clients are there."""


class PgbenchFailed(Exception):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PgbenchResult:
    per_second: float
    seconds_each: float


def run_pgbench(
    url: str, script: Path, *, clients: int, seconds: int, variables: Mapping[str, object]
) -> PgbenchResult:
    """The script again and again, with statements prepared as the API's are."""
    program = postgres_programs(Account.current()) / "pgbench"
    options = ("-n", "-M", "prepared", "-j", "1", "-c", str(clients), "-T", str(seconds + _CONNECTING))
    known = [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    done = subprocess.run(
        [str(program), *options, *known, "-f", str(script), url],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    tps, latency, failed = (_figure(pattern, done.stdout) for pattern in (_TPS, _LATENCY, _FAILED))
    if done.returncode != 0 or tps is None or latency is None or failed:
        raise PgbenchFailed(f"{done.stdout}\n{done.stderr[:1000]}")
    return PgbenchResult(per_second=tps, seconds_each=latency / 1000)


def _figure(pattern: re.Pattern[str], output: str) -> float | None:
    found = pattern.search(output)
    return float(found[1]) if found else None
