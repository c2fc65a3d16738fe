"""Operations of the API's description that say more than Litestar can read from a handler."""

from dataclasses import dataclass

from litestar.openapi.spec import (
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)

SECURITY = [{"bearer": list[str]()}]
"""For routes behind sign-in."""
SECURITY_OR_TICKET = [*SECURITY, {"ticket": list[str]()}]
"""For routes that a stream ticket opens as well."""
SECURITY_OR_LINK = [*SECURITY, {"link_expires": list[str](), "link_signature": list[str]()}]
"""For routes that a signed link opens as well; it has two parts."""

SECURITY_SCHEMES: dict[str, SecurityScheme | Reference] = {
    "bearer": SecurityScheme(
        type="http", scheme="bearer", bearer_format="JWT", description="An access token; it lives 15 minutes."
    ),
    "ticket": SecurityScheme(
        type="apiKey",
        security_scheme_in="query",
        name="ticket",
        description="A ticket from POST /api/events/ticket, for a browser's EventSource, which can send no header.",
    ),
    "link_expires": SecurityScheme(
        type="apiKey",
        security_scheme_in="query",
        name="expires",
        description="The end of a signed link, in seconds since 1970. It comes with the link's `signature`.",
    ),
    "link_signature": SecurityScheme(
        type="apiKey",
        security_scheme_in="query",
        name="signature",
        description="The signature of a signed link: of a file's `url`, or one from GET /api/files/{file_id}/url.",
    ),
}

IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    param_in="header",
    description="Your name for this attempt. The same request with it gets the first answer again, for 24 hours.",
    required=False,
    schema=Schema(
        type=OpenAPIType.STRING, pattern="^[!-~]+$", min_length=1, max_length=255, examples=["0d4e1c9a-order-17"]
    ),
)


@dataclass
class IdempotentOperation(Operation):
    """A POST that creates or charges."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), IDEMPOTENCY_KEY]


@dataclass
class BodilessOperation(Operation):
    """A request that may come without a body; Litestar asks for one wherever one is taken."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody):
            self.request_body.required = False
