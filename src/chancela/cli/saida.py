"""How commands speak: data on stdout (`--json` or a table), words on stderr, documented exit codes.

0  done
1  refused: the reason and the fix are on stderr
2  wrong use of the command
3  SEFAZ rejected the document
4  not settled yet: ask again later
5  database, disk or network denied what the command needs
"""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from rich.console import Console
from rich.table import Table

from chancela.domain.erros import FiscalError, RegraViolada

RECUSADO = 1
USO_ERRADO = 2
REJEITADO = 3
PENDENTE = 4
AMBIENTE = 5


def show(dados: Mapping[str, Any], *, em_json: bool) -> None:
    """Print one record."""
    if em_json:
        print(
            json.dumps(dados, ensure_ascii=False, default=str), flush=True
        )  # a long command shows how far it is
        return
    tabela = Table(show_header=False, box=None, pad_edge=False)
    for nome, valor in dados.items():
        tabela.add_row(nome, str(valor))
    Console().print(tabela)


def show_rows(titulo: str, colunas: Sequence[str], linhas: Sequence[Sequence[str]], *, em_json: bool) -> None:
    """Print a list of records."""
    if em_json:
        registros = [dict(zip(colunas, linha, strict=True)) for linha in linhas]
        print(json.dumps(registros, ensure_ascii=False, default=str))
        return
    tabela = Table(title=titulo)
    for coluna in colunas:
        tabela.add_column(coluna, no_wrap=True)
    for linha in linhas:
        tabela.add_row(*linha)
    largura = sum(max(len(c), *(len(linha[n]) for linha in linhas)) + 3 for n, c in enumerate(colunas)) + 1
    Console(width=largura).print(tabela)


def say(texto: str) -> None:
    """Words for the person at the terminal."""
    print(texto, file=sys.stderr)


def refuse(erro: FiscalError, *, codigo: int = RECUSADO) -> NoReturn:
    """Explain a refusal and leave with its exit code."""
    if isinstance(erro, RegraViolada):
        for violacao in erro.violacoes:
            onde = f"{violacao.rotulo or violacao.caminho}: " if violacao.rotulo or violacao.caminho else ""
            recebido = f" (recebido: {violacao.valor})" if violacao.valor else ""
            say(f"{violacao.codigo}  {onde}{violacao.mensagem}{recebido} {violacao.correcao}")
    else:
        say(f"{erro.codigo}  {erro.mensagem} {erro.correcao}".rstrip())
    raise SystemExit(codigo)
