"""Reports over HTTP: asked for, made by the worker's code, told of, and downloaded by a link that speaks for itself."""

import csv
import io
import zipfile
from typing import Any

import requests
from tests.api.conftest import CANARIO, Cenario

PERIODO = {"start_date": "2026-11-01", "end_date": "2026-11-30", "ambiente": "2"}


def data_of(resposta: requests.Response) -> Any:
    corpo = resposta.json()
    assert corpo["success"], corpo
    return corpo["data"]


def finished(cenario: Cenario, **mudancas: Any) -> dict[str, Any]:
    """What report/status says once the file is there."""
    pedido = {"company_id": f"comp_{cenario.empresa.id}", "format": "csv", **PERIODO, **mudancas}
    pedida = data_of(cenario.call("POST", "/api/invoice/report/export", pedido, cenario.token))
    assert pedida["status"] == "processing"
    assert pedida["callback_url"].endswith(f"/v1/report/status/{pedida['report_id']}")
    cenario.make_exports()
    return data_of(cenario.call("GET", f"/api/report/status/{pedida['report_id']}", {}, cenario.token))


def test_an_export_is_downloaded_by_its_link_alone(cenario: Cenario) -> None:
    pronta = finished(cenario)
    assert (pronta["status"], pronta["progress_count"], pronta["total_count"]) == ("completed", 1, 1)
    arquivo = requests.get(pronta["download_url"], timeout=60)
    assert arquivo.status_code == 200
    assert int(arquivo.headers["Content-Length"]) == len(arquivo.content)
    assert arquivo.headers["Content-Disposition"].startswith("attachment")
    assert arquivo.headers["Cache-Control"] == "private, no-store"
    (linha,) = csv.DictReader(io.StringIO(arquivo.content.decode("utf-8-sig")), delimiter=";")
    assert linha["Destinatário"] == f"Cliente {CANARIO}"


def test_a_link_is_good_for_its_file_and_no_other(cenario: Cenario) -> None:
    link = finished(cenario, format="xlsx")["download_url"]
    caminho, _, assinatura = link.partition("?")
    partes = caminho.split("/")
    outra_empresa = "/".join([*partes[:-3], str(cenario.empresa.id + 1), *partes[-2:]])
    outro_nome = caminho.replace(".xlsx", ".csv")
    for alterado in (
        caminho, f"{outra_empresa}?{assinatura}", f"{outro_nome}?{assinatura}", link.replace("exp=", "exp=9"), link + "0",
    ):  # fmt: skip
        resposta = requests.get(alterado, timeout=60)
        assert resposta.status_code in (401, 403, 404), alterado
        assert CANARIO not in resposta.text.upper()


def test_a_file_that_is_gone_is_said_to_be(cenario: Cenario) -> None:
    pronta = finished(cenario, format="pdf")
    cenario.lose_exports()
    resposta = requests.get(pronta["download_url"], timeout=60)
    assert resposta.status_code == 404
    assert "Peça a exportação de novo" in resposta.text


def test_the_xml_of_the_notes_comes_as_a_package(cenario: Cenario) -> None:
    pedido = {"type": "xml", "ambiente": "2", "start_create_time": 1_793_000_000_000}
    andamento = data_of(cenario.call("POST", "/api/invoice/get_xml", pedido, cenario.token))
    assert (andamento["progress_count"], andamento["total_count"]) == (0, 1)
    cenario.make_exports()
    # without an end it would be another period: until now
    (pacote,) = cenario.files(".zip")
    with zipfile.ZipFile(io.BytesIO(pacote)) as zip_:
        assert zip_.namelist() == [f"{cenario.documento.chave}-procNFe.xml"]
        assert CANARIO.encode() in zip_.read(zip_.namelist()[0])


def test_the_report_itself_as_answer_and_as_file(cenario: Cenario) -> None:
    pedido = {"company_id": f"comp_{cenario.empresa.id}", **PERIODO}
    relatorio = data_of(cenario.call("GET", "/api/invoice/report", pedido, cenario.token))
    assert relatorio["summary"]["total_invoices"] == 1
    assert relatorio["invoices"][0]["access_key"] == cenario.documento.chave
    assert relatorio["pagination"] == {
        "current_page": 1,
        "per_page": 50,
        "total_pages": 1,
        "total_records": 1,
    }
    depois = data_of(cenario.call("GET", "/api/invoice/report", pedido | {"page": 7}, cenario.token))
    assert (depois["invoices"], depois["summary"]["total_invoices"]) == ([], 1)
    for formato, tipo in (("csv", "text/csv"), ("pdf", "application/pdf")):
        arquivo = cenario.call("GET", "/api/invoice/report", pedido | {"format": formato}, cenario.token)
        assert arquivo.headers["Content-Type"].startswith(tipo)
    resumo = {"company_id": f"comp_{cenario.empresa.id}", "year": 2026, "ambiente": "2"}
    for grupo, periodo in (("month", "2026-11"), ("week", "2026-W47"), ("day", "2026-11-20")):
        soma = data_of(
            cenario.call("GET", "/api/invoice/report/summary", resumo | {"group_by": grupo}, cenario.token)
        )
        assert [(p["period"], p["authorized"]) for p in soma["periods"]] == [(periodo, 1)]
