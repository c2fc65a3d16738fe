from importlib.resources import files

import pytest

from pixie.adapters.notifications.file_mail_templates import FileMailTemplates
from pixie.domain.kernel.locale import Locale

FACTS = {"name": "Ada", "docs_url": "https://pixie.test/docs"}


@pytest.mark.parametrize("locale", list(Locale))
def test_a_letter_has_a_subject_and_both_parts_in_every_language(locale: Locale) -> None:
    letter = FileMailTemplates().render("welcome", locale, FACTS)

    assert letter.subject
    assert "\n" not in letter.subject
    for part in (letter.text, letter.html):
        assert "Ada" in part
        assert "https://pixie.test/docs" in part
        assert "$" not in part


def test_persian_runs_from_right_to_left() -> None:
    letter = FileMailTemplates().render("welcome", Locale.PERSIAN, FACTS)

    assert letter.subject == "به پیکسی خوش آمدید"
    assert '<html lang="fa" dir="rtl">' in letter.html
    assert "سلام" in letter.text


def test_english_runs_from_left_to_right() -> None:
    letter = FileMailTemplates().render("welcome", Locale.ENGLISH, FACTS)

    assert letter.subject == "Welcome to Pixie"
    assert '<html lang="en" dir="ltr">' in letter.html


def test_facts_are_text_wherever_they_go() -> None:
    facts = {"name": '<script>"$docs_url"</script>', "docs_url": 'https://pixie.test/?a=1&b="2"'}

    letter = FileMailTemplates().render("welcome", Locale.ENGLISH, facts)

    assert "<script>" not in letter.html
    assert "&lt;script&gt;&quot;$docs_url&quot;" in letter.html
    assert "https://pixie.test/?a=1&amp;b=&quot;2&quot;" in letter.html
    assert '<script>"$docs_url"</script>' in letter.text


def test_a_missing_fact_is_a_fault() -> None:
    with pytest.raises(KeyError):
        FileMailTemplates().render("welcome", Locale.ENGLISH, {"name": "Ada"})


def test_every_letter_exists_in_every_language_and_form() -> None:
    names = {path.name for path in files("pixie.adapters.notifications").joinpath("templates").iterdir()}
    letters = {name.partition(".")[0] for name in names} - {"layout"}

    expected = {f"{letter}.{locale}.{form}" for letter in letters for locale in Locale for form in ("txt", "html")}
    assert names == expected | {"layout.html"}
