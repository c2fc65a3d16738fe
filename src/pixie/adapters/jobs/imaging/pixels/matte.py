"""A picture's subject with soft edges, from Pillow to Pillow."""

from typing import Final

import cv2
import numpy as np
from PIL import Image

from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Floats, opencv
from pixie.adapters.jobs.imaging.pixels.soft_edges import clean_colors, soft_alpha
from pixie.adapters.jobs.imaging.pixels.subject import SIDE, subject

_LEAST_SIDE: Final = 16


def cut_out(image: Image.Image, hint: Image.Image | None, *, box: bool) -> Image.Image:
    """RGBA: the subject's own colours, and how much of each pixel is subject. Raises `OperationImpossible`."""
    with opencv():
        pixels = np.asarray(image)[..., :3]
        small = _small(pixels)
        small_hint = None if hint is None else _fitting(np.asarray(hint), small)
        alpha = soft_alpha(pixels, small, subject(small, small_hint, box=box))
        cut = np.empty((*alpha.shape, 4), np.uint8)
        cut[..., :3] = clean_colors(pixels, alpha)
        del pixels  # of a large picture each copy counts
        cut[..., 3] = np.minimum(alpha, np.asarray(image.getchannel("A"))) if image.mode == "RGBA" else alpha
        return Image.fromarray(cut, "RGBA")


def blurred_background(image: Image.Image, alpha: Image.Image, radius: float) -> Image.Image:
    """The background out of focus, without the subject's colours running into it."""
    with opencv():
        shrink = max(1.0, radius / 6)
        size = max(1, round(image.width / shrink)), max(1, round(image.height / shrink))
        colors = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BOX)).astype(np.float32)
        behind = 1 - np.asarray(alpha.resize(size, Image.Resampling.BOX)).astype(np.float32) / 255
        behind = np.clip(behind * 1.25 - 0.25, 0, 1)
        soft = _weighted_blur(colors, behind, radius / shrink)
        return Image.fromarray(soft.clip(0, 255).astype(np.uint8), "RGB").resize(image.size, Image.Resampling.BICUBIC)


def _weighted_blur(colors: Floats, weights: Floats, sigma: float) -> Floats:
    """Far inside of the subject, where no background is near, a wider blur finds some."""
    result = np.zeros_like(colors)
    for wider in (64, 16, 4, 1):
        share = cv2.GaussianBlur(weights, (0, 0), sigma * wider, borderType=cv2.BORDER_REPLICATE)[..., None]
        value = cv2.GaussianBlur(colors * weights[..., None], (0, 0), sigma * wider, borderType=cv2.BORDER_REPLICATE)
        trust = np.clip(share / 0.1, 0, 1)
        result = value / np.maximum(share, 1e-6) * trust + result * (1 - trust)
    return result


def _small(pixels: Bytes) -> Bytes:
    height, width = pixels.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(_LEAST_SIDE, round(width * scale)), max(_LEAST_SIDE, round(height * scale))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _fitting(hint: Bytes, small: Bytes) -> Bytes:
    return cv2.resize(hint, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
