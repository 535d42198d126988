"""Every kind of number at the limit of its official field, just above it, and below zero."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, icms, item, um

from chancela.domain.identidade import Uf
from chancela.domain.tributos.configuracao import AliquotasIbsCbs
from chancela.domain.tributos.entrada import (
    CargaTributaria,
    CompraGovernamental,
    IcmsEfetivo,
    IcmsRetido,
    IpiDaDevolucao,
    IpiInformado,
    ItemTributavel,
    PrecoPauta,
    Servico,
)

CEM, TAXA = D("100"), D("999.9999")
QUANTIDADE, UNITARIO, VALOR = D("99999999999.9999"), D("99999999999.9999999999"), D("9999999999999.99")
Mudar = Callable[[ItemTributavel, D], ItemTributavel]


def field(nome: str, fazer: Callable[[D], Any]) -> Mudar:
    return lambda i, v: replace(i, **{nome: fazer(v)})


def _carga(campo: str) -> Callable[[D], CargaTributaria]:
    return lambda v: replace(CargaTributaria(D(1), D(1), D(1), D(1)), **{campo: v})


DO_ITEM: list[tuple[str, Mudar, D]] = [
    ("valor_unitario", field("valor_unitario", lambda v: v), UNITARIO),
    ("quantidade_tributavel", field("quantidade_tributavel", lambda v: v), QUANTIDADE),
    ("desconto", field("desconto", lambda v: v), VALOR),
    ("percentual_reducao_destino", field("percentual_reducao_destino", lambda v: v), CEM),
    ("pauta.preco", field("pauta", lambda v: PrecoPauta("1", v)), UNITARIO),
    ("icms_retido.base", field("icms_retido", lambda v: IcmsRetido(v, D(18))), VALOR),
    ("icms_retido.aliquota", field("icms_retido", lambda v: IcmsRetido(D(5), v)), TAXA),
    ("icms_efetivo.percentual_reducao", field("icms_efetivo", lambda v: IcmsEfetivo(D(18), v)), CEM),
    ("ipi.quantidade", field("ipi", lambda v: IpiInformado(v, D(1))), QUANTIDADE),
    ("ipi.valor_unidade", field("ipi", lambda v: IpiInformado(D(1), v)), UNITARIO),
    ("ipi_devolvido.percentual", field("ipi_devolvido", lambda v: IpiDaDevolucao(v, D(1))), CEM),
    ("pis_quantidade", field("pis_quantidade", lambda v: v), QUANTIDADE),
    ("cofins_quantidade", field("cofins_quantidade", lambda v: v), QUANTIDADE),
    ("servico.aliquota", field("servico", lambda v: Servico("0107", v, "3550308")), TAXA),
    *(
        (f"carga_tributaria.{campo}", field("carga_tributaria", _carga(campo)), TAXA)
        for campo in ("federal_nacional", "federal_importado", "estadual", "municipal")
    ),
    (
        "categoria.icms[0].aliquota_diferimento",
        lambda i, v: replace(i, categoria=categoria(icms("51", aliquota_diferimento=v))),
        CEM,
    ),
    (
        "categoria.icms[0].aliquota_reducao",
        lambda i, v: replace(i, categoria=categoria(icms("20", aliquota_reducao=v))),
        CEM,
    ),
]
DO_DOCUMENTO: list[tuple[str, Callable[[D], dict[str, Any]], D]] = [
    ("frete", lambda v: {"frete": v}, VALOR),
    ("compra_gov.redutor", lambda v: {"compra_gov": CompraGovernamental(v)}, CEM),
    *(
        (
            f"configuracao.aliquotas_ibs_cbs.{campo}",
            lambda v, campo=campo: {
                "cfg": {"aliquotas_ibs_cbs": replace(AliquotasIbsCbs(D(1), D(1), D(1)), **{campo: v})}
            },
            TAXA,
        )
        for campo in ("uf", "municipio", "cbs")
    ),
]


def refused(*itens: ItemTributavel, **campos: Any) -> list[tuple[str, str, str]]:
    violacoes = calcular(*itens, **campos).violacoes
    return [(v.caminho, v.mensagem, v.correcao) for v in violacoes if v.codigo == "TRIB-NUM-01"]


def outside(caminho: str, limite: D) -> list[tuple[str, str, str]]:
    return [(caminho, "número fora do tamanho do campo", f"Informe um número entre 0 e {limite}.")]


def negative(caminho: str) -> list[tuple[str, str, str]]:
    return [(caminho, "número negativo", "Informe um número maior ou igual a zero.")]


@pytest.mark.parametrize(("caminho", "mudar", "limite"), DO_ITEM, ids=[caso[0] for caso in DO_ITEM])
def test_a_number_of_an_item_fits_its_field(caminho: str, mudar: Mudar, limite: D) -> None:
    inteiro = f"itens[0].{caminho}"
    assert refused(mudar(item("1.00"), limite)) == []
    assert refused(mudar(item("1.00"), limite + D("0.0000000001"))) == outside(inteiro, limite)
    assert refused(mudar(item("1.00"), -limite)) == negative(inteiro)
    assert refused(mudar(item("1.00"), D("Infinity"))) == outside(inteiro, limite)


@pytest.mark.parametrize(
    ("caminho", "campos", "limite"), DO_DOCUMENTO, ids=[caso[0] for caso in DO_DOCUMENTO]
)
def test_a_number_of_the_document_fits_its_field(
    caminho: str, campos: Callable[[D], dict[str, Any]], limite: D
) -> None:
    assert refused(item("1.00"), **campos(limite)) == []
    assert refused(item("1.00"), **campos(limite + D("0.0000000001"))) == outside(caminho, limite)
    assert refused(item("1.00"), **campos(-limite)) == negative(caminho)


def test_an_interstate_rate_that_the_category_registers_holds_over_that_of_the_route() -> None:
    """SP to MG is 12 %; a registered 4 is taken as the interstate rate, and not for the internal one of the destination."""
    cat = categoria(icms("00", "6102", aliquota_icms={Uf.MG: D(4)}))
    resultado = um(item("1000.00", cat), uf_destinatario=Uf.MG).icms
    assert (resultado.aliquota, resultado.valor) == (D("4.0000"), D("40.00"))
