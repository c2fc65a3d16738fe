import asyncio

import rich_click as click

from pixie.entrypoints.cli.kernel import Exit, data_dir_option, fail, guarded, overrides_of
from pixie.entrypoints.cli.terminal import busy


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when the database is behind.")
@data_dir_option
def migrate(check: bool, data_dir: str | None) -> None:
    """Bring the database to this version, and write plans and models into it. Harmless to repeat.

    Several may run at once: one does the work, the others wait and find it done.
    """
    with guarded():
        from pixie.entrypoints.wiring.prepare import how_far_behind, prepare_system
        from pixie.entrypoints.wiring.process import process_settings

        settings = process_settings(overrides_of(data_dir))
        if not check:
            with busy("Bringing the database up to date"):
                asyncio.run(prepare_system(settings))
            click.echo("The database is up to date.")
        elif problem := asyncio.run(how_far_behind(settings)):
            fail([problem], Exit.FAILED)
        else:
            click.echo("The database is up to date.")
