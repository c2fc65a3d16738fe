"""Files as they are served: real pictures, real sockets, clients that behave badly."""

import json
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from pixie.adapters.kernel.embedded.launcher import Launcher
from pixie.adapters.kernel.embedded.redis import EmbeddedRedis
from tests.support.pictures import encoded, picture, png_claiming, scene
from tests.support.served_api import ServedApi, served_api
from tests.support.waiting import eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(180)]

UPLOAD = "/api/files/upload"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def api(
    tmp_path_factory: pytest.TempPathFactory,
    launcher: Launcher,
    module_database_url: str,
    redis_engine: EmbeddedRedis,
) -> Iterator[ServedApi]:
    with served_api(tmp_path_factory.mktemp("api"), launcher, module_database_url, redis_engine.url) as api:
        yield api


@pytest.fixture(scope="module")
def client(api: ServedApi) -> Iterator[httpx.Client]:
    """Signed in."""
    with httpx.Client(base_url=api.url, timeout=60) as client:
        somebody = {"email": "anna@example.com", "password": "correct horse battery", "name": "Anna"}
        answer = client.post("/api/auth/register", json=somebody)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


@pytest.fixture(scope="module")
def large_picture() -> bytes:
    """Some 45 MB that no packer makes smaller."""
    noise = random.Random(7).randbytes(3 * 3900 * 3850)
    return encoded(Image.frombytes("RGB", (3900, 3850), noise), "PNG", compress_level=0)


def uploaded(client: httpx.Client, content: bytes, name: str = "picture") -> dict[str, Any]:
    answer = client.post(UPLOAD, files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


def start_of_upload(client: httpx.Client, length: int) -> bytes:
    head = (
        f"POST {UPLOAD} HTTP/1.1\r\nHost: pixie\r\nAuthorization: {client.headers['Authorization']}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    )
    part = '--b\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n'
    return (head + part).encode()


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_goes_in_and_comes_out_byte_by_byte(client: httpx.Client, format_name: str) -> None:
    content = picture(format_name, 640, 480)

    view = uploaded(client, content, "غروب.bin")

    assert view["mime_type"] == f"image/{format_name.lower()}"
    assert (view["width"], view["height"], view["original_name"]) == (640, 480, "غروب.bin")
    anonymous = httpx.get(view["url"])
    assert (anonymous.content, anonymous.headers["Content-Type"]) == (content, view["mime_type"])
    part = httpx.get(view["url"], headers={"Range": "bytes=-100"})
    assert (part.status_code, part.content) == (206, content[-100:])
    thumbnail = Image.open(BytesIO(httpx.get(view["thumbnail_url"]).content))
    assert thumbnail.format == "WEBP"
    assert max(thumbnail.size) <= 640


def test_a_file_is_described_listed_linked_and_deleted(client: httpx.Client) -> None:
    view = uploaded(client, picture("PNG"), "to be deleted.png")
    me = client.get("/api/auth/me").json()["id"]
    path = f"/api/files/{view['id']}"

    assert client.get(f"{path}/metadata").json()["format"] == "png"
    listed = client.get(f"/api/files/user/{me}", params={"q": "TO BE DEL", "mime_type": "image/png"}).json()
    assert listed == {"items": [view], "next_cursor": None}
    assert client.get(f"{path}/url").json()["url"] == view["url"]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert httpx.get(view["url"]).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<!doctype html><script>alert(1)</script>" * 10, 415, "unsupported_media_type"),
        (picture("JPEG", 800, 600)[:-4000], 422, "invalid_image"),
        (png_claiming(50_000, 50_000), 422, "image_too_many_pixels"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), 422, "invalid_image"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(100), 415, "unsupported_media_type"),
    ],
)
def test_what_is_no_good_picture_is_refused_and_leaves_nothing_behind(
    api: ServedApi, client: httpx.Client, content: bytes, status: int, code: str
) -> None:
    before = len(api.blobs())

    answer = client.post(UPLOAD, files={"file": ("picture.png", content, "image/png")})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.elapsed.total_seconds() < 10
    assert (api.staged(), len(api.blobs())) == ([], before)


