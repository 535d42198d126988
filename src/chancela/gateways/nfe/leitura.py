"""Reads the answers of the NF-e services by local names. Pure: bytes in, frozen values out.

ValueError says that the answer lacks what no answer may lack; the gateway turns it into an unknown outcome.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from chancela.domain.xml.leitura import Elemento, find_local, iter_local, text_of, texts_of
from chancela.gateways.nfe.retornos import (
    EventoVinculado,
    ProtocoloNfe,
    RetornoAutorizacao,
    RetornoConsulta,
    RetornoEvento,
    RetornoInutilizacao,
    RetornoLote,
    RetornoStatus,
)
from chancela.gateways.soap.envelope import Carga, standalone
from chancela.gateways.soap.recorte import slice_elements

NFE_NS = "http://www.portalfiscal.inf.br/nfe"
_BRASILIA = timezone(timedelta(hours=-3))
"""For the rare answer whose instant carries no offset."""


def read_autorizacao(carga: Carga, chave: str) -> RetornoAutorizacao:
    """`retEnviNFe` about one note. ValueError when it is about another one."""
    lote = read_lote(carga)
    retorno = lote.about(chave)
    if lote.protocolos and retorno.protocolo is None:
        raise ValueError(f"the answer is about {lote.protocolos[0].chave}, not about {chave}")
    return retorno


def read_lote(carga: Carga) -> RetornoLote:
    """`retEnviNFe` or `retConsReciNFe` about any number of notes. ValueError when it tells two things of one note."""
    raiz = carga.elemento
    lidos, recibo = texts_of(raiz), find_local(raiz, "infRec")
    do_recibo = {} if recibo is None else texts_of(recibo)
    dh_recbto = read_instant(lidos.get("dhRecbto", ""))
    protocolos = tuple(_protocols(carga, dh_recbto))
    if len({p.chave for p in protocolos}) != len(protocolos):
        raise ValueError("two protocols of one note")
    return RetornoLote(
        c_stat=_c_stat(lidos),
        motivo=lidos.get("xMotivo", ""),
        dh_recbto=dh_recbto,
        protocolos=protocolos,
        recibo=do_recibo.get("nRec") or lidos.get("nRec") or None,
        espera_s=_seconds(do_recibo.get("tMed", "")),
        ver_aplic=lidos.get("verAplic", ""),
    )


def read_consulta(carga: Carga, chave: str) -> RetornoConsulta:
    """`retConsSitNFe`. ValueError when its protocol is of another key."""
    raiz = carga.elemento
    dh_recbto = read_instant(text_of(raiz, "dhRecbto"))
    protocolo = next(iter(_protocols(carga, dh_recbto)), None)
    if protocolo is not None and protocolo.chave != chave:
        raise ValueError(f"the answer is about {protocolo.chave}, not about {chave}")
    return RetornoConsulta(
        c_stat=read_c_stat(raiz),
        motivo=text_of(raiz, "xMotivo"),
        dh_recbto=dh_recbto,
        protocolo=protocolo,
        eventos=tuple(_events(carga)),
        ver_aplic=text_of(raiz, "verAplic"),
    )


def read_status(carga: Carga) -> RetornoStatus:
    """`retConsStatServ`."""
    raiz = carga.elemento
    return RetornoStatus(
        c_stat=read_c_stat(raiz),
        motivo=text_of(raiz, "xMotivo"),
        dh_recbto=read_instant(text_of(raiz, "dhRecbto")),
        espera_s=_seconds(text_of(raiz, "tMed")),
        dh_retorno=read_instant(text_of(raiz, "dhRetorno")),
        observacao=text_of(raiz, "xObs"),
        ver_aplic=text_of(raiz, "verAplic"),
    )


def read_evento(carga: Carga, identificador: tuple[str, str, int]) -> RetornoEvento:
    """`retEnvEvento`; the event is (key, tpEvento, nSeqEvento). ValueError when it answers about another event."""
    raiz = carga.elemento
    lote, motivo_lote = read_c_stat(raiz), text_of(raiz, "xMotivo")
    elementos = list(raiz.iterchildren("{*}retEvento"))
    if len(elementos) > 1:
        raise ValueError("several events in an answer about one")
    if not elementos:
        return RetornoEvento(lote, motivo_lote, lote, motivo_lote, None, None, None)
    elemento = elementos[0]
    corpo = find_local(elemento, "infEvento")
    if corpo is None:
        raise ValueError("retEvento without infEvento")
    _check_evento(corpo, identificador)
    (fatia,) = slice_elements(carga.xml, "retEvento")
    return RetornoEvento(
        c_stat_lote=lote,
        motivo_lote=motivo_lote,
        c_stat=read_c_stat(corpo),
        motivo=text_of(corpo, "xMotivo"),
        n_prot=text_of(corpo, "nProt") or None,
        dh_registro=read_instant(text_of(corpo, "dhRegEvento")),
        xml=standalone(fatia, elemento, NFE_NS),
    )


def _check_evento(corpo: Elemento, identificador: tuple[str, str, int]) -> None:
    """What the answer names must be what was asked; refusals may leave any of it out."""
    chave, tp_evento, sequencia = identificador
    for tag, esperado in (("chNFe", chave), ("tpEvento", tp_evento), ("nSeqEvento", str(sequencia))):
        lido = text_of(corpo, tag)
        if lido and lido != esperado:
            raise ValueError(f"the answer is about {tag} {lido}, not about {esperado}")


def read_inutilizacao(carga: Carga) -> RetornoInutilizacao:
    """`retInutNFe`."""
    corpo = find_local(carga.elemento, "infInut")
    if corpo is None:
        raise ValueError("retInutNFe without infInut")
    campos = [text_of(corpo, tag) for tag in ("CNPJ", "mod", "serie", "nNFIni", "nNFFin")]
    return RetornoInutilizacao(
        c_stat=read_c_stat(corpo),
        motivo=text_of(corpo, "xMotivo"),
        n_prot=text_of(corpo, "nProt") or None,
        dh_recbto=read_instant(text_of(corpo, "dhRecbto")),
        faixa=(campos[0], campos[1], campos[2], campos[3], campos[4]) if all(campos) else None,
        xml=standalone(carga.xml, carga.elemento, NFE_NS),
    )


def _protocols(carga: Carga, dh_lote: datetime | None) -> list[ProtocoloNfe]:
    """The `protNFe` of the answer itself, in order; those inside events are none of it."""
    elementos = list(carga.elemento.iterchildren("{*}protNFe"))
    if not elementos:
        return []
    fatias = slice_elements(carga.xml, "protNFe")
    if len(fatias) != len(elementos):
        raise ValueError("protNFe found where none belongs")
    return [_protocol(e, standalone(f, e, NFE_NS), dh_lote) for e, f in zip(elementos, fatias, strict=True)]


def _protocol(elemento: Elemento, xml: bytes, dh_lote: datetime | None) -> ProtocoloNfe:
    corpo = find_local(elemento, "infProt")
    if corpo is None:
        raise ValueError("protNFe without infProt")
    lidos = texts_of(corpo)
    chave = lidos.get("chNFe", "")
    dh_recbto = read_instant(lidos.get("dhRecbto", "")) or dh_lote
    if len(chave) != 44 or dh_recbto is None:
        raise ValueError("infProt without chNFe or dhRecbto")
    return ProtocoloNfe(
        chave=chave,
        n_prot=lidos.get("nProt") or None,
        c_stat=_c_stat(lidos),
        motivo=lidos.get("xMotivo", ""),
        dh_recbto=dh_recbto,
        digest_value=lidos.get("digVal") or None,
        c_msg=lidos.get("cMsg", ""),
        x_msg=lidos.get("xMsg", ""),
        xml=xml,
    )


def _events(carga: Carga) -> Iterator[EventoVinculado]:
    elementos = list(carga.elemento.iterchildren("{*}procEventoNFe"))
    if not elementos:
        return
    for elemento, fatia in zip(elementos, slice_elements(carga.xml, "procEventoNFe"), strict=True):
        pedido = next(iter_local(elemento, "infEvento"), None)
        retorno = find_local(elemento, "retEvento/infEvento")
        if pedido is None or retorno is None:
            raise ValueError("procEventoNFe without infEvento")
        yield EventoVinculado(
            tp_evento=text_of(pedido, "tpEvento"),
            n_seq_evento=_number(text_of(pedido, "nSeqEvento", "1"), "nSeqEvento"),
            c_stat=read_c_stat(retorno),
            motivo=text_of(retorno, "xMotivo"),
            n_prot=text_of(retorno, "nProt") or None,
            dh_registro=read_instant(text_of(retorno, "dhRegEvento")),
            descricao=text_of(retorno, "xEvento") or text_of(pedido, "detEvento/descEvento"),
            xml=standalone(fatia, elemento, NFE_NS),
            digest_value=next((d.text for d in iter_local(elemento, "DigestValue")), None),
        )


def read_c_stat(elemento: Elemento) -> int:
    """cStat of a group. ValueError when it is no number."""
    return _number(text_of(elemento, "cStat"), "cStat")


def _c_stat(textos: Mapping[str, str]) -> int:
    return _number(textos.get("cStat", ""), "cStat")


def _number(texto: str, nome: str) -> int:
    if not (texto.isascii() and texto.isdecimal() and len(texto) <= 4):
        raise ValueError(f"{nome} is {texto[:20]!r}")
    return int(texto)


def _seconds(texto: str) -> int | None:
    return int(texto) if texto.isascii() and texto.isdecimal() and len(texto) <= 6 else None


def read_instant(texto: str) -> datetime | None:
    """An instant of the answer; None when absent. ValueError when it is not one."""
    if not texto:
        return None
    lido = datetime.fromisoformat(texto)
    return lido if lido.tzinfo is not None else lido.replace(tzinfo=_BRASILIA)
