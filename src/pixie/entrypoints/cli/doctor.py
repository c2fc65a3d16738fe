import asyncio
from collections.abc import Sequence

import rich_click as click

from pixie.entrypoints.cli.kernel import Exit, data_dir_option, guarded, overrides_of, print_json
from pixie.entrypoints.cli.terminal import busy
from pixie.entrypoints.wiring.finding import Finding
from pixie.entrypoints.wiring.settings.tree import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@data_dir_option
def doctor(as_json: bool, data_dir: str | None) -> None:
    """Check a set-up and say what to fix. Exits with 1 when something is wrong."""
    with guarded():
        from pixie.entrypoints.wiring.process import process_settings

        with busy("Examining"):
            findings = asyncio.run(_examined(process_settings(overrides_of(data_dir))))
    if as_json:
        print_json(findings)
    else:
        _print(findings)
    if not all(finding.good for finding in findings):
        raise SystemExit(int(Exit.FAILED))


async def _examined(settings: Settings) -> list[Finding]:
    from pixie.adapters.kernel.logging import configure_logging
    from pixie.entrypoints.wiring.doctor import examine

    configure_logging("pretty", "error")
    return [finding async for finding in examine(settings)]


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        mark = click.style("ok  ", fg="green") if finding.good else click.style("BAD ", fg="red", bold=True)
        click.echo(f"{mark} {finding.subject:18} {finding.text}")
        if not finding.good and finding.advice:
            click.echo(f"     {'':18} → {finding.advice}")
