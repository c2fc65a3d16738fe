from dataclasses import dataclass

from pixie.application.files.api import FileFacts, FilesApi
from pixie.application.jobs.ports import ModelSwitches, ParameterCheck, Providers
from pixie.application.kernel.caller import Caller
from pixie.domain.jobs.errors import ModelUnavailable
from pixie.domain.jobs.fit import check_fit, check_picture_sizes, check_pictures, completed
from pixie.domain.jobs.generation import PictureSize, PlannedRequest
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard
from pixie.domain.jobs.pricing import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A request that its model can do, completed with what the model chooses, and what it costs at most."""

    card: ModelCard
    request: JobInput
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
        planned = await self._planned(caller, card, completed(card, request))
        self.providers.get(card.provider).check(planned)
        megapixels = sum(size.megapixels for size in planned.images)
        price = card.terms(request.parameters).price
        return Quoted(card=card, request=planned.input, credits=quote(price, planned.input, megapixels))

    async def _planned(self, caller: Caller, card: ModelCard, request: JobInput) -> PlannedRequest:
        """With the sizes of its pictures. Each of them must be the caller's, and so must the mask."""
        mask_id = request.mask_file_id
        mask = None if mask_id is None else await self.files.readable(mask_id, caller)
        pictures = [await self.files.readable(file_id, caller) for file_id in request.pictures]
        check_pictures(
            request, [picture.is_picture for picture in pictures], mask_is_picture=mask is None or mask.is_picture
        )
        sizes = tuple(map(size_of, pictures))
        check_picture_sizes(card, request, sizes)
        return PlannedRequest(
            model=card.name, input=request, images=sizes, mask=None if mask is None else size_of(mask)
        )


def size_of(picture: FileFacts) -> PictureSize:
    return PictureSize(width=picture.width, height=picture.height)
