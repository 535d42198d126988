"""Look-ups over the reference file: places, goods, and any table by its code. Safe from any thread.

Every answer is a frozen value and is kept in a bounded cache: the file never changes while it is open.
"""

import re
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from chancela.domain.identidade import Uf
from chancela.domain.tabelas.lugares import LugarCep, Municipio, Pais, PrecisaoCep
from chancela.domain.tabelas.mercadorias import Cest, Cfop, Ncm
from chancela.domain.tabelas.nomes import comparable
from chancela.domain.tributos.tabelas import ClassificacaoIbsCbs, Tabelas
from chancela.stores.referencia.construcao import build_from, key_column
from chancela.stores.referencia.tabelas import current_contents, list_imported
from chancela.stores.referencia_tributos import load_tabelas, packaged_tabelas

_PALAVRA = re.compile(r"\w+")
_GUARDADOS = 8_192


def open_reference(pasta: Path) -> "Referencia":
    """The look-ups over the tables that hold in `pasta`; the file is made there on first use."""
    conteudos = current_contents(pasta)
    importadas = {nome: conteudos[nome] for nome in list_imported(pasta)}
    tabelas = load_tabelas(importadas) if importadas else packaged_tabelas()
    return Referencia(build_from(pasta, conteudos), tabelas)


class Referencia:
    """Implements `domain.tabelas.lugares.Lugares` and `domain.tabelas.mercadorias.Mercadorias`."""

    def __init__(self, arquivo: Path, tabelas: Tabelas) -> None:
        self.tabelas = tabelas
        """The tables of the tax engine, of the same import."""
        self._uri = f"{arquivo.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._abertas: list[sqlite3.Connection] = []
        self._tranca = threading.Lock()
        self._cep = lru_cache(_GUARDADOS)(self._read_cep)
        self._municipio = lru_cache(_GUARDADOS)(self._read_municipio)
        self._municipio_por_nome = lru_cache(_GUARDADOS)(self._read_municipio_by_name)
        self._pais = lru_cache(512)(self._read_pais)
        self._ncm = lru_cache(_GUARDADOS)(self._read_ncm)
        self._cest = lru_cache(2_048)(self._read_cest)
        self._cests = lru_cache(2_048)(self._read_cests)
        self._cfop = lru_cache(1_024)(self._read_cfop)
        self._linha = lru_cache(_GUARDADOS)(self._read_row)

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._tranca:
            for conexao in self._abertas:
                conexao.close()
            self._abertas.clear()
            self._local = threading.local()

    # places

    def find_cep(self, cep: str) -> LugarCep | None:
        """The place of a CEP of 8 digits: the exact CEP when the sample has it, then the municipality's range, then
        the census prefix, then the state. None when no state has it."""
        return self._cep(cep) if len(cep) == 8 and cep.isascii() and cep.isdecimal() else None

    def find_municipio(self, codigo: str) -> Municipio | None:
        """A municipality by its 7-digit IBGE code. The check digit is not verified: nine valid codes fail it."""
        return self._municipio(codigo)

    def search_municipio(self, nome: str, uf: Uf) -> Municipio | None:
        """A municipality by name within a state, whatever the case, accents and punctuation."""
        return self._municipio_por_nome(comparable(nome), uf)

    def find_pais(self, codigo: str, em: date | None = None) -> Pais | None:  # noqa: ARG002 - the table has no dates
        """A country by BACEN code, leading zeros optional. The table is undated: `em` changes nothing."""
        return self._pais(codigo.lstrip("0").zfill(4)) if codigo.isascii() and codigo.isdecimal() else None

    # goods

    def find_ncm(self, codigo: str, em: date | None = None) -> Ncm | None:
        """An NCM by its 8 digits; with `em`, only if it is in force on that day."""
        ncm = self._ncm(codigo)
        return ncm if ncm is None or em is None or ncm.valid_on(em) else None

    def search_ncm(self, texto: str, *, limite: int = 20) -> Sequence[Ncm]:
        """NCMs whose full text has every word of `texto` (the last may be a beginning), best first."""
        achados = (self._ncm(codigo) for codigo, _ in self.search("ncm", texto, limite=limite))
        return [ncm for ncm in achados if ncm is not None]

    def find_cest(self, codigo: str) -> Cest | None:
        """A CEST by its 7 digits, revoked ones included."""
        return self._cest(codigo)

    def cests_of(self, ncm: str) -> Sequence[Cest]:
        """The CESTs in force whose list names the NCM or a prefix of it."""
        return self._cests(ncm)

    def find_cfop(self, codigo: str, em: date | None = None) -> Cfop | None:
        """A CFOP of an operation; with `em`, only if it is in force on that day. Group headings are not found."""
        cfop = self._cfop(codigo)
        return cfop if cfop is None or em is None or cfop.valid_on(em) else None

    def find_classificacao(self, codigo: str, em: date) -> ClassificacaoIbsCbs | None:
        """A cClassTrib in force on a day, as the tax engine knows it (LC 214/2025; table of the Portal NF-e)."""
        classe = self.tabelas.classificacoes.get(codigo)
        if classe is None or em < classe.inicio or (classe.fim is not None and em > classe.fim):
            return None
        return classe

    # any table

    def find_row(self, tabela: str, codigo: str) -> Mapping[str, str] | None:
        """The row of a table by its code (`cnae`, `lc116`, `nbs`, `bancos`, ...). ValueError for a table without one."""
        return self._linha(tabela, codigo)

    def search(self, tabela: str, texto: str, *, limite: int = 20) -> Sequence[tuple[str, str]]:
        """Code and text of the rows that have every word of `texto` (the last may be a beginning), best first."""
        palavras = [p for p in _PALAVRA.findall(texto.replace("_", " ")) if p][:12]
        if not palavras:
            return []
        pedido = " ".join(f'"{p}"' for p in palavras) + "*"
        return self._all(
            "SELECT codigo, texto FROM busca WHERE busca MATCH ? AND tabela = ? ORDER BY rank, codigo LIMIT ?",
            (pedido, tabela, limite),
        )

    # the file

    def _connection(self) -> sqlite3.Connection:
        conexao: sqlite3.Connection | None = getattr(self._local, "conexao", None)
        if conexao is None:
            # One connection per thread; only `close` touches it from another.
            conexao = sqlite3.connect(self._uri, uri=True, check_same_thread=False, isolation_level=None)
            conexao.execute("PRAGMA query_only = 1")
            self._local.conexao = conexao
            with self._tranca:
                self._abertas.append(conexao)
        return conexao

    def _one(self, sql: str, valores: Sequence[str | int] = ()) -> tuple[str, ...] | None:
        return self._connection().execute(sql, valores).fetchone()

    def _all(self, sql: str, valores: Sequence[str | int] = ()) -> list[tuple[str, str]]:
        return self._connection().execute(sql, valores).fetchall()

    def _read_cep(self, cep: str) -> LugarCep | None:
        exato = self._one("SELECT uf, codigo_ibge, logradouro, bairro FROM cep_amostra WHERE cep = ?", (cep,))
        if exato is not None:
            _, codigo, logradouro, bairro = exato
            precisao = PrecisaoCep.LOGRADOURO if logradouro else PrecisaoCep.MUNICIPIO
            return self._place(cep, codigo, precisao, logradouro, bairro)
        # The row that starts last before the CEP decides: ranges do not overlap.
        faixa = self._one(
            "SELECT codigo_ibge, cep_fim FROM cep_ranges WHERE cep_inicio <= ? ORDER BY cep_inicio DESC LIMIT 1",
            (cep,),
        )
        if faixa is not None and cep <= faixa[1]:
            return self._place(cep, faixa[0], PrecisaoCep.MUNICIPIO)
        prefixo = self._one("SELECT codigo_ibge FROM cep_prefixos_cnefe WHERE prefixo5 = ?", (cep[:5],))
        if prefixo is not None:
            return self._place(cep, prefixo[0], PrecisaoCep.MUNICIPIO)
        estado = self._one("SELECT uf FROM cep_uf WHERE cep_inicio <= ? AND cep_fim >= ?", (cep, cep))
        return None if estado is None else LugarCep(cep, Uf(estado[0]), PrecisaoCep.UF)

    def _place(
        self, cep: str, codigo: str, precisao: PrecisaoCep, logradouro: str = "", bairro: str = ""
    ) -> LugarCep | None:
        municipio = self._municipio(codigo)
        assert municipio is not None, f"CEP table names an unknown municipality: {codigo}"
        ddd = self._one("SELECT ddd FROM municipios WHERE codigo_ibge = ?", (codigo,))
        return LugarCep(cep, municipio.uf, precisao, municipio, logradouro, bairro, ddd[0] if ddd else "")

    def _read_municipio(self, codigo: str) -> Municipio | None:
        achado = self._one(
            "SELECT codigo_ibge, nome, uf, fuso_horario FROM municipios WHERE codigo_ibge = ?", (codigo,)
        )
        return None if achado is None else Municipio(achado[0], achado[1], Uf(achado[2]), achado[3])

    def _read_municipio_by_name(self, nome: str, uf: Uf) -> Municipio | None:
        achado = self._one(
            "SELECT codigo_ibge FROM municipios WHERE nome_comparavel = ? AND uf = ?", (nome, uf.value)
        )
        return None if achado is None else self._municipio(achado[0])

    def _read_pais(self, codigo: str) -> Pais | None:
        achado = self._one("SELECT codigo_bacen, nome FROM paises WHERE codigo_bacen = ?", (codigo,))
        return None if achado is None else Pais(achado[0], achado[1])

    def _read_ncm(self, codigo: str) -> Ncm | None:
        achado = self._one(
            "SELECT ncm, descricao, descricao_completa, vigencia_inicio, vigencia_fim, utrib_comex, ato_legal"
            " FROM ncm WHERE ncm = ?",
            (codigo,),
        )
        if achado is None:
            return None
        ncm, descricao, completa, inicio, fim, unidade, ato = achado
        return Ncm(ncm, descricao, completa, _day(inicio) or date.min, _day(fim), unidade, ato)

    def _read_cest(self, codigo: str) -> Cest | None:
        achado = self._one("SELECT cest, descricao, segmento, situacao FROM cest WHERE cest = ?", (codigo,))
        if achado is None:
            return None
        prefixos = self._all(
            "SELECT ncm_prefixo, cest FROM cest_ncm WHERE cest = ? ORDER BY ncm_prefixo", (codigo,)
        )
        return Cest(achado[0], achado[1], achado[2], achado[3] == "vigente", tuple(p for p, _ in prefixos))

    def _read_cests(self, ncm: str) -> tuple[Cest, ...]:
        prefixos = [ncm[:n] for n in range(2, len(ncm) + 1)]
        marcas = ", ".join("?" for _ in prefixos)
        codigos = self._all(
            f"SELECT DISTINCT cest, '' FROM cest_ncm WHERE ncm_prefixo IN ({marcas}) ORDER BY cest",  # noqa: S608
            prefixos,
        )
        achados = (self._cest(codigo) for codigo, _ in codigos)
        return tuple(cest for cest in achados if cest is not None and cest.vigente)

    def _read_cfop(self, codigo: str) -> Cfop | None:
        linha = self._linha("cfop", codigo)
        if linha is None or linha["nivel"] != "operacao":
            return None
        return Cfop(
            codigo=linha["cfop"],
            descricao=linha["descricao"],
            entrada=linha["sentido"] == "entrada",
            abrangencia=linha["abrangencia"],
            nfe=linha["ind_nfe"] == "1",
            devolucao=linha["ind_devolucao"] == "1",
            retorno=linha["ind_retorno"] == "1",
            anulacao=linha["ind_anulacao"] == "1",
            remessa=linha["ind_remessa"] == "1",
            combustivel=linha["ind_combustivel"] in ("1", "2"),
            comunicacao=linha["ind_comunicacao"] == "1",
            transporte=linha["ind_transporte"] == "1",
            inicio=_day(linha["vigencia_inicio"]) or date.min,
            fim=_day(linha["vigencia_fim"]),
        )

    def _read_row(self, tabela: str, codigo: str) -> Mapping[str, str] | None:
        coluna = key_column(tabela)
        if coluna is None:
            raise ValueError(f"no table {tabela} with a code")
        cursor = self._connection().execute(f"SELECT * FROM {tabela} WHERE {coluna} = ?", (codigo,))  # noqa: S608
        achado = cursor.fetchone()
        if achado is None:
            return None
        return MappingProxyType(dict(zip((c[0] for c in cursor.description), achado, strict=True)))


def _day(texto: str) -> date | None:
    return date.fromisoformat(texto) if texto else None
