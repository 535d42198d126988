"""Consumo indevido (656) at NFeDistribuicaoDFe: who asks again too soon, backwards or too much (NT 2014.002, item 3.11.4)."""

from dataclasses import replace
from datetime import datetime, timedelta

from chancela.simulator.livro_distribuicao import Ritmo

ESPERA = timedelta(hours=1)
CONSULTAS_POR_HORA = 20
CEDO = (
    "Rejeição: Consumo Indevido (Deve ser aguardado 1 hora para efetuar nova solicitação caso não existam mais documentos "
    "a serem pesquisados. Tente após 1 hora)"
)
FORA_DE_ORDEM = "Rejeição: Consumo Indevido (Deve ser utilizado o ultNSU nas solicitações subsequentes. Tente após 1 hora)"
DEMAIS = "Rejeição: Consumo Indevido (Ultrapassou o limite de 20 consultas por hora. Tente após 1 hora)"


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
