import asyncio
from collections.abc import Callable, Mapping

import rich_click as click

from pixie.entrypoints.cli.kernel import Exit, data_dir_option, guarded, overrides_of, print_json
from pixie.entrypoints.wiring.finding import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@data_dir_option
def doctor(as_json: bool, data_dir: str | None) -> None:
    """Check a set-up and say what to fix. Exits with 1 when something is wrong."""
    with guarded():
        findings = asyncio.run(_examined(overrides_of(data_dir), _keep_quiet if as_json else _tell))
    if as_json:
        print_json(findings)
    if not all(finding.good for finding in findings):
        raise SystemExit(int(Exit.FAILED))


async def _examined(overrides: Mapping[str, str], tell: Callable[[Finding], None]) -> list[Finding]:
    """All findings, each told as it comes: some take seconds."""
    from pixie.adapters.kernel.logging import configure_logging
    from pixie.entrypoints.wiring.doctor import examine

    configure_logging("pretty", "critical")  # a finding says what there is to say
    findings = []
    async for finding in examine(overrides):
        tell(finding)
        findings.append(finding)
    return findings


def _tell(finding: Finding) -> None:
    mark = click.style("ok  ", fg="green") if finding.good else click.style("BAD ", fg="red", bold=True)
    click.echo(f"{mark} {finding.subject:18} {finding.text}")
    if finding.advice:
        click.echo(f"     {'':18} → {finding.advice}")


def _keep_quiet(finding: Finding) -> None:
    del finding
