"""Carta de Correção (110110): NF-e only, up to 20, within 720 hours (Ajuste SINIEF 07/2005, cláusula 14-A)."""

from datetime import timedelta

from chancela.simulator.eventos.modelo import AMBOS, CasoEvento, Prazo, Recusa, TipoEvento


def _only_nfe(caso: CasoEvento) -> Recusa:
    return (784, "NFC-e não permite o evento de Carta de Correção") if caso.modelo == "65" else None


CARTA_CORRECAO = TipoEvento(
    "110110",
    "Carta de Correção",
    "nfe_evento_cce/schemas/v1_0/e110110_v1.00",
    sequencia_maxima=20,
    modelos=AMBOS,
    prazos={"55": Prazo(timedelta(hours=720), 501)},
    exige_autorizada=True,
    da_chave=(_only_nfe,),
)
