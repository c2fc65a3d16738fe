import asyncio

import rich_click as click

from pixie.entrypoints.cli.kernel import data_dir_option, guarded, overrides_of


@click.command(hidden=True)
@data_dir_option
def prepare(data_dir: str | None) -> None:
    """Migrate, seed and make the first admin: what `pixie up` does before it starts the processes."""
    with guarded():
        from pixie.entrypoints.wiring.prepare import prepare_system
        from pixie.entrypoints.wiring.process import process_settings

        asyncio.run(prepare_system(process_settings(overrides_of(data_dir))))
