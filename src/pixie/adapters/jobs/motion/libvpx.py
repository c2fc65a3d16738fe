"""The VP9 encoder of libvpx (BSD), by ctypes: the one that comes in OpenCV's wheel for its own FFmpeg.

OpenCV offers no way to tell that encoder how much time to take, which quality to keep and what the colours mean; by
its defaults a second of video takes ten seconds of work. docs/decisions/0011-vp9-by-libvpx.md tells what else there is.

What is written by place into libvpx's structures is compared beforehand with what libvpx fills in by itself, and its
own check of versions must pass. Otherwise `VpxMissing` is raised, and nothing is encoded.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_KNOWN_ABIS: Final = (37, 34)  # libvpx 1.15 and 1.14
_OK, _WRONG_ABI = 0, 3
_I420: Final = 0x102
_CONFIG_BYTES, _CONTEXT_BYTES = 4096, 1024  # more than any version needs
_REALTIME: Final = 1  # microseconds for a frame, by which libvpx means how it works
_FRAME_PACKET: Final = 0
_KEY_FRAME: Final = 1
_CONSTANT_QUALITY: Final = 3
_DEFAULTS: Final = (320, 240, 1, 30, 25, 256, 63)
_DEFAULT_KEY_DISTANCE: Final = 128
_THREADS: Final = 2
_SPEED, _QUALITY, _TILE_COLUMNS, _COLOR_SPACE, _ROW_THREADS = 13, 25, 33, 46, 55  # of `vpx_codec_control_`
_BT709: Final = 2
_CONTROLS: Final = {_SPEED: 6, _TILE_COLUMNS: 1, _COLOR_SPACE: _BT709, _ROW_THREADS: 1}


class VpxMissing(Exception):
    """There is no libvpx here, or another one than this code knows."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One coded frame."""

    data: bytes
    is_key: bool


class _Config(ctypes.Structure):
    """The beginning of `vpx_codec_enc_cfg`, unchanged since 2013."""

    _fields_ = (
        ("usage", ctypes.c_uint),
        ("threads", ctypes.c_uint),
        ("profile", ctypes.c_uint),
        ("width", ctypes.c_uint),
        ("height", ctypes.c_uint),
        ("bit_depth", ctypes.c_uint),
        ("input_bit_depth", ctypes.c_uint),
        ("time_base", ctypes.c_int * 2),
        ("error_resilient", ctypes.c_uint),
        ("pass_", ctypes.c_uint),
        ("lag", ctypes.c_uint),
        ("drop_frames", ctypes.c_uint),
        ("resize", ctypes.c_uint * 5),
        ("end_usage", ctypes.c_uint),
        ("first_pass", ctypes.c_size_t * 4),
        ("bitrate", ctypes.c_uint),
        ("min_quantizer", ctypes.c_uint),
        ("max_quantizer", ctypes.c_uint),
        ("undershoot", ctypes.c_uint),
        ("overshoot", ctypes.c_uint),
        ("buffer", ctypes.c_uint * 3),
        ("two_pass", ctypes.c_uint * 4),
        ("key_mode", ctypes.c_uint),
        ("key_min", ctypes.c_uint),
        ("key_max", ctypes.c_uint),
        ("rest", ctypes.c_byte * _CONFIG_BYTES),
    )


