"""A few harmless facts from a picture's EXIF: the camera and the shot, never the place or the device's owner.

Only what is named here comes through, so that what nobody thought of (serial numbers, maker notes, embedded thumbnails,
GPS) stays out.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from PIL import Image
from PIL.ExifTags import IFD, Base

from pixie.adapters.files.look import ExifFacts, Fact
from pixie.adapters.kernel.pictures import DAMAGE

_MAX_TEXT: Final = 200
_MOMENT: Final = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)")
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")


def exif_facts(image: Image.Image) -> ExifFacts:
    """A damaged block gives what can be read of it; it makes no picture unusable."""
    try:
        exif = image.getexif()
        tags: Mapping[int, object] = {**exif, **exif.get_ifd(IFD.Exif)}
    except DAMAGE:
        return {}
    facts = {name: read(tags.get(tag)) for name, (tag, read) in _READERS.items()}
    return {name: fact for name, fact in facts.items() if fact is not None}


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    readable = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(readable.split())[:_MAX_TEXT] or None


def _moment(value: object) -> str | None:
    """As RFC 3339 writes it, without an offset: cameras rarely know theirs."""
    match = _MOMENT.fullmatch(_text(value) or "")
    return None if match is None else "{}-{}-{}T{}".format(*match.groups())


def _offset(value: object) -> str | None:
    text = _text(value) or ""
    return text if _OFFSET.fullmatch(text) else None


def _whole(value: object) -> int | None:
    first = value[0] if isinstance(value, tuple) and value else value
    return first if isinstance(first, int) and abs(first) < 2**31 else None


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever the file holds; the next line sorts it out
    except DAMAGE:
        return None
    return round(number, 6) if math.isfinite(number) else None


_READERS: Final[dict[str, tuple[int, Callable[[object], Fact | None]]]] = {
    "make": (Base.Make, _text),
    "model": (Base.Model, _text),
    "lens_make": (Base.LensMake, _text),
    "lens_model": (Base.LensModel, _text),
    "software": (Base.Software, _text),
    "artist": (Base.Artist, _text),
    "copyright": (Base.Copyright, _text),
    "date_time": (Base.DateTime, _moment),
    "date_time_original": (Base.DateTimeOriginal, _moment),
    "offset_time_original": (Base.OffsetTimeOriginal, _offset),
    "iso": (Base.ISOSpeedRatings, _whole),
    "exposure_time": (Base.ExposureTime, _number),
    "exposure_bias": (Base.ExposureBiasValue, _number),
    "exposure_program": (Base.ExposureProgram, _whole),
    "f_number": (Base.FNumber, _number),
    "focal_length": (Base.FocalLength, _number),
    "focal_length_35mm": (Base.FocalLengthIn35mmFilm, _whole),
    "flash": (Base.Flash, _whole),
    "metering_mode": (Base.MeteringMode, _whole),
    "white_balance": (Base.WhiteBalance, _whole),
    "color_space": (Base.ColorSpace, _whole),
}
