import asyncio
import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixie.application.files.limits import FileLimits
from pixie.domain.files.errors import ImageTooManyPixels, InvalidImage, UnsupportedMediaType
from pixie.domain.kernel.errors import PixieError
from tests.support.file_api import file_api
from tests.support.file_house import FileHouse

ANNA = {"Authorization": "Bearer anna"}
PATH = "/api/files/upload"
PICTURE = b"the bytes of a picture" * 100
BOUNDARY = "frontier"
FORM = {**ANNA, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.fixture(autouse=True)
def nothing_stays_staged(house: FileHouse) -> object:
    yield
    assert house.staging.holds == 0


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


FILE = part("file", PICTURE, "sunset.png")


async def test_a_picture_is_kept_and_described(client: httpx.AsyncClient, house: FileHouse) -> None:
    answer = await client.post(PATH, headers=ANNA, files={"file": ("غروب.png", PICTURE, "text/html")})

    view = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"http://pixie.test/api/files/{view['id']}"
    assert view["original_name"] == "غروب.png"
    assert view["mime_type"] == "image/png"
    assert view["file_size"] == len(PICTURE)
    assert view["checksum_sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert PICTURE in house.blobs.blobs.values()


async def test_the_body_may_come_in_pieces_of_any_size(client: httpx.AsyncClient, house: FileHouse) -> None:
    body = form(part("is_temporary", b"true"), FILE)
    for size in (1, 2, 7, 100, 1000):

        async def pieces(size: int = size) -> AsyncIterator[bytes]:
            for at in range(0, len(body), size):
                yield body[at : at + size]

        answer = await client.post(PATH, headers=FORM, content=pieces())
        assert (answer.status_code, answer.json()["is_temporary"]) == (201, True)

    assert {blob for blob in house.blobs.blobs.values() if blob != b"small"} == {PICTURE}


@pytest.mark.parametrize(
    ("said", "meant"), [(b"true", True), (b"1", True), (b" TRUE ", True), (b"false", False), (b"0", False)]
)
async def test_a_file_is_temporary_when_the_form_says_so(client: httpx.AsyncClient, said: bytes, meant: bool) -> None:
    for parts in ((FILE, part("is_temporary", said)), (part("is_temporary", said), FILE)):
        answer = await client.post(PATH, headers=FORM, content=form(*parts))
        assert (answer.status_code, answer.json()["is_temporary"]) == (201, meant)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (form(), "/file"),
        (form(part("is_temporary", b"true")), "/file"),
        (form(part("file", b"", "empty.png")), "/file"),
        (form(FILE, FILE), "/file"),
        (form(FILE, part("is_temporary", b"1"), part("is_temporary", b"1")), "/is_temporary"),
        (form(FILE, part("is_temporary", b"maybe")), "/is_temporary"),
        (form(FILE, part("is_temporary", b"")), "/is_temporary"),
        (form(FILE, part("is_temporary", b"\xff")), "/is_temporary"),
        (form(FILE, part("is_temporary", b"1" * 5000)), "/is_temporary"),
        (form(FILE, part("project", b"x")), "/project"),
        (form(part("File", PICTURE, "x.png")), "/File"),
    ],
)
async def test_a_form_of_the_wrong_shape_says_where_it_is_wrong(
    client: httpx.AsyncClient, house: FileHouse, body: bytes, pointer: str
) -> None:
    answer = await client.post(PATH, headers=FORM, content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (house.shelf.rows, house.blobs.blobs) == ({}, {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        FILE,
        form(FILE)[:-6],
        form(FILE).replace(b"\r\n", b"\n"),
        form(b"--" + BOUNDARY.encode() + b"\r\n\r\ncontent\r\n"),
        form(part("file", PICTURE, "x.png").replace(b"Content-Disposition", b"Content-\xff")),
        form(part("file", PICTURE, "x" * 10_000)),
        form(part("file", PICTURE, "x.png").replace(b"form-data;", b"attachment;")),
    ],
)
async def test_a_broken_body_is_an_invalid_request(client: httpx.AsyncClient, house: FileHouse, body: bytes) -> None:
    answer = await client.post(PATH, headers=FORM, content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert house.shelf.rows == {}


async def test_a_file_name_beyond_all_bounds_is_refused_in_a_sentence(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, headers=FORM, content=form(part("file", PICTURE, "x" * 4_300 + ".png")))

    assert answer.status_code == 400
    assert answer.json()["detail"] == (
        "A part has more than 8 headers, or one of more than 4224 bytes, such as a very long file name."
    )


@pytest.mark.parametrize(
    ("content_type", "status", "code"),
    [
        ("application/json", 415, "unsupported_media_type"),
        ("image/png", 415, "unsupported_media_type"),
        ("multipart/mixed; boundary=x", 415, "unsupported_media_type"),
        ("", 415, "unsupported_media_type"),
        ("multipart/form-data", 400, "invalid_request"),
        ("multipart/form-data; boundary=", 400, "invalid_request"),
        ("multipart/form-data; boundary=" + "x" * 71, 400, "invalid_request"),
    ],
)
async def test_a_body_that_is_no_form_is_refused(
    client: httpx.AsyncClient, content_type: str, status: int, code: str
) -> None:
    answer = await client.post(PATH, headers={**ANNA, "Content-Type": content_type}, content=form(FILE))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("found", "status", "code"),
    [
        (UnsupportedMediaType(), 415, "unsupported_media_type"),
        (InvalidImage("it ends too early"), 422, "invalid_image"),
        (ImageTooManyPixels(width=50_000, height=50_000, limit=100_000_000), 422, "image_too_many_pixels"),
    ],
)
async def test_a_picture_that_is_no_good_is_refused(
    client: httpx.AsyncClient, house: FileHouse, found: PixieError, status: int, code: str
) -> None:
    house.inspector.finds = found

    answer = await client.post(PATH, headers=FORM, content=form(FILE))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (house.shelf.rows, house.blobs.blobs) == ({}, {})


async def test_a_file_over_the_limit_is_refused_and_told_the_limit(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.limits = FileLimits(max_upload_bytes=2000)

    answer = await client.post(PATH, headers=FORM, content=form(FILE))

    assert (answer.status_code, answer.json()["code"], answer.json()["max_bytes"]) == (413, "file_too_large", 2000)


async def test_a_length_over_the_limit_is_refused_when_announced_or_as_soon_as_it_shows(
    client: httpx.AsyncClient, house: FileHouse
) -> None:
    house.limits = FileLimits(max_upload_bytes=2000)
    read = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 1000

    announced = await client.post(PATH, headers={**FORM, "Content-Length": "70000000"}, content=endless())
    assert (announced.status_code, len(read)) == (413, 0)

    silent = await client.post(PATH, headers=FORM, content=endless())
    assert (silent.status_code, len(read)) == (413, 68)


async def test_an_endless_tail_is_not_read_for_ever(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.limits = FileLimits(max_upload_bytes=3000)

    async def endless() -> AsyncIterator[bytes]:
        yield form(FILE)
        while True:
            yield b"\r\n" * 500

    answer = await client.post(PATH, headers=FORM, content=endless())

    assert answer.status_code == 413
    assert house.shelf.rows == {}


async def test_the_limit_of_other_bodies_does_not_hold_for_uploads(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, headers=FORM, content=form(part("file", b"x" * 100_000, "x.png")))

    assert answer.status_code == 201


async def test_a_storage_that_is_down_answers_503(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.blobs.down = True

    answer = await client.post(PATH, headers=FORM, content=form(FILE))

    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


async def test_the_same_upload_under_the_same_key_is_answered_once_more(
    client: httpx.AsyncClient, house: FileHouse
) -> None:
    first = await client.post(PATH, headers={**ANNA, "Idempotency-Key": "k"}, files={"file": ("a.png", PICTURE)})
    again = await client.post(PATH, headers={**ANNA, "Idempotency-Key": "k"}, files={"file": ("a.png", PICTURE)})

    assert first.request.headers["Content-Type"] != again.request.headers["Content-Type"]  # other boundaries
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert len(house.shelf.rows) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"files": {"file": ("a.png", PICTURE + b"!")}},
        {"files": {"file": ("b.png", PICTURE)}},
        {"files": {"file": ("a.png", PICTURE)}, "data": {"is_temporary": "true"}},
    ],
)
async def test_another_upload_under_the_same_key_is_refused(
    client: httpx.AsyncClient, house: FileHouse, other: dict[str, object]
) -> None:
    keyed = {**ANNA, "Idempotency-Key": "k"}
    await client.post(PATH, headers=keyed, files={"file": ("a.png", PICTURE)})

    answer = await client.post(PATH, headers=keyed, **other)  # type: ignore[arg-type]  # httpx's own words

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert len(house.shelf.rows) == 1


async def test_a_refusal_is_kept_and_answered_again(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.inspector.finds = InvalidImage("it ends too early")
    keyed = {**ANNA, "Idempotency-Key": "k"}
    first = await client.post(PATH, headers=keyed, files={"file": ("a.png", PICTURE)})
    again = await client.post(PATH, headers=keyed, files={"file": ("a.png", PICTURE)})

    assert (first.status_code, again.status_code) == (422, 422)
    assert again.json()["code"] == "invalid_image"
    assert len(house.inspector.inspected) == 1


async def test_a_client_that_goes_away_leaves_nothing_behind(house: FileHouse) -> None:
    messages = iter([{"type": "http.request", "body": form(FILE)[:1000], "more_body": True}])
    sent = []

    async def receive() -> object:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: dict[str, object]) -> None:
        sent.append(message.get("status"))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in FORM.items()],
        "client": ("127.0.0.1", 1),
        "server": ("pixie.test", 80),
    }
    await file_api(house)(scope, receive, send)  # type: ignore[arg-type]  # plain dicts, as a server sends them

    assert sent[0] == 400  # heard by nobody, and no fault of ours
    assert (house.shelf.rows, house.blobs.blobs) == ({}, {})


async def test_a_client_that_falls_silent_is_not_waited_for_for_ever(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pixie.entrypoints.http.files.form.IDLE_SECONDS", 0.05)

    async def silent() -> AsyncIterator[bytes]:
        yield form(FILE)[:1000]
        await asyncio.sleep(30)

    answer = await client.post(PATH, headers=FORM, content=silent())

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@given(
    st.one_of(
        st.binary(max_size=500),
        st.tuples(st.integers(0, len(form(FILE))), st.binary(min_size=1, max_size=20)).map(
            lambda at_and_what: form(FILE)[: at_and_what[0]] + at_and_what[1] + form(FILE)[at_and_what[0] + 1 :]
        ),
        st.lists(
            st.sampled_from([b"--frontier", b"\r\n", b"--", b'name="file"', b"Content-Disposition: form-data;", b":"])
        ).map(b"".join),
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_body_whatsoever_is_a_fault_of_ours(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(PATH, headers=FORM, content=body)

    assert answer.status_code in {201, 400}
