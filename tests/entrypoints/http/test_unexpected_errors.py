import pytest
from litestar import Litestar, get
from litestar.datastructures import State
from litestar.testing import TestClient

from pixie.entrypoints.http.errors import DEBUG, EXCEPTION_HANDLERS


@get("/fault", sync_to_thread=False)
def fault() -> None:
    raise RuntimeError("inner words")


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_is_told_with_its_trace_in_debug_mode_only(debug: bool) -> None:
    app = Litestar([fault], exception_handlers=EXCEPTION_HANDLERS, state=State({DEBUG: debug}), logging_config=None)

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/fault")

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert ("inner words" in answer.text) is debug
