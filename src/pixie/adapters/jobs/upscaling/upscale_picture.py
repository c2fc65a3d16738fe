"""From a file to a file, as `local/upscale` does it. For a compute child."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image

from pixie.adapters.jobs.upscaling.enlarge import Enlarger, Original
from pixie.adapters.jobs.upscaling.ncnn_network import NcnnNetwork
from pixie.adapters.jobs.upscaling.upscale_parameters import OutputFormat, UpscaleOrder
from pixie.adapters.kernel.pictures import DAMAGE, opened, orientation_of, plain, srgb, upright
from pixie.domain.jobs.errors import ProviderRefused

_LOSSY: Final = frozenset({"JPEG", "MPO", "WEBP", "AVIF"})
_BEGUN: Final = 1  # percent
_ENLARGED: Final = 95  # encoding takes the rest
_FINE: Final = 90

Report = Callable[[int], None]


def upscale_picture(image: str, order: UpscaleOrder, output: str, report: Report) -> str:
    """Writes the result into the folder `output` and returns its path. Raises `ProviderRefused`."""
    original, usual_format = _original(Path(image), order.max_pixels)
    enlarger = Enlarger(
        enlarge_tile=NcnnNetwork(order.network, Path(order.weights), threads=order.threads),
        side=order.network.tile,
        overlap=order.network.overlap,
        scale=order.scale,
    )
    report(_BEGUN)
    large = enlarger(original, lambda done, all_: report(_BEGUN + (_ENLARGED - _BEGUN) * done // all_))
    del enlarger  # its network's memory, before encoding wants some
    chosen = order.format or usual_format
    path = Path(output, f"upscaled.{chosen}")
    _save(large, path, chosen, order.jpeg_quality)
    return str(path)


def _original(path: Path, max_pixels: int) -> tuple[Original, OutputFormat]:
    """Nothing of the file's metadata goes on from here: not the place, not the profile."""
    try:
        with opened(path) as source:
            if source.width * source.height > max_pixels:
                raise ProviderRefused(f"The picture has more than {max_pixels} pixels.")
            source.load()
            flat = plain(source)
            image = srgb(upright(flat, orientation_of(source)), source.info.get("icc_profile"))
            lossy = source.format in _LOSSY and image.mode == "RGB"
    except DAMAGE as error:
        raise ProviderRefused("The picture cannot be decoded.") from error
    return Original.of(image, grey=flat.mode in {"L", "LA"}), "jpeg" if lossy else "png"


def _save(image: Image.Image, path: Path, chosen: OutputFormat, quality: int) -> None:
    match chosen:
        case "jpeg":
            _on_white(image).save(path, "JPEG", quality=quality, subsampling=0 if quality >= _FINE else 2)
        case "png":
            image.save(path, "PNG", compress_level=2)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.mode.endswith("A"):
        return image
    ground = Image.new(image.mode.removesuffix("A"), image.size, "white")
    ground.paste(image.convert(ground.mode), mask=image.getchannel("A"))
    return ground
