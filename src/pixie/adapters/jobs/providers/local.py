import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar, Final, Self, TypeVar, TypeVarTuple

import msgspec
from msgspec import Meta

from pixie.adapters.jobs.imaging.edit_picture import edit_picture
from pixie.adapters.jobs.imaging.foresee import check_editing
from pixie.adapters.jobs.motion.motion_order import MotionOrder, motion_order
from pixie.adapters.jobs.providers.door import ProviderPlugin, ProviderTools
from pixie.adapters.jobs.providers.local_cards import EDIT, MOTION, SKETCH, UPSCALE
from pixie.adapters.jobs.sketching.sketch_parameters import SketchOrder, sketch_order
from pixie.adapters.jobs.sketching.write_sketches import write_sketches
from pixie.adapters.jobs.upscaling.networks import HOME, missing_part
from pixie.adapters.jobs.upscaling.upscale_parameters import UpscaleOrder, upscale_order
from pixie.adapters.kernel.compute_child import report_progress
from pixie.adapters.kernel.compute_errors import (
    ComputeBusy,
    ComputeCrashed,
    ComputeExhausted,
    ComputeFailed,
    ComputeTimedOut,
)
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import ReportProgress, Resubmission
from pixie.domain.jobs.errors import ProviderDown, ProviderMisconfigured, ProviderRefused, ProviderThrottled
from pixie.domain.jobs.generation import Done, GenerationRequest, OutputFile, Pending, PlannedRequest, Ticket
from pixie.domain.jobs.model_card import ModelCard
from pixie.domain.kernel.json import JsonObject

log = logging.getLogger(__name__)

_NAME: Final = "local"

Args = TypeVarTuple("Args")
Result = TypeVar("Result")


class LocalSettings(msgspec.Struct, frozen=True, kw_only=True):
    memory_mb: Annotated[
        int, Meta(ge=64, description="The most memory that one picture may take, beyond what the process itself has.")
    ] = 1024
    timeout_seconds: Annotated[
        float,
        Meta(gt=0, description="The longest that one request may be worked on; upscaling has its own on its card."),
    ] = 240
    upscale_weights: Annotated[
        str, Meta(description="A folder with the weights of Real-ESRGAN; empty: where the set-up puts them.")
    ] = ""
    upscale_threads: Annotated[
        int, Meta(ge=0, le=64, description="For one upscaling; 0: one for each processor, at most four.")
    ] = 0


