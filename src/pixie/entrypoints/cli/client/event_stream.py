"""Reading server-sent events (WHATWG HTML, section 9.2.6)."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    id: str
    name: str
    data: str


async def events_of(lines: AsyncIterator[str]) -> AsyncGenerator[ServerSentEvent | None]:
    """The events of a stream, and None for each sign of life. One that is cut off in the middle is no event."""
    last_id, name, data = "", "message", list[str]()
    async for line in lines:
        if not line:
            if data:
                yield ServerSentEvent(last_id, name, "\n".join(data))
            name, data = "message", []
            continue
        if line.startswith(":"):
            yield None
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "id":
                last_id = value
            case "event":
                name = value
            case "data":
                data.append(value)
