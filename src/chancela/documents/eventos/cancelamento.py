"""Cancelamento (110111): the issuer takes back an authorised document (Ajuste SINIEF 07/05, cl. 12; 19/16, cl. 15)."""

from dataclasses import dataclass
from datetime import timedelta

from chancela.documents.eventos.detalhe import PROTOCOLO, det_evento
from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import TEXTO
from chancela.domain.xml.leiaute import campo


@dataclass(frozen=True, slots=True)
class Cancelamento:
    """`protocolo` is that of the authorisation (222 when it differs); `justificativa` has 15 to 255 characters."""

    protocolo: str
    justificativa: str
    versao: str = "1.00"


CANCELAMENTO = TipoEvento(
    codigo="110111",
    descricao="Cancelamento",
    tabela=det_evento(Cancelamento, "Cancelamento", PROTOCOLO, campo("xJust", "justificativa", TEXTO)),
    esquema=Esquema.DET_CANCELAMENTO,
    sequencia_maxima=1,
    modelos=frozenset({Modelo.NFE, Modelo.NFCE}),
    prazos={Modelo.NFE: timedelta(hours=24), Modelo.NFCE: timedelta(minutes=30)},
)
