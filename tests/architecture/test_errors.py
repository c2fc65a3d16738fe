import re
from collections import Counter

from pixie.domain.kernel.errors import ErrorKind
from pixie.entrypoints.http.kernel.problem import STATUS
from tests.architecture.error_reference import error_classes, missing_rows, problems_of_classes, superfluous_rows
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "errors.md"
HINT = "put into docs/errors.md what `python -m tests.architecture.error_reference` prints"


def test_every_error_code_is_on_the_page_and_no_other() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert missing_rows(page) == [], HINT
    assert superfluous_rows(page) == [], HINT


def test_a_missing_and_a_superfluous_row_are_found() -> None:
    page = PAGE.read_text(encoding="utf-8")
    row = next(problems_of_classes()).line

    assert missing_rows(page.replace(row, "")) == [row]
    assert missing_rows(page.replace(row, row.replace("`", "", 1))) == [row]
    assert superfluous_rows(f"{page}| `gone` | 404 | Gone | It went. |\n") == ["| `gone` | 404 | Gone | It went. |"]


def test_an_error_code_belongs_to_one_error() -> None:
    counted = Counter(error.code for error in error_classes())

    assert [code for code, errors in counted.items() if errors > 1] == []


def test_error_codes_are_words_joined_by_lines() -> None:
    assert [error.code for error in error_classes() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)] == []


def test_every_kind_of_error_has_a_status() -> None:
    assert set(STATUS) == set(ErrorKind)
