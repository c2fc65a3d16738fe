"""`pixie demo`: what Pixie can do, with a photo of yours, in a minute."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import rich_click as click

from pixie.entrypoints.cli.board import Board, make_board
from pixie.entrypoints.cli.client.answers import JsonObject
from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.transport import Transport
from pixie.entrypoints.cli.connection import Where, address, data_folder, signed_in, where_options
from pixie.entrypoints.cli.demo import photo as photos
from pixie.entrypoints.cli.demo.own_pixie import own_pixie
from pixie.entrypoints.cli.demo.page import page
from pixie.entrypoints.cli.demo.show import Outcome, Show
from pixie.entrypoints.cli.demo.studio import Studio
from pixie.entrypoints.cli.following import seconds
from pixie.entrypoints.cli.kernel import Exit, guarded, print_json, print_table
from pixie.entrypoints.cli.run import Interrupted
from pixie.entrypoints.cli.saving import not_saved, writable
from pixie.entrypoints.cli.terminal import busy, examples, note

_EXAMPLES: Final = examples(
    "pixie demo                          # paints a picture itself",
    "pixie demo photo.jpg",
    "pixie demo photo.jpg --mask who.png # erases what is white in the mask, instead of a scribble",
    "pixie demo --url https://pixie.example.com photo.jpg",
)
_PASSWORD_BYTES: Final = 18


@click.command(epilog=_EXAMPLES)
@click.argument("photo", metavar="[PHOTO]", required=False, type=click.Path(path_type=Path))
@click.option("--mask", type=click.Path(path_type=Path), metavar="FILE", help="White where something is to be erased.")
@click.option(
    "--subject",
    metavar="X,Y,W,H",
    help="Where what is to be cut out stands: a frame, in percent of the photo. Default: the middle, 25,10,50,85.",
)
@click.option(
    "-o", "--out", default="pixie-demo", metavar="FOLDER", show_default=True, help="Where the results and the page go."
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON, for scripts.")
@where_options
def demo(photo: Path | None, mask: Path | None, subject: str | None, out: str, *, as_json: bool, where: Where) -> None:
    """See what Pixie can do, with a photo of yours: a job of each kind, and a page that shows before and after.

    It asks the Pixie of --url, or the one that runs on the data folder here; where none runs, it starts one for itself,
    in a folder of its own, and stops it afterwards. It registers a user there, unless --key says who you are. Models
    that are not available are told and passed over, and what is too large for one is shrunk.
    """
    with guarded():
        region = photos.region_of(subject or photos.MIDDLE) if photo else photos.balloon_region()
        folder = writable(Path(out).expanduser())
        with busy("Looking at the photo" if photo else "Painting a picture"):
            image, whole = photos.load(photo) if photo else (photos.paint(), None)
            marked = photos.load(mask)[0].convert("L") if mask else None if photo else photos.balloon_mask()
        if whole is not None and max(whole) > photos.LONGEST:
            note(f"{photo} has {whole[0]} x {whole[1]} pixels; the demo uses {image.width} x {image.height}.")
        try:
            outcomes = asyncio.run(_shown(where, folder, Studio(image, folder / "before", marked), region))
            index = _written(folder, outcomes, photo)
        except Interrupted:
            raise SystemExit(int(Exit.INTERRUPTED)) from None
        except KeyboardInterrupt:
            note("Stopped.")
            raise SystemExit(int(Exit.INTERRUPTED)) from None
        except OSError as error:
            raise not_saved(folder, error) from error
        _report(outcomes, index, as_json=as_json)


async def _shown(where: Where, folder: Path, studio: Studio, region: JsonObject | None) -> list[Outcome]:
    async with AsyncExitStack() as stack:
        board = stack.enter_context(make_board())
        client = await stack.enter_async_context(_client(where, board))
        show = Show(client=client, board=board, studio=studio, folder=folder, region=region)
        return await show.all()


@asynccontextmanager
async def _client(where: Where, board: Board) -> AsyncIterator[PixieClient]:
    """Signed in as the one whose key it is, or as somebody new."""
    if where.key is not None:
        async with signed_in(where) as client:
            yield client
        return
    async with AsyncExitStack() as stack:
        if where.url is not None or data_folder(where).address() is not None:
            url = address(where)
            board.say(f"Asking the Pixie at {url}.")
        else:
            url = await stack.enter_async_context(own_pixie(board.line("A Pixie for the demo")))
        client = await stack.enter_async_context(PixieClient(Transport(url)))
        email = f"demo-{secrets.token_hex(6)}@example.com"
        await client.register(email, secrets.token_urlsafe(_PASSWORD_BYTES), "Demo")
        yield client
        await client.sign_out()


def _written(folder: Path, outcomes: Sequence[Outcome], photo: Path | None) -> Path:
    index = folder / "index.html"
    with busy("Making the page"):
        index.write_text(page(outcomes, photo.name if photo else None), encoding="utf-8")
    return index


def _report(outcomes: Sequence[Outcome], index: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"page": str(index), "results": [_facts(outcome) for outcome in outcomes]})
    else:
        print_table("What was done", ("job", "model", "time", "credits", "file"), [_row(one) for one in outcomes])
        click.echo(str(index))
        note(f"Open it in a browser: {index.resolve().as_uri()}", "cyan")
    if failed := [outcome for outcome in outcomes if outcome.failed is not None]:
        note(f"{len(failed)} of {len(outcomes)} did not work: {'; '.join(str(one.failed) for one in failed)}", "red")
        raise SystemExit(int(Exit.FAILED))


def _row(outcome: Outcome) -> tuple[object, ...]:
    job = outcome.job
    result = outcome.after or (f"passed over: {outcome.skipped}" if outcome.skipped else f"failed: {outcome.failed}")
    return (
        outcome.step.title,
        outcome.step.model,
        seconds(job) or None if job else None,
        job.credits_used if job else None,
        result,
    )


def _facts(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.step.name,
        "model": outcome.step.model,
        "job": outcome.job,
        "file": str(outcome.after) if outcome.after else None,
        "skipped": outcome.skipped,
        "failed": outcome.failed,
    }
