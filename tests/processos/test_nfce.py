"""The NFC-e examples of the contract, through the public API, PostgreSQL and the simulator, as a customer would send them.

Changed against the print: `category_id` (registered here), the CPF of example 2 (wrong check digits), and in the complete
example the GTIN and the acquirer's CNPJ (wrong check digits) and the amount paid (24.00 for goods of 29.00: SEFAZ
refuses it with 865, and so do we before sending).
"""

import hashlib
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from tests.processos.apoio import Loja

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.domain.xml.leitura import parse_xml, text_of
from chancela.server.demonstracao import SENHA, Plataforma, issue_test_pfx, pfx_data_url

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

CNPJ = "12ABC34501DE35"
CSC = "ABCDEF0123456789"
BEBIDAS = {
    "descricao": "Bebidas não alcoólicas",
    "codigo_cfop": "5102",
    "icms": {"situacao_tributaria": "102", "aliquota_icms": [{"estado": "SP", "aliquota": 18.00}]},
    "pis": {"situacao_tributaria": "99", "aliquota": "0.00"},
    "cofins": {"situacao_tributaria": "99", "aliquota": "0.00"},
    "ibs_cbs": {"situacao_tributaria": "000", "classificacao_tributaria": "000001"},
}
REFRIGERANTE = {
    "name": "Refrigerante 2L", "ncm": "22021000", "count": 2, "unit": "UN", "unit_price": 10.50, "total_price": 21.00,
    "origem": 0, "indicador_total": 1,
}  # fmt: skip
SIMPLIFICADO: dict[str, Any] = {
    "nature_of_operation": "Venda de mercadoria",
    "issuance_type": "1",
    "ambiente": "2",
    "ind_pres": "1",
    "client": {"cpf": "12345678909", "name": "Consumidor Final"},
    "products": [REFRIGERANTE],
    "pag_info": [{"payment_indicator": "0", "payment_method": "17", "amount": 21.00}],
}
COMPLETO: dict[str, Any] = {
    "id": "PEDIDO-2026-0001",
    "nature_of_operation": "Venda de mercadoria",
    "issuance_type": "1",
    "ambiente": "2",
    "ind_pres": "1",
    "ind_intermed": "0",
    "total_discount_amount": 0.00,
    "troco": 0.00,
    "seguro": 0.00,
    "outras_despesas": 0.00,
    "informacoes_complementares": "Pedido entregue na loja",
    "informacoes_fisco": "ICMS recolhido conforme legislação",
    "client": {
        "cpf": "12345678909", "cnpj": "", "ie": "", "name": "Consumidor Final", "endereco": "Rua das Flores",
        "number": "100", "complemento": "Sala 5", "bairro": "Centro", "city": "São Paulo", "uf": "SP", "cep": "01001000",
        "telefone": "11999998888", "email": "cliente@exemplo.com",
    },
    "products": [
        {
            **REFRIGERANTE, "codigo": "PROD001", "cest": "0300100", "gtin": "7891234567895",
            "gtin_tributavel": "7891234567895", "discount_price": 0.00, "nItemPed": 1,
        },
        {
            "codigo": "PROD002", "name": "Salgadinho 100g", "ncm": "19053100", "count": 1, "unit": "UN",
            "unit_price": 8.00, "total_price": 8.00, "origem": 0, "indicador_total": 1,
            "impostos": {
                "icms": {
                    "codigo_cfop": "5102", "situacao_tributaria": "102", "industria": "", "tipo_pessoa": "juridica",
                },
                "pis": {"situacao_tributaria": "99", "aliquota": "0.00", "tipo_pessoa": "juridica"},
                "cofins": {"situacao_tributaria": "99", "aliquota": "0.00", "tipo_pessoa": "juridica"},
                "ibs_cbs": {
                    "situacao_tributaria": "000", "tipo_pessoa": "juridica", "classificacao_tributaria": "000001",
                },
            },
        },
    ],
    "pag_info": [
        {
            "payment_indicator": "0", "payment_method": "03", "amount": 29.00,
            "card_info": {
                "integration_type": "1", "brand_code": "01", "acquirer_cnpj": "01234567000195",
                "authorization_code": "AUTH123456",
            },
        }
    ],
}  # fmt: skip
EXEMPLO_1: dict[str, Any] = {
    "nature_of_operation": "Venda de mercadoria",
    "ambiente": "2",
    "ind_pres": "1",
    "products": [
        {
            "codigo": "001", "name": "Refrigerante 350ml", "ncm": "22021000", "count": 3, "unit": "UN",
            "unit_price": 5.50, "total_price": 16.50, "origem": "0", "indicador_total": "1", "cfop": "5102",
        }
    ],
    "pag_info": [{"payment_indicator": "0", "payment_method": "17"}],
}  # fmt: skip
EXEMPLO_2: dict[str, Any] = {
    "nature_of_operation": "Venda de mercadoria",
    "ambiente": "2",
    "ind_pres": "4",
    "client": {
        "cpf": "12345678909", "name": "Maria Silva", "endereco": "Rua das Flores", "number": "456",
        "bairro": "Jardim Primavera", "city": "São Paulo", "uf": "SP", "cep": "04567000",
    },
    "products": [
        {
            "codigo": "PIZZA01", "name": "Pizza Grande Marguerita", "ncm": "19059090", "count": 1, "unit": "UN",
            "unit_price": 45.90, "total_price": 45.90, "origem": "0", "indicador_total": "1", "cfop": "5102",
        }
    ],
    "pag_info": [{"payment_indicator": "0", "payment_method": "03"}],
    "frete": 8.00,
    "informacoes_complementares": "Entrega em até 40 minutos",
}  # fmt: skip


