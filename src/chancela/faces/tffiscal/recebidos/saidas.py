"""Answers of `invoice/manifest*` and `invoice/received/*`."""

from collections.abc import Sequence
from typing import NotRequired

from typing_extensions import TypedDict

from chancela.faces.tffiscal.eventos.saidas import AndamentoSaida
from chancela.faces.tffiscal.saida import Valor


class ManifestacaoComumSaida(TypedDict):
    """Uma manifestação; sem resposta da SEFAZ, `cStat` é 0 e `nProt` e `xml_url` são vazios."""

    id: str
    chave: str
    cnpj: str
    tipo_evento: int
    desc_evento: str
    nProt: str
    cStat: int
    xMotivo: str
    nSeqEvento: int
    xml_url: str


class ManifestacaoSaida(ManifestacaoComumSaida, AndamentoSaida):
    """O que foi feito da manifestação."""


class ManifestacaoLinhaSaida(ManifestacaoComumSaida):
    """Uma manifestação registrada."""

    justificativa: str
    create: str


class ManifestacoesSaida(TypedDict):
    """Uma página de manifestações."""

    total: int
    page: int
    page_size: int
    list: Sequence[ManifestacaoLinhaSaida]


class ManifestacaoXmlSaida(TypedDict):
    """O XML de uma manifestação."""

    id: str
    chave: str
    tipo_evento: int
    xml_url: str


class ContagemSaida(TypedDict):
    """Quantos documentos de cada tipo vieram nesta execução."""

    resNFe: int
    procNFe: int
    resEvento: int
    procEvento: int
    skipped: int


class SincronizacaoSaida(TypedDict):
    """O que uma sincronização trouxe."""

    cnpj: str
    uf: str
    initial_nsu: int
    ult_nsu: int
    max_nsu: int
    pending: int
    iterations: int
    last_cstat: int
    last_motivo: str
    stats: ContagemSaida


class EstadoSaida(TypedDict):
    """Onde a captura está; `uf` só vem depois da primeira sincronização."""

    cnpj: str
    uf: NotRequired[str]
    ult_nsu: int
    max_nsu: int
    pending: int
    last_sync: str | None


class RecebidoSaida(TypedDict):
    """Um documento recebido; o que o tipo não tem é 0, vazio ou nulo."""

    id: str
    nsu: int
    doc_type: str
    schema: str
    chave: str
    cnpj_destinatario: str
    emitente_cnpj: str
    emitente_nome: str
    valor: Valor
    dh_emi: str | None
    serie: int
    number: int
    tp_nf: int
    c_sit_nfe: int
    tp_evento: int
    desc_evento: str
    n_seq_evento: int
    dh_evento: str | None
    xml_url: str
    create: str


class RecebidosSaida(TypedDict):
    """Uma página de documentos recebidos."""

    total: int
    page: int
    page_size: int
    list: Sequence[RecebidoSaida]


class RecebidoXmlSaida(TypedDict):
    """O XML de um documento recebido."""

    id: str
    nsu: int
    doc_type: str
    chave: str
    xml_url: str
