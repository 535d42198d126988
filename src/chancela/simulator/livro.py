"""The authority's ledger: one SQLite file (WAL) that outlives the process.

A verdict is committed here before its answer leaves, so that a killed simulator has authorised exactly what the
ledger says. Only this module speaks SQL; it knows nothing of the product's database.
"""

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chancela.simulator.livro_consumo import ESQUEMA_CONSUMO, TABELAS_CONSUMO, RegistrosConsumo
from chancela.simulator.livro_distribuicao import (
    ESQUEMA_DISTRIBUICAO,
    TABELAS_DISTRIBUICAO,
    FilasDistribuicao,
)
from chancela.simulator.livro_eventos import (
    ESQUEMA_EPEC,
    ESQUEMA_EVENTOS,
    TABELAS_EVENTOS,
    RegistrosEventos,
)
from chancela.simulator.livro_repeticao import ESQUEMA_REPETICAO, TABELAS_REPETICAO, RegistrosRepeticao

_ESQUEMA = """
CREATE TABLE notas (
  ambiente INTEGER NOT NULL, chave TEXT NOT NULL, natural TEXT NOT NULL, modelo TEXT NOT NULL, emitente TEXT NOT NULL,
  serie INTEGER NOT NULL, numero INTEGER NOT NULL, autorizador TEXT NOT NULL, protocolo TEXT NOT NULL UNIQUE,
  recibo TEXT NOT NULL DEFAULT '', c_stat INTEGER NOT NULL, motivo TEXT NOT NULL, recebida_em TEXT NOT NULL,
  digest TEXT NOT NULL, situacao TEXT NOT NULL DEFAULT 'autorizada', xml BLOB NOT NULL, prot_nfe TEXT NOT NULL,
  PRIMARY KEY (ambiente, chave));
CREATE UNIQUE INDEX notas_natural ON notas (ambiente, natural);
CREATE INDEX notas_numero ON notas (emitente, modelo, serie, numero);
CREATE TABLE recepcoes (
  id INTEGER PRIMARY KEY, quando TEXT NOT NULL, ambiente INTEGER NOT NULL, chave TEXT NOT NULL, modelo TEXT NOT NULL,
  emitente TEXT NOT NULL, serie INTEGER NOT NULL, numero INTEGER NOT NULL, digest TEXT NOT NULL, c_stat INTEGER NOT NULL,
  motivo TEXT NOT NULL, regra TEXT NOT NULL, xml BLOB);
CREATE INDEX recepcoes_chave ON recepcoes (chave);
CREATE INDEX recepcoes_numero ON recepcoes (emitente, modelo, serie, numero);
CREATE TABLE lotes (
  recibo TEXT PRIMARY KEY, ambiente INTEGER NOT NULL, autorizador TEXT NOT NULL, c_uf TEXT NOT NULL, transmissor TEXT NOT NULL,
  pronto_em TEXT NOT NULL, conteudo BLOB NOT NULL, protocolos TEXT);
CREATE TABLE trocas (
  id INTEGER PRIMARY KEY, quando TEXT NOT NULL, servico TEXT NOT NULL, autorizador TEXT NOT NULL, emitente TEXT NOT NULL,
  chave TEXT NOT NULL, c_stat INTEGER NOT NULL, motivo TEXT NOT NULL, etapas TEXT NOT NULL, falha TEXT NOT NULL,
  duracao_us INTEGER NOT NULL, pedido BLOB, resposta BLOB);
CREATE TABLE sequencias (nome TEXT PRIMARY KEY, valor INTEGER NOT NULL);
CREATE TABLE ajustes (nome TEXT PRIMARY KEY, valor TEXT NOT NULL);
"""
_PASSOS = (_ESQUEMA, ESQUEMA_EVENTOS, ESQUEMA_EPEC, ESQUEMA_DISTRIBUICAO, ESQUEMA_CONSUMO, ESQUEMA_REPETICAO)
"""What each version of the file added; `user_version` counts the steps taken."""
_TABELAS = (
    "notas",
    "recepcoes",
    "lotes",
    "trocas",
    "sequencias",
    "ajustes",
    *TABELAS_EVENTOS,
    *TABELAS_DISTRIBUICAO,
    *TABELAS_CONSUMO,
    *TABELAS_REPETICAO,
)


