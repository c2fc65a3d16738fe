"""The command `pixie`. Groups are imported when they are called, so that help and errors come at once."""

from importlib import import_module
from importlib.metadata import version
from typing import Final

import rich_click as click

from pixie.entrypoints.cli.terminal import colorless, examples

COMMANDS: Final = {
    "demo": "demo.command",
    "run": "run",
    "up": "up",
    "doctor": "doctor",
    "settings": "settings",
    "migrate": "migrate",
    "jobs": "jobs",
    "models": "models",
    "users": "users",
    "credits": "credits",
    "mail": "mail",
    "api": "processes",
    "worker": "processes",
    "scheduler": "processes",
    "prepare": "prepare",
    "completion": "completion",
}
"""Where each command is at home."""
PANELS: Final = {
    "Begin here": ("demo", "up", "run"),
    "Jobs and models": ("jobs", "models"),
    "People and credits": ("users", "credits", "mail"),
    "Look after an installation": ("doctor", "settings", "migrate"),
    "Run single processes": ("api", "worker", "scheduler"),
    "Your shell": ("completion",),
}
EXAMPLES: Final = examples(
    "pixie demo photo.jpg       # what it can do, with a photo of yours",
    "pixie up                   # a whole Pixie here; Ctrl-C stops it",
    'pixie run local/sketch --prompt "a lake at sunset" -o lake.png',
    "pixie jobs watch JOB       # follow it to its end",
    "pixie credits grant ada@example.com 500",
    "pixie doctor               # what is wrong, and what to do about it",
)


class LazyGroup(click.RichGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"pixie.entrypoints.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES)
@click.rich_config({"text_paragraph_linebreaks": "\n\n"})
@click.version_option(version("pixie"), prog_name="pixie")
@click.pass_context
def pixie(ctx: click.Context) -> None:
    """The backend of an AI picture and video editor, and all you need to run it.

    `pixie up` starts a whole system on this machine, and every command finds it by its data folder: `--data-dir`, or
    PIXIE_DATA_DIR, or `.pixie` here. `run`, `demo` and `jobs watch` also ask any other Pixie: `--url` and `--key`, or
    PIXIE_URL and PIXIE_KEY.

    Results go to stdout, everything else to stderr. The exit code is 0 when all went well, 1 when it did not, 2 when
    the command was wrong, 69 when something does not answer, and 130 after Ctrl-C.
    """
    if colorless():
        ctx.color = False


for name, commands in PANELS.items():
    pixie.add_panel(click.RichCommandPanel(name, commands=list(commands)))
