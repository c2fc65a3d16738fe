import secrets
import sys
from uuid import UUID

import rich_click as click
from dishka import AsyncContainer

from pixie.application.accounts.views import UserSummary
from pixie.entrypoints.cli.kernel import OPERATOR, print_facts, print_json, print_table, with_container

ROLES = ("user", "premium", "admin")
PASSWORD_BYTES = 18

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.group()
def users() -> None:
    """Create, list, promote and deactivate people."""


@users.command()
@click.argument("email", metavar="E-MAIL")
@click.option("--name", help="What they are called; their address without it.")
@click.option("--admin", is_flag=True, help="Make them an admin.")
@click.option("--locale", type=click.Choice(["en", "fa"]), default="en", show_default=True, help="Of their mails.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, instead of making one.")
@as_json
@with_container
async def create(
    container: AsyncContainer,
    email: str,
    name: str | None,
    admin: bool,
    locale: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Open an account. A password that was made is shown once, now."""
    from pixie.application.accounts.create_user import CreateUser, CreateUserCommand
    from pixie.domain.kernel.locale import Locale
    from pixie.domain.kernel.role import Role

    password = _read_password() if password_stdin else secrets.token_urlsafe(PASSWORD_BYTES)
    command = CreateUserCommand(
        actor=OPERATOR,
        email=email,
        password=password,
        name=name or email,
        role=Role.ADMIN if admin else Role.USER,
        locale=Locale(locale),
    )
    user = await (await container.get(CreateUser))(command)
    made = {} if password_stdin else {"password": password}
    print_json(_facts(user) | made) if as_json else print_facts("Created", _facts(user) | made)


@users.command("list")
@click.option("--query", metavar="TEXT", help="Only those whose address or name contains it.")
@click.option("--limit", default=20, type=click.IntRange(1, 100), show_default=True)
@click.option("--before", metavar="ID", type=click.UUID, help="Go on after the last one of a page before.")
@as_json
@with_container
async def list_users(
    container: AsyncContainer, query: str | None, limit: int, before: UUID | None, as_json: bool
) -> None:
    """Everybody, the newest first."""
    from pixie.application.accounts.list_users import ListUsers
    from pixie.application.kernel.page import PageRequest

    page = await (await container.get(ListUsers))(OPERATOR, PageRequest(limit=limit, before=before), query)
    if as_json:
        print_json(page.items)
        return
    print_table(
        "Users",
        ("id", "e-mail", "name", "role", "active", "since", "last sign-in"),
        [
            (user.id, user.email, user.name, user.role, user.is_active, user.created_at, user.last_login)
            for user in page.items
        ],
    )
    if page.next_cursor is not None:
        click.echo(f"More follow: --before {page.next_cursor}", err=True)


@users.command()
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True)
@as_json
@with_container
async def promote(container: AsyncContainer, email: str, role: str, as_json: bool) -> None:
    """Give somebody another role; it counts from their next request on."""
    from pixie.application.accounts.change_role import ChangeRole, ChangeRoleCommand
    from pixie.domain.kernel.role import Role

    user = await (await container.get(ChangeRole))(ChangeRoleCommand(actor=OPERATOR, email=email, role=Role(role)))
    print_json(user) if as_json else click.echo(f"{user.email} is now: {user.role}.")


@users.command()
@click.argument("email", metavar="E-MAIL")
@click.option("--undo", is_flag=True, help="Open the account again.")
@as_json
@with_container
async def deactivate(container: AsyncContainer, email: str, undo: bool, as_json: bool) -> None:
    """Close an account and end its sessions at once. Nothing is deleted."""
    from pixie.application.accounts.deactivate_user import DeactivateUser, DeactivateUserCommand
    from pixie.application.accounts.reactivate_user import ReactivateUser, ReactivateUserCommand

    if undo:
        user = await (await container.get(ReactivateUser))(ReactivateUserCommand(actor=OPERATOR, email=email))
    else:
        user = await (await container.get(DeactivateUser))(DeactivateUserCommand(actor=OPERATOR, email=email))
    print_json(user) if as_json else click.echo(f"{user.email} is {'active' if user.is_active else 'closed'}.")


def _read_password() -> str:
    """One line of standard input; asked for, unseen and twice, where somebody types it."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _facts(user: UserSummary) -> dict[str, object]:
    return {"id": user.id, "email": user.email, "name": user.name, "role": user.role}
