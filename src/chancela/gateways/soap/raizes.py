"""The CAs trusted on the wire, laid out so that a connection loads only those that it meets.

OpenSSL keeps a copy of its own of every CA of a bundle in every context: 670 KiB for the public ones, and each company
has its contexts. From a folder of files named by the hash of their subject (`capath`) it loads a CA when a chain asks
for it. Nothing here decides whom to trust: the folder holds the certificates it is given, all of them and no other.
"""

import hashlib
import logging
import os
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

_CERTIFICADO = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

logger = logging.getLogger(__name__)


def split_certificates(pem: bytes) -> Sequence[str]:
    """The certificates of a bundle in PEM, each once, without the comments around them."""
    return tuple(dict.fromkeys(f"{achado}\n" for achado in _CERTIFICADO.findall(pem.decode("utf-8"))))


def hashed_files(certificados: Sequence[str]) -> Mapping[str, str]:
    """Contents by name: eight digits of the subject's hash, and a number for those that share it, as OpenSSL counts them."""
    from OpenSSL import crypto  # only the first connection of a process needs it

    quantos: Counter[int] = Counter()
    arquivos: dict[str, str] = {}
    for certificado in certificados:
        sumario = crypto.load_certificate(
            crypto.FILETYPE_PEM, certificado.encode("ascii")
        ).subject_name_hash()
        arquivos[f"{sumario:08x}.{quantos[sumario]}"] = certificado
        quantos[sumario] += 1
    return arquivos


class PastaRaizes:
    """Folders of trusted CAs under `pasta`, one for each set; processes that share it write the same."""

    def __init__(self, pasta: Path) -> None:
        self._pasta = pasta
        self._arquivos: dict[str, Mapping[str, str]] = {}

    def folder(self, certificados: Sequence[str]) -> Path | None:
        """A folder with exactly `certificados`, compared again at every call. None: it cannot be written, or OpenSSL could
        not be told its name.
        """
        marca = hashlib.sha256("".join(certificados).encode("ascii")).hexdigest()[:16]
        destino = self._pasta / marca
        if os.pathsep in str(destino):  # OpenSSL would take it for a list of folders
            return None
        if marca not in self._arquivos:
            self._arquivos[marca] = hashed_files(certificados)
        try:
            self._fill(destino, self._arquivos[marca])
        except OSError:
            logger.warning("a pasta %s não pode ser escrita: cada conexão carrega todas as raízes", destino)
            return None
        return destino

    def _fill(self, destino: Path, arquivos: Mapping[str, str]) -> None:
        destino.mkdir(mode=0o700, parents=True, exist_ok=True)
        presentes = {arquivo.name: arquivo for arquivo in destino.iterdir()}
        for sobra in presentes.keys() - arquivos.keys():
            presentes[sobra].unlink(missing_ok=True)
        for nome, conteudo in arquivos.items():
            if nome not in presentes or presentes[nome].read_bytes() != conteudo.encode("ascii"):
                self._write(destino / nome, conteudo)

    def _write(self, arquivo: Path, conteudo: str) -> None:
        """Whole or not at all: another process may be reading."""
        descritor, provisorio = tempfile.mkstemp(dir=self._pasta)
        with open(descritor, "w", encoding="ascii", newline="\n") as novo:
            novo.write(conteudo)
        os.replace(provisorio, arquivo)
