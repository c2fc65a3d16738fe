import json
import string
import time
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pixie.adapters.kernel.redaction import MASK, names_a_secret, redact, redact_text

SECRETS = st.text(alphabet=string.ascii_letters + string.digits + "-_", min_size=12, max_size=40).map(
    lambda s: f"Zq{s}"
)
NAMES = st.sampled_from(
    [
        *("password", "new_password", "Password", "passwd", "passphrase", "pwd", "client_secret", "secret", "token"),
        *("access_token", "refreshToken", "Authorization", "proxy-authorization", "Cookie", "Set-Cookie", "api_key"),
        *("apiKey", "X-Api-Key", "private_key", "secret_key", "aws_secret_access_key", "credentials", "jwt", "cvc"),
        *("seal_key", "link_key", "signature", "card_number", "mfa_token"),
    ]
)
WORDS = st.text(alphabet=string.ascii_letters + " .:/", max_size=20)
LOOKS = st.sampled_from(
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx{}.{}",
        "Bearer {}",
        "bearer  {}",
        "Basic {}",
        "Authorization: Bearer {}",
        "Cookie: session={}; theme=dark",
        "set-cookie: __Host-refresh={}",
        "pxk_{}",
        "pxr_{}",
        "https://pixie.example.com/files/1?expires=9&signature={}",
        "https://pixie.example.com/files/1?sig={}&x=1",
        "/api/events?ticket={}",
        "https://s3/bucket/key?X-Amz-Signature={}",
        "?next=https%253A%252F%252Fpixie%253Fsig%253D{}",
        "?next=https%3A%2F%2Fpixie%2Ffiles%3Fsignature%3D{}",
        "postgresql://pixie:{}@db:5432/pixie",
        "rediss://:{}@cache:6379/0",
        "password={}",
        "--password={} --verbose",
        "{{'password': '{}', 'name': 'x'}}",
        '{{"access_token": "{}"}}',
        r"{{\"client_secret\": \"{}\"}}",
        "LoginCommand(email='a@b.c', password='{}')",
        "{{b'authorization': b'{}'}}",
        "grant_type=refresh&refresh_token={}&scope=all",
    ]
)


@given(name=NAMES, secret=SECRETS, around=WORDS)
def test_what_stands_under_a_telling_name_never_comes_out(name: str, secret: str, around: str) -> None:
    for value in (secret, f"{around} {secret}", [secret], {"inner": secret}, (1, secret), secret.encode(), {secret}):
        assert secret not in json.dumps(redact({"event": around, "deep": [{"a": {name: value}}]}))
        assert secret not in json.dumps(redact({"headers": [(name, value), (name.encode(), value)]}))


@given(look=LOOKS, secret=SECRETS, before=WORDS, after=WORDS)
def test_what_looks_like_a_secret_never_comes_out_wherever_it_stands(
    look: str, secret: str, before: str, after: str
) -> None:
    text = f"{before} {look.format(secret, secret)} {after}"

    for place in (text, {"event": text}, {"a": [1, (text,)]}, {text: 1}, text.encode(), ValueError(text), {text}):
        assert secret not in json.dumps(redact(place))


@given(secret=st.text(alphabet=string.printable.replace("\n", "").replace("\r", ""), min_size=8, max_size=40))
def test_quoted_secrets_are_hidden_to_their_last_character(secret: str) -> None:
    assume(secret not in json.dumps({"password": "", "name": "visible"}))

    hidden = redact_text(json.dumps({"password": secret, "name": "visible"}))

    assert json.dumps(secret)[1:-1] not in hidden.replace(MASK, "")
    assert "visible" in hidden


@given(password=st.text(alphabet=st.characters(exclude_characters="/?#", codec="utf-8"), min_size=6, max_size=30))
def test_a_password_in_an_address_is_hidden_however_it_is_written(password: str) -> None:
    raw, encoded = "".join(password.split()), quote(password, safe="")

    for written in filter(lambda text: len(text) > 5, (raw, encoded)):
        assert f":{written}@" not in redact_text(f"cannot reach postgresql://pixie:{written}@db/pixie")


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/files/0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506 200",
        "https://pixie.example.com/api/ai/jobs?limit=20&cursor=abc",
        "token expired",
        "job 1764000000000123 took 12.5 ms at 2026-11-23T01:32:12.270065Z",
        "postgresql://db:5432/pixie",
        "the password is wrong",
        "سلام دنیا",
        "",
    ],
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert redact_text(text) == text


def test_card_numbers_are_hidden_and_other_long_numbers_are_not() -> None:
    assert redact_text("paid with 4242 4242 4242 4242 today") == f"paid with {MASK} today"
    assert redact_text("(4242-4242-4242-4242)") == f"({MASK})"
    assert redact_text("number 4242424242424241") == "number 4242424242424241"
    assert redact({"cvc": 123}) == {"cvc": MASK}


def test_the_other_fields_of_a_line_can_still_be_read() -> None:
    line = {"event": "signed in", "user_id": "0192", "ms": 1.5, "ok": True, "password": None, "token_expired": False}

    assert redact(line) == line


@pytest.mark.parametrize("name", ["idempotency_key", "provider_ticket", "passed", "author", "primary_key", "hint"])
def test_harmless_names_are_not_taken_for_secrets(name: str) -> None:
    assert not names_a_secret(name)


def test_anything_becomes_something_that_json_can_hold() -> None:
    @dataclass
    class Command:
        email: str
        password: str

    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("no")

    cycle: list[object] = []
    cycle.append(cycle)
    plain = redact(
        {
            "command": Command("a@b.c", "hidden-word"),
            "broken": Broken(),
            "huge": 2**80,
            "nan": float("nan"),
            "surrogate": "\ud800",
            "cycle": cycle,
            3: b"\xff",
            "many": list(range(1000)),
        }
    )

    text = json.dumps(plain, allow_nan=False)
    assert "hidden-word" not in text
    assert "a@b.c" in text
    assert "<Broken that cannot be shown>" in text
    assert text.encode("ascii")


def test_control_characters_become_visible() -> None:
    assert redact_text("a\x1b[31mred\r\x00\u202eb") == r"a\x1b[31mred\r\x00\u202eb"


@pytest.mark.parametrize(
    "text",
    [
        *("eyJ" * 10_000, "eyJa." * 10_000, "token" * 10_000, "-a" * 20_000, "://a:" * 10_000, "password=\\" * 5_000),
        *("\\" * 60_000, '"' * 60_000, "4111 " * 10_000, "cookie: " * 8_000, "sig=%3D" * 9_000, "a" * 1_000_000),
    ],
    ids=lambda text: text[:8],
)
def test_no_text_is_slow_or_long(text: str) -> None:
    began = time.perf_counter()
    shown = redact_text(text)

    assert time.perf_counter() - began < 2
    assert len(shown) < 17_000
