from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.architecture.budgets import figures, long_files, long_functions, long_test_files
from tests.architecture.habits import (
    broad_excepts,
    full_inits,
    hidden_inputs,
    mocks,
    poor_names,
    strange_folders,
    unfinished,
)
from tests.architecture.planting import plant
from tests.architecture.source import PACKAGE, ROOT, Rule, sources

RULES_FOR_CODE: tuple[Rule, ...] = (
    *(long_functions, long_files, hidden_inputs, broad_excepts, poor_names, full_inits, unfinished, strange_folders),
)
RULES_FOR_TESTS: tuple[Rule, ...] = (long_functions, long_test_files, unfinished, mocks)

_LATER = "TO" + "DO"
VIOLATIONS: tuple[tuple[Rule, Mapping[str, str], str], ...] = (
    (
        long_functions,
        {"domain/jobs/job.py": "def run():\n" + "    x = 1\n" * 50},
        "domain/jobs/job.py:1: run has 51 lines, more than 50",
    ),
    (long_files, {"domain/jobs/job.py": "x = 1\n" * 301}, "domain/jobs/job.py: 301 lines, more than 300"),
    (long_test_files, {"domain/jobs/job.py": "x = 1\n" * 401}, "domain/jobs/job.py: 401 lines, more than 400"),
    (
        hidden_inputs,
        {"application/jobs/run.py": "from datetime import UTC, datetime\nx = datetime.now(UTC)"},
        "application/jobs/run.py:2: datetime.datetime.now is for adapters/kernel/clock.py",
    ),
    (
        hidden_inputs,
        {"adapters/jobs/run.py": "import datetime as dt\nx = dt.datetime.utcnow"},
        "adapters/jobs/run.py:2: datetime.datetime.utcnow is for nobody",
    ),
    (
        hidden_inputs,
        {"adapters/jobs/run.py": "from uuid import uuid4 as new"},
        "adapters/jobs/run.py:1: uuid.uuid4 is for nobody",
    ),
    (
        hidden_inputs,
        {"domain/jobs/run.py": "import random\nx = random.choice([1])"},
        "domain/jobs/run.py:2: random.choice is for nobody",
    ),
    (
        hidden_inputs,
        {"adapters/jobs/run.py": "import time\ndef f(): return time.time()"},
        "adapters/jobs/run.py:2: time.time is for nobody",
    ),
    (
        hidden_inputs,
        {"adapters/jobs/run.py": "import os\nx = os.getenv('X')"},
        "adapters/jobs/run.py:2: os.getenv is for nobody",
    ),
    (
        broad_excepts,
        {"application/jobs/run.py": "try: f()\nexcept Exception: log()"},
        "application/jobs/run.py:2: catches everything and goes on",
    ),
    (
        broad_excepts,
        {"application/jobs/run.py": "try: f()\nexcept (KeyError, BaseException): log()"},
        "application/jobs/run.py:2: catches everything and goes on",
    ),
    (poor_names, {"adapters/jobs/utils.py": ""}, "adapters/jobs/utils.py: name the concept"),
    (poor_names, {"adapters/jobs/job_manager.py": ""}, "adapters/jobs/job_manager.py: name the concept"),
    (poor_names, {"adapters/helpers/text.py": ""}, "adapters/helpers/__init__.py: name the concept"),
    (
        poor_names,
        {"adapters/jobs/x.py": "class JobManager: ..."},
        "adapters/jobs/x.py:1: JobManager: name the concept",
    ),
    (
        full_inits,
        {"domain/jobs/__init__.py": "from planted.domain.jobs import job"},
        "domain/jobs/__init__.py: leave it empty; import from where things are",
    ),
    (unfinished, {"domain/jobs/job.py": f"x = 1  # {_LATER} later"}, f"domain/jobs/job.py:1: x = 1  # {_LATER} later"),
    (
        unfinished,
        {"domain/jobs/job.py": "x = 1  # type: " + "ignore"},
        "domain/jobs/job.py:1: x = 1  # type: " + "ignore",
    ),
    (unfinished, {"domain/jobs/job.py": "x = 1  # no" + "qa"}, "domain/jobs/job.py:1: x = 1  # no" + "qa"),
    (
        strange_folders,
        {"entrypoints/http/pictures/controller.py": ""},
        "entrypoints/http/pictures/__init__.py: no module is called pictures",
    ),
    (mocks, {"domain/jobs/job.py": "from unittest.mock import Mock"}, "domain/jobs/job.py:1: unittest.mock: "),
    (mocks, {"domain/jobs/job.py": "x.assert_called_with(1)"}, "domain/jobs/job.py:1: assert_called_with: "),
)


@pytest.mark.parametrize("rule", RULES_FOR_CODE)
def test_the_code_keeps_the_habits_of_the_house(rule: Rule) -> None:
    assert rule(sources(PACKAGE)) == []


@pytest.mark.parametrize("rule", RULES_FOR_TESTS)
def test_the_tests_keep_them_too(rule: Rule) -> None:
    assert rule(sources(ROOT / "tests")) == []


@pytest.mark.parametrize("rule", {*RULES_FOR_CODE, *RULES_FOR_TESTS}, ids=lambda rule: rule.__name__)
def test_a_sound_house_breaks_no_rule(rule: Rule, tmp_path: Path) -> None:
    assert rule(sources(plant(tmp_path, {}))) == []


@pytest.mark.parametrize(("rule", "wrong", "line"), VIOLATIONS)
def test_a_planted_violation_is_found(rule: Rule, wrong: Mapping[str, str], line: str, tmp_path: Path) -> None:
    found = rule(sources(plant(tmp_path, wrong)))

    assert found[0].startswith(line)


def test_every_rule_was_seen_to_fail() -> None:
    assert {rule for rule, _, _ in VIOLATIONS} == {*RULES_FOR_CODE, *RULES_FOR_TESTS}


def test_catching_everything_to_raise_it_again_is_fine(tmp_path: Path) -> None:
    package = plant(tmp_path, {"application/jobs/run.py": "try: f()\nexcept BaseException:\n    undo()\n    raise"})

    assert broad_excepts(sources(package)) == []


def test_the_aims_are_measured(record_testsuite_property: Callable[[str, object], None]) -> None:
    told = figures(sources(PACKAGE))

    record_testsuite_property("budgets", told)
    assert told.count("p95") == 3
