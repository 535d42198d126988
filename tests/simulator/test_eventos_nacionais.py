"""Every kind of event that a taxpayer registers: accepted by its own authority, refused with the official code when it must be."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from tests.simulator.amostra import (
    A1,
    AGORA,
    BRASILIA,
    CNPJ,
    CNPJ_DEST,
    SENHA,
    build_key,
    consumer_document,
    document,
    envelope,
    lot,
    signed,
    values,
)
from tests.simulator.amostra_eventos import (
    ask,
    authorise,
    cancel,
    correct,
    epec,
    event,
    lot_of,
    lot_of_many,
    manifest,
    register,
)

from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.eventos.registro import EVENTOS
from chancela.simulator.sefaz import Sefaz

TRANSPORTADOR = "45997418000153"
HASH = b64encode(hashlib.sha1(b"imagem").digest()).decode()
HORA = AGORA.astimezone(BRASILIA).isoformat(timespec="seconds")
SISTEMA = "<cOrgaoAutor>35</cOrgaoAutor><verAplic>amostra 1.0</verAplic>"
EMITENTE = "<cOrgaoAutor>35</cOrgaoAutor><tpAutor>1</tpAutor><verAplic>amostra 1.0</verAplic>"


@pytest.fixture(scope="session")
def destinatario(autoridade: AutoridadeTeste) -> A1:
    pfx = autoridade.issue_test_certificate(nome="Destinataria", senha=SENHA, agora=AGORA, cnpj=CNPJ_DEST)
    return A1.load(pfx)


@pytest.fixture(scope="session")
def transportador(autoridade: AutoridadeTeste) -> A1:
    pfx = autoridade.issue_test_certificate(nome="Transportes", senha=SENHA, agora=AGORA, cnpj=TRANSPORTADOR)
    return A1.load(pfx)


def delivered(chave: str, **mudancas: Any) -> dict[str, Any]:
    quando = mudancas.pop("entrega", HORA)
    detalhe = (
        f"{EMITENTE}<dhEntrega>{quando}</dhEntrega><nDoc>12345678</nDoc><xNome>Quem recebeu</xNome>"
        f"<hashComprovante>{HASH}</hashComprovante>"
    )
    return event(chave, "110130", detalhe, **{"orgao": "91"} | mudancas)


def failed(chave: str, **mudancas: Any) -> dict[str, Any]:
    detalhe = (
        f"{SISTEMA}<dhTentativaEntrega>{HORA}</dhTentativaEntrega><tpMotivo>2</tpMotivo>"
        f"<hashTentativaEntrega>{HASH}</hashTentativaEntrega>"
    )
    return event(chave, "110192", detalhe, **{"orgao": "92"} | mudancas)


def paid(chave: str, **mudancas: Any) -> dict[str, Any]:
    detalhe = "<verAplic>amostra 1.0</verAplic><detPag><tPag>17</tPag><vPag>100.00</vPag><dPag>2026-11-21</dPag></detPag>"
    return event(chave, "110750", detalhe, **{"orgao": "92"} | mudancas)


def undo(chave: str, tipo: str, protocolo: str, orgao: str) -> dict[str, Any]:
    inicio = {"110131": EMITENTE, "110193": SISTEMA, "110751": "<verAplic>amostra 1.0</verAplic>"}[tipo]
    return event(chave, tipo, f"{inicio}<nProtEvento>{protocolo}</nProtEvento>", orgao=orgao)


def extend(chave: str, protocolo: str, tipo: str = "111500") -> dict[str, Any]:
    detalhe = f'<nProt>{protocolo}</nProt><itemPedido numItem="1"><qtdeItem>1</qtdeItem></itemPedido>'
    return event(chave, tipo, detalhe)


def share(chave: str, ator: str = TRANSPORTADOR, tp_autor: str = "1", **mudancas: Any) -> dict[str, Any]:
    autorizacao = mudancas.pop("autorizacao", "<tpAutorizacao>0</tpAutorizacao>")
    detalhe = (
        f"<cOrgaoAutor>35</cOrgaoAutor><tpAutor>{tp_autor}</tpAutor><verAplic>amostra 1.0</verAplic>"
        f"<autXML><CNPJ>{ator}</CNPJ></autXML>{autorizacao}"
    )
    return event(chave, "110150", detalhe, **{"orgao": "91"} | mudancas)


def protocol_of(sefaz: Sefaz, chave: str, tipo: str, sequencia: int = 1) -> str:
    registrado = sefaz.livro.find_evento(2, chave, tipo, sequencia)
    assert registrado is not None
    return registrado.protocolo


def carried(numero: int = 1) -> dict[str, Any]:
    """A note with a carrier in X03."""
    d = document(numero=numero)
    d["transp"] = {"modFrete": "0", "transporta": {"CNPJ": TRANSPORTADOR, "xNome": "Transportes"}}
    return d


def emit(sefaz: Sefaz, a1: A1, d: dict[str, Any], suplemento: str = "", caminho: str = "") -> tuple[str, str]:
    """cStat of the note and its protocol."""
    corpo = sefaz.handle(f"{caminho}/NFeAutorizacao4", envelope(lot(signed(d, a1, suplemento))), a1.der).corpo
    inicio = corpo.find(b"<protNFe ")
    dentro = corpo[inicio : corpo.find(b"</protNFe>") + 10] if inicio >= 0 else corpo
    return tuple(values(dentro, "cStat", "nProt"))  # type: ignore[return-value]


@pytest.mark.parametrize("fabrica", [delivered, failed, paid], ids=["110130", "110192", "110750"])
def test_an_issuer_event_is_registered_and_undone_once(sefaz: Sefaz, a1: A1, fabrica: Any) -> None:
    chave, protocolo = authorise(sefaz, a1)
    feito = fabrica(chave)
    desfaz = {"110130": "110131", "110192": "110193", "110750": "110751"}[feito["tipo"]]
    assert register(sefaz, a1, undo(chave, desfaz, "1" * 15, feito["orgao"])) == "459"
    assert register(sefaz, a1, feito | {"orgao": "35"}) == "250"
    assert register(sefaz, a1, feito) == "135"
    assert register(sefaz, a1, feito) == "573"
    if feito["tipo"] == "110130":
        assert register(sefaz, a1, cancel(chave, protocolo)) == "826"
    assert register(sefaz, a1, undo(chave, desfaz, "1" * 15, feito["orgao"])) == "460"
    desfeito = undo(chave, desfaz, protocol_of(sefaz, chave, feito["tipo"]), feito["orgao"])
    assert register(sefaz, a1, desfeito) == "135"
    assert register(sefaz, a1, desfeito | {"seq": 2}) == "459"
    assert register(sefaz, a1, cancel(chave, protocolo)) == "135"
    assert ask(sefaz, a1, chave)[1].count(b"<procEventoNFe ") == 3


def test_delivery_lies_between_the_note_and_the_event(sefaz: Sefaz, a1: A1) -> None:
    chave, _ = authorise(sefaz, a1)
    antes = (AGORA - timedelta(days=1)).astimezone(BRASILIA).isoformat(timespec="seconds")
    depois = (AGORA + timedelta(days=1)).astimezone(BRASILIA).isoformat(timespec="seconds")
    assert register(sefaz, a1, delivered(chave, entrega=antes)) == "823"
    assert register(sefaz, a1, delivered(chave, entrega=depois)) == "821"


def test_an_extension_is_asked_and_withdrawn(sefaz: Sefaz, a1: A1) -> None:
    chave, protocolo = authorise(sefaz, a1)
    assert register(sefaz, a1, extend(chave, "1" * 15)) == "222"
    assert register(sefaz, a1, extend(chave, protocolo)) == "135"
    assert register(sefaz, a1, extend(chave, protocolo, "111501")) == "135"
    pedido = f"ID111500{chave}01"
    desiste = event(
        chave, "111502", f"<idPedidoCancelado>{pedido}</idPedidoCancelado><nProt>{'1' * 15}</nProt>"
    )
    assert register(sefaz, a1, desiste) == "460"
    certo = desiste["detalhe"].replace("1" * 15, protocol_of(sefaz, chave, "111500"))
    assert register(sefaz, a1, desiste | {"tipo": "111503", "detalhe": certo}) == "637"
    assert register(sefaz, a1, desiste | {"detalhe": certo}) == "135"
    assert register(sefaz, a1, desiste | {"detalhe": certo, "seq": 2}) == "809"


def test_the_recipient_manifests_along_the_state_machine(
    sefaz: Sefaz, a1: A1, destinatario: A1, relogio: VirtualClock
) -> None:
    chave, protocolo = authorise(sefaz, a1)
    sem_motivo = manifest(chave, "210240") | {"detalhe": ""}
    assert register(sefaz, destinatario, sem_motivo) == "595"
    assert register(sefaz, a1, manifest(chave, autor=CNPJ)) == "575"
    assert register(sefaz, destinatario, manifest(chave, "210210", seq=2)) == "594"
    assert register(sefaz, destinatario, manifest(chave, "210210")) == "135"
    assert register(sefaz, destinatario, manifest(chave)) == "135"
    assert register(sefaz, a1, cancel(chave, protocolo)) == "221"
    assert register(sefaz, destinatario, manifest(chave, "210220")) == "135"
    assert register(sefaz, destinatario, manifest(chave, seq=2)) == "135"
    assert register(sefaz, destinatario, manifest(chave, seq=3)) == "594"
    outra, _ = authorise(sefaz, a1, numero=2)
    assert register(sefaz, destinatario, manifest(outra, "210240")) == "135"
    assert register(sefaz, destinatario, manifest(outra, "210210")) == "655"
    relogio.advance(181 * 86_400)
    assert register(sefaz, destinatario, manifest(outra, quando=relogio.now())) == "596"


def test_the_windows_of_the_recipient(sefaz: Sefaz, a1: A1, destinatario: A1, relogio: VirtualClock) -> None:
    chave, protocolo = authorise(sefaz, a1)
    cancelada, protocolo = authorise(sefaz, a1, numero=2)
    assert register(sefaz, a1, cancel(cancelada, protocolo)) == "135"
    assert register(sefaz, destinatario, manifest(cancelada, "210210")) == "650"
    assert register(sefaz, destinatario, manifest(cancelada, "210220")) == "651"
    assert register(sefaz, destinatario, manifest(build_key(numero=9))) == "494"
    relogio.advance(10 * 86_400 + 1)
    assert register(sefaz, destinatario, manifest(chave, "210210", quando=relogio.now())) == "596"
    assert register(sefaz, destinatario, manifest(chave, quando=relogio.now())) == "135"


def test_an_epec_comes_first_and_its_note_has_to_match(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    d = document(numero=7, emissao=AGORA)
    chave = build_key(numero=7, tp_emis="4")
    hora = d["ide"]["dhEmi"]
    d["@Id"] = f"NFe{chave}"
    d["ide"] |= {"tpEmis": "4", "cDV": chave[-1], "dhCont": hora, "xJust": "Autorizadora fora do ar"}
    assert emit(sefaz, a1, d)[0] == "468"
    assert register(sefaz, a1, epec(build_key(numero=7))) == "484"
    assert register(sefaz, a1, epec(chave, emissao=AGORA - timedelta(days=2))) == "228"
    assert register(sefaz, a1, epec(chave, v_nf="99.00")) == "136"
    assert register(sefaz, a1, epec(chave)) == "485"
    assert emit(sefaz, a1, d)[0] == "467"
    assert emit(sefaz, a1, document(numero=7))[0] == "692"
    certa = build_key(numero=8, tp_emis="4")
    assert register(sefaz, a1, epec(certa)) == "136"
    d["@Id"] = f"NFe{certa}"
    d["ide"] |= {"nNF": "8", "cDV": certa[-1]}
    relogio.advance(3600)
    assert emit(sefaz, a1, d)[0] == "100"
    troca = build_key(numero=8, tp_emis="4", cnf="48390218")
    assert register(sefaz, a1, epec(troca)) == "485"
    relogio.advance(8 * 86_400)
    nova = build_key(numero=9, tp_emis="4")
    assert register(sefaz, a1, epec(nova, emissao=relogio.now(), quando=relogio.now())) == "142"


def test_an_epec_is_not_for_a_number_that_exists(sefaz: Sefaz, a1: A1) -> None:
    authorise(sefaz, a1, numero=3)
    assert register(sefaz, a1, epec(build_key(numero=3, tp_emis="4"))) == "661"


def test_carriers_are_let_in_one_by_one(sefaz: Sefaz, a1: A1, transportador: A1, destinatario: A1) -> None:
    d = document()
    emit(sefaz, a1, d)
    chave = d["@Id"][3:]
    assert register(sefaz, a1, share(chave, autorizacao="")) == "827"
    assert register(sefaz, a1, share(chave, autorizacao="<tpAutorizacao>1</tpAutorizacao>")) == "829"
    assert register(sefaz, a1, share(chave, CNPJ)) == "421"
    assert register(sefaz, a1, share(chave, CNPJ_DEST)) == "422"
    assert register(sefaz, a1, share(chave, "11222333000180")) == "323"
    pedido = share(chave, "60409075000152", "3", autor=TRANSPORTADOR, autorizacao="")
    assert register(sefaz, transportador, pedido) == "585"
    assert register(sefaz, a1, share(chave)) == "135"
    assert register(sefaz, transportador, pedido | {"seq": 2}) == "831"
    assert register(sefaz, destinatario, share(chave, tp_autor="2", autor=CNPJ_DEST, seq=2)) == "449"
    outra = carried(numero=2)
    emit(sefaz, a1, outra)
    assert register(sefaz, transportador, pedido | {"chave": outra["@Id"][3:]}) == "135"


def test_a_consumer_note_is_replaced_by_its_offline_twin(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    perdida, suplemento = consumer_document(numero=1)
    _, protocolo = emit(sefaz, a1, perdida, suplemento)
    chave = perdida["@Id"][3:]
    twin = build_key(numero=2, modelo="65", tp_emis="9")

    def replace(**trocas: str) -> str:
        c = {"ref": twin, "orgao": "35", "prot": protocolo} | trocas
        detalhe = (
            f"<cOrgaoAutor>{c['orgao']}</cOrgaoAutor><tpAutor>1</tpAutor><verAplic>amostra</verAplic><nProt>{c['prot']}</nProt>"
            f"<xJust>Resposta perdida, venda refeita</xJust><chNFeRef>{c['ref']}</chNFeRef>"
        )
        return register(sefaz, a1, event(chave, "110112", detalhe, quando=relogio.now()))

    assert replace(ref=build_key(numero=2, modelo="65")) == "920"
    assert replace(orgao="43") == "455"
    assert replace(ref=twin[:43] + str((int(twin[43]) + 1) % 10)) == "910"
    assert replace() == "912"
    offline, suplemento = offline_twin(a1)
    assert emit(sefaz, a1, offline, suplemento)[0] == "100"
    assert replace(prot="1" * 15) == "222"
    relogio.advance(3600)
    assert replace() == "135"
    assert ask(sefaz, a1, chave)[0] == "101"
    assert replace() == "573"


def offline_twin(a1: A1) -> tuple[dict[str, Any], str]:
    """The offline NFC-e number 2, with the QR Code signed as version 3 asks."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    offline, suplemento = consumer_document(numero=2, tp_emis="9")
    dia = offline["ide"]["dhEmi"][8:10]
    parametros = f"{offline['@Id'][3:]}|3|2|{dia}|{offline['total']['ICMSTot']['vNF']}||"
    assinatura = b64encode(a1.chave.sign(parametros.encode(), PKCS1v15(), hashes.SHA1())).decode()
    return offline, suplemento.replace(f"{offline['@Id'][3:]}|3|2", f"{parametros}|{assinatura}")


