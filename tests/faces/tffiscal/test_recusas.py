"""A rejection of SEFAZ in the caller's words: field, value, cause, fix."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import NOTA_SIMPLES
from tests.faces.tffiscal.memoria import document

from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.nota.recusas import explain_refusal
from chancela.issuing.modelo import Estado
from chancela.kit.json_exact import read_json

AGORA = datetime(2026, 11, 21, tzinfo=UTC)
ROTA = "/api/invoice/create"
COM_IMPOSTOS = {"impostos": {"icms": {"situacao_tributaria": "00", "codigo_cfop": "5102", "aliquota": "18"}}}


def refusal(
    c_stat: int | None,
    motivo: str = "Rejeição",
    dados: dict[str, Any] | None = None,
    *,
    itens: int = 1,
    estado: Estado = Estado.REJEITADO,
) -> ErroCampo:
    documento = document(AGORA, 1, estado=estado, c_stat=c_stat, motivo=motivo)
    documento = replace(documento, resumo=replace(documento.resumo, quantidade_itens=itens))
    return explain_refusal(documento, dados or {})


def body(*produtos: dict[str, Any], **resto: Any) -> dict[str, Any]:
    return {"products": list(produtos), **resto}


def test_field_value_label_and_fix() -> None:
    dados = body({"ncm": "85176277"}, {"ncm": "00000001"})
    erro = refusal(778, "Rejeicao: Informado NCM inexistente [nItem: 2]", dados, itens=2)
    assert (erro.campo, erro.codigo, erro.valor, erro.rotulo) == (
        "products[1].ncm",
        "SEFAZ-778",
        "00000001",
        "Item 2, NCM",
    )
    assert "tabela em vigor" in erro.mensagem
    assert "NCM atual" in erro.correcao
    assert erro.correcao.endswith("o número é mantido.")


@pytest.mark.parametrize(
    ("c_stat", "motivo", "dados", "campo", "valor"),
    [
        (733, "x [nItem: 1]", body({"cfop": "5102"}), "products[0].cfop", "5102"),
        (733, "x [nItem: 1]", body(COM_IMPOSTOS), "products[0].impostos.icms.codigo_cfop", "5102"),
        (733, "x [nItem: 1]", body({"category_id": "TF1"}), "products[0].category_id", "TF1"),
        (733, "x [nItem: 1]", {}, "products[0].cfop", ""),
        (
            693,
            "x",
            body({"tax_info": {"icms": {"aliquota": "18"}}}),
            "products[0].tax_info.icms.aliquota",
            "18",
        ),
        (237, "x", {"cliente": {"cpf": "12345678900"}}, "cliente.cpf", "12345678900"),
        (728, "x", {"cliente": {"ie": ""}}, "cliente.ie", ""),
        (275, "x", {"cliente": {"city": "Rio", "uf": "SP"}}, "cliente.city", "Rio"),
        (
            436,
            "x [nOcor: 2]",
            {"pag_info": [{}, {"payment_method": "77"}]},
            "pag_info[1].payment_method",
            "77",
        ),
        (436, "x", {"pag_info": [{"payment_method": "77"}]}, "pag_info", ""),
        (547, "x [nOcor: 1]", {"ref_nfe_chave": "35"}, "ref_nfe_chave", "35"),
        (
            392,
            "x [nOcor: 1]",
            {"pag_info": [{"card_info": {"authorization_code": "1"}}]},
            "pag_info[0].card_info",
            "",
        ),
        (209, "x", {}, "", ""),
        (656, "x", {}, "", ""),
        (9998, "Rejeição: nova [nItem: 1]", {}, "products[0]", ""),
    ],
)
def test_the_field_that_the_caller_filled(
    c_stat: int, motivo: str, dados: dict[str, Any], campo: str, valor: str
) -> None:
    erro = refusal(c_stat, motivo, dados)
    assert (erro.campo, erro.valor) == (campo, valor)


def test_an_item_that_nobody_named_is_not_guessed() -> None:
    assert refusal(778, "NCM inexistente", body({"ncm": "1"}, {"ncm": "2"}), itens=2).campo == "products"


def test_an_item_beyond_the_body_does_no_harm() -> None:
    assert refusal(778, "x [nItem: 7]", body({"ncm": "1"})).campo == "products[6].ncm"


def test_unknown_code_keeps_the_text_of_sefaz() -> None:
    erro = refusal(9998, "Rejeição: Regra nova [nItem: 1]")
    assert (erro.mensagem, erro.rotulo) == ("Rejeição: Regra nova [nItem: 1]", "Item 1")
    assert "mesmo id" in erro.correcao


def test_what_cannot_pass_is_not_promised() -> None:
    assert refusal(206).correcao.endswith("use outro id.")
    assert "mesmo id" in refusal(108).correcao
    assert "número é mantido" not in refusal(108).correcao


@pytest.mark.parametrize(
    ("estado", "c_stat", "palavra"),
    [
        (Estado.DIVERGENTE, 539, "uma pessoa"),
        (Estado.DIVERGENTE, None, "uma pessoa"),
        (Estado.DENEGADO, 302, "consumido"),
        (Estado.INUTILIZADO, 102, "inutilizado"),
    ],
)
def test_states_that_no_correction_changes(estado: Estado, c_stat: int | None, palavra: str) -> None:
    erro = refusal(c_stat, "motivo", estado=estado)
    assert palavra in erro.correcao
    assert "número é mantido" not in erro.correcao
    assert (erro.campo, erro.mensagem) == ("", "motivo")


def test_refused_without_a_code() -> None:
    assert refusal(None, "sem código").codigo == "SEFAZ"


@pytest.mark.anyio
async def test_create_and_detail_say_the_same(face: Face) -> None:
    face.emissor.estado, face.emissor.c_stat = Estado.REJEITADO, 778
    face.emissor.motivo = "Rejeicao: Informado NCM inexistente [nItem: 1]"
    criada = await face.empresa.post(ROTA, NOTA_SIMPLES)
    erro = criada.data["erros"][0]
    assert (erro["campo"], erro["valor"]) == (
        "products[0].ncm",
        read_json(NOTA_SIMPLES)["products"][0]["ncm"],
    )
    detalhe = await face.empresa.get("/api/invoice/get_detail", f"uuid={criada.data['uuid']}")
    assert detalhe.data["erros"][0] == {**erro, "valor": ""}
