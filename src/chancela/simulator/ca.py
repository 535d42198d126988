"""A certification authority for tests: A1 certificates with the ICP-Brasil identities, trusted by this simulator only.

Nothing that it signs has any legal value. The key of the authority stays in `<home>/simulador/ca.key` (mode 0600).
"""

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

OID_TITULAR_PF = x509.ObjectIdentifier("2.16.76.1.3.1")
OID_RESPONSAVEL_NOME = x509.ObjectIdentifier("2.16.76.1.3.2")
OID_CNPJ = x509.ObjectIdentifier("2.16.76.1.3.3")
OID_RESPONSAVEL_DADOS = x509.ObjectIdentifier("2.16.76.1.3.4")
OID_CEI_PF = x509.ObjectIdentifier("2.16.76.1.3.6")
OID_INSS_PJ = x509.ObjectIdentifier("2.16.76.1.3.7")
_INICIO = datetime(2010, 1, 1, tzinfo=UTC)
_FIM = datetime(2049, 12, 31, tzinfo=UTC)
_RESPONSAVEL_CPF = "52998224725"


@dataclass(frozen=True, slots=True)
class AutoridadeTeste:
    """A test CA in a folder: `ca.pem`, `ca.key`, `servidor.pem`, `servidor.key`."""

    pasta: Path
    certificado: x509.Certificate
    chave: rsa.RSAPrivateKey

    @property
    def ca_file(self) -> Path:
        return self.pasta / "ca.pem"

    @property
    def servidor_pem(self) -> Path:
        return self.pasta / "servidor.pem"

    @property
    def servidor_key(self) -> Path:
        return self.pasta / "servidor.key"

    @classmethod
    def open(cls, pasta: Path, nome: str = "AC Teste do Simulador SEFAZ local") -> "AutoridadeTeste":
        """Load the authority of `pasta`, or make one there, together with the server's certificate."""
        pasta.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (pasta / "servidor.pem").exists():
            _found(pasta, nome)
        chave = serialization.load_pem_private_key((pasta / "ca.key").read_bytes(), None)
        assert isinstance(chave, rsa.RSAPrivateKey)
        return cls(pasta, x509.load_pem_x509_certificate((pasta / "ca.pem").read_bytes()), chave)

    def issue_test_certificate(
        self,
        *,
        nome: str,
        senha: str,
        agora: datetime,
        cnpj: str | None = None,
        cpf: str | None = None,
        validade_dias: int = 365,
        inicio: datetime | None = None,
        legacy: bool = False,
    ) -> bytes:
        """A PKCS#12 file with key, certificate and CA, as an A1 of ICP-Brasil carries them.

        `inicio` (default: one day before `agora`) and `validade_dias` may make it expired or not yet valid on
        purpose; `legacy` packs it with 3DES and SHA-1 as old issuers do. Without `cnpj` and `cpf` the certificate
        names nobody (rejections 282 and 292).
        """
        chave = rsa.generate_private_key(65537, 2048)
        comeco = inicio or agora - timedelta(days=1)
        titular = cnpj or cpf or ""
        cn = f"{nome}:{titular}" if titular else nome
        pessoa = "RFB e-CNPJ A1" if cnpj else "RFB e-CPF A1"
        construtor = (
            _builder(
                _name(cn, pessoa),
                self.certificado.subject,
                chave.public_key(),
                comeco,
                comeco + timedelta(days=validade_dias),
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]
                ),
                critical=False,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.chave.public_key()), critical=False
            )
            .add_extension(x509.SubjectAlternativeName(_identities(nome, cnpj, cpf)), critical=False)
        )
        certificado = construtor.sign(self.chave, hashes.SHA256())
        protecao: serialization.KeySerializationEncryption
        if legacy:
            protecao = (
                serialization.PrivateFormat.PKCS12.encryption_builder()
                .kdf_rounds(2_000)
                .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
                .hmac_hash(hashes.SHA1())  # noqa: S303 - what old containers carry
                .build(senha.encode())
            )
        else:
            protecao = serialization.BestAvailableEncryption(senha.encode())
        return pkcs12.serialize_key_and_certificates(
            cn[:64].encode(), chave, certificado, [self.certificado], protecao
        )


