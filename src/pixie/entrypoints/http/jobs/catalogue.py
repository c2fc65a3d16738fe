from datetime import date
from inspect import getdoc
from typing import Annotated

from dishka import FromDishka
from litestar import Controller, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.status_codes import HTTP_200_OK

from pixie.application.jobs.catalogue import ListModels
from pixie.application.jobs.model_views import ModelView
from pixie.application.jobs.read_jobs import ShowUsage
from pixie.application.jobs.views import UsageView
from pixie.application.kernel.caller import Caller
from pixie.domain.jobs.errors import UsageNotFound
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import UserId
from pixie.entrypoints.http.jobs.examples import MODELS, USAGE
from pixie.entrypoints.http.kernel.auth import signed_in
from pixie.entrypoints.http.kernel.openapi import answer, problems, signed_in_problems
from pixie.entrypoints.http.kernel.operations import SECURITY
from pixie.entrypoints.http.kernel.pagination import Listing
from pixie.entrypoints.http.kernel.shape_faults import NO_NULL


class CatalogueController(Controller):
    path = "/api/ai"
    tags = ("AI jobs",)

    @get(
        "/models",
        operation_id="listModels",
        summary="The models",
        description=getdoc(ListModels),
        responses={HTTP_200_OK: answer(MODELS, "All of them.", of=Listing[ModelView]), **problems()},
    )
    async def models(
        self,
        list_models: FromDishka[ListModels],
        model_type: FromQuery[JobType | None] = None,
        provider: Annotated[str | None, QueryParameter(max_length=50, pattern=NO_NULL)] = None,
        available: FromQuery[bool | None] = None,
    ) -> Listing[ModelView]:
        found = await list_models(model_type=model_type, provider=provider, available=available)
        return Listing(items=found, next_cursor=None)

    @get(
        "/usage/{user_id:uuid}",
        operation_id="getUsage",
        summary="What jobs used",
        description=getdoc(ShowUsage),
        guards=[signed_in],
        security=SECURITY,
        responses={HTTP_200_OK: answer(USAGE, "The totals."), **signed_in_problems(UsageNotFound)},
    )
    async def usage(
        self,
        user_id: FromPath[UserId],
        caller: FromDishka[Caller],
        show: FromDishka[ShowUsage],
        since: Annotated[date | None, QueryParameter(description="First day, UTC.")] = None,
        until: Annotated[date | None, QueryParameter(description="Last day, UTC.")] = None,
        model: Annotated[str | None, QueryParameter(max_length=100, pattern=NO_NULL)] = None,
        job_type: FromQuery[JobType | None] = None,
    ) -> UsageView:
        return await show(caller, user_id, since=since, until=until, model=model, job_type=job_type)
