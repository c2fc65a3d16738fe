import asyncio
import io
import json
import logging
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import granian.log
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixie.adapters.kernel.logging import GRANIAN_LOGGING, configure_logging

SECRET = "hidden-word-4711"


@pytest.fixture(autouse=True)
def logging_put_back() -> Iterator[None]:
    """Leave the test process's own logging as it was."""
    root = logging.getLogger()
    handlers, level, hooks = root.handlers[:], root.level, (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_logger(stream: io.StringIO) -> None:
    structlog.get_logger("pixie.test").info("job %s done", "7", ms=1.5)

    (line,) = lines(stream)
    assert (line["event"], line["level"], line["logger"], line["ms"]) == ("job 7 done", "info", "pixie.test", 1.5)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"])


def test_libraries_speak_through_the_same_stream(stream: io.StringIO) -> None:
    for name in ("dramatiq.worker", "apscheduler.scheduler", "_granian"):
        logging.getLogger(name).warning("from %s", name, extra={"queue": "default"})

    assert [(line["event"], line["logger"], line["queue"]) for line in lines(stream)] == [
        ("from dramatiq.worker", "dramatiq.worker", "default"),
        ("from apscheduler.scheduler", "apscheduler.scheduler", "default"),
        ("from _granian", "_granian", "default"),
    ]


def test_granian_keeps_to_the_same_stream(stream: io.StringIO) -> None:
    granian.log.configure_logging(granian.log.LogLevels.info, dict(GRANIAN_LOGGING))

    logging.getLogger("_granian").info("listening")

    assert [line["event"] for line in lines(stream)] == ["listening"]


def test_what_is_bound_to_the_context_is_on_every_line_of_the_task(stream: io.StringIO) -> None:
    async def handle(request_id: str) -> None:
        structlog.contextvars.bind_contextvars(request_id=request_id, job_id=f"job-{request_id}")
        await asyncio.sleep(0)
        structlog.get_logger().info("ours")
        logging.getLogger("library").info("theirs")

    async def both() -> None:
        await asyncio.gather(handle("a"), handle("b"))

    asyncio.run(both())

    assert sorted((line["request_id"], line["job_id"], line["event"]) for line in lines(stream)) == [
        ("a", "job-a", "ours"),
        ("a", "job-a", "theirs"),
        ("b", "job-b", "ours"),
        ("b", "job-b", "theirs"),
    ]


def test_less_than_the_level_is_not_said(stream: io.StringIO) -> None:
    structlog.get_logger("a").debug("quiet")
    logging.getLogger("a").debug("quiet")
    logging.getLogger("httpx").info("GET https://provider/result")

    assert stream.getvalue() == ""


def test_an_exception_is_told_with_frames_and_without_local_variables(stream: io.StringIO) -> None:
    def fail(password: str) -> None:
        local_copy = password
        raise ValueError(f"cannot use Bearer {local_copy}")

    try:
        fail(SECRET)
    except ValueError:
        structlog.get_logger().exception("ours")
        logging.getLogger("library").exception("theirs")

    assert SECRET not in stream.getvalue()
    for line in lines(stream):
        (error,) = line["exception"]
        assert error["exc_type"] == "ValueError"
        assert error["frames"][-1]["name"] == "fail"
        assert "locals" not in error["frames"][-1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    form=st.sampled_from(["json", "pretty"]),
    place=st.sampled_from(["event", "argument", "field", "nested", "context", "extra", "exception", "note", "cause"]),
    look=st.sampled_from(["Bearer {}", "pxk_{}", "?signature={}", "redis://:{}@h", "token={}", '{{"password": "{}"}}']),
)
def test_a_planted_secret_comes_out_nowhere(form: Any, place: str, look: str) -> None:
    stream = io.StringIO()
    configure_logging(form, "info", stream)

    with structlog.contextvars.bound_contextvars(job_id="7"):
        plant(place, look.format(SECRET))

    assert "planted" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def plant(place: str, text: str) -> None:
    log = structlog.get_logger()
    if place == "event":
        log.info(f"planted {text}")  # noqa: G004 - the habit that is to do no harm
    elif place == "argument":
        logging.getLogger("library").info("planted %s", text)
    elif place == "field":
        log.info("planted", url=text, password=SECRET)
    elif place == "nested":
        log.info("planted", body={"a": [{"b": text}, (text, text)], "cookie": {"c": SECRET}})
    elif place == "context":
        with structlog.contextvars.bound_contextvars(provider_ticket=text):
            log.info("planted")
    elif place == "extra":
        logging.getLogger("library").info("planted", extra={"url": text, "api_key": SECRET})
    else:
        plant_in_exception(place, text)


def plant_in_exception(place: str, text: str) -> None:
    error = ValueError(text if place == "exception" else "planted")
    if place == "note":
        error.add_note(text)
    cause = KeyError(text) if place == "cause" else None
    try:
        raise error from cause
    except ValueError:
        structlog.get_logger().exception("planted")


def test_a_line_break_in_a_message_forges_no_second_line() -> None:
    for form in ("json", "pretty"):
        stream = io.StringIO()
        configure_logging(form, "info", stream)

        structlog.get_logger("a").info("name\n2026-01-01 forged\x1b[2J", url="x\nforged")

        assert len(stream.getvalue().splitlines()) == 1
        assert "\x1b" not in stream.getvalue()


def test_a_line_that_cannot_be_formatted_is_told_without_its_arguments(stream: io.StringIO) -> None:
    ours = next(handler for handler in logging.getLogger().handlers if getattr(handler, "stream", None) is stream)

    ours.handle(logging.LogRecord("library", logging.INFO, "", 1, "%d is no number", (SECRET,), None))

    assert stream.getvalue() == "a log line of library could not be written: TypeError\n"


def test_a_stream_that_was_closed_disturbs_nobody() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    stream.close()

    logging.getLogger("library").info("into the void")


def test_warnings_are_lines_too(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old ways", stacklevel=1)

    assert "old ways" in lines(stream)[0]["event"]


def test_configuring_twice_says_everything_once(stream: io.StringIO) -> None:
    configure_logging("json", "info", stream)

    logging.getLogger("a").info("once")

    assert len(lines(stream)) == 1


PROGRAM = """
import sys, threading
from pixie.adapters.kernel.logging import configure_logging
configure_logging("json")
def fail(): raise ValueError("Bearer hidden-word-4711")
thread = threading.Thread(target=fail); thread.start(); thread.join()
class Late:
    def __del__(self): fail()
Late()
fail()
"""


def test_what_nobody_caught_is_a_line_like_all_others() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)

    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["level"] for line in told] == ["critical", "error", "critical"]
    assert all(line["exception"][0]["exc_type"] == "ValueError" for line in told)
    assert SECRET not in done.stderr
    assert done.stdout == ""
    assert done.returncode == 1


def test_a_pool_that_cannot_reach_its_database_says_so_in_one_line(stream: io.StringIO) -> None:
    refused = ConnectionRefusedError(111, "refused")
    logging.getLogger("asyncpg.pool").warning("Failed to restore; retrying", exc_info=refused)

    (line,) = lines(stream)
    assert line["event"] == "Failed to restore; retrying (ConnectionRefusedError: [Errno 111] refused)"
    assert "exception" not in line
