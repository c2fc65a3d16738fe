"""Whether a picture can be edited as is wished, known from its size alone."""

import msgspec

from pixie.adapters.jobs.imaging.canvas import OperationImpossible, Outline, check_size
from pixie.adapters.jobs.imaging.edit_parameters import EditParameters
from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.generation import PictureSize
from pixie.domain.kernel.json import JsonObject


def check_editing(parameters: JsonObject, image: PictureSize, mask: PictureSize | None) -> None:
    """Raises `InvalidParameters` that names the first operation which cannot be done."""
    _check_input("/image_file_id", image)
    if mask is not None:
        _check_input("/mask_file_id", mask)
    try:
        operations = msgspec.convert(parameters, EditParameters).operations
    except msgspec.ValidationError as error:
        raise InvalidParameters([("/parameters", str(error))]) from error
    outline: Outline | None = Outline(image.width, image.height, has_mask=mask is not None)
    for number, operation in enumerate(operations):
        if outline is None:
            return
        try:
            outline = operation.foresee(outline)
        except OperationImpossible as error:
            name = operation.__struct_config__.tag
            raise InvalidParameters([(f"/parameters/operations/{number}", f"{name}: {error}")]) from error


def _check_input(where: str, size: PictureSize) -> None:
    try:
        check_size(size.width, size.height)
    except OperationImpossible as error:
        raise InvalidParameters([(where, f"it is too large: {error}")]) from error
