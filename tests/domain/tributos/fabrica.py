"""Short ways to state operations for the engine's tests."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from tests.domain.tributos.recusas import RECUSAS

from chancela.domain.identidade import Uf
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
    CenarioIs,
)
from chancela.domain.tributos.configuracao import ConfiguracaoTributaria
from chancela.domain.tributos.entrada import ItemTributavel, Operacao, TipoOperacao
from chancela.domain.tributos.memoria import explain_passos
from chancela.domain.tributos.motor import compute_tributos
from chancela.domain.tributos.resultado import Resultado, TributosItem
from chancela.stores.referencia_tributos import packaged_tabelas

TABELAS = packaged_tabelas()
EM_2026 = date(2026, 5, 4)
_INDICE, _ITEM = re.compile(r"\[[^\]]*\]"), re.compile(r"^Item \d+, ")


def icms(codigo: str = "00", cfop: str = "5102", **campos: Any) -> CenarioIcms:
    """A scenario entry; `uf=`-like arrays are given as they are."""
    return CenarioIcms(
        campos.pop("cenario", "padrao"), campos.pop("tipo_pessoa", "juridica"), cfop, codigo, **campos
    )


def por_uf(uf: Uf, valor: str) -> dict[Uf, D]:
    return {uf: D(valor)}


def categoria(entrada: CenarioIcms | None = None, **campos: Any) -> Categoria:
    """A category without IPI, PIS and COFINS to pay, unless told."""
    ipi = campos.pop("ipi", ("53", "0"))
    pis = campos.pop("pis", ("07", "0"))
    cofins = campos.pop("cofins", ("07", "0"))
    ibs = campos.pop("ibs", None)
    seletivo = campos.pop("seletivo", None)
    return Categoria(
        "TF1",
        icms=(entrada if entrada is not None else icms(),),
        ipi=(CenarioIpi("padrao", "juridica", ipi[0], "999", D(ipi[1])),),
        pis=(CenarioContribuicao("padrao", "juridica", pis[0], D(pis[1])),),
        cofins=(CenarioContribuicao("padrao", "juridica", cofins[0], D(cofins[1])),),
        ibs_cbs=() if ibs is None else (CenarioIbsCbs("padrao", "juridica", *ibs),),
        imposto_seletivo=()
        if seletivo is None
        else (CenarioIs("padrao", "juridica", seletivo[0], D(seletivo[1])),),
        **campos,
    )


def item(valor: str, cat: Categoria | None = None, **campos: Any) -> ItemTributavel:
    quantidade = D(campos.pop("quantidade", "1"))
    unitario = D(valor) / quantidade if quantidade else D(0)
    return ItemTributavel(D(valor), quantidade, unitario, cat if cat is not None else categoria(), **campos)


def operacao(*itens: ItemTributavel, **campos: Any) -> Operacao:
    base: dict[str, Any] = {
        "tipo": TipoOperacao.SAIDA,
        "uf_emitente": Uf.SP,
        "uf_destinatario": Uf.SP,
        "crt": 3,
        "data_emissao": EM_2026,
        "ind_ie_dest": "1",
        "ind_final": False,
    }
    configuracao = ConfiguracaoTributaria(**campos.pop("cfg", {}))
    return Operacao(**{**base, **campos}, itens=itens, configuracao=configuracao)


def calcular(*itens: ItemTributavel, **campos: Any) -> Resultado:
    """The result; whatever it refuses or warns of is of the reviewed list, and every step of it has its words."""
    resultado = compute_tributos(operacao(*itens, **campos), TABELAS)
    assert len(explain_passos(resultado.passos)) == len(resultado.passos)
    for violacao in (*resultado.violacoes, *resultado.avisos):
        campo, rotulo = _INDICE.sub("", violacao.caminho), _ITEM.sub("", violacao.rotulo)
        dita = (violacao.codigo, campo, rotulo, violacao.c_stat, violacao.severidade.value)
        assert violacao.codigo == "TRIB-NUM-01" or dita in RECUSAS, dita
    return resultado


def um(i: ItemTributavel, **campos: Any) -> TributosItem:
    """The one item of a computation that must be without errors."""
    resultado = calcular(i, **campos)
    assert resultado.violacoes == ()
    return resultado.itens[0]


def codigos(resultado: Resultado) -> list[str]:
    return [v.codigo for v in resultado.violacoes]


def avisos(resultado: Resultado) -> list[str]:
    return [v.codigo for v in resultado.avisos]


def mudar(cat: Categoria, **campos: Any) -> Categoria:
    return replace(cat, **campos)
