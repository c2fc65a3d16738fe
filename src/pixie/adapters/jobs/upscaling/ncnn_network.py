"""Real-ESRGAN through ncnn, on the processor. Only compute children import this."""

from pathlib import Path
from typing import Final, TypeAlias

import ncnn
import numpy as np
import numpy.typing as npt

from pixie.adapters.jobs.upscaling.networks import ENLARGEMENT, Network
from pixie.adapters.jobs.upscaling.tiles import Pixels, Tile, tiles_of

Planes: TypeAlias = npt.NDArray[np.float32]
"""Channels, rows, columns."""

_INPUT: Final = "data"
_OUTPUT: Final = "output"
_PIECE: Final = 64
_PIECE_OVERLAP: Final = 2  # all that the layers after the waist see


class NetworkBroken(Exception):
    """The files are not what they should be, or ncnn could not compute with them."""


class NcnnNetwork:
    """Calling it makes an RGB picture four times as wide and as high."""

    def __init__(self, network: Network, folder: Path, *, threads: int) -> None:
        self._waist = network.waist
        self._net = ncnn.Net()
        self._net.opt.num_threads = threads
        self._net.opt.use_vulkan_compute = False
        param, weights = (str(folder / name) for name in network.files)
        if self._net.load_param(param) != 0 or self._net.load_model(weights) != 0:
            raise NetworkBroken(f"{param} and {weights} are no network")

    def __call__(self, pixels: Pixels) -> Pixels:
        planes = np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32)
        planes /= 255
        enlarged = self.raw(planes)
        enlarged *= 255
        np.rint(enlarged, out=enlarged)
        np.clip(enlarged, 0, 255, out=enlarged)
        return np.ascontiguousarray(enlarged.astype(np.uint8).transpose(1, 2, 0))

    def raw(self, planes: Planes) -> Planes:
        """From 0 to 1, and a little beyond where the network overshoots."""
        if self._waist is None:
            return self._computed(_INPUT, planes, _OUTPUT)
        return self._in_pieces(self._waist, self._computed(_INPUT, planes, self._waist))

    def _in_pieces(self, waist: str, features: Planes) -> Planes:
        """The last layers work at full size and take more memory than all before them, so they get less at a time.

        The result is the same to the last bit.
        """
        height, width = features.shape[1:]
        whole = np.empty((3, height * ENLARGEMENT, width * ENLARGEMENT), np.float32)
        for piece in tiles_of(width, height, _PIECE):
            seen = _grown(piece, width, height)
            part = np.ascontiguousarray(features[:, seen.top : seen.bottom, seen.left : seen.right])
            made = self._computed(waist, part, _OUTPUT)
            into, left, top = piece.times(ENLARGEMENT), piece.left - seen.left, piece.top - seen.top
            columns, rows = into.size
            whole[:, into.top : into.bottom, into.left : into.right] = made[
                :, top * ENLARGEMENT :, left * ENLARGEMENT :
            ][:, :rows, :columns]
        return whole

    def _computed(self, start: str, values: Planes, end: str) -> Planes:
        # An ncnn.Mat borrows the array's memory and does not keep it alive: `values` must outlive the computation.
        extractor = self._net.create_extractor()
        extractor.set_light_mode(True)
        if extractor.input(start, ncnn.Mat(values)) != 0:
            raise NetworkBroken(f"it has no {start}")
        failed, computed = extractor.extract(end)
        if failed != 0:
            raise NetworkBroken(f"it could not compute {end}")
        return np.array(computed, dtype=np.float32)


def _grown(piece: Tile, width: int, height: int) -> Tile:
    return Tile(
        max(0, piece.left - _PIECE_OVERLAP),
        max(0, piece.top - _PIECE_OVERLAP),
        min(width, piece.right + _PIECE_OVERLAP),
        min(height, piece.bottom + _PIECE_OVERLAP),
    )
