from typing import Annotated, Any

from dishka import FromDishka
from litestar import Controller, Request, route
from litestar.params import QueryParameter
from litestar.response.base import ASGIResponse

from pixie.application.jobs.catalogue import ListModels
from pixie.application.jobs.model_views import ModelView
from pixie.application.kernel.health import CheckHealth, HealthView
from pixie.application.kernel.ports import Links
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.http.kernel.fixed import FRESHLY, READ, answer_page
from pixie.entrypoints.http.kernel.preferences import preferred_locale
from pixie.entrypoints.web.index import Index

Language = Annotated[Locale | None, QueryParameter(description="Rather than what `Accept-Language` says.")]


class IndexController(Controller):
    """The first page somebody sees who opens Pixie in a browser."""

    include_in_schema = False

    @route("/", http_method=READ)
    async def index(
        self,
        request: Request[Any, Any, Any],
        check: FromDishka[CheckHealth],
        list_models: FromDishka[ListModels],
        links: FromDishka[Links],
        lang: Language = None,
    ) -> ASGIResponse:
        health = await check()
        page = Index(
            locale=lang or preferred_locale(request.headers.get("accept-language")),
            address=links.absolute(""),
            health=health,
            models=await _models(list_models, health),
        ).page()
        return answer_page(request, page, {**FRESHLY, "Vary": "Accept-Language"})


async def _models(list_models: ListModels, health: HealthView) -> list[ModelView] | None:
    """None when they can't be read: the page is there all the same, and says so."""
    if health.status == "down":
        return None
    try:
        return await list_models()
    except PixieError:
        return None
