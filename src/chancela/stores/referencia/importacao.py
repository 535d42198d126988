"""Newer reference tables into use: judged first, built into a new reference file, and only then in force."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chancela.domain.erros import RegraViolada, Violacao
from chancela.stores.referencia.construcao import build_from, key_columns
from chancela.stores.referencia.tabelas import (
    Importada,
    Tabela,
    current_contents,
    keep_file,
    list_imported,
    packaged_contents,
    read_table,
    switch_imported,
)
from chancela.stores.referencia_tributos import load_tabelas

_DATA = re.compile(r"(vigencia_inicio|vigencia_fim|dt_din.*|dt_dfim.*|dinivig|dfimvig)")
_REDUCAO_MAXIMA = 0.5
"""A new table with less than this part of the rows of the old one is more likely a wrong file than a reform."""
_LUGARES = ("cep_ranges", "cep_prefixos_cnefe", "cep_amostra")
_MOSTRADAS = 20


@dataclass(frozen=True, slots=True)
class Importacao:
    """What an import did: rows before and after by table, and the file that holds now."""

    linhas: Mapping[str, tuple[int, int]]
    arquivo: Path


def import_tables(
    pasta: Path,
    arquivos: Mapping[str, bytes],
    *,
    retirar: Iterable[str] = (),
    aceitar_reducao: bool = False,
    agora: datetime,
) -> Importacao:
    """Put tables in force by their names, and go back to the package's for those in `retirar`.

    Raises `RegraViolada` with everything that is wrong; then nothing changed.
    """
    retiradas = set(retirar)
    pacote, importadas = packaged_contents(), dict(list_imported(pasta))
    _refuse([_unknown(nome) for nome in sorted({*arquivos, *retiradas}) if nome not in pacote])
    guardadas = {nome: i for nome, i in importadas.items() if nome not in retiradas}
    antes = pacote | {n: c for n, c in current_contents(pasta).items() if n in guardadas}
    faltas = [
        falta
        for nome, conteudo in arquivos.items()
        for falta in check_table(nome, conteudo, antes[nome], aceitar_reducao=aceitar_reducao)
    ]
    _refuse(faltas)
    depois = antes | dict(arquivos)
    _refuse(_check_together(depois))
    for nome, conteudo in arquivos.items():
        guardadas[nome] = Importada(keep_file(pasta, nome, conteudo), agora.isoformat(timespec="seconds"))
    try:
        arquivo = build_from(pasta, depois)
    except sqlite3.IntegrityError as erro:
        raise RegraViolada((_broken("", f"as tabelas não formam um arquivo: {erro}"),)) from None
    switch_imported(pasta, guardadas)
    mudadas = sorted({*arquivos, *retiradas})
    return Importacao(
        {n: (len(read_table(antes[n]).linhas), len(read_table(depois[n]).linhas)) for n in mudadas}, arquivo
    )


def check_table(nome: str, conteudo: bytes, atual: bytes, *, aceitar_reducao: bool = False) -> list[Violacao]:
    """What is wrong with a table that shall take the place of `atual`."""
    try:
        nova = read_table(conteudo)
    except UnicodeDecodeError:
        return [_broken(nome, "o arquivo não é UTF-8")]
    antiga = read_table(atual)
    if nova.colunas != antiga.colunas:
        return [
            _broken(nome, f"as colunas são {','.join(nova.colunas)}, e deviam ser {','.join(antiga.colunas)}")
        ]
    faltas = [
        _broken(nome, f"linha {n}: {len(linha)} valores para {len(nova.colunas)} colunas")
        for n, linha in enumerate(nova.linhas, 2)
        if len(linha) != len(nova.colunas)
    ]
    if faltas:
        return faltas[:_MOSTRADAS]
    faltas = [*_check_keys(nome, nova, antiga), *_check_dates(nome, nova)]
    if len(nova.linhas) < len(antiga.linhas) * _REDUCAO_MAXIMA and not aceitar_reducao:
        faltas.append(
            _broken(nome, f"tem {len(nova.linhas)} linhas, e a tabela em uso tem {len(antiga.linhas)}",
                    "Se está certo, repita com --aceitar-reducao.")
        )  # fmt: skip
    return faltas[:_MOSTRADAS]


def _check_keys(nome: str, nova: Tabela, antiga: Tabela) -> list[Violacao]:
    chave = key_columns(nome)
    if not chave:
        return []
    repetidas = {k for k, n in Counter(row_key(nova, linha, chave) for linha in nova.linhas).items() if n > 1}
    unica = len({row_key(antiga, linha, chave) for linha in antiga.linhas}) == len(antiga.linhas)
    faltas = [_broken(nome, f"{', '.join(k)} aparece mais de uma vez") for k in sorted(repetidas) if unica]
    posicao = nova.colunas.index(chave[0])
    vazias = [n for n, linha in enumerate(nova.linhas, 2) if not linha[posicao].strip()]
    return faltas + [_broken(nome, f"linha {n}: {chave[0]} está em branco") for n in vazias]


def row_key(tabela: Tabela, linha: list[str], chave: tuple[str, ...]) -> tuple[str, ...]:
    """What names a row."""
    return tuple(linha[tabela.colunas.index(coluna)] for coluna in chave)


def _check_dates(nome: str, nova: Tabela) -> list[Violacao]:
    faltas: list[Violacao] = []
    for posicao, coluna in enumerate(nova.colunas):
        if not _DATA.fullmatch(coluna):
            continue
        for n, linha in enumerate(nova.linhas, 2):
            if linha[posicao] and not _is_day(linha[posicao]):
                faltas.append(
                    _broken(nome, f"linha {n}: {coluna} {linha[posicao]} não é uma data AAAA-MM-DD")
                )
    return faltas


def _is_day(texto: str) -> bool:
    try:
        date.fromisoformat(texto[:10])
    except ValueError:
        return False
    return True


def _check_together(conteudos: Mapping[str, bytes]) -> list[Violacao]:
    """What only shows between tables: places that no municipality has, and figures that the tax engine cannot read."""
    municipios = _column(read_table(conteudos["municipios"]), "codigo_ibge")
    faltas = [
        _broken(nome, f"o código IBGE {codigo} não está na tabela municipios")
        for nome in _LUGARES
        for codigo in sorted(_column(read_table(conteudos[nome]), "codigo_ibge") - municipios)[:_MOSTRADAS]
    ]
    try:
        load_tabelas(conteudos)
    except (ValueError, ArithmeticError, KeyError) as erro:
        faltas.append(_broken("", f"o motor de tributos não lê as tabelas: {type(erro).__name__} {erro}"))
    return faltas


def _column(tabela: Tabela, coluna: str) -> set[str]:
    posicao = tabela.colunas.index(coluna)
    return {linha[posicao] for linha in tabela.linhas}


def _unknown(nome: str) -> Violacao:
    return Violacao(
        "REF-TABELA", nome, f"Não existe a tabela de referência {nome}.",
        "O nome do arquivo é o da tabela; `chancela refdata verify` lista todas.",
    )  # fmt: skip


def _broken(nome: str, porque: str, correcao: str = "Corrija o arquivo e importe de novo.") -> Violacao:
    return Violacao("REF-CONTEUDO", nome, f"{porque[:1].upper()}{porque[1:]}.", correcao)


def _refuse(faltas: list[Violacao]) -> None:
    if faltas:
        raise RegraViolada(tuple(faltas))
