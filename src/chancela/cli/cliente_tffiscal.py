"""A customer of the TFFiscal API, no more privileged than any other: it signs requests and reads answers.

The demo and `chancela nfe emitir` speak through it, so they prove the same road that an ERP takes.
"""

import hashlib
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from chancela.kit.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class Resposta:
    """HTTP status and decoded envelope."""

    status: int
    corpo: dict[str, Any]
    lista: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """The answer, where it is a JSON array instead of an envelope."""
    cabecalhos: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names in lower case."""

    @property
    def dados(self) -> dict[str, Any]:
        return self.corpo.get("data") or {}


class ClienteTffiscal:
    """Blocking client of one token. `url` is the base, with or without `/v1`."""

    def __init__(self, url: str, token: str, *, clock: Clock | None = None, limite_s: float = 60.0) -> None:
        partes = urlsplit(url)
        assert partes.hostname is not None
        self._host, self._porta, self._tls = partes.hostname, partes.port, partes.scheme == "https"
        self._prefixo = partes.path.rstrip("/")
        self._token = token
        self._clock = clock or SystemClock()
        self._limite_s = limite_s

    def post(self, caminho: str, corpo: Mapping[str, Any] | bytes, *, pedido_id: str = "") -> Resposta:
        """POST a JSON body to a route such as `/api/invoice/create`, under the caller's own id if it has one."""
        bruto = corpo if isinstance(corpo, bytes) else json.dumps(corpo, ensure_ascii=False).encode()
        return self._call("POST", self._prefixo + caminho, bruto, pedido_id)

    def get(self, caminho: str, **consulta: str | int) -> Resposta:
        """GET a route; the query string is part of what is signed."""
        completo = self._prefixo + caminho + (f"?{urlencode(consulta)}" if consulta else "")
        return self._call("GET", completo, b"")

    def put(self, caminho: str, corpo: Mapping[str, Any]) -> Resposta:
        """PUT a JSON body (the control of the simulator takes some)."""
        return self._call("PUT", self._prefixo + caminho, json.dumps(corpo, ensure_ascii=False).encode())

    def delete(self, caminho: str) -> Resposta:
        """DELETE a route (the control of the simulator has some)."""
        return self._call("DELETE", self._prefixo + caminho, b"")

    def download(self, url: str) -> bytes:
        """Fetch a file link of an answer; raises `OSError` when it is not served."""
        partes = urlsplit(url)
        conexao = self._connect()
        try:
            conexao.request("GET", partes.path + (f"?{partes.query}" if partes.query else ""))
            resposta = conexao.getresponse()
            conteudo = resposta.read()
            if resposta.status != 200:
                raise OSError(f"{partes.path}: HTTP {resposta.status}")
            return conteudo
        finally:
            conexao.close()

    def _call(self, metodo: str, caminho: str, corpo: bytes, pedido_id: str = "") -> Resposta:
        marca = str(int(self._clock.now().timestamp()))
        assinatura = hashlib.md5(
            self._token.encode() + caminho.encode() + corpo + marca.encode(), usedforsecurity=False
        ).hexdigest()
        cabecalhos = {
            "token": self._token,
            "timestamp": marca,
            "sign": assinatura,
            "Content-Type": "application/json;charset=utf-8",
            **({"X-Request-Id": pedido_id} if pedido_id else {}),
        }
        conexao = self._connect()
        try:
            conexao.request(metodo, caminho, corpo or None, cabecalhos)
            resposta = conexao.getresponse()
            lido: Any = json.loads(resposta.read() or b"{}")
            lidos = {nome.lower(): valor for nome, valor in resposta.getheaders()}
            if isinstance(lido, list):
                return Resposta(resposta.status, {}, lido, lidos)
            return Resposta(resposta.status, lido, cabecalhos=lidos)
        finally:
            conexao.close()

    def _connect(self) -> http.client.HTTPConnection:
        tipo = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        return tipo(self._host, self._porta, timeout=self._limite_s)
