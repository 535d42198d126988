"""Envelopes of every shape, and the refusals that concern the message as a whole."""

import base64
import gzip
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from tests.simulator.amostra import (
    A1,
    AGORA,
    CNPJ,
    NS,
    SENHA,
    build_key,
    document,
    envelope,
    lot,
    node,
    query,
    receipt,
    sign,
    signed,
    status,
    values,
)

from chancela.kit.clock import VirtualClock
from chancela.simulator import xml
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.sefaz import Sefaz
from chancela.simulator.soap import WSDL

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
DADOS = f'<nfeDadosMsg xmlns="{WSDL}NFeStatusServico4">'


def ask(sefaz: Sefaz, a1: A1, corpo: bytes, servico: str = "NFeStatusServico4") -> str:
    return values(sefaz.handle(f"/{servico}", corpo, a1.der).corpo, "cStat")[0]


def send(sefaz: Sefaz, a1: A1, mensagem: str) -> tuple[str, str, str]:
    """cStat of the lot, cStat of the note (the last in the answer) and xMotivo of the note."""
    corpo = sefaz.handle("/NFeAutorizacao4", envelope(mensagem), a1.der).corpo
    prot = corpo[corpo.find(b"<infProt") :]
    dentro = prot[: prot.find(b"</infProt>") + 10] if prot.startswith(b"<infProt") else b"<x/>"
    return (values(corpo, "cStat")[0], *values(dentro, "cStat", "xMotivo"))  # type: ignore[return-value]


SHAPES = {
    "SOAP 1.2": envelope(status(), "NFeStatusServico4"),
    "SOAP 1.1": envelope(status(), "NFeStatusServico4", soap=SOAP11),
    "CDATA": envelope(f"<![CDATA[{status()}]]>", "NFeStatusServico4"),
    "escaped": envelope(escape(status(), quote=False), "NFeStatusServico4"),
    "with declaration inside": envelope(
        f'<![CDATA[<?xml version="1.0" encoding="UTF-8"?>{status()}]]>', "NFeStatusServico4"
    ),
    "doubled": envelope(f"{DADOS}{status()}</nfeDadosMsg>", "NFeStatusServico4"),
    "prefixed": (
        f'<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:n="{WSDL}nfestatusservico4"><env:Header/><env:Body>\n<n:nfeDadosMsg>\n{status()}\n</n:nfeDadosMsg></env:Body></env:Envelope>'
    ).encode(),
}


@pytest.mark.parametrize("forma", SHAPES)
def test_every_shape_of_envelope_is_understood(sefaz: Sefaz, a1: A1, forma: str) -> None:
    assert ask(sefaz, a1, SHAPES[forma]) == "107"
    desfecho = sefaz.handle("/NFeStatusServico4", SHAPES[forma], a1.der)
    assert desfecho.tipo.startswith("text/xml" if forma == "SOAP 1.1" else "application/soap+xml")


@pytest.mark.parametrize(("c_uf", "c_stat"), [("35", "107"), ("43", "410"), ("99", "410")])
def test_a_header_of_older_layouts_must_name_a_uf_of_the_authorizer(
    sefaz: Sefaz, a1: A1, c_uf: str, c_stat: str
) -> None:
    cabecalho = f"<s:Header><nfeCabecMsg><cUF>{c_uf}</cUF></nfeCabecMsg></s:Header><s:Body>".encode()
    corpo = envelope(status(), "NFeStatusServico4").replace(b"<s:Body>", cabecalho)
    assert ask(sefaz, a1, corpo) == c_stat


def test_an_old_key_is_refused_where_the_uf_purges_its_base(sefaz: Sefaz, a1: A1) -> None:
    antiga, recente = (
        envelope(query(build_key(aamm=mes)), "NFeConsultaProtocolo4") for mes in ("2604", "2605")
    )
    assert ask(sefaz, a1, antiga, "NFeConsultaProtocolo4") == "217"
    assert sefaz.parametros.switch("C07", True)
    assert ask(sefaz, a1, antiga, "NFeConsultaProtocolo4") == "526"
    assert ask(sefaz, a1, recente, "NFeConsultaProtocolo4") == "217"


def test_a_certificate_that_names_nobody_is_refused(sefaz: Sefaz) -> None:
    ninguem = A1.load(sefaz.autoridade.issue_test_certificate(nome="Sem Titular", senha=SENHA, agora=AGORA))
    assert ask(sefaz, ninguem, SHAPES["SOAP 1.2"]) == "282"


