import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pixie.adapters.kernel.embedded.secrets_file import BadSecrets, Secrets


def test_secrets_are_made_once_and_then_stay(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    assert Secrets.open(path) == Secrets.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_secret_differs_and_is_32_random_bytes(tmp_path: Path) -> None:
    secrets = asdict(Secrets.open(tmp_path / "secrets.json"))
    secrets.pop("token_private_key")
    assert {len(base64.b64decode(secret, validate=True)) for secret in secrets.values()} == {32}
    assert len(set(secrets.values())) == len(secrets)


def test_the_token_key_is_an_ed25519_key_that_signs(tmp_path: Path) -> None:
    pem = Secrets.open(tmp_path / "secrets.json").token_private_key
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    key.public_key().verify(key.sign(b"words"), b"words")


def test_many_who_start_at_once_agree_on_the_same_secrets(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Secrets.open(path), range(32)))
    assert all(secrets == opened[0] for secrets in opened)
    assert [entry.name for entry in tmp_path.iterdir()] == ["secrets.json"]


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    before = asdict(Secrets.open(path))
    del before["seal_key"]
    path.write_text(json.dumps(before))
    after = Secrets.open(path)
    assert asdict(after) == {**before, "seal_key": after.seal_key}
    assert Secrets.open(path) == after


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", '{"link_key": 5}', '{"link_key": ""}'])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(text)
    with pytest.raises(BadSecrets, match=r"secrets\.json is damaged"):
        Secrets.open(path)
    assert path.read_text() == text


def test_secrets_do_not_show_themselves(tmp_path: Path) -> None:
    assert repr(Secrets.open(tmp_path / "secrets.json")) == "Secrets()"


def test_a_file_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").mkdir()
    with pytest.raises(BadSecrets, match=r"secrets\.json cannot be read: Is a directory"):
        Secrets.open(tmp_path / "secrets.json")
