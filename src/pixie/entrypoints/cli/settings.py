import rich_click as click

from pixie.entrypoints.cli.kernel import data_dir_option, guarded, overrides_of, print_json, print_table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@data_dir_option
def settings(as_json: bool, data_dir: str | None) -> None:
    """Show every setting, its value and where it comes from. Secrets are masked."""
    with guarded():
        from pixie.entrypoints.wiring.process import process_settings
        from pixie.entrypoints.wiring.settings.reference import setting_rows

        rows = setting_rows(process_settings(overrides_of(data_dir)))
        if as_json:
            print_json({row.name: {"value": row.value, "source": row.source} for row in rows})
            return
        print_table("Settings", ("name", "value", "from"), [(row.name, row.value, row.source) for row in rows])
