"""A text in the emission of another: the same document in another kind of emission (tpEmis, dhCont and xJust, nothing else
touched), and a corrected note in the key, instant and kind that its EPEC announced."""

import re
from datetime import datetime

from chancela.documents.nfe.modelo import Contingencia
from chancela.domain.chave import ChaveAcesso, dv_chave
from chancela.domain.xml.escrita import escape_text

_TP_EMIS = re.compile(rb"<tpEmis>[0-9]</tpEmis>")
_DH_EMI = re.compile(rb"<dhEmi>([^<]*)</dhEmi>")
_CNF = re.compile(rb"<cNF>[0-9]{8}</cNF>")
_CHAVE = re.compile(rb'Id="NFe([0-9]{6}[A-Z0-9]{12}[0-9]{26})"')
_FIM_DO_APLICATIVO = re.compile(rb"</verProc>(?:<dhCont>[^<]*</dhCont>)?(?:<xJust>[^<]*</xJust>)?")


def change_emission(canonico: bytes, tp_emis: int, contingencia: Contingencia | None) -> bytes:
    """The text of `numeracao.build_placeholder`, or a numbered one, in another kind of emission.

    The key inside gets the new tpEmis and the check digit that goes with it; `number_infnfe` then gives it its own.
    dhCont and xJust stand after verProc (leiaute 4.00, B28 and B29).
    """
    achada = _CHAVE.search(canonico)
    assert achada is not None, "the text is that of an infNFe"
    antiga = ChaveAcesso(achada[1].decode())
    base = f"{antiga.texto[:34]}{tp_emis}{antiga.cnf}"
    nova = ChaveAcesso(base + dv_chave(base))
    texto = canonico.replace(achada[1], nova.texto.encode(), 1)
    texto = texto.replace(f"<cDV>{antiga.dv}</cDV>".encode(), f"<cDV>{nova.dv}</cDV>".encode(), 1)
    texto, trocas = _TP_EMIS.subn(f"<tpEmis>{tp_emis}</tpEmis>".encode(), texto, count=1)
    assert trocas == 1, "the text has one tpEmis"
    fim = _FIM_DO_APLICATIVO.search(texto)
    assert fim is not None, "the text has a verProc"
    return texto[: fim.start()] + b"</verProc>" + _group(contingencia) + texto[fim.end() :]


def keep_announced(corrigido: bytes, anunciado: bytes) -> bytes:
    """`corrigido` in what the EPEC of `anunciado` told of the note: its key, dhEmi, tpEmis, dhCont and xJust (NT 2014.001).

    Both are texts of one number.
    """
    chaves = [_CHAVE.search(texto) for texto in (corrigido, anunciado)]
    assert chaves[0] is not None, "the text is that of an infNFe"
    assert chaves[1] is not None, "the text is that of an infNFe"
    nova, antiga = (ChaveAcesso(achada[1].decode()) for achada in chaves if achada is not None)
    texto = corrigido.replace(chaves[0][0], chaves[1][0], 1)
    texto = texto.replace(f"<cDV>{nova.dv}</cDV>".encode(), f"<cDV>{antiga.dv}</cDV>".encode(), 1)
    for parte in (_CNF, _TP_EMIS, _DH_EMI, _FIM_DO_APLICATIVO):
        achada = parte.search(anunciado)
        assert achada is not None, "every infNFe has it"
        literal = achada[0]
        texto, trocas = parte.subn(lambda _, literal=literal: literal, texto, count=1)
        assert trocas == 1, "every infNFe has it"
    return texto


def read_emission(canonico: bytes) -> datetime:
    """dhEmi of the text, with the issuer's local offset."""
    achado = _DH_EMI.search(canonico)
    assert achado is not None, "the text has a dhEmi"
    return datetime.fromisoformat(achado[1].decode())


def _group(contingencia: Contingencia | None) -> bytes:
    if contingencia is None:
        return b""
    inicio = contingencia.inicio.replace(microsecond=0).isoformat()
    return f"<dhCont>{inicio}</dhCont><xJust>{escape_text(contingencia.justificativa)}</xJust>".encode()