def test_zipped_lot(sefaz: Sefaz, a1: A1) -> None:
    zipado = base64.b64encode(gzip.compress(lot(signed(document(), a1)).encode())).decode()
    corpo = envelope(zipado).replace(b"nfeDadosMsg", b"nfeDadosMsgZip")
    assert values(sefaz.handle("/NFeAutorizacao4", corpo, a1.der).corpo, "nProt") == ["135260000000001"]
    torto = envelope("@@@").replace(b"nfeDadosMsg", b"nfeDadosMsgZip")
    assert ask(sefaz, a1, torto, "NFeAutorizacao4") == "242"


def test_signed_payload_survives_foreign_namespaces_around_it(sefaz: Sefaz, a1: A1) -> None:
    corpo = envelope(lot(signed(document(), a1))).replace(
        b"<s:Envelope ",
        b'<s:Envelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ',
    )
    assert values(sefaz.handle("/NFeAutorizacao4", corpo, a1.der).corpo, "nProt") == ["135260000000001"]


@pytest.mark.parametrize(
    ("corpo", "esperado"),
    [
        (envelope(status(), "OutroServico4"), "242"),
        (envelope("", "NFeStatusServico4"), "242"),
        (envelope(f"<!--{'x' * 600_000}-->{status()}", "NFeStatusServico4"), "214"),
        (envelope(status().replace("</tpAmb>", "<tpAmb>", 1), "NFeStatusServico4"), "243"),
        (
            envelope(
                f"<![CDATA[<?xml version='1.0' encoding='ISO-8859-1'?>{status()}]]>", "NFeStatusServico4"
            ),
            "402",
        ),
        (
            envelope(
                status().replace("<tpAmb>2</tpAmb>", '<a:tpAmb xmlns:a="u">2</a:tpAmb>'), "NFeStatusServico4"
            ),
            "404",
        ),
        (envelope(status().replace("4.00", "3.10"), "NFeStatusServico4"), "239"),
        (envelope(status().replace("4.00", "5.00"), "NFeStatusServico4"), "238"),
        (envelope(status().replace("STATUS", "ESTADO"), "NFeStatusServico4"), "215"),
        (envelope(status().replace("<xServ>", "<!-- x --><xServ>"), "NFeStatusServico4"), "215"),
        (envelope(status("99"), "NFeStatusServico4"), "215"),
    ],
)
def test_refusals_of_the_message(sefaz: Sefaz, a1: A1, corpo: bytes, esperado: str) -> None:
    assert ask(sefaz, a1, corpo) == esperado


@pytest.mark.parametrize("corpo", [b"", b"nada", b"<x/>", b"<Envelope>", envelope(status())[:60]])
def test_no_envelope_is_a_fault(sefaz: Sefaz, a1: A1, corpo: bytes) -> None:
    desfecho = sefaz.handle("/NFeStatusServico4", corpo, a1.der)
    assert desfecho.status == 500
    assert b"Fault" in desfecho.corpo


@pytest.mark.parametrize(
    "ataque", ['<!DOCTYPE x [<!ENTITY e "y">]><x>&e;</x>', "<x>" * 300 + "</x>" * 300, "<x>\x00</x>"]
)
def test_dangerous_xml_is_not_parsed(ataque: str) -> None:
    with pytest.raises(xml.XmlMalFormado):
        xml.parse(ataque.encode())


def test_unknown_service_is_404(sefaz: Sefaz, a1: A1) -> None:
    assert sefaz.handle("/x/NFeOutra4", b"", a1.der).status == 404


def test_path_names_authorizer_and_environment(sefaz: Sefaz, a1: A1) -> None:
    corpo = envelope(status(), "NFeStatusServico4")
    assert values(sefaz.handle("/SVRS/NFeStatusServico4", corpo, a1.der).corpo, "cStat") == ["289"]
    assert values(sefaz.handle("/SP/producao/NFeStatusServico4", corpo, a1.der).corpo, "cStat") == ["252"]
    assert values(sefaz.handle("/SVC-AN/NFeStatusServico4", corpo, a1.der).corpo, "cStat") == ["107"]
    sefaz.svc_desligada["SP"] = 114
    assert values(sefaz.handle("/SVC-AN/NFeStatusServico4", corpo, a1.der).corpo, "cStat") == ["114"]
    sefaz.svc_desligada["SP"] = 113
    assert values(sefaz.handle("/SVC-AN/NFeStatusServico4", corpo, a1.der).corpo, "cStat") == ["113"]


def test_query_refusals(sefaz: Sefaz, a1: A1) -> None:
    conhecida = document()["@Id"][3:]
    torta = conhecida[:43] + ("1" if conhecida[43] == "0" else "0")
    casos = {
        torta: "236",
        build_key(numero=99): "217",
        build_key(cnpj="11222333000180"): "617",
        build_key(modelo="57"): "618",
    }
    casos |= {build_key(numero=0): "619", build_key(aamm="2613"): "616", build_key(aamm="2701"): "615"}
    for chave, esperado in casos.items():
        assert (
            ask(sefaz, a1, envelope(query(chave), "NFeConsultaProtocolo4"), "NFeConsultaProtocolo4")
            == esperado
        )


