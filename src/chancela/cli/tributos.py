"""`chancela tributos`: the tax engine over neutral items, with nothing behind it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from chancela.cli.leitura import read_json_file
from chancela.cli.saida import refuse, say, show_rows
from chancela.documents.nfe.demonstrativo import show_resultado
from chancela.domain.erros import FiscalError, RegraViolada, Violacao
from chancela.domain.tributos.resultado import Resultado
from chancela.domain.tributos.tabelas import Tabelas
from chancela.issuing.memoria import explain_memoria, show_memoria
from chancela.issuing.tributos_neutros import compute_operacao, read_operacao, schema_operacao


def print_schema() -> None:
    """The JSON Schema of the input."""
    print(json.dumps(schema_operacao(), ensure_ascii=False, indent=2))


def calculate_file(arquivo: Path, *, hoje: date, tabelas: Tabelas, em_json: bool) -> None:
    """Compute the operation of `arquivo` (`-` is the standard input); refused input leaves with exit code 1."""
    try:
        resultado = compute_operacao(read_operacao(read_json_file(arquivo)), hoje=hoje, tabelas=tabelas)
    except FiscalError as erro:
        refuse_with(erro, em_json=em_json)
    show_calculo(resultado, {**show_resultado(resultado), **warnings_of(resultado.avisos)}, em_json=em_json)


def show_calculo(resultado: Resultado, dados: Mapping[str, Any], *, em_json: bool) -> None:
    """Groups by official tag and the working, as JSON; for people the working and the totals."""
    if em_json:
        print(json.dumps({**dados, "memoria": show_memoria(resultado.passos)}, ensure_ascii=False))
        return
    for linha in explain_memoria(resultado.passos):
        print(linha.texto)
    totais: Mapping[str, str] = dados["total"]["ICMSTot"]
    linhas = [(tag, valor) for tag, valor in totais.items() if valor != "0.00"]
    show_rows("Totais", ("campo", "R$"), linhas, em_json=False)
    for aviso in dados.get("avisos", ()):
        say(f"Aviso {aviso['codigo']}  {aviso['caminho']}: {aviso['mensagem']} {aviso['correcao']}")


def warnings_of(avisos: tuple[Violacao, ...]) -> dict[str, Any]:
    """`avisos`, when there are any."""
    return {"avisos": [_entry(aviso) for aviso in avisos]} if avisos else {}


def refuse_with(erro: FiscalError, *, em_json: bool) -> NoReturn:
    """Explain a refusal: words on stderr and, with `--json`, every violation on stdout too."""
    if em_json:
        violacoes = erro.violacoes if isinstance(erro, RegraViolada) else ()
        erros = [_entry(v) for v in violacoes] or [
            {"codigo": erro.codigo, "caminho": "", "mensagem": erro.mensagem, "correcao": erro.correcao}
        ]
        print(json.dumps({"erros": erros}, ensure_ascii=False))
    refuse(erro)


def _entry(violacao: Violacao) -> dict[str, str]:
    return {
        "codigo": violacao.codigo,
        "caminho": violacao.caminho,
        "rotulo": violacao.rotulo,
        "valor": violacao.valor,
        "mensagem": violacao.mensagem,
        "correcao": violacao.correcao,
    }
