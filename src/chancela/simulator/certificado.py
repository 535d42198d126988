"""What the judge reads in a certificate: whose it is, until when, what for, and who issued it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate as X509
from cryptography.x509.oid import ExtendedKeyUsageOID

_T = TypeVar("_T", bound=x509.ExtensionType)
_CNPJ = "2.16.76.1.3.3"
_TITULAR_PF = "2.16.76.1.3.1"


@dataclass(frozen=True, slots=True)
class Certificado:
    """An end-entity certificate as the rules of groups A and E see it. Empty `cnpj` and `cpf`: it names nobody."""

    der: bytes
    titular: str
    cnpj: str
    cpf: str
    inicio: datetime
    fim: datetime
    versao3: bool
    ac: bool
    autentica_cliente: bool
    assina: bool
    publica: RSAPublicKey | None
    x509: X509

    def valid_at(self, instante: datetime) -> bool:
        return self.inicio <= instante <= self.fim

    def issued_by(self, ac: X509) -> bool:
        """Whether `ac` signed it."""
        return _issued_by(self.der, ac)


@lru_cache(maxsize=4096)
def _issued_by(der: bytes, ac: x509.Certificate) -> bool:
    try:
        x509.load_der_x509_certificate(der).verify_directly_issued_by(ac)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=4096)
def read_certificado(der: bytes) -> Certificado | None:
    """Read a DER certificate; None when the bytes are none."""
    try:
        cert = x509.load_der_x509_certificate(der)
        chave = cert.public_key()
        extensoes = cert.extensions
    except (ValueError, TypeError):
        return None
    cnpj, cpf = _holder(extensoes)
    basicas = _extension(extensoes, x509.BasicConstraints)
    uso = _extension(extensoes, x509.KeyUsage)
    estendido = _extension(extensoes, x509.ExtendedKeyUsage)
    return Certificado(
        der=der,
        titular=cert.subject.rfc4514_string(),
        cnpj=cnpj,
        cpf=cpf,
        inicio=cert.not_valid_before_utc,
        fim=cert.not_valid_after_utc,
        versao3=cert.version is x509.Version.v3,
        ac=basicas is not None and basicas.ca,
        autentica_cliente=estendido is None or ExtendedKeyUsageOID.CLIENT_AUTH in list(estendido),
        assina=uso is None or (uso.digital_signature and uso.content_commitment),
        publica=chave if isinstance(chave, RSAPublicKey) else None,
        x509=cert,
    )


def _extension(extensoes: x509.Extensions, tipo: type[_T]) -> _T | None:
    try:
        return extensoes.get_extension_for_class(tipo).value
    except x509.ExtensionNotFound:
        return None


def _holder(extensoes: x509.Extensions) -> tuple[str, str]:
    nomes = _extension(extensoes, x509.SubjectAlternativeName)
    cnpj = cpf = ""
    for nome in nomes or ():
        if isinstance(nome, x509.OtherName):
            oid = nome.type_id.dotted_string
            if oid == _CNPJ:
                cnpj = _der_text(nome.value)[:14]
            elif oid == _TITULAR_PF:
                cpf = _der_text(nome.value)[8:19]
    return cnpj, cpf


def _der_text(der: bytes) -> str:
    """The text inside a short DER string of any type (OCTET STRING, PrintableString, UTF8String)."""
    if len(der) > 2 and der[1] < 128:
        return der[2 : 2 + der[1]].decode("latin-1")
    if len(der) > 3 and der[1] == 0x81:
        return der[3 : 3 + der[2]].decode("latin-1")
    return ""
