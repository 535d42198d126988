"""Turns the reference tables that hold into one SQLite file, the same bytes from the same tables.

The name of the file carries the hash of everything that goes in, so an upgrade makes a new one and an old one is
simply no longer opened. It is written aside, synced and renamed: whoever sees it sees it whole.
"""

import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chancela.domain.tabelas.nomes import comparable
from chancela.stores.referencia.tabelas import current_contents, read_table

VERSAO_ESQUEMA = 1
"""Raise it whenever the look-ups need the file to be made differently."""
_NOME = re.compile(r"[a-z][a-z0-9_]*")
_CHAVES: Mapping[str, tuple[str, ...]] = {
    "anp": ("cprodanp",),
    "bancos": ("compe",),
    "cclasstrib_oficial": ("cclasstrib",),
    "ccredpres": ("ccredpres",),
    "cep_amostra": ("cep",),
    "cep_prefixos_cnefe": ("prefixo5",),
    "cep_ranges": ("cep_inicio",),
    "cest": ("cest",),
    "cest_ncm": ("cest", "ncm_prefixo"),
    "cfop": ("cfop",),
    "cnae": ("subclasse",),
    "cst_ibscbs_oficial": ("cst_ibs_cbs",),
    "ctribnac": ("codigo",),
    "ind_op": ("ind_op",),
    "lc116": ("item",),
    "moedas": ("codigo",),
    "municipios": ("codigo_ibge",),
    "natureza_juridica": ("codigo",),
    "nbs": ("nbs",),
    "ncm": ("ncm",),
    "ncm_hierarquia": ("codigo",),
    "paises": ("codigo_bacen",),
}
"""Column that names a row; each gets an index. The second of `cest_ncm` answers the way back."""
_BUSCA: Mapping[str, tuple[str, str]] = {
    "cest": ("cest", "descricao"),
    "cfop": ("cfop", "descricao"),
    "cnae": ("subclasse", "descricao"),
    "ctribnac": ("codigo", "descricao"),
    "lc116": ("item", "descricao"),
    "municipios": ("codigo_ibge", "nome"),
    "nbs": ("nbs", "descricao"),
    "ncm": ("ncm", "descricao_completa"),
}
"""Tables whose text can be searched: code and text."""


def key_column(tabela: str) -> str | None:
    """The column by which rows of a table are found; None for a table without one."""
    chaves = _CHAVES.get(tabela)
    return chaves[0] if chaves else None


def key_columns(tabela: str) -> tuple[str, ...]:
    """The columns that name a row of a table; empty when nothing but the whole row does."""
    return _CHAVES.get(tabela, ())


def build_reference(pasta: Path) -> Path:
    """The file for the tables that hold in `pasta`, made now if it is not there (about a second)."""
    return build_from(pasta, current_contents(pasta))


def reference_file(pasta: Path, conteudos: Mapping[str, bytes]) -> Path:
    """Where the file of these tables is, made or not."""
    return pasta / f"referencia-{_identity(conteudos)[:20]}.sqlite"


def build_from(pasta: Path, conteudos: Mapping[str, bytes]) -> Path:
    """The file for these tables, made now if it is not there."""
    destino = reference_file(pasta, conteudos)
    if destino.exists():
        return destino
    pasta.mkdir(parents=True, exist_ok=True)
    descritor, provisorio = tempfile.mkstemp(prefix="referencia-", suffix=".novo", dir=pasta)
    os.close(descritor)
    try:
        _write(Path(provisorio), conteudos)
        os.chmod(provisorio, 0o444)
        os.replace(provisorio, destino)
    except BaseException:
        Path(provisorio).unlink(missing_ok=True)
        raise
    return destino


def _identity(conteudos: Mapping[str, bytes]) -> str:
    soma = hashlib.sha256(f"esquema {VERSAO_ESQUEMA}".encode())
    for nome in sorted(conteudos):
        soma.update(f"\n{nome} {len(conteudos[nome])}\n".encode())
        soma.update(conteudos[nome])
    return soma.hexdigest()


