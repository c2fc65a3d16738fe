"""What the demo shows: one row for each job. What a Pixie does not offer is told and passed over."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pixie.entrypoints.cli.client.answers import JobType, JsonObject, Model


class Subject(StrEnum):
    """The picture that a job works on."""

    PHOTO = "photo"
    MARKED = "marked"
    """The same with a mask for what is to vanish; with a scribble on it, where nothing else was marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str
    """Of its files."""
    title: str
    caption: str
    model: str
    job_type: JobType
    fields: JsonObject = field(default_factory=dict)
    """Of the body, beside the pictures."""
    subject: Subject | None = None
    longest_side: int = 1600
    """Larger pictures are shrunk to this, so that it is done soon."""
    knows: str | None = None
    """A constant that the schema of the model's parameters must have: an operation, a move, a variant."""
    framed: bool = False
    """Whether its operations want to be told where the subject is, if that is known."""
    detail: bool = False
    """Whether the page shows the middle only, enlarged: for differences that are fine."""

    def body(self, region: JsonObject | None) -> JsonObject:
        """The fields, with the subject's place in the operations that want it."""
        if not self.framed or region is None:
            return self.fields
        parameters = self.fields["parameters"]
        operations = [{**operation, "region": region} for operation in parameters["operations"]]
        return {**self.fields, "parameters": {**parameters, "operations": operations}}

    @property
    def masked(self) -> bool:
        return self.subject is Subject.MARKED


def _edit(*operations: JsonObject, **more: object) -> JsonObject:
    return {"parameters": {"operations": list(operations), **more}}


STEPS: Final = (
    Step(
        name="enhanced",
        title="Enhance",
        caption="Contrast, exposure and colours put right by themselves, and a breath of the filter “vivid”.",
        model="local/edit",
        job_type="image_edit",
        fields=_edit({"op": "auto_enhance"}, {"op": "filter", "name": "vivid", "strength": 0.25}),
        subject=Subject.PHOTO,
        knows="auto_enhance",
    ),
    Step(
        name="erased",
        title="Erase",
        caption="What a mask marks vanishes, and what lies around it goes on there.",
        model="local/edit",
        job_type="image_edit",
        fields=_edit({"op": "erase"}),
        subject=Subject.MARKED,
        longest_side=1000,
        knows="erase",
    ),
    Step(
        name="cutout",
        title="Cut out",
        caption="What stands in front, without what lies behind it.",
        model="local/edit",
        job_type="image_edit",
        fields=_edit({"op": "cutout"}, format="png"),
        subject=Subject.PHOTO,
        longest_side=1000,
        knows="cutout",
        framed=True,
    ),
    Step(
        name="background",
        title="Replace the background",
        caption="The same in front of something else: here, of its own background out of focus.",
        model="local/edit",
        job_type="image_edit",
        fields=_edit({"op": "replace_background", "blur": 0.02}),
        subject=Subject.PHOTO,
        longest_side=1000,
        knows="replace_background",
        framed=True,
    ),
    Step(
        name="upscaled",
        title="Upscale",
        caption="A small copy of the picture, four times wider and higher again: a neural network makes up the detail.",
        model="local/upscale",
        job_type="image_upscale",
        fields={"scale": 4, "parameters": {"variant": "fast"}},
        subject=Subject.PHOTO,
        longest_side=400,
        knows="fast",
        detail=True,
    ),
    Step(
        name="motion",
        title="Set in motion",
        caption="The picture as a short video: the camera moves through a guess of its depth.",
        model="local/motion",
        job_type="video_generation",
        fields={
            "duration_seconds": 4,
            "parameters": {"moves": [{"move": "parallax"}], "loop": True, "resolution": 540, "fps": 24},
        },
        subject=Subject.PHOTO,
        longest_side=960,
        knows="parallax",
    ),
    Step(
        name="sketch",
        title="Sketch from words",
        caption="“A lake in the mountains at sunset”. Painted by rules; no AI.",
        model="local/sketch",
        job_type="image_generation",
        fields={"prompt": "a lake in the mountains at sunset", "seed": 7, "aspect_ratio": "3:2"},
    ),
)


def obstacle(step: Step, models: dict[str, Model]) -> str | None:
    """Why this Pixie cannot do it; None when it can."""
    model = models.get(step.model)
    if model is None:
        return f"this Pixie has no {step.model}"
    if not model.available:
        return model.unavailable_reason or "not available, and nobody says why"
    if step.knows is not None and json.dumps(step.knows) not in json.dumps(model.parameters):
        return f"this Pixie's {step.model} does not know {step.knows}"
    return None


def side_limit(step: Step, model: Model, size: tuple[int, int]) -> int:
    """The longest side of a picture of this shape that both the step and the model take."""
    variant = step.fields.get("parameters", {}).get("variant")
    most = next((one.max_input_megapixels for one in model.variants if one.name == variant), model.max_input_megapixels)
    side = min(step.longest_side, max(size), model.max_input_side or step.longest_side)
    if most is not None:
        across, down = size
        fitting = (most * 1_000_000 / (across * down)) ** 0.5 * max(size)
        side = min(side, int(fitting))
    return max(side, 16)
