"""The XML signature of the fiscal layouts, made and judged in one place (MOC 7.0, item 4.5; XMLDSig core).

The layouts fix the algorithms, SHA-1 included: they are one frozen value, `PERFIL_SHA1`, and another could take its
place. Signing writes the canonical text of `Signature` directly; only judging parses. The PKCS#1 DigestInfo is built
here too, so that a system policy that forbids SHA-1 signatures in general does not stop the one that the law asks for.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo
from lxml import etree

from chancela.domain.assinatura.certificado import Certificado, CertificadoPublico, read_certificado
from chancela.domain.erros import AssinaturaInvalida, CertificadoInvalido
from chancela.domain.xml.escrita import DSIG_NS, NFE_NS
from chancela.domain.xml.leitura import Elemento, iter_local, parse_xml

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,254}")
_BRANCOS = re.compile(r"[ \t\r\n]+")
_ENCHIMENTO = PKCS1v15()
_SEM_ALGORITMO = NoDigestInfo()
_RSA_MINIMO_BITS = 1024
"""For judging old documents: A1 certificates had 1024 bits until 2011."""


@dataclass(frozen=True, slots=True)
class Perfil:
    """Everything that an XML signature of ours may vary in."""

    metodo_assinatura: str
    metodo_digest: str
    hash_nome: str
    """As `hashlib` spells it."""
    prefixo_digest_info: bytes
    """DER of the PKCS#1 DigestInfo up to the digest (RFC 8017, 9.2, note 1)."""
    canonicalizacao: str = _C14N
    transformacoes: tuple[str, ...] = (_ENVELOPED, _C14N)

    def digest(self, conteudo: bytes) -> bytes:
        """Digest of `conteudo`."""
        return hashlib.new(self.hash_nome, conteudo, usedforsecurity=False).digest()

    def digest_info(self, conteudo: bytes) -> bytes:
        """What RSA signs for `conteudo`."""
        return self.prefixo_digest_info + self.digest(conteudo)

    def signed_info(self, id_: str, digest_value: str) -> str:
        """Canonical text inside `SignedInfo`, without its own tag."""
        transformacoes = "".join([f'<Transform Algorithm="{t}"></Transform>' for t in self.transformacoes])
        return (
            f'<CanonicalizationMethod Algorithm="{self.canonicalizacao}"></CanonicalizationMethod>'
            f'<SignatureMethod Algorithm="{self.metodo_assinatura}"></SignatureMethod>'
            f'<Reference URI="#{id_}"><Transforms>{transformacoes}</Transforms>'
            f'<DigestMethod Algorithm="{self.metodo_digest}"></DigestMethod>'
            f"<DigestValue>{digest_value}</DigestValue></Reference>"
        )


PERFIL_SHA1 = Perfil(
    metodo_assinatura="http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    metodo_digest="http://www.w3.org/2000/09/xmldsig#sha1",
    hash_nome="sha1",
    prefixo_digest_info=bytes.fromhex("3021300906052b0e03021a05000414"),
)
"""What NF-e, NFC-e, CT-e, MDF-e and their events demand."""


@dataclass(frozen=True, slots=True)
class Assinatura:
    """A signature made: `xml` is the canonical `Signature` element, to stand right after the signed element."""

    xml: bytes
    digest_value: str
    """Base64 of the digest; the authorizer repeats it as `digVal`."""


