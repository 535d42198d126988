"""Certificates: reading the public part, and taking in an A1 (PKCS#12) with everything that can be wrong with it.

The private key is loaded once, here: loading costs as much as a hundred signatures. Whether a certificate is in date
is judged against the instant that the caller gives; nothing here has a clock.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from chancela.domain.assinatura import asn1
from chancela.domain.assinatura.recipiente import (
    check_contents,
    check_cost,
    encodings,
    needs_own_opening,
    open_contents,
    open_outer,
)
from chancela.domain.erros import CertificadoInvalido, RegraViolada
from chancela.domain.identidade import Cnpj, Cpf

OID_CNPJ = "2.16.76.1.3.3"
"""OtherName of an e-CNPJ: the CNPJ of the holder (DOC-ICP-04, 7.1.2.3)."""
OID_PESSOA_FISICA = "2.16.76.1.3.1"
"""OtherName of an e-CPF: birth date (8), CPF (11), NIS, RG of the holder."""
_OID_NOMES_ALTERNATIVOS = "2.5.29.17"
_RSA_MINIMO_BITS = 2048
_Documento = TypeVar("_Documento", Cnpj, Cpf)


@dataclass(frozen=True, slots=True)
class CertificadoPublico:
    """An end-entity RSA certificate. Dates are aware UTC instants, both inclusive."""

    titular: str
    """Common name without the CNPJ or CPF that ICP-Brasil appends to it."""
    cnpj: Cnpj | None
    cpf: Cpf | None
    inicio: datetime
    fim: datetime
    impressao_digital: str
    """SHA-256 of the DER, lowercase hex."""
    der: bytes = field(repr=False)
    publica: RSAPublicKey = field(repr=False, compare=False)

    @property
    def documento(self) -> Cnpj | Cpf | None:
        """Whom the certificate names: the CNPJ, else the CPF."""
        return self.cnpj or self.cpf

    def valid_at(self, instante: datetime) -> bool:
        """Whether `instante` (aware) lies within its dates."""
        return self.inicio <= instante <= self.fim


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Certificado(CertificadoPublico):
    """A certificate with its private key, ready to sign and to open TLS. Printing it shows no key."""

    chave: RSAPrivateKey = field(repr=False, compare=False)
    base64: str = field(repr=False)
    """The DER in base64 on one line, for KeyInfo."""
    cadeia: tuple[bytes, ...] = field(repr=False, default=())
    """DER of the issuers that came along, from the nearest on."""

    def pem_bytes(self) -> bytes:
        """Private key (PKCS#8, not encrypted), certificate and chain in PEM: for a TLS context in memory only."""
        chave = self.chave.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return chave + b"".join(_pem(der) for der in (self.der, *self.cadeia))

    def check_use(self, *, agora: datetime, titular: Cnpj | Cpf | None = None) -> None:
        """Raise `CertificadoInvalido` when it is out of date at `agora` or does not serve `titular`.

        A CNPJ is served by any certificate of the same root (8 characters): the head office signs for its branches.
        """
        _check_dates(self, agora)
        if titular is not None:
            _check_holder(self, titular)


def load_pkcs12(
    conteudo: bytes, senha: str, *, agora: datetime, cnpj: Cnpj | Cpf | None = None
) -> Certificado:
    """Open an A1 certificate file, modern (AES) or legacy (RC2, 3DES), and check that it can be used.

    `agora` is aware; with `cnpj` the holder must be that company (same root) or that person. The cost of opening is
    bounded before any key derivation. Raises `CertificadoInvalido`: CERT-TAMANHO, CERT-FORMATO, CERT-TRUNCADO,
    CERT-CUSTO, CERT-ALGORITMO, CERT-SENHA, CERT-SEM-CHAVE, CERT-CHAVE-DIFERENTE, CERT-NAO-RSA, CERT-CHAVE-CURTA, CERT-CHAVE-LONGA,
    CERT-ILEGIVEL, CERT-SEM-TITULAR, CERT-FUTURO, CERT-VENCIDO, CERT-OUTRO-TITULAR.
    """
    assert agora.tzinfo is not None
    der = open_outer(conteudo)
    check_cost(der)
    chave, certificados = _open(der, senha)
    if chave is None:
        raise CertificadoInvalido(
            "CERT-SEM-CHAVE",
            "O arquivo do certificado não contém a chave privada.",
            "Exporte o certificado A1 novamente, com a chave privada.",
        )
    folha, lido = _leaf(chave, certificados, agora)
    if chave.key_size < _RSA_MINIMO_BITS:
        raise CertificadoInvalido(
            "CERT-CHAVE-CURTA",
            f"A chave do certificado tem {chave.key_size} bits; o mínimo é {_RSA_MINIMO_BITS}.",
            "Use um certificado A1 emitido pela ICP-Brasil.",
        )
    certificado = Certificado(
        titular=lido.titular,
        cnpj=lido.cnpj,
        cpf=lido.cpf,
        inicio=lido.inicio,
        fim=lido.fim,
        impressao_digital=lido.impressao_digital,
        der=lido.der,
        publica=lido.publica,
        chave=chave,
        base64=base64.b64encode(lido.der).decode("ascii"),
        cadeia=_chain(folha, certificados),
    )
    if certificado.documento is None:
        raise CertificadoInvalido(
            "CERT-SEM-TITULAR",
            "O certificado não traz um CNPJ ou CPF válido nos campos da ICP-Brasil.",
            "Use um e-CNPJ ou e-CPF do tipo A1 emitido pela ICP-Brasil.",
        )
    certificado.check_use(agora=agora, titular=cnpj)
    return certificado


def read_certificado(der: bytes) -> CertificadoPublico:
    """Read a certificate in DER. Raises `CertificadoInvalido` (CERT-ILEGIVEL, CERT-NAO-RSA)."""
    try:
        cert = x509.load_der_x509_certificate(der)
        publica = cert.public_key()
        titular = _common_name(cert)
        inicio, fim = cert.not_valid_before_utc, cert.not_valid_after_utc
        nomes = _other_names(der)
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm, asn1.Asn1Invalido, IndexError) as erro:
        raise _unreadable() from erro
    if not isinstance(publica, RSAPublicKey):
        raise _not_rsa()
    return CertificadoPublico(
        titular=titular,
        cnpj=_valid(Cnpj, nomes.get(OID_CNPJ, "")[:14]),
        cpf=_valid(Cpf, nomes.get(OID_PESSOA_FISICA, "")[8:19]),
        inicio=inicio,
        fim=fim,
        impressao_digital=hashlib.sha256(der).hexdigest(),
        der=der,
        publica=publica,
    )


