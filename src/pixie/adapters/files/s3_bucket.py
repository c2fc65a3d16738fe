from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Bucket:
    """Times are in seconds. Without keys, the usual places are searched: environment, profile, the machine's own
    role.
    """

    name: str
    region: str
    endpoint: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    connect_timeout: float = 3.0
    read_timeout: float = 10.0
