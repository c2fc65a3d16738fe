"""How Pixie gets onto a machine that has nothing but Python."""

import base64
import hashlib
import http.server
import importlib.util
import io
import os
import ssl
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "bootstrap.py"
LINUX = ["manylinux_*_x86_64"]


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The script, as if it lay in a checkout of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.TOOLS = tmp_path / ".uv"  # type: ignore[attr-defined]  # what the script names itself
    return module


def wheel_of(version: str, program: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"uv-{version}.data/scripts/uv", program)
    return content.getvalue()


class Index:
    """A package index on this machine that knows one project, in the older form, and may want a password."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fragments: dict[str, str] = {}
        self.password = ""
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = "Basic " + base64.b64encode(index.password.encode()).decode()
                if index.password and self.headers["Authorization"] != wanted:
                    return self.send_error(401)
                name = self.path.rpartition("/")[2]
                content = index.files.get(name) if name else index.page()
                self.send_response(200 if content else 404)
                self.end_headers()
                self.wfile.write(content or b"")
                return None

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                del format, args

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/simple"

    def add(self, name: str, content: bytes) -> None:
        self.files[name] = content
        self.fragments[name] = hashlib.sha256(content).hexdigest()

    def page(self) -> bytes:
        links = (f'<a href="../../files/{name}#sha256={self.fragments[name]}">{name}</a>' for name in self.files)
        return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode()


@pytest.fixture
def index() -> Iterator[Index]:
    index = Index()
    thread = threading.Thread(target=index.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield index
    index.server.shutdown()
    thread.join()
    index.server.server_close()


def test_uv_is_fetched_checked_and_made_ready_to_run(bootstrap: ModuleType, index: Index) -> None:
    for platform in ("manylinux_2_17_x86_64", "manylinux_2_28_aarch64", "macosx_11_0_arm64", "musllinux_1_1_x86_64"):
        index.add(f"uv-9.9.9-py3-none-{platform}.whl", wheel_of("9.9.9", "#!/bin/sh\necho uv 9.9.9\n"))
    uv = bootstrap.fetch_uv(index.url)
    assert subprocess.run([uv, "--version"], capture_output=True, check=True).stdout == b"uv 9.9.9\n"
    assert bootstrap.version_of(uv) == (9, 9, 9)
    assert [entry.name for entry in Path(uv).parent.iterdir()] == ["uv"]


def test_a_file_that_is_not_what_the_index_says_is_not_run(bootstrap: ModuleType, index: Index) -> None:
    for name in ("manylinux_2_17_x86_64", "manylinux_2_28_aarch64", "macosx_11_0_arm64"):
        index.add(f"uv-9.9.9-py3-none-{name}.whl", wheel_of("9.9.9", "evil"))
    index.fragments = dict.fromkeys(index.files, "0" * 64)
    with pytest.raises(SystemExit, match="checksums differ"):
        bootstrap.fetch_uv(index.url)
    assert not bootstrap.TOOLS.exists()


def test_an_index_with_a_password_gets_it_and_nobody_reads_it(bootstrap: ModuleType, index: Index) -> None:
    index.password = "me:s3cr@t"
    index.add("uv-9.9.9-py3-none-manylinux_2_17_x86_64.whl", b"words")
    url = index.url.replace("http://", "http://me:s3cr%40t@")
    [wheel] = bootstrap.wheels_of(url, "uv")
    assert wheel.version == "9.9.9"
    assert bootstrap.fetch(wheel.url) == b"words"
    assert "s3cr" not in bootstrap.shown(url)


def test_without_a_network_it_says_so(bootstrap: ModuleType) -> None:
    with pytest.raises(SystemExit, match="cannot be reached"):
        bootstrap.wheels_of("http://127.0.0.1:1/simple", "uv")


def test_the_newer_form_of_an_index_is_understood(bootstrap: ModuleType, index: Index) -> None:
    index.page = lambda: (  # type: ignore[method-assign]  # another form of the same page
        b'{"files": [{"url": "/files/uv-1.0.0-py3-none-any.whl", "hashes": {"sha256": "ab"}, "yanked": false},'
        b'{"url": "/files/uv-1.0.1-py3-none-any.whl", "hashes": {"sha256": "cd"}, "yanked": "broken"}]}'
    )
    assert [(wheel.name, wheel.sha256) for wheel in bootstrap.wheels_of(index.url, "uv")] == [
        ("uv-1.0.0-py3-none-any.whl", "ab")
    ]


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["0.12.0", "0.13.9", "0.14.0"], "0.13.9"),
        (["0.9.9", "0.10.1", "0.10.0"], "0.10.1"),
        (["0.13.9rc1", "0.12.0"], "0.12.0"),
        ([], None),
    ],
)
def test_the_known_version_is_preferred_then_the_newest(
    bootstrap: ModuleType, offered: list[str], chosen: str | None
) -> None:
    wheels = [
        bootstrap.Wheel(f"uv-{version}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "", "")
        for version in offered
    ]
    found = bootstrap.chosen_wheel(wheels, LINUX)
    assert (found and found.version) == chosen


@pytest.mark.parametrize(
    ("system", "machine", "libc", "fits"),
    [
        ("linux", "x86_64", "glibc", "manylinux_2_17_x86_64"),
        ("linux", "aarch64", "glibc", "manylinux_2_28_aarch64"),
        ("linux", "x86_64", "", "musllinux_1_1_x86_64"),
        ("darwin", "arm64", "", "macosx_11_0_arm64"),
        ("darwin", "x86_64", "", "macosx_10_12_x86_64"),
    ],
)
def test_every_system_gets_the_program_it_can_run(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, system: str, machine: str, libc: str, fits: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.libc_ver", lambda: (libc, ""))
    all_of_them = [
        "linux_armv6l",
        "macosx_10_12_x86_64",
        "macosx_11_0_arm64",
        "manylinux_2_17_x86_64",
        "manylinux_2_28_aarch64",
        "musllinux_1_1_x86_64",
        "win_amd64",
    ]
    wheels = [bootstrap.Wheel(f"uv-1.0.0-py3-none-{tag}.whl", "", "") for tag in all_of_them]
    found = bootstrap.chosen_wheel(wheels, bootstrap.suitable_platforms())
    assert found
    assert found.platforms == [fits]


def test_windows_is_told_of_wsl(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit, match="WSL"):
        bootstrap.suitable_platforms()


@pytest.mark.parametrize(
    ("environ", "index"),
    [
        ({}, "https://pypi.org/simple"),
        ({"PIP_INDEX_URL": "https://a/simple/"}, "https://a/simple"),
        ({"PIP_INDEX_URL": "https://a/simple", "UV_INDEX_URL": "https://b/simple"}, "https://b/simple"),
        ({"UV_DEFAULT_INDEX": "mine=https://c/simple?x=1"}, "https://c/simple?x=1"),
    ],
)
def test_the_index_is_the_one_that_is_set(bootstrap: ModuleType, environ: dict[str, str], index: str) -> None:
    assert bootstrap.chosen_index(environ) == index


@pytest.mark.parametrize(("said", "used"), [("uv 0.13.9 (abc)", True), ("uv 0.2.0", False), ("what?", False)])
def test_only_a_uv_that_is_new_enough_is_used(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, used: bool
) -> None:
    on_path = tmp_path / "uv"
    on_path.write_text(f"#!/bin/sh\necho '{said}'\n")
    on_path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert bootstrap.find_uv() == (str(on_path) if used else None)


@pytest.mark.parametrize(
    ("set_already", "given"),
    [
        ({}, {"SSL_CERT_FILE": "{home}/store.pem"}),
        ({"PIP_CERT": "/mine.pem"}, {"SSL_CERT_FILE": "/mine.pem"}),
        ({"SSL_CERT_DIR": "/mine"}, {"SSL_CERT_DIR": "/mine"}),
        ({"UV_SYSTEM_CERTS": "true"}, {}),
    ],
)
def test_uv_trusts_whom_this_python_trusts_unless_somebody_said_otherwise(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    set_already: dict[str, str],
    given: dict[str, str],
) -> None:
    (tmp_path / "store.pem").write_text("certificates")
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\nenv > "{tmp_path}/seen"\n')
    uv.chmod(0o755)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_already.items():
        monkeypatch.setenv(name, value)
    store = ssl.DefaultVerifyPaths(str(tmp_path / "store.pem"), "", "", "", "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: store)

    bootstrap.run(str(uv), "sync")

    seen = dict(line.partition("=")[::2] for line in (tmp_path / "seen").read_text().splitlines())
    names = {"SSL_CERT_FILE", "SSL_CERT_DIR"} & seen.keys()
    assert {name: seen[name] for name in names} == {k: v.format(home=tmp_path) for k, v in given.items()}


@pytest.mark.parametrize(("folder", "expected"), [("certs", "SSL_CERT_DIR"), ("empty", "")])
def test_an_empty_store_of_certificates_is_none(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str, expected: str
) -> None:
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "one.pem").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.pem").touch()
    store = ssl.DefaultVerifyPaths(str(tmp_path / "empty.pem"), str(tmp_path / folder), "", "", "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: store)
    assert "".join(bootstrap.certificates_of_the_system({})) == expected


def test_an_old_python_is_told_at_once(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11"):
        bootstrap.main()


def test_make_help_lists_every_command() -> None:
    shown = subprocess.run(["make", "help"], cwd=SCRIPT.parents[1], capture_output=True, text=True, check=True).stdout
    for command in ("setup", "up", "test", "soak", "check", "format", "bench", "api", "worker", "scheduler", "clean"):
        assert f"make {command} " in shown
