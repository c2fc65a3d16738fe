"""The networks behind the variants of `local/upscale`, and whether they are installed. Loads none of what they need."""

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ENLARGEMENT: Final = 4
"""Every network makes four of one, each way; smaller scales are shrunk from that."""

HOME: Final = Path(sys.prefix, "share", "pixie", "realesrgan")
"""Where `scripts/bootstrap.py` puts the weights, unless a setting names another folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`stem` names its two files. A tile is `tile` pixels a side and sees `overlap` more on each side.

    Larger tiles waste less on their surroundings, and take more memory. `waist` is the blob after the last layer that
    works at the input's size, where what follows is better done in pieces.
    """

    stem: str
    tile: int
    overlap: int
    waist: str | None = None

    @property
    def files(self) -> tuple[str, str]:
        return f"{self.stem}.param", f"{self.stem}.bin"


NETWORKS: Final = {
    "fast": Network(stem="realesr-animevideov3-x4", tile=256, overlap=18),
    "quality": Network(stem="realesrgan-x4plus", tile=128, overlap=16, waist="1878"),
}


def missing_part(folder: Path) -> str | None:
    """What keeps the networks from being used here, and what an operator does about it; None when all is there."""
    if find_spec("ncnn") is None or find_spec("numpy") is None:
        return (
            "the optional packages of `pixie[upscale]` are not installed on this server; where they exist for its "
            "Python, `python3 scripts/bootstrap.py` installs them, then Pixie is to be started again"
        )
    if not all(Path(folder, name).is_file() for network in NETWORKS.values() for name in network.files):
        return (
            "the weights of its networks are not on this server; `python3 scripts/bootstrap.py` fetches them, or "
            "PIXIE_LOCAL_UPSCALE_WEIGHTS names a folder with them, then Pixie is to be started again"
        )
    return None
