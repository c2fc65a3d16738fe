"""The transaction of a submission as a script for pgbench: the statements that the code sends, in their order.

They are taken from the adapters, so the script changes with them. What the API does around them (HTTP, tokens, JSON,
rules) is what the comparison is about.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import msgspec

from benchmarks.people import BODY
from pixie.adapters.accounts.pg_session_reader import ROLE_OF_SESSION
from pixie.adapters.credits.statements import LOCK_ACCOUNT, SAVE
from pixie.adapters.jobs.job_rows import COLUMNS, to_row
from pixie.adapters.jobs.pg_job_store import INSERT_JOB
from pixie.adapters.jobs.providers.scripted_cards import scripted_cards
from pixie.adapters.kernel.pg_idempotency_log import CLAIM, RECORD
from pixie.domain.jobs.job import Job
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.kernel.ids import JobId, UserId

VARIABLES = {"held": "held"}
"""What the server is not to see as constants."""
_PEOPLE = """
CREATE TABLE bench_people (number int PRIMARY KEY, user_id uuid, session_id uuid);
INSERT INTO bench_people
SELECT row_number() OVER (ORDER BY u.created_at), u.id, s.id
FROM users u JOIN user_sessions s ON s.user_id = u.id WHERE u.email LIKE 'person-%';
ANALYZE
"""
SEALED_BYTES = 900
"""As large as the sealed answer of a submission."""
_PLACE = re.compile(r"\$(\d+)")
_SPENT = ("ARRAY[:user_id]", "ARRAY[-1]", "ARRAY[1]", "ARRAY[:locked_lot_id]", "ARRAY[-1]", "ARRAY[1]")
_HOLD = (":job_id", ":user_id", "1", "now()", ":held", "0", "NULL")
_ENTRY = (
    *("ARRAY[:entry_id]", "ARRAY[:user_id]", "ARRAY[:locked_lot_id]", "ARRAY[:job_id]", "ARRAY['hold']"),
    *("ARRAY[-1]", "ARRAY[1]", "ARRAY['']", "ARRAY[now()]"),
)


def submission_script(*, hot: bool = False, keyed: bool = False) -> str:
    """`hot`: everything on one account; `keyed`: with an Idempotency-Key."""
    lock = f"{_filled(LOCK_ACCOUNT, [':user_id'])} \\gset locked_"
    return "\n".join(
        (
            "\\set number 1" if hot else "\\set number random(1, :people)",
            _SIGNED_IN,
            "BEGIN;",
            *((_CLAIMED,) if keyed else ()),
            lock,
            f"\\if :locked_fresh\n\\else\n{lock}\n\\endif",
            f"{_filled(SAVE, [*_SPENT, *['NULL'] * 7, *_HOLD, *_ENTRY])};",
            f"{_filled(INSERT_JOB, _job_values())};",
            *((f"{_filled(RECORD, _RECORDED)};",) if keyed else ()),
            "COMMIT;",
            "",
        )
    )


async def note_people(url: str) -> None:
    """Write down where the script finds its people."""
    connection = await asyncpg.connect(url)
    await connection.execute(_PEOPLE)
    await connection.close()


def _filled(statement: str, values: Sequence[str]) -> str:
    return _PLACE.sub(lambda place: values[int(place[1]) - 1], statement).strip()


_ROLE = _filled(ROLE_OF_SESSION, ["person.session_id", "person.user_id", "now()"])
# One round trip, as in the API; only that pgbench has to be told here who it is and which ids are new.
_SIGNED_IN = f"""
SELECT person.user_id, uuidv7() AS job_id, uuidv7() AS entry_id, encode(sha256(uuidv7()::text::bytea), 'hex') AS key
FROM bench_people AS person, LATERAL ({_ROLE}) AS role
WHERE person.number = :number \\gset
""".strip()
_CLAIMED = _filled(CLAIM, [":user_id", "decode(:key, 'hex')"]) + " \\gset claim_"
_RECORDED = (
    *(":user_id", "decode(:key, 'hex')", "decode(:key, 'hex')", "NULL"),
    *(f"decode(repeat('ab', {SEALED_BYTES}), 'hex')", "interval '24 hours'"),
)


def _job_values() -> list[str]:
    job = Job.submit(
        job_id=JobId(UUID(int=0)),
        owner=UserId(UUID(int=0)),
        card=next(card for card in scripted_cards(300) if card.name == BODY["model"]),
        request=JobInput(prompt=BODY["prompt"], seed=7),
        credits=1,
        project_id=None,
        now=datetime.now(UTC),
    )
    row = dict(zip(COLUMNS.split(", "), to_row(job), strict=True))
    return [{"id": ":job_id", "user_id": ":user_id"}.get(column) or _literal(value) for column, value in row.items()]


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value)
        case datetime():
            return "now()"
        case str():
            return _quoted(value)
        case Mapping() | list() | tuple():  # with a space after each colon, where pgbench would look for a name
            return _quoted(json.dumps(msgspec.to_builtins(value)))
        case _:
            raise TypeError(type(value))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
