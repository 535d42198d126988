"""Containers bit by bit: every part that may be in one, and every part that no container should have."""

from hashlib import pbkdf2_hmac

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from tests.domain.assinatura.ber import der, integer, oid
from tests.fixtures.notas import AGORA, CNPJ, Fabrica

from chancela.domain.assinatura.asn1 import No
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.cifras import decrypt_rc2_cbc
from chancela.domain.assinatura.recipiente import check_contents, check_cost, der_of, open_contents
from chancela.domain.erros import CertificadoInvalido

DATA, ENCRYPTED, SIGNED = (oid(f"1.2.840.113549.1.7.{n}") for n in (1, 6, 2))
KEY_BAG, SHROUDED, CERT_BAG, CRL_BAG, SAFE_BAG = (
    oid(f"1.2.840.113549.1.12.10.1.{n}") for n in (1, 2, 3, 4, 6)
)  # fmt: skip
X509, SDSI = oid("1.2.840.113549.1.9.22.1"), oid("1.2.840.113549.1.9.22.2")
PBES2, PBKDF2, PBMAC1 = (oid(f"1.2.840.113549.1.5.{n}") for n in (13, 12, 14))
AES256, SHA256 = oid("2.16.840.1.101.3.4.1.42"), oid("1.2.840.113549.2.9")
NULO, SAL, IV, SENHA = der(0x05), b"s" * 8, b"i" * 16, "segredo"


def container(*partes: bytes, tipo: bytes = DATA, mac: bytes = b"") -> bytes:
    seguro = der(0x30, tipo, der(0xA0, der(0x04, der(0x30, *partes))))
    return der(0x30, integer(3), seguro, mac)


def part(*bolsas: bytes, tipo: bytes = DATA) -> bytes:
    return der(0x30, tipo, der(0xA0, der(0x04, der(0x30, *bolsas))))


def bag(tipo: bytes, conteudo: bytes) -> bytes:
    return der(0x30, tipo, der(0xA0, conteudo))


def kdf(*, sal: bytes = der(0x04, SAL), voltas: int = 1000, resto: bytes = der(0x30, SHA256, NULO), tipo: bytes = PBKDF2) -> bytes:  # fmt: skip
    return der(0x30, tipo, der(0x30, sal, integer(voltas), resto))


def shrouded(cifrado: bytes, derivacao: bytes, cifra: bytes = AES256) -> bytes:
    esquema = der(0x30, PBES2, der(0x30, derivacao, der(0x30, cifra, der(0x04, IV))))
    return bag(SHROUDED, der(0x30, esquema, der(0x04, cifrado)))


def cipher(chave: bytes, claro: bytes) -> bytes:
    sobra = 16 - len(claro) % 16
    cifrador = Cipher(AES(chave), CBC(IV)).encryptor()
    return cifrador.update(claro + bytes([sobra]) * sobra) + cifrador.finalize()


@pytest.fixture(scope="module")
def pkcs8(fabrica: Fabrica) -> bytes:
    formato = serialization.PrivateFormat.PKCS8
    return fabrica.chave.private_bytes(serialization.Encoding.DER, formato, serialization.NoEncryption())


@pytest.fixture(scope="module")
def folha(fabrica: Fabrica) -> bytes:
    return fabrica.certificado().public_bytes(serialization.Encoding.DER)


def cert_bag(folha: bytes, tipo: bytes = X509) -> bytes:
    return bag(CERT_BAG, der(0x30, tipo, der(0xA0, der(0x04, folha))))


def test_open_contents_takes_keys_and_x509_certificates_only(pkcs8: bytes, folha: bytes) -> None:
    dados = container(
        part(bag(KEY_BAG, pkcs8), bag(CRL_BAG, der(0x30)), cert_bag(folha, SDSI)),
        part(bag(SAFE_BAG, der(0x30, cert_bag(folha)))),
    )
    assert check_contents(dados, None)
    assert open_contents(dados, None) == ([pkcs8], [folha])
    assert load_pkcs12(b"\x30\x80" + dados[dados[1] - 0x80 + 2 :] + b"\x00\x00", "", agora=AGORA).cnpj == CNPJ


@pytest.mark.parametrize(
    ("resto", "prf"),
    [
        (b"", "sha1"),
        (integer(32), "sha1"),
        (integer(32) + der(0x30, SHA256, NULO), "sha256"),
        (der(0x30, oid("1.2.840.113549.2.11"), NULO), "sha512"),
    ],
)
def test_derivations_with_and_without_their_options(
    pkcs8: bytes, folha: bytes, resto: bytes, prf: str
) -> None:
    chave = pbkdf2_hmac(prf, SENHA.encode(), SAL, 1000, 32)
    dados = container(part(shrouded(cipher(chave, pkcs8), kdf(resto=resto)), cert_bag(folha)))
    assert open_contents(dados, SENHA.encode()) == ([pkcs8], [folha])
    lido: Certificado = load_pkcs12(dados, SENHA, agora=AGORA)
    assert lido.cnpj == CNPJ


