"""What the benchmark of upscaling runs in compute children."""

import tempfile
import time
from pathlib import Path

import ncnn
import numpy as np
from PIL import Image

from pixie.adapters.jobs.upscaling.tiles import surrounded, tiles_of
from pixie.adapters.jobs.upscaling.upscale_parameters import UpscaleOrder
from pixie.adapters.jobs.upscaling.upscale_picture import upscale_picture
from pixie.adapters.kernel.compute_child import report_progress


def upscale_file(picture: str, order: UpscaleOrder, folder: str) -> str:
    return upscale_picture(picture, order, folder, report_progress)


def peak_of(picture: str, order: UpscaleOrder, folder: str) -> int:
    """The most memory that this process has held."""
    own = Path(tempfile.mkdtemp(dir=folder))
    upscale_file(picture, order, str(own))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) * 1024


def bare_ncnn(picture: str, order: UpscaleOrder) -> float:
    """Seconds that ncnn takes for the tiles, with all of them cut, and the network loaded, before."""
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
    began = time.monotonic()
    for each in planes:
        extractor = net.create_extractor()
        extractor.input("data", ncnn.Mat(each))
        extractor.extract("output")
    return time.monotonic() - began
