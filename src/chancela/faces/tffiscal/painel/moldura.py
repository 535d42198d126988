"""The frame of the panel's pages and its small parts: HTML made here, every value escaped, nothing loaded but our own files."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape

from chancela.issuing.empresa import Empresa

RAIZ = "/invoice/company"
EMITIR = f"{RAIZ}/emitir"


def company_page(empresa: Empresa, titulo: str, corpo: str) -> str:
    """A page of the session's company: who it is, the way out, and what the page is about."""
    cabecalho = (
        f"<header><h1>{escape(empresa.razao_social)}</h1><p>CNPJ {escape(str(empresa.cnpj))}</p>"
        f'<form method="post" action="{RAIZ}/sair"><button>Sair</button></form></header>'
    )
    return page(
        f"{titulo} - {empresa.razao_social}", f"{cabecalho}<main><h2>{escape(titulo)}</h2>{corpo}</main>"
    )


def page(titulo: str, corpo: str) -> str:
    """Any page."""
    return (
        '<!doctype html>\n<html lang="pt-BR"><head><meta charset="utf-8">'
        f"<title>{escape(titulo)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/sso/painel.css"></head><body>{corpo}</body></html>\n'
    )


def row(celula: str, textos: Sequence[str]) -> str:
    """A line of a table."""
    return "<tr>" + "".join(f"<{celula}>{escape(texto)}</{celula}>" for texto in textos) + "</tr>"


def options(opcoes: Iterable[tuple[str, str]], escolhida: str) -> str:
    """The choices of a list, one of them made."""
    return "".join(
        f'<option value="{escape(valor)}"{" selected" if valor == escolhida else ""}>{escape(texto)}</option>'
        for valor, texto in opcoes
    )


def nav(partes: Iterable[str]) -> str:
    """Ways to other pages."""
    return f"<nav>{''.join(partes)}</nav>"


def back() -> str:
    """The way to the list."""
    return nav([link(f"{RAIZ}/kanban", "Todas as notas")])


def link(url: str, texto: str) -> str:
    """One way."""
    return f'<a href="{escape(url)}">{escape(texto)}</a>'


def money(valor: Decimal) -> str:
    """`R$ 1.234,56`."""
    return f"R$ {valor:,.2f}".translate(str.maketrans(",.", ".,"))
