from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.accounts.errors import InvalidRefreshToken, SessionEnded
from pixie.domain.accounts.refresh_token import RefreshToken
from pixie.domain.accounts.session import Device, EndReason, Refreshment, Session, SessionPolicy
from tests.support.builders.accounts import a_session, a_token
from tests.support.fakes.kernel import EPOCH

POLICY = SessionPolicy(idle=timedelta(days=30), absolute=timedelta(days=90), grace=timedelta(seconds=10))
FIRST, SECOND, THIRD = a_token(1), a_token(2), a_token(3)
SECONDS = st.floats(0, 10).map(lambda seconds: timedelta(seconds=seconds))


def rotated(session: Session, presented: RefreshToken, successor: RefreshToken, after: timedelta) -> Refreshment:
    return session.refresh(
        presented=presented.digest, spent_at=None, successor=successor.digest, policy=POLICY, now=EPOCH + after
    )


def replayed(
    session: Session, presented: RefreshToken, successor: RefreshToken, *, spent: timedelta, after: timedelta
) -> Refreshment:
    return session.refresh(
        presented=presented.digest,
        spent_at=EPOCH + spent,
        successor=successor.digest,
        policy=POLICY,
        now=EPOCH + after,
    )


def test_the_valid_token_is_rotated_and_the_session_goes_on() -> None:
    session = a_session(token=FIRST, policy=POLICY)

    outcome = rotated(session, FIRST, SECOND, timedelta(days=7))

    assert outcome is Refreshment.ROTATED
    assert session.current == SECOND.digest
    assert session.expires_at == EPOCH + timedelta(days=37)
    assert session.last_seen_at == EPOCH + timedelta(days=7)


@given(SECONDS)
def test_within_the_grace_the_parent_gets_the_same_successor(later: timedelta) -> None:
    session = a_session(token=FIRST, policy=POLICY)
    rotated(session, FIRST, SECOND, timedelta(0))

    outcome = replayed(session, FIRST, SECOND, spent=timedelta(0), after=later)

    assert outcome is Refreshment.REPEATED
    assert session.current == SECOND.digest
    assert session.ended_at is None


def test_the_last_moment_of_the_grace_still_counts() -> None:
    session = a_session(token=FIRST, policy=POLICY)
    rotated(session, FIRST, SECOND, timedelta(0))

    assert replayed(session, FIRST, SECOND, spent=timedelta(0), after=POLICY.grace) is Refreshment.REPEATED


def test_a_spent_token_after_the_grace_ends_the_session() -> None:
    session = a_session(token=FIRST, policy=POLICY)
    rotated(session, FIRST, SECOND, timedelta(0))

    outcome = replayed(session, FIRST, SECOND, spent=timedelta(0), after=POLICY.grace + timedelta(microseconds=1))

    assert outcome is Refreshment.REUSED
    assert session.end_reason is EndReason.REUSED


def test_a_grandparent_ends_the_session_even_within_the_grace() -> None:
    session = a_session(token=FIRST, policy=POLICY)
    rotated(session, FIRST, SECOND, timedelta(0))
    rotated(session, SECOND, THIRD, timedelta(seconds=1))

    assert replayed(session, FIRST, SECOND, spent=timedelta(0), after=timedelta(seconds=2)) is Refreshment.REUSED


def test_a_process_whose_clock_is_a_little_behind_does_not_sign_anybody_out() -> None:
    session = a_session(token=FIRST, policy=POLICY)
    rotated(session, FIRST, SECOND, timedelta(seconds=1))

    outcome = replayed(session, FIRST, SECOND, spent=timedelta(seconds=1), after=timedelta(seconds=0.9))

    assert outcome is Refreshment.REPEATED


def test_a_session_that_was_not_refreshed_for_thirty_days_is_over() -> None:
    session = a_session(token=FIRST, policy=POLICY)

    with pytest.raises(SessionEnded):
        rotated(session, FIRST, SECOND, timedelta(days=30))


def test_a_session_is_over_ninety_days_after_sign_in_however_often_it_was_refreshed() -> None:
    session = a_session(token=a_token(0), policy=POLICY)
    for day in range(1, 90):
        rotated(session, a_token(day - 1), a_token(day), timedelta(days=day))

    assert session.expires_at == EPOCH + timedelta(days=90)
    with pytest.raises(SessionEnded):
        rotated(session, a_token(89), a_token(90), timedelta(days=90))


def test_no_token_of_an_ended_session_is_good_for_anything() -> None:
    session = a_session(token=FIRST, policy=POLICY)
    session.end(EndReason.SIGNED_OUT, EPOCH)

    with pytest.raises(SessionEnded):
        rotated(session, FIRST, SECOND, timedelta(seconds=1))


def test_what_ended_a_session_first_stays_the_reason() -> None:
    session = a_session(policy=POLICY)
    session.end(EndReason.SIGNED_OUT, EPOCH)

    session.end(EndReason.REUSED, EPOCH + timedelta(seconds=1))

    assert (session.end_reason, session.ended_at) == (EndReason.SIGNED_OUT, EPOCH)


def test_an_idle_time_longer_than_the_session_does_not_prolong_it() -> None:
    policy = SessionPolicy(idle=timedelta(days=100), absolute=timedelta(days=90))

    assert a_session(policy=policy).expires_at == EPOCH + timedelta(days=90)


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("testclient", None),
        ("", None),
        (None, None),
    ],
)
def test_a_device_has_an_address_as_far_as_it_can_be_told(given_address: str | None, kept: str | None) -> None:
    address = Device.seen(given_address, None).address

    assert (None if address is None else str(address)) == kept


@pytest.mark.parametrize(
    ("sent", "kept"), [("Firefox/140", "Firefox/140"), ("a\x00b\nc", "abc"), ("\x00", None), (None, None)]
)
def test_a_user_agent_is_kept_as_printable_text(sent: str | None, kept: str | None) -> None:
    assert Device.seen(None, sent).user_agent == kept


def test_a_user_agent_of_any_length_fits() -> None:
    assert len(Device.seen(None, "x" * 100_000).user_agent or "") == 500


@pytest.mark.parametrize(
    "text", ["", "pxr_", "pxr_" + "a" * 42, "pxr_" + "a" * 44, "pxk_" + "a" * 43, "pxr_" + "é" * 43]
)
def test_what_has_not_the_shape_of_a_refresh_token_is_none(text: str) -> None:
    with pytest.raises(InvalidRefreshToken):
        RefreshToken(text)


def test_a_refresh_token_does_not_show_itself() -> None:
    assert FIRST.text not in repr(FIRST)
