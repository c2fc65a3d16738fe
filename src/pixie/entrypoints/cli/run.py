"""`pixie run`: one job, from the order to the saved result."""

import asyncio
import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rich_click as click

from pixie.entrypoints.cli.board import Board, Line, make_board
from pixie.entrypoints.cli.client.answers import File, Job
from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.troubles import ClientTrouble, Refused
from pixie.entrypoints.cli.connection import Where, signed_in, where_options
from pixie.entrypoints.cli.following import credit, follow
from pixie.entrypoints.cli.kernel import Exit, guarded, print_json
from pixie.entrypoints.cli.order import Order, chosen, read_parameters, size
from pixie.entrypoints.cli.saving import Place, not_saved, odd_name, place_of
from pixie.entrypoints.cli.suggestions import suggest_models
from pixie.entrypoints.cli.terminal import examples, note

_PICTURE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_LAST_WORD: Final = 15.0
"""Seconds for telling the server that nobody wants the job any more."""

_EXAMPLES: Final = examples(
    'pixie run local/sketch --prompt "a lake at sunset" --seed 7 -o lake.png',
    """pixie run local/edit --image photo.jpg --parameters '{"operations": [{"op": "auto_enhance"}]}' -o better.jpg""",
    'pixie run local/sketch --prompt "hills in spring" --set scene=meadow --size 1024x640 -n 2 -o pictures/',
    'PIXIE_URL=https://pixie.example.com PIXIE_KEY=… pixie run local/sketch --prompt "a boat" --json',
)


