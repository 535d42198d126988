"""A webhook address that keeps what arrives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Recebidas = list[tuple[dict[str, str], bytes]]
"""Headers in lower case, and body, in the order of their arrival."""


@contextmanager
def receiver(answer: Callable[[int], int] = lambda _: 204) -> Iterator[tuple[str, Recebidas]]:
    """Serve until left; `answer` gives the status of the n-th arrival."""
    recebidas: Recebidas = []

    class Receptor(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            corpo = self.rfile.read(int(self.headers["Content-Length"]))
            recebidas.append(({k.lower(): v for k, v in self.headers.items()}, corpo))
            self.send_response(answer(len(recebidas)))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Receptor)
    fio = Thread(target=servidor.serve_forever, daemon=True)
    fio.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}/", recebidas
    finally:
        servidor.shutdown()
        servidor.server_close()
        fio.join()
