from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Sizes are in bytes. `temporary_lifetime` is how long a temporary upload stays."""

    max_upload_bytes: int = 50_000_000
    max_output_bytes: int = 500_000_000
    temporary_lifetime: timedelta = timedelta(hours=24)
