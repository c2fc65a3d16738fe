"""The table of every error code, made from the code. `python -m tests.architecture.error_reference` prints it."""

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from textwrap import dedent
from typing import Final

from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.http.errors import _CODES
from pixie.entrypoints.http.kernel.problem import STATUS
from tests.architecture.source import PACKAGE, Source, sources

_BY_FRAMEWORK: Final = {
    "invalid_request": "The request has the wrong shape.",
    "not_found": "There is nothing at this address.",
    "method_not_allowed": "This address does not take this method.",
    "request_too_large": "The body of the request is larger than this route takes.",
    "unsupported_media_type": "This route does not take a body of this media type.",
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ErrorRow:
    code: str
    status: str
    title: str
    meaning: str

    @property
    def line(self) -> str:
        return f'| <a id="{self.code}"></a>`{self.code}` | {self.status} | {self.title} | {self.meaning} |'


@cache
def error_tables() -> str:
    """Two tables in Markdown: the problems that answer a request, and the reasons why a job failed by itself."""
    problems = {row.code: row for row in (*_problems_before_handlers(), *problems_of_classes())}
    head = "| code | status | title | what it says |\n| --- | --- | --- | --- |\n"
    job_head = "| code | what it says |\n| --- | --- |\n"
    return (
        "## Problems\n\n" + head + "".join(f"{row.line}\n" for row in sorted(problems.values())) + "\n## Jobs\n\n"
        "A job's `error.code` is one of the codes above, or one of these.\n\n"
        + job_head
        + "".join(f"| `{row.code}` | {row.meaning} |\n" for row in sorted(_job_errors()))
    )


def missing_rows(page: str) -> list[str]:
    """What the page does not say, or says otherwise."""
    written = set(page.splitlines())
    return [row for row in error_tables().splitlines() if row not in written]


def superfluous_rows(page: str) -> list[str]:
    """What the page says about codes that do not exist."""
    made = set(error_tables().splitlines())
    return [row for row in page.splitlines() if row.startswith("| ") and row not in made]


def error_classes() -> list[type[PixieError]]:
    """Every concrete error, from the modules that declare one."""
    for source in sources(PACKAGE):
        if any(isinstance(node, ast.ClassDef) and _declared(node, "code") for node in source.nodes):
            importlib.import_module("pixie." + source.path.removesuffix(".py").replace("/", "."))
    return [found for found in _below(PixieError) if "code" in vars(found) and found.__module__.startswith("pixie.")]


def problems_of_classes() -> Iterator[ErrorRow]:
    for error in error_classes():
        yield ErrorRow(
            code=error.code, status=str(STATUS[error.kind]), title=error.title, meaning=_meaning_of_class(error)
        )


def _below(error: type[PixieError]) -> Iterator[type[PixieError]]:
    for found in error.__subclasses__():
        yield found
        yield from _below(found)


def _meaning_of_class(error: type[PixieError]) -> str:
    if "__doc__" in vars(error) and error.__doc__:
        return _plain(inspect.cleandoc(error.__doc__).split("\n\n")[0])
    tree = ast.parse(dedent(inspect.getsource(error)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__" and node.args:
            return _plain(_template(node.args[0])) or f"{error.title}."
    return f"{error.title}."


def _problems_before_handlers() -> Iterator[ErrorRow]:
    """What the entrance answers by itself: by a framework's error, or in a call with all facts in it."""
    for status, code in _CODES.items():
        title = code.replace("_", " ").capitalize()
        yield ErrorRow(code=code, status=str(int(status)), title=title, meaning=_BY_FRAMEWORK[code])
    for call in _calls("problem_response"):
        if {"code", "status", "title"} <= call.keys() and isinstance(call["code"], ast.Constant):
            status = HTTPStatus(ast.literal_eval(call["status"]))
            yield ErrorRow(
                code=ast.literal_eval(call["code"]),
                status=str(int(status)),
                title=ast.literal_eval(call["title"]),
                meaning=_plain(_template(call["detail"])) or f"{ast.literal_eval(call['title'])}.",
            )


def _job_errors() -> Iterator[ErrorRow]:
    for call in _calls("JobError"):
        if isinstance(call["code"], ast.Constant):
            yield ErrorRow(
                code=ast.literal_eval(call["code"]), status="", title="", meaning=_plain(_template(call["message"]))
            )


def _calls(name: str) -> Iterator[dict[str, ast.expr]]:
    """The named arguments of each call of `name` in the package."""
    for source in sources(PACKAGE):
        yield from _calls_in(source, name)


def _calls_in(source: Source, name: str) -> Iterator[dict[str, ast.expr]]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def _template(text: ast.expr) -> str:
    """A sentence with dots where facts come in; nothing when all of it is a fact."""
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return text.value
    if isinstance(text, ast.JoinedStr):
        return "".join(_template(part) if isinstance(part, ast.Constant) else "…" for part in text.values)
    return ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def _declared(node: ast.ClassDef, name: str) -> bool:
    return any(
        isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
        for statement in node.body
    )


if __name__ == "__main__":
    sys.stdout.write(error_tables())
