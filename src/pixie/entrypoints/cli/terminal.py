"""What a terminal can show. Results go to stdout; everything else goes to stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import rich_click as click


def colorless() -> bool:
    """Whether nobody wants colours (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def is_live() -> bool:
    """Whether somebody sits before stderr and sees things move. Not in a pipe, and not for those who want it plain."""
    return sys.stderr.isatty() and not colorless() and os.environ.get("TERM") != "dumb"


def note(words: str, color: str = "") -> None:
    """A line on stderr, in one of click's colours."""
    click.echo(click.style(words, fg=color) if color and is_live() else words, err=True)


@contextmanager
def busy(words: str) -> Iterator[None]:
    """Show that something is going on, as long as the block lasts. Nothing is left of it."""
    if not is_live():
        yield
        return
    from rich.console import Console  # for those alone who see it: it takes a while, and memory
    from rich.text import Text

    with Console(stderr=True).status(Text(words), spinner="dots"):
        yield


def examples(*lines: str) -> str:
    """The end of a command's help: a paragraph each, for rich-click joins the lines of one."""
    return "\n\n".join(("Examples:", *(f"$ {line}" for line in lines)))
