from collections.abc import AsyncIterator

from pixie.entrypoints.cli.client.event_stream import ServerSentEvent, events_of


async def read(text: str) -> list[ServerSentEvent | None]:
    async def lines() -> AsyncIterator[str]:
        for line in text.split("\n"):
            yield line

    return [event async for event in events_of(lines())]


async def test_events_and_signs_of_life_are_told_apart() -> None:
    text = "retry: 1000\n\nid: 3\nevent: status\ndata: {}\n\n: still here\n\nid:4\nevent:completed\ndata:a\ndata: b\n\n"

    assert await read(text) == [
        ServerSentEvent("3", "status", "{}"),
        None,
        ServerSentEvent("4", "completed", "a\nb"),
    ]


async def test_an_event_that_is_cut_off_is_none() -> None:
    assert await read("id: 3\nevent: status\ndata: {}") == []
