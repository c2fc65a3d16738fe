from inspect import getdoc

from dishka import FromDishka
from litestar import Controller, Response, get
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from pixie.application.kernel.health import CheckHealth, DependencyView, HealthView
from pixie.entrypoints.http.kernel.openapi import answer

LIVE = {"status": "ok"}


def _seen(name: str, reason: str | None = None, *, essential: bool = True) -> DependencyView:
    return DependencyView(
        name=name, ok=reason is None, essential=essential, latency_ms=1.2 if reason is None else 2000.0, reason=reason
    )


READY = HealthView(
    status="ok", dependencies=[_seen("postgres"), _seen("redis", essential=False), _seen("storage", essential=False)]
)
DOWN = HealthView(
    status="down",
    dependencies=[
        _seen("postgres", "no answer within 2 s"),
        _seen("redis", essential=False),
        _seen("storage", essential=False),
    ],
)


class HealthController(Controller):
    path = "/health"
    tags = ("Operations",)

    @get(
        "/live",
        operation_id="live",
        summary="Whether this process answers",
        media_type="application/json",
        responses={HTTP_200_OK: answer(LIVE, "It does.", of=dict[str, str])},
    )
    async def live(self) -> dict[str, str]:
        """Says nothing of its dependencies: a process is not to be killed because a database is away."""
        return LIVE

    @get(
        "/ready",
        operation_id="ready",
        summary="Whether this process can do its work",
        description=getdoc(CheckHealth),
        responses={
            HTTP_200_OK: answer(READY, "It can."),
            HTTP_503_SERVICE_UNAVAILABLE: answer(DOWN, "An essential dependency is down."),
        },
    )
    async def ready(self, check: FromDishka[CheckHealth]) -> Response[HealthView]:
        view = await check()
        return Response(view, status_code=503 if view.status == "down" else 200)
