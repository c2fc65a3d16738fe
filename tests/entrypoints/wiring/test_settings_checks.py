import secrets
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.entrypoints.wiring.settings.loading import SettingsInvalid, load_settings
from pixie.entrypoints.wiring.settings.secret import MASK, Secret
from pixie.entrypoints.wiring.settings.strength import weakness
from tests.support.builders.settings import PRODUCTION, STORED_SECRETS


def refusal(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(environ, providers=("local",))
    return refused.value.lines


def test_production_without_keys_is_refused_with_a_line_for_each() -> None:
    lines = refusal({"PIXIE_PUBLIC_URL": "https://pixie.example.com"})

    assert lines == [
        "PIXIE_KEYS_PASSWORD is not set.",
        "PIXIE_KEYS_TOKEN is not set (also accepted as JWT_SECRET).",
        "PIXIE_KEYS_REFRESH is not set (also accepted as JWT_REFRESH_SECRET).",
        "PIXIE_KEYS_LINK is not set.",
        "PIXIE_KEYS_SEAL is not set.",
    ]


def test_production_takes_no_keys_from_the_data_folder() -> None:
    with pytest.raises(SettingsInvalid, match="PIXIE_KEYS_LINK is not set"):
        load_settings({"PIXIE_ENV": "production"}, None, STORED_SECRETS)


def test_development_before_the_first_start_says_how_keys_are_made() -> None:
    lines = refusal({"PIXIE_ENV": "development"})

    assert lines[0] == ("PIXIE_KEYS_PASSWORD is not set, and the data folder holds none yet: `pixie up` makes it.")


def test_a_misspelt_development_gets_the_rules_of_production() -> None:
    lines = refusal({**PRODUCTION, "PIXIE_ENV": "developement", "PIXIE_KEYS_TOKEN": "short"})

    assert "PIXIE_KEYS_TOKEN is shorter than 32 characters; make one with `openssl rand -base64 32`." in lines


@pytest.mark.parametrize(
    "secret",
    [
        "your_jwt_secret",
        "changeme",
        "change-me-change-me-change-me-change-me",
        "secret",
        "short",
        "a" * 64,
        "abcd" * 16,
        "0123456789" * 5,
        "<paste a long random text in here please>",
        "zQ8v1LkX3mN6pR9sT2uW5yB7cE0f",
    ],
)
def test_a_weak_key_is_refused_in_production_and_not_repeated(secret: str) -> None:
    lines = refusal({**PRODUCTION, "JWT_SECRET": secret, "PIXIE_KEYS_TOKEN": ""})

    assert len(lines) == 1
    assert lines[0].startswith("JWT_SECRET ")
    assert lines[0].endswith("; make one with `openssl rand -base64 32`.")
    assert not lines[0].count(secret) or secret in {"short", "secret"}


def test_weak_keys_will_do_in_development() -> None:
    settings = load_settings({"PIXIE_ENV": "development", "JWT_SECRET": "your_jwt_secret"}, None, STORED_SECRETS)

    assert settings.keys.token.reveal() == "your_jwt_secret"


@pytest.mark.parametrize("make", [lambda: secrets.token_hex(16), lambda: secrets.token_urlsafe(32)])
def test_what_a_random_generator_gives_is_strong(make: Callable[[], str]) -> None:
    assert [fault for fault in (weakness(make()) for _ in range(300)) if fault] == []


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (
            {"PIXIE_JOBS_LEASE": "14", "PIXIE_JOBS_HEARTBEAT": "5"},
            (
                "PIXIE_JOBS_LEASE and PIXIE_JOBS_HEARTBEAT do not fit: a lease must last three heartbeats or more, "
                "or one lost heartbeat lets a second worker in."
            ),
        ),
        (
            {"PIXIE_JOBS_BACKOFF_BASE": "9", "PIXIE_JOBS_BACKOFF_MAX": "8"},
            "PIXIE_JOBS_BACKOFF_BASE and PIXIE_JOBS_BACKOFF_MAX do not fit: the first is the longer.",
        ),
        (
            {"PIXIE_AUTH_REFRESH_IDLE": "9", "PIXIE_AUTH_REFRESH_ABSOLUTE": "8"},
            "PIXIE_AUTH_REFRESH_IDLE and PIXIE_AUTH_REFRESH_ABSOLUTE do not fit: the first is the longer.",
        ),
        (
            {"PIXIE_HTTP_DEBUG": "true", "PIXIE_HTTP_HOST": "0.0.0.0"},
            "PIXIE_HTTP_DEBUG is refused while PIXIE_HTTP_HOST is 0.0.0.0, which others can reach.",
        ),
        (
            {"PIXIE_STORAGE_KIND": "s3"},
            "PIXIE_STORAGE_BUCKET must be set when PIXIE_STORAGE_KIND is s3.",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "AKIAXEXAMPLED"},
            "AWS_ACCESS_KEY_ID and PIXIE_STORAGE_SECRET_KEY must be set both or not at all.",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "AKIAX1234", "AWS_SECRET_ACCESS_KEY": "your_secret_key"},
            "AWS_SECRET_ACCESS_KEY looks like an example, not like a secret.",
        ),
        (
            {"DATABASE_URL": "postgresql://user:password@db/pixie"},
            "DATABASE_URL has a password that anybody would guess.",
        ),
        (
            {"REDIS_URL": "http://cache:6379"},
            "REDIS_URL must be a URL that begins with redis:// or rediss:// and names a host.",
        ),
        (
            {"PIXIE_DATABASE_URL": "postgresql://db:no-port/pixie"},
            "PIXIE_DATABASE_URL must be a URL that begins with postgresql:// or postgres:// and names a host.",
        ),
        (
            {"PIXIE_PUBLIC_URL": "pixie.example.com"},
            "PIXIE_PUBLIC_URL must be a URL that begins with http:// or https:// and names a host.",
        ),
        ({"PIXIE_PUBLIC_URL": "https://pixie.example.com/?a=b"}, "PIXIE_PUBLIC_URL must not have a query."),
        (
            {"PIXIE_HTTP_TRUSTED_PROXIES": "10.0.0.0/8,proxy"},
            "PIXIE_HTTP_TRUSTED_PROXIES has 'proxy', which is no address and no network.",
        ),
        (
            {"PIXIE_MAIL_SENDER": "Pixie"},
            "PIXIE_MAIL_SENDER must be an address, e.g. `Pixie <pixie@example.com>`.",
        ),
        ({"PIXIE_AUTH_BCRYPT_COST": "4"}, "PIXIE_AUTH_BCRYPT_COST must be at least 10 in production."),
        (
            {"PIXIE_PUBLIC_URL": ""},
            "PIXIE_PUBLIC_URL must be set in production: links in answers and mails must not follow a forged Host.",
        ),
    ],
)
def test_settings_that_do_not_fit_are_refused(written: dict[str, str], line: str) -> None:
    assert refusal({**PRODUCTION, **written}) == [line]


