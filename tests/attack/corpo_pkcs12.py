"""Certificate files that somebody may send: each with the password sent along, and the codes it may be refused with.

None costs more to refuse than `CUSTO_MS` and `CUSTO_MIB`, whatever the file asks for.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import pkcs12
from tests.domain.assinatura.ber import der, integer, oid
from tests.fixtures.notas import SENHA, Fabrica
from tests.fixtures.pkcs12 import hide_bomb, raise_iterations

CUSTO_MS, CUSTO_MIB = 1_500, 64
AMOSTRAS = Path(__file__).parents[1] / "domain" / "assinatura" / "amostras"
Caso = tuple[str, bytes, str, tuple[str, ...]]
FORMATO, TRUNCADO, CUSTO = ("CERT-FORMATO",), ("CERT-TRUNCADO",), ("CERT-CUSTO",)
SENHA_ERRADA, NAO_RSA = ("CERT-SENHA",), ("CERT-NAO-RSA",)
_DATA, _CERT_BAG, _KEY_BAG = (
    "1.2.840.113549.1.7.1",
    "1.2.840.113549.1.12.10.1.3",
    "1.2.840.113549.1.12.10.1.1",
)


@cache
def corpus() -> tuple[Caso, ...]:
    """Every case; made once, since keys are."""
    fabrica = Fabrica()
    return (
        *_samples(),
        *_bombs(),
        *_costly(),
        *_structures(),
        *_many(fabrica),
        *_keys(fabrica),
        *_huge_keys(fabrica),
    )


def _sample(nome: str) -> bytes:
    return (AMOSTRAS / f"{nome}.pfx").read_bytes()


def _samples() -> Iterator[Caso]:
    """Cut short, damaged, with the wrong password, of another kind."""
    inteiro = _sample("aes")
    for parte in (1, 2, 5, 16, 100, 500, 1000, 1500, 2000, len(inteiro) - 1):
        yield f"cortado em {parte}", inteiro[:parte], SENHA, TRUNCADO
    for nome in ("aes", "aes_sem_mac", "3des", "rc2_40", "rc2_128"):
        for qual, senha in (
            ("errada", "errada"),
            ("vazia", ""),
            ("longa", "s" * 4000),
            ("nula", "\x00"),
            ("meia", "\ud800"),
        ):
            yield f"{nome}: senha {qual}", _sample(nome), senha, SENHA_ERRADA
        dobrado = bytearray(_sample(nome))
        dobrado[len(dobrado) // 2] ^= 0xFF
        yield f"{nome}: alterado", bytes(dobrado), SENHA, (*SENHA_ERRADA, *FORMATO, "CERT-ILEGIVEL")
    yield "rc4", _sample("rc4"), SENHA, ("CERT-ALGORITMO",)
    for nome, conteudo in (
        ("vazio", b""), ("pem", b"-----BEGIN PRIVATE KEY-----\n"), ("zip", b"PK\x03\x04" + b"\x00" * 60), ("gzip", b"\x1f\x8b\x08" + b"\x00" * 60),
        ("xml", b"<?xml version='1.0'?><a/>"), ("json", b"{}"), ("html", b"<html>"), ("jks", b"\xfe\xed\xfe\xed" + b"\x00" * 40), ("zeros", b"\x00" * 4096),
    ):  # fmt: skip
        yield nome, conteudo, SENHA, FORMATO
    yield "grande demais", b"\x30" + b"\x00" * 65_536, SENHA, ("CERT-TAMANHO",)
    yield (
        "do tamanho do limite",
        (b"\x30\x82\xff\xfa" + b"\x00" * 65_530)[: 64 * 1024],
        SENHA,
        (*FORMATO, *TRUNCADO),
    )


def _bombs() -> Iterator[Caso]:
    """Hours of key derivation, asked for in every place that has a count."""
    for nome in ("aes", "aes_sem_mac", "3des", "rc2_40", "rc2_128"):
        for vezes in (1_000_001, 2**31 - 1, 2**63, 2**20_000):
            yield (
                f"{nome}: {vezes.bit_length()} bits de iterações",
                raise_iterations(_sample(nome), vezes),
                SENHA,
                CUSTO,
            )
        for vezes in (0, -1, -(2**40)):
            yield f"{nome}: {vezes} iterações", raise_iterations(_sample(nome), vezes), SENHA, FORMATO
    for vezes in (1_000_001, 2**31 - 1, 2**20_000):
        yield f"escondida: {vezes.bit_length()} bits", hide_bomb(SENHA, vezes), SENHA, CUSTO


def _costly() -> Iterator[Caso]:
    """What is just within the limits, and is only found wrong at the end."""
    for nome, vezes in (("aes_sem_mac", 499_000), ("3des", 299_000), ("rc2_128", 299_000)):
        yield (
            f"{nome} no limite, senha errada",
            raise_iterations(_sample(nome), vezes),
            "errada",
            SENHA_ERRADA,
        )


def _structures() -> Iterator[Caso]:
    """What no writer writes: depth, endless numbers, lengths that lie."""
    yield "aninhado", b"\x30\x80" * 20_000, SENHA, FORMATO
    yield "aninhado e fechado", b"\x30\x80" * 10_000 + b"\x00\x00" * 10_000, SENHA, FORMATO
    yield "comprimento de 4 GiB", b"\x30\x84\xff\xff\xff\xff", SENHA, TRUNCADO
    yield "comprimento de 5 bytes", b"\x30\x85\x01\x00\x00\x00\x00", SENHA, FORMATO
    yield (
        "oid sem fim",
        _container(der(0x30, der(0x06, b"\xff" * 60_000), der(0xA0, der(0x04)))),
        SENHA,
        FORMATO,
    )
    yield (
        "oid de 60 KB",
        _container(der(0x30, der(0x06, b"\xff" * 59_999 + b"\x01"), der(0xA0, der(0x04)))),
        SENHA,
        FORMATO,
    )
    yield "versao enorme", der(0x30, der(0x02, b"\x7f" * 60_000), der(0x30)), SENHA, FORMATO
    yield "sem conteudo", _container(der(0x30, oid(_DATA))), SENHA, FORMATO
    yield "10 mil partes", _safe(der(0x30, *(_part(b"") for _ in range(2_000)))), SENHA, FORMATO
    fundo = der(0x30)
    for _ in range(40):
        fundo = der(0x30, der(0x30, oid("1.2.840.113549.1.12.10.1.6"), der(0xA0, fundo)))
    yield "sacolas em sacolas", _safe(der(0x30, _part(fundo))), SENHA, FORMATO
    pedacos = der(0x04, b"x")
    for _ in range(300):
        pedacos = der(0x24, pedacos)
    yield (
        "octetos em pedacos de pedacos",
        _container(der(0x30, oid(_DATA), der(0xA0, pedacos))),
        SENHA,
        FORMATO,
    )


def _many(fabrica: Fabrica) -> Iterator[Caso]:
    """As many certificates and bags as fit, none of them the key's."""
    protecao = serialization.BestAvailableEncryption(SENHA.encode())
    alheia = ec.generate_private_key(ec.SECP256R1())
    modelo = fabrica.certificado()
    alheios = [_foreign(modelo, alheia, n) for n in range(100)]
    pfx = pkcs12.serialize_key_and_certificates(None, fabrica.chave, None, alheios, protecao)
    yield "cem certificados alheios", pfx, SENHA, ("CERT-CHAVE-DIFERENTE", *NAO_RSA)
    yield (
        "cem certificados sem chave",
        pkcs12.serialize_key_and_certificates(None, None, alheios[0], alheios[1:], protecao),
        SENHA,
        ("CERT-SEM-CHAVE",),
    )
    lixo = der(
        0x30,
        oid(_CERT_BAG),
        der(0xA0, der(0x30, oid("1.2.840.113549.1.9.22.1"), der(0xA0, der(0x04, b"lixo")))),
    )
    yield (
        "mil sacolas de lixo",
        _safe(der(0x30, _part(der(0x30, *([lixo] * 1_000))))),
        SENHA,
        ("CERT-SENHA", "CERT-SEM-CHAVE", "CERT-ILEGIVEL"),
    )


