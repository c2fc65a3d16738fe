"""The models that run on this machine."""

from typing import Final

from pixie.adapters.jobs.imaging.canvas import MAX_PIXELS as MAX_INPUT_PIXELS
from pixie.adapters.jobs.imaging.edit_parameters import edit_schema
from pixie.adapters.jobs.sketching.sketch_parameters import MAX_ELONGATION, MAX_PIXELS, MAX_SIDE, sketch_schema
from pixie.domain.jobs.model_card import JobType, ModelCard, Price, Queue

EDIT: Final = ModelCard(
    name="local/edit",
    title="Editing",
    provider="local",
    model_type=JobType.IMAGE_EDIT,
    description=(
        "Edits a picture on this server: crop, rotate, flip, resize, adjust, blur, sharpen, auto-enhance and filters, "
        "one after the other. Blurring and the like can be kept to a mask's white part. No AI, and no outside service."
    ),
    parameters=edit_schema(),
    price=Price(base=1),
    queue=Queue.COMPUTE,
    takes_prompt=False,
    takes_image=True,
    needs_image=True,
    takes_mask=True,
    max_input_megapixels=MAX_INPUT_PIXELS / 1_000_000,
    example={
        "parameters": {
            "operations": [
                {"op": "auto_enhance"},
                {"op": "crop", "aspect_ratio": "4:5"},
                {"op": "resize", "width": 1080, "only_shrink": True},
            ]
        }
    },
)

SKETCH: Final = ModelCard(
    name="local/sketch",
    title="Sketch",
    provider="local",
    model_type=JobType.IMAGE_GENERATION,
    description=(
        "This is no AI. It paints a simple landscape by rules, chosen by a few words of the prompt (sea, forest, city, "
        "night, sunset, snow, flowers …; English and Persian), so that the whole flow can be tried without any key. "
        "The same prompt, seed and size give the same picture."
    ),
    parameters=sketch_schema(),
    price=Price(per_image=2),
    queue=Queue.COMPUTE,
    needs_prompt=True,
    max_images=4,
    max_side=MAX_SIDE,
    max_output_megapixels=MAX_PIXELS / 1_000_000,
    max_aspect_ratio=MAX_ELONGATION,
    example={
        "prompt": "a quiet lake in the mountains at sunset",
        "aspect_ratio": "3:2",
        "seed": 7,
        "parameters": {"scene": "mountains"},
    },
)
