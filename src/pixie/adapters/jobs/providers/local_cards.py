"""The models that run on this machine."""

from typing import Final

from pixie.adapters.jobs.imaging.canvas import MAX_PIXELS as MAX_INPUT_PIXELS
from pixie.adapters.jobs.imaging.edit_parameters import edit_schema
from pixie.adapters.jobs.motion.motion_parameters import (
    MAX_ASPECT_RATIO,
    MAX_PICTURES,
    MAX_SECONDS,
    MIN_SECONDS,
    USUAL_SECONDS,
    motion_schema,
)
from pixie.adapters.jobs.sketching.sketch_parameters import MAX_ELONGATION, MAX_PIXELS, MAX_SIDE, sketch_schema
from pixie.adapters.jobs.upscaling.upscale_parameters import upscale_schema
from pixie.domain.jobs.model_card import JobType, ModelCard, Price, Queue, Terms, Variant

EDIT: Final = ModelCard(
    name="local/edit",
    title="Editing",
    provider="local",
    model_type=JobType.IMAGE_EDIT,
    description=(
        "Edits a picture on this server, step after step: crop, rotate, flip, resize, adjust, blur, sharpen, "
        "auto-enhance, filters and colour looks; erase something from it, cut out its subject, replace its background, "
        "make its canvas larger; put a text or a logo on it; make a collage of several pictures. Much can be kept to a "
        "mask's white part. All of it is classical image processing (patches, GrabCut, guided filters): no AI, and no "
        "outside service."
    ),
    parameters=edit_schema(),
    price=Price(base=1),
    queue=Queue.COMPUTE,
    takes_prompt=False,
    takes_image=True,
    needs_image=True,
    takes_mask=True,
    max_input_images=16,
    max_input_megapixels=MAX_INPUT_PIXELS / 1_000_000,
    max_total_megapixels=200,
    example={
        "parameters": {
            "operations": [
                {"op": "auto_enhance"},
                {"op": "crop", "aspect_ratio": "4:5"},
                {"op": "resize", "width": 1080, "only_shrink": True},
                {"op": "colorize", "preset": "golden_hour", "strength": 0.4},
                {"op": "watermark", "text": "پیکسی Pixie", "position": "bottom_right", "size": 0.2},
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

MOTION: Final = ModelCard(
    name="local/motion",
    title="Motion",
    provider="local",
    model_type=JobType.VIDEO_GENERATION,
    description=(
        "Makes a video of a picture on this server: the camera zooms, pans, goes from one part to another, or moves "
        "around what stands in front (the depth is guessed by rules). Several pictures become a slide show. "
        "MP4 or WebM, VP9, without sound. No AI, and no outside service."
    ),
    parameters=motion_schema(),
    price=Price(base=1, per_second=1),
    queue=Queue.COMPUTE,
    takes_prompt=False,
    takes_image=True,
    needs_image=True,
    max_input_images=MAX_PICTURES,
    max_input_megapixels=MAX_INPUT_PIXELS / 1_000_000,
    max_total_megapixels=MAX_PICTURES * MAX_INPUT_PIXELS / 1_000_000,
    min_seconds=MIN_SECONDS,
    max_seconds=MAX_SECONDS,
    usual_seconds=USUAL_SECONDS,
    max_aspect_ratio=MAX_ASPECT_RATIO,
    deadline_seconds=900,  # the longest film of the largest frames takes a third of it on one slow processor
    example={
        "duration_seconds": 4,
        "aspect_ratio": "16:9",
        "parameters": {"moves": [{"move": "zoom_in", "amount": 0.3}], "loop": True, "resolution": 480},
    },
)
