"""Progress of several things at once: bars that move on a terminal, a line for each change in a pipe."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Protocol, Self

import rich_click as click
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from pixie.entrypoints.cli.terminal import is_live

_NARROW: Final = 64
_STEP: Final = 25
"""Percents between two lines in a pipe."""


class Line(Protocol):
    """One thing that goes on."""

    def at(self, percent: int | None, words: str) -> None:
        """How far it is; None while that cannot be known."""

    def end(self, words: str, *, good: bool) -> None:
        """It is over."""


class Board(Protocol):
    def line(self, label: str) -> Line: ...

    def say(self, words: str) -> None:
        """A sentence that stays."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def make_board() -> Board:
    return LiveBoard() if is_live() else PlainBoard()


@dataclass(slots=True)
class LiveLine:
    progress: Progress
    task: TaskID

    def at(self, percent: int | None, words: str) -> None:
        total = None if percent is None else 100
        self.progress.update(
            self.task, total=total, completed=percent or 0, words=Text(_with_percent(percent, words), style="dim")
        )

    def end(self, words: str, *, good: bool) -> None:
        mark, style = ("✓", "green") if good else ("✗", "red")
        self.progress.update(
            self.task, total=100, completed=100 if good else 0, mark=Text(mark, style=style), words=Text(words, style)
        )
        self.progress.stop_task(self.task)


class LiveBoard:
    """Bars. On a narrow terminal the words go on without them."""

    def __init__(self) -> None:
        console = Console(stderr=True, highlight=False)
        wide = console.width >= _NARROW
        bar = BarColumn(
            bar_width=None,
            complete_style="cyan",
            finished_style="green",
            pulse_style="cyan",
            table_column=Column(ratio=1, min_width=10),
        )
        self._progress = _Bars(
            _Mark(),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            *([bar] if wide else []),
            _Words(table_column=Column(ratio=2 if wide else 1, no_wrap=True, overflow="ellipsis")),
            TimeElapsedColumn(),
            console=console,
            expand=True,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def line(self, label: str) -> LiveLine:
        return LiveLine(self._progress, self._progress.add_task(label, total=None, mark=None, words=Text("")))

    def say(self, words: str) -> None:
        self._progress.console.print(Text(words))


class _Bars(Progress):
    def get_renderable(self) -> RenderableType:
        """Not quite to the edge: the ^C that a terminal writes would break the last line there."""
        return Padding(super().get_renderable(), (0, 3, 0, 0))


class _Mark(ProgressColumn):
    """Turns while it goes on; then says how it ended."""

    def __init__(self) -> None:
        super().__init__()
        self._spinner = SpinnerColumn("dots", style="cyan")

    def render(self, task: Task) -> RenderableType:
        mark: Text | None = task.fields["mark"]
        return mark or self._spinner.render(task)


class _Words(ProgressColumn):
    def render(self, task: Task) -> Text:
        words: Text = task.fields["words"]
        return words


@dataclass(slots=True)
class PlainLine:
    label: str
    _told: tuple[str, int] = field(default=("", -1))

    def at(self, percent: int | None, words: str) -> None:
        now = (words, -1 if percent is None else percent // _STEP)
        if now != self._told:
            self._told = now
            click.echo(f"{self.label}: {_with_percent(percent, words)}", err=True)

    def end(self, words: str, *, good: bool) -> None:
        del good  # the words say it
        click.echo(f"{self.label}: {words}", err=True)


def _with_percent(percent: int | None, words: str) -> str:
    return words if percent is None else f"{words}, {percent} %"


class PlainBoard:
    """A line on stderr for each change, without any movement."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is to be put away."""

    def line(self, label: str) -> PlainLine:
        return PlainLine(label)

    def say(self, words: str) -> None:
        click.echo(words, err=True)