def test_models_keep_apart(sefaz: Sefaz, a1: A1, destinatario: A1) -> None:
    d, suplemento = consumer_document()
    emit(sefaz, a1, d, suplemento)
    assert register(sefaz, a1, delivered(d["@Id"][3:])) == "450"
    assert register(sefaz, destinatario, manifest(d["@Id"][3:])) == "450"
    assert register(sefaz, a1, paid(d["@Id"][3:], orgao="35")) == "135"


def test_a_lot_judges_each_event_and_keeps_to_one_organ(sefaz: Sefaz, a1: A1) -> None:
    chaves = [authorise(sefaz, a1, numero=n) for n in (1, 2, 3)]
    lote = lot_of_many([cancel(*chaves[0]), correct(chaves[1][0]), delivered(chaves[2][0])], a1)
    corpo = sefaz.handle("/SP/NFeRecepcaoEvento4", envelope(lote, "NFeRecepcaoEvento4"), a1.der).corpo
    assert [corpo.count(f"<cStat>{c}</cStat>".encode()) for c in ("128", "135", "477")] == [1, 2, 1]
    vinte_e_um = lot_of_many([correct(chaves[1][0], seq=n) for n in range(1, 22)], a1)
    corpo = sefaz.handle("/SP/NFeRecepcaoEvento4", envelope(vinte_e_um, "NFeRecepcaoEvento4"), a1.der).corpo
    assert values(corpo, "cStat") == ["215"]


