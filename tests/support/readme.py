"""The README's tour, as somebody would paste it."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def tour() -> str:
    """Its commands word for word, all in one."""
    return "\n".join(blocks("A tour in five lines", "bash"))


def blocks(heading: str, language: str) -> list[str]:
    """The code blocks of one section."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = readme.partition(f"\n## {heading}\n")
    section = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