def test_query_of_a_number_authorised_under_another_key(sefaz: Sefaz, a1: A1) -> None:
    send(sefaz, a1, lot(signed(document(), a1)))
    outra = document(cnf="12121212")["@Id"][3:]
    resposta = sefaz.handle(
        "/NFeConsultaProtocolo4", envelope(query(outra), "NFeConsultaProtocolo4"), a1.der
    ).corpo
    assert values(resposta, "cStat") == ["562"]
    assert document()["@Id"][3:] in values(resposta, "xMotivo")[0]
    mes = document(cnf="12121212", emissao=AGORA - timedelta(days=40))["@Id"][3:]
    assert ask(sefaz, a1, envelope(query(mes), "NFeConsultaProtocolo4"), "NFeConsultaProtocolo4") == "613"


def test_lot_rules(sefaz: Sefaz, a1: A1) -> None:
    um, dois = signed(document(), a1), signed(document(numero=2), a1)
    assert send(sefaz, a1, lot(um, dois))[0] == "764"
    assert send(sefaz, a1, lot(um, ind_sinc="0"))[0] == "452"
    assert send(sefaz, a1, lot(um.replace("<natOp>Venda</natOp>", "")))[0] == "225"
    assert sefaz.livro.counts()["recepcoes"] == 0


def test_asynchronous_lot_and_its_receipt(
    sefaz: Sefaz, a1: A1, relogio: VirtualClock, autoridade: object
) -> None:
    ruim = document(numero=2)
    ruim["dest"]["xNome"] = "Outro nome"
    resposta = sefaz.handle(
        "/NFeAutorizacao4", envelope(lot(signed(document(), a1), signed(ruim, a1), ind_sinc="0")), a1.der
    ).corpo
    c_stat, recibo = values(resposta, "cStat", "nRec")
    assert (c_stat, recibo) == ("103", "351000000000001")
    pergunta = envelope(receipt(recibo), "NFeRetAutorizacao4")
    assert ask(sefaz, a1, pergunta, "NFeRetAutorizacao4") == "105"
    relogio.advance(3)
    resposta = sefaz.handle("/NFeRetAutorizacao4", pergunta, a1.der).corpo
    assert values(resposta, "cStat", "nProt") == ["104", "135260000000001"]
    assert b"<cStat>598</cStat>" in resposta
    assert (
        ask(sefaz, a1, envelope(receipt("351000000000009"), "NFeRetAutorizacao4"), "NFeRetAutorizacao4")
        == "106"
    )
    repetida = send(sefaz, a1, lot(signed(document(), a1)))
    assert repetida[1:] == ("204", f"Rejeição: Duplicidade de NF-e [nRec: {recibo}]")


def test_signature_is_verified(sefaz: Sefaz, a1: A1) -> None:
    bom = signed(document(), a1)
    assert send(sefaz, a1, lot(bom.replace("<natOp>Venda</natOp>", "<natOp>Vendo</natOp>")))[1] == "297"
    assert send(sefaz, a1, lot(bom.replace('URI="#NFe', 'URI="#NFf')))[1] == "298"
    inicio = bom.index("<SignatureValue>") + len("<SignatureValue>")
    assert (
        send(sefaz, a1, lot(bom[:inicio] + ("B" if bom[inicio] == "A" else "A") + bom[inicio + 1 :]))[1]
        == "297"
    )


def test_signer_is_judged(sefaz: Sefaz, a1: A1) -> None:
    def of(emissora: AutoridadeTeste, **quem: Any) -> A1:
        return A1.load(emissora.issue_test_certificate(nome="X", senha=SENHA, agora=AGORA, **quem))

    casos = {
        "213": of(sefaz.autoridade, cnpj="99999999000191"),
        "292": of(sefaz.autoridade),
        "291": of(sefaz.autoridade, cnpj=CNPJ, inicio=AGORA - timedelta(days=9), validade_dias=1),
        "295": of(sefaz.estranha, cnpj=CNPJ),
    }
    for esperado, assinante in casos.items():
        assert send(sefaz, a1, lot(signed(document(), assinante)))[1] == esperado
    revogado = of(sefaz.autoridade, cnpj=CNPJ)
    sefaz.revoke(revogado.der)
    assert send(sefaz, a1, lot(signed(document(), revogado)))[1] == "294"


