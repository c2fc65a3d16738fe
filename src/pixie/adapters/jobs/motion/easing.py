"""How a movement begins and ends. A time and a place from 0 to 1; all ways lead from 0 to 1 and never back."""

from typing import Literal, TypeAlias, assert_never

Easing: TypeAlias = Literal["linear", "ease_in", "ease_out", "ease_in_out"]


def eased(time: float, easing: Easing) -> float:
    match easing:
        case "linear":
            return time
        case "ease_in":
            return time * time
        case "ease_out":
            return time * (2 - time)
        case "ease_in_out":
            # Smootherstep: neither speed nor acceleration jump, so that a slow camera seems to have weight.
            return time * time * time * (time * (time * 6 - 15) + 10)
    assert_never(easing)


def there_and_back(time: float, easing: Easing) -> float:
    """From 0 to 1 and back to 0, turning at half time; at 1 everything begins anew."""
    return eased(1 - abs(1 - 2 * time), easing)
