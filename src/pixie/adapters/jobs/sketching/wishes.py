"""What a prompt asks a sketch for: a few words that are known, in English and Persian."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

Scene: TypeAlias = Literal["mountains", "sea", "forest", "meadow", "desert", "city", "abstract"]
Light: TypeAlias = Literal["dawn", "day", "sunset", "night", "winter", "autumn", "pastel"]
Kind = TypeVar("Kind", bound=str)

_SCENES: Final[dict[Scene, str]] = {
    "mountains": (
        "mountain mountains alps peak peaks hill hills valley cliff canyon volcano landscape کوه کوهستان تپه "
        "دره قله دماوند"
    ),
    "sea": (
        "sea ocean beach coast wave waves lake river water boat ship sail island harbor harbour bay دریا "
        "دریاچه ساحل موج رود آب قایق کشتی خلیج جزیره"
    ),
    "forest": "forest wood woods tree trees pine pines jungle cabin wolf fox bear deer جنگل درخت درختان کاج کلبه",
    "meadow": (
        "flower flowers meadow garden field grass rose tulip tulips spring bee butterfly cat dog rabbit گل "
        "گلها باغ چمن دشت لاله بهار پروانه گربه"
    ),
    "desert": "desert dune dunes sand sahara camel oasis کویر بیابان شن صحرا شتر",
    "city": (
        "city town skyline street building buildings tower skyscraper urban tehran york tokyo شهر خیابان برج "
        "ساختمان تهران"
    ),
    "abstract": "abstract pattern dream music energy idea soul chaos texture انتزاعی رویا موسیقی نقش",
}
_HOURS: Final[dict[Light, str]] = {
    "dawn": "dawn sunrise morning mist misty fog foggy pink سحر طلوع صبح مه سپیده صورتی",
    "day": "day noon sunny blue bright summer spring بهار روز ظهر آفتابی آبی تابستان",
    "sunset": "sunset dusk evening golden orange red fire warm romantic غروب عصر طلایی نارنجی سرخ قرمز آتش",
    "night": (
        "night midnight moon moonlight star stars starry dark galaxy space neon aurora شب ماه مهتاب ستاره "
        "ستارگان تاریک کهکشان"
    ),
}
_SEASONS: Final[dict[Light, str]] = {
    "winter": "winter snow snowy ice icy frozen cold christmas زمستان برف برفی یخ سرد",
    "autumn": "autumn fall october leaves maple پاییز خزان برگ",
    "pastel": "pastel soft calm gentle cute candy baby آرام ملایم لطیف",
}
_EXTRAS: Final[dict[str, str]] = {
    "stars": "star stars starry galaxy space ستاره ستارگان کهکشان",
    "moon": "moon moonlight ماه مهتاب",
    "sun": "sun sunny sunrise sunset خورشید آفتاب آفتابی غروب طلوع",
    "snow": "snow snowy snowfall winter christmas برف برفی زمستان",
    "birds": "bird birds gull gulls seagull crane پرنده پرندگان مرغ",
    "boat": "boat boats ship sail sailing yacht قایق کشتی",
    "water": "lake river sea ocean water pond reflection bay دریا دریاچه رود آب خلیج",
    "trees": "forest tree trees pine pines wood woods jungle جنگل درخت درختان کاج",
    "flowers": "flower flowers meadow garden rose tulip tulips spring گل گلها باغ لاله بهار",
    "mountains": "mountain mountains alps peak peaks volcano کوه کوهستان قله دماوند",
    "house": "house cabin home hut cottage farm خانه کلبه روستا",
    "aurora": "aurora borealis northern",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`None` leaves a choice to chance."""

    scene: Scene | None
    light: Light | None
    extras: frozenset[str]


def wishes_of(prompt: str) -> Wishes:
    """The word that comes first decides where several would fit; but the hour comes before the season."""
    words = re.findall(r"\w+", prompt.casefold().replace("\u200c", " ").replace("ي", "ی").replace("ك", "ک"))
    return Wishes(
        scene=_first(words, _SCENES),
        light=_first(words, _HOURS) or _first(words, _SEASONS),
        extras=frozenset(extra for extra, known in _EXTRAS.items() if not set(known.split()).isdisjoint(words)),
    )


def _first(words: list[str], known: Mapping[Kind, str]) -> Kind | None:
    kinds = {word: kind for kind, named in known.items() for word in named.split()}
    return next((kinds[word] for word in words if word in kinds), None)
