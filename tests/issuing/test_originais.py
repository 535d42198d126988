"""Lost originals: what becomes of them, by what SEFAZ turned out to hold and how long ago, and what a customer may ask."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.issuing.test_decisao import AGORA, DOCUMENTO

from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Modelo
from chancela.issuing.modelo import Documento, Estado, Protocolo
from chancela.issuing.originais import Limpeza, check_holds_sale, choose_cleanup

PROTOCOLO = Protocolo("135260000000001", 100, "Autorizado", AGORA, "nosso=", b"<protNFe/>")
NFE = replace(DOCUMENTO, estado=Estado.AUTORIZADO, protocolo=PROTOCOLO, substituto_id="1" * 24)
NFCE = replace(NFE, modelo=Modelo.NFCE)
SUBSTITUTA = replace(NFCE, tp_emis=9, substituto_id=None)


@pytest.mark.parametrize(
    ("original", "substituto", "idade", "limpeza"),
    [
        (replace(NFE, estado=Estado.REJEITADO), NFE, timedelta(days=40), Limpeza.INUTILIZAR),
        (NFE, NFE, timedelta(hours=24), Limpeza.CANCELAR),
        (NFE, NFE, timedelta(hours=25), Limpeza.DECIDIR),
        (NFCE, SUBSTITUTA, timedelta(minutes=30), Limpeza.CANCELAR),
        (NFCE, SUBSTITUTA, timedelta(minutes=31), Limpeza.SUBSTITUIR),
        (NFCE, replace(SUBSTITUTA, estado=Estado.ASSINADO), timedelta(hours=2), Limpeza.ESPERAR),
        (NFCE, replace(SUBSTITUTA, estado=Estado.REJEITADO), timedelta(hours=2), Limpeza.DECIDIR),
        (NFCE, SUBSTITUTA, timedelta(hours=168), Limpeza.SUBSTITUIR),
        (NFCE, SUBSTITUTA, timedelta(hours=169), Limpeza.DECIDIR),
    ],
)
def test_the_way_out(original: Documento, substituto: Documento, idade: timedelta, limpeza: Limpeza) -> None:
    assert choose_cleanup(original, substituto, AGORA + idade) is limpeza


@pytest.mark.parametrize(
    ("original", "substituto", "idade", "recusa"),
    [
        (NFE, SUBSTITUTA, timedelta(hours=1), True),
        (replace(NFE, estado=Estado.CANCELADO), SUBSTITUTA, timedelta(hours=1), True),
        (replace(NFE, estado=Estado.REJEITADO), SUBSTITUTA, timedelta(hours=1), True),
        (replace(NFE, estado=Estado.INCERTO), replace(SUBSTITUTA, estado=Estado.INCERTO), timedelta(0), True),
        (NFE, SUBSTITUTA, timedelta(hours=25), False),
        (NFE, replace(SUBSTITUTA, estado=Estado.CANCELADO), timedelta(hours=1), False),
        (NFE, replace(SUBSTITUTA, estado=Estado.REJEITADO), timedelta(hours=1), False),
    ],
)
def test_what_is_asked_of_an_original_while_another_note_holds_its_sale(
    original: Documento, substituto: Documento, idade: timedelta, recusa: bool
) -> None:
    if not recusa:
        check_holds_sale(original, substituto, AGORA + idade)
        return
    with pytest.raises(EstadoInvalido) as erro:
        check_holds_sale(original, substituto, AGORA + idade)
    assert erro.value.codigo == "NOTA-SUBSTITUIDA"
    assert substituto.chave in erro.value.correcao
