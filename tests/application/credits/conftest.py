import pytest

from tests.support.fakes.credits import FakeCredits


@pytest.fixture
def books() -> FakeCredits:
    return FakeCredits()
