"""The models that can be used."""

from dataclasses import dataclass

from pixie.application.credits.api import CreditHolds
from pixie.application.jobs.model_views import ModelView
from pixie.application.jobs.ports import ModelSwitches, Providers
from pixie.application.jobs.quoting import QuoteRequest
from pixie.application.jobs.views import EstimateView, ExampleRequest
from pixie.application.kernel.caller import Actor, Caller
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType


@dataclass(slots=True, kw_only=True)
class ListModels:
    """The catalogue: what each model does, takes and costs, and whether it can be used right now."""

    providers: Providers
    switches: ModelSwitches

    async def __call__(
        self, *, model_type: JobType | None = None, provider: str | None = None, available: bool | None = None
    ) -> list[ModelView]:
        on = await self.switches.all_on()
        views = [ModelView.of(card, switched_on=card.name in on) for card in self.providers.cards()]
        return [
            view
            for view in sorted(views, key=lambda view: view.name)
            if model_type in (None, view.model_type)
            and provider in (None, view.provider)
            and available in (None, view.available)
        ]


@dataclass(slots=True, kw_only=True)
class ListExamples:
    """A request for each model that can be used here, for the API's description."""

    providers: Providers

    def __call__(self) -> list[ExampleRequest]:
        return [
            ExampleRequest(
                model=card.name,
                title=card.title,
                model_type=card.model_type,
                needs_image=card.needs_image,
                body={"model": card.name, **card.example},
            )
            for card in sorted(self.providers.cards(), key=lambda card: card.name)
            if card.unavailable_reason is None
        ]


@dataclass(slots=True, kw_only=True)
class EstimateJob:
    """What a request would cost at most, checked as if it were submitted. Nothing is held."""

    quote: QuoteRequest
    holds: CreditHolds

    async def __call__(self, caller: Caller, job_type: JobType | None, model: str, request: JobInput) -> EstimateView:
        wanted = job_type or self.quote.providers.card(model).model_type
        quoted = await self.quote(caller, wanted, model, request)
        available = (await self.holds.balance(caller.user_id)).available
        return EstimateView(credits=quoted.credits, available=available, affordable=quoted.credits <= available)


@dataclass(slots=True, kw_only=True)
class PublishCatalogue:
    """Write the models of the installed providers into the catalogue's table."""

    providers: Providers
    switches: ModelSwitches
    uow: UnitOfWork

    async def __call__(self) -> int:
        cards = self.providers.cards()
        await self.switches.publish(cards)
        await self.uow.commit()
        return len(cards)


@dataclass(slots=True, kw_only=True)
class SwitchModel:
    """Switch a model on or off, for everybody; for admins. Jobs that were accepted go on."""

    switches: ModelSwitches
    uow: UnitOfWork

    async def __call__(self, actor: Actor, model: str, *, on: bool) -> None:
        if not actor.is_admin:
            raise NotAllowed("switch models on or off")
        await self.switches.switch(model, on=on)
        await self.uow.commit()
