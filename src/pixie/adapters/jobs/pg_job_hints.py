from collections.abc import Sequence

from pixie.adapters.kernel.database import UNHURRIED, Database
from pixie.application.kernel.dispatch import Hint, HintSource

ACTOR = "jobs.run"
HINT_AGAIN_AFTER = "30 seconds"
LONGEST_PAUSE = "11 minutes"
"""A due time beyond this was written under a clock that has since been set back."""

# What gets lost of this in a crash is only hinted at once more.
_TAKE_DUE = f"""
UPDATE ai_jobs SET hinted_at = clock_timestamp()
WHERE {UNHURRIED} AND id IN (
    SELECT id FROM ai_jobs
    WHERE status IN ('pending', 'processing')
      AND (due_at <= clock_timestamp() OR due_at > clock_timestamp() + interval '{LONGEST_PAUSE}')
      AND (hinted_at IS NULL OR hinted_at < due_at OR hinted_at < clock_timestamp() - interval '{HINT_AGAIN_AFTER}')
    ORDER BY due_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, queue
"""  # noqa: S608 - no input
_FORGET = """
UPDATE ai_jobs SET hinted_at = NULL
WHERE status IN ('pending', 'processing') AND due_at <= clock_timestamp() AND hinted_at IS NOT NULL
"""


class PgJobHints(HintSource):
    """Jobs that a worker is to look at now. The order is that of their due time, so nobody waits for a later one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_due(self, limit: int) -> Sequence[Hint]:
        rows = await self._database.fetch(_TAKE_DUE, limit)
        return [Hint(actor=ACTOR, queue=row["queue"], row_id=str(row["id"])) for row in rows]

    async def forget_hints(self) -> None:
        await self._database.execute(_FORGET)
