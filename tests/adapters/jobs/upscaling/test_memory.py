"""Memory beyond the picture and its result is that of a tile. Linux bounds it for the child that does the work."""

import pytest

from pixie.adapters.kernel.compute_errors import ComputeExhausted
from pixie.adapters.kernel.compute_pool import ComputePool
from tests.support.upscaling_work import enlarge_blank

LARGEST = (2000, 1500)
RESULT_MB = 2000 * 1500 * 16 * 4 / 2**20


@pytest.mark.parametrize(("mode", "more_mb"), [("RGB", 150), ("RGBA", 200)])
async def test_the_largest_picture_takes_its_result_and_a_tile(mode: str, more_mb: int) -> None:
    async with ComputePool(size=1) as pool:
        size = await pool.run(enlarge_blank, *LARGEST, mode, timeout=100, memory_mb=int(RESULT_MB) + more_mb)

    assert tuple(size) == (8000, 6000)


async def test_a_result_held_twice_would_be_found() -> None:
    async with ComputePool(size=1) as pool:
        with pytest.raises(ComputeExhausted):
            await pool.run(enlarge_blank, *LARGEST, "RGB", timeout=100, memory_mb=int(RESULT_MB) // 2)
