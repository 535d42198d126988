"""`chancela refdata`: reference tables imported, verified and compared."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

from chancela.cli.saida import RECUSADO, USO_ERRADO, refuse, say, show, show_rows
from chancela.domain.erros import FiscalError
from chancela.stores.referencia.comparacao import compare_tables, in_force
from chancela.stores.referencia.importacao import import_tables
from chancela.stores.referencia.tabelas import Tabela, current_contents, packaged_contents, read_table
from chancela.stores.referencia.verificacao import verify_tables

_LARGURA = 60
_COLUNAS = ("mudanca", "codigo", "coluna", "antes", "depois")


def import_files(
    pasta: Path,
    arquivos: Sequence[Path],
    *,
    retirar: Sequence[str],
    aceitar_reducao: bool,
    agora: datetime,
    em_json: bool,
) -> None:
    """Put the tables of these files in force, and say how many rows each had and has."""
    if not arquivos and not retirar:
        _misused("Informe ao menos um arquivo, ou --retirar TABELA.")
    conteudos = {arquivo.stem: _read(arquivo) for arquivo in arquivos}
    try:
        feita = import_tables(pasta, conteudos, retirar=retirar, aceitar_reducao=aceitar_reducao, agora=agora)
    except FiscalError as erro:
        refuse(erro)
    say("Em vigor para o que subir a partir de agora: reinicie a API e os workers.")
    tabelas = {nome: f"{antes} → {depois} linhas" for nome, (antes, depois) in feita.linhas.items()}
    if em_json:
        contadas = {n: {"antes": a, "depois": d} for n, (a, d) in feita.linhas.items()}
        show({"tabelas": contadas, "arquivo": feita.arquivo.name}, em_json=True)
        return
    show({**tabelas, "arquivo": feita.arquivo.name}, em_json=False)


def show_verification(pasta: Path, *, em_json: bool) -> None:
    """Every table with its rows, origin and problem; leaves with 1 when there is a problem."""
    try:
        verificadas = verify_tables(pasta)
    except FiscalError as erro:
        refuse(erro)
    linhas = [(v.nome, str(v.linhas), v.origem, v.problema or "ok") for v in verificadas]
    show_rows("Tabelas de referência", ("tabela", "linhas", "origem", "situacao"), linhas, em_json=em_json)
    if any(v.problema for v in verificadas):
        raise SystemExit(RECUSADO)


def show_difference(
    pasta: Path, nome: str, arquivo: Path | None, *, de: str, para: str, em_json: bool
) -> None:
    """The difference between a table in force and a file, between the package and it, or between two of its days."""
    if bool(de) != bool(para):
        _misused("Use --de e --para juntos.")
    try:
        atual = current_contents(pasta)
        if nome not in atual:
            _misused(f"Não existe a tabela {nome}: use uma de {', '.join(sorted(atual))}.")
        antes, depois = read_table(packaged_contents()[nome]), read_table(atual[nome])
        if arquivo is not None:
            antes, depois = depois, _table(arquivo, depois)
        if de:
            antes = in_force(nome, antes if arquivo is not None else depois, _day(de))
            depois = in_force(nome, depois, _day(para))
        diferencas = compare_tables(nome, antes, depois)
    except FiscalError as erro:
        refuse(erro)
    linhas = [(d.mudanca, d.codigo, d.coluna, d.antes, d.depois) for d in diferencas]
    if em_json or linhas:
        mostradas = linhas if em_json else [tuple(_short(valor) for valor in linha) for linha in linhas]
        show_rows(nome, _COLUNAS, mostradas, em_json=em_json)
    say(f"{len(linhas)} diferença(s) em {nome}.")


def _read(arquivo: Path) -> bytes:
    try:
        return arquivo.read_bytes()
    except OSError as erro:
        _misused(f"Não consegui ler {arquivo}: {erro.strerror}.")


def _table(arquivo: Path, atual: Tabela) -> Tabela:
    try:
        lida = read_table(_read(arquivo))
    except UnicodeDecodeError:
        _misused(f"{arquivo} não é UTF-8.")
    if lida.colunas != atual.colunas or any(len(linha) != len(lida.colunas) for linha in lida.linhas):
        _misused(f"{arquivo} não tem as colunas da tabela: {','.join(atual.colunas)}.")
    return lida


def _day(texto: str) -> date:
    try:
        return date.fromisoformat(texto)
    except ValueError:
        _misused(f"{texto} não é uma data: use AAAA-MM-DD.")


def _short(texto: str) -> str:
    return texto if len(texto) <= _LARGURA else f"{texto[: _LARGURA - 1]}…"


def _misused(porque: str) -> NoReturn:
    say(porque)
    raise SystemExit(USO_ERRADO)
