from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from pixie.adapters.kernel.database import affected
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork, Reads
from pixie.application.jobs.model_views import smallest_price
from pixie.application.jobs.ports import ModelSwitches
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.jobs.errors import ModelNotFound
from pixie.domain.jobs.model_card import ModelCard

_IS_ON = "SELECT is_active FROM ai_models WHERE name = $1"
_PUBLISH = """
INSERT INTO ai_models (id, name, title, provider, model_type, description, parameters, pricing, credits_per_use)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (name) DO UPDATE SET
    title = excluded.title, provider = excluded.provider, model_type = excluded.model_type,
    description = excluded.description, parameters = excluded.parameters, pricing = excluded.pricing,
    credits_per_use = excluded.credits_per_use, updated_at = now()
WHERE (ai_models.title, ai_models.provider, ai_models.model_type, ai_models.description, ai_models.parameters,
       ai_models.pricing, ai_models.credits_per_use)
   IS DISTINCT FROM
      (excluded.title, excluded.provider, excluded.model_type, excluded.description, excluded.parameters,
       excluded.pricing, excluded.credits_per_use)
"""


GOOD_FOR = timedelta(seconds=1)


class SeenSwitches:
    """What this process read a moment ago. Every submission asks, and the answer changes once in months: a switch
    takes effect within a second.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[bool, datetime]] = {}

    def find(self, model: str) -> bool | None:
        on, seen_at = self._seen.get(model, (None, self._clock.now()))
        return on if timedelta() <= self._clock.now() - seen_at < GOOD_FOR else None

    def note(self, model: str, *, on: bool) -> None:
        self._seen[model] = on, self._clock.now()


class PgModelSwitches(ModelSwitches):
    def __init__(self, uow: PgUnitOfWork, reads: Reads, ids: IdSource, seen: SeenSwitches) -> None:
        self._uow = uow
        self._reads = reads
        self._ids = ids
        self._seen = seen

    async def is_on(self, model: str) -> bool:
        on = self._seen.find(model)
        if on is None:
            on = bool(await self._reads.fetchval(_IS_ON, model))
            self._seen.note(model, on=on)
        return on

    async def all_on(self) -> set[str]:
        return {row["name"] for row in await self._reads.fetch("SELECT name FROM ai_models WHERE is_active")}

    async def publish(self, cards: Sequence[ModelCard]) -> None:
        for card in cards:
            await self._uow.execute(
                _PUBLISH,
                self._ids.new(),
                card.name,
                card.title,
                card.provider,
                card.model_type,
                card.description,
                card.parameters,
                asdict(card.price),
                smallest_price(card),
            )

    async def switch(self, model: str, *, on: bool) -> None:
        done = await self._uow.execute(
            "UPDATE ai_models SET is_active = $2, updated_at = now() WHERE name = $1", model, on
        )
        if affected(done) == 0:
            raise ModelNotFound(model)
