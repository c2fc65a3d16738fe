import socket
import threading
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.ports import free_port
from pixie.entrypoints.supervisor.plan import Address, BadPlan, plan_of_pixie


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("pixie.example", "http://pixie.example:8000"),
    ],
)
def test_the_address_shown_is_one_that_can_be_opened(host: str, url: str) -> None:
    assert Address(host, 8000).url == url


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(BadPlan, match=rf"port {port}: Address already in use.*--port {port + 1}"):
            Address("127.0.0.1", port).check_free()


def test_a_free_port_is_no_obstacle() -> None:
    Address("127.0.0.1", free_port()).check_free()


@pytest.mark.parametrize(
    ("answer", "ready"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"", False),
        (b"nonsense\r\n", False),
    ],
)
def test_only_an_answer_of_200_means_ready(answer: bytes, ready: bool) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                asked.append(connection.recv(1000))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert Address("127.0.0.1", server.getsockname()[1]).answers_ready() is ready
        thread.join()
    assert asked[0].startswith(b"GET /health/ready HTTP/1.1\r\n")


def test_where_nobody_listens_nobody_is_ready() -> None:
    assert not Address("127.0.0.1", free_port()).answers_ready()


def test_work_stops_where_it_begins_first_and_the_api_last(tmp_path: Path) -> None:
    plan = plan_of_pixie(folder=DataFolder(tmp_path), address=Address("127.0.0.1", 1), embedded=True, development=True)
    stopped = sorted(plan.children, key=lambda child: child.turn)
    assert [child.name for child in stopped] == ["scheduler", "worker", "compute", "api"]


@pytest.mark.parametrize("development", [True, False])
def test_every_process_is_told_where_its_data_lies(tmp_path: Path, development: bool) -> None:
    plan = plan_of_pixie(
        folder=DataFolder(tmp_path), address=Address("127.0.0.1", 81), embedded=True, development=development
    )
    assert plan.env["PIXIE_DATA_DIR"] == str(tmp_path)
    assert plan.env["PIXIE_HTTP_PORT"] == "81"
    assert plan.env.get("PIXIE_ENV") == ("development" if development else None)
