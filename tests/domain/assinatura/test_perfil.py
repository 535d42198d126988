import base64
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlsec
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.assinatura.perfil import PERFIL_SHA1, Perfil, canonicalize, sign, verify
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


def resign(nfe: bytes, antes: bytes, depois: bytes, certificado: Certificado) -> bytes:
    """The note with another SignedInfo that the key really signed."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    assert antes in nfe
    documento = nfe.replace(antes, depois, 1)
    informacao = slice_element(documento, "SignedInfo")
    canonica = etree.tostring(
        etree.fromstring(informacao.replace(b"<SignedInfo>", f'<SignedInfo xmlns="{DSIG_NS}">'.encode(), 1)),
        method="c14n",
    )
    valor = base64.b64encode(certificado.chave.sign(canonica, PKCS1v15(), hashes.SHA1()))
    antigo = slice_element(documento, "SignatureValue")
    return documento.replace(antigo, b"<SignatureValue>" + valor + b"</SignatureValue>", 1)


EXTRA = b"<xNome>OUTRO</xNome>"


def wrap_in_object(nfe: bytes, alvo: bytes, falso: bytes) -> bytes:
    """Original hidden in an Object of the Signature, forgery in its place."""
    return nfe.replace(alvo, falso, 1).replace(
        b"</Signature>", b"<Object>" + alvo + b"</Object></Signature>", 1
    )


EMBRULHOS: dict[str, tuple[Callable[[bytes, bytes, bytes], bytes], str]] = {
    "object": (wrap_in_object, "ASSINATURA-04"),
    "irmao antes": (lambda n, a, f: n.replace(a, f + a, 1), "ASSINATURA-04"),
    "irmao depois": (lambda n, a, f: n.replace(a, a + f, 1), "ASSINATURA-04"),
    "original dentro do falso": (
        lambda n, a, f: n.replace(a, f.replace(b"</infNFe>", a + b"</infNFe>"), 1),
        "ASSINATURA-04",
    ),
    "falso noutro namespace": (
        lambda n, a, f: n.replace(a, a + f.replace(b"portalfiscal", b"exemplo"), 1),
        "ASSINATURA-04",
    ),
    "original noutro pai": (
        lambda n, a, f: n.replace(a, b"<w>" + a + b"</w>", 1),
        "ASSINATURA-03",
    ),
    "assinatura antes": (
        lambda n, a, f: n.replace(slice_element(n, "Signature"), b"", 1).replace(
            a, slice_element(n, "Signature") + a, 1
        ),
        "ASSINATURA-03",
    ),
    "duas assinaturas": (
        lambda n, a, f: n.replace(b"</NFe>", slice_element(n, "Signature") + b"</NFe>", 1),
        "ASSINATURA-02",
    ),
    "sem assinatura": (lambda n, a, f: n.replace(slice_element(n, "Signature"), b"", 1), "ASSINATURA-01"),
    "id repetido": (
        lambda n, a, f: n.replace(b"<NFe ", b'<NFe ID="NFe35260911222333000181550010000000011123456783" ', 1),
        "ASSINATURA-05",
    ),
    "id trocado": (lambda n, a, f: n.replace(b'Id="NFe35', b'Id="NFe36', 1), "ASSINATURA-06"),
    "uri vazia": (lambda n, a, f: n.replace(b'URI="#NFe', b'URI="" Id="NFe', 1), "ASSINATURA-06"),
    "uri externa": (
        lambda n, a, f: n.replace(b'URI="#NFe', b'URI="http://192.0.2.1/#NFe', 1),
        "ASSINATURA-06",
    ),
    "uri xpointer": (
        lambda n, a, f: n.replace(b'URI="#NFe', b'URI="#xpointer(id(1))NFe', 1),
        "ASSINATURA-06",
    ),
    "duas referencias": (
        lambda n, a, f: n.replace(b"</SignedInfo>", slice_element(n, "Reference") + b"</SignedInfo>", 1),
        "ASSINATURA-06",
    ),
    "conteudo": (lambda n, a, f: n.replace(a, f, 1), "ASSINATURA-09"),
    "comentario que parte o valor": (
        lambda n, a, f: n.replace(b"10.00", b"1<!-- -->0.00", 1),
        "XML-LEITURA-11",
    ),
    "xml:lang em volta": (lambda n, a, f: n.replace(b"<NFe ", b'<NFe xml:lang="pt" ', 1), "ASSINATURA-12"),
    "namespace relativo": (
        lambda n, a, f: n.replace(b"<NFe ", b'<NFe xmlns:x="relativo" ', 1),
        "ASSINATURA-12",
    ),
    "base64 quebrado": (lambda n, a, f: n.replace(b"<DigestValue>", b"<DigestValue>*", 1), "ASSINATURA-12"),
    "chave solta": (
        lambda n, a, f: n.replace(b"<X509Data>", b"<KeyValue></KeyValue><X509Data>", 1),
        "ASSINATURA-12",
    ),
    "dois certificados": (
        lambda n, a, f: n.replace(b"</X509Data>", slice_element(n, "X509Certificate") + b"</X509Data>", 1),
        "ASSINATURA-12",
    ),
    "texto solto": (lambda n, a, f: n.replace(b"<KeyInfo>", b"x<KeyInfo>", 1), "ASSINATURA-12"),
    "certificado ilegivel": (
        lambda n, a, f: n.replace(
            slice_element(n, "X509Certificate"), b"<X509Certificate>AAAA</X509Certificate>"
        ),
        "ASSINATURA-11",
    ),
}


@pytest.mark.parametrize("nome", EMBRULHOS)
def test_wrapping_is_refused(nfe: bytes, inf_nfe: bytes, nome: str) -> None:
    embrulhar, codigo = EMBRULHOS[nome]
    falso = inf_nfe.replace(b"<vNF>10.00", b"<vNF>99.00", 1)
    assert refused(embrulhar(nfe, inf_nfe, falso)) == codigo


@pytest.mark.parametrize(
    ("antes", "depois", "codigo"),
    [
        (b"xmldsig#rsa-sha1", b"xmldsig#hmac-sha1", "ASSINATURA-07"),
        (
            b"http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "ASSINATURA-07",
        ),
        (
            b"http://www.w3.org/2000/09/xmldsig#sha1",
            b"http://www.w3.org/2001/04/xmlenc#sha256",
            "ASSINATURA-07",
        ),
        (
            b'<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">',
            b'<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">',
            "ASSINATURA-07",
        ),
        (
            b'#rsa-sha1"></SignatureMethod>',
            b'#rsa-sha1"><HMACOutputLength>0</HMACOutputLength></SignatureMethod>',
            "ASSINATURA-07",
        ),
        (
            b'<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></Transform>',
            b'<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>1</XPath></Transform>',
            "ASSINATURA-07",
        ),
        (
            b'<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></Transform>',
            b'<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></Transform>',
            "ASSINATURA-08",
        ),
        (
            b'<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></Transform>',
            b"",
            "ASSINATURA-08",
        ),
    ],
)
def test_other_algorithms_are_refused_even_if_well_signed(
    nfe: bytes, certificado: Certificado, antes: bytes, depois: bytes, codigo: str
) -> None:
    assert refused(resign(nfe, antes, depois, certificado)) == codigo


def test_key_must_be_that_of_the_certificate(
    nfe: bytes, inf_nfe: bytes, id_nota: str, fabrica, agora, senha
) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

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
