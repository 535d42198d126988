"""A note sent without answer goes on in contingency under another number while the till knows only the first one.

The balance of random deaths has to stand it (a death of SEFAZ brings it about now and then); here it is made certain.
"""

from typing import Any

import pytest
from tests.processos.apoio import Loja, eventually
from tests.quedas.balanco import compare, standing_note, substitute_of, wait_until_done
from tests.quedas.casa import Casa

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("quedas")]

_PRAZO_S = 240.0


def detail(loja: Loja, uuid: str) -> dict[str, Any]:
    return loja.cliente.get("/api/invoice/get_detail", uuid=uuid).dados


def leave_behind(loja: Loja, perdida: str) -> tuple[str, list[int]]:
    """A sale whose answer is lost, as `perdida` says, while neither SEFAZ nor its SVC is there; then the SVC comes.

    The document that the till was told of, substituted by now, and the outage that still goes on.
    """
    loja.switch_svc("SP", 114)
    loja.plan_fault(tipo=perdida, servico="NFeAutorizacao4", vezes=1)
    falha = loja.start_outage("SP")
    sabida = loja.cliente.post("/api/invoice/create", loja.sale(id="SABIDA")).dados
    assert (sabida["status"], sabida["nfe"]) == ("Processing", 1)
    loja.switch_svc("SP", 107)
    eventually(
        lambda: loja.cliente.post("/api/invoice/create", loja.sale(id="OUTRA")).dados["status"] == "Success",
        prazo_s=_PRAZO_S,
    )
    eventually(lambda: substitute_of(detail(loja, sabida["uuid"])), prazo_s=_PRAZO_S)
    return sabida["uuid"], falha


@pytest.mark.parametrize(("perdida", "fim"), [("drop_after", "Canceled"), ("drop_before", "Voided")])
def test_the_sale_is_held_by_the_substitute_and_the_original_is_undone(
    casa: Casa, perdida: str, fim: str
) -> None:
    loja = Loja(casa.plataforma)
    original, falha = leave_behind(loja, perdida)
    loja.end_outage(falha)
    substituta = standing_note(loja, original, "Authorized", _PRAZO_S)
    assert (substituta["id"], substituta["contingencia"]["tp_emis"]) == ("SABIDA", 6)
    wait_until_done(casa, loja.cnpj, prazo_s=_PRAZO_S)
    assert detail(loja, original)["status"] == fim
    valem = compare(casa, loja.cnpj)
    assert [registro.estado for registro in valem] == ["AUTORIZADO"] * 2
    assert substituta["uuid"] in {registro.id for registro in valem}


def test_a_sale_is_not_taken_back_by_its_original(casa: Casa) -> None:
    """Else the till hears that its sale is cancelled while the note that holds it goes on being valid."""
    loja = Loja(casa.plataforma)
    original, falha = leave_behind(loja, "drop_after")
    loja.end_outage(falha)
    substituta = standing_note(loja, original, "Authorized", _PRAZO_S)
    carta = {"uuid": original, "correcao": "Corrigir o bairro do destinatario"}
    for vez, fim in enumerate(("", "Canceled")):
        eventually(lambda fim=fim: detail(loja, original)["status"] == fim or not fim, prazo_s=_PRAZO_S)
        for caminho, corpo in (("/api/invoice/cancel", {"uuid": original}), ("/api/invoice/cce/send", carta)):
            recusado = loja.cliente.post(caminho, {**corpo, "vez": vez})
            assert recusado.status == 400, recusado.corpo
            assert recusado.dados["codigo"] == "NOTA-SUBSTITUIDA"
            assert substituta["uuid"] in recusado.dados["erros"][0]["correcao"]
    eventually(
        lambda: loja.cliente.post("/api/invoice/cancel", {"uuid": substituta["uuid"]}).corpo["success"]
    )
    standing_note(loja, original, "Canceled", _PRAZO_S)
    assert loja.cliente.post("/api/invoice/cancel", {"uuid": original}).dados["status"] == "Canceled"
    wait_until_done(casa, loja.cnpj, prazo_s=_PRAZO_S)
    assert sorted(registro.estado for registro in compare(casa, loja.cnpj)) == ["AUTORIZADO", "CANCELADO"]
