from dataclasses import dataclass

from pixie.application.files.api import FileFacts, FilesApi
from pixie.application.jobs.ports import ModelSwitches, ParameterCheck, Providers
from pixie.application.kernel.caller import Caller
from pixie.domain.jobs.errors import ModelUnavailable
from pixie.domain.jobs.fit import check_fit, check_picture_sizes
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
        if card.unavailable_reason is not None:
            raise ModelUnavailable(model, card.unavailable_reason)
        if not await self.switches.is_on(model):
            raise ModelUnavailable(model)
        planned = await self._planned(caller, card, request)
        self.providers.get(card.provider).check(planned)
        megapixels = sum(size.megapixels for size in planned.images)
        return Quoted(card=card, credits=quote(card.terms(request.parameters).price, request, megapixels))

    async def _planned(self, caller: Caller, card: ModelCard, request: JobInput) -> PlannedRequest:
        """With the sizes of its pictures. Each of them must be the caller's, and so must the mask."""
        mask = None if request.mask_file_id is None else await self._size(caller, request.mask_file_id)
        images = tuple([await self._size(caller, file_id) for file_id in request.pictures])
        check_picture_sizes(card, request, images)
        return PlannedRequest(model=card.name, input=request, images=images, mask=mask)

    async def _size(self, caller: Caller, file_id: FileId) -> PictureSize:
        return size_of(await self.files.readable(file_id, caller))


def size_of(picture: FileFacts) -> PictureSize:
    return PictureSize(width=picture.width, height=picture.height)
