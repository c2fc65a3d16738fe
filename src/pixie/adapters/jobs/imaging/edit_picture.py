"""Runs editing operations on a picture file. For a compute child."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import Album, Canvas, OperationImpossible, check_size, flattened, loaded
from pixie.adapters.jobs.imaging.edit_parameters import EditParameters, OutputFormat
from pixie.adapters.jobs.imaging.operation import Operation
from pixie.adapters.kernel.pictures import DAMAGE, opened
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.kernel.json import JsonObject

_FORMATS: Final[dict[str, OutputFormat]] = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp"}
_DECODED: Final = 10  # percent; encoding takes about as much
_EDITED: Final = 90

Report = Callable[[int], None]


def edit_picture(
    images: Sequence[str], mask: str | None, parameters: JsonObject, output: str, seed: int, report: Report
) -> str:
    """Works on the first picture; operations may use the others. Writes the result into the folder `output` and returns
    its path. Raises `ProviderRefused`.
    """
    wanted = msgspec.convert(parameters, EditParameters)
    album = Album([Path(image) for image in images])
    _check_pictures(wanted.operations, len(album))
    canvas, found_format = _canvas(Path(images[0]), None if mask is None else Path(mask))
    canvas = replace(canvas, album=album, seed=seed)
    report(_DECODED)
    for number, operation in enumerate(wanted.operations):
        canvas = _applied(operation, number, canvas, _Share(report, number, len(wanted.operations)))
    chosen = _chosen_format(wanted, found_format)
    path = Path(output, f"edited.{chosen}")
    save(canvas.image, path, chosen, wanted.quality)
    return str(path)


class _Share:
    """What one operation tells of itself, as a part of all."""

    def __init__(self, report: Report, number: int, count: int) -> None:
        self._report, self._number, self._count = report, number, count

    def __call__(self, done: float) -> None:
        whole = (self._number + min(1.0, done)) / self._count
        self._report(_DECODED + int((_EDITED - _DECODED) * whole))


def _applied(operation: Operation, number: int, canvas: Canvas, share: _Share) -> Canvas:
    try:
        after = operation.apply(replace(canvas, told=share))
    except OperationImpossible as error:
        raise ProviderRefused(f"operations[{number}] ({_name(operation)}): {error}.") from error
    share(1.0)
    return after


def _check_pictures(operations: Sequence[Operation], count: int) -> None:
    """Each picture that was sent is for something, and each that is wanted is there."""
    used = {0}
    for number, operation in enumerate(operations):
        wanted = operation.pictures(count)
        if wanted and max(wanted) >= count:
            raise ProviderRefused(
                f"operations[{number}] ({_name(operation)}): it wants picture {max(wanted)}, but the request has "
                f"{'only one' if count == 1 else f'only 0 to {count - 1}'}; list all of them in image_file_ids."
            )
        used |= wanted
    if unused := sorted(set(range(count)) - used):
        raise ProviderRefused(
            f"No operation uses picture {unused[0]} of image_file_ids. The first picture is edited; the others are for "
            "`watermark`, `replace_background` and `collage`."
        )


def _chosen_format(wanted: EditParameters, found_format: OutputFormat) -> OutputFormat:
    if not isinstance(wanted.format, msgspec.UnsetType):
        return wanted.format
    clear = any(operation.needs_alpha for operation in wanted.operations)
    return "png" if clear and found_format == "jpeg" else found_format


def _name(operation: Operation) -> object:
    return operation.__struct_config__.tag


def _canvas(image: Path, mask: Path | None) -> tuple[Canvas, OutputFormat]:
    try:
        with opened(image) as source:
            check_size(*source.size)
            found_format = _FORMATS.get(source.format or "", "png")
            picture = loaded(source)
        if mask is None:
            return Canvas(picture), found_format
        with opened(mask) as source:
            check_size(*source.size)
            white = flattened(loaded(source), (0, 0, 0)).convert("L")
    except OperationImpossible as error:
        raise ProviderRefused(f"The picture is too large: {error}.") from error
    except DAMAGE as error:
        raise ProviderRefused("The picture, or its mask, cannot be decoded.") from error
    return Canvas(picture, white.resize(picture.size, Image.Resampling.BILINEAR)), found_format


def save(image: Image.Image, path: Path, chosen: OutputFormat, quality: int) -> None:
    match chosen:
        case "jpeg":
            flattened(image).save(path, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2)  # noqa: PLR2004
        case "webp":
            image.save(path, "WEBP", quality=quality, method=2)
        case "png":
            image.save(path, "PNG", compress_level=2)