class Interrupted(Exception):
    """Somebody pressed Ctrl-C; the server knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    job: Job
    files: Sequence[tuple[Path, File]]


@click.command(epilog=_EXAMPLES)
@click.argument("model", metavar="MODEL", shell_complete=suggest_models)
@click.option("--image", "images", multiple=True, type=_PICTURE, metavar="FILE", help="A picture; repeat for several.")
@click.option("--mask", type=_PICTURE, metavar="FILE", help="White where the picture may change.")
@click.option("--prompt", metavar="TEXT", help="What to make, in words.")
@click.option("--negative-prompt", metavar="TEXT", help="What to leave out.")
@click.option("--seed", type=click.IntRange(min=0), help="The same request with the same seed gives the same result.")
@click.option("--scale", type=int, metavar="N", help="How many times wider and higher.")
@click.option("--duration", "duration_seconds", type=float, metavar="SECONDS", help="Of a video.")
@click.option("--size", metavar="WxH", help="Pixels, e.g. 768x512.")
@click.option("--aspect-ratio", metavar="W:H", help="Instead of a size, e.g. 16:9.")
@click.option("--strength", type=float, metavar="0..1", help="How far the result may depart from the picture.")
@click.option("-n", "--count", "num_images", type=click.IntRange(min=1), help="How many pictures; each is charged.")
@click.option("--set", multiple=True, metavar="NAME=VALUE", help="One parameter of this model; repeatable.")
@click.option("--parameters", metavar="JSON", help="All parameters; @FILE reads them from a file, @- from stdin.")
@click.option("-o", "--out", metavar="OUT", help="A file, or a folder (with a slash at its end). Default: here.")
@click.option("--json", "as_json", is_flag=True, help="Print the job and its files as JSON, for scripts.")
@click.option(
    "--idempotency-key", metavar="TEXT", help="With the same key, the same order is carried out and paid once."
)
@where_options
def run(
    model: str,
    images: tuple[Path, ...],
    mask: Path | None,
    parameters: str | None,
    out: str | None,
    idempotency_key: str | None,
    *,
    as_json: bool,
    where: Where,
    **fields: Any,  # noqa: ANN401 - most of them go into the body as they are
) -> None:
    """Have a model do something: send pictures, wait, save the result.

    Progress goes to stderr; stdout gets the paths of the saved files, one a line. What is lost on the way is asked for
    again, and never paid twice. Ctrl-C cancels the job, and its credits come back. The exit code is 0 only when all is
    done and saved.

    Without --url and --key, the Pixie that runs on the data folder here is asked, as a user made for the shell.
    `pixie models show MODEL` tells what a model takes.
    """
    with guarded():
        width, height = size(fields.pop("size"))
        given = read_parameters(parameters), fields.pop("set")
        order = Order(
            model=model,
            images=images,
            mask=mask,
            fields={**fields, "width": width, "height": height},
            parameters=given[0],
            settings=given[1],
        )
        place = place_of(out, [*images, *([mask] if mask else [])])
        try:
            saved = asyncio.run(_run(where, order, place, idempotency_key or secrets.token_urlsafe(18)))
        except Interrupted:
            raise SystemExit(int(Exit.INTERRUPTED)) from None
        except KeyboardInterrupt:
            note("Stopped before anything was ordered.")
            raise SystemExit(int(Exit.INTERRUPTED)) from None
        _report(saved, as_json=as_json)
        if saved.job.status != "completed":
            raise SystemExit(int(Exit.FAILED))


async def _run(where: Where, order: Order, place: Place, once: str) -> Saved:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(signed_in(where))
        board = stack.enter_context(make_board())
        line = board.line(order.model)
        line.at(None, "asking")
        job = await _submitted(client, order, line, board, once)
        job = await _followed(client, job, line, board)
        return Saved(job=job, files=await _saved(client, job, place))


async def _submitted(client: PixieClient, order: Order, line: Line, board: Board, once: str) -> Job:
    model = chosen(order.model, await client.models())
    order.body(model, [], None)  # what is wrong in itself is not sent

    async def sent(path: Path, which: str) -> str:
        told = f"sending {path.name}"
        return (await client.upload(path, f"{once}-{which}", lambda percent: line.at(percent, told))).id

    images = [await sent(path, f"image-{number}") for number, path in enumerate(order.images)]
    mask = await sent(order.mask, "mask") if order.mask else None
    line.at(None, "ordering")
    ordering = asyncio.create_task(client.submit(model.model_type, order.body(model, images, mask), once))
    try:
        return await asyncio.shield(ordering)
    except Refused as refused:
        refused.advice = refused.advice.replace("NAME", model.name)
        raise
    except asyncio.CancelledError:
        async with asyncio.timeout(_LAST_WORD):
            job = await ordering  # it may be ordered already: then it must be cancelled
        await cancel(client, [job], board.say)
        raise Interrupted from None


async def _followed(client: PixieClient, job: Job, line: Line, board: Board) -> Job:
    try:
        return await follow(client, job, line)
    except asyncio.CancelledError:
        line.at(None, "cancelling")
        await cancel(client, [job], board.say)
        line.end("cancelled", good=False)
        raise Interrupted from None
    except ClientTrouble as trouble:
        board.say(f"Job {job.id} goes on without us. `pixie jobs watch {job.id}` follows it again.")
        raise trouble from None


async def cancel(client: PixieClient, jobs: Sequence[Job], say: Callable[[str], None]) -> None:
    """Ask the server to stop them, and say what came of it."""
    for job in jobs:
        try:
            async with asyncio.timeout(_LAST_WORD):
                now = await client.cancel(job.id)
        except (ClientTrouble, TimeoutError) as trouble:
            say(f"Job {job.id} could not be cancelled, and may go on: {str(trouble) or 'no answer'}")
            continue
        if now.status == "cancelled":
            say(f"Job {job.id} is cancelled; {credit(job.credits_reserved)} came back.")
        else:
            say(f"Job {job.id} was over already: {now.status}, {credit(now.credits_used)}.")


async def _saved(client: PixieClient, job: Job, place: Place) -> Sequence[tuple[Path, File]]:
    if job.status != "completed":
        return []
    outputs = (await client.result(job.id)).outputs
    files = list(zip(place.of(job, outputs), outputs, strict=True))
    for path, file in files:
        left = f"The job is done and paid. Its result can be fetched for an hour, without a key: {file.url}"
        try:
            await client.save(file, path)
        except OSError as error:
            trouble = not_saved(path, error)
            trouble.advice = left
            raise trouble from error
        except asyncio.CancelledError:
            note(left)
            raise Interrupted from None
    return files


def _report(saved: Saved, *, as_json: bool) -> None:
    for path, file in saved.files:
        if odd := odd_name(path, file):
            note(odd, "yellow")
    if as_json:
        files = [
            {"path": str(path), "mime_type": file.mime_type, "bytes": file.file_size} for path, file in saved.files
        ]
        print_json({"job": saved.job, "files": files})
        return
    if saved.files and (seed := saved.job.input.get("seed")) is not None:
        note(f"Seed {json.dumps(seed)} gives the same again.", "bright_black")
    for path, _ in saved.files:
        click.echo(path)
