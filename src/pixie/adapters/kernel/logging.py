"""One stream of log lines for a process: what Pixie says and what its libraries say, as JSON or for people.

Whoever wants to be found again binds a name to the context, and every later line of the same task carries it:
`structlog.contextvars.bind_contextvars(request_id=…)`; likewise `user_id`, `job_id`, `provider_ticket`.

All lines pass `redaction` last, exceptions included, so that no secret is written whoever logs it.
"""

import logging
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Literal, TextIO

import msgspec
import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from pixie.adapters.kernel.redaction import redact

GRANIAN_LOGGING: Final[Mapping[str, Any]] = {
    "formatters": {},
    "handlers": {},
    "loggers": {
        "_granian": {"handlers": [], "propagate": True},
        "granian.access": {"handlers": [], "propagate": True},
    },
}
"""Granian's `log_dictconfig`: without it, Granian writes lines of its own form to stdout."""

_ROOT: Final = logging.getLogger()
_TALKATIVE: Final = (
    "aiobotocore",
    "apscheduler",
    "asyncio",
    "botocore",
    "fsspec",
    "httpcore",
    "httpx",
    "PIL",
    "s3fs",
    "urllib3",
)
"""Libraries that tell each request, some with its credentials. Only their warnings are of interest."""


def configure_logging(
    format: Literal["json", "pretty"],  # noqa: A002 - the setting's word
    level: str = "info",
    stream: TextIO | None = None,
) -> None:
    """Set up logging for this process, to stderr unless told otherwise. Call it first thing; again does no harm."""
    stream = stream or sys.stderr
    least = logging.getLevelNamesMapping()[level.upper()]
    handler = _Handler(stream, _for_machines() if format == "json" else _for_people(colors=stream.isatty()))
    _ROOT.handlers[:] = [handler]
    _ROOT.setLevel(least)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(least, logging.WARNING))
    logging.getLogger("asyncpg.pool").addFilter(_in_one_line)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*_facts(), _as_it_is],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_Voice,
        cache_logger_on_first_use=True,
    )
    _catch_the_uncaught()


def _facts() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _as_it_is(_: WrappedLogger, __: str, event: EventDict) -> tuple[tuple[EventDict], dict[str, Any]]:
    return (event,), {}


def _for_machines() -> list[Processor]:
    transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, use_rich=False)
    return [structlog.processors.ExceptionRenderer(transformer), _redacted, _json_line]


def _for_people(*, colors: bool) -> list[Processor]:
    console = structlog.dev.ConsoleRenderer(
        colors=colors, pad_event_to=30, exception_formatter=structlog.dev.plain_traceback
    )
    return [structlog.processors.format_exc_info, _redacted, _one_line, console]


def _redacted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    plain = redact(event)
    return plain if isinstance(plain, dict) else {"event": plain}


def _one_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Whoever puts a line break into a message must not be able to forge a second line."""
    event["event"] = str(event.get("event", "")).replace("\n", "\\n")
    return event


def _json_line(_: WrappedLogger, __: str, event: EventDict) -> str:
    return msgspec.json.encode(event).decode()


def _in_one_line(record: logging.LogRecord) -> bool:
    """What the pool says again and again while a database is away needs no trace."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args = "%s (%s: %s)", (record.getMessage(), type(error).__name__, error)
        record.exc_info = None
    return True


class _Handler(logging.StreamHandler[TextIO]):
    """Says that a line failed without repeating it, as the original would, secrets and all."""

    def __init__(self, stream: TextIO, rendering: list[Processor]) -> None:
        super().__init__(stream)
        self._rendering = rendering
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[*_facts(), structlog.stdlib.ExtraAdder()],
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
            )
        )

    def tell(self, name: str, event: EventDict) -> None:
        """Write a line of our own."""
        try:
            line: Any = event
            for render in self._rendering:
                line = render(None, "", line)
            self.acquire()
            try:
                self.stream.write(line + self.terminator)
                self.stream.flush()
            finally:
                self.release()
        except Exception:  # noqa: BLE001 - as in the original: no line is worth more than the work it tells of
            self._tell_of_failure(name)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        self._tell_of_failure(record.name)

    def _tell_of_failure(self, name: str) -> None:
        kind = getattr(sys.exc_info()[0], "__name__", "an error")
        with suppress(OSError, ValueError):  # whoever read our stderr is gone, or it was closed
            self.stream.write(f"a log line of {name} could not be written: {kind}\n")


class _Voice:
    """What our own loggers end in. A detour over the standard library's loggers and records would double the price of a
    line, and every request writes one.
    """

    def __init__(self, name: str = "pixie") -> None:
        self.name = name

    def tell(self, event: EventDict) -> None:
        for handler in _ROOT.handlers:
            if isinstance(handler, _Handler):
                handler.tell(self.name, event)

    debug = info = warning = error = critical = tell


def _catch_the_uncaught() -> None:
    """Errors that nobody caught are log lines like all others, not raw tracebacks."""
    log = logging.getLogger("pixie.uncaught")

    def in_process(kind: type[BaseException], error: BaseException, trace: Any) -> None:  # noqa: ANN401 - a traceback
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("uncaught error", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            log.critical("uncaught error in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        error = args.exc_value or args.exc_type()
        log.error(args.err_msg or "error that could not be raised", exc_info=error)

    sys.excepthook = in_process
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
