"""Writes `docs/configuracao.md` from the settings themselves, so that the page cannot fall behind."""

from chancela.server.configuracao import Configuracao

_CABECALHO = """# Configuração

Tudo se ajusta por variáveis de ambiente com o prefixo `CHANCELA_`. Sem nenhuma, valem os padrões desta tabela.
Esta página é gerada: `chancela configuracao --pagina`.

| Variável | Padrão | O que faz |
|---|---|---|
"""


def render_pagina() -> str:
    """The Markdown page, one row per setting, in the order of the class."""
    linhas = []
    for nome, campo in Configuracao.model_fields.items():
        padrao = campo.default
        texto = "" if padrao is None or not str(padrao) else f"`{padrao}`"
        linhas.append(f"| `CHANCELA_{nome.upper()}` | {texto} | {campo.description} |")
    return _CABECALHO + "\n".join(linhas) + "\n"
