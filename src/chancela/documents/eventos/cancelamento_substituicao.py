"""Cancelamento por substituição (110112): an NFC-e whose sale was issued again in contingency (NT 2018.004).

The replaced note was sent without answer (tpEmis 1) and turned out authorised; the one that names the same sale was
issued offline (tpEmis 9).
"""

from dataclasses import dataclass
from datetime import timedelta

from chancela.documents.eventos.detalhe import APLICATIVO, DO_EMITENTE, ORGAO_AUTOR, PROTOCOLO, det_evento
from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import CHAVE, TEXTO
from chancela.domain.xml.leiaute import campo

TP_EMIS_NORMAL, TP_EMIS_OFFLINE = 1, 9


@dataclass(frozen=True, slots=True)
class CancelamentoSubstituicao:
    """`protocolo` is that of the note replaced; `substituta` the key of the one that holds the sale."""

    uf_autor: Uf
    protocolo: str
    justificativa: str
    substituta: ChaveAcesso
    versao: str = "1.00"


SUBSTITUICAO = TipoEvento(
    codigo="110112",
    descricao="Cancelamento por substituicao",
    tabela=det_evento(
        CancelamentoSubstituicao,
        "Cancelamento por substituicao",
        ORGAO_AUTOR,
        DO_EMITENTE,
        APLICATIVO,
        PROTOCOLO,
        campo("xJust", "justificativa", TEXTO),
        campo("chNFeRef", "substituta", CHAVE),
    ),
    esquema=Esquema.DET_SUBSTITUICAO,
    sequencia_maxima=1,
    modelos=frozenset({Modelo.NFCE}),
    prazos={Modelo.NFCE: timedelta(hours=168)},
)


def check_substituicao(substituida: ChaveAcesso, substituta: ChaveAcesso) -> None:
    """Both NFC-e of one issuer, the replaced one normal and the other offline. Raises `RegraViolada`."""
    problema = None
    if substituta == substituida:
        problema = "A nota substituta não pode ser a própria nota cancelada."
    elif substituta.modelo != Modelo.NFCE.value or substituta.emitente != substituida.emitente:
        problema = "A nota substituta precisa ser uma NFC-e do mesmo emitente."
    elif substituida.tp_emis != TP_EMIS_NORMAL or substituta.tp_emis != TP_EMIS_OFFLINE:
        problema = "A nota cancelada tem emissão normal (tpEmis 1) e a substituta é offline (tpEmis 9)."
    if problema is None:
        return
    raise RegraViolada(
        (
            Violacao(
                "SUBSTITUICAO-CHAVE",
                "substituta",
                problema,
                "Informe a chave da NFC-e emitida em contingência offline para a mesma venda.",
                rotulo="Chave da nota substituta",
                valor=substituta.texto,
            ),
        )
    )
