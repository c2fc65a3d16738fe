"""Server-sent events (WHATWG HTML, section 9.2)."""

from collections.abc import AsyncIterator
from inspect import getdoc
from typing import Annotated

import msgspec
from dishka import FromDishka
from litestar import Controller, Response, get, post
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from pixie.application.accounts.api import IssueStreamTicket, StreamTicketView
from pixie.application.jobs.views import JobView
from pixie.application.jobs.watch_job import WatchJob
from pixie.application.kernel.caller import Caller
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.jobs.job import JobStatus
from pixie.domain.kernel.ids import JobId
from pixie.entrypoints.http.jobs.examples import EVENT, TICKET
from pixie.entrypoints.http.kernel.auth import TAKES_TICKET, signed_in
from pixie.entrypoints.http.kernel.openapi import answer, nothing, signed_in_problems
from pixie.entrypoints.http.kernel.operations import SECURITY, SECURITY_OR_TICKET

EVENT_STREAM = "text/event-stream"
RECONNECT = b"retry: 1000\n\n"
KEEP_ALIVE = b": still here\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Ticket = Annotated[
    str | None,
    QueryParameter(include_in_schema=False),  # described as a security scheme
]
LastEventId = Annotated[
    int,
    HeaderParameter(name="Last-Event-ID", ge=0, le=2**31 - 1, description="Go on after this event."),
]


class EventsController(Controller):
    path = "/api"
    tags = ("Events",)
    guards = (signed_in,)

    @post(
        "/events/ticket",
        operation_id="issueStreamTicket",
        summary="A ticket for an event stream",
        description=getdoc(IssueStreamTicket),
        status_code=HTTP_200_OK,
        security=SECURITY,
        responses={HTTP_200_OK: answer(TICKET, "The ticket."), **signed_in_problems()},
    )
    async def ticket(self, caller: FromDishka[Caller], issue: FromDishka[IssueStreamTicket]) -> StreamTicketView:
        return await issue(caller)

    @get(
        "/ai/jobs/{job_id:uuid}/events",
        operation_id="watchJob",
        summary="Follow a job",
        description=getdoc(WatchJob),
        media_type=EVENT_STREAM,
        responses={
            HTTP_200_OK: answer(EVENT, "Its states as they come, each an event.", media_type=EVENT_STREAM),
            **nothing("The job is over, and its end was seen."),
            **signed_in_problems(JobNotFound),
        },
        opt={TAKES_TICKET: True},
        security=SECURITY_OR_TICKET,
    )
    async def events(
        self,
        job_id: FromPath[JobId],
        caller: FromDishka[Caller],
        watch: FromDishka[WatchJob],
        last_event_id: LastEventId = 0,
        ticket: Ticket = None,
    ) -> Response[None] | Stream:
        del ticket  # read where the caller is found
        if await watch.over(caller, job_id, last_event_id):
            return Response(None, status_code=HTTP_204_NO_CONTENT)
        return Stream(_encoded(watch(caller, job_id, last_event_id)), media_type=EVENT_STREAM, headers=HEADERS)


async def _encoded(states: AsyncIterator[JobView | None]) -> AsyncIterator[bytes]:
    yield RECONNECT
    async for state in states:
        yield KEEP_ALIVE if state is None else event_of(state)


def event_of(view: JobView) -> bytes:
    """One event: its name tells what changed, its id is the job's version."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (view.version, _name(view).encode(), msgspec.json.encode(view))


def _name(view: JobView) -> str:
    if view.status.final:
        return view.status
    return "progress" if view.status is JobStatus.PROCESSING and view.progress > 0 else "status"
