"""`pixie run`, `pixie jobs watch` and `pixie demo` on a system that runs, over connections that do not always hold."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.faulty_proxy import FaultyProxy, faulty_proxy
from tests.support.journey import RunningPixie
from tests.support.journey_person import Person
from tests.support.pictures import picture
from tests.support.waiting import eventually

pytestmark = pytest.mark.journey

PIXIE = (sys.executable, "-P", "-m", "pixie")
ESCAPE = "\x1b"


@pytest.fixture
def mina(pixie: RunningPixie) -> Iterator[Person]:
    with pixie.somebody() as somebody:
        yield somebody


@pytest.fixture
def way(pixie: RunningPixie) -> Iterator[FaultyProxy]:
    with faulty_proxy(pixie.system.port) as proxy:
        yield proxy


def surroundings(url: str, key: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIXIE_")}
    return {**kept, "PIXIE_URL": url, "PIXIE_KEY": key}


def shell(*words: str, cwd: Path, env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*PIXIE, *words], capture_output=True, text=True, check=False, timeout=90, cwd=cwd, env=env)


@contextmanager
def running(*words: str, cwd: Path, env: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [*PIXIE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd, env=env
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def jobs_of(somebody: Person) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = somebody.get("/api/ai/jobs").json()["items"]
    return jobs


def completions(pixie: RunningPixie, words: str) -> list[str]:
    """What Tab offers in bash."""
    env = {**os.environ, "PIXIE_DATA_DIR": str(pixie.system.folder.path), "_PIXIE_COMPLETE": "bash_complete"}
    env |= {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(PIXIE, capture_output=True, text=True, check=True, timeout=60, env=env)
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def script(**parameters: object) -> tuple[str, ...]:
    return ("scripted/image", "--prompt", "anything", "--parameters", json.dumps(parameters))


def test_a_picture_is_sent_worked_on_and_saved_and_only_its_path_is_printed(
    pixie: RunningPixie, mina: Person, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(picture("JPEG", 320, 200))
    operations = json.dumps({"operations": [{"op": "resize", "width": 160}]})
    words = ("run", "local/edit", "--image", "photo.jpg", "--parameters", operations, "-o", "small.jpg")

    done = shell(*words, cwd=tmp_path, env=surroundings(pixie.url, mina.access_token))

    assert (done.returncode, done.stdout) == (0, "small.jpg\n"), done.stderr
    assert ESCAPE not in done.stderr
    assert "done in" in done.stderr
    with Image.open(tmp_path / "small.jpg") as saved:
        assert saved.size == (160, 100)


def test_several_results_go_into_a_folder_and_json_tells_of_them(
    pixie: RunningPixie, mina: Person, tmp_path: Path
) -> None:
    words = (
        "run",
        "local/sketch",
        "--prompt",
        "hills",
        "-n",
        "2",
        "--size",
        "96x64",
        "--seed",
        "5",
        "-o",
        "new/",
        "--json",
    )

    done = shell(*words, cwd=tmp_path, env=surroundings(pixie.url, mina.access_token))

    told = json.loads(done.stdout)
    assert told["job"]["status"] == "completed"
    assert told["job"]["input"]["seed"] == 5
    assert [Path(file["path"]).parent for file in told["files"]] == [Path("new")] * 2
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [Path(f["path"]).name for f in told["files"]]


def test_a_job_whose_answer_got_lost_is_ordered_and_paid_once(way: FaultyProxy, mina: Person, tmp_path: Path) -> None:
    way.lose.append("POST /api/ai/image/generate")

    done = shell("run", *script(), "-o", "a.png", cwd=tmp_path, env=surroundings(way.url, mina.access_token))

    assert (done.returncode, way.faults) == (0, 1), done.stderr
    assert len([request for request in way.requests if request.startswith("POST /api/ai/")]) == 2
    assert [job["status"] for job in jobs_of(mina)] == ["completed"]
    assert mina.credits() == {"available": 99, "held": 0}


def test_a_stream_that_is_cut_is_taken_up_again(way: FaultyProxy, mina: Person, tmp_path: Path) -> None:
    way.cut += [("GET /api/ai/jobs/", 700), ("GET /api/ai/jobs/", 1500)]

    words = script(delay_ms=3_000, progress=[25, 50, 75])
    done = shell("run", *words, "-o", "a.png", cwd=tmp_path, env=surroundings(way.url, mina.access_token))

    assert (done.returncode, way.faults) == (0, 2), done.stderr
    streams = [request for request in way.requests if "/events" in request]
    assert len(streams) == len(way.resumed) >= 3
    assert way.resumed[0] == 0 < way.resumed[-1]
    assert (tmp_path / "a.png").stat().st_size > 0


def test_a_result_that_breaks_off_is_fetched_again_and_whole(way: FaultyProxy, mina: Person, tmp_path: Path) -> None:
    way.cut.append(("GET /api/files/", 900))

    done = shell("run", *script(), "-o", "a.png", cwd=tmp_path, env=surroundings(way.url, mina.access_token))

    assert (done.returncode, way.faults) == (0, 1), done.stderr
    with Image.open(tmp_path / "a.png") as saved:
        saved.load()
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_ctrl_c_cancels_the_job_and_says_so(pixie: RunningPixie, mina: Person, tmp_path: Path) -> None:
    with running("run", *script(hang=True), cwd=tmp_path, env=surroundings(pixie.url, mina.access_token)) as process:
        assert eventually(lambda: [job["status"] for job in jobs_of(mina)] == ["processing"], within=30)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (130, "")
    assert "is cancelled; 1 credit came back" in err
    assert "Traceback" not in err
    assert [job["status"] for job in jobs_of(mina)] == ["cancelled"]
    assert mina.credits() == {"available": 100, "held": 0}


def test_refusals_say_what_is_wrong_and_what_to_do(pixie: RunningPixie, mina: Person, tmp_path: Path) -> None:
    env = surroundings(pixie.url, mina.access_token)
    refused = shell("run", "local/sketch", "--prompt", "x", "--set", "scene=moon", cwd=tmp_path, env=env)
    unknown = shell("run", "local/sketsch", "--prompt", "x", cwd=tmp_path, env=env)
    stranger = shell("run", "local/sketch", "--prompt", "x", cwd=tmp_path, env={**env, "PIXIE_KEY": "forged"})
    failed = shell("run", *script(error="refused"), cwd=tmp_path, env=env)

    assert [done.returncode for done in (refused, unknown, stranger, failed)] == [1, 2, 1, 1]
    assert "/parameters/scene" in refused.stderr
    assert "`pixie models show local/sketch`" in refused.stderr
    assert "Did you mean local/sketch?" in unknown.stderr
    assert "sign in again" in stranger.stderr
    assert "failed: " in failed.stderr
    assert all(done.stdout == "" for done in (refused, unknown, stranger, failed))
    assert mina.credits() == {"available": 100, "held": 0}
    assert list(tmp_path.iterdir()) == []


def test_several_jobs_are_watched_and_the_exit_code_tells_how_they_ended(
    pixie: RunningPixie, mina: Person, tmp_path: Path
) -> None:
    good, slow, bad = mina.script(), mina.script(delay_ms=1_000, progress=[50]), mina.script(error="refused")
    env = surroundings(pixie.url, mina.access_token)

    remote = shell("jobs", "watch", good["id"], slow["id"], cwd=tmp_path, env=env)
    here = pixie.process("jobs", "watch", slow["id"], bad["id"])
    missing = shell("jobs", "watch", mina.id, cwd=tmp_path, env=env)

    assert (remote.returncode, remote.stdout) == (0, f"{good['id']}\tcompleted\n{slow['id']}\tcompleted\n")
    assert (here.returncode, here.stdout) == (1, f"{slow['id']}\tcompleted\n{bad['id']}\tfailed\n")
    assert missing.returncode == 1
    assert "Job not found" in missing.stderr


def test_without_a_key_the_shell_has_a_user_of_its_own_here(pixie: RunningPixie, tmp_path: Path) -> None:
    words = ("run", "local/sketch", "--prompt", "x", "--size", "64x64", "-o", str(tmp_path / "a.png"), "--json")
    credentials = pixie.system.folder.shell_credentials

    first = json.loads(pixie.process(*words).stdout)
    email = json.loads(credentials.read_text())["email"]
    second = json.loads(pixie.process(*words).stdout)

    assert credentials.stat().st_mode & 0o777 == 0o600
    assert [user["role"] for user in pixie.shell_json("users", "list", "--query", email)] == ["user"]
    listed = pixie.shell_json("jobs", "list", "--user", email)
    assert {job["id"] for job in listed} == {first["job"]["id"], second["job"]["id"]}
    assert "local/sketch" in completions(pixie, "pixie run lo")
    assert second["job"]["id"] in completions(pixie, "pixie jobs watch ")
    open_sessions = """
        SELECT count(*) FROM user_sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1 AND s.ended_at IS NULL
    """
    assert pixie.value(open_sessions, email) == 0


def test_the_demo_runs_what_there_is_and_makes_a_page_that_asks_nobody(pixie: RunningPixie, tmp_path: Path) -> None:
    photo = tmp_path / "my <photo>.png"
    photo.write_bytes(picture("PNG", 900, 600))
    words = ("demo", str(photo), "-o", str(tmp_path / "out"), "--json")

    done = pixie.process(*words)
    again = pixie.process(*words)

    assert (done.returncode, again.returncode) == (0, 0), done.stderr
    told = json.loads(done.stdout)
    results = {result["name"]: result for result in told["results"]}
    assert results["enhanced"]["job"]["status"] == results["sketch"]["job"]["status"] == "completed"
    assert all(result["file"] or result["skipped"] for result in told["results"])
    for result in told["results"]:
        assert result["file"] is None or Path(result["file"]).stat().st_size > 0
    page = Path(told["page"]).read_text(encoding="utf-8")
    assert "my &lt;photo&gt;.png" in page
    assert "my <photo>" not in page
    assert re.findall(r"""(?:src|href)=["'](?!data:)([^"']+)""", page)
    assert not re.findall(r"""(?:src|href|url\()\s*=?["'](?:https?:)?//""", page)
    assert "Asking the Pixie at" in done.stderr
    assert ESCAPE not in done.stdout + done.stderr
