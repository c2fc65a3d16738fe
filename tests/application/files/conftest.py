import pytest

from tests.support.file_house import FileHouse


@pytest.fixture
def house() -> FileHouse:
    return FileHouse()
