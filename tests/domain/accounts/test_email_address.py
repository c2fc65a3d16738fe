from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import InvalidEmail

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace+pixie@Example.COM", "Ada.Lovelace+pixie@example.com"),
        ("  ada@example.com\n", "ada@example.com"),
        ("آدا@نمونه.com", "آدا@xn--hhbbbed.com"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("\uff41da\uff20example.com", "ada@example.com"),
        ("o'brien@example.co.uk", "o'brien@example.co.uk"),
    ],
)
def test_an_address_is_kept_in_the_form_in_which_mail_is_sent(written: str, kept: str) -> None:
    assert EmailAddress(written).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@@example.com",
        "ada@example",
        "ada@localhost",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@example..com",
        "ada@.example.com",
        "ada@example.com.",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exa mple.com",
        "ada@exa_mple.com",
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
        "a da@example.com",
        '"a da"@example.com',
        "ada\x00@example.com",
        "ada\r\nBcc: eve@example.com",
        "ada\u200b@example.com",
        "ada\u202e@example.com",
        "<ada@example.com>",
        "ada@faß.example",
        "ada@می\u200cم.example",
        "a" * 65 + "@example.com",
        "ada@" + "a" * 64 + ".com",
        "ada@" + ".".join(["a" * 60] * 5) + ".com",
        "ada@" + "é" * 70 + ".com",
        "a" * 64 + "@" + ".".join(["b" * 63] * 3) + ".com",
    ],
)
def test_what_no_mail_can_reach_is_refused(text: str) -> None:
    with pytest.raises(InvalidEmail):
        EmailAddress(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@example.com", "aDA@EXAMPLE.com"),
        ("straße@example.com", "STRASSE@example.com"),
        ("ﬁona@example.com", "Fiona@example.com"),
        ("e\u0301va@example.com", "ÉVA@example.com"),
        ("ada@bücher.example", "ADA@xn--bcher-kva.example"),
    ],
)
def test_addresses_are_the_same_whatever_their_case_and_encoding(one: str, other: str) -> None:
    assert EmailAddress(one) == EmailAddress(other)
    assert hash(EmailAddress(one)) == hash(EmailAddress(other))


@pytest.mark.parametrize("other", ["a.da@example.com", "ada+x@example.com", "ada@example.org", "ada@mail.example.com"])
def test_dots_and_plus_are_not_ours_to_fold(other: str) -> None:
    assert EmailAddress("ada@example.com") != EmailAddress(other)


@given(ANY_TEXT)
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with suppress(InvalidEmail):
        EmailAddress(text)


LOCAL = st.text(st.characters(categories=("L", "N", "Pd", "Sm")), min_size=1, max_size=20)
DOMAIN = st.lists(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=10), min_size=2, max_size=3)


@given(LOCAL, DOMAIN)
def test_an_accepted_address_is_stable_and_fits_the_table(local: str, labels: list[str]) -> None:
    try:
        address = EmailAddress(f"{local}@{'.'.join(labels)}")
    except InvalidEmail:
        return

    again = EmailAddress(address.text)

    assert (again.text, again.key) == (address.text, address.key)
    assert len(address.text) <= 255
    assert len(address.key) <= 255
    assert address.text.rpartition("@")[2].isascii()


@given(st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}", fullmatch=True))
def test_every_plain_local_part_is_accepted(local: str) -> None:
    assert EmailAddress(f"{local}@example.com").text == f"{local}@example.com"


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,20}", fullmatch=True))
def test_case_never_makes_a_second_account(local: str) -> None:
    try:
        address = EmailAddress(f"{local}@example.com")
    except InvalidEmail:
        return

    assert EmailAddress(f"{local.upper()}@EXAMPLE.com") == address == EmailAddress(f"{local.lower()}@example.com")


def test_an_address_accepted_once_is_not_judged_again() -> None:
    assert EmailAddress.kept("odd@host", "odd@host").text == "odd@host"


def test_what_has_no_at_sign_is_told_so() -> None:
    with pytest.raises(InvalidEmail, match="it has no @"):
        EmailAddress("notanemail")
