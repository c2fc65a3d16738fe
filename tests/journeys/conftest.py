from collections.abc import Iterator

import pytest

from tests.support.chromium import Chromium, chromium
from tests.support.journey import RunningPixie, running_pixie


@pytest.fixture(scope="session")
def pixie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPixie]:
    """One system for all who do it no harm."""
    with running_pixie(tmp_path_factory.mktemp("pixie")) as one:
        yield one


@pytest.fixture(scope="session")
def rough_pixie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPixie]:
    """One system for those who kill parts of it, and wait until it has recovered."""
    with running_pixie(tmp_path_factory.mktemp("rough")) as one:
        yield one


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("browser")) as one:
        yield one
