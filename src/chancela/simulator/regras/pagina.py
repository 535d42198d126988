"""The page `docs/regras-simulador.md`: the 811 official rules, which of them are judged, and why the others are not."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chancela.simulator.regras.ausentes import AUSENTES
from chancela.simulator.regras.catalogo import REGRAS
from chancela.simulator.regras.mensagem import REGRAS_MENSAGEM
from chancela.simulator.regras.servicos import CODIGOS_DE_SERVICO
from chancela.simulator.tabelas import RegraOficial, regras_oficiais

_CABECA = """# Regras do simulador

As regras de validação das tabelas oficiais (MOC 7.0, Anexo I, e Notas Técnicas), e o que a SEFAZ local faz com cada uma. Página gerada
por `docs/gerar_regras_simulador.py`; um teste a mantém em dia. Prioridade 1: frequente ou estrutural; 2: convém; 3: opção de UF, futura
ou rara. Regra **desligada** existe e se liga com `PUT /_simulador/regras/{codigo}`.

"""
_DO_DOCUMENTO = {regra.codigo: regra for regra in REGRAS}
_DA_MENSAGEM = frozenset(regra.codigo for regra in REGRAS_MENSAGEM)
JULGADAS = frozenset(_DO_DOCUMENTO) | _DA_MENSAGEM | CODIGOS_DE_SERVICO


@dataclass(frozen=True, slots=True)
class Contagem:
    """How many rules there are, and how many of them are judged."""

    total: int
    julgadas: int

    @property
    def celula(self) -> str:
        return f"{self.julgadas} de {self.total}" if self.total else ""


def count(regras: Iterable[RegraOficial]) -> Contagem:
    """Rules and judged rules among these."""
    codigos = [regra.codigo for regra in regras]
    return Contagem(len(codigos), sum(codigo in JULGADAS for codigo in codigos))


def render_pagina() -> str:
    """The page, in Markdown."""
    return _CABECA + "\n".join((_by_priority(), _missing_by_reason(), _every_rule()))


def _by_priority() -> str:
    oficiais = regras_oficiais()
    grupos = list(dict.fromkeys(regra.grupo for regra in oficiais))
    linhas = [
        "## Contagem\n",
        "| Grupo | Prioridade 1 | Prioridade 2 | Prioridade 3 | Total |",
        "|---|---|---|---|---|",
    ]
    linhas += [_row(grupo, lambda r, g=grupo: r.grupo == g) for grupo in grupos]
    linhas.append(_row("**Todas**", lambda _r: True))
    desligadas = sum(not regra.ativa for regra in REGRAS)
    extras = len(REGRAS) - sum(regra.codigo in _DO_DOCUMENTO for regra in oficiais)
    linhas.append(
        f"\nDas julgadas, {desligadas} vêm desligadas. Além das oficiais há {extras} linhas que repartem uma regra em vários códigos de"
        " rejeição ou em várias datas (por exemplo `BA19-10/MOD`).\n"
    )
    return "\n".join(linhas)


def _row(nome: str, conta: Callable[[RegraOficial], bool]) -> str:
    minhas = [regra for regra in regras_oficiais() if conta(regra)]
    por_prioridade = (count(r for r in minhas if r.prioridade == p).celula for p in (1, 2, 3))
    return f"| {nome} | {' | '.join(por_prioridade)} | {count(minhas).celula} |"


def _missing_by_reason() -> str:
    quantas = Counter(AUSENTES.values())
    linhas = ["## Por que as outras não\n", "| Razão | Regras | Códigos |", "|---|---|---|"]
    for razao, quantidade in sorted(quantas.items(), key=lambda par: par[0].value):
        codigos = ", ".join(f"`{codigo}`" for codigo, r in AUSENTES.items() if r is razao)
        linhas.append(f"| {razao.value} | {quantidade} | {codigos} |")
    return "\n".join(linhas) + "\n"


def _every_rule() -> str:
    linhas = [
        "## Todas\n",
        "| Regra | Modelo | Prioridade | Rejeição | Mensagem | Situação |",
        "|---|---|---|---|---|---|",
    ]
    linhas += [
        f"| `{r.codigo}` | {r.modelos} | {r.prioridade} | {r.c_stat} | {_cell(r.mensagem)} | {_state(r.codigo)} |"
        for r in regras_oficiais()
    ]
    return "\n".join(linhas) + "\n"


def _state(codigo: str) -> str:
    if codigo in AUSENTES:
        return f"não julgada: {AUSENTES[codigo].name.lower().replace('_', ' de ')}"
    regra = _DO_DOCUMENTO.get(codigo)
    return "julgada, desligada" if regra is not None and not regra.ativa else "julgada"


def _cell(texto: str) -> str:
    return texto.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")
