"""All settings of Pixie: one frozen tree, one branch for each concern.

The name of a setting is its place in the tree: `database.pool_size` is `PIXIE_DATABASE_POOL_SIZE`.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Struct, field

from pixie.entrypoints.wiring.settings.environment import Given
from pixie.entrypoints.wiring.settings.secret import Secret
from pixie.entrypoints.wiring.settings.setting import setting

_MIB = 1024 * 1024


def processors() -> int:
    return os.cpu_count() or 1


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """PostgreSQL."""

    url: Annotated[
        Secret | None,
        setting(
            "Where PostgreSQL is: `postgresql://user:password@host:port/name`. Unset: `pixie up` runs its own.",
            aliases=("DATABASE_URL",),
        ),
    ] = None
    pool_size: Annotated[int, setting("Connections of one process, at most.", ge=2, le=200)] = 10
    acquire_timeout: Annotated[
        timedelta, setting("How long work waits for a free connection.", unit="seconds", ge=0.1, le=60)
    ] = timedelta(seconds=5)
    statement_timeout: Annotated[
        timedelta, setting("How long one statement may take.", unit="seconds", ge=0.1, le=600)
    ] = timedelta(seconds=5)
    lock_timeout: Annotated[
        timedelta, setting("How long a statement waits for a lock.", unit="seconds", ge=0.1, le=600)
    ] = timedelta(seconds=5)


class RedisSettings(Struct, frozen=True, kw_only=True):
    """Redis, or a server that speaks its protocol."""

    url: Annotated[
        Secret | None,
        setting(
            "Where Redis is: `redis://[user:password@]host:port/number`, or `rediss://…` for TLS. "
            "Unset: `pixie up` runs its own.",
            aliases=("REDIS_URL",),
        ),
    ] = None
    pool_size: Annotated[int, setting("Connections of one process, at most.", ge=2, le=10_000)] = 50
    timeout: Annotated[
        timedelta, setting("How long to wait for a connection or an answer.", unit="seconds", ge=0.05, le=60)
    ] = timedelta(seconds=2)


class StorageSettings(Struct, frozen=True, kw_only=True):
    """Where the bytes of files lie."""

    kind: Annotated[
        Literal["local", "s3"],
        setting(
            "`local`: the folder `files` in the data folder. `s3`: a bucket of S3 or of a compatible server.",
            default_text="`s3` when a bucket is set, else `local`",
        ),
    ] = "local"
    bucket: Annotated[str | None, setting("The bucket.", aliases=("S3_BUCKET_NAME",))] = None
    region: Annotated[str, setting("The bucket's region.", aliases=("AWS_REGION",))] = "us-east-1"
    endpoint: Annotated[
        str | None, setting("The address of a compatible server, e.g. `http://127.0.0.1:8333`. Unset: AWS.")
    ] = None
    access_key: Annotated[
        Secret | None,
        setting("The access key. Unset: what the machine offers (an instance role).", aliases=("AWS_ACCESS_KEY_ID",)),
    ] = None
    secret_key: Annotated[
        Secret | None, setting("The secret that belongs to the access key.", aliases=("AWS_SECRET_ACCESS_KEY",))
    ] = None


class KeySettings(Struct, frozen=True, kw_only=True):
    """The installation's own secrets: each a random text of 32 characters or more, the same for all processes.

    In development they are made at the first start and kept in the data folder; in production they must be set.
    """

    password: Annotated[
        Secret,
        setting("Mixed into passwords before they are hashed. Changing it locks everybody out.", stored="password_key"),
    ]
    token: Annotated[
        Secret,
        setting(
            "Signs access tokens. Changing it ends all access tokens, not the sessions.",
            aliases=("JWT_SECRET",),
            stored="token_key",
        ),
    ]
    refresh: Annotated[
        Secret,
        setting(
            "Makes the one successor that each refresh token can have. Changing it breaks off rotations under way.",
            aliases=("JWT_REFRESH_SECRET",),
            stored="refresh_key",
        ),
    ]
    link: Annotated[Secret, setting("Signs links to files. Changing it ends all links given out.", stored="link_key")]
    seal: Annotated[
        Secret,
        setting(
            "Encrypts what is kept only to be given back, such as the answers of idempotent requests.",
            stored="seal_key",
        ),
    ]


class AuthSettings(Struct, frozen=True, kw_only=True):
    """Sign-in and sessions."""

    algorithm: Annotated[
        Literal["EdDSA", "HS256"],
        setting("How access tokens are signed. With `HS256` whoever can check a token can also make one."),
    ] = "EdDSA"
    access_lifetime: Annotated[
        timedelta, setting("How long an access token is good.", unit="seconds", ge=1, le=86_400)
    ] = timedelta(minutes=15)
    refresh_idle: Annotated[
        timedelta, setting("A session that was not refreshed for so long has ended.", unit="seconds", ge=1)
    ] = timedelta(days=30)
    refresh_absolute: Annotated[
        timedelta, setting("A session ends so long after sign-in, used or not.", unit="seconds", ge=1)
    ] = timedelta(days=90)
    refresh_grace: Annotated[
        timedelta,
        setting(
            "For so long a refresh token that was just spent gets the same successor again.",
            unit="seconds",
            ge=0,
            le=60,
        ),
    ] = timedelta(seconds=10)
    bcrypt_cost: Annotated[
        int, setting("The work of one password hash doubles with each step; at least 10 in production.", ge=4, le=16)
    ] = 12
    hash_threads: Annotated[
        int,
        setting(
            "Passwords hashed at the same time by one process.", ge=1, le=64, default_text="one for each processor"
        ),
    ] = field(default_factory=processors)
    hash_max_wait: Annotated[
        timedelta,
        setting("A sign-in that would wait longer for its turn is refused with 429.", unit="seconds", ge=0.1, le=60),
    ] = timedelta(seconds=5)


class FileSettings(Struct, frozen=True, kw_only=True):
    """Uploads and what is made of them."""

    max_upload_bytes: Annotated[int, setting("The largest upload.", unit="bytes", ge=1024)] = 50 * _MIB
    max_pixels: Annotated[
        int, setting("The largest picture, width times height.", unit="pixels", ge=1, le=400_000_000)
    ] = 50_000_000
    link_lifetime: Annotated[
        timedelta, setting("How long a signed link to a file works.", unit="seconds", ge=1, le=604_800)
    ] = timedelta(hours=1)
    temporary_lifetime: Annotated[timedelta, setting("How long a temporary file is kept.", unit="seconds", ge=1)] = (
        timedelta(days=1)
    )
    inspections: Annotated[
        int,
        setting(
            "Pictures decoded at the same time by one process.", ge=1, le=64, default_text="one for each processor"
        ),
    ] = field(default_factory=processors)


class CreditSettings(Struct, frozen=True, kw_only=True):
    """Credits."""

    welcome_amount: Annotated[int, setting("Credits a new account starts with.", unit="credits", ge=0)] = 100
    welcome_lifetime: Annotated[
        timedelta | None,
        setting("How long the welcome credits can be spent. Unset: for ever.", unit="seconds", ge=1),
    ] = None


class JobSettings(Struct, frozen=True, kw_only=True):
    """AI jobs."""

    providers: Annotated[
        tuple[str, ...],
        setting(
            "Which of the installed providers are offered, with commas between.",
            name="PIXIE_PROVIDERS",
            development=("local", "scripted"),
        ),
    ] = ("local",)
    lease: Annotated[
        timedelta,
        setting(
            "A worker that was silent for so long counts as dead, and its job is taken over.",
            unit="seconds",
            ge=0.5,
            le=3600,
        ),
    ] = timedelta(seconds=30)
    heartbeat: Annotated[
        timedelta,
        setting("How often a worker renews its leases; at most a third of the lease.", unit="seconds", ge=0.05, le=600),
    ] = timedelta(seconds=5)
    max_attempts: Annotated[int, setting("Attempts of one job before it fails.", ge=1, le=100)] = 5
    max_deaths: Annotated[int, setting("A job under which so many workers died is not tried again.", ge=1, le=100)] = 3
    backoff_base: Annotated[
        timedelta, setting("The pause before the second attempt; it doubles each time.", unit="seconds", ge=0.01)
    ] = timedelta(seconds=2)
    backoff_max: Annotated[timedelta, setting("The longest pause between attempts.", unit="seconds", ge=0.01)] = (
        timedelta(minutes=2)
    )
    sweep_interval: Annotated[
        timedelta, setting("How often due work is looked for that nobody was told of.", unit="seconds", ge=0.05, le=60)
    ] = timedelta(seconds=0.25)


class HttpSettings(Struct, frozen=True, kw_only=True):
    """The API's processes."""

    host: Annotated[str, setting("The address to listen on; `0.0.0.0` for all.")] = "127.0.0.1"
    port: Annotated[int, setting("The port to listen on.", ge=1, le=65_535)] = 8000
    processes: Annotated[int, setting("How many processes share the port.", ge=1, le=64)] = 2
    trusted_proxies: Annotated[
        tuple[str, ...],
        setting("Addresses or networks whose `X-Forwarded-For` is believed, with commas between."),
    ] = ()
    max_body_bytes: Annotated[
        int, setting("The largest body of a request that is no upload.", unit="bytes", ge=1024)
    ] = _MIB
    shutdown_timeout: Annotated[
        timedelta, setting("How long running requests may take to end when stopping.", unit="seconds", ge=1, le=600)
    ] = timedelta(seconds=30)
    debug: Annotated[
        bool, setting("Show faults of Pixie with their traces. Refused on an address that others can reach.")
    ] = False