def test_note_leaning_on_the_namespace_of_the_lot(sefaz: Sefaz, a1: A1) -> None:
    sem = signed(document(), a1).replace('<NFe xmlns="http://www.portalfiscal.inf.br/nfe">', "<NFe>")
    assert send(sefaz, a1, lot(sem))[1] == "100"


def test_signature_made_with_another_namespace_in_scope(sefaz: Sefaz, a1: A1) -> None:
    d = document()
    inf = node("infNFe", d)
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    assinatura = sign(inf.replace("<infNFe ", f"<infNFe {xsi} "), d["@Id"], a1)
    assert send(sefaz, a1, lot(f'<NFe xmlns="{NS}">{inf}{assinatura}</NFe>'))[1] == "297"


def test_late_note_is_150_and_resend_may_return_the_protocol(sefaz: Sefaz, a1: A1) -> None:
    atrasada = signed(document(emissao=AGORA - timedelta(days=8)), a1)
    assert send(sefaz, a1, lot(atrasada))[1] == "150"
    assert send(sefaz, a1, lot(atrasada))[1] == "204"
    sefaz.reenvio_devolve_protocolo = True
    assert send(sefaz, a1, lot(atrasada))[1] == "150"
    assert sefaz.livro.counts()["notas"] == 1
    assert [n["recepcoes"] for n in sefaz.livro.list_notas({})] == [3]


def test_ledger_survives_a_new_process(home: Path, relogio: VirtualClock, a1: A1) -> None:
    primeira = Sefaz.open(ConfiguracaoSimulador(home), relogio)
    primeira.plano.add({"tipo": "108", "servico": "NFeStatusServico4"})
    primeira.relogio.advance(3600)
    primeira.store_settings()
    send(primeira, a1, lot(signed(document(), a1)))
    segunda = Sefaz.open(
        ConfiguracaoSimulador(home), relogio
    )  # while the first still holds the file, as after kill -9
    assert send(segunda, a1, lot(signed(document(), a1)))[1] == "204"
    assert ask(segunda, a1, envelope(status(), "NFeStatusServico4")) == "108"
    assert segunda.relogio.offset_s == 3600
    primeira.close()
    segunda.close()


@pytest.mark.parametrize(("tipo", "esperado"), [("108", "108"), ("109", "109"), ("999", "999")])
def test_paused_service(sefaz: Sefaz, a1: A1, tipo: str, esperado: str) -> None:
    sefaz.plano.add({"tipo": tipo, "autorizador": "SP", "vezes": 1, "apos": 1})
    corpo = envelope(status(), "NFeStatusServico4")
    assert [ask(sefaz, a1, corpo) for _ in range(3)] == ["107", esperado, "107"]


def test_faults_that_change_the_answer(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    sefaz.plano.add({"tipo": "sem_digval", "vezes": 1})
    resposta = sefaz.handle("/NFeAutorizacao4", envelope(lot(signed(document(), a1))), a1.der).corpo
    assert values(resposta, "nProt", "digVal") == ["135260000000001", ""]
    sefaz.plano.add({"tipo": "duplicate", "vezes": 1})
    assert send(sefaz, a1, lot(signed(document(numero=2), a1)))[1] == "204"
    sefaz.plano.add({"tipo": "cstat", "c_stat": 656, "motivo": "Rejeição: Consumo indevido", "vezes": 1})
    assert send(sefaz, a1, lot(signed(document(numero=3), a1)))[0] == "656"
    sefaz.plano.add({"tipo": "cstat", "c_stat": 539, "no_protocolo": True, "vezes": 1})
    assert send(sefaz, a1, lot(signed(document(numero=3), a1)))[:2] == ("104", "539")
    sefaz.plano.add({"tipo": "105", "segundos": 10, "vezes": 1})
    assert send(sefaz, a1, lot(signed(document(numero=3), a1)))[0] == "105"
    pergunta = envelope(query(document(numero=3)["@Id"][3:]), "NFeConsultaProtocolo4")
    assert ask(sefaz, a1, pergunta, "NFeConsultaProtocolo4") == "217"
    relogio.advance(11)
    assert ask(sefaz, a1, pergunta, "NFeConsultaProtocolo4") == "100"


def test_fault_window_and_company(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    fim = (AGORA + timedelta(hours=2)).isoformat()
    sefaz.plano.add({"tipo": "108", "cnpj": "99999999000191"})
    sefaz.plano.add({"tipo": "109", "inicio": AGORA.isoformat(), "fim": fim})
    corpo = envelope(status(), "NFeStatusServico4")
    assert ask(sefaz, a1, corpo) == "109"
    relogio.advance(7200)
    assert ask(sefaz, a1, corpo) == "107"
    with pytest.raises(ValueError, match="c_stat"):
        sefaz.plano.add({"tipo": "cstat"})
