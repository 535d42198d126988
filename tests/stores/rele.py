"""A relay in front of PostgreSQL's socket that counts what the product sends."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

_BLOCO = 1 << 16


@dataclass(slots=True)
class Rele:
    """A relay at work; `url` is the same database through it."""

    url: str
    enviados: int = 0
    """Bytes that clients sent. Counted before they are passed on: whoever got an answer finds its question counted."""


@contextmanager
def relay(url: str) -> Iterator[Rele]:
    """Every connection to the result's address goes on to `url`, a server on a socket of this machine."""
    servidor = conninfo_to_dict(url)
    with tempfile.TemporaryDirectory(prefix="rele-") as pasta, socket.socket(socket.AF_UNIX) as porta:
        nome = f".s.PGSQL.{servidor.get('port') or 5432}"
        porta.bind(str(Path(pasta) / nome))
        porta.listen()
        usuario, banco = servidor["user"], servidor["dbname"]
        rele = Rele(f"postgresql://{usuario}@/{banco}?host={pasta}&port={nome.rsplit('.', 1)[1]}")
        destino = str(Path(str(servidor["host"])) / nome)
        fio = threading.Thread(target=_accept, args=(porta, destino, rele), daemon=True)
        fio.start()
        try:
            yield rele
        finally:
            porta.shutdown(socket.SHUT_RDWR)
            fio.join()


def _accept(porta: socket.socket, destino: str, rele: Rele) -> None:
    conversas: list[threading.Thread] = []
    with suppress(OSError):
        while True:
            cliente, _ = porta.accept()
            conversas.append(threading.Thread(target=_talk, args=(cliente, destino, rele), daemon=True))
            conversas[-1].start()
    for conversa in conversas:  # their clients have closed by now
        conversa.join()


def _talk(cliente: socket.socket, destino: str, rele: Rele) -> None:
    with cliente, socket.socket(socket.AF_UNIX) as servidor:
        servidor.connect(destino)
        volta = threading.Thread(target=_pass_on, args=(servidor, cliente, None), daemon=True)
        volta.start()
        _pass_on(cliente, servidor, rele)
        volta.join()


def _pass_on(de: socket.socket, para: socket.socket, rele: Rele | None) -> None:
    with suppress(OSError):
        while bloco := de.recv(_BLOCO):
            if rele is not None:
                rele.enviados += len(bloco)
            para.sendall(bloco)
        para.shutdown(socket.SHUT_WR)
