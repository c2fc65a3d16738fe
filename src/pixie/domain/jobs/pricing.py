"""What a request costs, in credits."""

import math

from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import Price


def quote(price: Price, request: JobInput, megapixels: float = 0.0) -> int:
    """The most that this request can cost; so much is held. `megapixels` is the size of the input picture."""
    return _total(price, request, request.num_images, megapixels)


def bill(price: Price, request: JobInput, images: int, megapixels: float = 0.0) -> int:
    """What it cost, given how many images came of it: never more than the quote."""
    return _total(price, request, min(images, request.num_images), megapixels)


def _total(price: Price, request: JobInput, images: int, megapixels: float) -> int:
    return (
        price.base
        + price.per_image * images
        + price.per_megapixel * math.ceil(megapixels)
        + price.per_second * math.ceil(request.duration_seconds or 0)
    )
