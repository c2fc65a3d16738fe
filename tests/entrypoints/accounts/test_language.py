import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.http.accounts.language import preferred_locale


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
