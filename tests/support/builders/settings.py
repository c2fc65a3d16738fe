"""Settings for tests."""

from collections.abc import Mapping
from pathlib import Path

from pixie.entrypoints.wiring.settings.loading import load_settings
from pixie.entrypoints.wiring.settings.tree import Settings

STORED_SECRETS: Mapping[str, str] = {
    f"{key}_key": f"{key}-zQ8v1LkX3mN6pR9sT2uW5yB7cE0fG4hJaK1d"
    for key in ("password", "token", "refresh", "link", "seal")
}
"""Good keys, as the data folder keeps them."""

PRODUCTION: Mapping[str, str] = {
    "PIXIE_ENV": "production",
    "PIXIE_PUBLIC_URL": "https://pixie.example.com",
    **{f"PIXIE_KEYS_{name.removesuffix('_key').upper()}": value for name, value in STORED_SECRETS.items()},
}
"""The least that production asks for."""


def development_settings(data_dir: Path = Path(".pixie"), **written: str) -> Settings:
    """Settings of a development system, with what is written besides, e.g. `PIXIE_HTTP_PORT="8123"`."""
    environ = {"PIXIE_ENV": "development", "PIXIE_DATA_DIR": str(data_dir), **written}
    return load_settings(environ, None, STORED_SECRETS, providers=("local", "scripted"))
