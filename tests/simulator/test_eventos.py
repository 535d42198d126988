"""Events and ranges of numbers: accepted when they must be, refused with the official code when they must be."""

from datetime import timedelta
from typing import Any

import pytest
from tests.simulator.amostra import (
    A1,
    AGORA,
    CNPJ,
    NS,
    SENHA,
    build_key,
    consumer_document,
    document,
    envelope,
    lot,
    sign,
    signed,
    values,
)
from tests.simulator.amostra_eventos import answer_of, ask, authorise, cancel, correct, lot_of, register

from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.sefaz import Sefaz


def test_a_cancelled_note_is_shown_as_cancelled_with_its_event(sefaz: Sefaz, a1: A1) -> None:
    chave, protocolo = authorise(sefaz, a1)
    lote, c_stat, motivo, n_prot = answer_of(sefaz, a1, lot_of(cancel(chave, protocolo), a1))
    assert (lote, c_stat, motivo) == ("128", "135", "Evento registrado e vinculado a NF-e")
    situacao, corpo = ask(sefaz, a1, chave)
    assert situacao == "101"
    assert corpo.count(b"<procEventoNFe") == 1
    assert n_prot.encode() in corpo
    assert register(sefaz, a1, cancel(chave, protocolo)) == "573"
    assert register(sefaz, a1, correct(chave)) == "580"


def test_letters_pile_up_and_the_note_stays_authorised(sefaz: Sefaz, a1: A1) -> None:
    chave, _ = authorise(sefaz, a1)
    assert [register(sefaz, a1, correct(chave, seq=n)) for n in (1, 2, 2)] == ["135", "135", "573"]
    situacao, corpo = ask(sefaz, a1, chave)
    assert (situacao, corpo.count(b"<procEventoNFe")) == ("100", 2)


@pytest.mark.parametrize(
    ("mudanca", "esperado"),
    [
        ({"orgao": "33"}, "250"),
        ({"autor": "99999999000191"}, "213"),
        ({"autor": "11222333000262"}, "574"),
        ({"autor": "11222333000180"}, "489"),
        ({"quando": AGORA + timedelta(minutes=6)}, "578"),
        ({"quando": AGORA - timedelta(minutes=2)}, "577"),
        ({"seq": 2}, "594"),
        ({"versao": "2.00"}, "492"),
        ({"tipo": "110199"}, "491"),
        ({"desc": "Cancelar"}, "493"),
        ({"detalhe": "<nProt>135260000009999</nProt><xJust>Erro no preenchimento da nota fiscal.</xJust>"}, "222"),
        ({"chave": build_key(numero=77)}, "494"),
        ({"chave": build_key(numero=1)[:43] + "x"}, "215"),
        ({"identidade": "ID110111" + "1" * 46}, "572"),
    ],
)  # fmt: skip
def test_cancelling_is_refused(sefaz: Sefaz, a1: A1, mudanca: dict[str, Any], esperado: str) -> None:
    chave, protocolo = authorise(sefaz, a1)
    lote, c_stat, _, _ = answer_of(sefaz, a1, lot_of(cancel(chave, protocolo) | mudanca, a1))
    assert (c_stat or lote) == esperado
    assert ask(sefaz, a1, chave)[0] == "100"


def test_late_cancelling_is_refused_unless_the_state_is_patient(
    sefaz: Sefaz, a1: A1, relogio: VirtualClock
) -> None:
    chave, protocolo = authorise(sefaz, a1)
    relogio.advance(24 * 3600 + 1)
    pedido = cancel(chave, protocolo, quando=relogio.now())
    assert register(sefaz, a1, pedido) == "501"
    sefaz.tolerancia_cancelamento_h = 480
    assert register(sefaz, a1, pedido) == "155"
    assert ask(sefaz, a1, chave)[0] == "151"


