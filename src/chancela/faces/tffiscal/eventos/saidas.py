"""Answers of `invoice/cancel`, `invalid`, `consultar_status`, `cce/*` and of `nfce/cancel`."""

from typing import NotRequired

from typing_extensions import TypedDict

from chancela.faces.tffiscal.saida import AvisosSaida, ErroSaida


class AndamentoSaida(AvisosSaida):
    """Como está um pedido à SEFAZ. Recusado, `success` é falso, `status` é `Rejected` e `erros` diz por quê."""

    status: NotRequired[str]
    motivo: NotRequired[str]
    cstat: NotRequired[int]
    protocolo: NotRequired[str]
    erros: NotRequired[list[ErroSaida]]


class CancelamentoSaida(AndamentoSaida):
    """O que foi feito do cancelamento."""

    uuid: str
    chave: str


class CartaSaida(AndamentoSaida):
    """A carta de correção; sem protocolo, `nProt` e `xml` são vazios."""

    id: str
    nProt: str
    nSeqEvento: int
    xml: str


class CartaLinhaSaida(TypedDict):
    """Uma carta registrada."""

    id: str
    detail: str
    nProt: str
    nSeqEvento: int
    date: str
    pdfUrl: str
    xmlUrl: str


class CartasSaida(TypedDict):
    """As cartas de uma nota, da mais nova para a mais antiga."""

    items: list[CartaLinhaSaida]
    total: int


class InutilizacaoSaida(AndamentoSaida):
    """O que foi feito da inutilização."""

    id: str
    modelo: str
    ambiente: str
    serie: int
    start_number: int
    end_number: int


class SituacaoSaida(TypedDict):
    """A situação de uma chave na SEFAZ."""

    chave: str
    status: str
    cstat: int
    motivo: str
