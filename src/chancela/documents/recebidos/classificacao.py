"""What a distributed document is, and the facts that a list shows of it. The text itself is kept verbatim elsewhere.

The schema name that came with it says the kind; the root has to agree. Whatever does not fit is `OUTRO`: kept, never refused,
since new kinds of events come every year.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import Elemento, Limites, find_local, local_name, parse_xml, text_of

_LIMITES = Limites(tamanho_bytes=4 * 1024 * 1024)


class TipoRecebido(StrEnum):
    """The kinds, in the words of the TFFiscal contract."""

    RES_NFE = "resNFe"
    PROC_NFE = "procNFe"
    RES_EVENTO = "resEvento"
    PROC_EVENTO = "procEvento"
    OUTRO = "outro"


@dataclass(frozen=True, slots=True)
class Recebido:
    """What is known of one document; what its kind does not carry is empty or None."""

    tipo: TipoRecebido
    chave: str = ""
    emitente: str = ""
    """CNPJ or CPF of who issued the note, or the event's author."""
    emitente_nome: str = ""
    valor: Decimal | None = None
    emissao: datetime | None = None
    serie: int | None = None
    numero: int | None = None
    tipo_operacao: int | None = None
    situacao: int | None = None
    """cSitNFe of a summary: 1 authorised, 2 denied, 3 cancelled."""
    tp_evento: str = ""
    descricao_evento: str = ""
    sequencia: int | None = None
    evento_em: datetime | None = None
    protocolo: str = ""


def classify(esquema: str, xml: bytes | None) -> Recebido:
    """The document of that schema name; `OUTRO` without facts when it cannot be read as what it says it is."""
    nome = esquema.partition("_")[0]
    raiz, ler = _LEITORES.get(nome, ("", None))
    if ler is None or xml is None:
        return Recebido(TipoRecebido.OUTRO)
    try:
        elemento = parse_xml(xml, limites=_LIMITES)
        if local_name(elemento) != raiz:
            return Recebido(TipoRecebido.OUTRO)
        return ler(elemento)
    except (XmlInvalido, ValueError, InvalidOperation):
        return Recebido(TipoRecebido.OUTRO)


def _read_res_nfe(raiz: Elemento) -> Recebido:
    return Recebido(
        TipoRecebido.RES_NFE,
        chave=_key(raiz, "chNFe"),
        emitente=_document(raiz),
        emitente_nome=text_of(raiz, "xNome"),
        valor=_money(text_of(raiz, "vNF")),
        emissao=_instant(text_of(raiz, "dhEmi")),
        tipo_operacao=_number(text_of(raiz, "tpNF")),
        situacao=_number(text_of(raiz, "cSitNFe")),
        protocolo=text_of(raiz, "nProt"),
    )


def _read_proc_nfe(raiz: Elemento) -> Recebido:
    inf = _child(raiz, "NFe/infNFe")
    emitente = _child(inf, "emit")
    return Recebido(
        TipoRecebido.PROC_NFE,
        chave=_key(raiz, "protNFe/infProt/chNFe"),
        emitente=_document(emitente),
        emitente_nome=text_of(emitente, "xNome"),
        valor=_money(text_of(inf, "total/ICMSTot/vNF")),
        emissao=_instant(text_of(inf, "ide/dhEmi")),
        serie=_number(text_of(inf, "ide/serie")),
        numero=_number(text_of(inf, "ide/nNF")),
        tipo_operacao=_number(text_of(inf, "ide/tpNF")),
        protocolo=text_of(raiz, "protNFe/infProt/nProt"),
    )


def _read_res_evento(raiz: Elemento) -> Recebido:
    return Recebido(
        TipoRecebido.RES_EVENTO,
        chave=_key(raiz, "chNFe"),
        emitente=_document(raiz),
        tp_evento=text_of(raiz, "tpEvento"),
        descricao_evento=text_of(raiz, "xEvento"),
        sequencia=_number(text_of(raiz, "nSeqEvento")),
        evento_em=_instant(text_of(raiz, "dhEvento")),
        protocolo=text_of(raiz, "nProt"),
    )


def _read_proc_evento(raiz: Elemento) -> Recebido:
    inf = _child(raiz, "evento/infEvento")
    return Recebido(
        TipoRecebido.PROC_EVENTO,
        chave=_key(inf, "chNFe"),
        emitente=_document(inf),
        tp_evento=text_of(inf, "tpEvento"),
        descricao_evento=text_of(inf, "detEvento/descEvento") or text_of(raiz, "retEvento/infEvento/xEvento"),
        sequencia=_number(text_of(inf, "nSeqEvento")),
        evento_em=_instant(text_of(inf, "dhEvento")),
        protocolo=text_of(raiz, "retEvento/infEvento/nProt"),
    )


_LEITORES: Mapping[str, tuple[str, Callable[[Elemento], Recebido]]] = {
    "resNFe": ("resNFe", _read_res_nfe),
    "procNFe": ("nfeProc", _read_proc_nfe),
    "resEvento": ("resEvento", _read_res_evento),
    "procEventoNFe": ("procEventoNFe", _read_proc_evento),
}


def _child(elemento: Elemento, caminho: str) -> Elemento:
    achado = find_local(elemento, caminho)
    if achado is None:
        raise ValueError(caminho)
    return achado


def _document(elemento: Elemento) -> str:
    return text_of(elemento, "CNPJ") or text_of(elemento, "CPF")


def _key(elemento: Elemento, caminho: str) -> str:
    chave = text_of(elemento, caminho)
    if len(chave) != 44 or not chave.isalnum():
        raise ValueError(caminho)
    return chave


def _money(texto: str) -> Decimal | None:
    valor = Decimal(texto) if texto else None
    if valor is not None and not (valor.is_finite() and abs(valor) < Decimal(10) ** 13):
        raise ValueError(texto)
    return valor


def _number(texto: str) -> int | None:
    if texto and not (texto.isascii() and texto.isdecimal() and len(texto) <= 9):
        raise ValueError(texto)
    return int(texto) if texto else None


def _instant(texto: str) -> datetime | None:
    lido = datetime.fromisoformat(texto) if texto else None
    if lido is not None and lido.utcoffset() is None:
        raise ValueError(texto)
    return lido