def _keys(fabrica: Fabrica) -> Iterator[Caso]:
    """Keys that no layout of SEFAZ signs with, or not of the certificate."""
    outra = rsa.generate_private_key(65537, 2048)
    for nome, chave in (
        ("p256", ec.generate_private_key(ec.SECP256R1())), ("p384", ec.generate_private_key(ec.SECP384R1())),
        ("p521", ec.generate_private_key(ec.SECP521R1())), ("k256", ec.generate_private_key(ec.SECP256K1())),
        ("ed25519", ed25519.Ed25519PrivateKey.generate()), ("ed448", ed448.Ed448PrivateKey.generate()),
        ("x25519", x25519.X25519PrivateKey.generate()), ("dsa", dsa.generate_private_key(1024)),
    ):  # fmt: skip
        yield (
            f"chave {nome}",
            _with_key(_pkcs8(chave), fabrica),
            "",
            (*NAO_RSA, *SENHA_ERRADA, "CERT-ALGORITMO"),
        )
    yield "de outra chave", _with_key(_pkcs8(outra), fabrica), "", ("CERT-CHAVE-DIFERENTE",)
    yield "sem chave", fabrica.pfx(sem_chave=True), SENHA, ("CERT-SEM-CHAVE",)
    for bits in (1024, 1536):
        curta = rsa.generate_private_key(65537, bits)
        yield (
            f"rsa de {bits}",
            fabrica.pfx(fabrica.certificado(chave=curta), chave=curta),
            SENHA,
            ("CERT-CHAVE-CURTA",),
        )
    yield "chave de lixo", _with_key(der(0x30, b"lixo"), fabrica), "", SENHA_ERRADA
    yield "chave vazia", _with_key(der(0x30), fabrica), "", SENHA_ERRADA


