"""`python -m benchmarks [NAME...]`: measure what docs/performance.md tells of. Linux only."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import idle, latency, streams, submissions, upscale

BENCHMARKS: dict[str, Callable[[Path], None]] = {
    "submissions": submissions.measure,
    "latency": latency.measure,
    "streams": streams.measure,
    "idle": idle.measure,
    "upscale": upscale.measure,
}


def main() -> None:
    parser = _parser()
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, load average before the start {load:.1f}")
    if load > 0.5:
        print("This machine is busy with other things: look at the ratios, not at the figures.")
    for name in chosen.names or BENCHMARKS:
        BENCHMARKS[name](chosen.place)


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:12} {_told(measure)}" for name, measure in BENCHMARKS.items()]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Most benchmarks start a system of their own, on a fresh folder; each takes a minute or some.",
        epilog="benchmarks:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; without a name, all")
    parser.add_argument(
        "--place",
        type=Path,
        default=Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir()),
        help="a folder on the disk to measure on; what is put there is removed [%(default)s]",
    )
    return parser


def _told(measure: Callable[[Path], None]) -> str:
    """The first line of the module's own words."""
    words = sys.modules[measure.__module__].__doc__ or ""
    return words.partition("\n")[0]


if __name__ == "__main__":
    main()
