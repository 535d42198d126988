"""Manifestação do destinatário (210200, 210210, 210220, 210240): what the recipient says of a note (NT 2020.001).

none -> ciência -> one of the three conclusive ones, each of which may be changed once; the last one prevails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chancela.documents.eventos.detalhe import det_evento
from chancela.documents.eventos.modelo import Orgao, TipoAutor, TipoEvento
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import TEXTO
from chancela.domain.xml.leiaute import Parte, campo

_CONCLUSIVA = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Manifestacao:
    """A statement without text: confirmação and ciência."""

    versao: str = "1.00"


@dataclass(frozen=True, slots=True)
class ManifestacaoJustificada:
    """`justificativa` has 15 to 255 characters (595 when it is missing from an operação não realizada)."""

    justificativa: str
    versao: str = "1.00"


_JUSTIFICATIVA = campo("xJust", "justificativa", TEXTO)


def _kind(
    codigo: str,
    descricao: str,
    esquema: Esquema,
    classe: Callable[..., Any] = Manifestacao,
    *partes: Parte,
    prazo: timedelta = _CONCLUSIVA,
    sequencia_maxima: int = 2,
) -> TipoEvento:
    return TipoEvento(
        codigo=codigo,
        descricao=descricao,
        tabela=det_evento(classe, descricao, *partes),
        esquema=esquema,
        sequencia_maxima=sequencia_maxima,
        modelos=frozenset({Modelo.NFE}),
        prazos={Modelo.NFE: prazo},
        orgao=Orgao.NACIONAL,
        autores=frozenset({TipoAutor.DESTINATARIO}),
    )


CONFIRMACAO = _kind("210200", "Confirmacao da Operacao", Esquema.DET_CONFIRMACAO)
CIENCIA = _kind(
    "210210", "Ciencia da Operacao", Esquema.DET_CIENCIA, prazo=timedelta(days=10), sequencia_maxima=1
)
DESCONHECIMENTO = _kind(
    "210220",
    "Desconhecimento da Operacao",
    Esquema.DET_DESCONHECIMENTO,
    ManifestacaoJustificada,
    _JUSTIFICATIVA,
)
NAO_REALIZADA = _kind(
    "210240", "Operacao nao Realizada", Esquema.DET_NAO_REALIZADA, ManifestacaoJustificada, _JUSTIFICATIVA
)
MANIFESTACOES = (CONFIRMACAO, CIENCIA, DESCONHECIMENTO, NAO_REALIZADA)