def _open(der: bytes, senha: str) -> tuple[RSAPrivateKey | None, list[x509.Certificate]]:
    abrir = _open_by_hand if needs_own_opening(der) else _open_by_library
    for codificada in encodings(senha):
        if not check_contents(der, codificada):
            continue
        try:
            chave, certificados = abrir(der, codificada)
        except UnsupportedAlgorithm as erro:
            raise CertificadoInvalido(
                "CERT-ALGORITMO",
                "O arquivo do certificado usa uma cifra que não é suportada.",
                "Exporte o certificado novamente com AES-256 ou 3DES.",
            ) from erro
        except x509.InvalidVersion as erro:
            raise _unreadable() from erro
        except TypeError as erro:  # the library's word for a key that cannot sign at all (X25519)
            raise _not_rsa() from erro
        except ValueError:
            continue
        if chave is not None and not isinstance(chave, RSAPrivateKey):
            raise _not_rsa()
        return chave, certificados
    raise CertificadoInvalido(
        "CERT-SENHA",
        "A senha do certificado está errada.",
        "Informe a senha escolhida ao exportar o certificado A1.",
    )


def _open_by_library(der: bytes, senha: bytes | None) -> tuple[object | None, list[x509.Certificate]]:
    aberto = pkcs12.load_pkcs12(der, senha)
    principais = [aberto.cert] if aberto.cert is not None else []
    return aberto.key, [c.certificate for c in (*principais, *aberto.additional_certs)]


def _open_by_hand(der: bytes, senha: bytes | None) -> tuple[object | None, list[x509.Certificate]]:
    """For old containers, so that they open on every build of the library."""
    chaves, certificados = open_contents(der, senha)
    chave = serialization.load_der_private_key(chaves[0], None) if chaves else None
    return chave, [x509.load_der_x509_certificate(c) for c in certificados]


def _not_rsa() -> CertificadoInvalido:
    return CertificadoInvalido(
        "CERT-NAO-RSA",
        "A chave do certificado não é RSA, a única que o leiaute aceita.",
        "Use um certificado A1 emitido pela ICP-Brasil.",
    )


def _unreadable() -> CertificadoInvalido:
    return CertificadoInvalido(
        "CERT-ILEGIVEL",
        "O certificado está corrompido e não pode ser lido.",
        "Exporte o certificado novamente.",
    )


def _leaf(
    chave: RSAPrivateKey, certificados: list[x509.Certificate], agora: datetime
) -> tuple[x509.Certificate, CertificadoPublico]:
    """The certificate of the key; of several (a renewal on the same key), one in date, then the one that lasts longest."""
    numeros = chave.public_key().public_numbers()
    proprios = [c for c in certificados if _numbers(c) == numeros]
    if not proprios:
        raise CertificadoInvalido(
            "CERT-CHAVE-DIFERENTE",
            "Nenhum certificado do arquivo corresponde à chave privada.",
            "Exporte o certificado A1 novamente, junto com a sua chave.",
        )
    lidos = [(c, read_certificado(c.public_bytes(serialization.Encoding.DER))) for c in proprios]
    return max(lidos, key=lambda par: (par[1].valid_at(agora), par[1].fim))


