"""Signing in, for schemathesis, which imports this into a process of its own."""

import os
from typing import Any

import httpx
import schemathesis

from tests.support.journey_person import PASSWORD

EMAIL = "FUZZ_EMAIL"
"""The environment's name for who signs in."""

ENDS_SESSIONS = ["/api/auth/logout", "/api/auth/sessions/{session_id}"]


class Session:
    def get(self, case: "schemathesis.Case[Any]", ctx: schemathesis.AuthContext) -> str:
        del case
        body = {"email": os.environ[EMAIL], "password": PASSWORD}
        address = f"{ctx.operation.schema.get_base_url().rstrip('/')}/api/auth/login"
        return str(httpx.post(address, json=body, timeout=20).raise_for_status().json()["access_token"])

    def set(self, case: "schemathesis.Case[Any]", data: str, ctx: schemathesis.AuthContext) -> None:
        del ctx
        case.headers["Authorization"] = f"Bearer {data}"


# What ends sessions gets one of its own each time; all others share one.
schemathesis.auth(refresh_interval=None).apply_to(path=ENDS_SESSIONS)(Session)
schemathesis.auth(refresh_interval=600).skip_for(path=ENDS_SESSIONS)(Session)