def _write(arquivo: Path, conteudos: Mapping[str, bytes]) -> None:
    lidas = {nome: read_table(conteudo) for nome, conteudo in sorted(conteudos.items())}
    tabelas = {nome: (list(lida.colunas), lida.linhas) for nome, lida in lidas.items()}
    _complete(tabelas)
    conexao = sqlite3.connect(arquivo, isolation_level=None)
    try:
        conexao.execute("PRAGMA journal_mode = OFF")
        conexao.execute("PRAGMA synchronous = OFF")
        conexao.execute("BEGIN")
        for nome, (colunas, linhas) in tabelas.items():
            _store(conexao, nome, colunas, linhas)
        conexao.execute(
            "CREATE VIRTUAL TABLE busca USING fts5(tabela UNINDEXED, codigo UNINDEXED, texto,"
            " tokenize = 'unicode61 remove_diacritics 2')"
        )
        for nome, (coluna_codigo, coluna_texto) in _BUSCA.items():
            colunas, linhas = tabelas[nome]
            codigo, texto = colunas.index(coluna_codigo), colunas.index(coluna_texto)
            conexao.executemany(
                "INSERT INTO busca VALUES (?, ?, ?)",
                ((nome, linha[codigo], linha[texto]) for linha in linhas),
            )
        conexao.execute("INSERT INTO busca (busca) VALUES ('optimize')")
        conexao.execute(f"PRAGMA user_version = {VERSAO_ESQUEMA}")
        conexao.execute("COMMIT")
        conexao.execute("ANALYZE")
        conexao.execute("VACUUM")
    finally:
        conexao.close()
    with open(arquivo, "rb") as escrito:
        os.fsync(escrito.fileno())


def _complete(tabelas: dict[str, tuple[list[str], list[list[str]]]]) -> None:
    """Columns that look-ups need and the tables only imply."""
    colunas, linhas = tabelas["municipios"]
    nome = colunas.index("nome")
    tabelas["municipios"] = ([*colunas, "nome_comparavel"], [[*m, comparable(m[nome])] for m in linhas])
    colunas, linhas = tabelas["ncm"]
    codigo, texto = colunas.index("ncm"), colunas.index("descricao")
    titulos = _titles(tabelas["ncm_hierarquia"])
    tabelas["ncm"] = (
        [*colunas, "descricao_completa"],
        [[*n, " - ".join([*_above(n[codigo], titulos), n[texto]])] for n in linhas],
    )


def _titles(tabela: tuple[Sequence[str], Iterable[Sequence[str]]]) -> dict[str, str]:
    colunas, linhas = tabela
    codigo, texto = colunas.index("codigo"), colunas.index("descricao")
    return {linha[codigo]: linha[texto].rstrip(" .:;") for linha in linhas}


def _above(ncm: str, titulos: Mapping[str, str]) -> list[str]:
    """Texts of the position, subpositions and item that an NCM hangs from."""
    return [titulos[ncm[:n]] for n in (4, 5, 6, 7) if ncm[:n] in titulos]


def _store(
    conexao: sqlite3.Connection, nome: str, colunas: Sequence[str], linhas: Iterable[Sequence[str]]
) -> None:
    assert all(_NOME.fullmatch(n) for n in (nome, *colunas)), (nome, colunas)
    conexao.execute(f"CREATE TABLE {nome} ({', '.join(f'{c} TEXT NOT NULL' for c in colunas)})")
    marcas = ", ".join("?" for _ in colunas)
    conexao.executemany(f"INSERT INTO {nome} VALUES ({marcas})", linhas)  # noqa: S608 - names checked above
    for coluna in _CHAVES.get(nome, ()):
        conexao.execute(f"CREATE INDEX {nome}_{coluna} ON {nome} ({coluna})")
    if nome == "municipios":
        conexao.execute("CREATE UNIQUE INDEX municipios_nome ON municipios (nome_comparavel, uf)")
