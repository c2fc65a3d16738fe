"""Runs editing operations on a picture file. For a compute child."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible, check_size, flattened
from pixie.adapters.jobs.imaging.edit_parameters import EditParameters, OutputFormat
from pixie.adapters.kernel.pictures import DAMAGE, opened, orientation_of, plain, srgb, upright
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.kernel.json import JsonObject

_FORMATS: Final[dict[str, OutputFormat]] = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp"}
_DECODED: Final = 10  # percent; encoding takes about as much
_EDITED: Final = 90

Report = Callable[[int], None]


def edit_picture(image: str, mask: str | None, parameters: JsonObject, output: str, report: Report) -> str:
    """Writes the result into the folder `output` and returns its path. Raises `ProviderRefused`."""
    wanted = msgspec.convert(parameters, EditParameters)
    canvas, found_format = _canvas(Path(image), None if mask is None else Path(mask))
    report(_DECODED)
    for number, operation in enumerate(wanted.operations):
        try:
            canvas = operation.apply(canvas)
        except OperationImpossible as error:
            name = operation.__struct_config__.tag
            raise ProviderRefused(f"operations[{number}] ({name}): {error}.") from error
        report(_DECODED + (_EDITED - _DECODED) * (number + 1) // len(wanted.operations))
    chosen = found_format if isinstance(wanted.format, msgspec.UnsetType) else wanted.format
    path = Path(output, f"edited.{chosen}")
    save(canvas.image, path, chosen, wanted.quality)
    return str(path)


def _canvas(image: Path, mask: Path | None) -> tuple[Canvas, OutputFormat]:
    """Nothing of the file's metadata goes on from here: not the place, not the profile."""
    try:
        with opened(image) as source:
            check_size(*source.size)
            found_format = _FORMATS.get(source.format or "", "png")
            loaded = _loaded(source)
        if mask is None:
            return Canvas(loaded), found_format
        with opened(mask) as source:
            check_size(*source.size)
            white = flattened(_loaded(source), (0, 0, 0)).convert("L")
    except OperationImpossible as error:
        raise ProviderRefused(f"The picture is too large: {error}.") from error
    except DAMAGE as error:
        raise ProviderRefused("The picture, or its mask, cannot be decoded.") from error
    return Canvas(loaded, white.resize(loaded.size, Image.Resampling.BILINEAR)), found_format


def _loaded(source: Image.Image) -> Image.Image:
    source.load()
    loaded = srgb(upright(plain(source), orientation_of(source)), source.info.get("icc_profile"))
    loaded.info = {}  # or Pillow writes comments and profiles of the input into the output
    return loaded


def save(image: Image.Image, path: Path, chosen: OutputFormat, quality: int) -> None:
    match chosen:
        case "jpeg":
            flattened(image).save(path, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2)  # noqa: PLR2004
        case "webp":
            image.save(path, "WEBP", quality=quality, method=2)
        case "png":
            image.save(path, "PNG", compress_level=2)
