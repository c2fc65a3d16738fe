import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from pixie.entrypoints.supervisor.signals import Hurried, StopAsked, StopSignals

LONG = 30.0


@pytest.fixture
def signals() -> Iterator[StopSignals]:
    with StopSignals() as signals:
        yield signals


def send_soon(number: signal.Signals) -> None:
    timer = threading.Timer(0.05, os.kill, (os.getpid(), number))
    timer.start()


def test_waiting_ends_when_its_time_is_over(signals: StopSignals) -> None:
    signals.pause(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_wish_to_stop_ends_the_waiting(signals: StopSignals, number: signal.Signals) -> None:
    send_soon(number)
    with pytest.raises(StopAsked):
        signals.pause(LONG)


def test_a_wish_from_before_is_granted_at_the_next_pause(signals: StopSignals) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(StopAsked):
        signals.pause(LONG)


def test_a_child_that_ends_ends_the_waiting(signals: StopSignals) -> None:
    begun = time.monotonic()
    with subprocess.Popen(["/bin/true"]):
        signals.pause(LONG)
    assert time.monotonic() - begun < LONG


def test_while_stopping_the_first_wish_does_not_hurry_and_the_second_does(signals: StopSignals) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(StopAsked):
        signals.pause(LONG)
    signals.pause_while_stopping(0.01)
    send_soon(signal.SIGINT)
    with pytest.raises(Hurried):
        signals.pause_while_stopping(LONG)


def test_what_was_there_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_hangup_is_ignored_under_nohup() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopSignals() as signals:
            os.kill(os.getpid(), signal.SIGHUP)
            signals.pause(0.01)
    finally:
        signal.signal(signal.SIGHUP, before)
