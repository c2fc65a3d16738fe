import ast
from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Struct

from pixie.entrypoints.wiring.settings.loading import SettingsInvalid, provider_settings
from pixie.entrypoints.wiring.settings.reference import setting_rows, settings_table
from pixie.entrypoints.wiring.settings.secret import MASK, Secret
from pixie.entrypoints.wiring.settings.setting import setting, specs_of
from pixie.entrypoints.wiring.settings.tree import Settings
from tests.support.builders.settings import development_settings

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "settings.md"


class AcmeSettings(Struct, frozen=True, kw_only=True):
    api_key: Annotated[Secret, setting("The key.", aliases=("OPENAI_API_KEY",))]
    tries: Annotated[int, setting("How often.", ge=1)] = 3


def test_the_page_holds_every_setting_and_no_other() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(f"\n\n{settings_table()}"), (
        "docs/settings.md is behind: put in what `python -m pixie.entrypoints.wiring.settings.reference` prints"
    )


def test_every_setting_says_what_it_means() -> None:
    assert [spec.name for spec in specs_of(Settings) if not spec.description.endswith(".")] == []


def test_every_setting_is_read_by_somebody() -> None:
    """A setting without effect is a lie. A setting counts as read where an attribute of its name is."""
    read = {
        node.attr
        for path in (ROOT / "src").rglob("*.py")
        if "wiring/settings" not in path.as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }

    assert [spec.name for spec in specs_of(Settings) if spec.path[-1] not in read] == []


def test_no_two_settings_share_a_name() -> None:
    names = [name for spec in specs_of(Settings) for name in spec.names]

    assert len(names) == len(set(names))


def test_settings_are_listed_with_their_sources_and_masked() -> None:
    settings = development_settings(
        DATABASE_URL="postgresql://pixie:hidden-word@db/pixie", OPENAI_API_KEY="hidden-word", PIXIE_JOBS_LEASE="60"
    )

    rows = {row.name: row for row in setting_rows(settings)}

    assert (rows["PIXIE_JOBS_LEASE"].value, rows["PIXIE_JOBS_LEASE"].source) == (
        "60",
        "environment (PIXIE_JOBS_LEASE)",
    )
    assert rows["PIXIE_DATABASE_URL"].value == f"postgresql://pixie:{MASK}@db/pixie"
    assert rows["PIXIE_DATABASE_URL"].source == "environment (DATABASE_URL)"
    assert rows["PIXIE_KEYS_LINK"].value == MASK
    assert rows["OPENAI_API_KEY"].value == MASK
    assert rows["PIXIE_HTTP_DEBUG"].value == "false"
    assert rows["PIXIE_AUTH_REFRESH_IDLE"].value == "2592000"
    assert "hidden-word" not in str(rows)


def test_a_provider_gets_its_own_settings() -> None:
    settings = development_settings(PIXIE_SCRIPTED_TRIES="7", OPENAI_API_KEY="key")

    acme = provider_settings(settings, "scripted", AcmeSettings)

    assert (acme.tries, acme.api_key.reveal()) == (7, "key")


def test_wrong_settings_of_a_provider_are_refused_like_all_others() -> None:
    settings = development_settings(PIXIE_SCRIPTED_TRIES="0", PIXIE_SCRIPTED_TREIS="7")

    with pytest.raises(SettingsInvalid) as refused:
        provider_settings(settings, "scripted", AcmeSettings)

    assert refused.value.lines == [
        "PIXIE_SCRIPTED_TREIS is not a setting of the provider scripted (did you mean PIXIE_SCRIPTED_TRIES?).",
        "PIXIE_SCRIPTED_API_KEY is not set (also accepted as OPENAI_API_KEY).",
        "PIXIE_SCRIPTED_TRIES must be 1 or more, not '0' (from environment).",
    ]
