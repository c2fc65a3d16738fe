import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pixie.entrypoints.actors.binding import Subscription
from pixie.entrypoints.wiring.subscriptions import SUBSCRIPTIONS
from tests.architecture.decisions import (
    commits_elsewhere,
    commits_in_apis,
    other_bells,
    pictures_outside_children,
    sqlalchemy_at_run_time,
    subscribed_jobs,
)
from tests.architecture.planting import NAME, plant, planted_imports
from tests.architecture.source import PACKAGE, ROOT, Rule, imports_of_pixie, sources

RULES: tuple[Rule, ...] = (commits_elsewhere, commits_in_apis, sqlalchemy_at_run_time, other_bells)
VIOLATIONS: tuple[tuple[Rule, Mapping[str, str], str], ...] = (
    (
        commits_elsewhere,
        {"adapters/jobs/pg_job_store.py": "async def add(self):\n    await self.uow.commit()"},
        "adapters/jobs/pg_job_store.py:2: the use case commits",
    ),
    (
        commits_in_apis,
        {"application/credits/api.py": "async def place(self):\n    await self.uow.commit()"},
        "application/credits/api.py:2: an api.py never commits",
    ),
    (
        sqlalchemy_at_run_time,
        {"adapters/jobs/pg_job_store.py": "from sqlalchemy import select"},
        "adapters/jobs/pg_job_store.py:1: SQLAlchemy declares tables; statements are SQL text",
    ),
    (
        sqlalchemy_at_run_time,
        {"adapters/jobs/pg_job_store.py": "from pixie.adapters.jobs import tables"},
        "adapters/jobs/pg_job_store.py:1: SQLAlchemy declares tables; statements are SQL text",
    ),
    (
        other_bells,
        {"adapters/jobs/pg_job_store.py": "SQL = 'SELECT pg_notify($1, $2)'"},
        "adapters/jobs/pg_job_store.py:1: ring the bell instead",
    ),
    (
        other_bells,
        {"adapters/jobs/pg_job_store.py": "SQL = f'NOTIFY {1}'"},
        "adapters/jobs/pg_job_store.py:1: ring the bell instead",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_follows_the_decision(rule: Rule) -> None:
    assert rule(sources(PACKAGE)) == []


@pytest.mark.parametrize(("rule", "wrong", "told"), VIOLATIONS)
def test_a_departure_is_found(rule: Rule, wrong: Mapping[str, str], told: str, tmp_path: Path) -> None:
    assert rule(sources(plant(tmp_path, wrong))) == [told]


def test_no_event_leads_to_the_running_of_a_job() -> None:
    assert subscribed_jobs(SUBSCRIPTIONS) == []
    wrong = Subscription(topic="jobs.submitted", name="jobs.run", handler=type(None))  # type: ignore[arg-type]  # planted
    assert subscribed_jobs([wrong]) == ["jobs.submitted: jobs.run"]


def test_pictures_are_decoded_and_painted_in_children() -> None:
    assert pictures_outside_children(imports_of_pixie()) == []


def test_a_picture_decoded_by_an_entrance_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "adapters/files/preview.py": "import PIL",
        "adapters/files/pg_file_store.py": f"from {NAME}.adapters.files import preview",
    }

    found = pictures_outside_children(planted_imports(tmp_path, wrong, monkeypatch), NAME)

    assert found == [
        "planted.adapters.files.pg_file_store -> planted.adapters.files.preview: hand it to the compute pool"
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_all_its_parts_on_one_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.match(rf"# {path.stem[:4]}: \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
        "Guard",
    ]
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]

    assert numbers == list(range(len(numbers)))
