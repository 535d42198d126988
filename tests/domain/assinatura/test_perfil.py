import base64
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.domain.assinatura.ber import der, integer, oid

from chancela.domain.assinatura import asn1
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.assinatura.perfil import (
    PERFIL_SHA1,
    Perfil,
    canonicalize,
    has_official_form,
    sign,
    verify,
)
from chancela.domain.erros import AssinaturaInvalida, XmlInvalido
from chancela.domain.xml.escrita import DSIG_NS, NFE_NS
from chancela.domain.xml.leitura import find_local, parse_xml, slice_element, text_of


def xmlsec_accepts(documento: bytes) -> bool:
    """The judgement of the reference implementation."""
    raiz = etree.fromstring(documento)
    xmlsec.tree.add_ids(raiz, ["Id"])
    no = xmlsec.tree.find_node(raiz, xmlsec.constants.NodeSignature)
    contexto = xmlsec.SignatureContext(xmlsec.KeysManager())
    der = base64.b64decode(no.findtext(f".//{{{DSIG_NS}}}X509Certificate"))
    contexto.key = xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer)
    try:
        contexto.verify(no)
    except xmlsec.Error:
        return False
    return True


def refused(documento: bytes) -> str:
    with pytest.raises((AssinaturaInvalida, XmlInvalido)) as erro:
        verify(documento, tag="infNFe")
    return erro.value.codigo


def test_own_verifier_and_xmlsec_agree(nfe: bytes, inf_nfe: bytes, certificado: Certificado) -> None:
    assert xmlsec_accepts(nfe)
    verificada = verify(nfe, tag="infNFe")
    assert verificada.canonico == inf_nfe
    assert verificada.certificado.cnpj == certificado.cnpj
    assert verificada.certificado.impressao_digital == certificado.impressao_digital
    assert text_of(verificada.elemento, "ide/nNF") == "1"
    assert f"<DigestValue>{verificada.digest_value}</DigestValue>".encode() in nfe


def test_xmlsec1_program_agrees(nfe: bytes, tmp_path: Path) -> None:
    programa = shutil.which("xmlsec1")
    if programa is None:
        pytest.skip("xmlsec1 is not installed")
    arquivo = tmp_path / "nfe.xml"
    arquivo.write_bytes(nfe)
    comando = [programa, "--verify", "--insecure", "--id-attr:Id", f"{NFE_NS}:infNFe", str(arquivo)]
    assert subprocess.run(comando, check=False, capture_output=True).returncode == 0


def test_signature_is_canonical_already(nfe: bytes, inf_nfe: bytes) -> None:
    assinatura = slice_element(nfe, "Signature")
    assert etree.tostring(etree.fromstring(assinatura), method="c14n") == assinatura
    assert etree.tostring(etree.fromstring(inf_nfe), method="c14n") == inf_nfe


def test_signing_is_a_function_of_its_arguments(
    inf_nfe: bytes, id_nota: str, certificado: Certificado
) -> None:
    assert sign(inf_nfe, id_nota, certificado) == sign(inf_nfe, id_nota, certificado)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn")), max_size=40))
def test_any_text_survives_signing(certificado: Certificado, texto: str) -> None:
    corpo = etree.Element("x")
    corpo.text = texto
    interno = etree.tostring(corpo, method="c14n")
    canonico = f'<infNFe xmlns="{NFE_NS}" Id="NFe1">'.encode() + interno + b"</infNFe>"
    documento = (
        f'<NFe xmlns="{NFE_NS}">'.encode() + canonico + sign(canonico, "NFe1", certificado).xml + b"</NFe>"
    )
    assert verify(documento, tag="infNFe").canonico == canonico


def test_reformatted_but_equal_content_still_verifies(nfe: bytes) -> None:
    """What other programs do to a note without changing it: declaration, quotes, order, references, CDATA."""
    outra = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        + nfe.replace(b'Id="NFe35', b"Id  ='NFe35", 1).replace(b'3456783" versao', b"3456783'  versao", 1)
    ).replace(b"<xMun>SAO PAULO", b"<xMun><![CDATA[SAO]]>&#32;PAULO", 1)
    assert xmlsec_accepts(outra)
    assert verify(outra, tag="infNFe").canonico == verify(nfe, tag="infNFe").canonico


def test_namespaces_in_scope_count(
    nfe: bytes, inf_nfe: bytes, id_nota: str, certificado: Certificado
) -> None:
    """Inclusive canonical form takes the namespaces around: as xmlsec judges, so do we."""
    com_prefixo = nfe.replace(b"<NFe ", b'<NFe xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ', 1)
    assert not xmlsec_accepts(com_prefixo)
    assert refused(com_prefixo) in ("ASSINATURA-09", "ASSINATURA-10")
    raiz = parse_xml(com_prefixo)
    alvo = find_local(raiz, "infNFe")
    assert alvo is not None
    declarado = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    assert canonicalize(alvo) == inf_nfe.replace(b'/nfe"', b'/nfe"' + declarado, 1)


