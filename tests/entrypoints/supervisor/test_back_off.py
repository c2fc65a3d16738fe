from hypothesis import given
from hypothesis import strategies as st

from pixie.entrypoints.supervisor.back_off import BackOff

short_lives = st.floats(0, 29)
lives = st.floats(0, 1000)


def test_the_first_end_is_followed_by_a_start_at_once() -> None:
    assert BackOff().after(0) == 0


@given(st.lists(short_lives, min_size=2))
def test_the_more_often_something_ends_the_longer_it_waits_but_never_long(ends: list[float]) -> None:
    back_off = BackOff()
    delays = [back_off.after(lived) for lived in ends]
    assert delays == sorted(delays)
    assert max(delays) <= 5


@given(st.lists(lives), st.floats(30, 1000))
def test_after_a_quiet_life_an_end_is_the_first_again(ends: list[float], quiet: float) -> None:
    back_off = BackOff()
    for lived in ends:
        back_off.after(lived)
    assert back_off.after(quiet) == 0
