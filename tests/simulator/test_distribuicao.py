"""NFeDistribuicaoDFe: who receives what and when, page by page, and who is told to wait."""

import base64
import gzip
from typing import Any

import pytest
from lxml import etree
from tests.simulator.amostra import (
    A1,
    AGORA,
    CNPJ,
    CNPJ_DEST,
    NS,
    SENHA,
    build_key,
    document,
    envelope,
    values,
)
from tests.simulator.amostra_eventos import cancel, correct, manifest, register
from tests.simulator.test_eventos_nacionais import TRANSPORTADOR, carried, emit, share

from chancela.kit.clock import VirtualClock
from chancela.simulator import xml
from chancela.simulator.assinador import Assinador
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.estado import Consumo
from chancela.simulator.fornecedor import Fornecedores
from chancela.simulator.nota_ficticia import FORNECEDOR, Encomenda
from chancela.simulator.sefaz import Sefaz
from chancela.simulator.tabelas import PRACAS

CONTADOR = "60409075000152"
FONTES = {
    "resNFe_v1.01.xsd": "nfe_dist_dfe/schemas/v1_0/resNFe_v1.01",
    "resEvento_v1.01.xsd": "nfe_dist_dfe/schemas/v1_0/resEvento_v1.01",
    "procNFe_v4.00.xsd": "procNFe_v4.00",
    "procEventoNFe_v1.00.xsd": "nfe_evento_generico/schemas/v1_0/procEventoNFe_v1.00",
}


class Interessado:
    """Someone who asks for documents, as an application would."""

    def __init__(self, sefaz: Sefaz, a1: A1, documento: str) -> None:
        self.sefaz, self.a1, self.documento = sefaz, a1, documento

    def ask(self, pergunta: str, documento: str = "") -> tuple[str, list[tuple[int, str, bytes]], list[int]]:
        """cStat, documents (NSU, schema, XML) and [ultNSU, maxNSU]."""
        mensagem = (
            f'<distDFeInt xmlns="{NS}" versao="1.01"><tpAmb>2</tpAmb><cUFAutor>35</cUFAutor>'
            f"<CNPJ>{documento or self.documento}</CNPJ>{pergunta}</distDFeInt>"
        )
        ns = "http://www.portalfiscal.inf.br/nfe/wsdl/NFeDistribuicaoDFe"
        corpo = (
            f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><nfeDistDFeInteresse xmlns="{ns}">'
            f"<nfeDadosMsg>{mensagem}</nfeDadosMsg></nfeDistDFeInteresse></s:Body></s:Envelope>"
        )
        resposta = self.sefaz.handle("/NFeDistribuicaoDFe", corpo.encode(), self.a1.der).corpo
        assert b"<nfeDistDFeInteresseResult>" in resposta
        achados: list[tuple[int, str, bytes]] = []
        for zipado in etree.fromstring(resposta).iter(f"{{{NS}}}docZip"):
            documento_xml = gzip.decompress(base64.b64decode(zipado.text or ""))
            assert xml.esquema_nfe(FONTES[zipado.get("schema", "")]).check(xml.parse(documento_xml)) is None
            achados.append((int(zipado.get("NSU", "0")), zipado.get("schema", ""), documento_xml))
        c_stat, ult, maximo = values(resposta, "cStat", "ultNSU", "maxNSU")
        return c_stat, achados, [int(ult), int(maximo)]

    def page(self, ult: int = 0) -> tuple[str, list[tuple[int, str, bytes]], list[int]]:
        return self.ask(f"<distNSU><ultNSU>{ult:015d}</ultNSU></distNSU>")

    def key(self, chave: str) -> tuple[str, list[tuple[int, str, bytes]], list[int]]:
        return self.ask(f"<consChNFe><chNFe>{chave}</chNFe></consChNFe>")

    def kinds(self) -> list[str]:
        """What the queue holds, in order, without asking."""
        linhas = self.sefaz.livro.page(2, self.documento, 0, "", 10_000)
        return [linha.tipo.value.partition("_")[0] for linha in linhas]


@pytest.fixture(scope="module")
def certificados(autoridade: AutoridadeTeste) -> dict[str, A1]:
    donos = {"dest": CNPJ_DEST, "transp": TRANSPORTADOR, "contador": CONTADOR}
    return {
        nome: A1.load(autoridade.issue_test_certificate(nome=nome, senha=SENHA, agora=AGORA, cnpj=cnpj))
        for nome, cnpj in donos.items()
    }


@pytest.fixture
def gente(sefaz: Sefaz, a1: A1, certificados: dict[str, A1]) -> dict[str, Interessado]:
    pessoas = {"emitente": Interessado(sefaz, a1, CNPJ)}
    for nome, cnpj in (("dest", CNPJ_DEST), ("transp", TRANSPORTADOR), ("contador", CONTADOR)):
        pessoas[nome] = Interessado(sefaz, certificados[nome], cnpj)
    return pessoas


