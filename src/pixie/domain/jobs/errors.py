from datetime import timedelta

from pixie.domain.kernel.errors import ErrorKind, PixieError


class ProviderRefused(PixieError):
    """The provider will never do this request: the input is at fault, or its content."""

    kind = ErrorKind.INVALID
    code = "provider_refused"
    title = "Refused by the provider"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class ContentRejected(ProviderRefused):
    code = "content_rejected"
    title = "Content rejected"


class ProviderThrottled(PixieError):
    kind = ErrorKind.THROTTLED
    code = "provider_throttled"
    title = "Provider busy"

    def __init__(self, provider: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{provider} has too many requests right now.", retry_after=retry_after)


class ProviderDown(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "provider_unavailable"
    title = "Provider unavailable"

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(f"{provider} does not answer: {reason}")


class ProviderMisconfigured(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "provider_misconfigured"
    title = "Provider not set up"

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(f"{provider} is not set up rightly: {reason}")


class JobNotFound(PixieError):
    kind = ErrorKind.MISSING
    code = "job_not_found"
    title = "Job not found"

    def __init__(self) -> None:
        super().__init__("There is no such job, or it is not yours.")


class UsageNotFound(PixieError):
    """What someone else used is not to be seen, nor whether they used anything."""

    kind = ErrorKind.MISSING
    code = "usage_not_found"
    title = "Usage not found"

    def __init__(self) -> None:
        super().__init__("There is no usage of this user that you may see.")


class JobOver(PixieError):
    kind = ErrorKind.CONFLICT
    code = "job_over"
    title = "Job is over"

    def __init__(self, job_id: object, status: str) -> None:
        super().__init__(f"Job {job_id} is {status}; nothing more happens to it.")


class JobNotOver(PixieError):
    kind = ErrorKind.CONFLICT
    code = "job_not_finished"
    title = "Job not finished"

    def __init__(self, job_id: object) -> None:
        super().__init__(f"Job {job_id} is not finished yet.")


class JobNotDue(PixieError):
    """Another worker holds the job, or its time has not come."""

    kind = ErrorKind.CONFLICT
    code = "job_not_due"
    title = "Job not due"

    def __init__(self, job_id: object) -> None:
        super().__init__(f"Job {job_id} is not due.")


class LeaseLost(PixieError):
    """Another worker has taken the job over; this one may not write."""

    kind = ErrorKind.CONFLICT
    code = "lease_lost"
    title = "Lease lost"

    def __init__(self, job_id: object) -> None:
        super().__init__(f"Job {job_id} was taken over by another worker.")


class ModelNotFound(PixieError):
    kind = ErrorKind.MISSING
    code = "model_not_found"
    title = "Model not found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name!r}. GET /api/ai/models lists what there is.")


class ModelUnavailable(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "model_unavailable"
    title = "Model unavailable"

    def __init__(self, name: str) -> None:
        super().__init__(f"The model {name!r} is switched off at the moment.", retry_after=timedelta(minutes=5))


class InvalidParameters(PixieError):
    """The request does not fit the model's card."""

    kind = ErrorKind.INVALID
    code = "invalid_parameters"
    title = "Invalid parameters"

    def __init__(self, found: "list[tuple[str, str]]") -> None:
        super().__init__("; ".join(f"{where or 'the request'}: {what}" for where, what in found))
        self.fields = found


class InvalidResult(PixieError):
    """The provider answered with something that is no usable picture."""

    kind = ErrorKind.INVALID
    code = "invalid_result"
    title = "Invalid result"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class ProjectNotFound(PixieError):
    kind = ErrorKind.MISSING
    code = "project_not_found"
    title = "Project not found"

    def __init__(self) -> None:
        super().__init__("There is no such project, or it is not yours.")
