"""Real-ESRGAN through ncnn, on the processor. Only compute children import this."""

from pathlib import Path
from typing import Final

import ncnn
import numpy as np

from pixie.adapters.jobs.upscaling.networks import Network
from pixie.adapters.jobs.upscaling.tiles import Pixels

_INPUT: Final = "data"
_OUTPUT: Final = "output"


class NetworkBroken(Exception):
    """The files are not what they should be, or ncnn could not compute with them."""


class NcnnNetwork:
    """Calling it makes an RGB picture four times as wide and as high."""

    def __init__(self, network: Network, folder: Path, *, threads: int) -> None:
        self.net = ncnn.Net()
        self.net.opt.num_threads = threads
        self.net.opt.use_vulkan_compute = False
        param, weights = (str(folder / name) for name in network.files)
        if self.net.load_param(param) != 0 or self.net.load_model(weights) != 0:
            raise NetworkBroken(f"{param} and {weights} are no network")

    def __call__(self, pixels: Pixels) -> Pixels:
        planes = np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32)
        planes /= 255
        extractor = self.net.create_extractor()
        extractor.set_light_mode(True)
        if extractor.input(_INPUT, ncnn.Mat(planes)) != 0:
            raise NetworkBroken("it takes no input")
        failed, enlarged = extractor.extract(_OUTPUT)
        if failed != 0:
            raise NetworkBroken("it could not compute")
        values = np.array(enlarged)
        values *= 255
        np.rint(values, out=values)
        np.clip(values, 0, 255, out=values)
        return np.ascontiguousarray(values.astype(np.uint8).transpose(1, 2, 0))
