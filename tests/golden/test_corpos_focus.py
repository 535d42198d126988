"""Any body made of the Focus dictionary's names gives a good document or a list of violations, and never an exception.

Bodies are those of `corpos_focus` with fields set anew at any depth: values of the field's form, its codes, values that
another body gives it, and absurd ones; fields of other groups come in as well, and unknown ones.
"""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.golden.corpos_focus import CORPOS, Corpo
from tests.golden.mesa_focus import Mesa
from tests.golden.test_campos_focus import read
from tests.golden.test_pedidos_quaisquer import VALORES

from chancela.documents.nfe.layout import build_infnfe, compose_unsigned, parse_nfe
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Modelo
from chancela.faces.focus.nfe.calculo import show_calculo
from chancela.faces.focus.nfe.dicionario import APELIDOS, Campo, campos

CONFIGURACAO = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)
ABSURDOS = VALORES | st.sampled_from(
    ["1,5", "-0", "NaN", "1e5", "٣", "²", "0" * 50, Decimal("1E-40"), [None], [[]], {"a": {}}]
)
NOMES = (
    [campo.nome for campo in campos()] + [n for n in APELIDOS if "[]" in n] + ["qualquer", "items[].qualquer"]
)
POR_NOME = {campo.nome: campo for campo in campos()}
DE_OUTROS = {nome: [v for c in CORPOS.values() if (v := read(c, nome)) is not None] for nome in NOMES}


def value_of(campo: Campo | None) -> st.SearchStrategy[Any]:
    """A value of the field's form."""
    if campo is None:
        return ABSURDOS
    if campo.codigos:
        return st.sampled_from(campo.codigos)
    if campo.decimal is not None:
        inteiros, _, casas = campo.decimal
        return st.decimals(0, 10 ** min(inteiros, 6) - 1, places=casas).map(str)
    if campo.forma == "B":
        return st.sampled_from([True, False, "true", "0"])
    if campo.forma.startswith("D"):
        return st.sampled_from(["2026-11-20", "2026-11-20T10:30:15-0300", "20/11/2026", "2026-13-01"])
    if campo.forma.startswith("I"):
        return st.text("0123456789", min_size=1, max_size=campo.largura or 14)
    return st.text(st.sampled_from("abcçÃ019 .-&<\\t充"), min_size=1, max_size=20)


def put(corpo: Corpo, nome: str, posicao: int, valor: Any) -> None:
    """Set a field in place, making the way to it; what is in the way and is no list of objects is replaced."""
    atual: Any = corpo
    *caminho, folha = nome.split(".")
    for passo in caminho:
        chave = passo.removesuffix("[]")
        membros = atual.get(chave)
        if not isinstance(membros, list) or not all(isinstance(m, dict) for m in membros):
            membros = atual[chave] = []
        if len(membros) <= posicao:
            membros.append({})
        atual = membros[min(posicao, len(membros) - 1)]
    atual[folha] = valor


@st.composite
def bodies(draw: st.DrawFn) -> Corpo:
    corpo = copy.deepcopy(draw(st.sampled_from(list(CORPOS.values()))))
    for _ in range(draw(st.integers(0, 5))):
        nome = draw(st.sampled_from(NOMES))
        fonte = draw(st.integers(0, 9))
        if fonte < 4 and DE_OUTROS[nome]:
            valor = draw(st.sampled_from(DE_OUTROS[nome]))
        elif fonte < 8:
            valor = draw(value_of(POR_NOME.get(nome)))
        else:
            valor = draw(ABSURDOS)
        put(corpo, nome, draw(st.integers(0, 1)), copy.deepcopy(valor))
    return corpo


def judge(mesa: Mesa, corpo: Corpo, modelo: Modelo) -> bool:
    """Whether a document came out; fails when what came is neither a good document nor a list of violations."""
    recusa: RegraViolada | None = None
    try:
        nota, montada, texto = mesa.build(corpo, modelo)
    except RegraViolada as erro:
        recusa = erro
    if recusa is not None:
        assert recusa.violacoes
        assert all(v.codigo and v.mensagem and v.correcao for v in recusa.violacoes)
        assert not [v.caminho for v in recusa.violacoes if "extensoes" in v.caminho]
        return False
    lido = parse_nfe(compose_unsigned(texto))
    assert build_infnfe(lido.nfe, lido.identificacao) == texto
    assert show_calculo(nota, montada)["total"]
    return True


MODELOS = st.sampled_from([Modelo.NFE, Modelo.NFE, Modelo.NFCE])


@settings(CONFIGURACAO, max_examples=300)
@given(bodies(), MODELOS)
def test_any_body(mesa: Mesa, corpo: Corpo, modelo: Modelo) -> None:
    judge(mesa, corpo, modelo)


@pytest.mark.longo
@settings(CONFIGURACAO, max_examples=10_000)
@given(bodies(), MODELOS)
def test_any_body_campaign(mesa: Mesa, corpo: Corpo, modelo: Modelo) -> None:
    judge(mesa, corpo, modelo)


def test_the_untouched_bodies_are_all_good(mesa: Mesa) -> None:
    assert all(judge(mesa, copy.deepcopy(corpo), Modelo.NFE) for corpo in CORPOS.values())
