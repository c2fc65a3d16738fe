import base64
import json
import warnings
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from pixie.adapters.accounts.jwt_token_issuer import JwtTokenIssuer, TokenKey, ed25519_key, hs256_key
from pixie.application.kernel.errors import NotSignedIn
from pixie.domain.kernel.ids import SessionId, UserId
from tests.support.builders.accounts import new_id
from tests.support.fakes.kernel import EPOCH, FakeClock, FakeIds

KEY, OTHER_KEY = ed25519_key(bytes(range(32))), ed25519_key(bytes(32))
SHARED = hs256_key(b"a shared secret of good length, 32 bytes or more")
USER, SESSION = UserId(new_id()), SessionId(new_id())


def an_issuer(key: TokenKey = KEY, *retired: TokenKey, clock: FakeClock | None = None) -> JwtTokenIssuer:
    return JwtTokenIssuer(
        key=key,
        retired=retired,
        issuer="https://pixie.test",
        audience="pixie",
        lifetime=timedelta(minutes=15),
        clock=clock or FakeClock(),
        ids=FakeIds(),
    )


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def forged(key: TokenKey = KEY, header: dict[str, Any] | None = None, claims: dict[str, object] | None = None) -> str:
    """A token like ours, signed with our key, but for what is changed."""
    own_header, own_claims = parts(an_issuer().issue(USER, SESSION).text)
    changed = {name: value for name, value in (own_claims | (claims or {})).items() if value is not None}
    own_header.pop("alg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of weak keys
        return jwt.encode(changed, key.signing, key.algorithm, headers={**own_header, "kid": key.id, **(header or {})})


def test_a_token_says_what_rfc_9068_asks_for() -> None:
    header, claims = parts(an_issuer().issue(USER, SESSION).text)

    assert header == {"alg": "EdDSA", "typ": "at+jwt", "kid": KEY.id}
    assert claims == {
        "iss": "https://pixie.test",
        "aud": "pixie",
        "sub": str(USER),
        "sid": str(SESSION),
        "jti": claims["jti"],
        "iat": int(EPOCH.timestamp()),
        "exp": int(EPOCH.timestamp()) + 900,
        "ver": 1,
    }


def test_any_jwt_library_can_check_a_token_with_the_public_key() -> None:
    token = an_issuer().issue(USER, SESSION).text

    claims = jwt.decode(token, KEY.verifying, algorithms=["EdDSA"], audience="pixie", options={"verify_exp": False})

    assert claims["sub"] == str(USER)


def test_a_key_is_named_by_its_thumbprint() -> None:
    # RFC 8037, appendix A.3
    seed = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")

    assert ed25519_key(seed).id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_what_is_changed_back_to_ours_is_read() -> None:
    assert an_issuer().read(forged()).user_id == USER


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.test"},
        {"aud": "other"},
        {"aud": ["pixie"]},
        {"ver": 2},
        {"sub": "ada"},
        {"sid": 7},
        {"exp": "never"},
        {"exp": 1e300},
        {"iat": int(EPOCH.timestamp()) + 61},
        *({name: None} for name in ("iss", "aud", "sub", "sid", "jti", "iat", "exp", "ver")),
    ],
)
def test_a_claim_that_is_not_ours_makes_a_token_worthless(claims: dict[str, object]) -> None:
    with pytest.raises(NotSignedIn):
        an_issuer().read(forged(claims=claims))


def test_a_minute_of_disagreement_about_the_time_is_forgiven() -> None:
    an_issuer().read(forged(claims={"iat": int(EPOCH.timestamp()) + 60}))


@pytest.mark.parametrize(
    "header", [{"typ": "JWT"}, {"typ": None}, {"kid": "other"}, {"jku": "https://evil.test"}, {"crit": ["exp"]}]
)
def test_a_header_that_is_not_ours_makes_a_token_worthless(header: dict[str, object]) -> None:
    token = forged()
    _, payload, signature = token.split(".")
    changed = {name: value for name, value in (jwt.get_unverified_header(token) | header).items() if value is not None}
    head = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")

    with pytest.raises(NotSignedIn):
        an_issuer().read(f"{head}.{payload}.{signature}")


def test_an_unsigned_token_is_worthless() -> None:
    _, claims = parts(an_issuer().issue(USER, SESSION).text)
    token = jwt.encode(claims, "", "none", headers={"typ": "at+jwt", "kid": KEY.id})

    with pytest.raises(NotSignedIn):
        an_issuer().read(token)


def test_the_public_key_is_no_shared_secret() -> None:
    raw = KEY.verifying.public_bytes(Encoding.Raw, PublicFormat.Raw)  # type: ignore[union-attr]  # an Ed25519 key
    confused = TokenKey(id=KEY.id, algorithm="HS256", signing=raw, verifying=raw)

    with pytest.raises(NotSignedIn):
        an_issuer().read(forged(confused))


def test_a_token_of_another_key_is_worthless_even_under_our_name() -> None:
    with pytest.raises(NotSignedIn):
        an_issuer().read(an_issuer(OTHER_KEY).issue(USER, SESSION).text)
    with pytest.raises(NotSignedIn):
        an_issuer().read(forged(OTHER_KEY, {"kid": KEY.id}))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_not_a_bit_of_a_token_can_be_changed(place: int, change: int) -> None:
    token = an_issuer().issue(USER, SESSION).text.encode()
    place %= len(token)
    tampered = token[:place] + bytes([token[place] ^ change]) + token[place + 1 :]

    with pytest.raises(NotSignedIn):
        an_issuer().read(tampered.decode("latin-1"))


def test_a_retired_key_is_believed_until_its_tokens_have_expired() -> None:
    token = an_issuer(OTHER_KEY).issue(USER, SESSION).text

    assert an_issuer(KEY, OTHER_KEY).read(token).session_id == SESSION


def test_shared_secrets_make_tokens_too_and_only_of_their_algorithm() -> None:
    token = an_issuer(SHARED).issue(USER, SESSION).text

    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert an_issuer(SHARED).read(token).user_id == USER
    with pytest.raises(NotSignedIn):
        an_issuer(KEY).read(token)
    with pytest.raises(NotSignedIn):
        an_issuer(SHARED).read(an_issuer(KEY).issue(USER, SESSION).text)


def test_a_remembered_signature_does_not_outlive_its_token() -> None:
    clock = FakeClock()
    issuer = an_issuer(clock=clock)
    token = issuer.issue(USER, SESSION).text
    issuer.read(token)
    clock.time = EPOCH - timedelta(minutes=5)

    with pytest.raises(NotSignedIn):
        issuer.read(token)


def test_keys_do_not_show_themselves() -> None:
    assert "signing" not in repr(SHARED)
    assert "secret" not in repr(SHARED)