def test_key_must_be_that_of_the_certificate(
    nfe: bytes, inf_nfe: bytes, id_nota: str, fabrica, agora, senha
) -> None:
    from chancela.domain.assinatura.certificado import load_pkcs12

    outra = rsa.generate_private_key(65537, 2048)
    pfx = fabrica.pfx(fabrica.certificado(chave=outra), chave=outra)
    alheio = load_pkcs12(pfx, senha, agora=agora)
    alheia = sign(inf_nfe, id_nota, alheio).xml
    trocada = alheia.replace(slice_element(alheia, "X509Certificate"), slice_element(nfe, "X509Certificate"))
    assert refused(nfe.replace(slice_element(nfe, "Signature"), trocada, 1)) == "ASSINATURA-10"


def test_another_profile_can_take_the_place(inf_nfe: bytes, id_nota: str, certificado: Certificado) -> None:
    sha256 = Perfil(
        metodo_assinatura="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        metodo_digest="http://www.w3.org/2001/04/xmlenc#sha256",
        hash_nome="sha256",
        prefixo_digest_info=bytes.fromhex("3031300d060960864801650304020105000420"),
    )
    assinatura = sign(inf_nfe, id_nota, certificado, perfil=sha256)
    documento = f'<NFe xmlns="{NFE_NS}">'.encode() + inf_nfe + assinatura.xml + b"</NFe>"
    assert xmlsec_accepts(documento)
    assert verify(documento, tag="infNFe", perfil=sha256).canonico == inf_nfe
    with pytest.raises(AssinaturaInvalida) as erro:
        verify(documento, tag="infNFe", perfil=PERFIL_SHA1)
    assert erro.value.codigo == "ASSINATURA-07"


@pytest.mark.parametrize(
    "abertura", [b"<NFe xmlns=", b'<NFe xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns=']
)
def test_signature_of_another_program_holds(
    abertura: bytes, inf_nfe: bytes, id_nota: str, certificado: Certificado
) -> None:
    """xmlsec signs, with line breaks in its base64 and whatever namespaces are in scope; we judge."""
    raiz = etree.fromstring(abertura + f'"{NFE_NS}">'.encode() + inf_nfe + b"</NFe>")
    modelo = xmlsec.template.create(raiz, xmlsec.Transform.C14N, xmlsec.Transform.RSA_SHA1)
    raiz.append(modelo)
    referencia = xmlsec.template.add_reference(modelo, xmlsec.Transform.SHA1, uri=f"#{id_nota}")
    xmlsec.template.add_transform(referencia, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(referencia, xmlsec.Transform.C14N)
    dados = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(modelo))
    xmlsec.template.x509_data_add_certificate(dados)
    xmlsec.tree.add_ids(raiz, ["Id"])
    contexto = xmlsec.SignatureContext()
    contexto.key = xmlsec.Key.from_memory(certificado.pem_bytes(), xmlsec.constants.KeyDataFormatPem)
    contexto.key.load_cert_from_memory(certificado.pem_bytes(), xmlsec.constants.KeyDataFormatPem)
    contexto.sign(modelo)
    documento = etree.tostring(raiz)
    assert xmlsec_accepts(documento)
    verificada = verify(documento, tag="infNFe")
    assert verificada.certificado.der == certificado.der
    assert text_of(verificada.elemento, "ide/nNF") == "1"


def test_the_form_of_our_own_signatures(inf_nfe: bytes, id_nota: str, certificado: Certificado) -> None:
    assinatura = sign(inf_nfe, id_nota, certificado)
    assert has_official_form(assinatura, id_nota, certificado)
    assert not has_official_form(assinatura, id_nota.replace("35", "33", 1), certificado)
    for ruim in (
        replace(assinatura, digest_value=assinatura.digest_value[:-1]),
        replace(assinatura, digest_value="A" * 27 + "="),
        replace(assinatura, xml=assinatura.xml + b" "),
        replace(assinatura, xml=assinatura.xml.replace(b"<SignatureValue>", b"<SignatureValue>A")),
        replace(assinatura, xml=assinatura.xml.replace(b"<X509Certificate>", b"<X509Certificate>AAAA")),
    ):
        assert not has_official_form(ruim, id_nota, certificado)


def test_refusals_that_no_wrapping_needs(nfe: bytes, fabrica) -> None:
    outro = nfe.replace(f'<infNFe xmlns="{NFE_NS}"'.encode(), b'<infNFe xmlns="http://outro"', 1)
    assert refused(outro) == "ASSINATURA-04"
    assert refused(nfe.replace(b"<DigestValue>", b"<DigestValue><b/>", 1)) == "ASSINATURA-12"
    curto = base64.b64encode(shorten_key(fabrica.certificado().public_bytes(serialization.Encoding.DER)))
    atual = slice_element(nfe, "X509Certificate")
    assert (
        refused(nfe.replace(atual, b"<X509Certificate>" + curto + b"</X509Certificate>")) == "ASSINATURA-11"
    )


def shorten_key(certificado: bytes) -> bytes:
    """The certificate with an RSA key of 512 bits, which no library of today makes."""
    chave = der(0x30, integer(2**511 + 1), integer(65537))
    publica = der(0x30, der(0x30, oid("1.2.840.113549.1.1.1"), der(0x05)), der(0x03, b"\x00", chave))
    tbs, *resto = asn1.read_one(certificado)[0].children()
    campos = [der(campo.tag, campo.conteudo) for campo in tbs.children()]
    campos[6] = publica
    return der(0x30, der(0x30, *campos), *(der(no.tag, no.conteudo) for no in resto))
