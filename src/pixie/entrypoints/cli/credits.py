from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import rich_click as click
from dishka import AsyncContainer

from pixie.domain.kernel.ids import UserId
from pixie.entrypoints.cli.kernel import OPERATOR, Exit, fail, print_facts, print_json, print_table, with_container
from pixie.entrypoints.cli.terminal import busy

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
once = click.option(
    "--idempotency-key", metavar="TEXT", help="With the same key, the same command does it once, however often it runs."
)
note = click.option("--note", default="", metavar="TEXT", help="Why; it stands in the ledger for ever.")


@click.group("credits")
def credits() -> None:  # noqa: A001 - the command's name
    """Grant credits, show accounts, verify the ledger."""


@credits.command()
@click.argument("person", metavar="E-MAIL-OR-ID")
@click.argument("amount", type=click.IntRange(min=1))
@note
@click.option("--expires-in-days", type=click.IntRange(1, 36_500), help="Without it they can be spent for ever.")
@once
@as_json
@with_container
async def grant(
    container: AsyncContainer,
    person: str,
    amount: int,
    note: str,
    expires_in_days: int | None,
    idempotency_key: str | None,
    as_json: bool,
) -> None:
    """Give somebody credits."""
    from pixie.application.credits.grant_credits import GrantCredits, GrantCreditsCommand
    from pixie.application.kernel.ports import Clock, IdSource
    from pixie.domain.credits.lot import Grant, LotSource

    user_id = await _user_id(container, person)
    name = idempotency_key or (await container.get(IdSource)).new()
    clock = await container.get(Clock)
    given = Grant(
        amount=amount,
        source=LotSource.ADJUSTMENT,
        cause=f"operator:{name}",
        expires_at=clock.now() + timedelta(days=expires_in_days) if expires_in_days else None,
        note=note,
    )
    command = GrantCreditsCommand(actor=OPERATOR, user_id=user_id, grant=given)
    view = await (await container.get(GrantCredits))(command)
    if as_json:
        print_json(view)
        return
    done = f"{amount} credits granted" if view.granted else "Granted before; nothing was changed"
    click.echo(f"{done}. Available now: {view.balance.available}.")


@credits.command(context_settings={"ignore_unknown_options": True})
@click.argument("person", metavar="E-MAIL-OR-ID")
@click.argument("amount", type=int)
@note
@once
@as_json
@with_container
async def adjust(
    container: AsyncContainer, person: str, amount: int, note: str, idempotency_key: str | None, as_json: bool
) -> None:
    """Put a balance right by AMOUNT, e.g. 20 or -20; never below zero, and not what is held for running jobs."""
    from pixie.application.credits.adjust_credits import AdjustCredits, AdjustCreditsCommand
    from pixie.application.kernel.errors import AlreadyAnswered
    from pixie.application.kernel.ports import IdempotencyKey

    user_id = await _user_id(container, person)
    key = IdempotencyKey(
        scope="operator", key=idempotency_key or "", fingerprint=sha256(f"adjust {user_id} {amount}".encode()).digest()
    )
    command = AdjustCreditsCommand(
        actor=OPERATOR, user_id=user_id, amount=amount, note=note, idempotency=key if idempotency_key else None
    )
    try:
        view = await (await container.get(AdjustCredits))(command)
    except AlreadyAnswered as done:
        click.echo(done.body if as_json else "Adjusted before; nothing was changed.")
        return
    print_json(view) if as_json else click.echo(f"Adjusted by {amount:+}. Available now: {view.available}.")


@credits.command()
@click.argument("person", metavar="E-MAIL-OR-ID")
@click.option("--entries", default=20, type=click.IntRange(0, 1000), show_default=True, help="How many of the latest.")
@as_json
@with_container
async def show(container: AsyncContainer, person: str, entries: int, as_json: bool) -> None:
    """Somebody's balance, the lots that it consists of, and the latest entries."""
    from pixie.application.credits.show_credits import ShowCredits

    user_id = await _account_id(container, person)
    account = await (await container.get(ShowCredits))(OPERATOR, user_id, entries=entries)
    if as_json:
        print_json(account)
        return
    print_facts(f"Credits of {person}", {"available": account.balance.available, "held": account.balance.held})
    print_table(
        "Open lots, in the order of spending",
        ("from", "cause", "granted", "available", "held", "expires"),
        [
            (lot.source, lot.cause, lot.granted, lot.available, lot.held, lot.expires_at or "never")
            for lot in account.lots
        ],
    )
    print_table(
        "Latest entries",
        ("at", "kind", "available", "held", "job", "note"),
        [
            (
                entry.created_at,
                entry.kind,
                f"{entry.available_delta:+}",
                f"{entry.held_delta:+}",
                entry.hold_id,
                entry.note or None,
            )
            for entry in account.entries
        ],
    )


@credits.command()
@as_json
@with_container
async def verify(container: AsyncContainer, as_json: bool) -> None:
    """Add up the whole ledger again; exit code 1 when anything disagrees. Harmless while Pixie runs."""
    from pixie.application.credits.verify_ledger import VerifyLedger

    with busy("Adding up the ledger"):
        drifts = [drift async for drift in (await container.get(VerifyLedger))(OPERATOR)]
    for drift in () if as_json else drifts:
        click.echo(f"{drift.account_id} {drift.rule}: {drift.subject} says {drift.says}; {drift.should_be}")
    if as_json:
        print_json(drifts)
    if drifts:
        fail([f"The ledger disagrees with itself in {len(drifts)} places."], Exit.FAILED)
    if not as_json:
        click.echo("The ledger adds up.")


async def _user_id(container: AsyncContainer, person: str) -> UserId:
    """Somebody who is there, by address or id."""
    from pixie.application.accounts.api import Accounts

    account_id = await _account_id(container, person)
    return await (await container.get(Accounts)).known(account_id)


async def _account_id(container: AsyncContainer, person: str) -> UserId:
    """An account's id, which outlives its owner and is then all that is known."""
    from pixie.application.accounts.api import Accounts

    try:
        return UserId(UUID(person))
    except ValueError:
        return await (await container.get(Accounts)).id_of(person)