def test_the_contingency_authority_knows_only_its_own_notes(sefaz: Sefaz, a1: A1) -> None:
    de_casa, protocolo = authorise(sefaz, a1)
    d = document(numero=5)
    chave = build_key(numero=5, tp_emis="6")
    d["@Id"] = f"NFe{chave}"
    d["ide"] |= {
        "tpEmis": "6",
        "cDV": chave[-1],
        "dhCont": d["ide"]["dhEmi"],
        "xJust": "Autorizadora fora do ar",
    }
    sefaz.svc_desligada["SP"] = 114
    assert emit(sefaz, a1, d)[0] == "114"
    del sefaz.svc_desligada["SP"]
    c_stat, prot_svc = emit(sefaz, a1, d)
    assert c_stat == "100"

    def at_svc(e: dict[str, Any]) -> str:
        corpo = sefaz.handle(
            "/SVC-AN/NFeRecepcaoEvento4", envelope(lot_of(e, a1), "NFeRecepcaoEvento4"), a1.der
        ).corpo
        inicio = corpo.find(b"<retEvento ")
        return values(corpo[inicio : corpo.find(b"</retEvento>") + 12], "cStat")[0]

    assert at_svc(correct(de_casa)) == "494"
    assert at_svc(cancel(de_casa, protocolo)) == "494"
    assert at_svc(correct(chave)) == "135"
    assert at_svc(cancel(chave, prot_svc)) == "135"
    assert (
        sefaz.handle("/SVC-AN/NFeInutilizacao4", envelope("<x/>", "NFeInutilizacao4"), a1.der).status == 404
    )
    assert sefaz.handle("/AN/NFeAutorizacao4", envelope("<x/>"), a1.der).status == 404


def test_every_kind_of_the_registry_is_judged_here() -> None:
    aqui = {
        "110110", "110111", "110112", "110130", "110131", "110140", "110150", "110192", "110193", "110750", "110751",
        "111500", "111501", "111502", "111503", "210200", "210210", "210220", "210240",
    }  # fmt: skip
    assert set(EVENTOS) == aqui
