"""The settings of a process, completed with what its data folder holds: secrets, and engines that run there."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import structs

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.entrypoints.wiring.settings.environment import DATA_FOLDER, DEFAULT
from pixie.entrypoints.wiring.settings.loading import SettingsInvalid, data_dir, is_written, load_process_settings
from pixie.entrypoints.wiring.settings.secret import Secret
from pixie.entrypoints.wiring.settings.tree import Settings

NOTHING: Mapping[str, str] = MappingProxyType({})
NOTHING_HERE = (
    "There is no Pixie in {folder}. Start one there with `pixie up`, name the folder of another with --data-dir or "
    "PIXIE_DATA_DIR, or set DATABASE_URL, REDIS_URL and what docs/settings.md asks for in production."
)


def process_settings(overrides: Mapping[str, str] = NOTHING) -> Settings:
    """A folder on which `pixie up` runs makes the process part of that system; one that it made is known again, though
    nothing runs on it now. Raises `SettingsInvalid`, `BadSecrets` or `NoDataFolder`.
    """
    dotenv = Path.cwd() / ".env"
    folder = process_data_folder(overrides)
    alone = not is_written(("PIXIE_DATABASE_URL", "DATABASE_URL", "PIXIE_ENV"), os.environ, dotenv, overrides)
    ours = folder.is_held() or (alone and folder.has_secrets())
    if alone and not ours:
        raise SettingsInvalid([NOTHING_HERE.format(folder=folder.path)])
    settings = load_process_settings(
        stored_secrets, overrides=overrides, default_env="development" if ours else "production"
    )
    return with_engines(settings, folder)


def process_data_folder(overrides: Mapping[str, str] = NOTHING) -> DataFolder:
    """The installation that a command works on, by its options, its environment and the file `.env`."""
    return DataFolder(data_dir(os.environ, Path.cwd() / ".env", overrides))


def stored_secrets(path: Path) -> Mapping[str, str]:
    """The secrets of a data folder by the names that settings know them under; none where there is no folder."""
    folder = DataFolder(path)
    if not folder.has_secrets():
        return NOTHING
    secrets = folder.secrets()
    return {
        "password_key": secrets.password_key,
        "token_key": secrets.token_private_key,
        "refresh_key": secrets.refresh_key,
        "link_key": secrets.link_key,
        "seal_key": secrets.seal_key,
    }


def with_engines(settings: Settings, folder: DataFolder) -> Settings:
    """Point at the engines of the data folder, and at the API on them, where nothing else was set."""
    engines = folder.engines()
    if engines is None:
        return settings
    database, redis, http, sources = settings.database, settings.redis, settings.http, dict(settings.sources)
    if database.url is None:
        database = structs.replace(database, url=Secret(engines.database_url))
        sources["PIXIE_DATABASE_URL"] = DATA_FOLDER
    if redis.url is None:
        redis = structs.replace(redis, url=Secret(engines.redis_url))
        sources["PIXIE_REDIS_URL"] = DATA_FOLDER
    if sources["PIXIE_HTTP_HOST"] == DEFAULT:
        http = structs.replace(http, host=engines.http_host)
        sources["PIXIE_HTTP_HOST"] = DATA_FOLDER
    if sources["PIXIE_HTTP_PORT"] == DEFAULT:
        http = structs.replace(http, port=engines.http_port)
        sources["PIXIE_HTTP_PORT"] = DATA_FOLDER
    return structs.replace(settings, database=database, redis=redis, http=http, sources=sources)
