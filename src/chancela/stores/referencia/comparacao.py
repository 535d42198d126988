"""Two states of a reference table, told as what came, what went and what changed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from chancela.domain.erros import EstadoInvalido
from chancela.stores.referencia.construcao import key_columns
from chancela.stores.referencia.importacao import row_key
from chancela.stores.referencia.tabelas import Tabela

_VIGENCIAS = (("vigencia_inicio", "vigencia_fim"), ("dinivig", "dfimvig"), ("dt_dinivig", "dt_dfimvig"))


@dataclass(frozen=True, slots=True)
class Diferenca:
    """One difference: `nova` and `retirada` are whole rows, `mudou` is one column of a row."""

    mudanca: str
    codigo: str
    coluna: str
    antes: str
    depois: str


def compare_tables(nome: str, antes: Tabela, depois: Tabela) -> Sequence[Diferenca]:
    """From one state to the other, by the table's code; a table without a code compares whole rows."""
    chave = key_columns(nome) or antes.colunas
    if _repeated(antes, chave) or _repeated(depois, chave):
        chave = antes.colunas
    velhas = {row_key(antes, linha, chave): linha for linha in antes.linhas}
    novas = {row_key(depois, linha, chave): linha for linha in depois.linhas}
    diferencas: list[Diferenca] = []
    for codigo in sorted({*velhas, *novas}):
        velha, nova = velhas.get(codigo), novas.get(codigo)
        nomeado = " ".join(codigo)
        if velha is None or nova is None:
            mudanca = "nova" if velha is None else "retirada"
            diferencas.append(Diferenca(mudanca, nomeado, "", _told(velha), _told(nova)))
            continue
        diferencas += [
            Diferenca("mudou", nomeado, coluna, a, d)
            for coluna, a, d in zip(antes.colunas, velha, nova, strict=True)
            if a != d
        ]
    return diferencas


def in_force(nome: str, tabela: Tabela, dia: date) -> Tabela:
    """The rows of a table that hold on a day. Raises `EstadoInvalido` for a table without dates."""
    for inicio, fim in _VIGENCIAS:
        if inicio in tabela.colunas:
            holds = _dated(tabela, inicio, fim, dia.isoformat())
            return Tabela(tabela.colunas, [linha for linha in tabela.linhas if holds(linha)])
    raise EstadoInvalido(
        "REF-SEM-DATA", f"A tabela {nome} não tem vigência.", "Compare-a com um arquivo ou com a do pacote."
    )


def _dated(tabela: Tabela, inicio: str, fim: str, dia: str) -> Callable[[Sequence[str]], bool]:
    desde = tabela.colunas.index(inicio)
    ate = tabela.colunas.index(fim) if fim in tabela.colunas else None

    def holds(linha: Sequence[str]) -> bool:
        return linha[desde][:10] <= dia and (ate is None or not linha[ate] or dia <= linha[ate][:10])

    return holds


def _repeated(tabela: Tabela, chave: Sequence[str]) -> bool:
    contadas = Counter(row_key(tabela, linha, tuple(chave)) for linha in tabela.linhas)
    return any(n > 1 for n in contadas.values())


def _told(linha: Sequence[str] | None) -> str:
    return "" if linha is None else " | ".join(valor for valor in linha if valor)
