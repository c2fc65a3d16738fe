"""What processes cost, read from /proc. Linux only."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_ROLES = (
    ("api", "pixie api"),
    ("compute", "--queues compute"),
    ("worker", "pixie worker"),
    ("scheduler", "pixie scheduler"),
    ("prepare", "pixie prepare"),
    ("supervisor", "pixie up"),
    ("warden", "warden.py"),
    ("compute child", "compute_child"),
    ("redis", "valkey-server"),
    ("postgres", "postgres"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    pid: int
    role: str

    def cpu_seconds(self) -> float:
        """Used so far, by all its threads; 0 once it is gone."""
        own, _ = _cpu(self.pid)
        return own

    def pss_bytes(self) -> int:
        """What it costs in memory: pages shared with others are divided among all who share them."""
        return _kilobytes(f"/proc/{self.pid}/smaps_rollup", "Pss:")

    def rss_bytes(self) -> int:
        return _kilobytes(f"/proc/{self.pid}/status", "VmRSS:")


def family(mark: str, folder: Path) -> list[Process]:
    """The processes with this mark in their environment, and those that work in the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _belongs(entry, mark.encode(), folder):
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found.append(Process(pid=int(entry.name), role=_role(line)))
    return sorted(found, key=lambda process: process.pid)


def cpu_of(processes: list[Process]) -> float:
    """CPU seconds so far, those of their ended children included."""
    return sum(sum(_cpu(process.pid)) for process in processes)


def _belongs(entry: Path, mark: bytes, folder: Path) -> bool:
    try:
        return mark in (entry / "environ").read_bytes() or (entry / "cwd").resolve().is_relative_to(folder)
    except OSError:
        return False


def _role(line: str) -> str:
    return next((role for role, words in _ROLES if words in line), "other")


def _cpu(pid: int) -> tuple[float, float]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0, 0.0
    fields = stat.rpartition(")")[2].split()
    user, system, children_user, children_system = (int(field) / _TICKS for field in fields[11:15])
    return user + system, children_user + children_system


def _kilobytes(path: str, name: str) -> int:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0) * 1024
