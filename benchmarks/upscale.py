"""What `local/upscale` adds to bare ncnn, and what memory three of them take.

The promise: from a file to a file, at most a tenth more time than ncnn alone needs for the very same tiles. Both run in
compute children, with the same threads and at the same priority, in turn; the quicker run of each counts.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from benchmarks.report import Figure, mb, show, times
from pixie.adapters.jobs.upscaling.networks import HOME, NETWORKS
from pixie.adapters.jobs.upscaling.upscale_parameters import UpscaleOrder
from pixie.adapters.kernel.compute_pool import ComputePool

PHOTO = Path(__file__).parent.parent / "docs" / "assets" / "photo.jpg"
SIZES = {"fast": (512, 512), "quality": (256, 128)}
ROUNDS = 2
AT_ONCE = 3
LIMIT_MB = 1024
PATIENCE = 1800.0
PROMISED = 1.10

Times = tuple[float, float]
"""By the clock, and of processors."""


def measure(place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place, prefix="pixie-bench-") as folder:
        figures = [figure for variant in NETWORKS for figure in asyncio.run(_speed(variant, Path(folder)))]
        figures += [asyncio.run(_memory(variant, Path(folder))) for variant in NETWORKS]
    show("Upscaling, two threads", figures)


async def _speed(variant: str, folder: Path) -> list[Figure]:
    from benchmarks.upscale_work import bare_ncnn, upscale_file  # noqa: PLC0415 - needs an extra

    picture, megapixels = _picture(variant, folder)
    order = _order(variant)
    whole, bare = [], []
    async with ComputePool(size=1) as pool:
        for _ in range(ROUNDS):
            bare.append(await pool.run(bare_ncnn, picture, order, timeout=PATIENCE, memory_mb=4 * LIMIT_MB))
            whole.append(
                await pool.run(upscale_file, picture, order, str(folder), timeout=PATIENCE, memory_mb=LIMIT_MB)
            )
    return [
        _figure(f"{variant}: a megapixel, by the clock", whole, bare, 0, megapixels),
        _figure(f"{variant}: a megapixel, of processors", whole, bare, 1, megapixels),
    ]


def _figure(name: str, whole: Sequence[Times], bare: Sequence[Times], which: int, megapixels: float) -> Figure:
    """Only the processors' time is promised: the clock's is anybody's on a busy machine."""
    ours, alone = (min(each[which] for each in found) / megapixels for found in (whole, bare))
    return Figure(
        name=name,
        measured=f"{ours:.1f} s",
        baseline=f"{alone:.1f} s bare ncnn",
        ratio=times(ours / alone),
        promised=f"at most {times(PROMISED)}" if which else "",
        kept=ours / alone <= PROMISED if which else None,
    )


async def _memory(variant: str, folder: Path) -> Figure:
    from benchmarks.upscale_work import peak_of  # noqa: PLC0415 - needs an extra

    picture, _ = _picture(variant, folder)
    order = _order(variant)
    async with ComputePool(size=AT_ONCE) as pool:
        peaks = await asyncio.gather(
            *(
                pool.run(peak_of, picture, order, str(folder), timeout=PATIENCE, memory_mb=LIMIT_MB)
                for _ in range(AT_ONCE)
            )
        )
    return Figure(
        name=f"{variant}: memory of {AT_ONCE} at once",
        measured=mb(sum(peaks)),
        baseline=f"{mb(max(peaks))} for one",
        promised=f"at most {mb(AT_ONCE * LIMIT_MB * 2**20)}",
        kept=sum(peaks) <= AT_ONCE * LIMIT_MB * 2**20,
    )


def _picture(variant: str, folder: Path) -> tuple[str, float]:
    size = SIZES[variant]
    path = folder / f"{variant}.png"
    with Image.open(PHOTO) as photo:
        photo.crop((0, 0, *size)).save(path)
    return str(path), size[0] * size[1] / 1e6


def _order(variant: str) -> UpscaleOrder:
    return UpscaleOrder(
        network=NETWORKS[variant],
        weights=str(HOME),
        threads=2,
        scale=4,
        max_pixels=1_000_000,
        format="png",
        jpeg_quality=92,
    )
