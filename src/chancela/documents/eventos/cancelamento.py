"""Cancelamento (110111): the issuer takes back an authorised document (Ajuste SINIEF 07/05, cl. 12; 19/16, cl. 15)."""

from dataclasses import dataclass
from datetime import timedelta

from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import TEXTO, TEXTO_CRU
from chancela.domain.xml.leiaute import Tabela, atributo, campo, constante


@dataclass(frozen=True, slots=True)
class Cancelamento:
    """`protocolo` is that of the authorisation (222 when it differs); `justificativa` has 15 to 255 characters."""

    protocolo: str
    justificativa: str
    versao: str = "1.00"


CANCELAMENTO = TipoEvento(
    codigo="110111",
    descricao="Cancelamento",
    tabela=Tabela(
        "detEvento",
        Cancelamento,
        atributo("versao", "versao", TEXTO_CRU),
        constante("descEvento", "Cancelamento"),
        campo("nProt", "protocolo", TEXTO),
        campo("xJust", "justificativa", TEXTO),
    ),
    esquema=Esquema.DET_CANCELAMENTO,
    sequencia_maxima=1,
    modelos=frozenset({Modelo.NFE, Modelo.NFCE}),
    prazos={Modelo.NFE: timedelta(hours=24), Modelo.NFCE: timedelta(minutes=30)},
)