def _numbers(certificado: x509.Certificate) -> object:
    try:
        publica = certificado.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return publica.public_numbers() if isinstance(publica, RSAPublicKey) else None


def _chain(folha: x509.Certificate, certificados: list[x509.Certificate]) -> tuple[bytes, ...]:
    """The issuers that came along, followed by name from the leaf to the top; strangers are left out."""
    por_sujeito = {nomes[0]: c for c in certificados if (nomes := _names(c)) is not None}
    cadeia: list[bytes] = []
    atual = folha
    for _ in range(len(certificados)):
        nomes = _names(atual)
        proximo = por_sujeito.get(nomes[1]) if nomes is not None else None
        if proximo is None or proximo == atual:
            break
        cadeia.append(proximo.public_bytes(serialization.Encoding.DER))
        atual = proximo
    return tuple(cadeia)


def _names(certificado: x509.Certificate) -> tuple[bytes, bytes] | None:
    """Subject and issuer; None when they cannot be read."""
    try:
        return certificado.subject.public_bytes(), certificado.issuer.public_bytes()
    except ValueError:
        return None


def _pem(der: bytes) -> bytes:
    corpo = base64.encodebytes(der).replace(b"\n", b"")
    linhas = [corpo[i : i + 64] for i in range(0, len(corpo), 64)]
    return b"\n".join((b"-----BEGIN CERTIFICATE-----", *linhas, b"-----END CERTIFICATE-----", b""))


def _common_name(cert: x509.Certificate) -> str:
    nomes = cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    texto = nomes[-1].value if nomes else ""
    nome = texto if isinstance(texto, str) else ""
    antes, separador, depois = nome.rpartition(":")
    return antes if separador and len(depois) in (11, 14) and depois.isalnum() else nome


def _valid(tipo: type[_Documento], texto: str) -> _Documento | None:
    try:
        return tipo(texto)
    except RegraViolada:
        return None


def _other_names(der: bytes) -> dict[str, str]:
    """Text of every OtherName of the subject's alternative names, by OID.

    Read by hand: one odd extension elsewhere in a certificate must not hide whose it is.
    """
    certificado, _ = asn1.read_one(der)
    nomes: dict[str, str] = {}
    for campo in certificado.children()[0].children():
        if campo.tag != 0xA3:
            continue
        for extensao in campo.children()[0].children():
            partes = extensao.children()
            if partes[0].oid() == _OID_NOMES_ALTERNATIVOS:
                lista, _ = asn1.read_one(partes[-1].octets())
                for nome in lista.children():
                    if nome.tag == 0xA0:
                        tipo, valor = nome.children()
                        nomes[tipo.oid()] = _text(valor)
    return nomes


def _text(explicito: asn1.No) -> str:
    """The text inside `[0] EXPLICIT` of an OtherName, whichever string type the issuer chose."""
    texto = explicito.children()[0]
    if texto.tag == 0x1E:
        return texto.conteudo.decode("utf-16-be", errors="replace")
    return texto.octets().decode("utf-8", errors="replace")


def _check_dates(certificado: CertificadoPublico, agora: datetime) -> None:
    if agora < certificado.inicio:
        raise CertificadoInvalido(
            "CERT-FUTURO",
            f"O certificado só vale a partir de {certificado.inicio:%d/%m/%Y}.",
            "Confira o relógio do servidor ou aguarde a data de início.",
        )
    if agora > certificado.fim:
        raise CertificadoInvalido(
            "CERT-VENCIDO",
            f"O certificado venceu em {certificado.fim:%d/%m/%Y}.",
            "Renove o certificado A1 e envie o novo arquivo.",
        )


def _check_holder(certificado: CertificadoPublico, titular: Cnpj | Cpf) -> None:
    if isinstance(titular, Cnpj):
        serve = certificado.cnpj is not None and certificado.cnpj.raiz == titular.raiz
        rotulo = "CNPJ"
    else:
        serve = certificado.cpf == titular
        rotulo = "CPF"
    if not serve:
        dono = certificado.documento
        raise CertificadoInvalido(
            "CERT-OUTRO-TITULAR",
            f"O certificado é de {dono.formatado if dono is not None else 'outro titular'}"
            f" e não do {rotulo} {titular.formatado}.",
            "Envie o certificado da empresa que emite (vale o de outro estabelecimento com a mesma raiz de CNPJ).",
        )
