"""Backup and restore: every table of one instant into a folder of plain files, and back into an empty database.

The tables are read by COPY in one repeatable-read transaction, so that the copy is the database of one instant while
the system runs, whichever PostgreSQL it came from goes into whichever takes it, and no program outside is needed.
The authorised XML is in the tables (`Artefatos`); objects are copies or can be drawn again. The queue is left out:
its jobs only wake, and the sweep finds what is due. The master key is never in a backup; the manifest names the keys
that its secrets need.

A folder appears under its name only when it is whole: the manifest with the hash of every file is written last.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from psycopg import sql

from chancela.domain.erros import FiscalError
from chancela.stores.conexao import PAPEL_SISTEMA, libpq_url
from chancela.stores.migracao import current_revision, migrate
from chancela.stores.segredos import CHAVES_EM_USO

_FORMATO = 1
_MANIFESTO = "manifesto.json"
_FORA = ("procrastinate_", "chancela_fila_versao", "chancela_versao")
_NOME = re.compile(r"[a-z][a-z0-9_]*")
"""Of a table: the manifest may come from elsewhere, and its names become paths."""
_BLOCO = 1024 * 1024


class CopiaInvalida(FiscalError):
    """A backup that cannot be taken, or one that cannot be restored; nothing was changed."""


@dataclass(frozen=True, slots=True)
class TabelaCopiada:
    """One table of a backup."""

    colunas: Sequence[str]
    linhas: int
    sha256: str
    """Of the compressed file."""


@dataclass(frozen=True, slots=True)
class Manifesto:
    """What a backup holds."""

    criado_em: datetime
    versao: str
    """Of the program."""
    revisao: str
    """Of the schema: the restore goes through it, whatever the program that restores knows beyond."""
    chaves_mestras: Sequence[str]
    """Ids of the master keys that its secrets are sealed under."""
    tabelas: Mapping[str, TabelaCopiada]


def back_up(url: str, destino: Path, *, agora: datetime, versao: str) -> Manifesto:
    """Copy the whole database of this instant into the new folder `destino`. The system may be running."""
    if destino.exists():
        raise CopiaInvalida("COPIA-EXISTE", f"{destino} já existe.", "Escolha uma pasta nova para a cópia.")
    parcial = destino.with_name(destino.name + ".parcial")
    shutil.rmtree(parcial, ignore_errors=True)
    parcial.mkdir(parents=True, mode=0o700)
    with _snapshot(url) as conexao:
        revisao = conexao.execute("SELECT version_num FROM chancela_versao").fetchone()
        assert revisao is not None, "a database that was migrated"
        tabelas = {
            nome: _copy_out(conexao, nome, colunas, parcial) for nome, colunas in _tables(conexao).items()
        }
        chaves = [linha[0] for linha in conexao.execute(CHAVES_EM_USO.encode()).fetchall()]
    manifesto = Manifesto(agora, versao, revisao[0], chaves, tabelas)
    _write_whole(parcial / _MANIFESTO, _to_json(manifesto))
    parcial.rename(destino)
    _sync_folder(destino.parent)
    return manifesto


def read_manifest(origem: Path) -> Manifesto:
    """The manifest of a backup, with every file checked against it. `CopiaInvalida` otherwise."""
    try:
        dados = json.loads((origem / _MANIFESTO).read_text(encoding="utf-8"))
        if dados["formato"] != _FORMATO:
            raise CopiaInvalida("COPIA-FORMATO", "A cópia é de um formato que este programa não conhece.")
        tabelas = {_check_name(nome): TabelaCopiada(**tabela) for nome, tabela in dados["tabelas"].items()}
        criado_em = datetime.fromisoformat(dados["criado_em"])
        manifesto = Manifesto(criado_em, dados["versao"], dados["revisao"], dados["chaves_mestras"], tabelas)
    except (OSError, ValueError, KeyError, TypeError):
        raise CopiaInvalida(
            "COPIA-MANIFESTO",
            f"{origem} não é uma cópia inteira: falta o manifesto, ou ele não se lê.",
            "Use a pasta que chancela backup escreveu, com todos os arquivos dela.",
        ) from None
    for nome, tabela in manifesto.tabelas.items():
        if _hash_file(_file_of(origem, nome)) != tabela.sha256:
            raise CopiaInvalida(
                "COPIA-ALTERADA",
                f"O arquivo da tabela {nome} falta ou não é o que foi gravado.",
                "Use outra cópia: esta não pode ser restaurada inteira.",
            )
    return manifesto


def restore(url: str, origem: Path, *, chaves_mestras: Sequence[str], motivo: str, ator: str) -> Manifesto:
    """Bring a backup into an empty database, in one transaction, with issuing stopped for `motivo`.

    SEFAZ may know documents that came after the backup: until somebody looked, no number may be given
    (`stores.paradas`). `chaves_mestras` are the ids of the keys at hand.
    """
    manifesto = read_manifest(origem)
    faltam = sorted(set(manifesto.chaves_mestras) - set(chaves_mestras))
    if faltam:
        raise CopiaInvalida(
            "COPIA-CHAVE",
            f"A cópia foi feita com a chave-mestra {', '.join(faltam)}, que não está no arquivo de chaves.",
            "Ponha no lugar o arquivo da chave-mestra daquela instalação: sem ele os certificados não se abrem.",
        )
    if current_revision(url) is None:
        migrate(url, ate=manifesto.revisao)
    with psycopg.connect(libpq_url(url)) as conexao:
        _require_empty(conexao, manifesto)
        ordem = _load_order(conexao, manifesto)
        for nome in ordem:
            _switch_guards(conexao, nome, ligadas=False)
        for nome in ordem:
            _copy_in(conexao, nome, manifesto.tabelas[nome], origem)
        for nome in ordem:
            _switch_guards(conexao, nome, ligadas=True)
        _set_sequences(conexao)
        conexao.execute("UPDATE artefatos SET copiado_em = NULL WHERE conteudo IS NOT NULL")
        conexao.execute("DELETE FROM paradas WHERE empresa_id IS NULL")
        conexao.execute(
            "INSERT INTO paradas (empresa_id, motivo, ator) VALUES (NULL, %s, %s)", (motivo, ator)
        )
    migrate(url)
    return manifesto


# -- reading ------------------------------------------------------------------------------------------------------


def _snapshot(url: str) -> psycopg.Connection[Any]:
    conexao = psycopg.connect(libpq_url(url), options=f"-c role={PAPEL_SISTEMA} -c timezone=UTC")
    conexao.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    conexao.read_only = True
    return conexao


def _tables(conexao: psycopg.Connection[Any]) -> Mapping[str, Sequence[str]]:
    """Our tables and their stored columns; the partitions of a table are read through it."""
    linhas = conexao.execute(
        """
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        GROUP BY c.relname ORDER BY c.relname
        """
    ).fetchall()
    return {nome: colunas for nome, colunas in linhas if not nome.startswith(_FORA)}


def _copy_out(
    conexao: psycopg.Connection[Any], nome: str, colunas: Sequence[str], pasta: Path
) -> TabelaCopiada:
    consulta = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_names(colunas), sql.Identifier(nome))
    arquivo = _file_of(pasta, nome)
    with conexao.cursor() as cursor, arquivo.open("xb") as saida:
        with gzip.GzipFile(fileobj=saida, mode="wb", mtime=0, filename="", compresslevel=3) as comprimido:
            with cursor.copy(consulta) as copia:
                for bloco in copia:
                    comprimido.write(bloco)
            linhas = cursor.rowcount
        saida.flush()
        os.fsync(saida.fileno())
    return TabelaCopiada(colunas, linhas, _hash_file(arquivo))


# -- writing ------------------------------------------------------------------------------------------------------


def _require_empty(conexao: psycopg.Connection[Any], manifesto: Manifesto) -> None:
    revisao = conexao.execute("SELECT version_num FROM chancela_versao").fetchone()
    if revisao is None or revisao[0] != manifesto.revisao:
        raise CopiaInvalida(
            "COPIA-REVISAO",
            f"O banco de destino está na revisão {revisao and revisao[0]}; a cópia é da {manifesto.revisao}.",
            "Restaure num banco vazio, que nunca foi usado.",
        )
    for nome in manifesto.tabelas:
        existe = conexao.execute(
            sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(nome))
        ).fetchone()
        if existe is not None and existe[0]:
            raise CopiaInvalida(
                "COPIA-DESTINO",
                f"O banco de destino já tem dados (tabela {nome}).",
                "Restaure num banco vazio: uma cópia nunca é misturada com o que existe.",
            )


def _load_order(conexao: psycopg.Connection[Any], manifesto: Manifesto) -> Sequence[str]:
    """Every table after those that it refers to."""
    linhas = conexao.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid <> confrelid"
    ).fetchall()
    antes: dict[str, set[str]] = {nome: set() for nome in manifesto.tabelas}
    for filha, mae in linhas:
        if filha in antes and mae in antes:
            antes[filha].add(mae)
    ordem: list[str] = []
    while antes:
        livres = sorted(nome for nome, maes in antes.items() if not maes - set(ordem))
        assert livres, f"tables refer to one another in a circle: {sorted(antes)}"
        ordem += livres
        for nome in livres:
            del antes[nome]
    return ordem


def _switch_guards(conexao: psycopg.Connection[Any], nome: str, *, ligadas: bool) -> None:
    """Triggers and row-level security of a table, for the owner who puts back rows that passed them once."""
    tabela = sql.Identifier(nome)
    estado = sql.SQL("ENABLE" if ligadas else "DISABLE")
    conexao.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(tabela, estado))
    forca = sql.SQL("FORCE" if ligadas else "NO FORCE")
    conexao.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(tabela, forca))


def _copy_in(conexao: psycopg.Connection[Any], nome: str, tabela: TabelaCopiada, origem: Path) -> None:
    comando = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(nome), _names(tabela.colunas))
    with conexao.cursor() as cursor, gzip.open(_file_of(origem, nome)) as comprimido:
        with cursor.copy(comando) as copia:
            while bloco := comprimido.read(_BLOCO):
                copia.write(bloco)
        assert cursor.rowcount == tabela.linhas, nome


def _set_sequences(conexao: psycopg.Connection[Any]) -> None:
    """Every identity column goes on after its largest value."""
    linhas = conexao.execute(
        """
        SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
        WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relname !~ '^procrastinate_'
        """
    ).fetchall()
    for tabela, coluna, sequencia in linhas:
        conexao.execute(
            sql.SQL("SELECT setval(%s, coalesce((SELECT max({}) FROM {}), 0) + 1, false)").format(
                sql.Identifier(coluna), sql.Identifier(tabela)
            ),
            (sequencia,),
        )


# -- files --------------------------------------------------------------------------------------------------------


def _names(colunas: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, colunas))


def _check_name(nome: str) -> str:
    if not _NOME.fullmatch(nome):
        raise CopiaInvalida(
            "COPIA-NOME",
            f"O manifesto traz {nome!r}, que não é o nome de uma tabela: nada foi lido.",
            "Use só cópias que chancela backup escreveu e que ninguém alterou.",
        )
    return nome


def _file_of(pasta: Path, nome: str) -> Path:
    return pasta / f"{nome}.copy.gz"


def _hash_file(arquivo: Path) -> str:
    if not arquivo.exists():
        return ""
    with arquivo.open("rb") as aberto:
        return hashlib.file_digest(cast("IO[bytes]", aberto), "sha256").hexdigest()  # pyright: ignore[reportArgumentType]


def _to_json(manifesto: Manifesto) -> bytes:
    dados = {"formato": _FORMATO, **asdict(manifesto), "criado_em": manifesto.criado_em.isoformat()}
    return json.dumps(dados, ensure_ascii=False, indent=1).encode()


def _write_whole(arquivo: Path, conteudo: bytes) -> None:
    with arquivo.open("xb") as aberto:
        aberto.write(conteudo)
        aberto.flush()
        os.fsync(aberto.fileno())


def _sync_folder(pasta: Path) -> None:
    descritor = os.open(pasta, os.O_RDONLY)
    try:
        os.fsync(descritor)
    finally:
        os.close(descritor)
