"""What a benchmark found: figures, each against a baseline of the same run, and what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    name: str
    measured: str
    baseline: str = ""
    ratio: str = ""
    promised: str = ""
    kept: bool | None = None
    """None where nothing is promised."""


def show(title: str, figures: Sequence[Figure], notes: Sequence[str] = ()) -> None:
    console = Console(width=140, highlight=False)
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("figure")
    for name in ("measured", "baseline", "ratio", "promised"):
        table.add_column(name, justify="right")
    table.add_column("")
    for figure in figures:
        verdict = {None: "", True: "[green]kept[/]", False: "[red]missed[/]"}[figure.kept]
        table.add_row(figure.name, figure.measured, figure.baseline, figure.ratio, figure.promised, verdict)
    console.print(table)
    for note in notes:
        console.print(f"  {note}")


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.01 else f"{seconds * 1000:.2f} ms"


def mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"


def per_second(count: float) -> str:
    return f"{count:,.0f}/s"


def times(ratio: float) -> str:
    return f"{ratio:.2f}x"
