"""Addresses of this API as its clients reach it."""

from typing import Any

from litestar import Request

PUBLIC_URL = "public_url"
"""The app state's name for the origin that clients use; without one, it is that of each request."""


def origin(request: Request[Any, Any, Any]) -> str:
    """Empty when the request names no host that can be read, or was refused before it reached the app for that reason:
    addresses are then relative.
    """
    try:
        return str(request.app.state.get(PUBLIC_URL) or request.base_url).rstrip("/")
    except (KeyError, ValueError):
        return ""


def absolute(request: Request[Any, Any, Any], path: str) -> str:
    return f"{origin(request)}{path}"
