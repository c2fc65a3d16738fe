"""Running the demo's jobs, all at once."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pixie.entrypoints.cli.board import Board, Line
from pixie.entrypoints.cli.client.answers import File, Job, JsonObject, Model
from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.troubles import ClientTrouble, Refused
from pixie.entrypoints.cli.demo.steps import STEPS, Step, obstacle, side_limit
from pixie.entrypoints.cli.demo.studio import Prepared, Studio
from pixie.entrypoints.cli.following import follow
from pixie.entrypoints.cli.run import Interrupted, cancel
from pixie.entrypoints.cli.saving import Place, not_saved

_SMALLER: Final = 0.7
_SMALLEST: Final = 200
"""Pixels of the longest side below which nothing is shrunk any more to please a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a step: a result, or why there is none."""

    step: Step
    job: Job | None = None
    before: Prepared | None = None
    after: Path | None = None
    mime_type: str = ""
    skipped: str | None = None
    failed: str | None = None


@dataclass(slots=True, kw_only=True)
class Show:
    client: PixieClient
    board: Board
    studio: Studio
    folder: Path
    region: JsonObject | None = None
    """Where the subject of the photo is, if that is known."""
    _sent: dict[Path, asyncio.Task[File]] = field(default_factory=dict)
    _running: list[Job] = field(default_factory=list)
    _run: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    async def all(self, steps: Sequence[Step] = STEPS) -> list[Outcome]:
        """The outcomes, in the order of the steps. Cancelled, it cancels the jobs."""
        models = {model.name: model for model in await self.client.models()}
        try:
            return list(await asyncio.gather(*(self._outcome(step, models) for step in steps)))
        except asyncio.CancelledError:
            await cancel(self.client, self._running, self.board.say)
            raise Interrupted from None

    async def _outcome(self, step: Step, models: dict[str, Model]) -> Outcome:
        if reason := obstacle(step, models):
            self.board.say(f"{step.title} is passed over: {reason}.")
            return Outcome(step=step, skipped=reason)
        line = self.board.line(step.title)
        try:
            job, before = await self._ordered(step, models[step.model], line)
            self._running.append(job)
            ended = await follow(self.client, job, line)
            self._running.remove(job)
            if ended.status != "completed":
                return Outcome(step=step, job=ended, before=before, failed=ended.error.message if ended.error else "")
            file, path = await self._saved(step, ended)
        except ClientTrouble as trouble:
            line.end(trouble.lines[0], good=False)
            return Outcome(step=step, failed="; ".join(words.strip() for words in trouble.lines))
        return Outcome(step=step, job=ended, before=before, after=path, mime_type=file.mime_type)

    async def _ordered(self, step: Step, model: Model, line: Line) -> tuple[Job, Prepared | None]:
        """Order it; where a picture is too large for the model, order it with a smaller one."""
        if step.subject is None:
            return await self._submitted(step, {}, line, ""), None
        side = side_limit(step, model, self.studio.size)
        while True:
            before = self.studio.prepared(step.subject, side)
            try:
                pictures = {"image_file_id": (await self._uploaded(before.path, line)).id}
                if step.masked:
                    mask = self.studio.mask(side)
                    pictures["mask_file_id"] = (await self._uploaded(mask.path, line)).id
                job = await self._submitted(step, pictures, line, str(side))
            except Refused as refused:
                if not _too_large(refused) or side <= _SMALLEST:
                    raise
                side = max(_SMALLEST, int(side * _SMALLER))
                self.board.say(f"{step.title}: too large for {step.model}; shrunk to {side} pixels.")
                continue
            if before.size != self.studio.size:
                self.board.say(f"{step.title}: shrunk to {before.size[0]} x {before.size[1]} for {step.model}.")
            return job, before

    async def _submitted(self, step: Step, pictures: JsonObject, line: Line, which: str) -> Job:
        line.at(None, "ordering")
        body = {"model": step.model, **step.body(self.region), **pictures}
        return await self.client.submit(step.job_type, body, f"{self._run}-{step.name}-{which}")

    async def _uploaded(self, path: Path, line: Line) -> File:
        """Each picture is sent once, however many jobs want it."""
        line.at(None, f"sending {path.name}")
        if path not in self._sent:
            self._sent[path] = asyncio.create_task(self.client.upload(path, f"{self._run}-{path.name}"))
        return await asyncio.shield(self._sent[path])

    async def _saved(self, step: Step, job: Job) -> tuple[File, Path]:
        outputs = (await self.client.result(job.id)).outputs
        file = outputs[0]
        (path,) = Place(self.folder, None).of(job, [file])
        path = path.with_name(f"{step.name}{path.suffix}")
        for older in self.folder.glob(f"{step.name}.*"):
            older.unlink()  # of a demo before, perhaps with another ending
        try:
            await self.client.save(file, path)
        except OSError as error:
            raise not_saved(path, error) from error
        return file, path


def _too_large(refused: Refused) -> bool:
    places = {field.pointer for field in refused.problem.errors}
    return refused.problem.code == "image_too_many_pixels" or (
        refused.problem.code == "invalid_parameters" and places == {"/image_file_id"}
    )
