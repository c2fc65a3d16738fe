"""Which installation a command finds in its surroundings."""

from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.data_folder import DataFolder, Engines
from pixie.entrypoints.wiring.process import process_settings
from pixie.entrypoints.wiring.settings.environment import DATA_FOLDER
from pixie.entrypoints.wiring.settings.loading import SettingsInvalid

ENGINES = Engines(
    database_url="postgresql://pixie:p@127.0.0.1:1/pixie",
    redis_url="redis://:p@127.0.0.1:2/0",
    postgres_pid=3,
    redis_pid=4,
    http_host="0.0.0.0",
    http_port=8401,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """One that is not there yet."""
    for name in ("DATABASE_URL", "PIXIE_DATABASE_URL", "PIXIE_ENV", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIXIE_DATA_DIR", str(tmp_path / "data"))
    return DataFolder(tmp_path / "data")


def made(folder: DataFolder) -> DataFolder:
    """As `pixie up` makes it."""
    folder.create()
    with folder.lock():
        folder.secrets()
    return folder


def test_a_stopped_installation_is_known_again(folder: DataFolder) -> None:
    made(folder)

    settings = process_settings()

    assert settings.development
    assert settings.database.url is None
    assert settings.keys.token.reveal() == folder.secrets().token_private_key


def test_where_there_is_no_installation_one_line_says_so_and_what_to_do(folder: DataFolder) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        process_settings()

    (line,) = caught.value.lines
    assert str(folder.path) in line
    assert "pixie up" in line


def test_an_outside_database_makes_it_production_whatever_lies_in_the_folder(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(folder)
    monkeypatch.setenv("DATABASE_URL", "postgresql://pixie:pixie@db/pixie")

    with pytest.raises(SettingsInvalid) as caught:
        process_settings()

    assert any("PIXIE_KEYS_" in line for line in caught.value.lines)


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