@dataclass(frozen=True, slots=True)
class NotaLivro:
    """An authorised document as the authority keeps it: verbatim bytes and the protocol as it was sent."""

    ambiente: int
    chave: str
    natural: str
    modelo: str
    emitente: str
    serie: int
    numero: int
    autorizador: str
    protocolo: str
    recibo: str
    c_stat: int
    motivo: str
    recebida_em: str
    digest: str
    situacao: str
    xml: bytes
    prot_nfe: str


@dataclass(frozen=True, slots=True)
class Recepcao:
    """One document that arrived, whatever came of it. `xml` is kept for refused ones (the others are in `notas`)."""

    quando: str
    ambiente: int
    chave: str
    modelo: str
    emitente: str
    serie: int
    numero: int
    digest: str
    c_stat: int
    motivo: str
    regra: str
    xml: bytes | None


@dataclass(frozen=True, slots=True)
class Troca:
    """One exchange: who asked what, the verdict of each stage, and which fault was played."""

    quando: str
    servico: str
    autorizador: str
    emitente: str
    chave: str
    c_stat: int
    motivo: str
    etapas: list[list[str]]
    falha: str
    duracao_us: int
    pedido: bytes
    resposta: bytes
    caminho: str = ""
    transmissor: bytes = b""
    """Client certificate in DER."""


@dataclass(frozen=True, slots=True)
class Lote:
    """An asynchronous lot. `protocolos` is None until it was processed."""

    recibo: str
    ambiente: int
    autorizador: str
    c_uf: str
    transmissor: str
    pronto_em: str
    conteudo: bytes
    protocolos: str | None


