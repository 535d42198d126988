"""What becomes of a lost original, by what SEFAZ turned out to hold and how long ago."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.issuing.test_decisao import AGORA, DOCUMENTO

from chancela.domain.identidade import Modelo
from chancela.issuing.limpeza import Limpeza, choose_cleanup
from chancela.issuing.modelo import Documento, Estado, Protocolo

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
