"""What a request may tell the provider `scripted` to do: the parameters of its models."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from pixie.domain.kernel.json import JsonObject

Trouble: TypeAlias = Literal["refused", "rejected", "throttled", "down", "misconfigured", "unexpected"]
OutputKind: TypeAlias = Literal["png", "mp4", "html", "truncated", "empty", "huge_header", "private_url", "none"]


class Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    mode: Annotated[
        Literal["direct", "ticket"],
        Meta(
            description="`direct`: the call takes as long as the work; `ticket`: it returns at once, to be asked later."
        ),
    ] = "direct"
    delay_ms: Annotated[int, Meta(ge=0, le=3_600_000, description="How long the work takes.")] = 0
    progress: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=100)], ...],
        Meta(max_length=100, description="What is reported, evenly spread over the delay."),
    ] = ()
    look_after_ms: Annotated[int, Meta(ge=0, le=60_000, description="When to ask for a ticket again.")] = 1_000
    error: Annotated[Trouble, Meta(description="How it ends instead of well.")] | None = None
    error_at: Annotated[Literal["submit", "poll"], Meta(description="`poll` is for tickets.")] = "submit"
    fail_attempts: (
        Annotated[int, Meta(ge=1, le=100, description="Fail (or crash) in so many attempts only; else in each.")] | None
    ) = None
    retry_after_ms: Annotated[int, Meta(ge=0, le=600_000, description="Told along with `throttled`.")] | None = None
    hang: Annotated[bool, Meta(description="Never answer.")] = False
    crash: Annotated[bool, Meta(description="Kill the process that works on it, as a poison job does.")] = False
    output: (
        Annotated[OutputKind, Meta(description="What comes out; else what the model is for. Most of them are no good.")]
        | None
    ) = None
    outputs: Annotated[int, Meta(ge=0, le=20, description="How many; else as many as asked for.")] | None = None

    def fails(self, attempt: int) -> bool:
        return self.fail_attempts is None or attempt <= self.fail_attempts


def script_schema() -> JsonObject:
    _, definitions = msgspec.json.schema_components([Script])
    schema: JsonObject = definitions[Script.__name__]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
