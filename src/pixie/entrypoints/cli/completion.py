"""`pixie completion`: click's own scripts, and how to install them."""

import sys
from typing import Final

import rich_click as click
from click.shell_completion import get_completion_class

from pixie.entrypoints.cli.terminal import examples, note

_INSTALL: Final = {
    "bash": (
        "mkdir -p ~/.local/share/bash-completion/completions",
        "pixie completion bash > ~/.local/share/bash-completion/completions/pixie",
    ),
    "zsh": (
        "mkdir -p ~/.zfunc",
        "pixie completion zsh > ~/.zfunc/_pixie",
        "Once, in ~/.zshrc, before compinit: fpath+=~/.zfunc; autoload -Uz compinit && compinit",
    ),
    "fish": ("pixie completion fish > ~/.config/fish/completions/pixie.fish",),
}
_VARIABLE: Final = "_PIXIE_COMPLETE"


@click.command(
    epilog=examples(
        "pixie completion bash > ~/.local/share/bash-completion/completions/pixie",
        "pixie completion zsh > ~/.zfunc/_pixie               # a folder of your fpath",
        "pixie completion fish > ~/.config/fish/completions/pixie.fish",
    )
)
@click.argument("shell", type=click.Choice(list(_INSTALL)))
def completion(shell: str) -> None:
    """Print a script with which your shell completes commands, options, models and jobs."""
    from pixie.entrypoints.cli.main import pixie

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"This version of click knows no completion for {shell}.")
    how = [f"To install it for {shell}, and open a new shell:", *(f"  {line}" for line in _INSTALL[shell])]
    script = found(pixie, {}, "pixie", _VARIABLE).source()
    click.echo(_commented(script, how))
    if sys.stdout.isatty():
        note("\n".join(how))


def _commented(script: str, how: list[str]) -> str:
    """The script with the advice in it; zsh wants `#compdef` to be its first line."""
    first, _, rest = script.partition("\n") if script.startswith("#compdef") else ("", "", script)
    comments = "\n".join(f"# {line}" for line in how)
    return "\n".join(part for part in (first, comments, rest.rstrip("\n")) if part)
