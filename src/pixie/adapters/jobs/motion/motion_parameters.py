"""What `local/motion` takes, as types and as JSON Schema (2020-12): the second is made from the first."""

from typing import Annotated, Any, Final, Literal, TypeAlias, cast

import msgspec
from msgspec import Meta

from pixie.adapters.jobs.motion.easing import Easing
from pixie.adapters.jobs.motion.moves import KenBurns, Move, Orbit, Pan, Parallax, Still, ZoomIn, ZoomOut
from pixie.domain.kernel.json import JsonObject

MAX_PICTURES: Final = 16
MAX_SIDE: Final = 1920
MAX_ASPECT_RATIO: Final = 3.0
MIN_SECONDS: Final = 1.0
MAX_SECONDS: Final = 30.0
USUAL_SECONDS: Final = 5.0

AnyMove: TypeAlias = ZoomIn | ZoomOut | Pan | KenBurns | Parallax | Orbit | Still
Transition: TypeAlias = Literal["cross_fade", "fade_through_black", "push", "wipe", "cut"]
VideoFormat: TypeAlias = Literal["mp4", "webm"]

_MOVES: Final[tuple[type[Move], ...]] = (ZoomIn, ZoomOut, Pan, KenBurns, Parallax, Orbit, Still)
_SHARPEST_SIDE_AT_ANY_RATE: Final = 720
_FASTEST_AT_ANY_SIDE: Final = 30

USUAL_MOVES: Final[tuple[AnyMove, ...]] = (
    ZoomIn(),
    Pan(direction="right"),
    ZoomOut(),
    Pan(direction="left"),
)


class MotionParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    moves: Annotated[
        tuple[AnyMove, ...],
        Meta(
            min_length=1,
            max_length=MAX_PICTURES,
            description="What the camera does, a move for each picture; with more pictures than moves they begin anew.",
        ),
    ] = USUAL_MOVES
    easing: Annotated[Easing, Meta(description="How the camera starts and stops.")] = "ease_in_out"
    loop: Annotated[
        bool,
        Meta(
            description="Whether the end meets the beginning: one picture's camera goes there and back, an orbit goes "
            "round at an even pace, and in a slide show the last picture gives way to the first."
        ),
    ] = False
    resolution: Annotated[
        int,
        Meta(
            ge=144,
            le=1080,
            multiple_of=2,
            description="Pixels of the video's shorter side. The longer one has 1920 at most, or both get smaller.",
        ),
    ] = 720
    fps: Annotated[int, Meta(ge=10, le=60, description="Frames a second; above 720 pixels 30 at most.")] = 30
    fit: Annotated[
        Literal["cover", "contain"],
        Meta(
            description="Where shapes differ: fill the video and cut the picture, or show all of it between bars. "
            "Places are then given in shares of the picture and its bars together."
        ),
    ] = "cover"
    background: Annotated[
        str,
        Meta(
            pattern="^(blur|#[0-9a-fA-F]{6})$",
            max_length=7,  # the pattern alone lets a line break follow
            description="Of the bars: `blur`, or a colour such as `#102030`. A colour also lies behind what is "
            "transparent, which is white otherwise.",
        ),
    ] = "blur"
    transition: Annotated[Transition, Meta(description="From one picture to the next.")] = "cross_fade"
    transition_seconds: Annotated[
        float, Meta(ge=0.1, le=5, description="How long that takes; at most half of the time of a picture.")
    ] = 0.8
    format: Annotated[VideoFormat, Meta(description="The container; both carry VP9.")] = "mp4"
    quality: Annotated[int, Meta(ge=1, le=100, description="Higher is larger, and nearer to the picture.")] = 75

    def move_of(self, picture: int) -> AnyMove:
        return self.moves[picture % len(self.moves)]


def motion_schema() -> JsonObject:
    _, definitions = msgspec.json.schema_components([MotionParameters])
    whole: dict[str, Any] = definitions[MotionParameters.__name__]
    whole["properties"]["moves"]["items"] = {
        "oneOf": [_move_schema(kind, definitions[kind.__name__], definitions) for kind in _MOVES]
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": "Motion",
        "if": {
            "properties": {"resolution": {"exclusiveMinimum": _SHARPEST_SIDE_AT_ANY_RATE}},
            "required": ["resolution"],
        },
        "then": {"properties": {"fps": {"maximum": _FASTEST_AT_ANY_SIDE}}},
    }


def _move_schema(kind: type[Move], found: dict[str, Any], definitions: dict[str, Any]) -> JsonObject:
    """One of several alternatives, told apart by the constant `move`; what it refers to is put in its place."""
    tag = kind.__struct_config__.tag
    properties = {name: _inlined(field, definitions) for name, field in found["properties"].items()}
    return cast("JsonObject", {**found, "title": tag, "properties": {**properties, "move": {"const": tag}}})


def _inlined(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    references = [part for part in (field, *field.get("allOf", ()), *field.get("anyOf", ())) if "$ref" in part]
    if not references:
        return field
    name = references[0]["$ref"].rpartition("/")[2]
    rest = {key: value for key, value in field.items() if key not in ("$ref", "allOf", "anyOf")}
    return {**definitions[name], **rest}