def test_a_large_picture_passes_through_without_ever_being_in_memory(
    api: ServedApi, client: httpx.Client, large_picture: bytes
) -> None:
    uploaded(client, picture("PNG"))
    before = api.peak_memory()

    view = uploaded(client, large_picture)
    after_upload = api.peak_memory()
    with httpx.stream("GET", view["url"]) as answer:
        time.sleep(0.5)  # nobody reads: it must not pile up
        size = sum(len(chunk) for chunk in answer.iter_raw())

    assert size == len(large_picture)
    assert after_upload - before < 12 * MEGABYTE
    assert api.peak_memory() - after_upload < 12 * MEGABYTE


def test_a_reader_that_goes_away_lets_go_of_the_file(
    api: ServedApi, client: httpx.Client, large_picture: bytes
) -> None:
    view = uploaded(client, large_picture)
    before = api.descriptors()
    for _ in range(5):
        with httpx.stream("GET", view["url"]) as answer:
            next(answer.iter_raw())

    assert eventually(lambda: api.descriptors() <= before)


def test_an_upload_cut_off_leaves_nothing_behind(api: ServedApi, client: httpx.Client) -> None:
    before = len(api.blobs())
    with socket.create_connection(("127.0.0.1", api.port)) as connection:
        connection.sendall(start_of_upload(client, 10 * MEGABYTE) + bytes(MEGABYTE))
        assert eventually(api.staged)

    assert eventually(lambda: not api.staged())
    assert len(api.blobs()) == before


def test_a_file_too_large_is_refused_while_it_is_still_sent(api: ServedApi, client: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", api.port), timeout=20) as connection:
        connection.sendall(start_of_upload(client, 80 * MEGABYTE))
        answer = connection.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 413")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "file_too_large"
    assert api.staged() == []


def test_a_file_too_large_of_unknown_length_is_refused_as_soon_as_it_shows(
    api: ServedApi, client: httpx.Client
) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n'
        for _ in range(1000):
            yield bytes(MEGABYTE)

    try:
        answer = client.post(UPLOAD, content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"})
        assert answer.status_code == 413
    except httpx.WriteError:  # the connection was closed before this client cared to read
        pass
    assert eventually(lambda: not api.staged())


def test_many_uploads_at_once_are_all_kept(client: httpx.Client) -> None:
    contents = [encoded(scene(200 + number, 150), "PNG") for number in range(24)]
    with ThreadPoolExecutor(12) as threads:
        views = list(threads.map(lambda content: uploaded(client, content), contents))

    assert [view["width"] for view in views] == [200 + number for number in range(24)]


def test_the_same_key_at_the_same_time_keeps_one_file(client: httpx.Client) -> None:
    content = picture("PNG", 300, 200)

    def upload(_: int) -> httpx.Response:
        return client.post(UPLOAD, files={"file": ("same.png", content)}, headers={"Idempotency-Key": "one"})

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(upload, range(6)))

    kept = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(kept) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}


def test_with_the_storage_broken_uploads_answer_503_and_all_else_goes_on(
    tmp_path: Path, launcher: Launcher, database_url: str, redis_engine: EmbeddedRedis
) -> None:
    with (
        served_api(tmp_path, launcher, database_url, redis_engine.url) as api,
        httpx.Client(base_url=api.url, timeout=60) as client,
    ):
        somebody = {"email": "boris@example.com", "password": "correct horse battery", "name": "Boris"}
        token = client.post("/api/auth/register", json=somebody).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        view = uploaded(client, picture("PNG"))
        (api.data / "files").rename(api.data / "elsewhere")
        (api.data / "files").write_bytes(b"no folder")

        refused = client.post(UPLOAD, files={"file": ("x.png", picture("PNG"))})
        unread = client.get(view["url"])

        assert [(answer.status_code, answer.json()["code"]) for answer in (refused, unread)] == [
            (503, "storage_unavailable")
        ] * 2
        assert client.get("/api/auth/me").status_code == 200
        assert client.get(f"/api/files/{view['id']}/metadata").status_code == 200
        assert api.staged() == []
        (api.data / "files").unlink()
        (api.data / "elsewhere").rename(api.data / "files")
        assert client.get(view["url"]).status_code == 200
