"""From the paths of the neutral request to the caller's flat names (`items[1].icms_valor`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from chancela.faces.focus.nfe.dicionario import by_destination

_POSICAO = re.compile(r"\[(\d+)\]")
_GRUPOS = {
    "itens[].extensoes.informado.icms": "items[].icms_situacao_tributaria",
    "itens[].extensoes.informado.ipi": "items[].ipi_situacao_tributaria",
    "itens[].extensoes.informado.pis": "items[].pis_situacao_tributaria",
    "itens[].extensoes.informado.cofins": "items[].cofins_situacao_tributaria",
    "itens[].extensoes.informado.ibs_cbs": "items[].ibs_cbs_situacao_tributaria",
    "itens[].extensoes.informado": "items[].icms_situacao_tributaria",
    "itens[].categoria": "items[].icms_situacao_tributaria",
    "itens[].impostos": "items[].icms_situacao_tributaria",
    "itens[].codigo_beneficio": "items[].codigo_beneficio_fiscal",
    "itens": "items",
    "itens[]": "items[]",
    "referencias": "notas_referenciadas",
    "referencias[]": "notas_referenciadas[]",
    "pagamentos": "formas_pagamento",
    "pagamentos[]": "formas_pagamento[]",
    "transporte": "modalidade_frete",
    "transporte.volumes[]": "volumes[]",
    "transporte.reboques": "reboques",
    "transporte.reboques[]": "reboques[]",
    "cobranca": "numero_fatura",
    "cobranca.duplicatas": "duplicatas",
    "cobranca.duplicatas[]": "duplicatas[]",
    "autorizados": "pessoas_autorizadas",
    "defensivos": "agropecuario_defensivo",
    "cana.fornecimentos": "cana_fornecimentos",
    "cana.deducoes": "cana_deducoes",
    "destinatario": "nome_destinatario",
    "totais": "valor_total",
}
"""Names for places that are groups of fields, or that only the neutral request has."""


@dataclass(frozen=True, slots=True)
class Caminhos:
    """The names of one body. `ordem` gives, for each item of the request, its position in the caller's array."""

    corpo: Mapping[str, Any]
    ordem: Sequence[int] = ()

    def wire(self, caminho: str) -> str:
        """The caller's name of a place; that of the group around it when it has none; empty for nothing of theirs."""
        posicoes = [int(n) for n in _POSICAO.findall(caminho)]
        modelo = _POSICAO.sub("[]", caminho)
        if modelo.startswith("itens[]") and posicoes and posicoes[0] < len(self.ordem):
            posicoes[0] = self.ordem[posicoes[0]]
        while modelo:
            nomes = by_destination().get(modelo) or by_destination().get(f"{modelo}[]")
            if nomes:
                return self._choose(nomes, posicoes)
            if modelo in _GRUPOS:
                return self._fill(_GRUPOS[modelo], posicoes)
            abaixo = next((n for d, n in by_destination().items() if d.startswith(f"{modelo}.")), None)
            if abaixo is not None and modelo not in ("itens[]", "emitente"):
                return self._fill(abaixo[0], posicoes)
            modelo = modelo.removesuffix("[]") if modelo.endswith("[]") else modelo.rpartition(".")[0]
        return ""

    def _choose(self, nomes: tuple[str, ...], posicoes: list[int]) -> str:
        """Of the names that fill one place, the one that the caller used."""
        escritos = [self._fill(nome, posicoes) for nome in nomes]
        return next((nome for nome in escritos if self._has(nome)), escritos[0])

    def _fill(self, nome: str, posicoes: list[int]) -> str:
        if nome.startswith("items") and "items" not in self.corpo and "itens" in self.corpo:
            nome = f"itens{nome.removeprefix('items')}"
        for posicao in posicoes:
            nome = nome.replace("[]", f"[{posicao}]", 1)
        return nome.replace("[]", "[0]")

    def _has(self, nome: str) -> bool:
        atual: Any = self.corpo
        for passo in nome.split("."):
            partes = passo.split("[")
            if not isinstance(atual, Mapping):
                return False
            atual = cast("Mapping[str, Any]", atual).get(partes[0])
            if len(partes) > 1:
                posicao = int(partes[1].rstrip("]"))
                membros = cast("list[Any]", atual) if isinstance(atual, list) else []
                atual = membros[posicao] if posicao < len(membros) else None
        return atual not in (None, "")
