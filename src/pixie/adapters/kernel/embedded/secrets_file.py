"""The secrets of one installation, made by chance when it first starts."""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self

from pixie.adapters.kernel.embedded.private_files import create_private, write_private

_PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
"""What RFC 8410 puts before the 32 bytes of a private key. Any 32 random bytes are one, so no library is needed."""


class BadSecrets(Exception):
    """The file of secrets cannot be used; says why."""


def _random_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def _random_private_key() -> str:
    body = base64.b64encode(_PKCS8_ED25519 + os.urandom(32)).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"


def _secret(make: Callable[[], str] = _random_key) -> str:
    return field(default_factory=make, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Each is base64 of 32 random bytes, but for the key that signs tokens: Ed25519, PEM."""

    database_password: str = _secret()
    redis_password: str = _secret()
    password_key: str = _secret()
    token_private_key: str = _secret(_random_private_key)
    link_key: str = _secret()
    refresh_key: str = _secret()
    seal_key: str = _secret()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Those in the file, which is made when it is not there yet; of two that make it at once, both get the same.

        One that a newer Pixie has more of is added.
        """
        if not path.exists():
            create_private(path, _text(cls()))
        known = _read(path)
        names = {entry.name for entry in fields(cls)}
        secrets = cls(**{name: value for name, value in known.items() if name in names})
        if not names <= known.keys():
            write_private(path, _text(secrets))
        return secrets


def _text(secrets: Secrets) -> str:
    return json.dumps(asdict(secrets), indent=2) + "\n"


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadSecrets(f"{path} is damaged: {error}.") from error
    except OSError as error:
        raise BadSecrets(f"{path} cannot be read: {error.strerror}.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) and value for value in found.values()):
        raise BadSecrets(f"{path} is damaged: it is to hold one object of names and texts.")
    return found
