from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """As unkind as homes come: a private parent, spaces, letters of other alphabets."""
    home = tmp_path / "private" / "a home for پیکسی"
    home.mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)
    return home
