import rich_click as click
from dishka import AsyncContainer

from pixie.entrypoints.cli.kernel import OPERATOR, print_json, print_table, with_container

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.group()
def mail() -> None:
    """Read the mails of an installation without a mail service."""


@mail.command("list")
@click.option("--limit", default=20, type=click.IntRange(1, 1000), show_default=True)
@as_json
@with_container
async def list_mails(container: AsyncContainer, limit: int, as_json: bool) -> None:
    """The newest mails."""
    from pixie.application.notifications.list_mails import ListMails

    mails = await (await container.get(ListMails))(OPERATOR, limit)
    if as_json:
        print_json(mails)
        return
    print_table("Mails", ("id", "to", "subject", "sent"), [(one.id, one.to, one.subject, one.sent_at) for one in mails])


@mail.command()
@click.argument("mail_id", metavar="ID")
@click.option("--html", "form", flag_value="html", help="The HTML part.")
@click.option("--source", "form", flag_value="source", help="The whole mail, as it would be sent.")
@as_json
@with_container
async def show(container: AsyncContainer, mail_id: str, form: str | None, as_json: bool) -> None:
    """One mail; any beginning of its id will do that fits no other."""
    from pixie.application.notifications.show_mail import ShowMail

    view = await (await container.get(ShowMail))(OPERATOR, mail_id)
    if as_json:
        print_json(view)
        return
    match form:
        case "html":
            click.echo(view.html)
        case "source":
            click.echo(view.source)
        case _:
            click.echo(
                f"From:    {view.sender}\nTo:      {view.to}\nSubject: {view.subject}\nDate:    {view.sent_at}\n"
            )
            click.echo(view.text)
