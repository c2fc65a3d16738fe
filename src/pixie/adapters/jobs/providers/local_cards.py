"""The models that run on this machine."""

from typing import Final

from pixie.adapters.jobs.imaging.canvas import MAX_PIXELS
from pixie.adapters.jobs.imaging.edit_parameters import edit_schema
from pixie.adapters.jobs.sketching.sketch_parameters import sketch_schema
from pixie.adapters.jobs.upscaling.upscale_parameters import upscale_schema
from pixie.domain.jobs.model_card import JobType, ModelCard, Price, Queue, Terms, Variant

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
    max_input_megapixels=MAX_PIXELS / 1_000_000,
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
    example={
        "prompt": "a quiet lake in the mountains at sunset",
        "aspect_ratio": "3:2",
        "seed": 7,
        "parameters": {"scene": "mountains"},
    },
)

# Limits and prices follow from what was measured on two cores (docs/performance.md): the largest picture takes some
# minutes there. Deadlines leave room for slow machines, others at work, and transparency, which doubles the work.
_FAST: Final = Variant(
    name="fast",
    description="A small network, made for drawings and animation: crisp edges, and photographs a little painted.",
    terms=Terms(price=Price(base=1, per_megapixel=2), max_input_megapixels=3.0, deadline_seconds=1800),
)
_QUALITY: Final = Variant(
    name="quality",
    description="A large network, made for photographs: finer detail, in some twenty times the time.",
    terms=Terms(price=Price(base=2, per_megapixel=8), max_input_megapixels=1.0, deadline_seconds=3600),
)

UPSCALE: Final = ModelCard(
    name="local/upscale",
    title="Upscaling",
    provider="local",
    model_type=JobType.IMAGE_UPSCALE,
    description=(
        "Real-ESRGAN, neural networks that make a picture larger and invent fitting detail, on this server's "
        "processors. Transparency is kept. No outside service."
    ),
    parameters=upscale_schema(),
    price=_FAST.terms.price,
    queue=Queue.COMPUTE,
    takes_prompt=False,
    takes_image=True,
    needs_image=True,
    max_input_megapixels=_FAST.terms.max_input_megapixels,
    max_input_side=4_000,
    deadline_seconds=_FAST.terms.deadline_seconds,
    scales=(2, 3, 4),
    variants=(_FAST, _QUALITY),
    example={"scale": 2, "parameters": {"variant": "fast"}},
)