@pytest.fixture(scope="module")
def assinador(autoridade: AutoridadeTeste) -> Assinador:
    return Assinador.issue(autoridade, "Fornecedor", FORNECEDOR, AGORA)


@pytest.fixture
def fornecedores(sefaz: Sefaz, assinador: Assinador) -> Fornecedores:
    return Fornecedores(sefaz, {FORNECEDOR: assinador})


def shared_note(sefaz: Sefaz, a1: A1, numero: int = 1) -> tuple[str, str]:
    """A note with recipient, carrier and accountant; its key and protocol."""
    d = carried(numero)
    d = {k: v for k, v in d.items() if k not in ("det",)} | {"autXML": {"CNPJ": CONTADOR}, "det": d["det"]}
    ordem = ("@versao", "@Id", "ide", "emit", "dest", "autXML", "det", "total", "transp", "pag")
    c_stat, protocolo = emit(sefaz, a1, {k: d[k] for k in ordem})
    assert c_stat == "100"
    return d["@Id"][3:], protocolo


def test_each_party_hears_what_concerns_it(sefaz: Sefaz, a1: A1, gente: dict[str, Interessado]) -> None:
    chave, protocolo = shared_note(sefaz, a1)
    assert {nome: g.kinds() for nome, g in gente.items()} == {
        "emitente": [], "dest": ["resNFe"], "transp": ["procNFe"], "contador": ["procNFe"]
    }  # fmt: skip
    assert register(sefaz, a1, correct(chave)) == "135"
    assert gente["dest"].kinds() == ["resNFe"]
    assert register(sefaz, gente["dest"].a1, manifest(chave, "210210")) == "135"
    assert gente["dest"].kinds() == ["resNFe", "procNFe", "procEventoNFe"]
    assert gente["emitente"].kinds() == ["procEventoNFe"]
    assert gente["transp"].kinds() == ["procNFe", "procEventoNFe"]
    assert gente["contador"].kinds() == ["procNFe", "procEventoNFe", "procEventoNFe"]
    assert register(sefaz, a1, correct(chave, seq=2)) == "135"
    assert register(sefaz, a1, cancel(chave, protocolo)) == "135"
    assert gente["dest"].kinds() == ["resNFe", "procNFe", *["procEventoNFe"] * 3]
    c_stat, documentos, nsus = gente["dest"].page()
    assert (c_stat, nsus, [d[0] for d in documentos]) == ("138", [5, 5], [1, 2, 3, 4, 5])
    assert b"<cSitNFe>3</cSitNFe>" in documentos[0][2]
    assert protocolo.encode() in documentos[1][2]


def test_a_denial_opens_nothing_and_a_carrier_is_let_in(
    sefaz: Sefaz, a1: A1, gente: dict[str, Interessado]
) -> None:
    d = document()
    emit(sefaz, a1, d)
    chave = d["@Id"][3:]
    assert register(sefaz, gente["dest"].a1, manifest(chave, "210220")) == "135"
    assert gente["dest"].kinds() == ["resNFe"]
    assert register(sefaz, a1, share(chave)) == "135"
    assert gente["transp"].kinds() == ["procNFe", "procEventoNFe"]
    assert gente["transp"].key(chave)[0] == "138"


def test_three_thousand_are_served_fifty_at_a_time(
    sefaz: Sefaz, gente: dict[str, Interessado], fornecedores: Fornecedores
) -> None:
    chaves = [fornecedores.issue_nota(Encomenda(CNPJ_DEST)) for _ in range(120)]
    recebidas, ult, paginas = [], 0, []
    while True:
        c_stat, documentos, (ult, maximo) = gente["dest"].page(ult)
        assert c_stat == "138"
        paginas.append(len(documentos))
        recebidas += [values(d, "chNFe")[0] for _, _, d in documentos]
        if ult == maximo:
            break
    assert paginas == [50, 50, 20]
    assert recebidas == chaves
    assert gente["dest"].page(maximo)[0] == "656"


def test_an_hour_passes_between_two_empty_answers(
    sefaz: Sefaz, gente: dict[str, Interessado], relogio: VirtualClock, fornecedores: Fornecedores
) -> None:
    dest = gente["dest"]
    assert dest.page() == ("137", [], [0, 0])
    relogio.advance(1200)
    assert dest.page()[0] == "656"
    relogio.advance(3000)
    assert dest.page()[0] == "656", "every try renews the block"
    relogio.advance(3601)
    fornecedores.issue_nota(Encomenda(CNPJ_DEST))
    assert dest.page()[0] == "138"


