"""Cancelling, correcting and inutilising through the API on real processes, with answers lost and processes killed."""

import itertools
import re
import urllib.request
from typing import Any

import pypdfium2
import pytest
from tests.processos.apoio import Loja, eventually, run_command

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


_pedidos = itertools.count(1)


def sell(loja: Loja) -> dict[str, Any]:
    """A new note: the same call within one second would be answered from the first."""
    nota = loja.cliente.post("/api/invoice/create", loja.sale(id=f"EVENTOS-{next(_pedidos)}")).dados
    assert nota["status"] == "Success", nota
    return nota


def registered(loja: Loja, chave: str) -> list[dict[str, Any]]:
    """The events of a document in the simulator's ledger, newest first."""
    controle = ClienteTffiscal(loja.plataforma.pronto["simulador"]["controle_url"], "")
    return controle.get("/_simulador/eventos", chave=chave).lista


def voided(loja: Loja) -> list[dict[str, Any]]:
    controle = ClienteTffiscal(loja.plataforma.pronto["simulador"]["controle_url"], "")
    return controle.get("/_simulador/inutilizacoes", emitente=loja.cnpj).lista


def status_of(loja: Loja, uuid: str) -> str:
    return loja.cliente.get("/api/invoice/get_detail", uuid=uuid).dados["status"]


def fetch(url: str) -> bytes:
    assert url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(url, timeout=30) as resposta:
        return resposta.read()


def test_cancel_with_the_fixed_justification(loja: Loja) -> None:
    nota = sell(loja)
    resposta = loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"]})
    assert resposta.corpo["success"] is True, resposta.corpo
    assert (resposta.dados["status"], resposta.dados["cstat"]) == ("Canceled", 135)
    assert status_of(loja, nota["uuid"]) == "Canceled"
    (evento,) = registered(loja, nota["chave"])
    assert (evento["tp_evento"], evento["protocolo"]) == ("110111", resposta.dados["protocolo"])
    repetida = loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"], "de_novo": True})
    assert repetida.dados["status"] == "Canceled"
    assert len(registered(loja, nota["chave"])) == 1
    consulta = loja.cliente.post("/api/invoice/consultar_status", {"chave": nota["chave"]}).dados
    assert consulta == {
        "chave": nota["chave"], "status": "cancelada", "cstat": 101, "motivo": "Cancelamento de NF-e homologado",
    }  # fmt: skip


def test_lost_answer_of_a_cancellation(loja: Loja) -> None:
    nota = sell(loja)
    loja.plan_fault(tipo="drop_after", servico="NFeRecepcaoEvento4", vezes=1)
    resposta = loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"]})
    assert resposta.dados["status"] == "Processing", resposta.corpo
    eventually(lambda: status_of(loja, nota["uuid"]) == "Canceled")
    assert len(registered(loja, nota["chave"])) == 1


def test_cancellation_that_never_arrived_is_sent_again(loja: Loja) -> None:
    nota = sell(loja)
    loja.plan_fault(tipo="drop_before", servico="NFeRecepcaoEvento4", vezes=1)
    loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"]})
    eventually(lambda: status_of(loja, nota["uuid"]) == "Canceled")
    assert len(registered(loja, nota["chave"])) == 1


def test_refused_cancellation_says_why_and_leaves_the_note(loja: Loja) -> None:
    nota = sell(loja)
    motivo = "Rejeição: Prazo de cancelamento superior ao previsto na Legislação"
    loja.plan_fault(tipo="cstat", c_stat=501, motivo=motivo, servico="NFeRecepcaoEvento4", vezes=1)
    resposta = loja.cliente.post("/api/invoice/cancel", {"uuid": nota["uuid"]})
    assert (resposta.status, resposta.corpo["success"]) == (200, False)
    assert (resposta.dados["status"], resposta.dados["cstat"]) == ("Rejected", 501)
    assert resposta.dados["erros"][0]["codigo"] == "SEFAZ-501"
    assert status_of(loja, nota["uuid"]) == "Authorized"


def test_letters_of_correction(loja: Loja) -> None:
    nota = sell(loja)
    textos = ["Corrigir o bairro do destinatario", "Corrigir o bairro e o complemento"]
    sequencias = [
        loja.cliente.post("/api/invoice/cce/send", {"chave": nota["chave"], "correcao": texto}).dados[
            "nSeqEvento"
        ]
        for texto in textos
    ]
    assert sequencias == [1, 2]
    lista = loja.cliente.post("/api/invoice/cce/get_list", {"uuid": nota["uuid"]}).dados
    assert lista["total"] == 2
    assert [item["detail"] for item in lista["items"]] == textos[::-1]
    primeiro = lista["items"][-1]
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", primeiro["date"])
    xml = fetch(loja.cliente.post("/api/invoice/cce/download_xml", {"cce_id": primeiro["id"]}).dados["url"])
    assert b"<procEventoNFe" in xml
    assert textos[0].encode() in xml
    pdf = fetch(loja.cliente.post("/api/invoice/cce/download_pdf", {"cce_id": primeiro["id"]}).dados["url"])
    texto = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert textos[0] in texto
    curta = loja.cliente.post("/api/invoice/cce/send", {"uuid": nota["uuid"], "correcao": "curta"})
    assert (curta.status, curta.dados["erros"][0]["campo"]) == (400, "correcao")
    assert status_of(loja, nota["uuid"]) == "Authorized"


