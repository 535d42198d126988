"""What a caller states in the place of what is registered or computed: issuer, taxes, totals; and the groups of agriculture."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from chancela.documents.nfe.modelo import Deducao, Defensivo, FornecimentoDiario, GuiaTransito
from chancela.documents.nfe.numeracao import build_checked, build_placeholder, prevalidate
from chancela.documents.nfe.pedido import (
    CanaPedido,
    DeducaoPedido,
    DefensivoPedido,
    EmitentePedido,
    ExtensoesItem,
    FornecimentoPedido,
    GuiaTransitoPedido,
    PedidoNfe,
    ResponsavelTecnicoPedido,
)
from chancela.documents.nfe.totais_informados import override_totais
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cpf, Uf
from chancela.domain.tributos.entrada import TributosInformados
from chancela.domain.tributos.resultado import Contribuicao, Icms
from chancela.domain.tributos.resultado_ibs_cbs import ParIbsCbs
from chancela.domain.tributos.resultado_totais import (
    Totais,
    TotaisComponente,
    TotaisIbsCbs,
    TotaisIcms,
    TotaisIssqn,
)

from . import pedidos as p
from .montar import caminhos, montar, recusas

CANA = CanaPedido(
    safra="2026/2027",
    referencia="11/2026",
    fornecimentos=(FornecimentoPedido("1", D("1000.5")), FornecimentoPedido("02", D("999"))),
    total_mes=D("1999.5"),
    total_anterior=D(0),
    total_geral=D("1999.5"),
    deducoes=(DeducaoPedido("Frete", D("10.00")),),
    valor_fornecimento=D("300.00"),
    valor_deducoes=D("10.00"),
    valor_liquido=D("290.00"),
)
TRIBUTOS = TributosInformados(
    cfop="5102",
    icms=Icms("ICMS00", origem="0", cst="00", modalidade_bc="3", base_calculo=D("123.45"), aliquota=D("7.00"), valor=D("9.99")),
    pis=Contribuicao("NT", "07"),
    cofins=Contribuicao("NT", "07"),
)  # fmt: skip


def informed(**muda: Any) -> PedidoNfe:
    item = replace(p.PRODUTO, categoria="", cfop="5102", extensoes=ExtensoesItem(informado=TRIBUTOS))
    return replace(p.SIMPLES, itens=(item,), **muda)


def test_taxes_of_the_caller_stand_as_they_are_and_only_the_totals_are_summed() -> None:
    montada = montar(informed())
    assert montada.nfe.itens[0].tributos.icms == TRIBUTOS.icms
    assert montada.nfe.totais.icms.valor == D("9.99")
    assert montada.nfe.totais.icms.base_calculo == D("123.45")


def test_a_total_of_the_caller_is_written_and_judged() -> None:
    assert montar(informed(totais={"icms.valor": D("9.99")})).nfe.totais.icms.valor == D("9.99")
    (recusa,) = recusas(informed(totais={"icms.valor": D("10.00")}))
    assert (recusa.codigo, recusa.caminho, recusa.valor) == ("NFE-TOT-02", "totais.icms.valor", "10,00")


def test_a_total_calls_for_its_group_and_issqn_only_with_services() -> None:
    vazio = Totais(TotaisIcms())
    com = override_totais(vazio, {"ibs_cbs.cbs.valor": D("1.00"), "ibs_cbs.monofasia.valor_ibs": D("2.00"), "issqn.valor": D("3.00")})  # fmt: skip
    assert com.ibs_cbs is not None
    assert com.ibs_cbs.cbs is not None
    assert com.ibs_cbs.uf is not None
    assert com.ibs_cbs.monofasia is not None
    assert (com.ibs_cbs.cbs.valor, com.ibs_cbs.uf.valor, com.ibs_cbs.monofasia.valor_ibs) == (
        D("1.00"),
        D(0),
        D("2.00"),
    )
    assert com.issqn is None


@pytest.mark.parametrize("grupo", ["uf", "municipio", "cbs"])
def test_one_of_the_three_groups_calls_for_the_other_two(grupo: str) -> None:
    ibs_cbs = override_totais(Totais(TotaisIcms()), {f"ibs_cbs.{grupo}.valor": D("1.00")}).ibs_cbs
    valores = {"uf": D(0), "municipio": D(0), "cbs": D(0), grupo: D("1.00")}
    assert ibs_cbs == TotaisIbsCbs(
        D("0.00"), **{nome: TotaisComponente(valor=v) for nome, v in valores.items()}
    )
    assert ibs_cbs.base_calculo == 0


def test_a_stated_reversal_has_its_two_sides() -> None:
    ibs_cbs = override_totais(Totais(TotaisIcms()), {"ibs_cbs.estorno.valor_ibs": D("3.00")}).ibs_cbs
    assert ibs_cbs is not None
    assert ibs_cbs.estorno == ParIbsCbs(D("3.00"), D("0.00"))
    assert (ibs_cbs.uf, ibs_cbs.municipio, ibs_cbs.cbs) == (None, None, None)


def test_a_group_that_stands_keeps_its_other_totals() -> None:
    antes = Totais(
        TotaisIcms(),
        ibs_cbs=TotaisIbsCbs(D("9.00"), uf=TotaisComponente(D("1.00")), municipio=TotaisComponente(D("2.00")), cbs=TotaisComponente(D("3.00"))),
    )  # fmt: skip
    assert antes.ibs_cbs is not None
    depois = override_totais(antes, {"ibs_cbs.uf.valor": D("7.00")}).ibs_cbs
    assert depois == replace(antes.ibs_cbs, uf=TotaisComponente(D("1.00"), D(0), D("7.00")))


def test_a_stated_total_of_services_stands_where_there_are_services() -> None:
    com = Totais(TotaisIcms(), issqn=TotaisIssqn(date(2026, 5, 4)))
    assert override_totais(com, {"issqn.valor": D("3.00")}).issqn == TotaisIssqn(
        date(2026, 5, 4), valor=D("3.00")
    )


def test_a_tax_that_does_not_fit_its_field_is_named() -> None:
    assert TRIBUTOS.icms is not None
    torto = replace(TRIBUTOS, icms=replace(TRIBUTOS.icms, valor=D("9.999")))
    item = replace(p.PRODUTO, categoria="", cfop="5102", extensoes=ExtensoesItem(informado=torto))
    pedido = replace(p.SIMPLES, itens=(item,))
    with pytest.raises(RegraViolada) as erro:
        build_checked(montar(pedido), pedido)
    assert erro.value.violacoes[0].caminho == "itens[0].extensoes.informado.icms.valor"


def test_a_missing_part_of_a_stated_group_is_told_by_the_schema_in_the_request_s_names() -> None:
    assert TRIBUTOS.icms is not None
    falho = replace(TRIBUTOS, icms=replace(TRIBUTOS.icms, modalidade_bc=None))
    pedido = replace(
        p.SIMPLES,
        itens=(replace(p.PRODUTO, categoria="", cfop="5102", extensoes=ExtensoesItem(informado=falho)),),
    )
    with pytest.raises(RegraViolada) as erro:
        build_checked(montar(pedido), pedido)
    assert erro.value.violacoes[0].caminho.startswith("itens[0].extensoes.informado.icms")


def test_the_issuer_in_the_words_of_the_caller() -> None:
    emitente = EmitentePedido(
        nome="Razão Nova", nome_fantasia="Fantasia", logradouro="Rua Um", numero="9", complemento="Sala 1", bairro="Centro",
        municipio="São Paulo", cep="01001-000", telefone="1133334444", inscricao_estadual="110.042.490.114",
        inscricao_estadual_st="99", inscricao_municipal="123", cnae="4751201", regime="2",
    )  # fmt: skip
    lido = montar(replace(p.SIMPLES, emitente=emitente)).nfe.emitente
    assert (lido.nome, lido.nome_fantasia, lido.inscricao_estadual, lido.inscricao_estadual_st) == ("Razão Nova", "Fantasia", "110042490114", "99")  # fmt: skip
    assert (lido.inscricao_municipal, lido.cnae, lido.crt.value) == ("123", "4751201", "2")
    assert (lido.endereco.logradouro, lido.endereco.cep, lido.endereco.telefone) == (
        "Rua Um",
        "01001000",
        "1133334444",
    )


def test_the_issuer_cannot_be_another_company_nor_another_state() -> None:
    outro = EmitentePedido(
        cnpj="98765432000198", uf="RJ", codigo_municipio="3304557", inscricao_estadual="A1"
    )
    assert caminhos(replace(p.SIMPLES, emitente=outro)) >= {
        "emitente.cnpj", "emitente.uf", "emitente.codigo_municipio", "emitente.inscricao_estadual",
    }  # fmt: skip


def test_sugar_cane() -> None:
    montada = montar(replace(p.SIMPLES, cana=CANA))
    assert montada.nfe.cana is not None
    assert montada.nfe.cana.fornecimentos == (
        FornecimentoDiario(1, D("1000.5")),
        FornecimentoDiario(2, D("999")),
    )
    assert montada.nfe.cana.deducoes == (Deducao("Frete", D("10.00")),)
    assert prevalidate(build_placeholder(montada)) == ()


@pytest.mark.parametrize(
    ("muda", "caminho"),
    [
        ({"safra": ""}, "cana.safra"),
        ({"safra": "26/27"}, "cana.safra"),
        ({"referencia": "13/2026"}, "cana.referencia"),
        ({"fornecimentos": ()}, "cana.fornecimentos"),
        ({"fornecimentos": (FornecimentoPedido("32", D(1)),)}, "cana.fornecimentos[0].dia"),
        ({"fornecimentos": (FornecimentoPedido("1", D(1)),) * 32}, "cana.fornecimentos"),
        ({"deducoes": (DeducaoPedido("", D(1)),)}, "cana.deducoes[0].descricao"),
        ({"total_mes": None}, "cana.total_mes"),
        ({"valor_liquido": D("-1")}, "cana.valor_liquido"),
    ],
)
def test_sugar_cane_refused(muda: dict[str, Any], caminho: str) -> None:
    assert caminhos(replace(p.SIMPLES, cana=replace(CANA, **muda))) == {caminho}


def test_agriculture() -> None:
    com_receita = montar(replace(p.SIMPLES, defensivos=(DefensivoPedido("REC-1", "529.982.247-25"),)))
    assert com_receita.nfe.defensivos == (Defensivo("REC-1", Cpf("52998224725")),)
    assert prevalidate(build_placeholder(com_receita)) == ()
    com_guia = montar(replace(p.SIMPLES, guia_transito=GuiaTransitoPedido("1", "SP", "A", "123")))
    assert com_guia.nfe.guia_transito == GuiaTransito("1", Uf.SP, "123", "A")
    assert prevalidate(build_placeholder(com_guia)) == ()


def test_agriculture_refused() -> None:
    ruim = replace(p.SIMPLES, defensivos=(DefensivoPedido(),))
    assert caminhos(ruim) == {"defensivos[0].receituario", "defensivos[0].cpf_responsavel"}
    ruim = replace(p.SIMPLES, guia_transito=GuiaTransitoPedido("8", "", "", "x"))
    assert caminhos(ruim) == {"guia_transito.tipo", "guia_transito.uf", "guia_transito.numero"}
    ambos = replace(
        p.SIMPLES,
        defensivos=(DefensivoPedido("R", "52998224725"),),
        guia_transito=GuiaTransitoPedido("1", "SP", "A", "123"),
    )
    assert caminhos(ambos) == {"guia_transito"}


def test_the_technical_responsible_of_the_request() -> None:
    proprio = ResponsavelTecnicoPedido(
        "98765432000198", "Fulana", "a@exemplo.com.br", "11 3333-4444", "01", "A" * 27 + "="
    )
    lido = montar(replace(p.SIMPLES, responsavel_tecnico=proprio)).nfe.responsavel_tecnico
    assert lido is not None
    assert (str(lido.cnpj), lido.telefone, lido.id_csrt) == ("98765432000198", "1133334444", "01")
    assert caminhos(replace(p.SIMPLES, responsavel_tecnico=ResponsavelTecnicoPedido(contato="F"))) == {
        "responsavel_tecnico.cnpj", "responsavel_tecnico.contato", "responsavel_tecnico.email", "responsavel_tecnico.telefone",
    }  # fmt: skip


def test_where_the_tax_is_due_and_where_the_goods_go_as_stated() -> None:
    montada = montar(informed(codigo_municipio_fato_gerador="3509502", destino="1"))
    assert montada.nfe.municipio_fato_gerador == "3509502"
    assert montada.nfe.destino.value == "1"
