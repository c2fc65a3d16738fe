"""The command `pixie`. Groups are imported when they are called, so that help and errors come at once."""

from importlib import import_module
from importlib.metadata import version

import rich_click as click

COMMANDS = {
    "up": ("up", "Start everything here: engines, API, workers, scheduler."),
    "doctor": ("doctor", "Check a set-up and say what to fix."),
    "settings": ("settings", "Show every setting and where it comes from."),
    "migrate": ("migrate", "Bring the database to this version."),
    "users": ("users", "Create, list, promote and deactivate people."),
    "credits": ("credits", "Grant credits, show accounts, verify the ledger."),
    "jobs": ("jobs", "Look into AI jobs; retry or cancel them."),
    "models": ("models", "Switch models of the catalogue on and off."),
    "mail": ("mail", "Read the mails of an installation without a mail service."),
    "api": ("processes", "Run the API's processes."),
    "worker": ("processes", "Run a worker."),
    "scheduler": ("processes", "Run the scheduler."),
    "prepare": ("prepare", "What `pixie up` does before it starts the processes."),
}
GROUPS = {
    "Start": ("up", "doctor", "settings", "migrate"),
    "Administer": ("users", "credits", "jobs", "models", "mail"),
    "Run single processes": ("api", "worker", "scheduler"),
}


class LazyGroup(click.RichGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"pixie.entrypoints.cli.{module}"), cmd_name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("pixie"), prog_name="pixie")
def pixie() -> None:
    """The backend of an AI picture and video editor.

    `pixie up` starts a whole system on this machine. Every command finds it by its data folder: `--data-dir`, or
    PIXIE_DATA_DIR, or `.pixie` here.
    """
