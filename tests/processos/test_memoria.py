"""The working of an issued note, over the running platform: it stays that of the note as issued."""

from decimal import Decimal as D

import pytest
from tests.processos.apoio import Loja

from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


def test_the_working_is_that_of_the_note_as_issued(loja: Loja) -> None:
    calculada = loja.cliente.post("/api/invoice/calcular", loja.sale(id="MEMORIA-1"))
    assert calculada.corpo["success"], calculada.corpo
    assert loja.ledger() == [], "calculating sends nothing"
    criada = loja.cliente.post("/api/invoice/create", loja.sale(id="MEMORIA-1"))
    assert criada.corpo["success"], criada.corpo
    assert criada.dados["nfe"] == 1, "calculating used no number"
    detalhe = loja.cliente.get("/api/invoice/get_detail", uuid=criada.dados["uuid"], memoria="1").dados
    assert detalhe["memoria"] == calculada.dados["memoria"]
    assert D(str(detalhe["total_price"])) == D(calculada.dados["total"]["ICMSTot"]["vNF"])
