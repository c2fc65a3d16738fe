"""What every hasher, issuer and source of tokens promises, the pretended ones of the tests included."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pixie.adapters.accounts.bcrypt_password_hasher import BcryptPasswordHasher
from pixie.adapters.accounts.hmac_refresh_token_source import HmacRefreshTokenSource
from pixie.adapters.accounts.jwt_token_issuer import JwtTokenIssuer, ed25519_key, hs256_key
from pixie.application.accounts.ports import PasswordHasher, RefreshTokenSource, TokenIssuer, Verdict
from pixie.application.kernel.errors import NotSignedIn
from pixie.domain.accounts.errors import TokenExpired
from pixie.domain.accounts.password import Password
from pixie.domain.kernel.ids import SessionId, UserId
from tests.support.builders.accounts import PASSWORD, new_id
from tests.support.fakes.accounts import FakePasswordHasher, FakeRefreshTokenSource, FakeTokenIssuer
from tests.support.fakes.kernel import FakeClock, FakeIds

SECRET = bytes(range(32))


@pytest.fixture(params=["memory", "bcrypt"])
def hasher(request: pytest.FixtureRequest) -> Iterator[PasswordHasher]:
    if request.param == "memory":
        yield FakePasswordHasher(cost=4)
        return
    bcrypt = BcryptPasswordHasher(key=SECRET, cost=4, threads=1, patience=5)
    yield bcrypt
    bcrypt.close()


async def test_a_password_is_right_and_any_other_wrong(hasher: PasswordHasher) -> None:
    password_hash = await hasher.hash(Password(PASSWORD))

    assert await hasher.verify(Password(PASSWORD), password_hash) is Verdict.RIGHT
    assert await hasher.verify(Password(PASSWORD + "!"), password_hash) is Verdict.WRONG
    assert await hasher.verify(Password(""), password_hash) is Verdict.WRONG


async def test_a_hash_says_nothing_of_the_password_and_fits_the_table(hasher: PasswordHasher) -> None:
    password_hash = await hasher.hash(Password(PASSWORD))

    assert PASSWORD not in password_hash
    assert len(password_hash) <= 255


async def test_with_no_hash_every_password_is_wrong(hasher: PasswordHasher) -> None:
    assert await hasher.verify(Password(PASSWORD), None) is Verdict.WRONG
    assert await hasher.verify(Password(""), None) is Verdict.WRONG


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "EdDSA", "HS256"])
def issuer(request: pytest.FixtureRequest, clock: FakeClock) -> TokenIssuer:
    if request.param == "memory":
        return FakeTokenIssuer(clock)
    return JwtTokenIssuer(
        key=ed25519_key(SECRET) if request.param == "EdDSA" else hs256_key(SECRET),
        issuer="https://pixie.test",
        audience="pixie",
        lifetime=timedelta(minutes=15),
        clock=clock,
        ids=FakeIds(),
    )


async def test_an_issuer_knows_its_own_tokens_again(issuer: TokenIssuer) -> None:
    user_id, session_id = UserId(new_id()), SessionId(new_id())

    token = issuer.issue(user_id, session_id)
    claims = issuer.read(token.text)

    assert (claims.user_id, claims.session_id) == (user_id, session_id)
    assert token.lifetime == timedelta(minutes=15)


async def test_every_token_is_another(issuer: TokenIssuer) -> None:
    user_id, session_id = UserId(new_id()), SessionId(new_id())

    assert issuer.issue(user_id, session_id).text != issuer.issue(user_id, session_id).text


async def test_a_token_expires_to_the_second(issuer: TokenIssuer, clock: FakeClock) -> None:
    token = issuer.issue(UserId(new_id()), SessionId(new_id())).text
    clock.pass_time(seconds=899.999)
    issuer.read(token)
    clock.pass_time(seconds=0.001)

    with pytest.raises(TokenExpired):
        issuer.read(token)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "nonsense", "a.b.c", "é", "\x00", "eyJhbGciOiJub25lIn0.e30.", "x" * 9999]
)
async def test_what_no_issuer_wrote_is_nobody(issuer: TokenIssuer, text: str) -> None:
    with pytest.raises(NotSignedIn):
        issuer.read(text)


@pytest.fixture(params=["memory", "HMAC"])
def source(request: pytest.FixtureRequest) -> RefreshTokenSource:
    return FakeRefreshTokenSource() if request.param == "memory" else HmacRefreshTokenSource(SECRET)


def test_new_tokens_are_all_different(source: RefreshTokenSource) -> None:
    assert len({source.new().text for _ in range(100)}) == 100


def test_a_token_has_one_successor_and_a_chain_never_comes_back(source: RefreshTokenSource) -> None:
    chain = [source.new()]
    for _ in range(100):
        chain.append(source.successor_of(chain[-1]))

    assert source.successor_of(chain[0]) == chain[1]
    assert len({token.digest for token in chain}) == 101


def test_without_the_key_nobody_can_tell_a_successor() -> None:
    token = HmacRefreshTokenSource(SECRET).new()

    assert HmacRefreshTokenSource(SECRET).successor_of(token) != HmacRefreshTokenSource(b"other").successor_of(token)
