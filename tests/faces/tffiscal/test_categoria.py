"""Tax categories: what is accepted, what is stored, what the caller is told."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import CATEGORIA_MINIMA

from chancela.domain.identidade import Uf
from chancela.domain.tributos.categoria import Categoria, CenarioIcms, CenarioIpi
from chancela.faces.tffiscal.empresa.modelos import default_categories
from chancela.issuing.categorias import read_categoria, write_categoria
from chancela.kit.json_exact import read_json, write_json

ROTA = "/api/category/create"


def with_icms(**mudancas: Any) -> dict[str, Any]:
    corpo = copy.deepcopy(CATEGORIA_MINIMA)
    corpo["icms"][0] |= mudancas
    return corpo


def stored(face: Face, codigo: str) -> Categoria:
    return read_categoria(codigo, face.categorias.guardadas[1, codigo].conteudo)


@pytest.mark.anyio
async def test_the_minimal_example(face: Face) -> None:
    resposta = await face.empresa.post(ROTA, CATEGORIA_MINIMA)
    assert resposta.data == {"category_id": "TF1"}
    categoria = stored(face, "TF1")
    assert face.categorias.guardadas[1, "TF1"].descricao == "Venda de mercadoria padrão"
    assert categoria.icms == (
        CenarioIcms(
            "padrao", "juridica", codigo_cfop="5102", situacao_tributaria="00", tipo_tributacao="normal"
        ),
    )
    assert categoria.ipi == (CenarioIpi("padrao", "juridica", "99", "999", Decimal(0)),)
    assert (categoria.pis[0].aliquota, categoria.cofins[0].aliquota) == (Decimal("0.65"), Decimal(3))


@pytest.mark.anyio
async def test_every_field_of_the_contract_reaches_the_engine(face: Face) -> None:
    corpo = with_icms(
        nao_contribuinte=True,
        aliquota_importacao="4",
        aliquota_credito=Decimal("1.25"),
        aliquota_diferimento="33.33",
        aliquota_diferimentoFcp="10",
        aliquota_reducao=Decimal("29.41"),
        aliquota_reducaoSt="5",
        motivo_desoneracao="9",
        motivo_desoneracaoSt="3",
        aliquota_mva=[{"estado": "RJ", "aliquota": "40.00"}],
        aliquota_icms=[{"estado": "SP", "aliquota": 18}, {"estado": "rj", "aliquota": 20}],
        aliquota_icms_st=[{"estado": "SP", "aliquota": 18}],
        aliquota_fcp=[{"estado": "RJ", "aliquota": 2}],
        aliquota_fcp_st=[{"estado": "RJ", "aliquota": 2}],
        beneficio_fiscal=[{"estado": "SP", "codigo": "SP000001"}],
    )
    corpo |= {
        "category_id": "VENDA-1",
        "disable_difal": True,
        "desconta_icms_pis_cofins": True,
        "ibs_cbs": [
            {
                "cenario": "padrao",
                "tipo_pessoa": "juridica",
                "situacao_tributaria": "000",
                "classificacao_tributaria": "000001",
            }
        ],
        "is": [
            {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "000", "aliquota": "1"}
        ],
    }
    resposta = await face.empresa.post(ROTA, corpo)
    assert resposta.data == {"category_id": "VENDA-1"}
    categoria = stored(face, "VENDA-1")
    icms = categoria.icms[0]
    assert icms.aliquota_icms == {Uf.SP: 18, Uf.RJ: 20}
    assert icms.aliquota_mva == {Uf.RJ: Decimal("40.00")}
    assert str(icms.aliquota_mva[Uf.RJ]) == "40.00"
    assert icms.beneficio_fiscal == {Uf.SP: "SP000001"}
    assert (icms.aliquota_diferimento_fcp, icms.aliquota_reducao_st, icms.motivo_desoneracao_st) == (
        10,
        5,
        "3",
    )
    assert (icms.aliquota_importacao, icms.aliquota_credito) == (4, Decimal("1.25"))
    assert icms.nao_contribuinte
    assert categoria.disable_difal
    assert categoria.desconta_icms_pis_cofins
    assert categoria.ibs_cbs[0].classificacao_tributaria == "000001"
    assert categoria.imposto_seletivo[0].aliquota == 1


@pytest.mark.anyio
async def test_the_snake_case_spellings_are_taken_too(face: Face) -> None:
    await face.empresa.post(ROTA, with_icms(aliquota_reducao_st="5", motivo_desoneracao_st="3"))
    icms = stored(face, "TF1").icms[0]
    assert (icms.aliquota_reducao_st, icms.motivo_desoneracao_st) == (5, "3")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("mudancas", "campo", "codigo"),
    [
        ({"tipo_pessoa": "pj"}, "icms[0].tipo_pessoa", "CAMPO-OPCAO"),
        ({"cenario": ""}, "icms[0].cenario", "CAMPO-AUSENTE"),
        ({"situacao_tributaria": "11"}, "icms[0].situacao_tributaria", "CAMPO-OPCAO"),
        ({"codigo_cfop": "4102"}, "icms[0].codigo_cfop", "CAT-CFOP"),
        ({"codigo_cfop": "510"}, "icms[0].codigo_cfop", "CAT-CFOP"),
        ({"aliquota_credito": "-1"}, "icms[0].aliquota_credito", "CAMPO-NEGATIVO"),
        ({"aliquota_reducaoSt": "dez"}, "icms[0].aliquota_reducaoSt", "CAMPO-NUMERO"),
        (
            {"aliquota_icms": [{"estado": "XX", "aliquota": 1}]},
            "icms[0].aliquota_icms[0].estado",
            "CAMPO-OPCAO",
        ),
        ({"aliquota_icms": [{"estado": "SP"}]}, "icms[0].aliquota_icms[0].aliquota", "CAMPO-AUSENTE"),
        ({"aliquota_icms": {"SP": 18}}, "icms[0].aliquota_icms", "CAMPO-LISTA"),
    ],
)
async def test_a_scenario_that_cannot_be(
    face: Face, mudancas: dict[str, Any], campo: str, codigo: str
) -> None:
    resposta = await face.empresa.post(ROTA, with_icms(**mudancas))
    assert resposta.status == 400
    assert (resposta.campos, resposta.codigos) == ([campo], [codigo])
    assert not face.categorias.guardadas


@pytest.mark.anyio
@pytest.mark.parametrize("lista", ["icms", "ipi", "pis", "cofins"])
async def test_the_four_required_lists(face: Face, lista: str) -> None:
    sem = {nome: valor for nome, valor in CATEGORIA_MINIMA.items() if nome != lista}
    resposta = await face.empresa.post(ROTA, sem)
    assert (resposta.campos, resposta.codigos) == ([lista], ["CAMPO-AUSENTE"])
    resposta = await face.empresa.post(ROTA, {**sem, lista: []})
    assert (resposta.campos, resposta.codigos) == ([lista], ["CAMPO-LISTA-VAZIA"])


@pytest.mark.anyio
async def test_what_will_hardly_do_what_was_meant(face: Face) -> None:
    corpo = with_icms(cenario="venda", situacao_tributaria="102", codigo_cfop="5199", desconhecido=1)
    resposta = await face.empresa.post(ROTA, corpo)
    assert resposta.status == 200
    assert [(a["campo"], a["codigo"]) for a in resposta.data["avisos"]] == [
        ("icms[0].cenario", "CAT-CENARIO"),
        ("icms[0].codigo_cfop", "CAT-CFOP-TABELA"),
        ("icms[0].situacao_tributaria", "CAT-REGIME"),
        ("icms[0].desconhecido", "CAMPO-IGNORADO"),
    ]
    assert stored(face, "TF1").icms[0].cenario == "venda"


@pytest.mark.anyio
async def test_a_code_is_given_once(face: Face) -> None:
    corpo = {**CATEGORIA_MINIMA, "category_id": "A1"}
    assert (await face.empresa.post(ROTA, corpo)).status == 200
    face.clock.advance(1)
    resposta = await face.empresa.post(ROTA, corpo)
    assert (resposta.status, resposta.campos, resposta.codigos) == (
        400,
        ["category_id"],
        ["CATEGORIA-JA-EXISTE"],
    )
    resposta = await face.empresa.post(ROTA, {**CATEGORIA_MINIMA, "category_id": "com espaço"})
    assert (resposta.status, resposta.codigos) == (400, ["CAT-ID"])


_UF = st.sampled_from(list(Uf))
_TAXA = st.decimals(0, 999, places=4)
_ICMS = st.builds(
    CenarioIcms,
    cenario=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=5),
    tipo_pessoa=st.sampled_from(["fisica", "juridica"]),
    codigo_cfop=st.just("5102"),
    situacao_tributaria=st.just("00"),
    nao_contribuinte=st.booleans(),
    aliquota_credito=st.none() | _TAXA,
    aliquota_reducao_st=st.none() | _TAXA,
    motivo_desoneracao=st.sampled_from(["", "9"]),
    aliquota_icms=st.dictionaries(_UF, _TAXA, max_size=3),
    beneficio_fiscal=st.dictionaries(_UF, st.just("SP000001"), max_size=2),
)


@given(
    st.builds(
        Categoria,
        codigo=st.just("TF1"),
        icms=st.lists(_ICMS, max_size=3).map(tuple),
        disable_difal=st.booleans(),
    )
)
def test_a_stored_category_is_read_back_as_it_was(categoria: Categoria) -> None:
    guardada = read_json(write_json(write_categoria(categoria)))
    assert read_categoria("TF1", guardada) == categoria


@pytest.mark.parametrize("regime", ["normal", "simples_nacional", "simples_excesso", "mei"])
def test_default_categories_fit_the_regime(regime: str) -> None:
    venda, devolucao = default_categories(regime)
    assert (venda.codigo, devolucao.codigo) == ("TF1", "TF2")
    lida = read_categoria(venda.codigo, venda.conteudo)
    simples = regime in ("simples_nacional", "mei")
    assert {c.situacao_tributaria for c in lida.icms} == {"102" if simples else "00"}
    assert {c.codigo_cfop for c in lida.icms} == {"5102", "6102", "6108"}
    assert {c.situacao_tributaria for c in lida.pis} == {"49" if simples else "01"}
    assert bool(lida.ibs_cbs) is not simples
    assert {c.situacao_tributaria for c in read_categoria("TF2", devolucao.conteudo).cofins} == {"49"}
