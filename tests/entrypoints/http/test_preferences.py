import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.http.kernel.preferences import preferred_locale, prefers_page


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, Locale.ENGLISH),
        ("", Locale.ENGLISH),
        ("fa", Locale.PERSIAN),
        ("fa-IR,fa;q=0.9,en;q=0.8", Locale.PERSIAN),
        ("FA-ir", Locale.PERSIAN),
        ("de, fa;q=0.5, en;q=0.4", Locale.PERSIAN),
        ("en;q=0.4, fa;q=0.5", Locale.PERSIAN),
        ("en, fa", Locale.ENGLISH),
        ("de, *", Locale.ENGLISH),
        ("fa;q=0, en", Locale.ENGLISH),
        ("fa;q=0", Locale.ENGLISH),
        ("fa;q=nonsense, en;q=0.1", Locale.ENGLISH),
        ("fa;level=1", Locale.PERSIAN),
    ],
)
def test_the_first_of_our_languages_that_a_client_likes_best(header: str | None, locale: Locale) -> None:
    assert preferred_locale(header) is locale


@given(st.text(max_size=200))
def test_any_header_leads_to_one_of_ours(header: str) -> None:
    assert preferred_locale(header) in set(Locale)


@pytest.mark.parametrize(
    ("header", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", True),
        ("text/html", True),
        ("application/json;q=0.5, text/html", True),
        ("TEXT/HTML ; q=0.5", True),
        (None, False),
        ("", False),
        ("*/*", False),
        ("text/*", False),
        ("application/json", False),
        ("application/json, text/html", False),
        ("application/problem+json, text/html;q=0.9", False),
        ("text/html;q=0", False),
        ("text/html;q=nonsense", False),
        ("text/html;q=nan", False),
    ],
)
def test_only_who_asks_for_a_page_gets_one(header: str | None, page: bool) -> None:
    assert prefers_page(header) is page


@given(st.text(max_size=200))
def test_any_header_says_whether_a_page_is_wanted(header: str) -> None:
    assert prefers_page(header) in {True, False}