def issue_test_certificate(
    home: Path,
    *,
    nome: str,
    senha: str,
    agora: datetime,
    cnpj: str | None = None,
    cpf: str | None = None,
    validade_dias: int = 365,
    legacy: bool = False,
) -> bytes:
    """An A1 test certificate under the CA of `home/simulador`, which is made when it is not there yet."""
    autoridade = AutoridadeTeste.open(home / "simulador")
    return autoridade.issue_test_certificate(
        nome=nome, senha=senha, agora=agora, cnpj=cnpj, cpf=cpf, validade_dias=validade_dias, legacy=legacy
    )


def _found(pasta: Path, nome: str) -> None:
    chave = rsa.generate_private_key(65537, 2048)
    publica = chave.public_key()
    sujeito = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "SEFAZ local (teste, sem valor legal)"),
            x509.NameAttribute(NameOID.COMMON_NAME, nome),
        ]
    )
    ac = (
        _builder(sujeito, sujeito, publica, _INICIO, _FIM)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(ca=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(publica), critical=False)
        .sign(chave, hashes.SHA256())
    )
    chave_servidor = rsa.generate_private_key(65537, 2048)
    servidor = (
        _builder(_name("localhost", "Servidor"), sujeito, chave_servidor.public_key(), _INICIO, _FIM)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(publica), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("localhost"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                    x509.IPAddress(ipaddress.ip_address("::1")),
                ]
            ),
            critical=False,
        )
        .sign(chave, hashes.SHA256())
    )
    _write(pasta / "ca.key", _pem(chave), 0o600)
    _write(pasta / "ca.pem", ac.public_bytes(serialization.Encoding.PEM), 0o644)
    _write(pasta / "servidor.key", _pem(chave_servidor), 0o600)
    _write(pasta / "servidor.pem", servidor.public_bytes(serialization.Encoding.PEM), 0o644)


def _pem(chave: rsa.RSAPrivateKey) -> bytes:
    return chave.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(caminho: Path, conteudo: bytes, modo: int) -> None:
    provisorio = caminho.with_name(caminho.name + ".novo")
    descritor = os.open(provisorio, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, modo)
    with os.fdopen(descritor, "wb") as arquivo:
        arquivo.write(conteudo)
    provisorio.replace(caminho)


def _name(cn: str, unidade: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ICP-Brasil (teste, sem valor legal)"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unidade),
            x509.NameAttribute(NameOID.COMMON_NAME, cn[:64]),
        ]
    )


def _builder(
    sujeito: x509.Name, emissor: x509.Name, publica: rsa.RSAPublicKey, inicio: datetime, fim: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(sujeito)
        .issuer_name(emissor)
        .public_key(publica)
        .serial_number(x509.random_serial_number())
        .not_valid_before(inicio)
        .not_valid_after(fim)
    )


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca, key_encipherment=not ca, data_encipherment=False,
        key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _other(oid: x509.ObjectIdentifier, texto: str) -> x509.OtherName:
    conteudo = texto.encode("latin-1", "replace")
    assert len(conteudo) < 128
    return x509.OtherName(oid, bytes([0x04, len(conteudo)]) + conteudo)


def _identities(nome: str, cnpj: str | None, cpf: str | None) -> list[x509.GeneralName]:
    """The OtherNames of the ICP-Brasil layout (DOC-ICP-04): birth date, CPF, NIS, RG in fixed positions."""
    dados_pf = "01011980{cpf}" + "0" * 11 + "0" * 15 + "SSPSP"
    identidades: list[x509.GeneralName] = [x509.RFC822Name("fiscal@exemplo.com.br")]
    if cnpj:
        identidades += [
            _other(OID_RESPONSAVEL_NOME, nome[:60]),
            _other(OID_CNPJ, cnpj),
            _other(OID_RESPONSAVEL_DADOS, dados_pf.format(cpf=_RESPONSAVEL_CPF)),
            _other(OID_INSS_PJ, "0" * 12),
        ]
    elif cpf:
        identidades += [_other(OID_TITULAR_PF, dados_pf.format(cpf=cpf)), _other(OID_CEI_PF, "0" * 12)]
    return identidades