class WorkerSettings(Struct, frozen=True, kw_only=True):
    """The workers' processes."""

    threads: Annotated[
        int, setting("Messages handled at the same time: jobs at providers, mails and the like.", ge=1, le=256)
    ] = 16
    compute_threads: Annotated[
        int,
        setting(
            "Jobs worked on by this machine at the same time.", ge=1, le=256, default_text="one for each processor"
        ),
    ] = field(default_factory=processors)
    shutdown_timeout: Annotated[
        timedelta, setting("How long running work may take to end when stopping.", unit="seconds", ge=1, le=600)
    ] = timedelta(seconds=30)


class OutboundSettings(Struct, frozen=True, kw_only=True):
    """Requests to addresses that a user or a provider names."""

    allowed_hosts: Annotated[
        tuple[str, ...],
        setting(
            "Hosts that may be asked over plain http and at private addresses, with commas between; "
            "for servers of your own only."
        ),
    ] = ()
    max_bytes: Annotated[int, setting("The largest file that is fetched.", unit="bytes", ge=1024)] = 200 * _MIB
    timeout: Annotated[timedelta, setting("How long fetching one file may take.", unit="seconds", ge=0.1, le=3600)] = (
        timedelta(minutes=2)
    )


class LogSettings(Struct, frozen=True, kw_only=True):
    """What the processes say on stderr."""

    format: Annotated[
        Literal["json", "pretty"],
        setting("`json`: one object a line. `pretty`: for people.", development="pretty"),
    ] = "json"
    level: Annotated[Literal["debug", "info", "warning", "error"], setting("The least that is said.")] = "info"