def test_keys_that_no_certificate_of_the_layout_has(folha: bytes) -> None:
    formato = serialization.PrivateFormat.PKCS8
    curva = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.DER, formato, serialization.NoEncryption()
    )
    enorme = der(0x30, integer(0), der(0x04, b"x" * 20_000))
    for chave, codigo in ((curva, "CERT-NAO-RSA"), (enorme, "CERT-CHAVE-LONGA")):
        with pytest.raises(CertificadoInvalido) as erro:
            load_pkcs12(container(part(bag(KEY_BAG, chave), cert_bag(folha))), "", agora=AGORA)
        assert erro.value.codigo == codigo


def test_lengths_of_every_size() -> None:
    for tamanho in (0, 1, 127, 128, 255, 256, 65_536):
        no = No(0x04, b"x" * tamanho)
        assert der_of(no) == der(0x04, no.conteudo)


def code(dados: bytes) -> str:
    with pytest.raises(CertificadoInvalido) as erro:
        check_cost(dados)
    return erro.value.codigo


def mac(algoritmo: bytes) -> bytes:
    return der(0x30, der(0x30, algoritmo, der(0x04, b"x")), der(0x04, SAL))


def nested(vezes: int) -> bytes:
    bolsa = bag(CRL_BAG, der(0x30))
    for _ in range(vezes):
        bolsa = bag(SAFE_BAG, der(0x30, bolsa))
    return bolsa


@pytest.mark.parametrize(
    ("dados", "codigo"),
    [
        (container(tipo=SIGNED), "CERT-ALGORITMO"),
        (container(part(tipo=SIGNED)), "CERT-ALGORITMO"),
        (container(*[part()] * 65), "CERT-FORMATO"),
        (container(der(0x30, DATA)), "CERT-FORMATO"),
        (container(part(nested(6))), "CERT-FORMATO"),
        (container(part(shrouded(b"x" * 16, kdf(), oid("1.2.3")))), "CERT-ALGORITMO"),
        (container(part(shrouded(b"x" * 16, kdf(tipo=oid("1.2.3"))))), "CERT-ALGORITMO"),
        (container(part(shrouded(b"x" * 16, kdf(sal=der(0x30))))), "CERT-ALGORITMO"),
        (container(part(shrouded(b"x" * 16, kdf(resto=der(0x30, oid("1.2.3")))))), "CERT-ALGORITMO"),
        (container(part(shrouded(b"x" * 16, kdf(resto=der(0x30))))), "CERT-FORMATO"),
        (container(part(shrouded(b"x" * 16, kdf(voltas=0)))), "CERT-FORMATO"),
        (container(part(bag(SHROUDED, der(0x30, der(0x30, oid("1.2.3"), NULO), der(0x04))))), "CERT-ALGORITMO"),
        (container(mac=mac(der(0x30, PBMAC1, der(0x30, kdf(voltas=1_000_001))))), "CERT-CUSTO"),
    ],
)  # fmt: skip
def test_what_no_container_should_have(dados: bytes, codigo: str) -> None:
    assert code(dados) == codigo


def test_only_version_three_is_a_container() -> None:
    with pytest.raises(CertificadoInvalido) as erro:
        load_pkcs12(der(0x30, integer(4), der(0x30, DATA)), "", agora=AGORA)
    assert erro.value.codigo == "CERT-FORMATO"


def test_derivations_that_are_cheap_enough_pass() -> None:
    check_cost(container(part(nested(3)), mac=mac(der(0x30, PBMAC1, der(0x30, kdf(voltas=1_000_000))))))
    check_cost(container(mac=mac(der(0x30, oid("1.3.14.3.2.26"), NULO))))


def test_contents_that_are_no_bags() -> None:
    for ruim in (part(bag(CERT_BAG, der(0x30, X509))), part(bag(CERT_BAG, der(0x30, X509, der(0xA0))))):
        with pytest.raises(ValueError, match=r"contents|unpack"):
            open_contents(container(ruim), None)


def test_a_block_cipher_takes_whole_blocks() -> None:
    with pytest.raises(ValueError, match="block"):
        decrypt_rc2_cbc(b"k" * 5, b"i" * 8, b"x" * 9)
