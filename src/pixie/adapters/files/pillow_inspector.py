from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pixie.adapters.files.look import Limits, Look
from pixie.adapters.files.media_inspection import look_at
from pixie.adapters.kernel.compute_errors import ComputeCrashed, ComputeExhausted
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.files.ports import MediaInspector
from pixie.domain.files.errors import InvalidImage, InvalidVideo
from pixie.domain.files.media import PICTURES, Footage, Inspection, MediaType

_CPU_SECONDS: Final = 8
_CPU_SECONDS_OF_VIDEO: Final = 20
_SECONDS: Final = 30.0  # on a busy machine; the processor time above is what a picture may cost
_SECONDS_TO_WAIT: Final = 15.0


class PillowInspector(MediaInspector):
    """Decodes in a compute child, pictures with Pillow and videos with OpenCV.

    So a hostile file can exhaust or crash nothing but that child.

    What speaks of the machine and not of the picture passes through: `ComputeBusy`, `ComputeTimedOut`, a killed child.
    """

    def __init__(
        self,
        pool: ComputePool,
        *,
        max_pixels: int = 100_000_000,
        max_frames: int = 1_000,
        max_video_pixels: int = 4096 * 2304,
        memory_mb: int = 512,
    ) -> None:
        self._pool = pool
        self._limits = Limits(
            max_pixels=max_pixels, max_frames=max_frames, max_video_pixels=max_video_pixels, memory_mb=memory_mb
        )

    async def inspect(self, path: Path, *, thumbnail: Path | None, taken: Sequence[MediaType] = PICTURES) -> Inspection:
        of_video = any(kind.is_video for kind in taken)
        trouble = InvalidVideo if of_video else InvalidImage
        try:
            look = await self._pool.run(
                look_at,
                str(path),
                None if thumbnail is None else str(thumbnail),
                tuple(taken),
                self._limits,
                timeout=_SECONDS,
                memory_mb=self._limits.memory_mb,
                cpu_seconds=_CPU_SECONDS_OF_VIDEO if of_video else _CPU_SECONDS,
                queue_timeout=_SECONDS_TO_WAIT,
            )
        except ComputeExhausted as error:
            raise trouble("decoding it takes more memory or time than any is given") from error
        except ComputeCrashed as error:
            if not error.by_itself:
                raise
            raise trouble("decoding it fails") from error
        return _inspection(look)


def _inspection(look: Look) -> Inspection:
    footage = None
    if look.duration_ms is not None and look.fps is not None:
        footage = Footage(duration_ms=look.duration_ms, fps=look.fps)
    return Inspection(
        media_type=look.media_type,
        width=look.width,
        height=look.height,
        has_alpha=look.has_alpha,
        frames=look.frames,
        dominant_color=look.dominant_color,
        blurhash=look.blurhash,
        exif={**look.exif},
        footage=footage,
    )
