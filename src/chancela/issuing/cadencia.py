"""How often SEFAZ may be asked: our own count of questions per subject and hour, kept under the limits of 656.

Consumo indevido (656, table USE of the manuals; spec of the authorizers): 40 questions an hour about one receipt, 10 about one
key, a status every three minutes. The company that crosses a limit is blocked for an hour, and every further try renews the
block, so the limits here leave room for what other programs of the same company ask. Authorisations are not counted: the road
without trouble asks nothing. NFeDistribuicaoDFe has its own pace (`distribuicao`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Ambiente, Cnpj, Uf
from chancela.issuing.decisao import Decisao
from chancela.issuing.decisao_solicitacao import DecisaoSolicitacao
from chancela.issuing.modelo import Documento, Estado, Marco
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao

JANELA = timedelta(hours=1, minutes=1)
"""The hour of SEFAZ, and what a request may take to get there: it counts from its arrival, we from the permission."""
INTERVALO_STATUS_S = 180.0
_BRASILIA = ZoneInfo("America/Sao_Paulo")


class Assunto(StrEnum):
    """What a question is about."""

    CHAVE = "chave"
    """NFeConsultaProtocolo4: a document or its events."""
    RECIBO = "recibo"
    """NFeRetAutorizacao4."""
    STATUS = "status"
    """NFeStatusServico4: an authorizer, asked by a company."""
    CADASTRO = "cadastro"
    """CadConsultaCadastro4: the register of a UF, asked by a company."""


LIMITES: Mapping[Assunto, int] = {
    Assunto.CHAVE: 8,
    Assunto.RECIBO: 36,
    Assunto.STATUS: 38,
    Assunto.CADASTRO: 36,
}
"""Questions within `JANELA`."""


@dataclass(frozen=True, slots=True)
class Pergunta:
    """One question about to be put to SEFAZ."""

    assunto: Assunto
    sujeito: str
    """Key, receipt, or company and authorizer."""
    ambiente: Ambiente
    limite: int


def about_key(chave: str, ambiente: Ambiente) -> Pergunta:
    """What the authorizer holds under a key."""
    return Pergunta(Assunto.CHAVE, chave, ambiente, LIMITES[Assunto.CHAVE])


def about_receipt(recibo: str, ambiente: Ambiente) -> Pergunta:
    """What became of a queued lot."""
    return Pergunta(Assunto.RECIBO, recibo, ambiente, LIMITES[Assunto.RECIBO])


def about_status(empresa_id: int, autorizador: str, ambiente: Ambiente, intervalo_s: float) -> Pergunta:
    """Whether an authorizer works. An interval below the three minutes of SEFAZ, for a simulator, lifts the limit with it."""
    limite = round(LIMITES[Assunto.STATUS] * max(1.0, INTERVALO_STATUS_S / intervalo_s))
    return Pergunta(Assunto.STATUS, f"{autorizador}/{empresa_id}", ambiente, limite)


def about_register(quem: Cnpj, uf: Uf, ambiente: Ambiente) -> Pergunta:
    """What the register of a UF knows, asked by a company, which may not be registered here yet."""
    return Pergunta(Assunto.CADASTRO, f"{uf.value}/{quem}", ambiente, LIMITES[Assunto.CADASTRO])


class Cadencia(Protocol):
    """The count, shared by every process of the installation. Blocking; one round trip."""

    def take(self, pergunta: Pergunta) -> float:
        """The right to ask now (0.0, and the question is counted), or the seconds until there is one again."""
        ...


def hold_document(documento: Documento, pergunta: Pergunta, espera_s: float, agora: datetime) -> Decisao:
    """A document whose question has to wait: as it was, until then. The timeline says it once."""
    motivo, marco = _wait_until(pergunta, espera_s, agora)
    return Decisao(
        Estado.INCERTO,
        documento.c_stat,
        motivo,
        () if documento.motivo == motivo else (marco,),
        recibo=documento.recibo,
        proxima_acao_s=espera_s,
    )


def hold_request(
    solicitacao: Solicitacao, pergunta: Pergunta, espera_s: float, agora: datetime
) -> DecisaoSolicitacao:
    """The same for an event."""
    motivo, marco = _wait_until(pergunta, espera_s, agora)
    return DecisaoSolicitacao(
        EstadoSolicitacao.INCERTA,
        solicitacao.c_stat,
        motivo,
        () if solicitacao.motivo == motivo else (marco,),
        proxima_acao_s=espera_s,
    )


def refuse_question(pergunta: Pergunta, espera_s: float, agora: datetime) -> EstadoInvalido:
    """For somebody who asks by hand."""
    motivo, _ = _wait_until(pergunta, espera_s, agora)
    return EstadoInvalido(
        "SEFAZ-LIMITE-CONSULTAS", motivo, "Espere até lá: insistir faria a SEFAZ bloquear a empresa (656)."
    )


def _wait_until(pergunta: Pergunta, espera_s: float, agora: datetime) -> tuple[str, Marco]:
    ate = agora + timedelta(seconds=espera_s)
    local = ate.astimezone(_BRASILIA)
    motivo = (
        f"A SEFAZ já foi consultada {pergunta.limite} vezes na última hora sobre {_NOMES[pergunta.assunto]}"
        f" {pergunta.sujeito}; nova consulta depois das {local:%H:%M} (Brasília)."
    )
    fatos = {"ate": ate.isoformat(timespec="seconds"), "assunto": pergunta.assunto.value}
    return motivo, Marco("consulta_adiada", motivo, fatos)


_NOMES = {
    Assunto.CHAVE: "a chave",
    Assunto.RECIBO: "o recibo",
    Assunto.STATUS: "o status de",
    Assunto.CADASTRO: "o cadastro de",
}
