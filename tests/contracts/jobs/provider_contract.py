"""What Pixie relies on in any AI provider: a test class inherits `ProviderContract` and fills in the fixtures."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator

from pixie.adapters.jobs.providers.card_check import check_cards
from pixie.application.jobs.ports import Provider, ReportProgress, Resubmission
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.jobs.generation import Done, GenerationRequest, InputFile, OutputFile, Ticket
from pixie.domain.jobs.model_card import JobType, ModelCard
from pixie.domain.kernel.ids import JobId
from tests.support import pictures

Change = Callable[[GenerationRequest], GenerationRequest]

PATIENCE = 60.0


class LeaseLostWhileReporting(Exception):
    pass


def example_request(card: ModelCard, folder: Path, attempt: int = 1) -> GenerationRequest:
    """The example that the card gives, with pictures where it takes some."""
    example: dict[str, Any] = dict(card.example)
    workdir = folder / uuid4().hex
    workdir.mkdir()
    return GenerationRequest(
        job_id=JobId(uuid4()),
        idempotency_key=uuid4().hex,
        attempt=attempt,
        model=card.name,
        workdir=workdir,
        images=(_input(folder, "image", "RGB"),) if card.takes_image else (),
        mask=_input(folder, "mask", "L") if card.takes_mask else None,
        **example,
    )


def _input(folder: Path, name: str, mode: str) -> InputFile:
    path = pictures.written(folder, pictures.picture("PNG", 160, 120, mode), name)
    return InputFile(path=path, media_type="image/png", width=160, height=120)


async def ignore(percent: int) -> None:
    pass


def listening(told: list[int]) -> ReportProgress:
    async def listen(percent: int) -> None:
        told.append(percent)

    return listen


async def finished(provider: Provider, request: GenerationRequest, answer: Ticket | Done) -> Done:
    async with asyncio.timeout(PATIENCE):
        while isinstance(answer, Ticket):
            await asyncio.sleep(min(0.1, answer.look_after.total_seconds()))
            looked = await provider.poll(answer, request)
            if isinstance(looked, Done):
                return looked
            assert looked.progress is None or 0 <= looked.progress <= 100
    return answer


class ProviderContract:
    @pytest.fixture
    def provider(self) -> Provider:
        """The provider, built as the door builds it."""
        pytest.fail("each provider has its own")

    @pytest.fixture
    def never_done(self) -> tuple[str, Change]:
        """A model, and what makes its example take many seconds inside of `submit`."""
        pytest.fail("each provider has its own")

    @pytest.fixture
    def never_possible(self) -> tuple[str, Change]:
        """A model, and what makes its example a request that will be refused."""
        pytest.fail("each provider has its own")

    def example(self, card: ModelCard, folder: Path) -> GenerationRequest:
        """A provider may make its examples smaller here, where they take long."""
        return example_request(card, folder)

    def changed(self, provider: Provider, how: tuple[str, Change], folder: Path) -> GenerationRequest:
        name, change = how
        card = next(card for card in provider.cards() if card.name == name)
        return change(self.example(card, folder))

    def test_its_cards_hold_together(self, provider: Provider) -> None:
        check_cards(provider)

        assert isinstance(provider.resubmission, Resubmission)
        assert provider.cards() == provider.cards()

    def test_its_examples_fit_their_own_schema(self, provider: Provider) -> None:
        for card in provider.cards():
            Draft202012Validator(card.parameters).validate(card.example.get("parameters", {}))
            assert not card.needs_prompt or card.example.get("prompt")
            assert card.model_type is not JobType.IMAGE_UPSCALE or card.example.get("scale") in card.scales

    async def test_each_example_comes_to_an_end(self, provider: Provider, tmp_path: Path) -> None:
        for card in provider.cards():
            request = self.example(card, tmp_path)
            told: list[int] = []

            done = await finished(provider, request, await provider.submit(request, listening(told)))

            assert len(done.outputs) == request.num_images
            for output in done.outputs:
                if isinstance(output, OutputFile):
                    assert output.path.is_relative_to(request.workdir)
                    assert output.path.stat().st_size > 0
                else:
                    assert urlsplit(output.url).scheme == "https"
            assert told == sorted(told)
            assert all(0 <= percent <= 100 for percent in told)

    async def test_looking_and_cancelling_can_be_repeated(self, provider: Provider, tmp_path: Path) -> None:
        for card in provider.cards():
            request = self.example(card, tmp_path)
            answer = await provider.submit(request, ignore)
            if isinstance(answer, Ticket):
                done = await finished(provider, request, answer)
                again = await finished(provider, request, answer)
                assert len(again.outputs) == len(done.outputs)
                await provider.cancel(answer)
                await provider.cancel(answer)

    async def test_a_running_request_can_be_cancelled_twice(self, provider: Provider, tmp_path: Path) -> None:
        for card in provider.cards():
            answer = await provider.submit(self.example(card, tmp_path), ignore)
            if isinstance(answer, Ticket):
                await provider.cancel(answer)
                await provider.cancel(answer)

    async def test_a_ticket_that_nobody_gave_is_refused(self, provider: Provider, tmp_path: Path) -> None:
        request = self.example(provider.cards()[0], tmp_path)

        with pytest.raises(ProviderRefused):
            await provider.poll(Ticket(value="a ticket that nobody gave"), request)

    async def test_a_request_that_cannot_be_done_is_refused(
        self, provider: Provider, never_possible: tuple[str, Change], tmp_path: Path
    ) -> None:
        request = self.changed(provider, never_possible, tmp_path)

        with pytest.raises(ProviderRefused) as refused:
            await finished(provider, request, await provider.submit(request, ignore))

        assert refused.value.detail

    async def test_cancelling_the_task_that_awaits_it_returns_within_a_second(
        self, provider: Provider, never_done: tuple[str, Change], tmp_path: Path
    ) -> None:
        request = self.changed(provider, never_done, tmp_path)
        running = asyncio.create_task(self._submitted(provider, request))
        await asyncio.sleep(1)
        assert not running.done()
        began = time.monotonic()

        running.cancel()
        await asyncio.wait([running])

        assert running.cancelled()
        assert time.monotonic() - began < 1

    async def test_an_error_while_reporting_ends_the_work_and_comes_out(
        self, provider: Provider, tmp_path: Path
    ) -> None:
        async def report(percent: int) -> None:
            raise LeaseLostWhileReporting

        for card in provider.cards():
            told: list[int] = []
            await provider.submit(self.example(card, tmp_path), listening(told))
            if told:
                with pytest.raises(LeaseLostWhileReporting):
                    await provider.submit(self.example(card, tmp_path), report)

    async def test_a_second_attempt_is_as_good_as_the_first(self, provider: Provider, tmp_path: Path) -> None:
        for card in provider.cards():
            first = self.example(card, tmp_path)
            await provider.submit(first, ignore)
            workdir = tmp_path / uuid4().hex
            workdir.mkdir()
            second = replace(first, attempt=2, workdir=workdir)

            done = await finished(provider, second, await provider.submit(second, ignore))

            assert len(done.outputs) == second.num_images

    async def _submitted(self, provider: Provider, request: GenerationRequest) -> Ticket | Done:
        return await provider.submit(request, ignore)
