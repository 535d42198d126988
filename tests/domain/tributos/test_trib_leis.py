"""Laws of the engine: totals are sums, order does not matter, and nothing that a caller may send is an exception."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.tributos.fabrica import TABELAS, calcular, categoria, codigos, icms, item, por_uf

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
    CenarioIs,
)
from chancela.domain.tributos.configuracao import ConfiguracaoTributaria
from chancela.domain.tributos.devolucao import scale_tributos
from chancela.domain.tributos.entrada import (
    CargaTributaria,
    Combustivel,
    Importacao,
    ItemTributavel,
    Operacao,
    TipoOperacao,
    TipoPessoa,
    TributosInformados,
)
from chancela.domain.tributos.memoria import REGRAS, explain_passos, render
from chancela.domain.tributos.motor import compute_tributos
from chancela.domain.tributos.resultado import Resultado
from chancela.domain.tributos.resultado_totais import TotaisIcms

TAXA = st.integers(0, 3000000).map(lambda n: D(n) / 10000)
QUALQUER = st.decimals(allow_nan=True, allow_infinity=True) | TAXA
POR_UF = st.dictionaries(st.sampled_from(Uf), TAXA, max_size=3)
NOMES = st.sampled_from(
    ["padrao", "saida_dentro_estado", "Saida Fora-Estado", "importacao", "exportacao", "", "???"]
)
PESSOAS = st.sampled_from(["fisica", "juridica", "", "PF", "x"])
CODIGOS = st.sampled_from(
    [
        "00",
        "02",
        "10",
        "15",
        "20",
        "30",
        "40",
        "41",
        "50",
        "51",
        "53",
        "60",
        "61",
        "70",
        "90",
        "101",
        "102",
        "103",
        "201",
        "202",
        "203",
        "300",
        "400",
        "500",
        "900",
        "7",
        "abc",
    ]
)
MOTIVOS = st.sampled_from(["", "3", "7", "9", "12", "x"])
QUANTIA = st.integers(0, 10**8).map(lambda n: D(n) / 100)


def _cenarios(taxa: st.SearchStrategy[D]) -> st.SearchStrategy[CenarioIcms]:
    opcional = st.none() | taxa
    return st.builds(
        CenarioIcms, NOMES, PESSOAS, st.sampled_from(["5102", "6102", "3102", "7102", "1102", "51"]), CODIGOS,
        nao_contribuinte=st.booleans(), aliquota=opcional, aliquota_importacao=opcional, aliquota_credito=opcional,
        aliquota_diferimento=opcional, aliquota_diferimento_fcp=opcional, aliquota_reducao=opcional, aliquota_reducao_st=opcional,
        motivo_desoneracao=MOTIVOS, motivo_desoneracao_st=MOTIVOS, aliquota_mva=POR_UF, aliquota_icms=POR_UF,
        aliquota_icms_st=POR_UF, aliquota_fcp=POR_UF, aliquota_fcp_st=POR_UF,
    )  # fmt: skip


def _categorias(taxa: st.SearchStrategy[D]) -> st.SearchStrategy[Categoria]:
    opcional = st.none() | taxa
    contribuicao = st.builds(
        CenarioContribuicao,
        NOMES,
        PESSOAS,
        st.sampled_from(["01", "03", "07", "49", "99", "1", "xx"]),
        opcional,
    )
    return st.builds(
        Categoria, st.just("TF1"),
        icms=st.lists(_cenarios(taxa), max_size=3).map(tuple),
        ipi=st.lists(st.builds(CenarioIpi, NOMES, PESSOAS, st.sampled_from(["50", "53", "99", "zz"]), st.just("999"), opcional), max_size=2).map(tuple),
        pis=st.lists(contribuicao, max_size=2).map(tuple),
        cofins=st.lists(contribuicao, max_size=2).map(tuple),
        ibs_cbs=st.lists(st.builds(CenarioIbsCbs, NOMES, PESSOAS, *_par_ibs()), max_size=2).map(tuple),
        imposto_seletivo=st.lists(st.builds(CenarioIs, NOMES, PESSOAS, st.just("000"), opcional), max_size=1).map(tuple),
        disable_difal=st.booleans(), desconta_icms_pis_cofins=st.booleans(), inline=st.booleans(),
    )  # fmt: skip


def _par_ibs() -> tuple[st.SearchStrategy[str], st.SearchStrategy[str]]:
    return st.sampled_from(["000", "200", "550", "620", "0", "9"]), st.sampled_from(
        ["000001", "200030", "550001", "620001", "1", ""]
    )


def _itens(numero: st.SearchStrategy[D]) -> st.SearchStrategy[ItemTributavel]:
    return st.builds(
        ItemTributavel, numero, numero, numero, st.none() | _categorias(numero), desconto=numero, frete=numero, seguro=numero,
        outras_despesas=numero, origem=st.sampled_from("012345678"), compoe_total=st.booleans(),
        importacao=st.none() | st.builds(Importacao, numero, st.none() | numero),
        combustivel=st.none() | st.builds(Combustivel, numero),
        carga_tributaria=st.none() | st.builds(CargaTributaria, numero, numero, numero, numero),
    )  # fmt: skip


def _operacoes(numero: st.SearchStrategy[D]) -> st.SearchStrategy[Operacao]:
    return st.builds(
        Operacao, st.sampled_from(TipoOperacao), st.sampled_from(Uf), st.none() | st.sampled_from(Uf), st.sampled_from([1, 2, 3, 4]),
        st.dates(date(2025, 1, 1), date(2035, 1, 1)), st.lists(_itens(numero), max_size=3).map(tuple),
        modelo=st.sampled_from([Modelo.NFE, Modelo.NFCE]), finalidade=st.sampled_from("1234"), tipo_pessoa=st.sampled_from(TipoPessoa),
        inscricao_estadual=st.sampled_from(["", "ISENTO", "123"]), ind_presenca=st.sampled_from("0129"), desconto=numero,
        frete=numero, seguro=numero, outras_despesas=numero,
        configuracao=st.builds(ConfiguracaoTributaria, mva_ajustada_automatica=st.booleans(), emitir_is=st.booleans()),
    )  # fmt: skip


@given(_operacoes(QUALQUER))
@settings(max_examples=60, deadline=None)
def test_any_numbers_give_a_result_or_violations(o: Operacao) -> None:
    _check(compute_tributos(o, TABELAS))


@given(_operacoes(TAXA))
@settings(max_examples=240, deadline=None)
def test_plausible_numbers_give_a_result_or_violations(o: Operacao) -> None:
    _check(compute_tributos(o, TABELAS))


def _check(r: Resultado) -> None:
    assert all(v.caminho and v.mensagem and v.correcao for v in (*r.violacoes, *r.avisos))
    assert len(explain_passos(r.passos)) == len(r.passos)


def _mistura() -> tuple[Categoria, ...]:
    base = {
        "pis": ("01", "1.65"),
        "cofins": ("01", "7.60"),
        "ipi": ("50", "6.5"),
        "ibs": ("000", "000001"),
        "desconta_icms_pis_cofins": True,
    }
    return (
        categoria(icms("00", aliquota_icms=por_uf(Uf.SP, "17.35")), **base),
        categoria(icms("10", aliquota_mva=por_uf(Uf.SP, "41.17")), **base),
        categoria(icms("20", aliquota_reducao=D("33.33"), motivo_desoneracao="9"), **base),
    )


@given(
    st.lists(st.tuples(QUANTIA, st.integers(0, 2)), min_size=1, max_size=8),
    QUANTIA,
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_totals_are_sums_and_order_is_nothing(pares: list[tuple[D, int]], frete: D, sorte: object) -> None:
    categorias = _mistura()
    itens = [item(str(v), categorias[n]) for v, n in pares]
    tem_peso = any(v for v, _ in pares)
    r = calcular(*itens, frete=frete if tem_peso else D(0))
    assert r.violacoes == ()
    t = r.totais.icms
    assert t.valor_frete == (frete if tem_peso else D(0))
    soma: dict[str, D] = dict.fromkeys(["bc", "icms", "st", "pis", "cofins", "ipi"], D(0))
    for i in r.itens:
        assert i.icms is not None
        soma["bc"] += i.icms.base_calculo or D(0)
        soma["icms"] += i.icms.valor or D(0)
        soma["st"] += i.icms.valor_st or D(0)
        soma["pis"] += (i.pis.valor or D(0)) if i.pis else D(0)
        soma["cofins"] += (i.cofins.valor or D(0)) if i.cofins else D(0)
        soma["ipi"] += (i.ipi.valor or D(0)) if i.ipi else D(0)
    assert (soma["bc"], soma["icms"], soma["st"]) == (t.base_calculo, t.valor, t.valor_st)
    assert (soma["pis"], soma["cofins"], soma["ipi"]) == (t.valor_pis, t.valor_cofins, t.valor_ipi)
    assert t.valor_nota == t.valor_produtos + t.valor_frete + t.valor_st + t.valor_ipi
    assert r.totais.valor_total == t.valor_nota


@given(st.lists(st.tuples(QUANTIA, st.integers(0, 2)), min_size=2, max_size=6), st.data())
@settings(max_examples=40, deadline=None)
def test_without_apportionment_no_order_changes_a_total(
    pares: list[tuple[D, int]], dados: st.DataObject
) -> None:
    categorias = _mistura()
    itens = [item(str(v), categorias[n]) for v, n in pares]
    assert calcular(*itens).totais == calcular(*dados.draw(st.permutations(itens))).totais


def test_every_step_has_its_words() -> None:
    r = calcular(item("100.00", _mistura()[0]), frete=D("1.00"))
    texto = render(r.passos)
    assert (
        "Item 1: ICMS = base × alíquota ÷ 100 = 17,52 (base 101,00; alíquota % 17,35). LC 87/1996, art. 13."
        in texto.splitlines()
    )
    explicado = explain_passos(r.passos)[0]
    assert (explicado.item, explicado.regra, explicado.valor) == (1, "rateio.frete", D("1.00"))
    assert render(r.passos[-1:]).startswith("Valor da nota = ")
    assert all(len(regra.operandos) >= 1 and regra.fonte for regra in REGRAS.values())


@pytest.mark.parametrize(
    ("muda", "caminho"),
    [
        (lambda i: replace(i, valor_total=D("-1")), "itens[0].valor_total"),
        (lambda i: replace(i, quantidade=D("NaN")), "itens[0].quantidade"),
        (lambda i: replace(i, valor_unitario=D("1e11")), "itens[0].valor_unitario"),
        (lambda i: replace(i, quantidade_tributavel=D("1e11")), "itens[0].quantidade_tributavel"),
        (lambda i: replace(i, percentual_reducao_destino=D(101)), "itens[0].percentual_reducao_destino"),
        (lambda i: replace(i, combustivel=Combustivel(D(1000))), "itens[0].combustivel.aliquota_ad_rem"),
        (lambda i: replace(i, pis_quantidade=D(-1)), "itens[0].pis_quantidade"),
        (
            lambda i: replace(i, categoria=categoria(icms(aliquota_reducao=D(101)))),
            "itens[0].categoria.icms[0].aliquota_reducao",
        ),
        (
            lambda i: replace(i, categoria=categoria(icms(aliquota_mva={Uf.SP: D(1000)}))),
            "itens[0].categoria.icms[0].aliquota_mva[SP]",
        ),
    ],
)
def test_numbers_outside_the_layout(muda: Callable[[ItemTributavel], ItemTributavel], caminho: str) -> None:
    r = calcular(muda(item("1.00")))
    assert [(v.codigo, v.caminho) for v in r.violacoes] == [("TRIB-NUM-01", caminho)]


def test_document_numbers_outside_the_layout() -> None:
    r = calcular(item("1.00"), frete=D("-1"), cfg={"aliquotas_ibs_cbs": None})
    assert codigos(r) == ["TRIB-NUM-01"]
    assert r.totais.icms == TotaisIcms()


def test_given_mva_may_pass_a_hundred() -> None:
    g = calcular(item("1.00", categoria(icms("10", aliquota_mva=por_uf(Uf.SP, "150"))))).itens[0].icms
    assert g is not None
    r = calcular(replace(item("1.00"), categoria=None, informado=TributosInformados("5102", icms=g)))
    assert r.violacoes == ()


def test_an_empty_operation_has_empty_totals() -> None:
    r = calcular()
    assert (r.itens, r.violacoes, r.totais.icms) == ((), (), TotaisIcms())


@given(QUANTIA, st.integers(2, 9), st.data())
@settings(max_examples=40, deadline=None)
def test_returns_give_the_original_back(valor: D, quantidade: int, dados: st.DataObject) -> None:
    original = calcular(item(str(valor), _mistura()[dados.draw(st.integers(0, 2))])).itens[0]
    feitas: list[TributosInformados] = []
    for n in range(quantidade):
        feitas.append(
            scale_tributos(
                original,
                cfop="1202",
                devolvida=D(1),
                quantidade_original=D(quantidade),
                anteriores=tuple(feitas),
                ultima=n == quantidade - 1,
            )
        )
    assert original.icms is not None
    for campo in fields(original.icms):
        cheio = getattr(original.icms, campo.name)
        partes = [getattr(f.icms, campo.name) for f in feitas]
        if isinstance(cheio, D) and campo.name.startswith(("base", "valor")) and sum(partes[:-1]) <= cheio:
            assert sum(partes) == cheio
        else:
            assert campo.name.startswith(("base", "valor")) or partes == [cheio] * quantidade
    assert all(f.cfop == "1202" and f.ii is None for f in feitas)


def test_a_half_return() -> None:
    original = calcular(item("100.00", _mistura()[0])).itens[0]
    metade = scale_tributos(original, cfop="1202", devolvida=D(1), quantidade_original=D(2))
    assert metade.icms is not None
    assert metade.ipi is not None
    assert (metade.icms.base_calculo, metade.icms.aliquota, metade.icms.valor, metade.ipi.valor) == (
        D("50.00"),
        D("17.35"),
        D("8.68"),
        D("3.25"),
    )
