"""Recorded exchanges: a transport that writes what crosses the wire to a folder, and one that answers from it.

Recording serves to bring a real answer home, as a test. What proves identity or signs is taken out of the request before
it is written (certificates, signature values, QR Codes); the answer is kept byte for byte. A replay looks an exchange up
by service and request, both without those parts, and gives the recordings of the same request in their order.
"""

import gzip
import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.transporte import Resposta, Transporte
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca

_SEGREDOS = re.compile(rb"<((?:\w+:)?(?:X509Certificate|SignatureValue|qrCode))>.*?</\1>", re.S)
_MASCARA = rb"<\1>...</\1>"
_COMPACTADO = re.compile(rb"(<(?:\w+:)?nfeDadosMsgZip\b[^>]*>)([A-Za-z0-9+/=\s]+)(</)")


@dataclass(frozen=True, slots=True)
class Gravacao:
    """One exchange as it lies in a folder. `resposta` is None when no answer came: then `falha` says why."""

    servico: str
    url: str
    pedido: bytes
    resposta: bytes | None
    http_status: int | None
    falha: str
    incerta: bool
    mensagem: str

    def dump(self) -> str:
        """As JSON; the answer in base64, since authorizers differ in encoding."""
        fatos: dict[str, Any] = {
            "servico": self.servico,
            "url": self.url,
            "pedido": self.pedido.decode(),
            "resposta": None if self.resposta is None else b64encode(self.resposta).decode(),
            "http_status": self.http_status,
            "falha": self.falha,
            "incerta": self.incerta,
            "mensagem": self.mensagem,
        }
        return json.dumps(fatos, ensure_ascii=False, indent=1)

    @classmethod
    def load(cls, texto: str) -> "Gravacao":
        """The inverse of `dump`."""
        fatos: dict[str, Any] = json.loads(texto)
        pedido: str = fatos.pop("pedido")
        resposta: str | None = fatos.pop("resposta")
        return cls(
            pedido=pedido.encode(), resposta=None if resposta is None else b64decode(resposta), **fatos
        )


class TransporteGravador:
    """Another transport, writing down every exchange. The same request again gets a file of its own."""

    def __init__(self, transporte: Transporte, pasta: Path) -> None:
        self._transporte = transporte
        self._pasta = pasta
        pasta.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,
        servico: str,
        certificado: CertificadoCliente,
        prazo_s: float | None = None,
    ) -> Resposta:
        """As the transport inside; what happened is on disk before the caller knows it."""
        pedido = remove_secrets(corpo)
        try:
            resposta = await self._transporte.post(
                url, corpo, tipo=tipo, servico=servico, certificado=certificado, prazo_s=prazo_s
            )
        except (EntregaIncerta, EntregaRecusada) as erro:
            incerta = isinstance(erro, EntregaIncerta)
            self._write(Gravacao(servico, url, pedido, None, None, erro.codigo, incerta, erro.mensagem))
            raise
        self._write(Gravacao(servico, url, pedido, resposta.corpo, resposta.troca.http_status, "", False, ""))
        return resposta

    async def close(self) -> None:
        await self._transporte.close()

    def _write(self, gravacao: Gravacao) -> None:
        marca = _mark(gravacao.servico, gravacao.pedido)
        ordem = len(list(self._pasta.glob(f"{gravacao.servico}-{marca}-*.json")))
        destino = self._pasta / f"{gravacao.servico}-{marca}-{ordem:04d}.json"
        destino.write_text(gravacao.dump(), encoding="utf-8")


class TransporteGravado:
    """Answers from a folder of recordings, without a network. The last recording of a request is given again and again."""

    def __init__(self, pasta: Path, agora: Callable[[], datetime]) -> None:
        self._agora = agora
        self._restantes: dict[str, list[Gravacao]] = {}
        for arquivo in sorted(pasta.glob("*.json")):
            gravacao = Gravacao.load(arquivo.read_text(encoding="utf-8"))
            marca = _mark(gravacao.servico, remove_secrets(gravacao.pedido))
            self._restantes.setdefault(marca, []).append(gravacao)

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,  # noqa: ARG002 - of the protocol
        servico: str,
        certificado: CertificadoCliente,  # noqa: ARG002
        prazo_s: float | None = None,  # noqa: ARG002
    ) -> Resposta:
        """The recorded answer, or the recorded failure; a request that was never recorded is `EntregaRecusada`."""
        fila = self._restantes.get(_mark(servico, remove_secrets(corpo)), [])
        troca = Troca(url, servico, self._agora(), 0, len(corpo))
        if not fila:
            raise EntregaRecusada(
                "REDE-SEM-GRAVACAO",
                f"Não há gravação deste pedido de {servico}.",
                "Grave a troca antes.",
                troca,
            )
        gravacao = fila.pop(0) if len(fila) > 1 else fila[0]
        if gravacao.resposta is None:
            tipo_erro = EntregaIncerta if gravacao.incerta else EntregaRecusada
            raise tipo_erro(gravacao.falha, gravacao.mensagem, "", troca)
        return Resposta(gravacao.resposta, troca)

    async def close(self) -> None:
        """Nothing is held."""


def remove_secrets(corpo: bytes) -> bytes:
    """A request without what signs it or proves who sent it; a packed message is unpacked for that."""
    aberto = _COMPACTADO.sub(lambda m: m[1] + gzip.decompress(b64decode(m[2])) + m[3], corpo)
    return _SEGREDOS.sub(_MASCARA, aberto)


def _mark(servico: str, pedido: bytes) -> str:
    return hashlib.sha256(servico.encode() + b"\0" + pedido).hexdigest()[:16]
