"""Reference tables as they are kept: CSV files of the package, over which an operator may have imported newer ones.

What was imported stands in `importadas/` beside the reference file, and `importadas.json` says which of those files hold.
It is replaced in one step, so that a table is wholly the old one or wholly the new one.
"""

import csv
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from chancela.domain.erros import EstadoInvalido
from chancela.kit.packaged import packaged_bytes, packaged_names

_INDICE, _PASTA = "importadas.json", "importadas"


@dataclass(frozen=True, slots=True)
class Tabela:
    """One table read: every value is text."""

    colunas: tuple[str, ...]
    linhas: list[list[str]]


@dataclass(frozen=True, slots=True)
class Importada:
    """One imported table: its content's hash and when it came (ISO 8601)."""

    sha256: str
    em: str


@dataclass(frozen=True, slots=True)
class Registro:
    """What the manifest of the package says of a table."""

    sha256: str
    linhas: int
    colunas: tuple[str, ...]


def read_table(conteudo: bytes) -> Tabela:
    """A CSV as the package has them: UTF-8, comma, header row. A table without a header has no columns."""
    linhas = list(csv.reader(conteudo.decode("utf-8").splitlines()))
    return Tabela(tuple(linhas[0]), linhas[1:]) if linhas else Tabela((), [])


def packaged_contents() -> dict[str, bytes]:
    """Every table of the package by its name."""
    nomes = packaged_names("referencia", ".csv")
    return {nome.rpartition("/")[2].removesuffix(".csv"): packaged_bytes(nome) for nome in nomes}


def read_manifest() -> Mapping[str, Registro]:
    """What the tables of this version of the package have to be."""
    lido = json.loads(packaged_bytes("referencia/manifesto.json"))
    return {nome: Registro(r["sha256"], r["linhas"], tuple(r["colunas"])) for nome, r in lido.items()}


def describe(conteudo: bytes) -> Registro:
    """A table as the manifest tells it."""
    tabela = read_table(conteudo)
    return Registro(digest(conteudo), len(tabela.linhas), tabela.colunas)


def digest(conteudo: bytes) -> str:
    """The hash by which a table is known."""
    return hashlib.sha256(conteudo).hexdigest()


def list_imported(pasta: Path) -> Mapping[str, Importada]:
    """The imported tables that hold."""
    indice = pasta / _INDICE
    if not indice.exists():
        return {}
    return {nome: Importada(**entrada) for nome, entrada in json.loads(indice.read_bytes()).items()}


def current_contents(pasta: Path) -> dict[str, bytes]:
    """Every table as it holds now: the imported one, else the package's.

    Raises `EstadoInvalido` when an imported file is missing or is not what was imported.
    """
    conteudos = packaged_contents()
    for nome, importada in list_imported(pasta).items():
        arquivo = _file(pasta, nome, importada.sha256)
        conteudo = arquivo.read_bytes() if arquivo.exists() else b""
        if digest(conteudo) != importada.sha256:
            raise EstadoInvalido(
                "REF-IMPORTADA",
                f"A tabela importada {nome} foi alterada ou apagada: {arquivo}.",
                "Importe-a de novo com `chancela refdata import`, ou volte à do pacote com `--retirar`.",
            )
        conteudos[nome] = conteudo
    return conteudos


def keep_file(pasta: Path, nome: str, conteudo: bytes) -> str:
    """Write an imported table where it does not count yet; returns its hash."""
    soma = digest(conteudo)
    arquivo = _file(pasta, nome, soma)
    arquivo.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(arquivo, conteudo)
    return soma


def switch_imported(pasta: Path, importadas: Mapping[str, Importada]) -> None:
    """From now on these imported tables hold, and no others."""
    texto = json.dumps({nome: asdict(i) for nome, i in sorted(importadas.items())}, indent=1)
    _write_whole(pasta / _INDICE, texto.encode())


def _file(pasta: Path, nome: str, soma: str) -> Path:
    return pasta / _PASTA / f"{nome}-{soma[:20]}.csv"


def _write_whole(arquivo: Path, conteudo: bytes) -> None:
    provisorio = arquivo.with_name(f"{arquivo.name}.novo")
    with open(provisorio, "wb") as escrito:
        escrito.write(conteudo)
        escrito.flush()
        os.fsync(escrito.fileno())
    os.replace(provisorio, arquivo)
