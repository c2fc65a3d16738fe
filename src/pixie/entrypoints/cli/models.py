import rich_click as click
from dishka import AsyncContainer

from pixie.entrypoints.cli.kernel import OPERATOR, print_json, print_table, with_container
from pixie.entrypoints.cli.model_facts import show
from pixie.entrypoints.cli.suggestions import suggest_models

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.group()
def models() -> None:
    """See what models there are and what they take; switch them on and off."""


models.add_command(show)


@models.command("list")
@as_json
@with_container
async def list_models(container: AsyncContainer, as_json: bool) -> None:
    """The models of the installed providers."""
    from pixie.application.jobs.catalogue import ListModels

    found = await (await container.get(ListModels))()
    if as_json:
        print_json(found)
        return
    print_table(
        "Models",
        ("name", "type", "provider", "from credits", "on", "what it does"),
        [
            (view.name, view.model_type, view.provider, view.credits_per_use, view.available, view.title)
            for view in found
        ],
    )


@models.command()
@click.argument("name", shell_complete=suggest_models)
@as_json
@with_container
async def enable(container: AsyncContainer, name: str, as_json: bool) -> None:
    """Offer a model again."""
    await _switch(container, name, on=True, as_json=as_json)


@models.command()
@click.argument("name", shell_complete=suggest_models)
@as_json
@with_container
async def disable(container: AsyncContainer, name: str, as_json: bool) -> None:
    """Take no new jobs for a model; those that were accepted go on."""
    await _switch(container, name, on=False, as_json=as_json)


async def _switch(container: AsyncContainer, name: str, *, on: bool, as_json: bool) -> None:
    from pixie.application.jobs.catalogue import SwitchModel

    await (await container.get(SwitchModel))(OPERATOR, name, on=on)
    print_json({"model": name, "on": on}) if as_json else click.echo(f"{name} is {'on' if on else 'off'}.")
