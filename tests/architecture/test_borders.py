from collections.abc import Callable, Mapping
from pathlib import Path

import grimp
import pytest

from tests.architecture.borders import VENDOR_HOMES, crossed_borders, strangers_within, vendors_abroad
from tests.architecture.planting import NAME, planted_imports
from tests.architecture.source import imports_of_pixie

GraphRule = Callable[[grimp.ImportGraph, str], list[str]]
RULES: tuple[GraphRule, ...] = (crossed_borders, vendors_abroad, strangers_within)

VIOLATIONS: tuple[tuple[GraphRule, Mapping[str, str], str], ...] = (
    (
        crossed_borders,
        {"application/jobs/submit_job.py": "from planted.application.credits import ports"},
        (
            "planted.application.jobs.submit_job -> planted.application.credits.ports: "
            "ask for it through planted.application.credits.api"
        ),
    ),
    (
        crossed_borders,
        {"application/jobs/run.py": "from planted.domain.credits import lot", "domain/credits/lot.py": ""},
        (
            "planted.application.jobs.run -> planted.domain.credits.lot: "
            "ask for it through planted.application.credits.api"
        ),
    ),
    (
        crossed_borders,
        {"adapters/jobs/x.py": "from planted.application.credits import hold", "application/credits/hold.py": ""},
        (
            "planted.adapters.jobs.x -> planted.application.credits.hold: "
            "ask for it through planted.application.credits.api"
        ),
    ),
    (
        crossed_borders,
        {
            "entrypoints/http/jobs/controller.py": "from planted.entrypoints.http.files import schemas",
            "entrypoints/http/files/schemas.py": "",
        },
        (
            "planted.entrypoints.http.jobs.controller -> planted.entrypoints.http.files.schemas: "
            "ask for it through planted.application.files.api"
        ),
    ),
    (
        crossed_borders,
        {"entrypoints/http/kernel/auth.py": "import planted.application.accounts.ports"},
        (
            "planted.entrypoints.http.kernel.auth -> planted.application.accounts.ports: "
            "ask for it through planted.application.accounts.api"
        ),
    ),
    (
        vendors_abroad,
        {"entrypoints/http/jobs/controller.py": "import asyncpg"},
        "planted.entrypoints.http.jobs.controller -> asyncpg: its home is adapters.kernel",
    ),
    (
        vendors_abroad,
        {"adapters/jobs/pg_job_store.py": "from requests import get"},
        "planted.adapters.jobs.pg_job_store -> requests: its home is nowhere yet (VENDOR_HOMES)",
    ),
    (
        strangers_within,
        {"domain/jobs/job.py": "def later():\n    import attrs"},
        "planted.domain.jobs.job -> attrs: only the standard library is at home here",
    ),
)


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_borders(rule: GraphRule) -> None:
    assert rule(imports_of_pixie(), "pixie") == []


@pytest.mark.parametrize("rule", RULES)
def test_a_sound_house_breaks_no_rule(rule: GraphRule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rule(planted_imports(tmp_path, {}, monkeypatch), NAME) == []


@pytest.mark.parametrize(("rule", "wrong", "line"), VIOLATIONS)
def test_a_planted_violation_is_found(
    rule: GraphRule, wrong: Mapping[str, str], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rule(planted_imports(tmp_path, wrong, monkeypatch), NAME) == [line]


def test_every_rule_was_seen_to_fail() -> None:
    assert {rule for rule, _, _ in VIOLATIONS} == set(RULES)


def test_homes_are_in_alphabetical_order() -> None:
    assert list(VENDOR_HOMES) == sorted(VENDOR_HOMES)