class MailSettings(Struct, frozen=True, kw_only=True):
    """E-mail."""

    kind: Annotated[Literal["file"], setting("`file`: mails are files in the folder `mail` of the data folder.")] = (
        "file"
    )
    sender: Annotated[str, setting("Whom mails are from.")] = "Pixie <pixie@localhost>"


class Settings(Struct, frozen=True, kw_only=True):
    """The whole tree, as `load_settings` made it.

    `sources` says for each setting, by name, where its value came from. `foreign` holds what belongs to providers and
    vendors; `provider_settings` reads it.
    """

    env: Annotated[
        Literal["development", "production"],
        setting(
            "`development`: keys are made and kept in the data folder, and everything has a default. "
            "`production`: weak or missing secrets are refused. `pixie up` sets development unless told otherwise."
        ),
    ] = "production"
    public_url: Annotated[
        str | None,
        setting(
            "The address under which clients reach Pixie, e.g. `https://pixie.example.com`; links begin with it. "
            "Unset, only in development: the address of each request."
        ),
    ] = None
    data_dir: Annotated[
        Path, setting("The folder for everything that Pixie keeps on this machine; made when it is missing.")
    ] = Path(".pixie")
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    storage: StorageSettings = StorageSettings()
    keys: KeySettings
    auth: AuthSettings = AuthSettings()
    files: FileSettings = FileSettings()
    credits: CreditSettings = CreditSettings()
    jobs: JobSettings = JobSettings()
    http: HttpSettings = HttpSettings()
    worker: WorkerSettings = WorkerSettings()
    outbound: OutboundSettings = OutboundSettings()
    log: LogSettings = LogSettings()
    mail: MailSettings = MailSettings()
    sources: Mapping[str, str] = field(default_factory=dict)
    foreign: Mapping[str, Given] = field(default_factory=dict)

    @property
    def development(self) -> bool:
        return self.env == "development"
