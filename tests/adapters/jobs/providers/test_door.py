"""How providers come in: entry points, settings, cards."""

import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec
import pytest

from pixie.adapters.jobs.providers.card_check import check_cards
from pixie.adapters.jobs.providers.door import ProviderPlugin, ProviderTools, installed, load_providers
from pixie.adapters.jobs.providers.local import LocalProvider
from pixie.adapters.jobs.providers.provider_settings import read_settings, setting_names
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import ReportProgress, Resubmission
from pixie.domain.jobs.errors import ProviderMisconfigured
from pixie.domain.jobs.generation import Done, GenerationRequest, Pending, Ticket
from pixie.domain.jobs.model_card import JobType, ModelCard, Price
from pixie.domain.kernel.json import JsonObject
from tests.support.fakes.kernel import FakeClock

ANYTHING: JsonObject = {"type": "object"}


def card(name: str = "acme/paint", **changes: Any) -> ModelCard:
    facts = {"title": "Paint", "provider": "acme", "description": "Paints.", "parameters": ANYTHING, "price": Price()}
    return ModelCard(name=name, model_type=JobType.IMAGE_GENERATION, **{**facts, **changes})


class AcmeSettings(msgspec.Struct, frozen=True, kw_only=True):
    api_key: str
    timeout_seconds: float = 30
    retries: int = 2
    verbose: bool = False


class AcmeProvider(ProviderPlugin):
    name: ClassVar[str] = "acme"
    resubmission: ClassVar[Resubmission] = Resubmission.NEVER
    Settings: ClassVar[type[msgspec.Struct]] = AcmeSettings

    def __init__(self, cards: Sequence[ModelCard] = (), settings: AcmeSettings | None = None) -> None:
        self._cards = cards or (card(),)
        self.settings = settings

    @classmethod
    def build(cls, settings: AcmeSettings, tools: ProviderTools) -> Self:
        return cls(settings=settings)

    def cards(self) -> Sequence[ModelCard]:
        return self._cards

    async def submit(self, request: GenerationRequest, report: ReportProgress) -> Ticket | Done:
        return Done(outputs=())

    async def poll(self, ticket: Ticket, request: GenerationRequest) -> Pending | Done:
        return Pending()

    async def cancel(self, ticket: Ticket) -> None:
        pass


class NamelessProvider(AcmeProvider):
    name: ClassVar[str] = "somebody"


@pytest.fixture
async def tools(tmp_path: Path) -> AsyncIterator[ProviderTools]:
    async with ComputePool(size=1) as pool:
        yield ProviderTools(clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), compute=pool, scratch=tmp_path)


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, **entries: str) -> None:
    """As a package's installer leaves it: a folder of metadata beside the package."""
    metadata = folder / "acme_pixie-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-pixie\nVersion: 1.0\n")
    lines = [f"{name} = {value}" for name, value in entries.items()]
    (metadata / "entry_points.txt").write_text("[pixie.providers]\n" + "\n".join(lines) + "\n")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])


def test_pixies_own_providers_come_in_by_the_same_door() -> None:
    assert {"local", "scripted"} <= set(installed())


def test_they_are_built_in_the_order_of_the_setting_and_once(tools: ProviderTools) -> None:
    providers = load_providers(["scripted", "local", "scripted"], {}, tools)

    assert [provider.name for provider in providers] == ["scripted", "local"]


def test_settings_come_from_the_environment(
    tools: ProviderTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, acme=f"{__name__}:AcmeProvider")
    environ = {"PIXIE_ACME_API_KEY": "k", "PIXIE_ACME_RETRIES": "5", "PIXIE_ACME_VERBOSE": "true", "PIXIE_PORT": "1"}

    (provider,) = load_providers(["acme"], environ, tools)

    assert getattr(provider, "settings", None) == AcmeSettings(api_key="k", retries=5, verbose=True)


def test_an_unknown_provider_is_named_with_those_that_are_installed(tools: ProviderTools) -> None:
    with pytest.raises(ProviderMisconfigured, match=r"acme .*no such provider is installed; .*local, scripted"):
        load_providers(["acme"], {}, tools)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("no_such_module:Provider", "no_such_module"),
        (f"{__name__}:NoSuchProvider", "NoSuchProvider"),
        (f"{__name__}:NamelessProvider", "'somebody'"),
    ],
)
def test_a_broken_entry_point_is_told(
    value: str, told: str, tools: ProviderTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, acme=value)

    with pytest.raises(ProviderMisconfigured, match=told):
        load_providers(["acme"], {"PIXIE_ACME_API_KEY": "k"}, tools)


def test_a_missing_or_wrong_setting_is_named_and_its_value_is_not() -> None:
    with pytest.raises(ProviderMisconfigured, match="PIXIE_ACME_API_KEY"):
        read_settings("acme", AcmeSettings, {})
    with pytest.raises(ProviderMisconfigured, match="PIXIE_ACME_RETRIES") as caught:
        read_settings("acme", AcmeSettings, {"PIXIE_ACME_API_KEY": "k", "PIXIE_ACME_RETRIES": "s3cret"})

    assert "s3cret" not in caught.value.detail


def test_a_setting_that_the_provider_does_not_have_is_refused() -> None:
    with pytest.raises(ProviderMisconfigured, match=r"no setting PIXIE_ACME_KEY; it has: PIXIE_ACME_API_KEY"):
        read_settings("acme", AcmeSettings, {"PIXIE_ACME_KEY": "k"})


def test_names_of_settings_follow_the_providers_name() -> None:
    assert setting_names("fal-ai", AcmeSettings)[0] == "PIXIE_FAL_AI_API_KEY"


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ([card("other/paint")], "begin with 'acme/'"),
        ([card("acme/" + "x" * 100)], "at most 100"),
        ([card(provider="other")], "its provider is 'other'"),
        ([card(), card()], "2 cards of this name"),
        ([card(description="")], "description"),
        ([card(max_images=0)], "above zero"),
        ([card(takes_prompt=False, needs_prompt=True)], "needs what it does not take"),
        ([card(parameters={"type": "objekt"})], "schema of its parameters is wrong"),
        ([card(parameters={"type": "string"})], "must be of type object"),
        ([card(max_side=0)], "limits of what is made"),
        ([card(example={"width": 100})], "example does not fit the card: /height"),
        ([card(example={"num_images": "two"})], "example does not fit the card"),
        (
            [card(parameters={**ANYTHING, "required": ["size"]}, example={"parameters": {}})],
            "example does not fit its own schema",
        ),
    ],
)
def test_a_faulty_card_is_found_at_start(cards: list[ModelCard], told: str) -> None:
    with pytest.raises(ProviderMisconfigured, match=told):
        check_cards(AcmeProvider(cards))


def test_a_provider_without_cards_is_refused() -> None:
    class Empty(AcmeProvider):
        def cards(self) -> Sequence[ModelCard]:
            return ()

    with pytest.raises(ProviderMisconfigured, match="no model cards"):
        check_cards(Empty())


def test_the_class_behind_an_entry_point_is_the_provider() -> None:
    assert installed()["local"].load() is LocalProvider
