from inspect import getdoc
from typing import Annotated

from dishka import FromDishka
from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_304_NOT_MODIFIED

from pixie.application.jobs.cancel_job import CancelJob, PurgeJob
from pixie.application.jobs.catalogue import EstimateJob
from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.read_jobs import ListJobs, ShowJob, ShowJobResult
from pixie.application.jobs.submit_job import SubmitJob
from pixie.application.jobs.views import EstimateView, JobResult, JobView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from pixie.application.kernel.page import DEFAULT_LIMIT
from pixie.domain.credits.errors import InsufficientCredits
from pixie.domain.files.errors import FileNotFound
from pixie.domain.jobs.errors import (
    InvalidParameters,
    JobNotFound,
    JobNotOver,
    ModelNotFound,
    ModelUnavailable,
    ProjectNotFound,
)
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import JobId, ProjectId
from pixie.entrypoints.http.jobs.examples import CANCELLED, ESTIMATE, JOBS, PENDING, PROCESSING, RESULT
from pixie.entrypoints.http.jobs.schemas import (
    EditImageBody,
    EstimateBody,
    GenerateImageBody,
    GenerateVideoBody,
    UpscaleImageBody,
)
from pixie.entrypoints.http.kernel.auth import signed_in
from pixie.entrypoints.http.kernel.conditional import NOT_MODIFIED, conditional
from pixie.entrypoints.http.kernel.idempotency import RequestIdempotency
from pixie.entrypoints.http.kernel.location import OPT, AnyRequest, located
from pixie.entrypoints.http.kernel.openapi import answer, nothing, signed_in_problems
from pixie.entrypoints.http.kernel.operations import SECURITY, IdempotentOperation
from pixie.entrypoints.http.kernel.pagination import Cursor, Limit, Listing, listing, page_request
from pixie.entrypoints.http.kernel.shape_faults import NO_NULL

JOB = "/api/ai/jobs/{id}/status"
SUBMIT_ANSWERS = {
    HTTP_202_ACCEPTED: answer(PENDING, "The job is accepted; `Location` leads to it."),
    **signed_in_problems(
        InsufficientCredits,
        ModelNotFound,
        FileNotFound,
        ProjectNotFound,
        IdempotencyKeyInUse,
        InvalidParameters,
        IdempotencyKeyReused,
        ModelUnavailable,
    ),
}
WaitSeconds = Annotated[
    float,
    QueryParameter(ge=0, le=60, description="Answer when the job is over, or after so many seconds."),
]


Purge = Annotated[bool, QueryParameter(description="Remove the record of a job that is over: 204.")]


class SubmitController(Controller):
    path = "/api/ai"
    tags = ("AI jobs",)
    guards = (signed_in,)
    security = SECURITY

    @post(
        "/image/generate",
        operation_id="generateImage",
        summary="Make pictures from a prompt",
        description=getdoc(SubmitJob),
        status_code=HTTP_202_ACCEPTED,
        responses=SUBMIT_ANSWERS,
        opt={OPT: JOB},
        operation_class=IdempotentOperation,
    )
    async def generate_image(
        self,
        request: AnyRequest,
        data: JSONBody[GenerateImageBody],
        caller: FromDishka[Caller],
        keys: FromDishka[RequestIdempotency],
        submit: FromDishka[SubmitJob],
    ) -> Response[JobView]:
        view = await submit(data.to_command(caller, JobType.IMAGE_GENERATION, await keys.key(caller)))
        return located(request, view)

    @post(
        "/image/edit",
        operation_id="editImage",
        summary="Change a picture",
        description=getdoc(SubmitJob),
        status_code=HTTP_202_ACCEPTED,
        responses=SUBMIT_ANSWERS,
        opt={OPT: JOB},
        operation_class=IdempotentOperation,
    )
    async def edit_image(
        self,
        request: AnyRequest,
        data: JSONBody[EditImageBody],
        caller: FromDishka[Caller],
        keys: FromDishka[RequestIdempotency],
        submit: FromDishka[SubmitJob],
    ) -> Response[JobView]:
        view = await submit(data.to_command(caller, JobType.IMAGE_EDIT, await keys.key(caller)))
        return located(request, view)

    @post(
        "/image/upscale",
        operation_id="upscaleImage",
        summary="Make a picture larger",
        description=getdoc(SubmitJob),
        status_code=HTTP_202_ACCEPTED,
        responses=SUBMIT_ANSWERS,
        opt={OPT: JOB},
        operation_class=IdempotentOperation,
    )
    async def upscale_image(
        self,
        request: AnyRequest,
        data: JSONBody[UpscaleImageBody],
        caller: FromDishka[Caller],
        keys: FromDishka[RequestIdempotency],
        submit: FromDishka[SubmitJob],
    ) -> Response[JobView]:
        view = await submit(data.to_command(caller, JobType.IMAGE_UPSCALE, await keys.key(caller)))
        return located(request, view)

    @post(
        "/video/generate",
        operation_id="generateVideo",
        summary="Make a video",
        description=getdoc(SubmitJob),
        status_code=HTTP_202_ACCEPTED,
        responses=SUBMIT_ANSWERS,
        opt={OPT: JOB},
        operation_class=IdempotentOperation,
    )
    async def generate_video(
        self,
        request: AnyRequest,
        data: JSONBody[GenerateVideoBody],
        caller: FromDishka[Caller],
        keys: FromDishka[RequestIdempotency],
        submit: FromDishka[SubmitJob],
    ) -> Response[JobView]:
        view = await submit(data.to_command(caller, JobType.VIDEO_GENERATION, await keys.key(caller)))
        return located(request, view)

    @post(
        "/estimate",
        operation_id="estimateJob",
        summary="What a request would cost",
        description=getdoc(EstimateJob),
        status_code=HTTP_200_OK,
        responses={
            HTTP_200_OK: answer(ESTIMATE, "What it would cost at most."),
            **signed_in_problems(ModelNotFound, FileNotFound, InvalidParameters, ModelUnavailable),
        },
    )
    async def estimate(
        self, data: JSONBody[EstimateBody], caller: FromDishka[Caller], estimate: FromDishka[EstimateJob]
    ) -> EstimateView:
        return await estimate(caller, data.job_type, data.model, data.to_input())