class Livro(RegistrosEventos, FilasDistribuicao, RegistrosConsumo, RegistrosRepeticao):
    """The ledger in one file. Single writer: the simulator's own process."""

    def __init__(self, caminho: Path, corpos_guardados: int = 2_000) -> None:
        caminho.parent.mkdir(parents=True, exist_ok=True)
        self._con = sqlite3.connect(caminho, isolation_level=None, check_same_thread=False)
        self._con.row_factory = sqlite3.Row
        self._corpos = corpos_guardados
        self._profundidade = 0
        self._con.execute("PRAGMA journal_mode=WAL")
        self._con.execute("PRAGMA synchronous=NORMAL")  # enough against kill -9; see docs/adr/0005
        self._upgrade(caminho)

    def _upgrade(self, caminho: Path) -> None:
        """Take the steps that a new or older file lacks."""
        versao = self._con.execute("PRAGMA user_version").fetchone()[0]
        if versao > len(_PASSOS):
            raise RuntimeError(
                f"livro do simulador na versão {versao}, esperada {len(_PASSOS)}: use outra pasta ou apague {caminho}"
            )
        if faltam := "".join(_PASSOS[versao:]):
            self._con.executescript(f"BEGIN;{faltam}PRAGMA user_version={len(_PASSOS)};COMMIT;")

    def close(self) -> None:
        self._con.close()

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Everything inside is committed together, or not at all. May be nested."""
        if self._profundidade:
            yield
            return
        self._con.execute("BEGIN IMMEDIATE")
        self._profundidade = 1
        try:
            yield
        except BaseException:
            self._con.execute("ROLLBACK")
            raise
        else:
            self._con.execute("COMMIT")
        finally:
            self._profundidade = 0

    def reset(self) -> None:
        """Forget everything: documents, exchanges, sequences, settings."""
        with self.transaction():
            for tabela in _TABELAS:
                self._con.execute(f"DELETE FROM {tabela}")  # noqa: S608 - constant names

    def next_number(self, nome: str) -> int:
        """The next value of a sequence, from 1."""
        linha = self._con.execute(
            "INSERT INTO sequencias VALUES (?, 1) ON CONFLICT (nome) DO UPDATE SET valor = valor + 1 RETURNING valor",
            (nome,),
        ).fetchone()
        return int(linha[0])

    def setting(self, nome: str) -> Any:
        """A stored setting as JSON, or None."""
        linha = self._con.execute("SELECT valor FROM ajustes WHERE nome = ?", (nome,)).fetchone()
        return json.loads(linha[0]) if linha else None

    def store_setting(self, nome: str, valor: object) -> None:
        self._con.execute(
            "INSERT INTO ajustes VALUES (?, ?) ON CONFLICT (nome) DO UPDATE SET valor = excluded.valor",
            (nome, json.dumps(valor, ensure_ascii=False)),
        )

    def find_nota(self, ambiente: int, chave: str) -> NotaLivro | None:
        """The authorised document of a key."""
        return _nota(
            self._con.execute(
                "SELECT * FROM notas WHERE ambiente = ? AND chave = ?", (ambiente, chave)
            ).fetchone()
        )

    def find_natural(self, ambiente: int, natural: str) -> NotaLivro | None:
        """The authorised document of a natural key (model, UF, issuer, series, number; for NFC-e also tpEmis)."""
        return _nota(
            self._con.execute(
                "SELECT * FROM notas WHERE ambiente = ? AND natural = ?", (ambiente, natural)
            ).fetchone()
        )

    def add_nota(self, nota: NotaLivro) -> None:
        self._con.execute(
            "INSERT INTO notas VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                nota.ambiente, nota.chave, nota.natural, nota.modelo, nota.emitente, nota.serie, nota.numero, nota.autorizador,
                nota.protocolo, nota.recibo, nota.c_stat, nota.motivo, nota.recebida_em, nota.digest, nota.situacao, nota.xml, nota.prot_nfe,
            ),
        )  # fmt: skip

    def add_recepcao(self, r: Recepcao) -> None:
        self._con.execute(
            "INSERT INTO recepcoes (quando,ambiente,chave,modelo,emitente,serie,numero,digest,c_stat,motivo,regra,xml)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                r.quando,
                r.ambiente,
                r.chave,
                r.modelo,
                r.emitente,
                r.serie,
                r.numero,
                r.digest,
                r.c_stat,
                r.motivo,
                r.regra,
                r.xml,
            ),
        )

    def add_lote(self, lote: Lote) -> None:
        self._con.execute(
            "INSERT INTO lotes VALUES (?,?,?,?,?,?,?,?)",
            (
                lote.recibo,
                lote.ambiente,
                lote.autorizador,
                lote.c_uf,
                lote.transmissor,
                lote.pronto_em,
                lote.conteudo,
                lote.protocolos,
            ),
        )

    def find_lote(self, recibo: str) -> Lote | None:
        linha = self._con.execute("SELECT * FROM lotes WHERE recibo = ?", (recibo,)).fetchone()
        return Lote(**dict(linha)) if linha else None

    def due_lotes(self, agora: datetime) -> list[Lote]:
        """Lots whose processing time has come and that were not judged yet, oldest first."""
        linhas = self._con.execute(
            "SELECT * FROM lotes WHERE protocolos IS NULL AND pronto_em <= ? ORDER BY pronto_em, recibo",
            (agora.isoformat(),),
        )
        return [Lote(**dict(linha)) for linha in linhas]

    def finish_lote(self, recibo: str, protocolos: str) -> None:
        self._con.execute("UPDATE lotes SET protocolos = ? WHERE recibo = ?", (protocolos, recibo))

    def add_troca(self, t: Troca) -> None:
        """Write an exchange to the journal; bodies older than the kept window are dropped."""
        cursor = self._con.execute(
            "INSERT INTO trocas (quando,servico,autorizador,emitente,chave,c_stat,motivo,etapas,falha,duracao_us,pedido,resposta,"
            "caminho,transmissor) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                t.quando, t.servico, t.autorizador, t.emitente, t.chave, t.c_stat, t.motivo,
                json.dumps(t.etapas, ensure_ascii=False), t.falha, t.duracao_us, t.pedido, t.resposta, t.caminho, t.transmissor,
            ),
        )  # fmt: skip
        ultimo = cursor.lastrowid or 0
        if ultimo % 500 == 0:
            velho = ultimo - self._corpos
            self._con.execute(
                "UPDATE trocas SET pedido = NULL, resposta = NULL, transmissor = NULL WHERE id <= ? AND id > ? AND pedido IS NOT NULL",
                (velho, velho - 600),
            )

    def list_notas(self, filtros: dict[str, str], limite: int = 100) -> list[dict[str, Any]]:
        """Authorised documents, newest first, with how often each key was authorised and received."""
        onde, valores = _where(filtros, ("chave", "emitente", "serie", "numero", "modelo", "ambiente"))
        linhas = self._con.execute(
            "SELECT ambiente, chave, modelo, emitente, serie, numero, autorizador, protocolo, c_stat, motivo, recebida_em, digest, situacao,"  # noqa: S608
            " (SELECT count(*) FROM recepcoes r WHERE r.chave = notas.chave) AS recepcoes,"
            " (SELECT count(*) FROM recepcoes r WHERE r.chave = notas.chave AND r.c_stat IN (100, 150)) AS autorizacoes"
            f" FROM notas {onde} ORDER BY rowid DESC LIMIT ?",
            (*valores, limite),
        )
        return [dict(linha) for linha in linhas]

    def list_recepcoes(self, filtros: dict[str, str], limite: int = 100) -> list[dict[str, Any]]:
        """Documents that arrived, newest first, with their outcome."""
        onde, valores = _where(
            filtros, ("chave", "emitente", "serie", "numero", "modelo", "ambiente", "c_stat")
        )
        linhas = self._con.execute(
            "SELECT id, quando, ambiente, chave, modelo, emitente, serie, numero, digest, c_stat, motivo, regra"  # noqa: S608
            f" FROM recepcoes {onde} ORDER BY id DESC LIMIT ?",
            (*valores, limite),
        )
        return [dict(linha) for linha in linhas]

    def list_trocas(self, filtros: dict[str, str], limite: int = 100) -> list[dict[str, Any]]:
        """The journal, newest first, without bodies."""
        onde, valores = _where(filtros, ("servico", "autorizador", "emitente", "chave", "c_stat", "falha"))
        linhas = self._con.execute(
            "SELECT id, quando, servico, autorizador, emitente, chave, c_stat, motivo, etapas, falha, duracao_us"  # noqa: S608
            f" FROM trocas {onde} ORDER BY id DESC LIMIT ?",
            (*valores, limite),
        )
        return [dict(linha) | {"etapas": json.loads(linha["etapas"])} for linha in linhas]

    def troca_bodies(self, identidade: int) -> tuple[bytes, bytes] | None:
        """Request and answer of one exchange, while they are kept."""
        linha = self._con.execute(
            "SELECT pedido, resposta FROM trocas WHERE id = ?", (identidade,)
        ).fetchone()
        return (linha[0] or b"", linha[1] or b"") if linha else None

    def counts(self) -> dict[str, int]:
        """How much the ledger holds, and the two figures that a checker asks for first."""
        um = self._con.execute
        return {
            "notas": um("SELECT count(*) FROM notas").fetchone()[0],
            "recepcoes": um("SELECT count(*) FROM recepcoes").fetchone()[0],
            "rejeicoes": um("SELECT count(*) FROM recepcoes WHERE c_stat NOT IN (100, 150)").fetchone()[0],
            "eventos": um("SELECT count(*) FROM eventos").fetchone()[0],
            "inutilizacoes": um("SELECT count(*) FROM inutilizacoes").fetchone()[0],
            "trocas": um("SELECT count(*) FROM trocas").fetchone()[0],
        }


def _nota(linha: sqlite3.Row | None) -> NotaLivro | None:
    return None if linha is None else NotaLivro(**dict(linha))


def _where(filtros: dict[str, str], colunas: tuple[str, ...]) -> tuple[str, list[str]]:
    usados = [(coluna, filtros[coluna]) for coluna in colunas if filtros.get(coluna)]
    if not usados:
        return "", []
    return "WHERE " + " AND ".join(f"{coluna} = ?" for coluna, _ in usados), [valor for _, valor in usados]