class Padaria:
    """A Simples company that was registered by the NFC-e operation alone, with its CSC known to SEFAZ."""

    def __init__(self, plataforma: Plataforma) -> None:
        pronto = plataforma.pronto
        self.vendas = 0
        self.controle = ClienteTffiscal(pronto["simulador"]["controle_url"], "")
        self.controle.post(
            "/_simulador/cadastro",
            {
                "documento": CNPJ, "uf": "SP", "ie": "110042490126", "nome": "PADARIA DE TESTE LTDA", "crt": "1",
                "fantasia": "Padaria da Esquina",
            },
        )  # fmt: skip
        self.register_csc(CSC)
        self.integrador = ClienteTffiscal(pronto["tffiscal"]["url"], pronto["tffiscal"]["integrador_token"])
        pfx = issue_test_pfx(plataforma.pasta, CNPJ, "PADARIA DE TESTE LTDA")
        self.cadastro = {
            "cnpj": CNPJ, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA, "csc_id": "000001", "csc": CSC,
            "serie_nfce": 1, "number_nfce": 1, "telefone": "11999999999",
        }  # fmt: skip
        criada = self.integrador.post("/api/nfce/company/create", self.cadastro)
        assert criada.corpo["message"] == "Company registered for NFC-e", criada.corpo
        self.token: str = criada.dados["token"]
        self.cliente = ClienteTffiscal(pronto["tffiscal"]["url"], self.token)
        categoria = self.cliente.post("/api/nfce/category/create", BEBIDAS)
        self.categoria: str = categoria.dados["category_id"]

    def register_csc(self, codigo: str) -> None:
        resposta = self.controle.post("/_simulador/csc", {"documento": CNPJ, "id": "1", "codigo": codigo})
        assert resposta.status == 201, resposta.corpo

    def sell(self, exemplo: dict[str, Any], **mudancas: Any) -> dict[str, Any]:
        # The very same call in the same second would be answered with the first answer: each sale has words of its own.
        self.vendas += 1
        corpo = {**deepcopy(exemplo), "informacoes_complementares": f"Cupom {self.vendas}", **mudancas}
        for produto in corpo["products"]:
            if "impostos" not in produto:
                produto["category_id"] = self.categoria
        return self.cliente.post("/api/nfce/create", corpo).corpo


@pytest.fixture(scope="module")
def padaria(plataforma: Plataforma) -> Padaria:
    return Padaria(plataforma)


