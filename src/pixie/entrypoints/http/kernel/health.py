from inspect import getdoc

from dishka import FromDishka
from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec

from pixie.application.kernel.health import CheckHealth, HealthView


class HealthController(Controller):
    path = "/health"
    tags = ("Operations",)

    @get("/live", operation_id="live", summary="Whether this process answers", media_type="application/json")
    async def live(self) -> dict[str, str]:
        """Says nothing of its dependencies: a process is not to be killed because a database is away."""
        return {"status": "ok"}

    @get(
        "/ready",
        operation_id="ready",
        summary="Whether this process can do its work",
        description=getdoc(CheckHealth),
        responses={503: ResponseSpec(data_container=HealthView, description="An essential dependency is down.")},
    )
    async def ready(self, check: FromDishka[CheckHealth]) -> Response[HealthView]:
        view = await check()
        return Response(view, status_code=503 if view.status == "down" else 200)
