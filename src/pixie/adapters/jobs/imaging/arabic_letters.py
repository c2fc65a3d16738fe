"""Persian and Arabic as they are written: letters in the form that their place in the word asks for, lines from the
right.

Pillow does both itself when it finds FriBidi on the machine. Many machines have none, containers above all, so this is
here for them: the joined forms that Unicode has a code for, and Unicode's bidirectional algorithm (UAX #9) without its
explicit marks, which nobody writes into a watermark.
"""

import unicodedata
from functools import cache
from itertools import groupby
from typing import Final, TypeAlias

_FORMS: Final = {"<isolated>": 0, "<final>": 1, "<initial>": 2, "<medial>": 3}
_FORM_BLOCKS: Final = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))
_LAM: Final = "\u0644"
_JOINERS: Final = {"\u0640", "\u200d"}  # tatweel, zero width joiner
_STRONG_RIGHT: Final = {"R", "AL"}
_MEANT: Final = {"L", *_STRONG_RIGHT, "EN", "AN", "ES", "ET", "CS", "NSM"}
_NEUTRAL: Final = "ON"
_MIRRORED: Final = dict(zip("()[]{}<>«»\u2039\u203a", ")(][}{><»«\u203a\u2039", strict=True))

Forms: TypeAlias = dict[int, str]


def as_drawn(line: str) -> str:
    """One line, in the order and the forms in which its signs are drawn from left to right."""
    levels = _levels(line)
    shaped = _shaped(line)
    signs: list[tuple[str, int]] = []
    for sign, level in zip(shaped, levels, strict=True):
        if signs and sign and unicodedata.category(sign) == "Mn":  # a vowel mark stays behind its letter
            signs[-1] = (signs[-1][0] + sign, signs[-1][1])
        elif sign and unicodedata.category(sign) != "Cf":  # joiners and the like are not seen
            signs.append((_MIRRORED.get(sign, sign) if level % 2 else sign, level))
    for level in range(max(levels, default=0), 0, -1):
        signs = _turned(signs, level)
    return "".join(sign for sign, _ in signs)


def runs_from_right(text: str) -> bool:
    """By its first letter that has a direction."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in {"L", *_STRONG_RIGHT}:
            return kind != "L"
    return False


def _shaped(line: str) -> list[str]:
    """Each sign's joined form, in reading order; empty where a sign went into the one before (lam and alef)."""
    shaped: list[str] = []
    signs = list(line)
    for at, sign in enumerate(signs):
        forms = _forms().get(sign)
        if forms is None:
            shaped.append(sign)
            continue
        before, after = _neighbour(signs, at, -1), _neighbour(signs, at, 1)
        joins_before = _joins_on(before) and 1 in forms
        joins_after = 2 in forms and _is_joined(after)  # noqa: PLR2004 - the initial form
        shaped.append(forms.get(joins_before + 2 * joins_after, forms.get(0, sign)))
        if before == _LAM and (ligature := _forms().get(_LAM + sign)) and shaped[at - 1] and signs[at - 1] == _LAM:
            joined = _joins_on(_neighbour(signs, at - 1, -1))
            shaped[at - 1], shaped[at] = ligature[int(joined)], ""
    return shaped


def _neighbour(signs: list[str], at: int, step: int) -> str:
    """The next sign that is no vowel mark."""
    at += step
    while 0 <= at < len(signs) and unicodedata.category(signs[at]) == "Mn":
        at += step
    return signs[at] if 0 <= at < len(signs) else ""


def _joins_on(sign: str) -> bool:
    """Whether it reaches out to what follows."""
    return sign in _JOINERS or 2 in _forms().get(sign, {})  # noqa: PLR2004 - the initial form


def _is_joined(sign: str) -> bool:
    return sign in _JOINERS or 1 in _forms().get(sign, {})


@cache
def _forms() -> dict[str, Forms]:
    """Letter (or lam and alef) to its forms, from Unicode's own table of compatibility."""
    found: dict[str, Forms] = {}
    for code in (code for block in _FORM_BLOCKS for code in block):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        whole = "".join(chr(int(letter, 16)) for letter in letters)
        if kind in _FORMS and (len(whole) == 1 or (len(whole) == 2 and whole[0] == _LAM and _FORMS[kind] < 2)):  # noqa: PLR2004
            found.setdefault(whole, {}).setdefault(_FORMS[kind], chr(code))
    return {letters: forms for letters, forms in found.items() if len(letters) == 1 or {0, 1} <= set(forms)}


def _levels(line: str) -> list[int]:
    """How deep each sign is nested: odd is from right to left."""
    base = int(runs_from_right(line))
    kinds = [unicodedata.bidirectional(sign) for sign in line]
    kinds = _resolved([kind if kind in _MEANT else _NEUTRAL for kind in kinds], "R" if base else "L")
    deeper = {0: {"L": 0, "R": 1, "N": 2}, 1: {"L": 2, "R": 1, "N": 2}}[base]
    levels = [deeper[kind] for kind in kinds]
    for at in range(len(line) - 1, -1, -1):  # spaces at the end belong to the line
        if unicodedata.bidirectional(line[at]) not in {"WS", "BN"}:
            break
        levels[at] = base
    return levels


def _resolved(kinds: list[str], base: str) -> list[str]:
    """Everything as L, R or N (a number), by the rules W1 to W7, N1 and N2."""
    kinds = _numbers_resolved(kinds, base)
    resolved: list[str] = []
    runs = [(key, len(list(group))) for key, group in groupby(kinds)]
    for at, (kind, length) in enumerate(runs):
        if kind == _NEUTRAL:
            before = runs[at - 1][0] if at else base
            after = runs[at + 1][0] if at + 1 < len(runs) else base
            sides = {"R" if side == "N" else side for side in (before, after)}
            kind = sides.pop() if len(sides) == 1 else base  # noqa: PLW2901 - resolved
        resolved += [kind] * length
    return resolved


def _numbers_resolved(kinds: list[str], base: str) -> list[str]:
    strong, result = base, list(kinds)
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            result[at] = result[at - 1] if at else base
        elif kind in {"L", *_STRONG_RIGHT}:
            strong = result[at] = "L" if kind == "L" else "R"
        elif kind in {"EN", "AN"}:
            result[at] = "L" if strong == "L" and kind == "EN" else "N"
        elif kind in {"CS", "ES"}:
            inside = 0 < at < len(kinds) - 1 and kinds[at - 1] in {"EN", "AN"} and kinds[at - 1] == kinds[at + 1]
            result[at] = result[at - 1] if inside else _NEUTRAL
    return _terminators_resolved(result)


def _terminators_resolved(kinds: list[str]) -> list[str]:
    """Signs such as % go with the number beside them."""
    result = list(kinds)
    for at, kind in enumerate(result):
        if kind == "ET" and at and result[at - 1] == "N":
            result[at] = "N"
    for at in range(len(result) - 2, -1, -1):
        if result[at] == "ET" and result[at + 1] == "N":
            result[at] = "N"
    return [_NEUTRAL if kind == "ET" else kind for kind in result]


def _turned(signs: list[tuple[str, int]], level: int) -> list[tuple[str, int]]:
    """Every run that is nested at least so deep, turned around."""
    turned: list[tuple[str, int]] = []
    for deep, group in groupby(signs, lambda sign: sign[1] >= level):
        run = list(group)
        turned += reversed(run) if deep else run
    return turned
