"""How long things are. `python -m tests.architecture.budgets` prints the figures beside the aims."""

import ast
import math
import statistics
import sys
from collections.abc import Sequence
from typing import Final

from tests.architecture.source import PACKAGE, Function, Source, sources

MAX_FUNCTION: Final = 50
MAX_FILE: Final = 300
MAX_TEST_FILE: Final = 400  # cases are lists too
LISTS: Final = ("tables.py", "schemas.py", "cards.py", "examples.py", "settings/tree.py")
"""Files that list things: splitting them would only hide the list."""


def long_functions(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.at(function)}: {function.name} has {length(function)} lines, more than {MAX_FUNCTION}"
        for source in found
        for function in source.functions()
        if length(function) > MAX_FUNCTION
    ]


def long_files(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.path}: {source.lines} lines, more than {MAX_FILE}"
        for source in found
        if source.lines > MAX_FILE and not source.path.endswith(LISTS)
    ]


def long_test_files(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.path}: {source.lines} lines, more than {MAX_TEST_FILE}"
        for source in found
        if source.lines > MAX_TEST_FILE
    ]


def length(function: Function) -> int:
    """Lines of code: from `def` to the end, without the docstring, which for a use case is its policy."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)
    return whole


def figures(found: tuple[Source, ...]) -> str:
    functions = [length(function) for source in found for function in source.functions()]
    files = [source.lines for source in found if source.lines]
    imports = [
        sum(isinstance(node, ast.Import | ast.ImportFrom) for node in source.nodes) for source in found if source.lines
    ]
    rows = (("function", functions, 8, 35), ("file", files, 70, 180), ("imports", imports, None, 15))
    return "\n".join(
        f"{name:9} median {statistics.median(values):5g} (aim {median or '-'})   "
        f"p95 {_p95(values):5g} (aim {p95})   longest {max(values)}"
        for name, values, median, p95 in rows
    )


def _p95(values: Sequence[int]) -> int:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


if __name__ == "__main__":
    sys.stdout.write(f"{figures(sources(PACKAGE))}\n")
