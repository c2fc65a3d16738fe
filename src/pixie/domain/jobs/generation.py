"""The words in which Pixie and a provider talk: a request, a ticket for it, and what came of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pixie.domain.jobs.job_input import JobInput
from pixie.domain.kernel.ids import JobId
from pixie.domain.kernel.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A picture that the request works on: a local copy, already inspected, that lives as long as the call."""

    path: Path
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSize:
    """Pixels of a picture as it is looked at, upright."""

    width: int
    height: int

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRequest:
    """A request that was not accepted yet: what was asked for, and the sizes of its pictures. Nothing was opened."""

    model: str
    input: JobInput
    image: PictureSize | None = None
    mask: PictureSize | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest:
    """One call to a provider.

    `idempotency_key` is the same in every attempt of one job. `attempt` counts from 1. `workdir` is an empty folder for
    the provider's own files, removed after the call. `aspect_ratio`, such as `16:9`, comes instead of width and height.
    """

    job_id: JobId
    idempotency_key: str
    attempt: int
    model: str
    workdir: Path
    prompt: str | None = None
    negative_prompt: str | None = None
    image: InputFile | None = None
    mask: InputFile | None = None
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    num_images: int = 1
    seed: int | None = None
    strength: float | None = None
    scale: int | None = None
    duration_seconds: float | None = None
    parameters: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The provider's name for a running request: enough to find it again from any process."""

    value: str
    look_after: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """A result that the provider wrote into the workdir."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputUrl:
    """A result to be fetched, through the guard for outside requests."""

    url: str


Output = OutputFile | OutputUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Finished. Nothing in `outputs` is trusted before it was inspected."""

    outputs: tuple[Output, ...]
    facts: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Not finished: look again after `look_after`. Looking is not an attempt."""

    progress: int | None = None
    look_after: timedelta = timedelta(seconds=1)