@pytest.mark.parametrize(
    ("exemplo", "total"),
    [(SIMPLIFICADO, "21.00"), (COMPLETO, "29.00"), (EXEMPLO_1, "16.50"), (EXEMPLO_2, "53.90")],
    ids=["simplificado", "completo", "presencial", "entrega"],
)
def test_the_examples_are_authorised(padaria: Padaria, exemplo: dict[str, Any], total: str) -> None:
    resposta = padaria.sell(exemplo)
    assert resposta["success"], resposta
    assert resposta["data"]["cstat"] == 100
    detalhe = padaria.cliente.get("/api/nfce/get_detail", uuid=resposta["data"]["uuid"]).dados
    assert detalhe["modelo"] == "nfce"
    assert detalhe["status"] == "Authorized"
    assert detalhe["nprot"]

    xml = parse_xml(padaria.cliente.download(detalhe["xml"]))
    assert text_of(xml, "NFe/infNFe/ide/mod") == "65"
    assert text_of(xml, "NFe/infNFe/total/ICMSTot/vNF") == total
    qr_code = text_of(xml, "NFe/infNFeSupl/qrCode")
    base, _, parametros = qr_code.partition("?p=")
    assert base == "https://www.homologacao.nfce.fazenda.sp.gov.br/qrcode"
    inicio = f"{detalhe['chave']}|2|2|1"
    assert parametros == f"{inicio}|{hashlib.sha1((inicio + CSC).encode()).hexdigest().upper()}"


def test_a_sale_outside_the_shop(padaria: Padaria) -> None:
    resposta = padaria.sell(SIMPLIFICADO, ind_pres="5")
    assert resposta["data"].get("cstat") == 100, resposta


def test_the_receipt_comes_on_both_papers(padaria: Padaria) -> None:
    uuid = padaria.sell(EXEMPLO_1)["data"]["uuid"]
    links = padaria.cliente.post("/api/nfce/get_danfe", {"uuid": uuid}).dados
    assert links["danfe"].partition("?")[0].endswith("_nfce.pdf")
    for nome in ("danfe", "danfe_58"):
        assert padaria.cliente.download(links[nome]).startswith(b"%PDF")


def test_the_same_id_is_the_same_sale(padaria: Padaria) -> None:
    primeira = padaria.sell(EXEMPLO_1, id="CUPOM-1")["data"]
    segunda = padaria.sell(EXEMPLO_1, id="CUPOM-1", troco=None)["data"]
    assert segunda["uuid"] == primeira["uuid"]


def test_a_wrong_csc_is_refused_by_sefaz_and_corrected_on_the_same_number(padaria: Padaria) -> None:
    padaria.cliente.post("/api/nfce/company/update", {"csc": "OUTRO-CSC"})
    recusada = padaria.sell(EXEMPLO_1, id="CSC-ERRADO")
    assert recusada["success"] is False
    assert recusada["data"]["status"] == "Rejected"
    assert recusada["data"]["cstat"] == 464
    mudada = padaria.cliente.post("/api/nfce/company/update", {"csc": CSC})
    assert mudada.corpo["message"] == "NFC-e company updated successfully"
    corrigida = padaria.sell(EXEMPLO_1, id="CSC-ERRADO")
    assert corrigida["success"], corrigida
    assert corrigida["data"]["nfe"] == recusada["data"]["nfe"]


def test_a_payment_below_the_total_is_refused_before_a_number_is_used(padaria: Padaria) -> None:
    antes = padaria.cliente.post("/api/nfce/company/get", {}).dados["number_nfce"]
    recusada = padaria.sell(
        SIMPLIFICADO, pag_info=[{"payment_indicator": "0", "payment_method": "01", "amount": 20.00}]
    )
    assert recusada["success"] is False
    assert [erro["campo"] for erro in recusada["data"]["erros"]] == ["pag_info"]
    assert padaria.cliente.post("/api/nfce/company/get", {}).dados["number_nfce"] == antes


def test_a_new_series_starts_where_it_is_told(padaria: Padaria) -> None:
    padaria.cliente.post("/api/nfce/company/update", {"serie_nfce": 7, "number_nfce": 500})
    data = padaria.sell(EXEMPLO_1)["data"]
    assert (data["serie"], data["nfe"]) == (7, 500)
    avisada = padaria.cliente.post("/api/nfce/company/update", {"number_nfce": 2})
    assert [a["codigo"] for a in avisada.dados["avisos"]] == ["EMPRESA-NUMERO-USADO"]
    padaria.cliente.post("/api/nfce/company/update", {"number_nfce": 900})
    assert padaria.sell(EXEMPLO_1)["data"]["nfe"] == 900
    padaria.cliente.post("/api/nfce/company/update", {"serie_nfce": 1})


