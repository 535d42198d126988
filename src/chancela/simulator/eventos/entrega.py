"""Proof of delivery (110130/31), failed delivery (110192/93) and financial conciliation (110750/51), with their cancellations."""

from chancela.simulator.eventos.modelo import (
    AMBIENTE_NACIONAL,
    AMBOS,
    ORGAO_SVRS,
    CasoEvento,
    Recusa,
    RegraEvento,
    TipoEvento,
)
from chancela.simulator.eventos.vinculos import DESFAZ, open_events

_SEQUENCIA = 99


def _dates(entrega: str, assinatura: str) -> RegraEvento:
    """821 to 824: delivery and hash lie between the emission of the note and the event."""

    def judge(caso: CasoEvento) -> Recusa:
        emissao = caso.nota.emissao
        quando, hash_em = caso.date_of(entrega), caso.date_of(assinatura)
        if quando is not None and quando < emissao:
            return 823, "Data-Hora de Entrega inferior a data de emissão da NF-e"
        if hash_em is not None and hash_em < emissao:
            return 824, "Data-Hora do Hash de Entrega inferior a data de emissão da NF-e"
        if quando is not None and quando > caso.quando:
            return 821, "Data-Hora de Entrega superior a data de emissão do evento"
        if hash_em is not None and hash_em > caso.quando:
            return 822, "Data-Hora do Hash de Entrega superior a data de emissão do evento"
        return None

    return judge


def _cancelled_event(caso: CasoEvento) -> Recusa:
    """459 and 460: what is cancelled stands, under that protocol."""
    tipo = DESFAZ[caso.tipo]
    if tipo not in open_events(caso.anteriores):
        return 459, "Cancelamento de Evento inexistente"
    if all(e.protocolo != caso.det.texto("nProtEvento") for e in caso.of_type(tipo)):
        return 460, "Protocolo do Evento difere do cadastrado"
    if any(
        f"<nProtEvento>{caso.det.texto('nProtEvento')}<" in e.proc_evento for e in caso.of_type(caso.tipo)
    ):
        return 459, "Cancelamento de Evento inexistente"
    return None


COMPROVANTE = TipoEvento(
    "110130",
    "Comprovante de Entrega da NF-e",
    "nfe_entrega/schemas/v1_0/e110130_v1.00",
    orgao=AMBIENTE_NACIONAL,
    sequencia_maxima=_SEQUENCIA,
    exige_autorizada=True,
    da_nota=(_dates("dhEntrega", "dhHashComprovante"),),
)
CANCELA_COMPROVANTE = TipoEvento(
    "110131",
    "Cancelamento Comprovante de Entrega da NF-e",
    "nfe_entrega/schemas/v1_0/e110131_v1.00",
    orgao=AMBIENTE_NACIONAL,
    sequencia_maxima=_SEQUENCIA,
    da_nota=(_cancelled_event,),
)
INSUCESSO = TipoEvento(
    "110192",
    "Insucesso na Entrega da NF-e",
    "nfe_insucesso/schemas/v1_0/e110192_v1.00",
    orgao=ORGAO_SVRS,
    sequencia_maxima=_SEQUENCIA,
    exige_autorizada=True,
    da_nota=(_dates("dhTentativaEntrega", "dhHashTentativaEntrega"),),
)
CANCELA_INSUCESSO = TipoEvento(
    "110193",
    "Cancelamento Insucesso na Entrega da NF-e",
    "nfe_insucesso/schemas/v1_0/e110193_v1.00",
    orgao=ORGAO_SVRS,
    sequencia_maxima=_SEQUENCIA,
    da_nota=(_cancelled_event,),
)
ECONF = TipoEvento(
    "110750",
    "ECONF",
    "@nfe/e110750_v1.00",
    orgao=ORGAO_SVRS,
    sequencia_maxima=_SEQUENCIA,
    modelos=AMBOS,
    orgaos_por_modelo={"65": ""},
    exige_autorizada=True,
)
CANCELA_ECONF = TipoEvento(
    "110751",
    "Cancelamento Conciliação Financeira",
    "@nfe/e110751_v1.00",
    orgao=ORGAO_SVRS,
    sequencia_maxima=_SEQUENCIA,
    modelos=AMBOS,
    orgaos_por_modelo={"65": ""},
    da_nota=(_cancelled_event,),
)
