"""The canaries are seen in every form: without this, finding none would prove nothing."""

import base64
import json

import pytest
from tests.attack.canarios import Canarios

SEGREDO = "segredo-de-teste/ção+1"


@pytest.mark.parametrize("antes", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("depois", ["", "x", "xy"])
def test_every_form_is_seen(antes: str, depois: str) -> None:
    canarios = Canarios()
    canarios.add("senha", SEGREDO)
    inteiro = (antes + SEGREDO + depois).encode()
    for texto in (
        inteiro,
        inteiro.hex().encode(),
        inteiro.hex().upper().encode(),
        base64.b64encode(inteiro),
        base64.urlsafe_b64encode(inteiro),
        json.dumps({"a": inteiro.decode()}, ensure_ascii=False).encode(),
    ):
        assert canarios.found_in(b"antes " + texto + b" depois") == ["senha"], texto
    assert canarios.found_in(inteiro, menos=["senha"]) == []
    assert canarios.found_in(inteiro[:-20] + b"nada") == []
