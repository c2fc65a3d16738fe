# ruff: noqa: INP001 - a script, no package
"""Installs Pixie into `.venv`, exactly as `uv.lock` says, with nothing but a Python: `python3 scripts/bootstrap.py`.

uv does it: the one on PATH when it is new enough, else one that is fetched into `.uv/`. It is fetched by hand, for
neither pip nor venv nor ensurepip is on every machine. With `--dev` the tools for tests and checks come too.

An index that is set as PIP_INDEX_URL, UV_INDEX_URL or UV_DEFAULT_INDEX is used for everything.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".uv"
VENV = ROOT / ".venv"
PYPI = "https://pypi.org/simple"
UV_VERSION = "0.13.9"
"""What is fetched; where an index does not have it, the newest that it has."""
UV_OLDEST = (0, 9, 0)
PYTHON_OLDEST = (3, 11)
TIMEOUT = 60


class Wheel(NamedTuple):
    """A file of an index."""

    name: str
    url: str
    sha256: str

    @property
    def version(self) -> str:
        return self.name.split("-")[1]

    @property
    def platforms(self) -> list[str]:
        return self.name[: -len(".whl")].split("-")[-1].split(".")


def main() -> None:
    if sys.version_info < PYTHON_OLDEST:
        fail(f"Pixie needs Python 3.11 or newer; this is {platform.python_version()}. Try: make PYTHON=python3.12")
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--dev", action="store_true", help="install the tools for tests and checks too")
    dev: bool = options.parse_args().dev
    index = chosen_index(os.environ)
    uv = find_uv() or fetch_uv(index)
    tell(f"Installing Pixie into {VENV.relative_to(ROOT)} …")
    if is_pypi(index):
        sync(uv, dev=dev)
    else:
        sync_from(index, uv, dev=dev)
    # Compiled now, the first start is as quick as the second, and all are where Python is told to write nothing.
    subprocess.run([str(VENV / "bin" / "python"), "-m", "compileall", "-q", str(ROOT / "src")], check=False)


def tell(words: str) -> None:
    sys.stderr.write(words + "\n")


def fail(words: str) -> NoReturn:
    sys.exit(f"Error: {words}")


def chosen_index(environ: Mapping[str, str]) -> str:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if environ.get(name):
            return re.sub(r"^[\w-]+=(?=\w+://)", "", environ[name]).rstrip("/")  # uv lets one name an index
    return PYPI


def is_pypi(index: str) -> bool:
    return urllib.parse.urlsplit(index).hostname == "pypi.org"


# Finding uv


def find_uv() -> str | None:
    for candidate in (shutil.which("uv"), str(TOOLS / "uv")):
        if candidate and (version_of(candidate) or (0,)) >= UV_OLDEST:
            return candidate
    return None


def version_of(uv: str) -> tuple[int, ...] | None:
    try:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True, timeout=TIMEOUT).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else None


# Fetching uv


def fetch_uv(index: str) -> str:
    wheel = chosen_wheel(wheels_of(index, "uv"), suitable_platforms())
    if wheel is None:
        fail(
            f"{shown(index)} has no uv for this system ({platform.platform()}). Install uv: https://docs.astral.sh/uv/"
        )
    tell(f"Fetching uv {wheel.version} …")
    content = fetch(wheel.url)
    if hashlib.sha256(content).hexdigest() != wheel.sha256:
        fail(f"{wheel.name} is not what {shown(index)} says it is: the checksums differ.")
    TOOLS.mkdir(exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        program = archive.read(f"uv-{wheel.version}.data/scripts/uv")
    draft = TOOLS / f"uv.{os.getpid()}"
    draft.write_bytes(program)
    draft.chmod(0o755)
    draft.replace(TOOLS / "uv")
    return str(TOOLS / "uv")


def suitable_platforms() -> list[str]:
    """The beginnings of the platform tags that this machine can run, the best first."""
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if sys.platform == "darwin":
        return ["macosx_*_" + machine]
    if sys.platform != "linux":
        fail("Pixie runs on Linux and macOS; on Windows, inside WSL.")
    machine = machine.replace("arm64", "aarch64")
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return [f"{libc}_*_{machine}"]


def chosen_wheel(wheels: list[Wheel], platforms: list[str]) -> Wheel | None:
    def runs(wheel: Wheel) -> bool:
        patterns = [re.compile(pattern.replace("*", r"\d+_\d+") + "$") for pattern in platforms]
        return any(pattern.match(tag) for pattern in patterns for tag in wheel.platforms)

    def rank(wheel: Wheel) -> tuple[bool, list[int]]:
        return wheel.version == UV_VERSION, [int(part) for part in wheel.version.split(".")]

    fitting = [wheel for wheel in wheels if re.fullmatch(r"\d+\.\d+\.\d+", wheel.version) and runs(wheel)]
    return max(fitting, key=rank, default=None)


def wheels_of(index: str, project: str) -> list[Wheel]:
    page = f"{index}/{project}/"
    if page.startswith("file:"):
        page += "index.html"
    content = fetch(page, accept="application/vnd.pypi.simple.v1+json, text/html;q=0.1")
    if content.lstrip().startswith(b"{"):
        files = json.loads(content)["files"]
        found = [(entry["url"], entry["hashes"].get("sha256", "")) for entry in files if not entry.get("yanked")]
    else:
        found = links_in(content.decode())
    wheels = []
    for link, sha256 in found:
        url = with_user_of(index, urllib.parse.urljoin(page, link))
        name = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rpartition("/")[2])
        if name.endswith(".whl") and sha256:
            wheels.append(Wheel(name, url, sha256))
    return wheels


def links_in(page: str) -> list[tuple[str, str]]:
    """The files of a page as PEP 503 has it, with their checksums."""
    links: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "a" and "data-yanked" not in given:
                url, _, fragment = (given.get("href") or "").partition("#")
                links.append((url, dict(urllib.parse.parse_qsl(fragment)).get("sha256", "")))

    Reader().feed(page)
    return links


def fetch(url: str, *, accept: str = "*/*") -> bytes:
    parts = urllib.parse.urlsplit(url)
    headers = {"Accept": accept, "User-Agent": "pixie-bootstrap"}
    if parts.username:
        user = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
    request = urllib.request.Request(without_user(url), headers=headers)  # noqa: S310 - where the index says
    trusted = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE"))
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT, context=trusted) as answer:  # noqa: S310
            content: bytes = answer.read()
            return content
    except (urllib.error.URLError, OSError) as error:
        fail(f"{shown(url)} cannot be reached: {error}. Is there a network, or a package index to be set?")


def without_user(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def with_user_of(index: str, url: str) -> str:
    """Files of an index that wants a password are behind the same one, when they lie on the same host."""
    theirs, own = urllib.parse.urlsplit(index), urllib.parse.urlsplit(url)
    same = theirs.hostname == own.hostname and not own.username
    return own._replace(netloc=theirs.netloc).geturl() if same else url


def shown(url: str) -> str:
    return without_user(url)


# Installing


def sync(uv: str, *, dev: bool) -> None:
    """`--inexact` leaves in place the tools that an earlier `--dev` brought."""
    group = [] if dev else ["--no-dev", "--inexact"]
    run(uv, "sync", "--frozen", "--quiet", "--compile-bytecode", "--python", sys.executable, *group)


def sync_from(index: str, uv: str, *, dev: bool) -> None:
    """The same from another index. `uv sync` would fetch from the addresses in the lock file, whatever index is set."""
    TOOLS.mkdir(exist_ok=True)
    locked = str(TOOLS / "requirements.txt")
    group = [] if dev else ["--no-dev"]
    run(uv, "export", "--frozen", "--quiet", "--no-emit-project", *group, "--output-file", locked)
    if not (VENV / "bin" / "python").exists():
        run(uv, "venv", "--quiet", "--python", sys.executable, str(VENV))
    source = ["--quiet", "--python", str(VENV / "bin" / "python"), "--default-index", index, "--compile-bytecode"]
    run(uv, "pip", "install", *source, "--require-hashes", "--requirements", locked)
    run(uv, "pip", "install", *source, "--no-deps", "--editable", str(ROOT))


def run(uv: str, *arguments: str) -> None:
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    environ.pop("VIRTUAL_ENV", None)
    if "PIP_CERT" in environ:
        environ.setdefault("SSL_CERT_FILE", environ["PIP_CERT"])
    environ.update(certificates_of_the_system(environ))
    done = subprocess.run([uv, *arguments], cwd=ROOT, env=environ, check=False)
    if done.returncode != 0:
        fail(f"uv {arguments[0]} failed; what it said stands above.")


def certificates_of_the_system(environ: Mapping[str, str]) -> dict[str, str]:
    """What this Python trusts, for uv, which by itself trusts only what it brings: networks may have more."""
    if any(environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS")):
        return {}
    paths = ssl.get_default_verify_paths()
    if paths.cafile and Path(paths.cafile).stat().st_size:
        return {"SSL_CERT_FILE": paths.cafile}
    return {"SSL_CERT_DIR": paths.capath} if paths.capath and any(Path(paths.capath).iterdir()) else {}


if __name__ == "__main__":
    main()
