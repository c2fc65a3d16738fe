from typing import Any

import msgspec
from dishka.integrations.litestar import DishkaRouter
from litestar import Litestar

from pixie.entrypoints.http.accounts.controller import AccountController, SignInController
from pixie.entrypoints.http.kernel.docs import openapi_config


def description() -> dict[str, Any]:
    router = DishkaRouter("", route_handlers=[SignInController, AccountController])
    app = Litestar(route_handlers=[router], openapi_config=openapi_config("test"), logging_config=None)
    return app.openapi_schema.to_schema()


def test_every_route_has_a_name_a_summary_and_the_policy_of_its_use_case() -> None:
    operations = [operation for path in description()["paths"].values() for operation in path.values()]

    assert {operation["operationId"] for operation in operations} == {
        "register",
        "login",
        "refresh",
        "logout",
        "getMe",
        "listSessions",
        "endSession",
    }
    assert all(operation["summary"] and operation["description"] for operation in operations)


def test_registration_is_described_with_examples_and_everything_that_may_go_wrong() -> None:
    register = description()["paths"]["/api/auth/register"]["post"]

    assert set(register["responses"]) == {"201", "400", "409", "413", "422", "429", "503"}
    example = register["responses"]["201"]["content"]["application/json"]["examples"]["answer"]["value"]
    assert msgspec.json.decode(example)["user"]["credits"] == {"available": 100, "held": 0}
    assert "8 to 256 characters" in register["description"]
