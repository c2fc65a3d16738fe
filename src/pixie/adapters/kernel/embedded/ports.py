"""Ports for engines."""

import os
import socket

_LOWEST, _HIGHEST = 20_000, 32_000
"""Below the range from which systems take the ports of outgoing connections: a client that tries again and again to
reach a stopped engine there could otherwise be given the engine's own port, and keep the engine from coming back."""


def obstacle_to_listening(host: str, port: int) -> str | None:
    """Why nobody could listen there now; None when one could."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that has ended takes no port
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return None


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody has now; by chance, so that two who look at the same time do not meet."""
    span = _HIGHEST - _LOWEST
    start = int.from_bytes(os.urandom(4), "big") % span
    for offset in range(span):
        port = _LOWEST + (start + offset) % span
        if obstacle_to_listening(host, port) is None:
            return port
    raise OSError(f"No port between {_LOWEST} and {_HIGHEST} is free on {host}.")