def sign(canonico: bytes, id_: str, certificado: Certificado, *, perfil: Perfil = PERFIL_SHA1) -> Assinatura:
    """Sign an element given as its canonical text (C14N 1.0, with the `xmlns` that is in scope where it will stand).

    `id_` is the value of its `Id` attribute. Costs one RSA operation and little else.
    """
    abertura = canonico[: canonico.index(b">") + 1]
    assert _ID.fullmatch(id_), id_
    assert f' Id="{id_}"'.encode() in abertura, "the signed element must carry the Id"
    assert b' xmlns="' in abertura, "canonical text carries the namespace in scope"
    digest_value = binascii.b2a_base64(perfil.digest(canonico), newline=False).decode("ascii")
    interior = perfil.signed_info(id_, digest_value)
    assinavel = f'<SignedInfo xmlns="{DSIG_NS}">{interior}</SignedInfo>'.encode()
    valor = certificado.chave.sign(perfil.digest_info(assinavel), _ENCHIMENTO, _SEM_ALGORITMO)
    texto = f"{_opening(interior)}{binascii.b2a_base64(valor, newline=False).decode('ascii')}{_closing(certificado.base64)}"
    return Assinatura(texto.encode("ascii"), digest_value)


def has_official_form(
    assinatura: Assinatura, id_: str, certificado: Certificado, *, perfil: Perfil = PERFIL_SHA1
) -> bool:
    """Whether the bytes of a signature are, field by field, what the schema wants of one over the element `id_`.

    The form only: that it holds is what `verify` says.
    """
    if not _DIGEST.fullmatch(assinatura.digest_value):
        return False
    antes = _opening(perfil.signed_info(id_, assinatura.digest_value)).encode("ascii")
    depois = _closing(certificado.base64).encode("ascii")
    xml = assinatura.xml
    return (
        xml.startswith(antes)
        and xml.endswith(depois)
        and _VALOR.fullmatch(xml, len(antes), len(xml) - len(depois)) is not None
        and (len(xml) - len(antes) - len(depois)) % 4 == 0
        and _is_base64(certificado.base64)
    )


def _opening(interior: str) -> str:
    """A signature up to its value, from the text inside `SignedInfo`."""
    return f'<Signature xmlns="{DSIG_NS}"><SignedInfo>{interior}</SignedInfo><SignatureValue>'


def _closing(certificado: str) -> str:
    """A signature after its value, from the certificate in base64."""
    return (
        f"</SignatureValue><KeyInfo><X509Data><X509Certificate>{certificado}</X509Certificate></X509Data></KeyInfo>"
        "</Signature>"
    )


@lru_cache(maxsize=4096)
def _is_base64(texto: str) -> bool:
    """Asked of the same few certificates again and again."""
    return _BASE64.fullmatch(texto) is not None


_VALOR = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_DIGEST = re.compile(r"[A-Za-z0-9+/]{27}=")


@dataclass(frozen=True, slots=True)
class AssinaturaVerificada:
    """What a signature proves, and nothing else: read the document from here, not from the bytes around it."""

    canonico: bytes = field(repr=False)
    """Canonical text of the signed element."""
    elemento: Elemento
    """The signed element, parsed from `canonico`."""
    certificado: CertificadoPublico
    """Who signed. Whether to trust the certificate (chain, dates, holder) is for the caller to judge."""
    digest_value: str


def verify(
    documento: bytes, *, tag: str, namespace: str = NFE_NS, perfil: Perfil = PERFIL_SHA1
) -> AssinaturaVerificada:
    """Judge the only signature of `documento`, which must cover its only element `tag`.

    Refuses every form of wrapping: one signed element, one Signature right beside it, one Reference that names it,
    an Id that nothing else carries, exactly the profile's algorithms and transforms. Raises `AssinaturaInvalida`
    (ASSINATURA-01 to 12) or `XmlInvalido`.
    """
    raiz = parse_xml(documento, assinado=True)
    alvo, assinatura = _locate(raiz, tag, namespace)
    referencia = _read_signature(assinatura, perfil)
    _check_id(raiz, alvo, referencia.id_)
    certificado = _read_key(referencia.certificado)
    _check_scope(alvo)
    informacao = canonicalize(referencia.informacao)
    if not _signed_by(certificado.publica, referencia.valor, perfil.digest_info(informacao)):
        raise _invalid("10", "O valor da assinatura não confere com a chave do certificado que a acompanha.")
    canonico = canonicalize(alvo)
    if perfil.digest(canonico) != referencia.digest:
        raise _invalid("09", f"O conteúdo de {tag} foi alterado depois da assinatura.")
    digest_value = base64.b64encode(referencia.digest).decode("ascii")
    return AssinaturaVerificada(canonico, parse_xml(canonico, assinado=True), certificado, digest_value)


