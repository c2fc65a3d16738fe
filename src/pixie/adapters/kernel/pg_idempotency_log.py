import hashlib
import hmac
import os
from datetime import timedelta

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pixie.adapters.kernel.database import affected
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyInUse, IdempotencyKeyReused
from pixie.application.kernel.ports import IdempotencyKey, IdempotencyLog

NONCE_BYTES = 12

# The lock comes first in time but not in the snapshot: an answer written in between is found by `record`'s own insert.
CLAIM = """
SELECT gate.mine, known.fingerprint, known.status, known.sealed_body
FROM (SELECT pg_try_advisory_xact_lock(hashtextextended($1 || encode($2, 'hex'), 0)) AS mine) AS gate
LEFT JOIN idempotency_keys AS known ON known.scope = $1 AND known.key_hash = $2 AND known.expires_at > clock_timestamp()
"""
RECORD = """
INSERT INTO idempotency_keys AS known (scope, key_hash, fingerprint, status, sealed_body, expires_at)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6)
ON CONFLICT (scope, key_hash) DO UPDATE SET
    fingerprint = excluded.fingerprint, status = excluded.status, sealed_body = excluded.sealed_body,
    created_at = clock_timestamp(), expires_at = excluded.expires_at
WHERE known.expires_at <= clock_timestamp()
"""


class PgIdempotencyLog(IdempotencyLog):
    """Keys are stored hashed and answers encrypted under a key made from the client's own: an answer may hold
    tokens.
    """

    def __init__(self, uow: PgUnitOfWork, *, seal_key: bytes, lifetime: timedelta) -> None:
        self._uow = uow
        self._seal_key = seal_key
        self._lifetime = lifetime

    async def claim(self, key: IdempotencyKey | None) -> None:
        if key is None:
            return
        row = await self._uow.fetchrow(CLAIM, key.scope, _hash(key))
        if row is None or not row["mine"]:
            raise IdempotencyKeyInUse
        if row["fingerprint"] is None:
            return
        if not hmac.compare_digest(row["fingerprint"], key.fingerprint):
            raise IdempotencyKeyReused
        raise AlreadyAnswered(self._open(key, row["sealed_body"]), row["status"])

    async def record(self, key: IdempotencyKey | None, view: object, *, status: int | None = None) -> None:
        if key is None:
            return
        sealed = self._seal(key, msgspec.json.encode(view))
        done = await self._uow.execute(RECORD, key.scope, _hash(key), key.fingerprint, status, sealed, self._lifetime)
        if affected(done) == 0:
            raise IdempotencyKeyInUse

    def _seal(self, key: IdempotencyKey, body: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher(key).encrypt(nonce, body, key.scope.encode())

    def _open(self, key: IdempotencyKey, sealed: bytes) -> bytes:
        return self._cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key.scope.encode())

    def _cipher(self, key: IdempotencyKey) -> AESGCM:
        return AESGCM(hmac.digest(self._seal_key, key.key.encode(), "sha256"))


def _hash(key: IdempotencyKey) -> bytes:
    return hashlib.sha256(key.key.encode()).digest()