class LocalProvider(ProviderPlugin):
    """What this machine can do by itself. Each request is worked on at once, in a compute child of its own."""

    name: ClassVar[str] = _NAME
    resubmission: ClassVar[Resubmission] = Resubmission.HARMLESS
    Settings: ClassVar[type[msgspec.Struct]] = LocalSettings

    def __init__(
        self,
        compute: ComputePool,
        *,
        memory_mb: int,
        timeout_seconds: float,
        upscale_weights: Path = HOME,
        upscale_threads: int = 0,
    ) -> None:
        self._compute = compute
        self._memory_mb = memory_mb
        self._timeout_seconds = timeout_seconds
        self._upscale_weights = upscale_weights
        self._upscale_threads = upscale_threads
        self._cards = (EDIT, MOTION, SKETCH, replace(UPSCALE, unavailable_reason=missing_part(upscale_weights)))

    @classmethod
    def build(cls, settings: LocalSettings, tools: ProviderTools) -> Self:
        return cls(
            tools.compute,
            memory_mb=settings.memory_mb,
            timeout_seconds=settings.timeout_seconds,
            upscale_weights=Path(settings.upscale_weights or HOME),
            upscale_threads=settings.upscale_threads,
        )

    def cards(self) -> Sequence[ModelCard]:
        return self._cards

    def check(self, planned: PlannedRequest) -> None:
        if planned.model == EDIT.name and planned.image is not None:
            check_editing(planned.input.parameters, planned.image, planned.mask)

    async def submit(self, request: GenerationRequest, report: ReportProgress) -> Done:
        if request.model == EDIT.name:
            return await self._edit(request, report)
        if request.model == SKETCH.name:
            return await self._sketch(request, report)
        if request.model == UPSCALE.name:
            return await self._upscale(request, report)
        if request.model == MOTION.name:
            return await self._move(request, report)
        raise ProviderRefused(f"There is no model {request.model!r} here.")

    async def poll(self, ticket: Ticket, request: GenerationRequest) -> Pending | Done:  # noqa: ARG002 - the port's
        raise ProviderRefused(f"Nothing was ever promised for a ticket {ticket.value!r}: requests are done at once.")

    async def cancel(self, ticket: Ticket) -> None:
        """Nothing runs on a ticket."""

    async def _edit(self, request: GenerationRequest, report: ReportProgress) -> Done:
        if not request.images:
            raise ProviderRefused("There is no picture to edit.")
        images = [str(image.path) for image in request.images]
        mask = None if request.mask is None else str(request.mask.path)
        folder, seed = str(request.workdir), request.seed or 0
        edited = await self._run(report, _edit_in_child, images, mask, request.parameters, folder, seed)
        return Done(outputs=(OutputFile(path=Path(edited)),))

    async def _sketch(self, request: GenerationRequest, report: ReportProgress) -> Done:
        order = sketch_order(request)
        paths = await self._run(report, _sketch_in_child, order, str(request.workdir))
        return Done(outputs=tuple(OutputFile(path=Path(path)) for path in paths), facts={"seed": order.seed})

    async def _upscale(self, request: GenerationRequest, report: ReportProgress) -> Done:
        if request.image is None:
            raise ProviderRefused("There is no picture to enlarge.")
        if (reason := missing_part(self._upscale_weights)) is not None:
            raise ProviderMisconfigured(_NAME, reason)
        terms = UPSCALE.terms(request.parameters)
        order = upscale_order(
            request,
            weights=self._upscale_weights,
            threads=self._upscale_threads,
            max_megapixels=terms.max_input_megapixels,
        )
        enlarged = await self._run(
            report,
            _upscale_in_child,
            str(request.image.path),
            order,
            str(request.workdir),
            timeout=terms.deadline_seconds,
        )
        return Done(outputs=(OutputFile(path=Path(enlarged)),))

    async def _move(self, request: GenerationRequest, report: ReportProgress) -> Done:
        order = motion_order(request)
        film = await self._run(report, _move_in_child, order, str(request.workdir), timeout=MOTION.deadline_seconds)
        return Done(outputs=(OutputFile(path=Path(film)),))

    async def _run(
        self,
        report: ReportProgress,
        func: Callable[[*Args], Result],
        *args: *Args,
        timeout: float | None = None,
    ) -> Result:
        seconds = self._timeout_seconds if timeout is None else timeout
        try:
            return await self._compute.run(func, *args, timeout=seconds, memory_mb=self._memory_mb, report=report)
        except ComputeExhausted as error:
            raise ProviderRefused(error.detail) from error
        except ComputeBusy as error:
            raise ProviderThrottled(_NAME, error.retry_after) from error
        except (ComputeCrashed, ComputeTimedOut) as error:
            raise ProviderDown(_NAME, error.detail) from error
        except ComputeFailed as error:
            log.exception("local_provider_broke")
            raise ProviderDown(_NAME, "it failed in an unknown way") from error


def _edit_in_child(images: list[str], mask: str | None, parameters: JsonObject, folder: str, seed: int) -> str:
    return edit_picture(images, mask, parameters, folder, seed, report_progress)


def _sketch_in_child(order: SketchOrder, folder: str) -> list[str]:
    return write_sketches(order, folder, report_progress)


def _upscale_in_child(image: str, order: UpscaleOrder, folder: str) -> str:
    from pixie.adapters.jobs.upscaling.upscale_picture import upscale_picture  # noqa: PLC0415 - an extra, and heavy

    return upscale_picture(image, order, folder, report_progress)


def _move_in_child(order: MotionOrder, folder: str) -> str:
    from pixie.adapters.jobs.motion.film import make_film  # noqa: PLC0415 - loads OpenCV, in the child alone

    return make_film(order, folder, report_progress)
