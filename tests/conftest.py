from pathlib import Path

import pytest

ROOT = Path(__file__).parent

pytest_plugins = ["tests.support.engines", "tests.support.s3_server"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Adapters and entrances work with engines, files, sockets and child processes: none of it is for the fast loop."""
    for item in items:
        if {"adapters", "entrypoints"} & set(item.path.relative_to(ROOT).parts):
            item.add_marker(pytest.mark.infra)
