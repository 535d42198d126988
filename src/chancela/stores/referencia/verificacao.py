"""Whether the reference tables are what they have to be: package against manifest, imports against their hashes, and the
reference file against both."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chancela.domain.erros import EstadoInvalido
from chancela.stores.referencia.construcao import VERSAO_ESQUEMA, reference_file
from chancela.stores.referencia.tabelas import (
    Registro,
    current_contents,
    describe,
    list_imported,
    packaged_contents,
    read_manifest,
    read_table,
)


@dataclass(frozen=True, slots=True)
class TabelaVerificada:
    """One table: how many rows it has, where it comes from, and what is wrong with it (empty: nothing)."""

    nome: str
    linhas: int
    origem: str
    problema: str = ""


def verify_tables(pasta: Path) -> Sequence[TabelaVerificada]:
    """Every table, by name. Raises `EstadoInvalido` when an imported file is lost or the reference file cannot be read."""
    manifesto, pacote = read_manifest(), packaged_contents()
    importadas, conteudos = list_imported(pasta), current_contents(pasta)
    arquivo = reference_file(pasta, conteudos)
    conexao = None if not arquivo.exists() else _open(arquivo)
    try:
        return [
            TabelaVerificada(
                nome,
                len(read_table(conteudos[nome]).linhas) if nome in conteudos else 0,
                f"importada em {importadas[nome].em}" if nome in importadas else "pacote",
                _against_manifest(nome, manifesto, pacote) or _against_file(nome, conteudos, conexao),
            )
            for nome in sorted({*manifesto, *conteudos})
        ]
    finally:
        if conexao is not None:
            conexao.close()


def _against_manifest(nome: str, manifesto: Mapping[str, Registro], pacote: Mapping[str, bytes]) -> str:
    if nome not in pacote:
        return "falta no pacote"
    if nome not in manifesto:
        return "não está no manifesto"
    esperado, achado = manifesto[nome], describe(pacote[nome])
    if achado.colunas != esperado.colunas:
        return f"colunas do pacote: {','.join(achado.colunas)}"
    if achado.linhas != esperado.linhas:
        return f"o pacote tem {achado.linhas} linhas, e o manifesto diz {esperado.linhas}"
    return "" if achado.sha256 == esperado.sha256 else "o conteúdo do pacote foi alterado"


def _against_file(nome: str, conteudos: Mapping[str, bytes], conexao: sqlite3.Connection | None) -> str:
    if conexao is None:
        return ""
    tabela = read_table(conteudos[nome])
    colunas = ", ".join(tabela.colunas)
    try:
        guardadas = conexao.execute(f"SELECT {colunas} FROM {nome} ORDER BY rowid").fetchall()  # noqa: S608
    except sqlite3.DatabaseError as erro:
        return f"reference.sqlite: {erro}"
    if len(guardadas) != len(tabela.linhas):
        return f"reference.sqlite tem {len(guardadas)} linhas"
    return (
        ""
        if guardadas == [tuple(linha) for linha in tabela.linhas]
        else "reference.sqlite tem outro conteúdo"
    )


def _open(arquivo: Path) -> sqlite3.Connection:
    conexao = sqlite3.connect(f"{arquivo.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        versao = conexao.execute("PRAGMA user_version").fetchone()[0]
        inteiro = conexao.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as erro:
        versao, inteiro = None, str(erro)
    if (versao, inteiro) != (VERSAO_ESQUEMA, "ok"):
        conexao.close()
        raise EstadoInvalido(
            "REF-ARQUIVO",
            f"O arquivo {arquivo} está estragado ({inteiro}, esquema {versao}).",
            "Apague-o: ele é feito de novo ao subir.",
        )
    return conexao
