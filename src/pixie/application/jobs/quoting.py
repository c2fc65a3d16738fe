from dataclasses import dataclass

from pixie.application.files.api import FileFacts, FilesApi
from pixie.application.jobs.ports import ModelSwitches, ParameterCheck, Providers
from pixie.application.kernel.caller import Caller
from pixie.domain.jobs.errors import ModelUnavailable
from pixie.domain.jobs.fit import check_fit, check_picture
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard
from pixie.domain.jobs.pricing import quote


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
        megapixels = await self._picture(caller, card, request)
        return Quoted(card=card, credits=quote(card.terms(request.parameters).price, request, megapixels))

    async def _picture(self, caller: Caller, card: ModelCard, request: JobInput) -> float:
        """The size of the input picture; the mask, too, must be the caller's."""
        if request.mask_file_id is not None:
            await self.files.readable(request.mask_file_id, caller)
        if request.image_file_id is None:
            return 0.0
        picture = await self.files.readable(request.image_file_id, caller)
        check_picture(card, request, picture.width or 0, picture.height or 0)
        return megapixels(picture)


def megapixels(picture: FileFacts) -> float:
    return (picture.width or 0) * (picture.height or 0) / 1_000_000
