"""Operations of the API's description that say more than Litestar can read from a handler."""

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIType, Operation, Parameter, RequestBody, Schema

SECURITY = [{"bearer": list[str]()}]
"""For routes behind sign-in."""
SECURITY_OR_LINK = [*SECURITY, {}]
"""For routes that a signed link or a ticket opens as well."""

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
