"""The field dictionary of NF-e and NFC-e as a table: what each name of the wire is and where it goes.

`[]` stands for a position in a list. The item array is `items` here; callers also write `itens`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from chancela.kit.packaged import packaged_rows

_DECIMAL = re.compile(r"D(\d+)\.(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Campo:
    """One field of the dictionary.

    `forma`: `S` text, `I` digits, `C` code, `B` yes or no, `DT` date, `DH` date and time, each with its sizes, or
    `D13.2` and `D3.2-4` for numbers with 2, or 2 to 4, decimals.
    """

    nome: str
    forma: str
    codigos: tuple[str, ...]
    elemento: str
    """Path below `infNFe`; `{group}` where the situation chooses the group."""
    destinos: tuple[str, ...]
    """Paths in the neutral request; none: the current layout has no such element."""

    @property
    def decimal(self) -> tuple[int, int, int] | None:
        """Integer digits, least and most decimals of a number."""
        achado = _DECIMAL.fullmatch(self.forma)
        if achado is None:
            return None
        inteiros, minimo, maximo = achado.groups()
        return int(inteiros), int(minimo), int(maximo or minimo)

    @property
    def largura(self) -> int:
        """Digits of a field that always has as many; 0 when they vary."""
        return int(self.forma[1:]) if self.forma[0] == "I" and self.forma[1:].isdigit() else 0


@dataclass(slots=True)
class No:
    """One level of the wire: its fields and its arrays, by name."""

    campos: dict[str, Campo] = field(default_factory=dict[str, Campo])
    listas: dict[str, "No"] = field(default_factory=dict[str, "No"])


APELIDOS: Mapping[str, str] = {
    "itens": "items",
    "informacoes_complementares_interesse_fisco": "informacoes_adicionais_fisco",
    "items[].codigo_beneficio_fiscal_uf": "items[].codigo_beneficio_fiscal",
    "items[].ibs_cbs_valor_total": "items[].ibs_valor_total",
    "items[].pis_aliquota": "items[].pis_aliquota_porcentual",
    "items[].cofins_aliquota": "items[].cofins_aliquota_porcentual",
    "items[].numero_pedido_compra": "items[].pedido_compra",
    "items[].item_pedido_compra": "items[].numero_item_pedido_compra",
    "items[].valor_total_bruto": "items[].valor_bruto",
    "items[].codigo_ean": "items[].codigo_barras_comercial",
    "items[].codigo_ean_tributavel": "items[].codigo_barras_tributavel",
}
"""Other names that clients send, and the dictionary's."""

FORA_DO_LEIAUTE = frozenset(
    [
        "codigo_pais_emitente",
        "pais_emitente",
        "items[].ipi_classe_enquadramento",
        "formas_pagamento[].nome_credenciadora",
    ]
)
"""Names that clients send and that say nothing a document could hold."""

_A_MAIS = (
    Campo("codigo_unico", "I8", (), "ide/cNF", ("numeracao.codigo",)),
    Campo("formas_pagamento[].valor_troco", "D13.2", (), "pag/vTroco", ("troco",)),
)
"""Fields that stand outside the dictionary's tables."""


@cache
def campos() -> tuple[Campo, ...]:
    """Every field of the dictionary, in its order."""
    return tuple(
        Campo(
            linha["campo"],
            linha["forma"],
            tuple(linha["codigos"].split()),
            linha["elemento"],
            tuple(linha["destino"].split()),
        )
        for linha in packaged_rows("focus/nfe.csv")
    )


@cache
def raiz() -> No:
    """The dictionary as the wire nests it, other names included."""
    inicio = No()
    por_nome = {campo.nome: campo for campo in (*campos(), *_A_MAIS)}
    for nome, campo in por_nome.items():
        _place(inicio, nome, campo)
    for apelido, nome in APELIDOS.items():
        if nome in por_nome:
            _place(inicio, apelido, por_nome[nome])
    inicio.listas["itens"] = inicio.listas["items"]
    return inicio


def _place(no: No, nome: str, campo: Campo) -> None:
    *listas, folha = nome.split(".")
    for lista in listas:
        no = no.listas.setdefault(lista.removesuffix("[]"), No())
    no.campos[folha] = campo


@cache
def by_destination() -> Mapping[str, tuple[str, ...]]:
    """The wire names that fill each place of the neutral request, groups above them included, in the table's order."""
    achados: dict[str, list[str]] = {}
    for campo in (*campos(), *_A_MAIS):
        for destino in campo.destinos:
            achados.setdefault(destino, []).append(campo.nome)
    return {destino: tuple(nomes) for destino, nomes in achados.items()}
