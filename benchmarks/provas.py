"""What the sides share: a test certificate made in memory, the schema's place, and PyNFe's own environment."""

import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from benchmarks.processo import RAIZ
from benchmarks.venda import CNPJ, RAZAO_SOCIAL

SENHA = "senha de teste"
AMBIENTE_PYNFE = RAIZ / ".venv-pynfe"
PINOS_PYNFE = RAIZ / "benchmarks" / "requirements-pynfe.txt"


def make_pkcs12() -> bytes:
    """A self-signed RSA-2048 A1 of a fictitious company."""
    chave = rsa.generate_private_key(65537, 2048)
    nome = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{RAZAO_SOCIAL}:{CNPJ}")])
    agora = datetime.now(UTC)
    cnpj = x509.OtherName(x509.ObjectIdentifier("2.16.76.1.3.3"), bytes([4, len(CNPJ)]) + CNPJ.encode())
    certificado = (
        x509.CertificateBuilder()
        .subject_name(nome)
        .issuer_name(nome)
        .public_key(chave.public_key())
        .serial_number(7)
        .not_valid_before(agora - timedelta(days=1))
        .not_valid_after(agora + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([cnpj]), critical=False)
        .sign(chave, hashes.SHA256())
    )
    protecao = serialization.BestAvailableEncryption(SENHA.encode())
    return pkcs12.serialize_key_and_certificates(b"teste", chave, certificado, None, protecao)


def schema_file() -> Path:
    """The official schema, as nfelib ships it."""
    spec = find_spec("nfelib")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(next(iter(spec.submodule_search_locations))) / "nfe/schemas/v4_0/nfe_v4.00.xsd"


@contextmanager
def surroundings() -> Iterator[Mapping[str, str]]:
    """Environment variables of the sides: one key for all of them, in a folder that disappears."""
    with TemporaryDirectory() as pasta:
        pfx = Path(pasta) / "teste.pfx"
        pfx.write_bytes(make_pkcs12())
        yield {
            "BANCO_DE_PROVAS_PFX": str(pfx),
            "BANCO_DE_PROVAS_SENHA": SENHA,
            "BANCO_DE_PROVAS_XSD": str(schema_file()),
            "PYTHONPATH": os.pathsep.join((str(RAIZ), str(RAIZ / "src"))),
        }


def ensure_pynfe() -> Path | None:
    """Python of PyNFe's environment, made on first use from hashed pins; None when it cannot be installed."""
    python = AMBIENTE_PYNFE / ("Scripts" if os.name == "nt" else "bin") / "python"
    selo = AMBIENTE_PYNFE / ".pinos"
    resumo = sha256(PINOS_PYNFE.read_bytes()).hexdigest()
    if selo.is_file() and selo.read_text() == resumo and python.exists():
        return python
    print("instalando PyNFe em ambiente próprio...", file=sys.stderr)
    try:
        venv.create(AMBIENTE_PYNFE, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(PINOS_PYNFE)], check=True, stdout=sys.stderr, timeout=300)
    except (OSError, subprocess.SubprocessError) as erro:
        print(f"PyNFe não instalado: {type(erro).__name__}", file=sys.stderr)
        return None
    selo.write_text(resumo)
    return python
