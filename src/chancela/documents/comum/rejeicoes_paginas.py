"""The rejections as pages for people: everything under `docs/rejeicoes` is made here, and a test keeps it in step.

`python docs/gerar_rejeicoes.py` writes them.
"""

from collections.abc import Mapping
from itertools import groupby

from chancela.documents.comum.rejeicoes import Entrada, Reenvio, load_catalogo

INDICE = "README.md"
_CABECA = """# Rejeições da SEFAZ (NF-e e NFC-e)

Cada código tem uma página: o que a SEFAZ conferiu, o que costuma causar a recusa e o que mudar. A resposta da API traz o
mesmo texto em `data.erros[]`. “Reenvio” diz se mandar de novo adianta: **nunca**, **depois** (o mesmo conteúdo, mais
tarde) ou **corrigido**. Estas páginas são geradas de `rejeicoes.csv`.

| Código | Mensagem da SEFAZ | Reenvio |
|---|---|---|
"""
_REENVIO: Mapping[Reenvio, str] = {
    Reenvio.NUNCA: "Não adianta enviar de novo o mesmo documento.",
    Reenvio.DEPOIS: "O mesmo conteúdo pode passar mais tarde, sem mudança.",
    Reenvio.CORRIGIDO: "Só depois de corrigir. Uma nota rejeitada mantém o número na próxima tentativa com o mesmo `id`.",
}


def render_paginas() -> dict[str, str]:
    """File name and Markdown text of every page, the index included."""
    entradas = load_catalogo().entradas
    paginas = {INDICE: _CABECA + "".join(_row(entrada) for entrada in entradas)}
    for c_stat, irmas in groupby(entradas, key=lambda e: e.c_stat):
        paginas[f"{c_stat}.md"] = _page(c_stat, list(irmas))
    return paginas


def _row(entrada: Entrada) -> str:
    return (
        f"| [{entrada.c_stat}]({entrada.c_stat}.md) | {_cell(entrada.mensagem)} | {entrada.reenvio.value} |\n"
    )


def _cell(texto: str) -> str:
    return texto.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def _page(c_stat: int, entradas: list[Entrada]) -> str:
    if len(entradas) == 1 and not entradas[0].variante:
        return f"# Rejeição {c_stat}: {_cell(entradas[0].mensagem)}\n\n{_body(entradas[0])}"
    secoes = [f"## {_cell(entrada.mensagem)}\n\n{_body(entrada)}" for entrada in entradas]
    aviso = "Este número já teve outro sentido: compare o texto que a SEFAZ devolveu."
    return f"# Rejeição {c_stat}\n\n{aviso}\n\n" + "\n".join(secoes)


def _body(entrada: Entrada) -> str:
    linhas = [
        f"**Por que acontece.** {_cell(entrada.causa)}",
        f"**O que fazer.** {_cell(entrada.correcao)}",
        f"**Enviar de novo?** {_REENVIO[entrada.reenvio]}",
    ]
    if entrada.campos:
        linhas.append("**Campos da nota.** " + ", ".join(f"`{campo}`" for campo in entrada.campos))
    if entrada.referencia:
        linhas.append(f"**Referência.** {entrada.referencia}.")
    return "\n\n".join(linhas) + "\n"
