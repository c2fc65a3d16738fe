"""What `local/upscale` is asked for."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from pixie.adapters.jobs.upscaling.networks import NETWORKS, Network
from pixie.domain.jobs.generation import GenerationRequest
from pixie.domain.kernel.json import JsonObject

VariantName: TypeAlias = Literal["fast", "quality"]
OutputFormat: TypeAlias = Literal["jpeg", "png"]

_USUAL_SCALE: Final = 2
_MOST_THREADS: Final = 4  # further ones gain little on tiles of this size


class UpscaleParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    variant: Annotated[
        VariantName,
        Meta(description="`fast` is crisp and a little painted; `quality` is for photographs, and takes longer."),
    ] = "fast"
    format: (
        Annotated[
            OutputFormat,
            Meta(
                description="Of the result; without it, JPEG for what came as JPEG, WebP or AVIF without transparency, "
                "else PNG. A JPEG has no transparency: white is behind it."
            ),
        ]
        | UnsetType
    ) = UNSET
    jpeg_quality: Annotated[int, Meta(ge=1, le=100, description="Of a JPEG.")] = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class UpscaleOrder:
    """A request made plain, as it goes to a compute child. Of the input no more than `max_pixels` are taken."""

    network: Network
    weights: str
    threads: int
    scale: int
    max_pixels: int
    format: OutputFormat | None
    jpeg_quality: int


def upscale_schema() -> JsonObject:
    _, definitions = msgspec.json.schema_components([UpscaleParameters])
    schema: JsonObject = definitions[UpscaleParameters.__name__]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Upscaling"}


def upscale_order(request: GenerationRequest, *, weights: Path, threads: int, max_megapixels: float) -> UpscaleOrder:
    wanted = msgspec.convert(request.parameters, UpscaleParameters)
    return UpscaleOrder(
        network=NETWORKS[wanted.variant],
        weights=str(weights),
        threads=threads or min(_MOST_THREADS, os.cpu_count() or 1),
        scale=request.scale or _USUAL_SCALE,
        max_pixels=round(max_megapixels * 1_000_000),
        format=None if isinstance(wanted.format, UnsetType) else wanted.format,
        jpeg_quality=wanted.jpeg_quality,
    )
