"""A customer's program that speaks ASGI: the real bytes of a call, signed as the contract says, without a socket."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message

from chancela.faces.tffiscal.autenticacao import sign_md5
from chancela.kit.clock import Clock
from chancela.kit.json_exact import write_json


@dataclass(frozen=True, slots=True)
class Resposta:
    """What came back."""

    status: int
    cabecalhos: Mapping[str, str]
    conteudo: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.conteudo)

    @property
    def data(self) -> dict[str, Any]:
        return self.json["data"]

    @property
    def fatos(self) -> Mapping[str, Any]:
        """The `data` of the envelope; empty where there is none."""
        dados = self.json.get("data")
        return dados if isinstance(dados, dict) else {}

    @property
    def codigos(self) -> list[str]:
        """The codes of a refusal."""
        return [erro["codigo"] for erro in self.data["erros"]]

    @property
    def campos(self) -> list[str]:
        """The fields that a refusal names."""
        return [erro["campo"] for erro in self.data["erros"]]


async def call(
    app: ASGIApp,
    metodo: str,
    caminho: str,
    consulta: str = "",
    *,
    cabecalhos: Sequence[tuple[str, str]] = (),
    corpo: bytes = b"",
    partes: int = 1,
) -> Resposta:
    """One request, its body in `partes` messages."""
    enviados: list[Message] = []
    tamanho = max(1, -(-len(corpo) // partes))
    fatias = [corpo[i : i + tamanho] for i in range(0, len(corpo), tamanho)] or [b""]
    mensagens: list[Message] = [
        {"type": "http.request", "body": fatia, "more_body": i < len(fatias) - 1}
        for i, fatia in enumerate(fatias)
    ]

    async def receive() -> Message:
        return mensagens.pop(0) if mensagens else {"type": "http.disconnect"}

    async def send(mensagem: Message) -> None:
        enviados.append(mensagem)

    escopo = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": metodo,
        "scheme": "https",
        "path": caminho,
        "raw_path": caminho.encode("latin-1"),
        "query_string": consulta.encode("latin-1"),
        "root_path": "",
        "headers": [
            (b"host", b"nota.exemplo.com.br"),
            *((n.encode(), v.encode("latin-1")) for n, v in cabecalhos),
        ],
        "client": ("192.0.2.7", 50000),
        "server": ("nota.exemplo.com.br", 443),
    }
    await app(escopo, receive, send)
    inicio = enviados[0]
    return Resposta(
        inicio["status"],
        {nome.decode(): valor.decode() for nome, valor in inicio["headers"]},
        b"".join(mensagem.get("body", b"") for mensagem in enviados[1:]),
    )


class Cliente:
    """Signs as a customer does."""

    def __init__(self, app: ASGIApp, clock: Clock, token: str) -> None:
        self.app = app
        self.clock = clock
        self.token = token

    @property
    def agora(self) -> str:
        return str(int(self.clock.now().timestamp()))

    async def post(self, caminho: str, corpo: object, *, timestamp: str | None = None) -> Resposta:
        """A signed POST of a JSON body, or of the bytes as they are."""
        conteudo = corpo if isinstance(corpo, bytes) else write_json(corpo)
        instante = timestamp or self.agora
        return await call(
            self.app, "POST", caminho, corpo=conteudo,
            cabecalhos=[
                ("content-type", "application/json;charset=utf-8"),
                ("token", self.token),
                ("timestamp", instante),
                ("sign", sign_md5(self.token, caminho, conteudo, instante)),
            ],
        )  # fmt: skip

    async def get(self, caminho: str, consulta: str = "") -> Resposta:
        """A signed GET."""
        alvo = f"{caminho}?{consulta}" if consulta else caminho
        instante = self.agora
        return await call(
            self.app, "GET", caminho, consulta,
            cabecalhos=[
                ("token", self.token),
                ("timestamp", instante),
                ("sign", sign_md5(self.token, alvo, b"", instante)),
            ],
        )  # fmt: skip