def canonicalize(elemento: Elemento) -> bytes:
    """C14N 1.0 (inclusive, without comments) of an element with the namespaces in scope where it stands.

    The children move into a detached copy, because canonicalising inside a tree writes a wrong `xmlns=""`: the
    element is spent afterwards. Raises `AssinaturaInvalida` when there is no canonical form (relative namespaces).
    """
    sozinho = etree.Element(elemento.tag, nsmap=elemento.nsmap)
    for nome, valor in elemento.items():
        sozinho.set(nome, valor)
    sozinho.text = elemento.text
    for filho in list(elemento):
        sozinho.append(filho)
    try:
        return etree.tostring(sozinho, method="c14n", exclusive=False, with_comments=False)
    except etree.C14NError:
        raise _invalid("12", "O documento traz namespaces que não têm forma canônica.") from None


@dataclass(frozen=True, slots=True)
class _Referencia:
    """A Signature taken apart, its form already checked."""

    informacao: Elemento
    id_: str
    digest: bytes
    valor: bytes
    certificado: bytes


def _invalid(numero: str, mensagem: str) -> AssinaturaInvalida:
    return AssinaturaInvalida(
        f"ASSINATURA-{numero}", mensagem, "Obtenha o XML original, tal como foi assinado."
    )


def _locate(raiz: Elemento, tag: str, namespace: str) -> tuple[Elemento, Elemento]:
    """The signed element and its Signature, each the only one of its name in the document, side by side."""
    assinaturas = list(iter_local(raiz, "Signature"))
    if not assinaturas:
        raise _invalid("01", "O documento não está assinado.")
    if len(assinaturas) > 1:
        raise _invalid("02", f"O documento traz {len(assinaturas)} assinaturas; deveria trazer uma.")
    alvos = list(iter_local(raiz, tag))
    if len(alvos) != 1:
        raise _invalid("04", f"O documento traz {len(alvos)} elementos {tag}; deveria trazer um.")
    alvo, assinatura = alvos[0], assinaturas[0]
    if alvo.tag != f"{{{namespace}}}{tag}" or assinatura.tag != f"{{{DSIG_NS}}}Signature":
        raise _invalid("04", f"O elemento {tag} ou a assinatura estão em outro namespace.")
    pai = alvo.getparent()
    if pai is None or assinatura.getparent() is not pai:
        raise _invalid("03", f"A assinatura não está ao lado de {tag}.")
    if pai.index(assinatura) < pai.index(alvo) or assinatura.getnext() is not None:
        raise _invalid("03", f"A assinatura não está depois de {tag}, no fim do documento.")
    return alvo, assinatura


def _check_id(raiz: Elemento, alvo: Elemento, id_: str) -> None:
    if alvo.get("Id") != id_:
        raise _invalid("06", "A assinatura se refere a outro elemento.")
    donos = [
        elemento
        for elemento in raiz.iter("*")
        if any(nome.rpartition("}")[2].lower() == "id" and valor == id_ for nome, valor in elemento.items())
    ]
    if len(donos) != 1:
        raise _invalid("05", "Mais de um elemento traz o Id assinado.")


def _check_scope(alvo: Elemento) -> None:
    """C14N 1.0 pulls `xml:` attributes of ancestors into the element; no layout has any."""
    for ancestral in alvo.iterancestors():
        if any(nome.startswith("{http://www.w3.org/XML/1998/namespace}") for nome in ancestral.attrib):
            raise _invalid("12", "O documento traz atributos xml: em volta do elemento assinado.")


