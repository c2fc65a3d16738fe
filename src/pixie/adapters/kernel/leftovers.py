"""What a killed process leaves on the disk."""

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path


def remove_leftovers(root: Path, prefix: str, *, older_than: timedelta) -> int:
    """Remove what lies directly in `root`, has a name with this prefix, and was not touched for long; count it."""
    if not root.is_dir():
        return 0
    limit = _time_of(root) - older_than.total_seconds()
    old = [path for path in root.glob(f"{prefix}*") if _last_touched(path) < limit]
    for path in old:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(old)


def _time_of(folder: Path) -> float:
    """The time that the file system itself gives to what is written now."""
    with tempfile.TemporaryFile(dir=folder) as probe:
        return os.fstat(probe.fileno()).st_mtime


def _last_touched(path: Path) -> float:
    """The newest time in it; what vanishes meanwhile counts as old."""
    times = []
    for each in (path, *path.glob("*")):
        try:
            times.append(each.lstat().st_mtime)
        except FileNotFoundError:
            continue
    return max(times, default=0.0)
