"""What the benchmark of upscaling runs in compute children."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ncnn
import numpy as np
from PIL import Image

from pixie.adapters.jobs.upscaling.tiles import surrounded, tiles_of
from pixie.adapters.jobs.upscaling.upscale_parameters import UpscaleOrder
from pixie.adapters.jobs.upscaling.upscale_picture import upscale_picture
from pixie.adapters.kernel.compute_child import report_progress


def upscale_file(picture: str, order: UpscaleOrder, folder: str) -> tuple[float, float]:
    """Seconds by the clock and of processors, from a file to a file."""
    return _timed(lambda: upscale_picture(picture, order, folder, report_progress))


def peak_of(picture: str, order: UpscaleOrder, folder: str) -> int:
    """The most memory that this process has held."""
    upscale_file(picture, order, tempfile.mkdtemp(dir=folder))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) * 1024


def bare_ncnn(picture: str, order: UpscaleOrder) -> tuple[float, float]:
    """The same for ncnn alone, with all tiles cut, and the network loaded, before."""
    net = ncnn.Net()
    net.opt.num_threads = order.threads
    for name, load in zip(order.network.files, (net.load_param, net.load_model), strict=True):
        load(str(Path(order.weights, name)))
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB"))
        tiles = tiles_of(image.width, image.height, order.network.tile)
    planes = [
        np.ascontiguousarray(surrounded(pixels, tile, order.network.overlap).transpose(2, 0, 1), np.float32) / 255
        for tile in tiles
    ]

    def enlarge() -> None:
        """Of its own: what ncnn computed must be gone before its network is."""
        for each in planes:
            extractor = net.create_extractor()
            extractor.set_light_mode(True)
            extractor.input("data", ncnn.Mat(each))
            extractor.extract("output")

    return _timed(enlarge)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    clock, processors = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - clock, time.process_time() - processors
