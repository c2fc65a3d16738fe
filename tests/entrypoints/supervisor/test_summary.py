from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.entrypoints.supervisor.plan import Address, plan_of_pixie
from pixie.entrypoints.supervisor.summary import show_summary


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_summary_names_every_place_however_narrow_the_terminal(tmp_path: Path, width: int) -> None:
    folder = DataFolder(tmp_path / "a home for پیکسی [bold]")
    shown = StringIO()
    plan = plan_of_pixie(folder=folder, address=Address("127.0.0.1", 8000), embedded=True, development=True)
    show_summary(plan, Console(file=shown, width=width))
    words = "".join(shown.getvalue().replace("│", "").split())
    for place in ("http://127.0.0.1:8000/docs", folder.mail, folder.admin_credentials, folder.logs):
        assert "".join(str(place).split()) in words
    assert "Ctrl-C" in words