def _huge_keys(fabrica: Fabrica) -> Iterator[Caso]:
    """Keys whose primes would take minutes to prove. They are known ones (Mersenne's), so the key itself is right."""
    longa = ("CERT-CHAVE-LONGA",)
    for a, b in ((2203, 2281), (3217, 4253), (9689, 9941), (21701, 23209)):
        yield f"rsa de {a + b}", _with_key(_mersenne(a, b), fabrica), "", longa
    algoritmo = der(0x30, oid("1.2.840.113549.1.3.1"), der(0x30, integer(2**44497 - 1), integer(2)))
    yield (
        "dh de 44497 bits",
        _with_key(der(0x30, integer(0), algoritmo, der(0x04, integer(5))), fabrica),
        "",
        longa,
    )


def _mersenne(a: int, b: int) -> bytes:
    """PKCS#8 of an RSA key with the primes 2^a - 1 and 2^b - 1."""
    p, q, e = 2**a - 1, 2**b - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    partes = (0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    rsa_oid = der(0x30, oid("1.2.840.113549.1.1.1"), der(0x05))
    return der(0x30, integer(0), rsa_oid, der(0x04, der(0x30, *map(integer, partes))))


def _pkcs8(chave: object) -> bytes:
    return chave.private_bytes(  # type: ignore[attr-defined,no-any-return]
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _foreign(modelo: x509.Certificate, chave: ec.EllipticCurvePrivateKey, numero: int) -> x509.Certificate:
    from cryptography.hazmat.primitives import hashes

    return (
        x509.CertificateBuilder()
        .subject_name(modelo.subject)
        .issuer_name(modelo.subject)
        .public_key(chave.public_key())
        .serial_number(numero + 1)
        .not_valid_before(modelo.not_valid_before_utc)
        .not_valid_after(modelo.not_valid_after_utc)
        .sign(chave, hashes.SHA256())
    )


def _container(auth_safe: bytes) -> bytes:
    return der(0x30, integer(3), auth_safe)


def _safe(partes: bytes) -> bytes:
    return _container(der(0x30, oid(_DATA), der(0xA0, der(0x04, partes))))


def _part(conteudo: bytes) -> bytes:
    return der(0x30, oid(_DATA), der(0xA0, der(0x04, conteudo)))


def _with_key(pkcs8: bytes, fabrica: Fabrica) -> bytes:
    """An open container, without integrity code, of this key and a good certificate."""
    certificado = fabrica.certificado().public_bytes(serialization.Encoding.DER)
    valor = der(0x30, oid("1.2.840.113549.1.9.22.1"), der(0xA0, der(0x04, certificado)))
    bolsas = der(
        0x30, der(0x30, oid(_KEY_BAG), der(0xA0, pkcs8)), der(0x30, oid(_CERT_BAG), der(0xA0, valor))
    )
    return _safe(der(0x30, _part(bolsas)))