def test_going_back_is_abuse_and_the_answer_says_where_to_go_on(
    sefaz: Sefaz, gente: dict[str, Interessado], fornecedores: Fornecedores
) -> None:
    for _ in range(160):
        fornecedores.issue_nota(Encomenda(CNPJ_DEST))
    dest = gente["dest"]
    assert dest.page(0)[2] == [50, 160]
    assert dest.page(0)[2] == [50, 160], "a lost answer may be asked for again"
    assert dest.page(50)[2] == [100, 160]
    c_stat, _, nsus = dest.page(0)
    assert (c_stat, nsus) == ("656", [100, 160])
    sefaz.consumo = Consumo(distribuicao=False)
    assert dest.page(0)[0] == "138"
    assert dest.page(161)[0] == "589"


def test_one_number_and_one_key(
    sefaz: Sefaz, a1: A1, gente: dict[str, Interessado], relogio: VirtualClock
) -> None:
    chave, _ = shared_note(sefaz, a1)
    dest, transp = gente["dest"], gente["transp"]
    assert [d[1] for d in dest.ask("<consNSU><NSU>000000000000001</NSU></consNSU>")[1]] == [
        "resNFe_v1.01.xsd"
    ]
    assert [d[1] for d in dest.key(chave)[1]] == ["resNFe_v1.01.xsd"]
    assert [d[1] for d in transp.key(chave)[1]] == ["procNFe_v4.00.xsd"]
    assert gente["emitente"].key(chave)[0] == "641"
    assert dest.key(build_key(numero=99))[0] == "217"
    assert dest.key(chave[:43] + str((int(chave[43]) + 1) % 10))[0] == "236"
    alheia, _ = emit(sefaz, a1, document(numero=2))
    assert alheia == "100"
    assert transp.key(document(numero=2)["@Id"][3:])[0] == "640"
    assert dest.ask("<consChNFe><chNFe>" + chave + "</chNFe></consChNFe>", CNPJ)[0] == "593"
    relogio.advance(91 * 86_400)
    assert dest.key(chave)[0] == "632"
    assert dest.page()[0] == "137"


def test_a_cancelled_note_is_not_for_download_and_twenty_queries_an_hour_are_enough(
    sefaz: Sefaz, a1: A1, gente: dict[str, Interessado]
) -> None:
    chave, protocolo = shared_note(sefaz, a1)
    register(sefaz, a1, cancel(chave, protocolo))
    assert [gente["dest"].key(chave)[0] for _ in range(21)] == ["653"] * 20 + ["656"]


def test_a_queue_may_begin_with_the_first_question(
    sefaz: Sefaz, gente: dict[str, Interessado], relogio: VirtualClock, fornecedores: Fornecedores
) -> None:
    sefaz.consumo = Consumo(primeiro_contato=True)
    fornecedores.issue_nota(Encomenda(CNPJ_DEST))
    relogio.advance(60)
    assert gente["dest"].page()[0] == "137"
    relogio.advance(3601)
    nova = fornecedores.issue_nota(Encomenda(CNPJ_DEST))
    assert [values(d, "chNFe")[0] for _, _, d in gente["dest"].page()[1]] == [nova]


def test_a_supplier_of_every_state_is_authorised(sefaz: Sefaz, fornecedores: Fornecedores) -> None:
    for uf in PRACAS:
        fornecedores.issue_nota(Encomenda(CNPJ_DEST, uf=uf, ie=PRACAS[uf].ie))


def test_the_fisco_stands_in_the_way_of_a_cancellation(
    sefaz: Sefaz, gente: dict[str, Interessado], fornecedores: Fornecedores
) -> None:
    casos: dict[str, Any] = {"610500": 219, "610600": 690, "790700": 939, "990900": 304}
    for tipo, esperado in casos.items():
        chave = fornecedores.issue_nota(Encomenda(CNPJ_DEST))
        assert fornecedores.register_evento(chave, tipo, {})["c_stat"] == 135
        assert fornecedores.register_evento(chave, "110111", {})["c_stat"] == esperado
    chave = fornecedores.issue_nota(Encomenda(CNPJ_DEST))
    assert [fornecedores.register_evento(chave, t, {})["c_stat"] for t in ("610610", "610611", "110111")] == [
        135
    ] * 3
    assert {"resEvento", "procEventoNFe"} < set(gente["dest"].kinds())
    with pytest.raises(ValueError, match="não é dos que esta chamada registra"):
        fornecedores.register_evento(chave, "210200", {})


def test_only_the_national_environment_distributes(sefaz: Sefaz, a1: A1) -> None:
    assert (
        sefaz.handle("/SP/NFeDistribuicaoDFe", envelope("<x/>", "NFeDistribuicaoDFe"), a1.der).status == 404
    )


def test_a_certificate_that_names_nobody_has_its_own_answer(sefaz: Sefaz) -> None:
    pfx = sefaz.autoridade.issue_test_certificate(nome="Sem Titular", senha=SENHA, agora=AGORA)
    assert Interessado(sefaz, A1.load(pfx), CNPJ).page()[0] == "473"
