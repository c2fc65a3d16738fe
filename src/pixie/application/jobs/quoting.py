from dataclasses import dataclass

from pixie.application.files.api import FileFacts, FilesApi
from pixie.application.jobs.ports import ModelSwitches, ParameterCheck, Providers
from pixie.application.kernel.caller import Caller
from pixie.domain.jobs.errors import ModelUnavailable
from pixie.domain.jobs.fit import check_fit, check_picture
from pixie.domain.jobs.generation import PictureSize, PlannedRequest
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard
from pixie.domain.jobs.pricing import quote
from pixie.domain.kernel.ids import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A request that its model can do, and what it costs at most."""

    card: ModelCard
    credits: int


@dataclass(slots=True, kw_only=True)
class QuoteRequest:
    """Whether a request can be done, and for how much: everything that is checked before a credit moves."""

    providers: Providers
    switches: ModelSwitches
    parameters: ParameterCheck
    files: FilesApi

    async def __call__(self, caller: Caller, job_type: JobType, model: str, request: JobInput) -> Quoted:
        card = self.providers.card(model)
        check_fit(card, job_type, request)
        self.parameters.check(card, request.parameters)
        if not await self.switches.is_on(model):
            raise ModelUnavailable(model)
        planned = await self._planned(caller, card, request)
        self.providers.get(card.provider).check(planned)
        megapixels = 0.0 if planned.image is None else planned.image.megapixels
        return Quoted(card=card, credits=quote(card.price, request, megapixels))

    async def _planned(self, caller: Caller, card: ModelCard, request: JobInput) -> PlannedRequest:
        """With the sizes of its pictures; the mask, too, must be the caller's."""
        mask = await self._size(caller, request.mask_file_id)
        image = await self._size(caller, request.image_file_id)
        if image is not None:
            check_picture(card, image.width, image.height)
        return PlannedRequest(model=card.name, input=request, image=image, mask=mask)

    async def _size(self, caller: Caller, file_id: FileId | None) -> PictureSize | None:
        return None if file_id is None else size_of(await self.files.readable(file_id, caller))


def size_of(picture: FileFacts) -> PictureSize:
    return PictureSize(width=picture.width or 0, height=picture.height or 0)