def void(loja: Loja, inicio: int, fim: int, **mudancas: Any) -> Any:
    corpo = {
        "modelo": "55", "ambiente": "2", "serie": 1, "start_number": inicio, "end_number": fim,
        "motivo": "Falha no sistema durante a emissao do lote",
    }  # fmt: skip
    return loja.cliente.post("/api/invoice/invalid", {**corpo, **mudancas})


def test_a_range_is_voided_and_the_numbering_steps_over_it(loja: Loja) -> None:
    numero = sell(loja)["nfe"]
    resposta = void(loja, numero + 1, numero + 3)
    assert (resposta.dados["status"], resposta.dados["cstat"]) == ("Voided", 102), resposta.corpo
    assert sell(loja)["nfe"] == numero + 4
    usado = void(loja, numero, numero)
    assert (usado.status, usado.dados["codigo"]) == (400, "INUT-NUMERO-USADO")
    trocado = void(loja, 9, 8)
    assert trocado.dados["erros"][0]["campo"] == "start_number"


def test_lost_answer_of_a_range_is_recovered_by_its_earlier_protocol(loja: Loja) -> None:
    numero = sell(loja)["nfe"]
    loja.plan_fault(tipo="drop_after", servico="NFeInutilizacao4", vezes=1)
    primeira = void(loja, numero + 1, numero + 1)
    assert primeira.dados["status"] == "Processing", primeira.corpo
    repetida = eventually(
        lambda: (r := void(loja, numero + 1, numero + 1, de_novo="1")).dados["status"] == "Voided" and r
    )
    assert repetida
    (faixa,) = [f for f in voided(loja) if f["inicio"] == numero + 1]
    assert repetida.dados["protocolo"] == faixa["protocolo"]


def test_ranges_and_gaps_from_the_command_line(loja: Loja) -> None:
    numero, empresa = sell(loja)["nfe"], loja.company_id()
    motivo = ("--motivo", "Falha no sistema durante a emissao do lote", "--json")
    faixa = ("--modelo", "55", "--serie", "1", "--inicio", str(numero + 1), "--fim", str(numero + 2))
    codigo, _, palavras = run_command(
        loja.plataforma, "numeracao", "inutilizar", empresa, *faixa, *motivo, entrada="n\n"
    )
    assert (codigo, "Nada foi inutilizado" in palavras) == (1, True), palavras
    assert voided(loja) == [f for f in voided(loja) if f["inicio"] != numero + 1]
    codigo, feitas, palavras = run_command(
        loja.plataforma, "numeracao", "inutilizar", empresa, *faixa, *motivo, entrada="s\n"
    )
    assert (codigo, feitas[0]["estado"], feitas[0]["cstat"]) == (0, "REGISTRADA", "102"), palavras
    assert f"{numero + 1} a {numero + 2} (2 números)" in palavras
    codigo, outra_vez, _ = run_command(
        loja.plataforma, "numeracao", "inutilizar", empresa, *faixa, *motivo, "--sim"
    )
    assert (codigo, outra_vez) == (0, feitas), "the same range is the same request"
    codigo, _, palavras = run_command(
        loja.plataforma, "numeracao", "inutilizar", empresa, "--inicio", "1", *motivo
    )
    assert (codigo, "--fim" in palavras) == (2, True)
    loja.plan_fault(
        tipo="cstat",
        servico="NFeAutorizacao4",
        c_stat=232,
        motivo="IE do destinatario",
        no_protocolo=True,
        vezes=1,
    )
    recusada = loja.cliente.post("/api/invoice/create", loja.sale(id=f"EVENTOS-{next(_pedidos)}")).dados
    assert recusada["status"] == "Rejected", recusada
    codigo, feitas, palavras = run_command(
        loja.plataforma, "numeracao", "inutilizar", empresa, *motivo, "--sim"
    )
    assert (codigo, [f["inicio"] for f in feitas]) == (0, [str(numero + 3)]), palavras
    assert run_command(loja.plataforma, "numeracao", "lacunas", empresa, "--json")[1] == []


def test_refresh_and_queries(loja: Loja) -> None:
    nota = sell(loja)
    atual = loja.cliente.post("/api/invoice/refresh", {"uuid": nota["uuid"]})
    assert atual.dados["status"] == "Authorized"
    consulta = loja.cliente.post("/api/invoice/consultar_status", {"chave": nota["chave"]}).dados
    assert (consulta["status"], consulta["cstat"]) == ("autorizada", 100)
    curta = loja.cliente.post("/api/invoice/consultar_status", {"chave": "123"})
    assert (curta.status, curta.corpo["message"]) == (400, "chave inválida: deve ter 44 dígitos")
    loja.plan_fault(tipo="drop_before", servico="NFeConsultaProtocolo4", vezes=1)
    muda = loja.cliente.post("/api/invoice/consultar_status", {"chave": nota["chave"], "x": 1})
    assert muda.corpo["message"] == "SEFAZ retornou resposta vazia"
    alheia = loja.cliente.post("/api/invoice/cancel", {"uuid": "0" * 24})
    assert alheia.status == 404
