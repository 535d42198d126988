"""Cancelling an NFC-e of a company whose CNPJ has letters: key, event and range pass schemas that know digits only."""

from copy import deepcopy

import pytest
from tests.processos.test_nfce import BEBIDAS, CSC, SIMPLIFICADO

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.domain.identidade import dv_cnpj
from chancela.server.demonstracao import SENHA, Plataforma, issue_test_pfx, pfx_data_url

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

CNPJ = "BAR7C0DE0001" + dv_cnpj("BAR7C0DE0001")
MOTIVO = "Cancelamento por erro de operacao do caixa"


@pytest.fixture(scope="module")
def bar(plataforma: Plataforma) -> ClienteTffiscal:
    pronto = plataforma.pronto
    controle = ClienteTffiscal(pronto["simulador"]["controle_url"], "")
    registro = {"documento": CNPJ, "uf": "SP", "ie": "110123453671", "nome": "BAR DE TESTE LTDA", "crt": "1"}
    assert controle.post("/_simulador/cadastro", registro).status == 201
    integrador = ClienteTffiscal(pronto["tffiscal"]["url"], pronto["tffiscal"]["integrador_token"])
    pfx = issue_test_pfx(plataforma.pasta, CNPJ, "BAR DE TESTE LTDA")
    criada = integrador.post(
        "/api/nfce/company/create",
        {
            "cnpj": CNPJ, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA, "csc_id": "000001", "csc": CSC,
            "serie_nfce": 1, "number_nfce": 1, "telefone": "11999999999",
        },
    )  # fmt: skip
    assert criada.corpo["success"], criada.corpo
    return ClienteTffiscal(pronto["tffiscal"]["url"], criada.dados["token"])


def test_cancelled_with_the_callers_reason_and_then_a_range_is_voided(bar: ClienteTffiscal) -> None:
    venda = deepcopy(SIMPLIFICADO)
    venda["products"][0]["category_id"] = bar.post("/api/nfce/category/create", BEBIDAS).dados["category_id"]
    nota = bar.post("/api/nfce/create", venda).corpo["data"]
    assert nota.get("cstat") == 100, nota
    chave = nota["chave"]
    assert CNPJ in chave

    curto = bar.post("/api/nfce/cancel", {"chave": chave, "motivo": "erro"})
    assert (curto.status, curto.dados["erros"][0]["campo"]) == (400, "motivo")
    carta = bar.post("/api/invoice/cce/send", {"chave": chave, "correcao": "Corrigir o nome do cliente"})
    assert carta.dados["codigo"] == "EVENTO-MODELO"
    resposta = bar.post("/api/nfce/cancel", {"chave": chave, "motivo": MOTIVO})
    assert (resposta.dados["status"], resposta.dados["cstat"]) == ("Canceled", 135), resposta.corpo
    assert bar.get("/api/nfce/get_detail", uuid=nota["uuid"]).dados["status"] == "Canceled"
    consulta = bar.post("/api/invoice/consultar_status", {"chave": chave}).dados
    assert (consulta["status"], consulta["cstat"]) == ("cancelada", 101)

    faixa = {
        "modelo": "65", "ambiente": "2", "serie": 1, "start_number": 2, "end_number": 2,
        "motivo": "Falha no sistema durante a emissao do lote",
    }  # fmt: skip
    inutilizada = bar.post("/api/invoice/invalid", faixa)
    assert (inutilizada.dados["status"], inutilizada.dados["cstat"]) == ("Voided", 102), inutilizada.corpo