def test_a_company_of_the_nfe_gains_the_nfce_and_keeps_its_token(plataforma: Plataforma) -> None:
    loja = Loja(plataforma)
    pfx = issue_test_pfx(plataforma.pasta, loja.cnpj, "LOJA DE TESTE LTDA")
    recusada = loja.cliente.post("/api/nfce/create", {**EXEMPLO_1, "products": [
        {**EXEMPLO_1["products"][0], "category_id": loja.categoria}
    ]})  # fmt: skip
    assert recusada.dados["codigo"] == "EMPRESA-SEM-NFCE"

    pronto = plataforma.pronto["tffiscal"]
    integrador = ClienteTffiscal(pronto["url"], pronto["integrador_token"])
    juntada = integrador.post(
        "/api/nfce/company/create",
        {
            "cnpj": loja.cnpj, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA, "csc_id": "1", "csc": CSC,
            "serie_nfce": 3, "number_nfce": 10,
        },
    )  # fmt: skip
    assert (
        ClienteTffiscal(pronto["url"], juntada.dados["token"]).post("/api/nfce/company/get", {}).dados["cnpj"]
        == loja.cnpj
    )
    assert loja.cliente.post("/api/nfce/company/get", {}).dados["company_id"] == juntada.dados["company_id"]
    nfe = loja.cliente.post("/api/invoice/create", loja.sale()).dados
    corpo = {**EXEMPLO_1, "products": [{**EXEMPLO_1["products"][0], "category_id": loja.categoria}]}
    nfce = loja.cliente.post("/api/nfce/create", corpo).dados
    assert (nfe["serie"], nfe["nfe"]) == (1, 1)
    assert (nfce["serie"], nfce["nfe"]) == (3, 10)
    assert loja.cliente.get("/api/invoice/get_detail", uuid=nfce["uuid"]).status == 404
    assert loja.cliente.get("/api/nfce/get_detail", uuid=nfe["uuid"]).status == 404


def test_a_lost_answer_is_recovered_by_key(plataforma: Plataforma, padaria: Padaria) -> None:
    from chancela.kit.clock import SystemClock, wait

    falha = {"tipo": "drop_after", "servico": "NFeAutorizacao4", "vezes": 1, "cnpj": CNPJ}
    assert padaria.controle.post("/_simulador/falhas", falha).status == 201
    data = padaria.sell(EXEMPLO_1, id="PERDIDA")["data"]
    limite = SystemClock().monotonic() + 40
    while True:
        detalhe = padaria.cliente.get("/api/nfce/get_detail", uuid=data["uuid"]).dados
        if detalhe["status"] != "Processing" or SystemClock().monotonic() > limite:
            break
        wait(0.1)
    assert detalhe["status"] == "Authorized"
    notas = padaria.controle.get("/_simulador/notas", emitente=CNPJ).lista
    assert [n["chave"] for n in notas].count(detalhe["chave"]) == 1


def test_a_cancelled_receipt_says_so(padaria: Padaria) -> None:
    data = padaria.sell(EXEMPLO_1)["data"]
    cancelada = padaria.cliente.post(
        "/api/nfce/cancel", {"chave": data["chave"], "motivo": "Cancelamento por erro de operacao do caixa"}
    )
    assert cancelada.corpo["success"], cancelada.corpo
    detalhe = padaria.cliente.get("/api/nfce/get_detail", uuid=data["uuid"]).dados
    assert detalhe["status"] == "Canceled"
    danfe = padaria.cliente.post("/api/nfce/get_danfe", {"uuid": data["uuid"]}).dados["danfe"]
    texto = "".join(
        pagina.extract_text() for pagina in PdfReader(BytesIO(padaria.cliente.download(danfe))).pages
    )
    assert "CANCELAD" in texto.upper()
