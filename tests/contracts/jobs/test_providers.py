"""Pixie's own providers that need no key, against the contract of all providers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pixie.adapters.jobs.providers.door import ProviderTools
from pixie.adapters.jobs.providers.local import LocalProvider, LocalSettings
from pixie.adapters.jobs.providers.scripted import ScriptedProvider, ScriptedSettings
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import Provider
from pixie.application.kernel.ports import Clock
from pixie.domain.jobs.generation import GenerationRequest
from pixie.domain.jobs.model_card import ModelCard
from tests.contracts.jobs.provider_contract import Change, ProviderContract


class RunningClock(Clock):
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def tools(tmp_path: Path) -> AsyncIterator[ProviderTools]:
    async with ComputePool(size=2) as pool:
        yield ProviderTools(clock=RunningClock(), compute=pool, scratch=tmp_path)


@pytest.mark.infra  # its children decode and paint
class TestLocal(ProviderContract):
    @pytest.fixture
    def provider(self, tools: ProviderTools) -> Provider:
        return LocalProvider.build(LocalSettings(), tools)

    def example(self, card: ModelCard, folder: Path) -> GenerationRequest:
        request = super().example(card, folder)
        if card.name == "local/motion":
            return replace(request, duration_seconds=1.0, parameters={**request.parameters, "resolution": 144})
        return request if card.name == "local/edit" else replace(request, width=240, height=160, aspect_ratio=None)

    @pytest.fixture
    def never_done(self) -> tuple[str, Change]:
        return "local/sketch", lambda request: replace(
            request, width=4000, height=2000, num_images=4, aspect_ratio=None
        )

    @pytest.fixture
    def never_possible(self) -> tuple[str, Change]:
        outside = {"op": "crop", "x": 9_000, "y": 0, "width": 10, "height": 10}
        return "local/edit", lambda request: replace(request, parameters={"operations": [outside]})


class TestScripted(ProviderContract):
    @pytest.fixture
    def provider(self, tools: ProviderTools) -> Provider:
        return ScriptedProvider.build(ScriptedSettings(), tools)

    @pytest.fixture
    def never_done(self) -> tuple[str, Change]:
        return "scripted/image", lambda request: replace(request, parameters={"hang": True})

    @pytest.fixture
    def never_possible(self) -> tuple[str, Change]:
        return "scripted/edit", lambda request: replace(request, parameters={"error": "refused"})
