"""The import contracts of `pyproject.toml` hold, and each is seen to fail on a planted violation."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from importlinter import configuration
from importlinter.application.use_cases import lint_imports

from tests.architecture.planting import NAME, plant
from tests.architecture.source import ROOT

configuration.configure()
PYPROJECT = ROOT / "pyproject.toml"
CONTRACTS = tuple(
    contract["id"]
    for contract in tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
)


def holds(config: Path, *contracts: str) -> bool:
    return lint_imports(str(config), limit_to_contracts=contracts, cache_dir=None, no_logo=True)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same contracts, for the planted package."""
    text = PYPROJECT.read_text(encoding="utf-8")
    contracts = text[text.index("[tool.importlinter]") :].replace('"pixie', f'"{NAME}')
    path = tmp_path / "contracts.toml"
    path.write_text(contracts, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return path


def test_all_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert holds(PYPROJECT), capsys.readouterr().out


def test_a_sound_house_keeps_all_contracts(tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path, {})

    assert holds(config), capsys.readouterr().out


VIOLATIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("layers", {"domain/jobs/job.py": "import planted.application.jobs.ports"}),
    ("layers", {"application/jobs/submit_job.py": "import planted.adapters.jobs.pg_job_store"}),
    ("layers", {"adapters/jobs/pg_job_store.py": "import planted.entrypoints.asgi"}),
    ("layers", {"utils/text.py": ""}),
    ("pure", {"domain/jobs/job.py": "import msgspec"}),
    ("pure", {"application/jobs/submit_job.py": "def later():\n    import sqlalchemy.orm"}),
    ("entrances", {"entrypoints/http/jobs/controller.py": "import planted.adapters.kernel.database"}),
    ("entrances", {"entrypoints/actors/jobs.py": "import planted.entrypoints.wiring.jobs"}),
    ("entrances", {"entrypoints/web/page.py": "import planted.adapters.kernel.database"}),
    ("domain-modules", {"domain/jobs/job.py": "import planted.domain.credits.errors"}),
    ("domain-modules", {"domain/kernel/clock.py": "import planted.domain.jobs"}),
    ("domain-modules", {"domain/shared/money.py": ""}),
    ("adapter-modules", {"adapters/jobs/pg_job_store.py": "import planted.adapters.credits.accounts_gift"}),
    ("adapter-modules", {"adapters/common_stuff.py": ""}),
    ("application-modules", {"application/accounts/register.py": "import planted.application.credits.api"}),
    ("application-modules", {"application/kernel/page.py": "import planted.application.jobs.ports"}),
    ("application-modules", {"application/services/jobs.py": ""}),
    ("acyclic", {"domain/jobs/job.py": "from . import pricing", "domain/jobs/pricing.py": "from . import job"}),
    ("ports", {"entrypoints/http/jobs/controller.py": "import planted.application.jobs.ports"}),
    ("ports", {"entrypoints/asgi.py": "import planted.application.credits.ports"}),
)


@pytest.mark.parametrize(("contract", "wrong"), VIOLATIONS, ids=lambda value: value if isinstance(value, str) else None)
def test_a_planted_violation_breaks_its_contract(
    contract: str, wrong: Mapping[str, str], tmp_path: Path, config: Path
) -> None:
    plant(tmp_path, wrong)

    assert not holds(config, contract)


def test_every_contract_was_seen_to_fail() -> None:
    assert {contract for contract, _ in VIOLATIONS} == set(CONTRACTS)
