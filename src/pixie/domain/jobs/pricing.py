"""What a request costs, in credits."""

import math

from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import Price


def quote(price: Price, request: JobInput, megapixels: float = 0.0) -> int:
    """The most that this request can cost; so much is held. `megapixels` is the size of the input pictures together."""
    return (
        price.base
        + price.per_image * request.num_images
        + price.per_megapixel * math.ceil(megapixels)
        + price.per_second * math.ceil(request.duration_seconds or 0)
    )


def bill(price: Price, request: JobInput, images: int, held: int) -> int:
    """What it cost: what was held, less the images that were asked for and not made."""
    missing = max(0, request.num_images - images)
    return min(held, max(0, held - price.per_image * missing))
