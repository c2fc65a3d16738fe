from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pixie.entrypoints.wiring.settings.connections import TooManyConnections, check_connections, connections_needed
from pixie.entrypoints.wiring.settings.loading import (
    SettingsInvalid,
    data_dir,
    load_process_settings,
    load_settings,
)
from pixie.entrypoints.wiring.settings.tree import Settings
from tests.support.builders.settings import PRODUCTION, STORED_SECRETS, development_settings


def refusal(environ: dict[str, str], dotenv: Path | None = None, stored: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(environ, dotenv, stored or {}, providers=("local", "scripted", "acme"))
    return refused.value.lines


def written(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def test_production_starts_with_keys_and_an_address() -> None:
    settings = load_settings(PRODUCTION)

    assert settings.env == "production"
    assert not settings.development
    assert settings.public_url == "https://pixie.example.com"
    assert settings.jobs.providers == ("local",)
    assert settings.log.format == "json"


def test_development_needs_nothing_but_the_keys_of_the_data_folder() -> None:
    settings = load_settings({}, None, STORED_SECRETS, default_env="development")

    assert settings.development
    assert settings.keys.token.reveal() == STORED_SECRETS["token_key"]
    assert settings.sources["PIXIE_KEYS_TOKEN"] == "data folder"
    assert settings.jobs.providers == ("local", "scripted")
    assert settings.log.format == "pretty"
    assert settings.public_url is None


def test_the_environment_is_stronger_than_the_file(tmp_path: Path) -> None:
    dotenv = written(tmp_path, "PIXIE_HTTP_PORT=9001\nPIXIE_HTTP_HOST=127.0.0.2\n")

    settings = load_settings({**PRODUCTION, "PIXIE_HTTP_PORT": "9002"}, dotenv)

    assert (settings.http.port, settings.http.host) == (9002, "127.0.0.2")
    assert settings.sources["PIXIE_HTTP_PORT"] == "environment (PIXIE_HTTP_PORT)"
    assert settings.sources["PIXIE_HTTP_HOST"] == ".env (PIXIE_HTTP_HOST)"
    assert settings.sources["PIXIE_HTTP_PROCESSES"] == "default"


def test_the_command_line_is_stronger_than_the_environment() -> None:
    settings = load_settings({**PRODUCTION, "PIXIE_HTTP_PORT": "9002"}, overrides={"PIXIE_HTTP_PORT": "9003"})

    assert settings.http.port == 9003
    assert settings.sources["PIXIE_HTTP_PORT"] == "command line (PIXIE_HTTP_PORT)"


def test_any_name_in_the_environment_is_stronger_than_any_name_in_the_file(tmp_path: Path) -> None:
    dotenv = written(tmp_path, "PIXIE_DATABASE_URL=postgresql://file/pixie\n")

    settings = load_settings({**PRODUCTION, "DATABASE_URL": "postgresql://environment/pixie"}, dotenv)

    assert settings.database.url is not None
    assert settings.database.url.reveal() == "postgresql://environment/pixie"


def test_the_names_of_the_requirements_are_accepted() -> None:
    settings = load_settings(
        {
            "PIXIE_ENV": "development",
            "DATABASE_URL": "postgresql://user:password@localhost:5432/pixie_dev",
            "REDIS_URL": "redis://localhost:6379",
            "AWS_ACCESS_KEY_ID": "your_access_key",
            "AWS_SECRET_ACCESS_KEY": "your_secret_key",
            "AWS_REGION": "eu-central-1",
            "S3_BUCKET_NAME": "pixie-dev-files",
            "FAL_AI_API_KEY": "your_fal_ai_key",
            "OPENAI_API_KEY": "your_openai_key",
            "JWT_SECRET": "your_jwt_secret",
            "JWT_REFRESH_SECRET": "your_refresh_secret",
            "STRIPE_SECRET_KEY": "your_stripe_secret",
            "SENDGRID_API_KEY": "your_sendgrid_key",
        },
        None,
        STORED_SECRETS,
    )

    assert settings.database.url is not None
    assert settings.redis.url is not None
    assert settings.storage.kind == "s3"
    assert (settings.storage.bucket, settings.storage.region) == ("pixie-dev-files", "eu-central-1")
    assert settings.keys.token.reveal() == "your_jwt_secret"
    assert settings.keys.refresh.reveal() == "your_refresh_secret"
    assert set(settings.foreign) == {"FAL_AI_API_KEY", "OPENAI_API_KEY", "STRIPE_SECRET_KEY", "SENDGRID_API_KEY"}


def test_an_empty_value_says_nothing() -> None:
    settings = load_settings({**PRODUCTION, "PIXIE_HTTP_PORT": "", "PIXIE_STORAGE_BUCKET": ""})

    assert settings.http.port == 8000
    assert settings.storage.kind == "local"


def test_each_kind_of_value_is_read_as_it_is_written() -> None:
    settings = development_settings(
        PIXIE_JOBS_LEASE="2.5",
        PIXIE_JOBS_HEARTBEAT="0.5",
        PIXIE_HTTP_TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.1,",
        PIXIE_FILES_MAX_PIXELS="1_000_000",
        PIXIE_HTTP_DEBUG="Yes",
        PIXIE_CREDITS_WELCOME_LIFETIME="86400",
        PIXIE_PUBLIC_URL="http://127.0.0.1:8000/",
    )

    assert settings.jobs.lease == timedelta(seconds=2.5)
    assert settings.http.trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    assert settings.files.max_pixels == 1_000_000
    assert settings.http.debug
    assert settings.credits.welcome_lifetime == timedelta(days=1)
    assert settings.public_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("PIXIE_HTTP_PORT", "http", "PIXIE_HTTP_PORT must be a whole number, not 'http' (from environment)."),
        ("PIXIE_HTTP_PORT", "70000", "PIXIE_HTTP_PORT must be 65535 or less, not '70000' (from environment)."),
        ("PIXIE_JOBS_LEASE", "nan", "PIXIE_JOBS_LEASE must be a number of seconds, not 'nan' (from environment)."),
        ("PIXIE_JOBS_LEASE", "1e300", "PIXIE_JOBS_LEASE must be a number of seconds, not '1e300' (from environment)."),
        ("PIXIE_JOBS_LEASE", "0.1", "PIXIE_JOBS_LEASE must be 0.5 or more, not '0.1' (from environment)."),
        ("PIXIE_HTTP_DEBUG", "maybe", "PIXIE_HTTP_DEBUG must be true or false, not 'maybe' (from environment)."),
        (
            "PIXIE_LOG_LEVEL",
            "loud",
            "PIXIE_LOG_LEVEL must be debug, info, warning or error, not 'loud' (from environment).",
        ),
        ("PIXIE_ENV", "devel", "PIXIE_ENV must be development or production, not 'devel' (from environment)."),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_must_be(name: str, text: str, line: str) -> None:
    assert refusal({**PRODUCTION, name: text}) == [line]


def test_everything_wrong_is_told_at_once_under_the_names_that_were_written(tmp_path: Path) -> None:
    dotenv = written(tmp_path, "PIXIE_HTTP_PORT=none\nthis is no setting\n")

    lines = refusal({**PRODUCTION, "DATABASE_URL": "mysql://db/pixie", "PIXIE_HTP_HOST": "::1"}, dotenv)

    assert lines == [
        f"{dotenv}, line 2: this is not NAME=value.",
        "PIXIE_HTP_HOST (from environment) is not a setting of Pixie (did you mean PIXIE_HTTP_HOST?).",
        "PIXIE_HTTP_PORT must be a whole number, not 'none' (from .env).",
        "DATABASE_URL must be a URL that begins with postgresql:// or postgres:// and names a host.",
    ]


def test_what_a_persons_shell_holds_is_no_setting_and_no_fault() -> None:
    environ = {**PRODUCTION, "PIXIE_URL": "https://pixie.example.com", "PIXIE_KEY": "a.b.c"}

    assert "PIXIE_KEY" not in load_settings(environ, providers=()).sources
    assert refusal({**environ, "PIXIE_ZZZ": "x"}) == ["PIXIE_ZZZ (from environment) is not a setting of Pixie."]


def test_an_unknown_name_without_a_likeness_is_refused_too() -> None:
    assert refusal({**PRODUCTION, "PIXIE_ZZZ": "1"}) == ["PIXIE_ZZZ (from environment) is not a setting of Pixie."]


def test_what_kubernetes_injects_is_ignored() -> None:
    load_settings(
        {
            **PRODUCTION,
            "PIXIE_PORT": "tcp://10.96.0.12:80",
            "PIXIE_PORT_80_TCP": "tcp://10.96.0.12:80",
            "PIXIE_PORT_80_TCP_ADDR": "10.96.0.12",
            "PIXIE_SERVICE_HOST": "10.96.0.12",
            "PIXIE_SERVICE_PORT_HTTP": "80",
            "PIXIE_API_SERVICE_HOST": "10.96.0.13",
            "PIXIE_API_SERVICE_PORT": "80",
            "PIXIE_API_PORT": "tcp://10.96.0.13:80",
            "PIXIE_API_PORT_80_TCP_PROTO": "tcp",
        }
    )


def test_a_fault_in_a_setting_brings_no_faults_that_only_follow_from_it() -> None:
    lines = refusal({**PRODUCTION, "PIXIE_JOBS_LEASE": "long", "PIXIE_JOBS_HEARTBEAT": "60"})

    assert lines == ["PIXIE_JOBS_LEASE must be a number of seconds, not 'long' (from environment)."]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"PIXIE_HTTP_HOST=\xff\xfe\n")

    assert refusal(dict(PRODUCTION), path) == [f"{path} cannot be read: it is not UTF-8."]
    assert refusal(dict(PRODUCTION), tmp_path / ".env" / "below") == [
        f"{path / 'below'} cannot be read: Not a directory."
    ]


def test_a_missing_file_is_no_fault(tmp_path: Path) -> None:
    assert load_settings(PRODUCTION, tmp_path / "none").http.port == 8000


def test_dollars_in_the_file_stay_dollars(tmp_path: Path) -> None:
    dotenv = written(tmp_path, "PIXIE_DATABASE_URL=postgresql://pixie:a${HOME}b@db/pixie\n")

    settings = load_settings(PRODUCTION, dotenv)

    assert settings.database.url is not None
    assert "${HOME}" in settings.database.url.reveal()


def test_a_provider_that_is_not_installed_is_refused() -> None:
    assert refusal({**PRODUCTION, "PIXIE_PROVIDERS": "local,fal"}) == [
        "PIXIE_PROVIDERS names 'fal', which is not installed (installed: acme, local, scripted)."
    ]


def test_the_data_folder_is_found_before_anything_is_checked(tmp_path: Path) -> None:
    dotenv = written(tmp_path, f"PIXIE_DATA_DIR={tmp_path / 'file'}\n")

    assert data_dir({}, dotenv) == tmp_path / "file"
    assert data_dir({"PIXIE_DATA_DIR": "here"}, dotenv) == Path.cwd() / "here"
    assert data_dir({}, None) == Path.cwd() / ".pixie"


def test_a_process_reads_its_environment_its_folder_and_its_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIXIE_HTTP_PORT", "9004")
    written(tmp_path, "PIXIE_HTTP_HOST=127.0.0.3\n")
    asked: list[Path] = []

    def read_secrets(folder: Path) -> dict[str, str]:
        asked.append(folder)
        return dict(STORED_SECRETS)

    settings = load_process_settings(read_secrets, overrides={"PIXIE_DATA_DIR": "state"}, default_env="development")

    assert asked == [tmp_path / "state"]
    assert settings.data_dir == tmp_path / "state"
    assert (settings.http.port, settings.http.host) == (9004, "127.0.0.3")


def test_the_tree_cannot_be_changed() -> None:
    settings = development_settings()

    with pytest.raises(AttributeError):
        settings.http.port = 1  # type: ignore[misc]  # that is the point


def test_the_tree_shows_no_secret_however_it_is_printed() -> None:
    settings = development_settings(
        PIXIE_DATABASE_URL="postgresql://pixie:hidden-word@db/pixie", OPENAI_API_KEY="hidden-word"
    )

    printed = f"{settings} {settings!r} {settings.keys.token} {settings.foreign}"

    assert "hidden-word" not in printed
    assert not any(secret in printed for secret in STORED_SECRETS.values())
    with pytest.raises(TypeError):
        msgspec.json.encode(settings)


def test_the_pools_of_all_processes_must_fit_into_the_database() -> None:
    settings: Settings = development_settings(PIXIE_DATABASE_POOL_SIZE="10", PIXIE_HTTP_PROCESSES="2")
    needed = connections_needed(settings)

    check_connections(settings, needed)
    with pytest.raises(TooManyConnections, match=f"may need {needed}"):
        check_connections(settings, needed - 1)
