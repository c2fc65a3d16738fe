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
