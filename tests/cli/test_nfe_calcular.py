"""`chancela nfe calcular`: the body that an ERP would send, calculated with no server."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chancela.cli.calculo_nfe import Entorno, calculate_note
from chancela.cli.formato import FormatoNota
from chancela.cli.saida import RECUSADO
from chancela.domain.xml.esquemas import Esquemas
from chancela.server.demonstracao import CATEGORIA_NORMAL, EMPRESA_NORMAL, invoice
from chancela.stores.referencia import open_reference
from chancela.stores.referencia_tributos import packaged_tabelas

Calcular = Callable[..., dict[str, Any]]
FATOS = {
    "cnpj": "11222333000181",
    "invoice_type": "normal",
    "state": "SP",
    "city": "São Paulo",
    "ie": "110042490114",
}


@pytest.fixture(scope="module")
def entorno(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entorno]:
    lugares = open_reference(tmp_path_factory.mktemp("referencia"))
    yield Entorno(packaged_tabelas(), lugares, Esquemas(), datetime(2026, 9, 1, 12, tzinfo=UTC))
    lugares.close()


@pytest.fixture
def calcular(entorno: Entorno, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Calcular:
    def write(nome: str, conteudo: object) -> Path:
        (tmp_path / nome).write_text(conteudo if isinstance(conteudo, str) else json.dumps(conteudo))
        return tmp_path / nome

    def run(
        nota: object,
        *,
        empresa: object = None,
        categorias: object = None,
        formato: FormatoNota = FormatoNota.TFFISCAL,
        **fatos: str,
    ) -> dict[str, Any]:
        with suppress(SystemExit):
            calculate_note(
                write("nota.json", nota),
                empresa=None if empresa is None else write("empresa.json", empresa),
                categorias=None if categorias is None else write("categorias.json", categorias),
                fatos=fatos,
                entorno=entorno,
                em_json=True,
                formato=formato,
            )
        lido = capsys.readouterr()
        return {"err": lido.err, **(json.loads(lido.out) if lido.out else {})}

    return run


def test_facts_by_options_and_one_category(calcular: Calcular) -> None:
    dito = calcular(invoice("TF1"), categorias=dict(CATEGORIA_NORMAL), **FATOS)
    imposto = dito["itens"][0]["imposto"]
    assert imposto["ICMS"]["ICMS00"] == {
        "orig": "0", "CST": "00", "modBC": "3", "vBC": "300.00", "pICMS": "18.00", "vICMS": "54.00",
    }  # fmt: skip
    assert dito["total"]["ICMSTot"]["vNF"] == "300.00"
    assert "icms.valor" in [p["regra"] for p in dito["memoria"]]
    assert dito["total_price"] == 300


def test_facts_by_a_file_with_settings(calcular: Calcular) -> None:
    empresa = {**EMPRESA_NORMAL, "configuracao": {"presumir_ibscbs": False}}
    lista = {"categorys": [{**CATEGORIA_NORMAL, "ibs_cbs": [], "category_id": "X"}]}
    dito = calcular(invoice("X"), empresa=empresa, categorias=lista)
    assert "IBSCBS" not in dito["itens"][0]["imposto"]
    assert "TRIB-IBSCBS-12" in [a["codigo"] for a in dito["avisos"]]
    com = calcular(invoice("X"), empresa=dict(EMPRESA_NORMAL), categorias=lista["categorys"])
    assert "IBSCBS" in com["itens"][0]["imposto"]


@pytest.mark.parametrize(
    ("mudanca", "dito"),
    [
        ({"nota": "{"}, "ARQUIVO-JSON"),
        ({"nota": []}, "CAMPO-OBJETO"),
        ({"nota": {"products": 1}}, "CAMPO-LISTA  products"),
        ({"nota": invoice("NADA")}, "TRIB-CAT-01  products[0].category_id"),
        ({"cnpj": "11222333000180"}, "IDENT-CNPJ-03  empresa.cnpj"),
        ({"state": ""}, "CAMPO-OPCAO  empresa.state"),
        ({"city": "Lugar Nenhum"}, "EMPRESA-MUNICIPIO"),
        ({"categorias": "1"}, "CAMPO-LISTA"),
        ({"categorias": [{"descricao": "a", "icms": 1}]}, "CAMPO-LISTA  icms"),
        ({"empresa": {"configuracao": {"nada": 1}}}, "CONFIG-01  configuracao.nada"),
        ({"empresa": {"configuracao": {"difal_metodo": "x"}}}, "CONFIG-02"),
        ({"empresa": {"configuracao": 1}}, "CONFIG-01"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_and_where(calcular: Calcular, mudanca: dict[str, Any], dito: str) -> None:
    tudo: dict[str, Any] = {"nota": invoice("TF1"), "categorias": dict(CATEGORIA_NORMAL), **FATOS, **mudanca}
    assert dito in calcular(tudo.pop("nota"), **tudo)["err"]


def test_a_refusal_leaves_with_its_code(entorno: Entorno, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as saida:
        calculate_note(
            tmp_path / "nada.json", empresa=None, fatos=FATOS, categorias=None, entorno=entorno, em_json=True
        )
    assert saida.value.code == RECUSADO


def test_people_read_sentences(entorno: Entorno, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nota.json").write_text(json.dumps(invoice("TF1", sobra=1)))
    (tmp_path / "categoria.json").write_text(json.dumps(dict(CATEGORIA_NORMAL)))
    calculate_note(
        tmp_path / "nota.json", empresa=None, fatos={**FATOS, "city": "", "cep": "01001000"},
        categorias=tmp_path / "categoria.json", entorno=entorno, em_json=False,
    )  # fmt: skip
    lido = capsys.readouterr()
    assert "Item 1: ICMS = base × alíquota ÷ 100 = 54,00" in lido.out
    assert "Aviso CAMPO-IGNORADO  sobra" in lido.err


def test_a_body_of_the_focus_api(calcular: Calcular) -> None:
    """The taxes are the caller's; what is wrong and what is left out is named as the caller wrote it."""
    corpo = {
        "natureza_operacao": "Venda", "tipo_documento": 1, "cnpj_destinatario": "98765432000198", "nome_destinatario": "CLIENTE SA",
        "indicador_inscricao_estadual_destinatario": 1, "inscricao_estadual_destinatario": "110042490114",
        "logradouro_destinatario": "Avenida Paulista", "numero_destinatario": "1000", "bairro_destinatario": "Bela Vista",
        "municipio_destinatario": "São Paulo", "uf_destinatario": "SP", "formas_pagamento": [{"forma_pagamento": "01"}],
        "items": [{
            "numero_item": 1, "codigo_produto": "1", "descricao": "Cadeira", "codigo_ncm": "94013090", "cfop": "5102",
            "unidade_comercial": "UN", "quantidade_comercial": "2", "valor_unitario_comercial": "50.00", "icms_origem": 0,
            "icms_situacao_tributaria": "00", "icms_modalidade_base_calculo": 3, "icms_base_calculo": "100.00",
            "icms_aliquota": "12.00", "icms_valor": "12.00", "pis_situacao_tributaria": "07", "cofins_situacao_tributaria": "07",
            "ibs_cbs_situacao_tributaria": "410", "ibs_cbs_classificacao_tributaria": "410999", "cor": "azul",
        }],
    }  # fmt: skip
    lido = calcular(corpo, formato=FormatoNota.FOCUS, **FATOS)
    assert lido["total"]["ICMSTot"]["vICMS"] == "12.00"
    assert "items[0].cor" in {aviso["campo"] for aviso in lido["avisos"]}
    ruim = calcular(
        {**corpo, "icms_valor_total": "13.00", "cnpj_destinatario": "1"}, formato=FormatoNota.FOCUS, **FATOS
    )
    assert "cnpj_destinatario" in {erro["campo"] for erro in ruim["erros"]}
    ruim = calcular({**corpo, "icms_valor_total": "13.00"}, formato=FormatoNota.FOCUS, **FATOS)
    assert [erro["campo"] for erro in ruim["erros"]] == ["icms_valor_total"]
    assert "icms_valor_total" in ruim["err"]
    cupom = {
        nome: valor
        for nome, valor in corpo.items()
        if nome != "tipo_documento" and not nome.endswith("_destinatario")
    }
    lido = calcular(cupom, formato=FormatoNota.FOCUS_NFCE, **FATOS)
    assert lido["total"]["ICMSTot"]["vNF"] == "100.00"
    assert lido["operacao"]["indFinal"] == "1"
