import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.accounts.errors import InvalidPassword
from pixie.domain.accounts.password import Password


@pytest.mark.parametrize("text", ["12345678", " " * 8, "پ" * 8, "🔑" * 256, "a\x00b\x00c\x00d\x00", "x" * 256])
def test_any_eight_to_256_characters_will_do(text: str) -> None:
    assert Password.chosen(text).text == text


@pytest.mark.parametrize("text", ["", "1234567", "x" * 257, "e\u0301" * 7, "longenough\ud800"])
def test_shorter_longer_and_broken_ones_are_refused(text: str) -> None:
    with pytest.raises(InvalidPassword) as refused:
        Password.chosen(text)

    assert refused.value.facts == {"min_length": 8, "max_length": 256}


def test_length_counts_after_normalisation() -> None:
    assert Password.chosen("\ufdfa").text == "صلى الله عليه وسلم"  # one character that stands for eighteen


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert Password("Cafe\u0301 №1") == Password("Café No1")


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert Password(Password(text).text) == Password(text)


def test_a_password_does_not_show_itself() -> None:
    assert "hunter22" not in repr(Password.chosen("hunter22"))


def test_what_is_too_short_to_choose_may_still_be_tried() -> None:
    assert Password("short").text == "short"
