"""Delivery of the goods: comprovante (110130), insucesso (110192), and what takes each back (110131, 110193).

Normas: NT 2021.001 (comprovante) and NT 2023.001 (insucesso). Both carry a hash that ties an image to the key.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from chancela.documents.eventos.detalhe import (
    APLICATIVO,
    DO_EMITENTE,
    ORGAO_AUTOR,
    PROTOCOLO_EVENTO,
    det_evento,
)
from chancela.documents.eventos.modelo import Orgao, TipoEvento
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import DATA_HORA, INTEIRO, TEXTO, decimal, enumerado
from chancela.domain.xml.leiaute import Parte, campo

_GRAUS = decimal(6, 6)
_POSICAO = (campo("latGPS", "latitude", _GRAUS), campo("longGPS", "longitude", _GRAUS))


class MotivoInsucesso(StrEnum):
    """tpMotivo."""

    RECEBEDOR_NAO_ENCONTRADO = "1"
    RECUSA = "2"
    ENDERECO_INEXISTENTE = "3"
    OUTROS = "4"


@dataclass(frozen=True, slots=True)
class ComprovanteEntrega:
    """Who took the goods and when; `hash_imagem` comes from `hash_of_image`. Degrees have six decimals."""

    uf_autor: Uf
    entregue_em: datetime
    documento_recebedor: str
    nome_recebedor: str
    hash_imagem: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    hash_em: datetime | None = None
    versao: str = "1.00"


@dataclass(frozen=True, slots=True)
class InsucessoEntrega:
    """Why the goods were not taken; `justificativa` (25 to 250 characters) goes with reason 4."""

    uf_autor: Uf
    tentada_em: datetime
    motivo: MotivoInsucesso
    hash_imagem: str
    tentativa: int | None = None
    justificativa: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    hash_em: datetime | None = None
    versao: str = "1.00"


@dataclass(frozen=True, slots=True)
class CancelamentoEntrega:
    """`protocolo_evento` is that of the event taken back."""

    uf_autor: Uf
    protocolo_evento: str
    versao: str = "1.00"


def hash_of_image(chave: ChaveAcesso, imagem: bytes) -> str:
    """hashComprovante and hashTentativaEntrega: base64 of SHA-1 over the key and the image in base64."""
    texto = chave.texto.encode() + base64.b64encode(imagem)
    return base64.b64encode(hashlib.sha1(texto, usedforsecurity=False).digest()).decode()


def _kind(
    codigo: str,
    descricao: str,
    esquema: Esquema,
    orgao: Orgao,
    classe: Callable[..., Any],
    *partes: Parte,
    desfaz: str = "",
) -> TipoEvento:
    return TipoEvento(
        codigo=codigo,
        descricao=descricao,
        tabela=det_evento(classe, descricao, ORGAO_AUTOR, *partes),
        esquema=esquema,
        sequencia_maxima=99,
        modelos=frozenset({Modelo.NFE}),
        orgao=orgao,
        desfaz=desfaz,
    )


COMPROVANTE_ENTREGA = _kind(
    "110130",
    "Comprovante de Entrega da NF-e",
    Esquema.DET_COMPROVANTE,
    Orgao.NACIONAL,
    ComprovanteEntrega,
    DO_EMITENTE,
    APLICATIVO,
    campo("dhEntrega", "entregue_em", DATA_HORA),
    campo("nDoc", "documento_recebedor", TEXTO),
    campo("xNome", "nome_recebedor", TEXTO),
    *_POSICAO,
    campo("hashComprovante", "hash_imagem", TEXTO),
    campo("dhHashComprovante", "hash_em", DATA_HORA),
)
CANCELA_COMPROVANTE = _kind(
    "110131",
    "Cancelamento Comprovante de Entrega da NF-e",
    Esquema.DET_CANCELA_COMPROVANTE,
    Orgao.NACIONAL,
    CancelamentoEntrega,
    DO_EMITENTE,
    APLICATIVO,
    PROTOCOLO_EVENTO,
    desfaz="110130",
)
INSUCESSO_ENTREGA = _kind(
    "110192",
    "Insucesso na Entrega da NF-e",
    Esquema.DET_INSUCESSO,
    Orgao.SVRS,
    InsucessoEntrega,
    APLICATIVO,
    campo("dhTentativaEntrega", "tentada_em", DATA_HORA),
    campo("nTentativa", "tentativa", INTEIRO),
    campo("tpMotivo", "motivo", enumerado(MotivoInsucesso)),
    campo("xJustMotivo", "justificativa", TEXTO),
    *_POSICAO,
    campo("hashTentativaEntrega", "hash_imagem", TEXTO),
    campo("dhHashTentativaEntrega", "hash_em", DATA_HORA),
)
CANCELA_INSUCESSO = _kind(
    "110193",
    "Cancelamento Insucesso na Entrega da NF-e",
    Esquema.DET_CANCELA_INSUCESSO,
    Orgao.SVRS,
    CancelamentoEntrega,
    APLICATIVO,
    PROTOCOLO_EVENTO,
    desfaz="110192",
)
ENTREGAS = (COMPROVANTE_ENTREGA, CANCELA_COMPROVANTE, INSUCESSO_ENTREGA, CANCELA_INSUCESSO)
