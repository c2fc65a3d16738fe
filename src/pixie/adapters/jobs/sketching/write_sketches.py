from collections.abc import Callable
from pathlib import Path

from pixie.adapters.jobs.sketching.sketch import sketch
from pixie.adapters.jobs.sketching.sketch_parameters import SketchOrder


def write_sketches(order: SketchOrder, folder: str, report: Callable[[int], None]) -> list[str]:
    """One PNG for each picture, the seed one higher each time. Returns their paths."""
    paths = []
    for number in range(order.images):
        report(100 * number // order.images)
        painted = sketch(order.prompt, order.seed + number, order.size, scene=order.scene, light=order.light)
        path = Path(folder, f"sketch-{number + 1}.png")
        painted.save(path, "PNG", compress_level=4)
        paths.append(str(path))
    return paths
