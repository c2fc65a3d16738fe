"""What `local/edit` takes, as types and as JSON Schema (2020-12): the second is made from the first."""

from typing import Annotated, Any, Final, Literal, TypeAlias, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from pixie.adapters.jobs.imaging.adjust import Adjust
from pixie.adapters.jobs.imaging.auto_enhance import AutoEnhance
from pixie.adapters.jobs.imaging.collage import Collage
from pixie.adapters.jobs.imaging.colorize import Colorize
from pixie.adapters.jobs.imaging.cutout import Cutout, ReplaceBackground
from pixie.adapters.jobs.imaging.erase import Erase
from pixie.adapters.jobs.imaging.filters import Filter
from pixie.adapters.jobs.imaging.geometry import Crop, Flip, Resize, Rotate
from pixie.adapters.jobs.imaging.operation import Operation
from pixie.adapters.jobs.imaging.outpaint import Outpaint
from pixie.adapters.jobs.imaging.region import Region
from pixie.adapters.jobs.imaging.sharpness import Blur, Sharpen
from pixie.adapters.jobs.imaging.watermark import Watermark
from pixie.domain.kernel.json import JsonObject

AnyOperation: TypeAlias = (
    AutoEnhance
    | Crop
    | Rotate
    | Flip
    | Resize
    | Adjust
    | Blur
    | Sharpen
    | Filter
    | Colorize
    | Erase
    | Cutout
    | ReplaceBackground
    | Outpaint
    | Watermark
    | Collage
)
OutputFormat: TypeAlias = Literal["jpeg", "png", "webp"]

_OPERATIONS: Final[tuple[type[Operation], ...]] = (
    AutoEnhance,
    Crop,
    Rotate,
    Flip,
    Resize,
    Adjust,
    Blur,
    Sharpen,
    Filter,
    Colorize,
    Erase,
    Cutout,
    ReplaceBackground,
    Outpaint,
    Watermark,
    Collage,
)


class EditParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    operations: Annotated[
        tuple[AnyOperation, ...], Meta(min_length=1, max_length=20, description="Done one after the other.")
    ]
    format: (
        Annotated[
            OutputFormat,
            Meta(description="Of the result; without it, the input's, or PNG. With `cutout` it is never JPEG."),
        ]
        | UnsetType
    ) = UNSET
    quality: Annotated[int, Meta(ge=1, le=100, description="Of a JPEG or WebP.")] = 90


def edit_schema() -> JsonObject:
    _, definitions = msgspec.json.schema_components([EditParameters])
    whole = definitions[EditParameters.__name__]
    whole["properties"]["operations"]["items"] = {
        "oneOf": [_operation_schema(kind, definitions[kind.__name__]) for kind in _OPERATIONS]
    }
    seen_through = [
        {"properties": {"op": {"const": kind.__struct_config__.tag}}} for kind in _OPERATIONS if kind.needs_alpha
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": "Editing",
        "if": {"properties": {"operations": {"contains": {"anyOf": seen_through}}}},
        "then": {"properties": {"format": {"not": {"const": "jpeg"}}}},
        "$defs": {Region.__name__: definitions[Region.__name__]},
    }


def _operation_schema(kind: type[Operation], found: dict[str, Any]) -> JsonObject:
    """One of several alternatives, told apart by the constant `op`."""
    tag = kind.__struct_config__.tag
    properties = {**found["properties"], "op": {"const": tag}}
    return cast("JsonObject", {**found, "title": tag, "properties": properties, **kind.rules})