def test_debug_mode_is_fine_where_only_this_machine_listens() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert load_settings({**PRODUCTION, "PIXIE_HTTP_DEBUG": "on", "PIXIE_HTTP_HOST": host}).http.debug


def test_keys_derived_for_two_purposes_differ_and_stay_the_same() -> None:
    one, other = Secret("one text"), Secret("other text")

    assert len(one.derive("links")) == 32
    assert one.derive("links") == Secret("one text").derive("links")
    assert len({one.derive("links"), one.derive("tokens"), other.derive("links")}) == 3


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", MASK),
        ("postgresql://pixie:pw@db:5432/pixie?password=pw", f"postgresql://pixie:{MASK}@db:5432/pixie?{MASK}"),
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("redis://:pw@[::1]:6379", f"redis://:{MASK}@[::1]:6379"),
        ("redis://[broken", MASK),
    ],
)
def test_of_a_masked_address_all_but_the_secret_can_be_read(value: str, shown: str) -> None:
    assert Secret(value).masked() == shown


@given(st.text(alphabet="abcdefghij/:@?#[]%=&", min_size=1, max_size=30))
def test_no_password_is_left_in_a_masked_text(noise: str) -> None:
    secret = Secret(f"redis://{noise}:K3Y@{noise}")

    assert "K3Y" not in secret.masked()
