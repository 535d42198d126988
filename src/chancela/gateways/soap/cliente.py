"""One call of one web service: envelope out, result in, and every failure with its meaning."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.envelope import (
    Carga,
    FalhaSoap,
    RespostaIlegivel,
    ServicoSoap,
    build_envelope,
    read_answer,
)
from chancela.gateways.soap.transporte import Transporte
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca, with_failure

R = TypeVar("R")
NAO_REENVIE = "Não reenvie: a situação da nota é consultada pela chave antes de qualquer nova tentativa."


@dataclass(frozen=True, slots=True)
class Chamada:
    """The result of a call, and how it came."""

    carga: Carga
    troca: Troca


class Chamador(Protocol):
    """What carries the calls: `ClienteSoap`, or a recording in a test."""

    async def call(
        self,
        url: str,
        servico: ServicoSoap,
        carga: bytes,
        certificado: CertificadoCliente,
        *,
        prazo_s: float | None = None,
    ) -> Chamada: ...


class ClienteSoap:
    """Calls services through one transport."""

    def __init__(self, transporte: Transporte) -> None:
        self._transporte = transporte

    async def call(
        self,
        url: str,
        servico: ServicoSoap,
        carga: bytes,
        certificado: CertificadoCliente,
        *,
        prazo_s: float | None = None,
    ) -> Chamada:
        """Send `carga` to the service and return its result.

        Raises `EntregaRecusada` (surely not processed) or `EntregaIncerta` (outcome unknown).
        """
        resposta = await self._transporte.post(
            url,
            build_envelope(servico, carga),
            tipo=servico.content_type,
            servico=servico.nome,
            certificado=certificado,
            prazo_s=prazo_s,
        )
        try:
            return Chamada(read_answer(resposta.corpo, servico.raiz_resposta), resposta.troca)
        except FalhaSoap as falha:
            raise _fault_error(falha, resposta.troca) from falha
        except RespostaIlegivel as erro:
            raise unreadable(resposta.troca, str(erro)) from erro


async def ask(
    cliente: Chamador,
    url: str,
    servico: ServicoSoap,
    carga: bytes,
    ler: Callable[[Carga], R],
    certificado: CertificadoCliente,
    *,
    prazo_s: float | None = None,
) -> tuple[Chamada, R]:
    """One call and what `ler` reads out of its answer; a ValueError of `ler` is an unknown outcome."""
    chamada = await cliente.call(url, servico, carga, certificado, prazo_s=prazo_s)
    try:
        return chamada, ler(chamada.carga)
    except ValueError as erro:
        raise unreadable(chamada.troca, str(erro)) from erro


def unreadable(troca: Troca, porque: str) -> EntregaIncerta:
    """The answer cannot be used, so the outcome is unknown. `porque` goes to the logs, not to people."""
    codigo = "SOAP-RESPOSTA-ILEGIVEL"
    erro = EntregaIncerta(
        codigo,
        "A SEFAZ respondeu algo que não é uma resposta do serviço.",
        NAO_REENVIE,
        with_failure(troca, codigo),
    )
    erro.add_note(porque)
    return erro


def _fault_error(falha: FalhaSoap, troca: Troca) -> EntregaIncerta | EntregaRecusada:
    if falha.do_remetente:
        codigo = "SOAP-FALHA-REMETENTE"
        mensagem = f"O serviço da SEFAZ não aceitou o envelope: {falha.motivo or falha.codigo}"
        return EntregaRecusada(
            codigo, mensagem, "Confira o endereço do serviço.", with_failure(troca, codigo)
        )
    codigo = "SOAP-FALHA-SERVIDOR"
    mensagem = f"O serviço da SEFAZ falhou: {falha.motivo or falha.codigo}"
    return EntregaIncerta(codigo, mensagem, NAO_REENVIE, with_failure(troca, codigo))
