"""Requests that no client library sends, byte by byte, and how their answers are read and judged.

Each is sent on a connection of its own, which is closed for sending afterwards: what waits for more finds its end.
"""

import contextlib
import json
import re
import select
import socket
import ssl
from collections.abc import Iterator

_JSON = b"Content-Type: application/json;charset=utf-8\r\n"
_CAMINHOS = (
    "//api/invoice/create", "/api//invoice/create", "/api/./invoice/create", "/api/../api/invoice/create", "/api/invoice/create/",
    "/api/%2e%2e/%2e%2e/etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/api/invoice%2fcreate", "/api/invoice%2Fcreate%00",
    "/api/invoice/create%00.json", "/api/invoice/create;a=b", "/API/INVOICE/CREATE", "/api/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/%ff%fe", "/%", "/%zz", "/api/invoice/create%", "/api/invoice/create?%", "/api/invoice/get_list?page=%00", "/api/invoice/get_list?a=%ff",
    "/api/invoice/get_list?" + "a=1&" * 5_000, "/arquivos/..%2f..%2f..%2fetc%2fpasswd", "/arquivos/../../etc/passwd", "/arquivos/%00",
    "/arquivos/x?exp=9999999999999999999999&sig=x", "/exportacoes/..%2f..%2fchave-mestra", "/exportacoes/%2e%2e/%2e%2e/chave-mestra",
    "/docs/../../pyproject.toml", "/docs/%2e%2e/%2e%2e/pyproject.toml", "/docs/..%5c..%5cchave-mestra", "/openapi.json/../../chave-mestra",
    "/.git/config", "/.env", "/chave-mestra", "/metrics/../chave-mestra", "/" + "a/" * 20_000, "/" + "%41" * 20_000,
    "http://outro.exemplo/api/invoice/create", "https://[::1/api", "*", "api/invoice/create", "/api/invoice/create#x", "/api/report/status/%0d%0aX:%20y",
    "/api/report/status/rpt_" + "9" * 5_000, "/\\..\\..\\chave-mestra", "/sso#ticket=x", "/api/invoice/get_detail?uuid=%27%20OR%201=1--",
)  # fmt: skip
_CABECALHOS = (
    b"Content-Type: text/xml\r\n", b"Content-Type: multipart/form-data; boundary=x\r\n", b"Content-Type: application/x-www-form-urlencoded\r\n",
    b"Content-Type: application/json; charset=utf-7\r\n", b"Content-Type: application/json; charset=utf-16\r\n", b"Content-Type: \xff\xfe\r\n",
    b"Content-Type: application/json\r\nContent-Type: text/xml\r\n", b"Content-Encoding: gzip\r\n", b"Content-Encoding: br\r\n", b"Expect: 100-continue\r\n",
    b"Expect: nada\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n", b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\n",
    b"X-HTTP-Method-Override: DELETE\r\n", b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: file\r\n", b"X-Request-Id: a\x01b\r\n", b"Range: bytes=0-1,5-2,9-\r\n",
    b"token: x\r\ntoken: y\r\n", b"token: " + b"t" * 30_000 + b"\r\ntimestamp: 1\r\nsign: x\r\n", b"token: x\r\ntimestamp: 999999999999999999999\r\nsign: x\r\n",
    b"token: x\r\ntimestamp: -1\r\nsign: x\r\n", b"token: x\r\ntimestamp: \xb2\xb3\r\nsign: x\r\n", b"token: \xe7\xe3\r\ntimestamp: 1\r\nsign: \x80\r\n",
    b"X-API-Key: x\r\nX-Timestamp: 1e9\r\nX-Signature: x\r\n", b"Cookie: " + b"a=b; " * 5_000 + b"\r\n", b"Accept: " + b"*/*," * 5_000 + b"\r\n",
    b"Host: a\r\nHost: b\r\n", b"Host: a b\r\n", b"Host: \r\n", b": sem nome\r\n", b"sem dois pontos\r\n", b"a b: c\r\n", b"X: a\r\n b\r\n", b"X: a\x00b\r\n", b"X: a\rb\r\n",
    b"X: " + b"a" * 100_000 + b"\r\n", b"".join(b"X-%d: y\r\n" % n for n in range(8_000)),
)  # fmt: skip
_CORPOS = (
    b"Content-Length: 3\r\n\r\n{}", b"Content-Length: -1\r\n\r\n{}", b"Content-Length: +2\r\n\r\n{}", b"Content-Length: 0x2\r\n\r\n{}", b"Content-Length: 2, 2\r\n\r\n{}", b"Content-Length: dois\r\n\r\n{}",
    b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", b"Content-Length: 99999999999999999999999999\r\n\r\n{}", b"Content-Length: 10737418240\r\n\r\n{}", b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}", b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n2;" + b"e=f;" * 30_000 + b"\r\n{}\r\n0\r\n\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n", b"Content-Length: 6291456\r\n\r\n" + b" " * 6_291_456,
    b"Content-Length: 4\r\n\r\n\x00\x00\x00\x00", b"Content-Length: 40000\r\n\r\n" + b"[" * 40_000, b"Content-Length: 40000\r\n\r\n" + b'{"a":' * 8_000, b"Content-Length: 30008\r\n\r\n{\"a\":1" + b"0" * 30_000 + b"}", b"Content-Length: 9\r\n\r\n\xef\xbb\xbf{\"a\":1", b"Content-Length: 4\r\n\r\n\xff\xfe{}", b"Content-Length: 9\r\n\r\n{\"a\":NaN}",
)  # fmt: skip
_LINHAS = (
    b"\r\n\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/0.9\r\n\r\n", b"GET / http/1.1\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /\xe7 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    b"A" * 100_000, b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX", b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\xff\xf4\xff\xfd\x06", b"SSH-2.0-x\r\n", b"*1\r\n$4\r\nINFO\r\n", b"HELO a\r\n",
)  # fmt: skip
_METODOS = (
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "G\tT",
    "A" * 5_000,
)


