"""A document before and after its number: placeholder text, judgement by the schema, and the number written into it.

Building and judging happen before numbering, so that a number is only taken by a document known to be good; the
numbering transaction then replaces a few fields at the head of the text and does no other XML work.
"""

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache

from chancela.documents.nfe.conferencia import describe_misfit
from chancela.documents.nfe.layout import build_infnfe, compose_unsigned
from chancela.documents.nfe.layout_caminhos import path_of_tags
from chancela.documents.nfe.modelo import Contingencia, Identificacao
from chancela.documents.nfe.montagem import NfeMontada
from chancela.documents.nfe.montagem_caminhos import to_pedido
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.xml.escrita import NFE_NS
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain
from chancela.domain.xml.leiaute import ValorNaoCabe
from chancela.domain.xml.leitura import parse_own_xml

_CNF_PROVISORIO = "10000001"
_INICIO = f'<infNFe xmlns="{NFE_NS}" Id="NFe'.encode()
_CABECA = re.compile(
    rb'(<infNFe xmlns="[^"]+" Id="NFe)(?P<chave>[0-9A-Z]{44})(" versao="4\.00"><ide><cUF>[0-9]{2}</cUF><cNF>)(?P<cnf>[0-9]{8})'
    rb"(</cNF><natOp>[^<]*</natOp><mod>(?P<modelo>[0-9]{2})</mod><serie>)(?P<serie>[0-9]{1,3})(</serie><nNF>)(?P<numero>[0-9]{1,9})"
    rb"(</nNF><dhEmi>20[0-9]{2}-[0-9]{2}[^<]*</dhEmi>.*?<tpEmis>(?P<tpemis>[0-9])</tpEmis><cDV>)(?P<dv>[0-9])(</cDV>)"
)
"""The head of the text; the groups without a name are what stands between what numbering changes."""
_FIXOS = tuple(n for n in range(1, _CABECA.groups + 1) if n not in _CABECA.groupindex.values())
_ID_OFICIAL = re.compile(rb"[0-9]{6}[A-Z0-9]{12}[0-9]{26}")
_HASH_CSRT = re.compile(rb"<hashCSRT>[^<]*</hashCSRT>")


def build_placeholder(
    montada: NfeMontada, *, tp_emis: int = 1, contingencia: Contingencia | None = None
) -> bytes:
    """Canonical `infNFe` with a key of its own kind: right issuer, month, model and series; number 1."""
    identificacao = Identificacao.compose(
        montada.nfe,
        serie=montada.serie,
        numero=1,
        cnf=_CNF_PROVISORIO,
        emissao=montada.emissao,
        ambiente=montada.ambiente,
        tp_emis=tp_emis,
        contingencia=contingencia,
    )
    return build_infnfe(montada.nfe, identificacao)


def build_checked(
    montada: NfeMontada,
    pedido: PedidoNfe,
    *,
    tp_emis: int = 1,
    contingencia: Contingencia | None = None,
    esquemas: Esquemas | None = None,
) -> bytes:
    """`build_placeholder`, judged by the schema: `RegraViolada` with what it refuses, in the names of the request.

    A tax that the caller states may hold what its field cannot; everything else was made to fit before.
    """
    try:
        texto = build_placeholder(montada, tp_emis=tp_emis, contingencia=contingencia)
    except ValorNaoCabe as erro:
        raise RegraViolada(to_pedido((describe_misfit(erro),), pedido)) from erro
    faltas = prevalidate(texto, esquemas=esquemas)
    if faltas:
        raise RegraViolada(tuple(_of_request(v, pedido) for v in faltas))
    return texto


def _of_request(violacao: Violacao, pedido: PedidoNfe) -> Violacao:
    """Taxes come in the document's terms; every other path is the request's already."""
    return to_pedido((violacao,), pedido)[0] if ".tributos." in violacao.caminho else violacao


def number_infnfe(canonico: bytes, chave: ChaveAcesso, *, csrt: str | None = None) -> bytes:
    """The text with the key's Id, cNF, serie, nNF and cDV in place of the placeholders.

    The key must agree with what the text already says (UF, month, issuer, model, tpEmis). With `csrt`, a `hashCSRT` in
    the text is recomputed for this key (NT 2018.005).
    """
    assert canonico.startswith(_INICIO), "the text comes from build_placeholder"
    achado = _CABECA.match(canonico)
    assert achado is not None, "the head of the text is that of an infNFe"
    texto = chave.texto.encode()
    provisoria, modelo, tpemis = achado.group("chave", "modelo", "tpemis")
    assert provisoria[:20] == texto[:20], "the key is of the same UF, month and issuer"
    assert modelo == texto[20:22], "the key is of the same model"
    assert tpemis == texto[34:35], "the key is of the same tpEmis"
    abre, ate_cnf, ate_serie, ate_numero, ate_dv, resto = achado.group(*_FIXOS)
    cabeca = b"%s%s%s%s%s%d%s%d%s%s%s" % (
        abre, texto, ate_cnf, texto[35:43], ate_serie, chave.serie, ate_numero, chave.numero, ate_dv, texto[43:], resto,
    )  # fmt: skip
    numerado = cabeca + canonico[achado.end() :]
    if csrt is None:
        return numerado
    resumo = hashlib.sha1(f"{csrt}{chave}".encode(), usedforsecurity=False).digest()
    return _HASH_CSRT.sub(b"<hashCSRT>%s</hashCSRT>" % base64.b64encode(resumo), numerado, count=1)


def differs_only_in_number(julgado: bytes, numerado: bytes) -> bool:
    """Whether `numerado` is `julgado`, byte for byte, but for Id, cNF, serie, nNF and cDV, each in its official form.

    What the schema said of `julgado` then holds for `numerado`. A text with `hashCSRT` recomputed does not qualify.
    """
    antes, depois = _CABECA.match(julgado), _CABECA.match(numerado)
    if antes is None or depois is None or julgado[antes.end() :] != numerado[depois.end() :]:
        return False
    chave, serie, numero = depois.group("chave", "serie", "numero")
    return (
        antes.group(*_FIXOS) == depois.group(*_FIXOS)
        and _ID_OFICIAL.fullmatch(chave) is not None
        and not (serie.startswith(b"0") and serie != b"0")
        and not numero.startswith(b"0")
    )


def prevalidate(
    canonico: bytes, *, suplemento: bytes | None = None, esquemas: Esquemas | None = None
) -> tuple[Violacao, ...]:
    """What the official schema refuses in the document, in the names of the request; empty when it is valid.

    The signature it is given for the occasion has the right shape and no truth in it.
    """
    registro = esquemas if esquemas is not None else _esquemas()
    falhas = registro.validate(Esquema.NFE, parse_own_xml(compose_unsigned(canonico, suplemento)))
    if not falhas:
        return ()
    explicadas = [explain(falha) for falha in falhas]
    return tuple(replace(v, caminho=path_of_tags(v.caminho) or v.caminho) for v in explicadas)


@cache
def _esquemas() -> Esquemas:
    return Esquemas()
