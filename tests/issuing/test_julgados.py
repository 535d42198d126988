"""The second judgement of the schema is spared only where what the first one said is proven to hold."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.documents.nfe import pedidos
from tests.documents.nfe.fabrica import CNPJ
from tests.documents.nfe.montar import montar
from tests.stores.fabrica import AGORA

from chancela.documents.nfce.enderecos import packaged_consultas
from chancela.documents.nfce.qrcode import Csc
from chancela.documents.nfe.layout import build_infnfe
from chancela.documents.nfe.modelo import Identificacao
from chancela.documents.nfe.numeracao import build_placeholder, differs_only_in_number
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import has_official_form, sign
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Uf
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.issuing.assinatura_nfe import AssinadorNfe
from chancela.issuing.julgados import Julgados
from chancela.issuing.modelo import Assinado, Documento, Estado, Resumo
from chancela.simulator.ca import AutoridadeTeste

MONTADA = montar(pedidos.SIMPLES)
JULGADO = build_placeholder(MONTADA)


def numbered(numero: int) -> tuple[bytes, str]:
    """The text under a number of its own, and its key."""
    identificacao = Identificacao.compose(
        MONTADA.nfe, serie=MONTADA.serie, numero=numero, cnf="48390217", emissao=MONTADA.emissao, ambiente=MONTADA.ambiente
    )  # fmt: skip
    return build_infnfe(MONTADA.nfe, identificacao), identificacao.chave.texto


NUMERADO, CHAVE = numbered(77)


def document(texto: bytes, chave: str = CHAVE) -> Documento:
    nota = MONTADA.nfe
    return Documento(
        id="0" * 24, empresa_id=1, modelo=nota.modelo, ambiente=MONTADA.ambiente, emitente=str(CNPJ), uf=Uf.SP,
        serie=MONTADA.serie, numero=77, tp_emis=1, chave=chave, referencia=None, estado=Estado.PENDENTE, emitido_em=AGORA,
        criado_em=AGORA, atualizado_em=AGORA, resumo=Resumo(Decimal(1), "Venda", "", "", 1), xml_sem_assinatura=texto,
    )  # fmt: skip


class SemCsc:
    def csc(self, empresa_id: int) -> None:
        return None

    def open_csc(self, empresa_id: int, selado: bytes) -> Csc:
        raise AssertionError((empresa_id, selado))


@pytest.fixture(scope="module")
def certificado(tmp_path_factory: pytest.TempPathFactory) -> Certificado:
    autoridade = AutoridadeTeste.open(tmp_path_factory.mktemp("ca"))
    pfx = autoridade.issue_test_certificate(nome="LOJA", senha="s", agora=AGORA, cnpj=str(CNPJ))
    return load_pkcs12(pfx, "s", agora=AGORA)


@pytest.fixture(scope="module")
def esquemas() -> Esquemas:
    return Esquemas()


def signer(esquemas: Esquemas, julgados: Julgados) -> Callable[[Documento, Certificado], Assinado]:
    assinador = AssinadorNfe(esquemas, cscs=SemCsc(), consultas=packaged_consultas(), julgados=julgados)
    return lambda documento, certificado: assinador.prepare(
        documento.modelo, documento.empresa_id, certificado
    )(documento)


def test_a_remembered_text_is_signed_without_the_schema(
    tmp_path: Path, esquemas: Esquemas, certificado: Certificado
) -> None:
    julgados = Julgados()
    julgados.remember(JULGADO, NUMERADO)
    assinado = signer(Esquemas(tmp_path), julgados)(
        document(NUMERADO), certificado
    )  # a folder without schemas
    assert esquemas.validate(Esquema.NFE, assinado.xml) == ()


def test_an_unknown_text_is_judged_in_full(
    tmp_path: Path, esquemas: Esquemas, certificado: Certificado
) -> None:
    with pytest.raises((OSError, etree.XMLSchemaParseError)):
        signer(Esquemas(tmp_path), Julgados())(document(NUMERADO), certificado)
    errado = NUMERADO.replace(b"<indFinal>", b"<indFinall>").replace(b"</indFinal>", b"</indFinall>")
    assert errado != NUMERADO
    with pytest.raises(RegraViolada):
        signer(esquemas, Julgados())(document(errado), certificado)


@pytest.mark.parametrize(
    "muda",
    [
        lambda t: t + b" ",
        lambda t: t.replace(b"<indFinal>1", b"<indFinal>0").replace(b"<indFinal>0", b"<indFinal>9"),
        lambda t: t.replace(b"<serie>1<", b"<serie>01<"),
        lambda t: t.replace(b"<nNF>77<", b"<nNF>0<"),
        lambda t: t.replace(b"<nNF>77<", b"<nNF>7x<"),
        lambda t: re.sub(rb"<natOp>[^<]*", b"<natOp>outra", t),
        lambda t: t.replace(b'Id="NFe35', b'Id="NFe3A'),
        lambda t: t.replace(b"<tpEmis>1<", b"<tpEmis>9<"),
        lambda t: t.replace(b"<mod>55<", b"<mod>65<"),
        lambda _t: b"",
    ],
)
def test_any_other_difference_is_seen(muda: object) -> None:
    mudado = muda(NUMERADO)  # type: ignore[operator]
    assert mudado != NUMERADO
    assert differs_only_in_number(JULGADO, NUMERADO)
    assert not differs_only_in_number(JULGADO, mudado)
    julgados = Julgados()
    julgados.remember(JULGADO, mudado)
    assert not julgados.knows(mudado)


def test_the_oldest_is_forgotten() -> None:
    julgados = Julgados(2)
    textos = [numbered(n)[0] for n in (1, 2, 3)]
    for texto in textos:
        julgados.remember(JULGADO, texto)
    assert [julgados.knows(t) for t in textos] == [False, True, True]


def test_form_of_a_signature(certificado: Certificado) -> None:
    id_ = f"NFe{CHAVE}"
    assinatura = sign(NUMERADO, id_, certificado)
    assert has_official_form(assinatura, id_, certificado)
    assert not has_official_form(assinatura, "NFe0", certificado)
    assert not has_official_form(replace(assinatura, digest_value="AAAA"), id_, certificado)
    sem_base64 = replace(certificado, base64="*")
    assert not has_official_form(sign(NUMERADO, id_, sem_base64), id_, sem_base64)
    assert not has_official_form(replace(assinatura, xml=assinatura.xml[:-300]), id_, certificado)
    for de, por in (
        (b"<SignatureValue>", b"<SignatureValue>="),
        (b"</SignatureValue>", b"A</SignatureValue>"),
        (b"rsa-sha1", b"rsa-sha256"),
        (b"</KeyInfo>", b"<KeyName>x</KeyName></KeyInfo>"),
        (b"<X509Certificate>", b"<X509Certificate>AAAA"),
    ):
        assert not has_official_form(
            replace(assinatura, xml=assinatura.xml.replace(de, por)), id_, certificado
        )
