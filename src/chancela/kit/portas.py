"""Free TCP ports of this machine, for demos and tests that start servers."""

import socket


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago."""
    with socket.socket() as ouvinte:
        ouvinte.bind(("127.0.0.1", 0))
        return ouvinte.getsockname()[1]
