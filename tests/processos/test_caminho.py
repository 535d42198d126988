"""The whole way on real processes, judged by programs that share nothing with ours."""

import io
from pathlib import Path

import pytest
import xmlsec
from lxml import etree
from nfelib.nfe.bindings.v4_0.proc_nfe_v4_00 import NfeProc
from pypdf import PdfReader
from tests.processos.apoio import Loja, eventually

from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


def _verifies(conteudo: bytes) -> None:
    raiz = etree.fromstring(conteudo)
    xmlsec.tree.add_ids(raiz, ["Id"])
    contexto = xmlsec.SignatureContext(xmlsec.KeysManager())
    no = xmlsec.tree.find_node(raiz, xmlsec.constants.NodeSignature)
    certificado = raiz.find(".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate").text
    pem = f"-----BEGIN CERTIFICATE-----\n{certificado}\n-----END CERTIFICATE-----\n".encode()
    contexto.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
    contexto.verify(no)


def test_an_authorised_note_holds_for_everybody(loja: Loja) -> None:
    criada = loja.cliente.post("/api/invoice/create", loja.sale(id="CAMINHO-1"))
    assert criada.corpo["success"], criada.corpo
    detalhe = loja.cliente.get("/api/invoice/get_detail", uuid=criada.dados["uuid"]).dados
    xml = loja.cliente.download(detalhe["xml"])

    _verifies(xml)
    assert not Esquemas().validate(Esquema.PROC_NFE, xml)
    lida = NfeProc.from_xml(xml.decode())
    assert lida.protNFe.infProt.chNFe == detalhe["chave"]
    assert lida.NFe.infNFe.total.ICMSTot.vNF == "300.00"
    (no_livro,) = loja.ledger()
    assert no_livro["protocolo"] == lida.protNFe.infProt.nProt

    links = loja.cliente.post("/api/invoice/get_danfe", {"uuid": criada.dados["uuid"]}).dados
    for nome in ("danfe", "danfe_simples"):
        texto = "".join(
            p.extract_text() for p in PdfReader(io.BytesIO(loja.cliente.download(links[nome]))).pages
        )
        corrido = "".join(texto.split())
        assert detalhe["chave"] in corrido, nome
        assert no_livro["protocolo"] in corrido, nome
    assert loja.cliente.download(links["danfe_simples_png"]).startswith(b"\x89PNG")


def test_a_repeat_of_an_id_is_answered_with_the_first_document(loja: Loja) -> None:
    antes = len(loja.ledger())
    respostas = [loja.cliente.post("/api/invoice/create", loja.sale(id="REPETIDA")) for _ in range(3)]
    assert len({r.dados["uuid"] for r in respostas}) == 1
    assert len(loja.ledger()) == antes + 1


def test_a_rejected_note_keeps_its_number_for_the_next_try(loja: Loja) -> None:
    loja.plan_fault(
        tipo="cstat",
        servico="NFeAutorizacao4",
        vezes=1,
        c_stat=778,
        motivo="Rejeição: NCM inexistente [nItem: 1]",
        no_protocolo=True,
    )
    recusada = loja.cliente.post("/api/invoice/create", loja.sale(id="TENTA"))
    assert recusada.status == 200
    assert recusada.corpo["success"] is False
    assert recusada.dados["status"] == "Rejected"
    assert recusada.dados["cstat"] == 778
    assert recusada.dados["erros"][0]["correcao"]
    aceita = loja.cliente.post(
        "/api/invoice/create", loja.sale(id="TENTA", informacoes_complementares="corrigida")
    )
    assert aceita.dados["status"] == "Success"
    assert aceita.dados["nfe"] == recusada.dados["nfe"]
    assert aceita.dados["uuid"] == recusada.dados["uuid"]


def test_sefaz_that_pauses_is_waited_for(loja: Loja) -> None:
    """Its SVC is off, so nobody may take the sale over."""
    loja.switch_svc("SP", 114)
    try:
        loja.plan_fault(tipo="108", servico="NFeAutorizacao4", vezes=1)
        resposta = loja.cliente.post("/api/invoice/create", loja.sale(id="PAUSA"))
        assert resposta.dados["status"] == "Processing"
        uuid = resposta.dados["uuid"]
        eventually(
            lambda: loja.cliente.get("/api/invoice/get_detail", uuid=uuid).dados["status"] == "Authorized"
        )
    finally:
        loja.switch_svc("SP", 107)


def test_the_ready_file_is_as_documented(plataforma: Plataforma) -> None:
    pronto = plataforma.pronto
    assert set(pronto["tffiscal"]) == {"url", "integrador_token", "empresa_token"}
    assert set(pronto["simulador"]) == {"url", "controle_url", "ca_file"}
    assert Path(pronto["simulador"]["ca_file"]).read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert Path(pronto["home"]).is_dir()