def _children(elemento: Elemento, nomes: Sequence[str]) -> list[Elemento]:
    """The children of a Signature part, which must be exactly these, in this order, with no text between them."""
    filhos = list(elemento)
    achados = [filho.tag for filho in filhos]
    if achados != [f"{{{DSIG_NS}}}{nome}" for nome in nomes]:
        raise _invalid("12", "A assinatura não tem a estrutura do leiaute.")
    textos = [elemento.text, *(filho.tail for filho in filhos)]
    if any(texto is not None and texto.strip(" \t\r\n") for texto in textos):
        raise _invalid("12", "A assinatura traz texto fora do lugar.")
    return filhos


def _algorithm(elemento: Elemento) -> str:
    """The algorithm of a method element; parameters below it are refused."""
    if len(elemento) or (elemento.text or "").strip() or set(elemento.keys()) != {"Algorithm"}:
        raise _invalid("07", "A assinatura traz parâmetros de algoritmo que o leiaute não tem.")
    return elemento.get("Algorithm") or ""


def _decoded(elemento: Elemento, o_que: str) -> bytes:
    if len(elemento):
        raise _invalid("12", f"{o_que} da assinatura não é um texto.")
    try:
        return base64.b64decode(_BRANCOS.sub("", elemento.text or ""), validate=True)
    except (binascii.Error, ValueError):
        raise _invalid("12", f"{o_que} da assinatura não está em base64.") from None


def _read_signature(assinatura: Elemento, perfil: Perfil) -> _Referencia:
    informacao, valor, chave = _children(assinatura, ("SignedInfo", "SignatureValue", "KeyInfo"))
    filhos = list(informacao)
    if sum(filho.tag == f"{{{DSIG_NS}}}Reference" for filho in filhos) != 1:
        raise _invalid("06", "A assinatura deve ter uma única referência.")
    canonicalizacao, metodo, referencia = _children(
        informacao, ("CanonicalizationMethod", "SignatureMethod", "Reference")
    )
    transformacoes, metodo_digest, digest = _children(
        referencia, ("Transforms", "DigestMethod", "DigestValue")
    )
    usados = (_algorithm(canonicalizacao), _algorithm(metodo), _algorithm(metodo_digest))
    if usados != (perfil.canonicalizacao, perfil.metodo_assinatura, perfil.metodo_digest):
        raise _invalid("07", "A assinatura usa algoritmos fora do padrão do leiaute.")
    passos = _children(transformacoes, ("Transform",) * len(transformacoes))
    if tuple(_algorithm(passo) for passo in passos) != perfil.transformacoes:
        raise _invalid("08", "A assinatura usa transformações fora do padrão do leiaute.")
    uri = referencia.get("URI") or ""
    if set(referencia.keys()) - {"URI", "Id"} or not uri.startswith("#") or not _ID.fullmatch(uri[1:]):
        raise _invalid("06", "A referência da assinatura não aponta para um Id do próprio documento.")
    (dados,) = _children(chave, ("X509Data",))
    (certificado,) = _children(dados, ("X509Certificate",))
    return _Referencia(
        informacao,
        uri[1:],
        _decoded(digest, "O resumo"),
        _decoded(valor, "O valor"),
        _decoded(certificado, "O certificado"),
    )


def _signed_by(publica: RSAPublicKey, valor: bytes, digest_info: bytes) -> bool:
    try:
        return publica.recover_data_from_signature(valor, _ENCHIMENTO, _SEM_ALGORITMO) == digest_info
    except InvalidSignature:
        return False


def _read_key(der: bytes) -> CertificadoPublico:
    try:
        certificado = read_certificado(der)
    except CertificadoInvalido as erro:
        raise _invalid("11", "O certificado que acompanha a assinatura não pode ser lido.") from erro
    if certificado.publica.key_size < _RSA_MINIMO_BITS:
        raise _invalid("11", "A chave do certificado que acompanha a assinatura é curta demais.")
    return certificado
