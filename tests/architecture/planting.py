"""A small house with one thing wrong in it, for seeing a rule fail."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import grimp
import pytest

from tests.architecture.source import MODULES

NAME = "planted"

_SOUND = {
    "domain/kernel/errors.py": "class PixieError(Exception): ...",
    "domain/credits/errors.py": "from planted.domain.kernel.errors import PixieError",
    "application/credits/ports.py": "from planted.domain.credits import errors",
    "application/credits/views.py": "",
    "application/credits/api.py": "from planted.application.credits import ports, views",
    "application/accounts/ports.py": "",
    "application/jobs/ports.py": "from planted.domain.kernel import errors",
    "application/jobs/submit_job.py": (
        "import planted.application.credits.api\nfrom planted.application.jobs import ports\n"
    ),
    "adapters/kernel/database.py": "import asyncpg",
    "adapters/credits/accounts_gift.py": "from planted.application.accounts import ports",
    "adapters/jobs/pg_job_store.py": (
        "from planted.adapters.kernel import database\nfrom planted.application.jobs import ports\n"
    ),
    "entrypoints/http/jobs/controller.py": (
        "import litestar\nfrom planted.application.jobs import submit_job\nfrom planted.domain.credits import errors\n"
    ),
    "entrypoints/actors/jobs.py": "from planted.application.jobs import submit_job",
    "entrypoints/web/page.py": "",
    "entrypoints/wiring/jobs.py": (
        "from planted.adapters.jobs import pg_job_store\nfrom planted.application.jobs import ports\n"
    ),
    "entrypoints/asgi.py": "from planted.entrypoints.wiring import jobs",
}


def plant(folder: Path, wrong: Mapping[str, str]) -> Path:
    """A package `planted` in `folder`, sound but for the files given."""
    package = folder / NAME
    for layer in ("domain", "application", "adapters"):
        for module in ("kernel", *MODULES):
            _write(package / layer / module / "__init__.py", "")
    for path, text in {**_SOUND, **wrong}.items():
        _write(package / path, dedent(text).strip() + "\n" if text.strip() else "")
    for inside in [path for path in package.rglob("*") if path.is_dir()] + [package]:
        (inside / "__init__.py").touch()
    return package


def planted_imports(folder: Path, wrong: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> grimp.ImportGraph:
    plant(folder, wrong)
    monkeypatch.syspath_prepend(str(folder))
    return grimp.build_graph(NAME, include_external_packages=True, cache_dir=None)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