def test_a_consumer_note_has_half_an_hour_and_no_letter(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    nota, suplemento = consumer_document()
    corpo = sefaz.handle("/NFeAutorizacao4", envelope(lot(signed(nota, a1, suplemento))), a1.der).corpo
    chave, (protocolo,) = nota["@Id"][3:], values(corpo, "nProt")
    assert register(sefaz, a1, correct(chave)) == "784"
    relogio.advance(1801)
    assert register(sefaz, a1, cancel(chave, protocolo, quando=relogio.now())) == "501"


def test_a_touched_event_and_a_foreign_signer_are_refused(
    sefaz: Sefaz, a1: A1, autoridade: AutoridadeTeste
) -> None:
    chave, protocolo = authorise(sefaz, a1)
    bom = lot_of(cancel(chave, protocolo), a1)
    assert answer_of(sefaz, a1, bom.replace("Erro no", "Erro do"))[1] == "297"
    alheio = A1.load(
        autoridade.issue_test_certificate(nome="Outra", senha=SENHA, agora=AGORA, cnpj="45997418000153")
    )
    assert answer_of(sefaz, a1, lot_of(cancel(chave, protocolo), alheio))[1] == "213"
    assert answer_of(sefaz, a1, bom)[1] == "135"


def inut(a1: A1, inicio: int = 10, fim: int = 12, **mudancas: Any) -> str:
    c: dict[str, Any] = {"ano": "26", "cnpj": CNPJ, "serie": 1, "uf": "35"} | mudancas
    identidade = (
        c.get("identidade") or f"ID{c['uf']}{c['ano']}{c['cnpj']}55{c['serie']:03d}{inicio:09d}{fim:09d}"
    )
    inf = (
        f'<infInut Id="{identidade}"><tpAmb>2</tpAmb><xServ>INUTILIZAR</xServ><cUF>{c["uf"]}</cUF><ano>{c["ano"]}</ano>'
        f"<CNPJ>{c['cnpj']}</CNPJ><mod>55</mod><serie>{c['serie']}</serie><nNFIni>{inicio}</nNFIni><nNFFin>{fim}</nNFFin>"
        "<xJust>Falha no sistema durante a emissao</xJust></infInut>"
    )
    return f'<inutNFe xmlns="{NS}" versao="4.00">{inf}{sign(inf, identidade, a1, "infInut")}</inutNFe>'


def void(sefaz: Sefaz, a1: A1, mensagem: str) -> tuple[str, str]:
    corpo = sefaz.handle("/NFeInutilizacao4", envelope(mensagem, "NFeInutilizacao4"), a1.der).corpo
    return tuple(values(corpo, "cStat", "nProt"))  # type: ignore[return-value]


def test_a_range_is_voided_once_and_the_repeat_carries_its_protocol(sefaz: Sefaz, a1: A1) -> None:
    primeira = void(sefaz, a1, inut(a1))
    assert (primeira[0], bool(primeira[1])) == ("102", True)
    assert void(sefaz, a1, inut(a1)) == ("563", primeira[1])
    assert void(sefaz, a1, inut(a1, 12, 13)) == ("256", "")
    nota = signed(document(numero=11), a1)
    corpo = sefaz.handle("/NFeAutorizacao4", envelope(lot(nota)), a1.der).corpo
    assert b"<cStat>206</cStat>" in corpo


@pytest.mark.parametrize(
    ("pedido", "esperado"),
    [
        ({"inicio": 1, "fim": 3}, "241"),
        ({"inicio": 9, "fim": 8}, "224"),
        ({"inicio": 10, "fim": 10_010}, "201"),
        ({"ano": "27"}, "453"),
        ({"ano": "05"}, "454"),
        ({"serie": 890}, "266"),
        ({"cnpj": "99999999000191"}, "213"),
        ({"identidade": "ID" + "3" * 41}, "502"),
    ],
)
def test_a_range_is_refused(sefaz: Sefaz, a1: A1, pedido: dict[str, Any], esperado: str) -> None:
    authorise(sefaz, a1, numero=2)
    assert void(sefaz, a1, inut(a1, **pedido))[0] == esperado
    assert sefaz.livro.list_inutilizacoes({}) == []