def requests_to(rota: str) -> Iterator[tuple[str, bytes]]:
    """Every request of the corpus, named; those about headers and bodies go to `rota`."""
    alvo = rota.encode()
    for n, linha in enumerate(_LINHAS):
        yield f"linha {n}", linha
    for caminho in _CAMINHOS:
        yield (
            f"caminho {caminho[:60]}",
            b"GET " + caminho.encode() + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        )
    for n, cabecalho in enumerate(_CABECALHOS):
        yield (
            f"cabecalho {n}",
            b"POST "
            + alvo
            + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            + cabecalho
            + b"Content-Length: 2\r\n\r\n{}",
        )
    for n, corpo in enumerate(_CORPOS):
        yield f"corpo {n}", b"POST " + alvo + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + _JSON + corpo
    for metodo in _METODOS:
        yield (
            f"metodo {metodo[:10]}",
            metodo.encode() + b" " + alvo + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        )
    um = b"GET " + alvo + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    yield "cem em fila", um * 100
    yield "fila com lixo", um * 3 + b"\x00\x01lixo\r\n\r\n"
    yield (
        "fila depois de corpo curto",
        b"POST " + alvo + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n{}" + um,
    )


def exchange(
    host: str, porta: int, pedido: bytes, *, tls: ssl.SSLContext | None = None, prazo_s: float = 30.0
) -> bytes:
    """Send, end the sending (TLS has no such end), and read until the other side ends or `prazo_s` of silence.

    A server that refuses before it read all is fine.
    """
    conexao = socket.create_connection((host, porta), timeout=prazo_s)
    if tls is not None:
        conexao = tls.wrap_socket(conexao, server_hostname="localhost")
    lido = bytearray()
    with conexao, contextlib.suppress(ConnectionError, TimeoutError, ssl.SSLError):
        conexao.sendall(pedido)
        # The end of the sending may close the connection before its answer: only what still waits is told so.
        if tls is None and not select.select([conexao], [], [], 0.5)[0]:
            conexao.shutdown(socket.SHUT_WR)
        while parte := conexao.recv(65_536):
            lido += parte
    return bytes(lido)


_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_RASTROS = re.compile(rb"Traceback|site-packages|\.py\"|psycopg|sqlalchemy|pydantic|root:x:0|BEGIN PRIVATE")


def faults(resposta: bytes, *, envelope: bool = False) -> list[str]:
    """Everything that an answer to one of these may not be: a failure of the server, a trace of it, a file of it.

    With `envelope` a refusal in JSON has to be in that of the TFFiscal API.
    """
    faltas = [f"status {s.decode()}" for s in _STATUS.findall(resposta) if int(s) >= 500]
    if achado := _RASTROS.search(resposta):
        faltas.append(f"rastro {achado[0]!r}")
    cabeca, _, corpo = resposta.partition(b"\r\n\r\n")
    recusada = [s for s in _STATUS.findall(resposta) if s >= b"400"]
    if (
        envelope
        and recusada
        and len(_STATUS.findall(resposta)) == 1
        and b"application/json" in cabeca.lower()
        and corpo
    ):
        faltas += [] if json.loads(corpo).get("success") is False else ["recusa fora do envelope"]
    return faltas
