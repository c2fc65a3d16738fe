"""The settings of a process beside a running system."""

from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.data_folder import DataFolder, Engines
from pixie.entrypoints.wiring.process import process_settings
from pixie.entrypoints.wiring.settings.environment import DATA_FOLDER

ENGINES = Engines(
    database_url="postgresql://pixie:p@127.0.0.1:1/pixie",
    redis_url="redis://:p@127.0.0.1:2/0",
    postgres_pid=3,
    redis_pid=4,
    http_host="0.0.0.0",
    http_port=8401,
)


def test_a_command_knows_where_the_running_system_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = DataFolder(tmp_path / "data")
    folder.create()
    folder.secrets()
    with folder.lock():
        folder.publish(ENGINES)

        found = process_settings({"PIXIE_DATA_DIR": str(folder.path)})
        chosen = process_settings({"PIXIE_DATA_DIR": str(folder.path), "PIXIE_HTTP_PORT": "8402"})

    assert (found.http.host, found.http.port) == ("0.0.0.0", 8401)
    assert found.sources["PIXIE_HTTP_PORT"] == found.sources["PIXIE_DATABASE_URL"] == DATA_FOLDER
    assert chosen.http.port == 8402
