"""The calls and answers that the contract prints, operation by operation, against a real server, database and SEFAZ.

`contrato/chamadas.json` holds them as printed (those of invoice/create are in `test_contrato.py`). Each is sent with the
replacements listed here, each with its reason; the answer must have every printed key, with the printed JSON type, and fit
what `/openapi.json` promises of it.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import Loja
from tests.processos.promessas import Promessas

from chancela.cli.cliente_tffiscal import ClienteTffiscal, Resposta
from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import (
    EMPRESA_SIMPLES,
    SENHA,
    Plataforma,
    issue_test_pfx,
    pfx_data_url,
    wait_settled,
)

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

IMPRESSAS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "contrato" / "chamadas.json").read_text(encoding="utf-8")
)
CERTIFICADO = "the printed URL does not exist: the certificate goes as data:"
DIGITO = "the printed CNPJ or CPF has wrong check digits"
PROPRIO = "an identifier that the server gives"
CATEGORIA = "the company's own category"
BARRAS = "the printed GTIN has a wrong check digit (rejection 611)"
CHAVE = "the printed key has a wrong check digit, or is nobody's"
TOTAL = "the printed payment is less than the note (rejection 865)"
NAO_LITERAIS: dict[str, dict[str, str]] = {
    "company/create": {"cnpj": DIGITO, "cert_file": CERTIFICADO, "cert_pwd": CERTIFICADO},
    "company/v2/create": {"cnpj": DIGITO, "cert_file": CERTIFICADO, "cert_pwd": CERTIFICADO},
    "company/edit": {"company_id": PROPRIO},
    "category/delete": {"category_id": PROPRIO},
    "invoice/refresh": {"uuid": PROPRIO},
    "invoice/cancel": {"uuid": PROPRIO},
    "invoice/get_danfe": {"uuid": PROPRIO},
    "invoice/consultar_status": {"chave": CHAVE},
    "invoice/return": {"uuid": PROPRIO, "cfop": "an own sale comes back in: 1202, where 5202 is printed"},
    "invoice/return (parcial)": {
        "chave": CHAVE,
        "return_detail.cliente": "the printed address is only dots, and its CNPJ has wrong digits",
        "return_detail.products": "the printed product is only dots",
    },
    "invoice/cce/send": {"uuid": PROPRIO},
    "invoice/cce/get_list": {"uuid": PROPRIO},
    "invoice/cce/download_pdf": {"cce_id": PROPRIO},
    "invoice/cce/download_xml": {"cce_id": PROPRIO},
    "nfce/company/create": {"cnpj": DIGITO, "cert_file": CERTIFICADO, "cert_pwd": CERTIFICADO},
    "nfce/category/edit": {"category_id": PROPRIO},
    "nfce/category/delete": {"category_id": PROPRIO},
    "nfce/create (simples)": {"products[0].category_id": CATEGORIA},
    "nfce/create (completa)": {
        "products[0].category_id": CATEGORIA,
        "products[0].gtin": BARRAS,
        "products[0].gtin_tributavel": BARRAS,
        "pag_info[0].amount": TOTAL,
        "pag_info[0].card_info.acquirer_cnpj": DIGITO,
    },
    "nfce/create (balcão)": {"products[0].category_id": CATEGORIA},
    "nfce/create (entrega)": {"products[0].category_id": CATEGORIA, "client.cpf": DIGITO},
    "nfce/cancel": {"chave": CHAVE},
    "nfce/get_danfe": {"uuid": PROPRIO},
}
"""What is replaced in each printed request, and why; everything else goes as printed."""


def request_of(nome: str, **valores: Any) -> dict[str, Any]:
    """The printed request with the values given, each of which must be a listed replacement."""
    corpo = deepcopy(IMPRESSAS[nome]["pedido"])
    listadas = set(NAO_LITERAIS.get(nome, {}))
    assert {caminho.replace("__", ".") for caminho in valores} == listadas, nome
    for caminho, valor in valores.items():
        dono, _, campo = caminho.rpartition("__")
        alvo: Any = corpo
        for parte in filter(None, dono.replace("[", "__").replace("]", "").split("__")):
            alvo = alvo[int(parte)] if parte.isdigit() else alvo[parte]
        assert campo in alvo, caminho
        alvo[campo] = valor
    return corpo


def _compare(impressa: Any, dada: Any, onde: str) -> None:
    if isinstance(impressa, dict):
        assert isinstance(dada, dict), onde
        for chave, valor in impressa.items():
            assert chave in dada, f"{onde}.{chave}"
            _compare(valor, dada[chave], f"{onde}.{chave}")
    elif isinstance(impressa, list):
        assert isinstance(dada, list), onde
        if impressa and dada:
            _compare(impressa[0], dada[0], f"{onde}[0]")
    elif isinstance(impressa, bool) or impressa is None:
        assert type(dada) is type(impressa), onde
    elif isinstance(impressa, int | float):
        assert isinstance(dada, int | float), onde
        assert not isinstance(dada, bool), onde
    else:
        assert isinstance(dada, str), onde


class Mundo:
    """Two companies: one that sells NF-e, one that sells NFC-e; each operation is asked of the one that has it."""

    def __init__(self, plataforma: Plataforma) -> None:
        self.plataforma = plataforma
        pronto = plataforma.pronto["tffiscal"]
        self.url = pronto["url"]
        self.promessas = Promessas(self.url)
        self.integrador = ClienteTffiscal(self.url, pronto["integrador_token"])
        self.loja = Loja(plataforma)
        self.cliente = self.loja.cliente
        self.padaria = self._bakery("47960950000121")

    def check(self, nome: str, resposta: Resposta) -> dict[str, Any]:
        """The answer succeeds, has every printed key with the printed type, and is what the API's description promises of
        it; its `data`."""
        assert (resposta.status, resposta.corpo["success"]) == (200, True), (nome, resposta.corpo)
        impressa = IMPRESSAS[nome].get("resposta")
        if impressa is not None:
            _compare(impressa, resposta.corpo, nome)
        self.promessas.check(nome.partition(" ")[0], resposta)
        return resposta.dados

    def certificate(self, cnpj: str) -> dict[str, str]:
        pfx = issue_test_pfx(self.plataforma.pasta, cnpj, "LOJA DO CONTRATO LTDA")
        return {"cnpj": cnpj, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA}

    def sell(self, **mudancas: Any) -> dict[str, Any]:
        """An authorised NF-e of the shop; its detail."""
        criada = self.cliente.post("/api/invoice/create", self.loja.sale(**mudancas))
        assert criada.corpo["success"], criada.corpo
        return wait_settled(self.cliente, criada.dados["uuid"], SystemClock()).dados

    def consumer_sale(self, nome: str, **valores: Any) -> dict[str, Any]:
        """A printed NFC-e, issued; the `data` of the answer."""
        criada = self.padaria.post("/api/nfce/create", request_of(nome, **valores))
        return self.check(nome, criada)

    def _bakery(self, cnpj: str) -> ClienteTffiscal:
        dados = {**EMPRESA_SIMPLES, **self.certificate(cnpj)}
        criada = self.integrador.post("/api/company/create", dados)
        assert criada.corpo["success"], criada.corpo
        corpo = request_of("nfce/company/create", **self.certificate(cnpj))
        junta = self.integrador.post("/api/nfce/company/create", corpo)
        juntada = self.check("nfce/company/create", junta)
        assert junta.corpo["message"] == IMPRESSAS["nfce/company/create"]["resposta"]["message"]
        assert juntada["token"] == criada.dados["token"]
        padaria = ClienteTffiscal(self.url, juntada["token"])
        categoria = padaria.post("/api/nfce/category/create", request_of("nfce/category/create"))
        self.categoria_nfce = self.check("nfce/category/create", categoria)["category_id"]
        return padaria


@pytest.fixture(scope="module")
def mundo(plataforma: Plataforma) -> Mundo:
    return Mundo(plataforma)


def test_companies(mundo: Mundo) -> None:
    corpo = request_of("company/create", **mundo.certificate("43283811000150"))
    criada = mundo.check("company/create", mundo.integrador.post("/api/company/create", corpo))
    corpo = request_of("company/v2/create", **mundo.certificate("33041260065290"))
    mundo.check("company/v2/create", mundo.integrador.post("/api/company/v2/create", corpo))
    empresa = ClienteTffiscal(mundo.url, criada["token"])
    edicao = request_of("company/edit", company_id=criada["company_id"])
    mundo.check("company/edit", empresa.post("/api/company/edit", edicao))
    detalhe = mundo.check("company/get_detail", empresa.get("/api/company/get_detail"))
    assert (detalhe["name"], detalhe["email"], detalhe["cep"]) == (
        edicao["name"],
        edicao["email"],
        edicao["cep"],
    )
    lista = mundo.check(
        "company/get_list", mundo.integrador.get("/api/company/get_list", page=1, page_size=10)
    )
    assert lista["total"] >= 4
    lugar = mundo.check(
        "company/get_cep_detail", mundo.integrador.get("/api/company/get_cep_detail", cep="01001000")
    )
    impresso = IMPRESSAS["company/get_cep_detail"]["resposta"]["data"]
    assert {k: lugar[k] for k in ("cep", "uf", "ibge", "localidade")} == {
        k: impresso[k] for k in ("cep", "uf", "ibge", "localidade")
    }


def test_categories_of_nfe(mundo: Mundo) -> None:
    cliente, pedido = mundo.cliente, IMPRESSAS["category/create"]["pedido"]
    criada = mundo.check("category/create", cliente.post("/api/category/create", pedido))
    codigo = criada["category_id"]
    detalhe = mundo.check("category/get_detail", cliente.get("/api/category/get_detail", category_id=codigo))
    assert detalhe["descricao"] == pedido["descricao"]
    mundo.check("category/get_list", cliente.get("/api/category/get_list", page=1, page_size=20))
    mundo.check("category/edit", cliente.post("/api/category/edit", {**pedido, "category_id": codigo}))
    mundo.check(
        "category/delete",
        cliente.post("/api/category/delete", request_of("category/delete", category_id=codigo)),
    )
    nota = mundo.loja.sale(id="SEM-CATEGORIA")
    nota["products"][0]["category_id"] = codigo
    recusada = cliente.post("/api/invoice/create", nota)
    assert recusada.status == 400
    erro = recusada.dados["erros"][0]
    assert (erro["campo"], erro["valor"]) == ("products[0].category_id", codigo), erro
    assert "categoria" in erro["mensagem"].lower()


def test_invoices(mundo: Mundo) -> None:
    cliente = mundo.cliente
    criada = cliente.post("/api/invoice/create", mundo.loja.sale(id="CONTRATO-1"))
    mundo.check("invoice/create", criada)
    nota = wait_settled(cliente, criada.dados["uuid"], SystemClock())
    detalhe = mundo.check("invoice/get_detail", nota)
    lista = mundo.check(
        "invoice/get_list",
        cliente.get("/api/invoice/get_list", page=1, page_size=20, status="Authorized"),
    )
    assert detalhe["uuid"] in [linha["uuid"] for linha in lista["list"]]
    uuid = detalhe["uuid"]
    atualizada = cliente.post("/api/invoice/refresh", request_of("invoice/refresh", uuid=uuid))
    assert mundo.check("invoice/refresh", atualizada)["status"] == "Authorized"
    danfe = cliente.post("/api/invoice/get_danfe", request_of("invoice/get_danfe", uuid=uuid))
    for url in mundo.check("invoice/get_danfe", danfe).values():
        assert cliente.download(url)
    consulta = request_of("invoice/consultar_status", chave=detalhe["chave"])
    situacao = mundo.check(
        "invoice/consultar_status", cliente.post("/api/invoice/consultar_status", consulta)
    )
    assert (situacao["status"], situacao["cstat"]) == ("autorizada", 100)
    cancelada = cliente.post("/api/invoice/cancel", request_of("invoice/cancel", uuid=uuid))
    assert mundo.check("invoice/cancel", cancelada)["status"] == "Canceled"
    inutilizada = cliente.post("/api/invoice/invalid", request_of("invoice/invalid"))
    assert mundo.check("invoice/invalid", inutilizada)["status"] == "Voided"


def test_returns(mundo: Mundo) -> None:
    cliente, vendida = mundo.cliente, mundo.sell(id="VENDA-A-DEVOLVER")
    inteira = cliente.post(
        "/api/invoice/return", request_of("invoice/return", uuid=vendida["uuid"], cfop="1202")
    )
    mundo.check("invoice/return", inteira)
    devolvida = wait_settled(cliente, inteira.dados["uuid"], SystemClock()).dados
    assert (devolvida["status"], devolvida["total_price"]) == ("Authorized", vendida["total_price"])
    outra = mundo.sell(id="VENDA-A-DEVOLVER-EM-PARTE")
    venda = mundo.loja.sale()
    corpo = request_of(
        "invoice/return (parcial)",
        chave=outra["chave"],
        return_detail__cliente=venda["cliente"],
        return_detail__products=[{**venda["products"][0], "count": 1, "total_price": 150.00}],
    )
    corpo["cfop"] = "1202"
    corpo["return_detail"]["transaction_type"] = "0"
    parcial = cliente.post("/api/invoice/return", corpo)
    mundo.check("invoice/return (parcial)", parcial)
    meia = wait_settled(cliente, parcial.dados["uuid"], SystemClock()).dados
    assert (meia["status"], meia["total_price"]) == ("Authorized", 150.0)


def test_letters_of_correction(mundo: Mundo) -> None:
    cliente, nota = mundo.cliente, mundo.sell(id="VENDA-A-CORRIGIR")
    enviada = cliente.post("/api/invoice/cce/send", request_of("invoice/cce/send", uuid=nota["uuid"]))
    mundo.check("invoice/cce/send", enviada)
    lista = cliente.post("/api/invoice/cce/get_list", request_of("invoice/cce/get_list", uuid=nota["uuid"]))
    (carta,) = mundo.check("invoice/cce/get_list", lista)["items"]
    for operacao in ("invoice/cce/download_pdf", "invoice/cce/download_xml"):
        link = cliente.post(f"/api/{operacao}", request_of(operacao, cce_id=carta["id"]))
        assert cliente.download(mundo.check(operacao, link)["url"])


def test_company_and_categories_of_nfce(mundo: Mundo) -> None:
    padaria = mundo.padaria
    mostrada = mundo.check("nfce/company/get", padaria.post("/api/nfce/company/get", b"{}"))
    assert mostrada["csc"] == IMPRESSAS["nfce/company/create"]["pedido"]["csc"]
    detalhe = padaria.get("/api/nfce/category/get_detail", category_id=mundo.categoria_nfce)
    dados = detalhe.dados
    impressa = deepcopy(IMPRESSAS["nfce/category/get_detail"]["resposta"]["data"])
    for ausente in ("aliquota_fcp", "beneficio_fiscal"):  # the printed category/create does not send them
        del impressa["icms"][ausente]
    _compare(impressa, dados, "nfce/category/get_detail")
    mundo.promessas.check("nfce/category/get_detail", detalhe)
    mundo.check("nfce/category/get_list", padaria.get("/api/nfce/category/get_list", page=1, page_size=20))
    # Another description: the very call that made the first one, signed in the same second, would be its repetition.
    outra = {**request_of("nfce/category/create"), "descricao": "Bebidas de passagem"}
    codigo = padaria.post("/api/nfce/category/create", outra).dados["category_id"]
    assert codigo != mundo.categoria_nfce
    edicao = request_of("nfce/category/edit", category_id=codigo)
    mundo.check("nfce/category/edit", padaria.post("/api/nfce/category/edit", edicao))
    apagar = request_of("nfce/category/delete", category_id=codigo)
    mundo.check("nfce/category/delete", padaria.post("/api/nfce/category/delete", apagar))


def test_receipts(mundo: Mundo) -> None:
    padaria, categoria = mundo.padaria, mundo.categoria_nfce
    do_item = {"products[0]__category_id": categoria}
    simples = mundo.consumer_sale("nfce/create (simples)", **do_item)
    mundo.consumer_sale(
        "nfce/create (completa)",
        **do_item,
        **{
            "products[0]__gtin": "7891234567895",
            "products[0]__gtin_tributavel": "7891234567895",
            "pag_info[0]__amount": 29.00,
            "pag_info[0]__card_info__acquirer_cnpj": "01234567000195",
        },
    )
    mundo.consumer_sale("nfce/create (balcão)", **do_item)
    mundo.consumer_sale("nfce/create (entrega)", **do_item, client__cpf="12345678909")
    uuid = simples["uuid"]
    detalhe = mundo.check("nfce/get_detail", padaria.get("/api/nfce/get_detail", uuid=uuid))
    assert (detalhe["status"], detalhe["modelo"]) == ("Authorized", "nfce")
    danfe = padaria.post("/api/nfce/get_danfe", request_of("nfce/get_danfe", uuid=uuid))
    assert padaria.download(mundo.check("nfce/get_danfe", danfe)["danfe"]).startswith(b"%PDF")
    cancelada = padaria.post("/api/nfce/cancel", request_of("nfce/cancel", chave=detalhe["chave"]))
    assert mundo.check("nfce/cancel", cancelada)["status"] == "Canceled"
    mudada = padaria.post("/api/nfce/company/update", request_of("nfce/company/update"))
    mundo.check("nfce/company/update", mudada)
    assert mudada.corpo["message"] == IMPRESSAS["nfce/company/update"]["resposta"]["message"]


def test_every_printed_call_is_replayed() -> None:
    """Nothing of the file is left aside: what this module names is what the file has."""
    fonte = Path(__file__).read_text(encoding="utf-8")
    assert [nome for nome in IMPRESSAS if f'"{nome}"' not in fonte] == []
