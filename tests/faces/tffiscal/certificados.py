"""Test certificates of fictitious companies, made on the spot."""

from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

SENHA = "segredo"


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_pfx(
    cnpj: str, *, inicio: datetime | None = None, fim: datetime | None = None, senha: str = SENHA
) -> bytes:
    """An e-CNPJ of `cnpj`, self-signed."""
    nome = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"LOJA EXEMPLO:{cnpj}")])
    valor = b"\x04" + bytes([len(cnpj)]) + cnpj.encode()
    certificado = (
        x509.CertificateBuilder()
        .subject_name(nome)
        .issuer_name(nome)
        .public_key(private_key().public_key())
        .serial_number(1)
        .not_valid_before(inicio or datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(fim or datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.OtherName(x509.ObjectIdentifier("2.16.76.1.3.3"), valor)]),
            critical=False,
        )
        .sign(private_key(), hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"teste", private_key(), certificado, None, BestAvailableEncryption(senha.encode())
    )


def make_server_pem(host: str) -> tuple[bytes, bytes]:
    """Key and self-signed certificate of a TLS server at an IP address or name, PEM."""
    import ipaddress

    nome = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "servidor de teste")])
    try:
        alternativo: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        alternativo = x509.DNSName(host)
    certificado = (
        x509.CertificateBuilder()
        .subject_name(nome)
        .issuer_name(nome)
        .public_key(private_key().public_key())
        .serial_number(2)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([alternativo]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private_key(), hashes.SHA256())
    )
    chave = private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return chave, certificado.public_bytes(Encoding.PEM)