class JobsController(Controller):
    path = "/api/ai/jobs"
    tags = ("AI jobs",)
    guards = (signed_in,)
    security = SECURITY

    @get(
        operation_id="listJobs",
        summary="My jobs",
        description=getdoc(ListJobs),
        responses={HTTP_200_OK: answer(JOBS, "One page of them.", of=Listing[JobView]), **signed_in_problems()},
    )
    async def list_jobs(
        self,
        caller: FromDishka[Caller],
        list_jobs: FromDishka[ListJobs],
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        status: FromQuery[JobStatus | None] = None,
        job_type: FromQuery[JobType | None] = None,
        model: Annotated[str | None, QueryParameter(max_length=100, pattern=NO_NULL)] = None,
        project_id: FromQuery[ProjectId | None] = None,
        q: Annotated[
            str | None, QueryParameter(max_length=200, pattern=NO_NULL, description="Words of the prompt.")
        ] = None,
    ) -> Listing[JobView]:
        wanted = JobFilter(status=status, job_type=job_type, model=model, project_id=project_id, text=q)
        return listing(await list_jobs(caller, wanted, page_request(limit, cursor)))

    @get(
        "/{job_id:uuid}/status",
        operation_id="getJob",
        summary="How a job gets on",
        description=getdoc(ShowJob),
        responses={
            HTTP_200_OK: answer(PROCESSING, "The job."),
            HTTP_304_NOT_MODIFIED: NOT_MODIFIED,
            **signed_in_problems(JobNotFound),
        },
    )
    async def status(
        self,
        request: AnyRequest,
        job_id: FromPath[JobId],
        caller: FromDishka[Caller],
        show: FromDishka[ShowJob],
        wait: WaitSeconds = 0,
    ) -> Response[JobView]:
        return conditional(request, await show(caller, job_id, wait))

    @get(
        "/{job_id:uuid}/result",
        operation_id="getJobResult",
        summary="What a job made",
        description=getdoc(ShowJobResult),
        responses={
            HTTP_200_OK: answer(RESULT, "The job, and the files that it made."),
            HTTP_304_NOT_MODIFIED: NOT_MODIFIED,
            **signed_in_problems(JobNotFound, JobNotOver),
        },
    )
    async def result(
        self,
        request: AnyRequest,
        job_id: FromPath[JobId],
        caller: FromDishka[Caller],
        show: FromDishka[ShowJobResult],
    ) -> Response[JobResult]:
        return conditional(request, await show(caller, job_id))

    @delete(
        "/{job_id:uuid}",
        operation_id="cancelJob",
        summary="Cancel a job, or remove its record",
        description=f"{getdoc(CancelJob)}\n\nWith `purge`: {getdoc(PurgeJob)}",
        status_code=HTTP_200_OK,
        responses={
            HTTP_200_OK: answer(CANCELLED, "The job, as it ended."),
            **nothing("The record is gone."),
            **signed_in_problems(JobNotFound, JobNotOver),
        },
    )
    async def cancel(
        self,
        job_id: FromPath[JobId],
        caller: FromDishka[Caller],
        cancel: FromDishka[CancelJob],
        remove: FromDishka[PurgeJob],
        *,
        purge: Purge = False,
    ) -> Response[JobView | None]:
        if purge:
            await remove(caller, job_id)
            return Response(None, status_code=204)
        return Response(await cancel(caller, job_id))
