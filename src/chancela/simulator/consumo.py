"""Consumo indevido (656): who asks too soon, backwards or too much (NT 2014.002, item 3.11.4; table USE of the manuals)."""

from dataclasses import replace
from datetime import datetime, timedelta

from chancela.simulator.estado import Estado
from chancela.simulator.livro_distribuicao import Ritmo
from chancela.simulator.pedido import Pedido

ESPERA = timedelta(hours=1)
CONSULTAS_POR_HORA = 20
CEDO = (
    "Rejeição: Consumo Indevido (Deve ser aguardado 1 hora para efetuar nova solicitação caso não existam mais documentos "
    "a serem pesquisados. Tente após 1 hora)"
)
FORA_DE_ORDEM = "Rejeição: Consumo Indevido (Deve ser utilizado o ultNSU nas solicitações subsequentes. Tente após 1 hora)"
DEMAIS = "Rejeição: Consumo Indevido (Ultrapassou o limite de 20 consultas por hora. Tente após 1 hora)"

CONSULTAS = {
    "NFeConsultaProtocolo4": 10,
    "NFeRetAutorizacao4": 40,
    "NFeStatusServico4": 40,
    "CadConsultaCadastro4": 40,
}
"""Requests about one subject in an hour."""
RECUSAS = {"NFeAutorizacao4": 30, "NFeRecepcaoEvento4": 20, "NFeInutilizacao4": 20}
"""Equal refusals of one subject in an hour."""
INDEVIDO = "Rejeição: Consumo Indevido pelo aplicativo da empresa"
_PRIMEIRA_REJEICAO = 200
_CODIGO_INDEVIDO = 656


def _within(instante: str, agora: datetime) -> bool:
    return bool(instante) and agora - datetime.fromisoformat(instante) < ESPERA


def judge_pace(ritmo: Ritmo, agora: datetime, ult_nsu: int | None) -> tuple[str | None, Ritmo]:
    """Why a request is abuse, or None, and the pace after it. `ult_nsu` None: a consNSU or consChNFe.

    Whoever is blocked stays so for an hour from the last try. The ultNSU of the page before may be asked for again,
    since an answer can be lost on its way.
    """
    if _within(ritmo.bloqueado_em, agora):
        return CEDO, replace(ritmo, bloqueado_em=agora.isoformat())
    motivo: str | None = None
    if ult_nsu is None:
        recentes = [quando for quando in ritmo.consultas if _within(quando, agora)]
        ritmo = replace(ritmo, consultas=[*recentes, agora.isoformat()])
        motivo = DEMAIS if len(recentes) >= CONSULTAS_POR_HORA else None
    elif _within(ritmo.esgotado_em, agora):
        motivo = CEDO
    elif ult_nsu < ritmo.pedido_nsu:
        motivo = FORA_DE_ORDEM
    return motivo, replace(ritmo, bloqueado_em=agora.isoformat()) if motivo else ritmo


def subject_of(pedido: Pedido) -> str:
    """What is counted: the document, the receipt, the range, else whoever asks this authorizer."""
    transmissor = pedido.transmissor
    quem = (transmissor.cnpj or transmissor.cpf) if transmissor is not None else ""
    faixa = pedido.grupo.grupo("infInut").atributos.get("Id", "")
    return pedido.destino.chave or pedido.grupo.texto("nRec") or faixa or f"{pedido.autorizador.nome}/{quem}"


def exceeds_use(servico: str, pedido: Pedido, estado: Estado) -> bool:
    """Whether the subject is over its limit of the last hour; every further try counts too."""
    limite = CONSULTAS.get(servico) or RECUSAS.get(servico)
    if not estado.consumo.geral or limite is None:
        return False
    sujeito = subject_of(pedido)
    vezes, c_stat = estado.livro.most_used(servico, sujeito, (pedido.agora - ESPERA).isoformat())
    if vezes < limite:
        return False
    estado.livro.note_use(servico, sujeito, c_stat, pedido.agora.isoformat())
    return True


def note_outcome(servico: str, pedido: Pedido, estado: Estado, c_stat: int) -> None:
    """Count a request that was answered with `c_stat`."""
    if servico in CONSULTAS and estado.consumo.geral and c_stat != _CODIGO_INDEVIDO:
        estado.livro.note_use(servico, subject_of(pedido), 0, pedido.agora.isoformat())
    elif servico in RECUSAS:
        note_refusal(servico, subject_of(pedido), pedido.agora, estado, c_stat)


def note_refusal(servico: str, sujeito: str, agora: datetime, estado: Estado, c_stat: int) -> None:
    """Count a refusal of one subject: of a whole message, or of a note inside a lot."""
    if estado.consumo.geral and c_stat >= _PRIMEIRA_REJEICAO and c_stat != _CODIGO_INDEVIDO:
        estado.livro.note_use(servico, sujeito, c_stat, agora.isoformat())
