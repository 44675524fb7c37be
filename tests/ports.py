"""Ports for the servers that tests start."""

import contextlib
import random
import socket


def free_port() -> int:
    """Return a port below those the system hands out to clients, so that nothing takes it before we do."""
    for port in random.sample(range(20_000, 32_000), 50):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No free port found.")
