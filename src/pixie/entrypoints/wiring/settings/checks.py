"""What settings must be together, and what production demands of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import unquote, urlsplit

from pixie.entrypoints.wiring.settings.secret import Secret
from pixie.entrypoints.wiring.settings.strength import is_placeholder, weakness
from pixie.entrypoints.wiring.settings.tree import Settings

_MIN_BCRYPT_COST: Final = 10
_HEARTBEATS_IN_A_LEASE: Final = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and the settings that it is about."""

    names: tuple[str, ...]
    text: str

    def line(self, written: Mapping[str, str]) -> str:
        """A sentence that begins with the names, as they were written down."""
        return f"{' and '.join(written.get(name, name) for name in self.names)} {self.text}."


def check(settings: Settings) -> list[Problem]:
    """Everything that is wrong with a tree whose values are right one by one."""
    checks = _ALWAYS if settings.development else (*_ALWAYS, *_IN_PRODUCTION)
    return [problem for check in checks for problem in check(settings)]


def _addresses(settings: Settings) -> Iterator[Problem]:
    yield from _url("PIXIE_PUBLIC_URL", settings.public_url, ("http", "https"))
    if settings.public_url and urlsplit(settings.public_url).query:
        yield Problem(("PIXIE_PUBLIC_URL",), "must not have a query")
    yield from _url("PIXIE_DATABASE_URL", _text(settings.database.url), ("postgresql", "postgres"))
    yield from _url("PIXIE_REDIS_URL", _text(settings.redis.url), ("redis", "rediss"))
    yield from _url("PIXIE_STORAGE_ENDPOINT", settings.storage.endpoint, ("http", "https"))
    for network in settings.http.trusted_proxies:
        try:
            ip_network(network)
        except ValueError:
            yield Problem(("PIXIE_HTTP_TRUSTED_PROXIES",), f"has {network!r}, which is no address and no network")


def _url(name: str, url: str | None, schemes: tuple[str, ...]) -> Iterator[Problem]:
    if url is None:
        return
    begins = " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(url)
        right = parts.scheme in schemes and parts.hostname and (parts.port or 1)
    except ValueError:
        right = False
    if not right:
        yield Problem((name,), f"must be a URL that begins with {begins} and names a host")


def _storage(settings: Settings) -> Iterator[Problem]:
    storage = settings.storage
    if storage.kind == "s3" and not storage.bucket:
        yield Problem(("PIXIE_STORAGE_BUCKET",), "must be set when PIXIE_STORAGE_KIND is s3")
    if (storage.access_key is None) != (storage.secret_key is None):
        yield Problem(("PIXIE_STORAGE_ACCESS_KEY", "PIXIE_STORAGE_SECRET_KEY"), "must be set both or not at all")


def _times(settings: Settings) -> Iterator[Problem]:
    jobs, auth = settings.jobs, settings.auth
    if jobs.lease < _HEARTBEATS_IN_A_LEASE * jobs.heartbeat:
        yield Problem(
            ("PIXIE_JOBS_LEASE", "PIXIE_JOBS_HEARTBEAT"),
            "do not fit: a lease must last three heartbeats or more, or one lost heartbeat lets a second worker in",
        )
    if jobs.backoff_base > jobs.backoff_max:
        yield Problem(("PIXIE_JOBS_BACKOFF_BASE", "PIXIE_JOBS_BACKOFF_MAX"), "do not fit: the first is the longer")
    if auth.refresh_idle > auth.refresh_absolute:
        yield Problem(("PIXIE_AUTH_REFRESH_IDLE", "PIXIE_AUTH_REFRESH_ABSOLUTE"), "do not fit: the first is the longer")


def _mail(settings: Settings) -> Iterator[Problem]:
    if "@" not in parseaddr(settings.mail.sender)[1]:
        yield Problem(("PIXIE_MAIL_SENDER",), "must be an address, e.g. `Pixie <pixie@example.com>`")


def _debug(settings: Settings) -> Iterator[Problem]:
    if settings.http.debug and not _loopback(settings.http.host):
        yield Problem(
            ("PIXIE_HTTP_DEBUG",), f"is refused while PIXIE_HTTP_HOST is {settings.http.host}, which others can reach"
        )


def _loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _keys(settings: Settings) -> Iterator[Problem]:
    for key in ("password", "token", "refresh", "link", "seal"):
        secret: Secret = getattr(settings.keys, key)
        if fault := weakness(secret.reveal()):
            yield Problem((f"PIXIE_KEYS_{key.upper()}",), f"{fault}; make one with `openssl rand -base64 32`")


def _given_passwords(settings: Settings) -> Iterator[Problem]:
    for name, url in (("PIXIE_DATABASE_URL", settings.database.url), ("PIXIE_REDIS_URL", settings.redis.url)):
        password = _password(url)
        if password is not None and is_placeholder(password):
            yield Problem((name,), "has a password that anybody would guess")
    storage = settings.storage
    for name, secret in (
        ("PIXIE_STORAGE_ACCESS_KEY", storage.access_key),
        ("PIXIE_STORAGE_SECRET_KEY", storage.secret_key),
    ):
        if secret and is_placeholder(secret.reveal()):
            yield Problem((name,), "looks like an example, not like a secret")


def _production_needs(settings: Settings) -> Iterator[Problem]:
    if settings.public_url is None:
        yield Problem(
            ("PIXIE_PUBLIC_URL",), "must be set in production: links in answers and mails must not follow a forged Host"
        )
    if settings.auth.bcrypt_cost < _MIN_BCRYPT_COST:
        yield Problem(("PIXIE_AUTH_BCRYPT_COST",), f"must be at least {_MIN_BCRYPT_COST} in production")


def _text(secret: Secret | None) -> str | None:
    return secret.reveal() if secret else None


def _password(url: Secret | None) -> str | None:
    try:
        password = urlsplit(url.reveal()).password if url else None
    except ValueError:
        return None  # the address itself is reported
    return None if password is None else unquote(password)


_Check = Callable[[Settings], Iterator[Problem]]
_ALWAYS: Final[tuple[_Check, ...]] = (_addresses, _storage, _times, _mail, _debug)
_IN_PRODUCTION: Final[tuple[_Check, ...]] = (_keys, _given_passwords, _production_needs)
