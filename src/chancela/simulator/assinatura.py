"""Verify an XML signature of the fiscal profile (MOC 7.0: enveloped, C14N 1.0, RSA-SHA1), by our own arithmetic."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from chancela.simulator import xml
from chancela.simulator.certificado import Certificado, read_certificado

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
_SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"


@dataclass(frozen=True, slots=True)
class AssinaturaLida:
    """What a Signature element says. `perfil` and `confere` are the outcomes of rules F01 and F02."""

    certificado: Certificado | None
    digest: str
    perfil: bool
    confere: bool


def read_assinatura(documento: xml.Elemento, assinado: str) -> AssinaturaLida:
    """Check the signature over the child `assinado` of `documento` (`infNFe`, `infEvento`, `infInut`).

    `documento` is the root of its own extracted bytes, so that only its own namespaces are in scope.
    """
    alvos = [filho for filho in documento if xml.local_name(filho) == assinado]
    assinaturas = [filho for filho in documento if filho.tag == f"{{{xml.DSIG}}}Signature"]
    if len(alvos) != 1 or len(assinaturas) != 1:
        return AssinaturaLida(None, "", perfil=False, confere=False)
    alvo, assinatura = alvos[0], assinaturas[0]
    digest = _text(assinatura, "SignedInfo/Reference/DigestValue")
    certificado = _certificate(_text(assinatura, "KeyInfo/X509Data/X509Certificate"))
    perfil = _in_profile(assinatura, alvo.get("Id", ""))
    confere = perfil and certificado is not None and _matches(alvo, assinatura, digest, certificado)
    return AssinaturaLida(certificado, digest, perfil, confere)


@cache
def _path(caminho: str) -> str:
    return "/".join(f"{{{xml.DSIG}}}{parte}" for parte in caminho.split("/"))


def _text(elemento: xml.Elemento, caminho: str) -> str:
    return "".join((elemento.findtext(_path(caminho)) or "").split())


def _algorithm(elemento: xml.Elemento, caminho: str) -> str:
    achado = elemento.find(_path(caminho))
    return "" if achado is None else achado.get("Algorithm", "")


def _in_profile(assinatura: xml.Elemento, identidade: str) -> bool:
    referencias = assinatura.findall(_path("SignedInfo/Reference"))
    if len(referencias) != 1 or not identidade or referencias[0].get("URI") != f"#{identidade}":
        return False
    transformacoes = [t.get("Algorithm") for t in referencias[0].findall(_path("Transforms/Transform"))]
    return (
        transformacoes == [_ENVELOPED, _C14N]
        and _algorithm(assinatura, "SignedInfo/CanonicalizationMethod") == _C14N
        and _algorithm(assinatura, "SignedInfo/SignatureMethod") == _RSA_SHA1
        and _algorithm(assinatura, "SignedInfo/Reference/DigestMethod") == _SHA1
    )


def _certificate(texto: str) -> Certificado | None:
    try:
        return read_certificado(base64.b64decode(texto, validate=True)) if texto else None
    except binascii.Error:
        return None


def _matches(alvo: xml.Elemento, assinatura: xml.Elemento, digest: str, certificado: Certificado) -> bool:
    calculado = base64.b64encode(hashlib.sha1(xml.canonicalize(alvo)).digest()).decode()  # noqa: S324 - fixed by the layout
    if calculado != digest or certificado.publica is None:
        return False
    informacao = assinatura.find(_path("SignedInfo"))
    try:
        valor = base64.b64decode(_text(assinatura, "SignatureValue"), validate=True)
        certificado.publica.verify(valor, xml.canonicalize(informacao), PKCS1v15(), hashes.SHA1())  # noqa: S303 - fixed by the layout
    except (binascii.Error, InvalidSignature):
        return False
    return True
