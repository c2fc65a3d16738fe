from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.file_api import file_api
from tests.support.file_house import FileHouse


@pytest.fixture
def house() -> FileHouse:
    return FileHouse()


@pytest.fixture
async def client(house: FileHouse) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=file_api(house))  # type: ignore[arg-type]  # two spellings of one protocol
    async with httpx.AsyncClient(transport=transport, base_url="http://pixie.test") as client:
        yield client
