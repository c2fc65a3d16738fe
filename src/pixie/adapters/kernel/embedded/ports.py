"""Ports for engines."""

import os
import socket

_LOWEST, _HIGHEST = 20_000, 32_000
"""Below the range from which systems take the ports of outgoing connections: a client that tries again and again to
reach a stopped engine there could otherwise be given the engine's own port, and keep the engine from coming back."""


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that has ended takes no port
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody has now; by chance, so that two who look at the same time do not meet."""
    span = _HIGHEST - _LOWEST
    start = int.from_bytes(os.urandom(4), "big") % span
    for offset in range(span):
        port = _LOWEST + (start + offset) % span
        if is_free(host, port):
            return port
    raise OSError(f"No port between {_LOWEST} and {_HIGHEST} is free on {host}.")