class _Frame(ctypes.Structure):
    """The beginning of `vpx_codec_cx_pkt` for a coded frame."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("at", ctypes.c_int64),
        ("duration", ctypes.c_ulong),
        ("flags", ctypes.c_uint32),
    )


class Vp9Encoder:
    """Takes pictures of one size, in planes (I420, BT.709), and gives coded frames back, each at once.

    `quantizer` is how coarse they may be, from 0 (best) to 63.
    """

    def __init__(self, width: int, height: int, *, fps: int, quantizer: int, key_every: int) -> None:
        self._vpx = _library()
        self._size = width, height
        self._count = 0
        self._context = (ctypes.c_byte * _CONTEXT_BYTES)()
        self._start(_config(self._vpx, width, height, fps, key_every))
        for control, value in _CONTROLS.items():
            self._control(control, value)
        self._control(_QUALITY, quantizer)

    def encode(self, planes: bytes) -> Iterator[Packet]:
        """`planes` holds all of Y, then U and V, which have half the width and height."""
        width, height = self._size
        if len(planes) != width * height * 3 // 2:
            raise ValueError("these are not the planes of one frame")
        image = self._vpx.vpx_img_wrap(None, _I420, width, height, 1, ctypes.c_char_p(planes))
        if not image:
            raise VpxMissing("libvpx takes no picture of this size")
        try:
            yield from self._coded(ctypes.c_void_p(image))
        finally:
            self._vpx.vpx_img_free(ctypes.c_void_p(image))

    def close(self) -> None:
        self._vpx.vpx_codec_destroy(ctypes.byref(self._context))

    def _start(self, config: _Config) -> None:
        kind = ctypes.c_void_p(self._vpx.vpx_codec_vp9_cx())
        for version in _KNOWN_ABIS:
            answer = self._vpx.vpx_codec_enc_init_ver(
                ctypes.byref(self._context), kind, ctypes.byref(config), ctypes.c_long(0), version
            )
            if answer != _WRONG_ABI:
                self._check(answer)
                return
        raise VpxMissing("the libvpx that comes with OpenCV is of a version that is not known here")

    def _control(self, control: int, value: int) -> None:
        self._check(self._vpx.vpx_codec_control_(ctypes.byref(self._context), control, ctypes.c_int(value)))

    def _coded(self, image: ctypes.c_void_p) -> Iterator[Packet]:
        at, self._count = self._count, self._count + 1
        self._check(
            self._vpx.vpx_codec_encode(
                ctypes.byref(self._context),
                image,
                ctypes.c_int64(at),
                ctypes.c_ulong(1),
                ctypes.c_long(0),
                ctypes.c_ulong(_REALTIME),
            )
        )
        place = ctypes.c_void_p(None)
        while found := self._vpx.vpx_codec_get_cx_data(ctypes.byref(self._context), ctypes.byref(place)):
            frame = found.contents
            if frame.kind == _FRAME_PACKET:
                yield Packet(ctypes.string_at(frame.data, frame.size), bool(frame.flags & _KEY_FRAME))

    def _check(self, answer: int) -> None:
        if answer != _OK:
            raise VpxMissing(f"libvpx refuses: {self._vpx.vpx_codec_err_to_string(answer).decode()}")


def _config(vpx: ctypes.CDLL, width: int, height: int, fps: int, key_every: int) -> _Config:
    config = _Config()
    vpx.vpx_codec_enc_config_default(ctypes.c_void_p(vpx.vpx_codec_vp9_cx()), ctypes.byref(config), 0)
    found = (config.width, config.height, *config.time_base, config.lag, config.bitrate, config.max_quantizer)
    if found != _DEFAULTS or config.key_max != _DEFAULT_KEY_DISTANCE:
        raise VpxMissing("the libvpx that comes with OpenCV lays out its settings in another way")
    config.width, config.height, config.threads = width, height, _THREADS
    config.time_base[:] = (1, fps)
    config.lag = 0
    config.end_usage = _CONSTANT_QUALITY
    config.key_max = key_every
    return config


def _library_path() -> Path | None:
    spec = find_spec("cv2")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    beside = (package.parent / "opencv_python_headless.libs", package / ".dylibs")  # Linux, macOS
    return next((found for folder in beside for found in sorted(folder.glob("libvpx*"))), None)


@cache
def _library() -> ctypes.CDLL:
    path = _library_path()
    if path is None:
        raise VpxMissing("the encoder that comes with opencv-python-headless is not there")
    vpx = ctypes.CDLL(str(path))
    vpx.vpx_codec_vp9_cx.restype = ctypes.c_void_p
    vpx.vpx_img_wrap.restype = ctypes.c_void_p
    vpx.vpx_img_free.restype = None
    vpx.vpx_codec_get_cx_data.restype = ctypes.POINTER(_Frame)
    vpx.vpx_codec_err_to_string.restype = ctypes.c_char_p
    return vpx
