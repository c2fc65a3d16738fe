"""What `local/sketch` is asked for."""

import hashlib
import math
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from pixie.adapters.jobs.sketching.wishes import Light, Scene
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.jobs.generation import GenerationRequest
from pixie.domain.kernel.json import JsonObject

MAX_SIDE: Final = 4096
MAX_PIXELS: Final = 8_000_000
MAX_ELONGATION: Final = 8
_MIN_SIDE: Final = 16
_USUAL_PIXELS: Final = 1024 * 1024
_STEP: Final = 8


class SketchParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    scene: (
        Annotated[Scene, Meta(description="What to paint; without it, the prompt or chance decides.")] | UnsetType
    ) = UNSET
    light: Annotated[Light, Meta(description="The colours; without it, the prompt or chance decides.")] | UnsetType = (
        UNSET
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchOrder:
    """A request made plain, as it goes to a compute child."""

    prompt: str
    seed: int
    size: tuple[int, int]
    images: int
    scene: Scene | None
    light: Light | None


def sketch_schema() -> JsonObject:
    _, definitions = msgspec.json.schema_components([SketchParameters])
    schema: JsonObject = definitions[SketchParameters.__name__]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Sketching"}


def sketch_order(request: GenerationRequest) -> SketchOrder:
    """Raises `ProviderRefused` for a size that is not painted."""
    wanted = msgspec.convert(request.parameters, SketchParameters)
    return SketchOrder(
        prompt=request.prompt or "",
        seed=_seed_of(request.idempotency_key) if request.seed is None else request.seed,
        size=_size(request.width, request.height, request.aspect_ratio),
        images=request.num_images,
        scene=None if isinstance(wanted.scene, UnsetType) else wanted.scene,
        light=None if isinstance(wanted.light, UnsetType) else wanted.light,
    )


def _seed_of(key: str) -> int:
    """The same in each attempt of a job."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") >> 1


def _size(width: int | None, height: int | None, aspect_ratio: str | None) -> tuple[int, int]:
    if width is None and height is None:
        across, down = map(int, (aspect_ratio or "1:1").split(":"))
        share = max(1 / MAX_ELONGATION, min(float(MAX_ELONGATION), across / down))
        return _rounded(math.sqrt(_USUAL_PIXELS * share)), _rounded(math.sqrt(_USUAL_PIXELS / share))
    size = width or height or 0, height or width or 0
    if min(size) < _MIN_SIDE or max(size) > MAX_SIDE or size[0] * size[1] > MAX_PIXELS:
        raise ProviderRefused(
            f"A sketch has {_MIN_SIDE} to {MAX_SIDE} pixels a side and at most {MAX_PIXELS // 1_000_000} million in "
            f"all, not {size[0]} x {size[1]}."
        )
    return size


def _rounded(side: float) -> int:
    return max(_MIN_SIDE, round(side / _STEP) * _STEP)
