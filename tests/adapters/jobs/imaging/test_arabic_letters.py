"""Letters by their place in the word, and lines from the right: what is drawn where Pillow finds no FriBidi."""

import pytest

from pixie.adapters.jobs.imaging.arabic_letters import as_drawn, runs_from_right


def test_letters_take_the_form_that_their_place_asks_for() -> None:
    assert as_drawn("ببب") == "ﺐﺒﺑ"  # final, medial, initial, from left to right
    assert as_drawn("ب") == "ﺏ"
    assert as_drawn("دود") == "ﺩﻭﺩ"  # none of these reaches on


def test_persian_letters_are_joined_too() -> None:
    assert as_drawn("پیک") == "ﮏﯿﭘ"
    assert as_drawn("گچژ") == "ﮋﭽﮔ"


def test_lam_and_alef_become_one() -> None:
    assert as_drawn("سلام") == "ﻡﻼﺳ"
    assert as_drawn("لا") == "ﻻ"
    assert as_drawn("الأول") == "ﻝﻭﻷﺍ"


def test_a_half_space_ends_the_joining_and_is_not_seen() -> None:
    assert as_drawn("می‌رود") == "ﺩﻭﺭﯽﻣ"


def test_vowel_marks_stay_behind_their_letters_and_do_not_part_them() -> None:
    assert as_drawn("بَب") == "ﺐﺑَ"


def test_latin_is_left_alone() -> None:
    assert as_drawn("Pixie (2026) 100%") == "Pixie (2026) 100%"


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("عکس Pixie است", "ﺖﺳﺍ Pixie ﺲﮑﻋ"),
        ("سال ۱۴۰۵", "۱۴۰۵ ﻝﺎﺳ"),
        ("سال 1405", "1405 ﻝﺎﺳ"),
        ("Pixie پیکسی 7", "Pixie 7 ﯽﺴﮑﯿﭘ"),
        ("© پیکسی", "ﯽﺴﮑﯿﭘ ©"),
        ("(عکس)", "(ﺲﮑﻋ)"),
        ("تخفیف ۵۰٪ ویژه", "ﻩﮋﯾﻭ ۵۰٪ ﻒﯿﻔﺨﺗ"),
        ("ساعت 10:30", "10:30 ﺖﻋﺎﺳ"),
    ],
)
def test_mixed_lines_are_ordered_as_people_read_them(line: str, drawn: str) -> None:
    assert as_drawn(line) == drawn


def test_a_line_runs_the_way_of_its_first_letter() -> None:
    assert runs_from_right("2026 — پیکسی Pixie")
    assert not runs_from_right("Pixie پیکسی")
    assert not runs_from_right("2026")
    assert not runs_from_right("")


@pytest.mark.parametrize("line", ["", " ", "\u200c", "\u064e", "\u202e", "ا\u0301", "٪", "5%٪5", "לשון"])
def test_odd_lines_are_no_trouble(line: str) -> None:
    assert len(as_drawn(line)) <= len(line)
