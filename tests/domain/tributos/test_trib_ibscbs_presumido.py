"""ADR 0015: what a silent category of the normal regime means in 2026."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, icms, item, por_uf

from chancela.domain.identidade import Uf
from chancela.domain.tributos.resultado import Resultado

VENDA = categoria(icms("00", aliquota_icms=por_uf(Uf.SP, "18")))


def _sale(
    data: date = date(2026, 11, 21), cfg: dict[str, Any] | None = None, cst: str = "00", **campos: Any
) -> Resultado:
    alvo = VENDA if cst == "00" else categoria(icms(cst))
    return calcular(item("1000.00", alvo), data_emissao=data, cfg=cfg or {}, **campos)


def test_a_taxed_sale_of_2026_gets_full_taxation_and_a_warning() -> None:
    resultado = _sale()
    assert not resultado.violacoes
    grupo = resultado.itens[0].ibs_cbs
    assert grupo is not None
    assert (grupo.cst, grupo.classificacao) == ("000", "000001")
    assert "TRIB-IBSCBS-13" in {aviso.codigo for aviso in resultado.avisos}
    assert resultado.totais.ibs_cbs is not None
    assert resultado.totais.ibs_cbs.base_calculo > D(0)


@pytest.mark.parametrize(
    ("campos", "aviso"),
    [
        ({"data": date(2026, 8, 2)}, None),
        ({"data": date(2027, 1, 4)}, "TRIB-IBSCBS-12"),
        ({"cst": "41"}, "TRIB-IBSCBS-12"),
        ({"cfg": {"presumir_ibscbs": False}}, "TRIB-IBSCBS-12"),
    ],
)
def test_everything_else_stays_silent_and_is_told(campos: dict[str, Any], aviso: str | None) -> None:
    resultado = _sale(**campos)
    assert resultado.itens[0].ibs_cbs is None
    codigos = {a.codigo for a in resultado.avisos if a.codigo.startswith("TRIB-IBSCBS")}
    assert codigos == ({aviso} if aviso else set())


def test_a_company_may_make_the_silence_an_error() -> None:
    resultado = _sale(cfg={"exigir_ibscbs": True})
    assert "TRIB-IBSCBS-11" in {v.codigo for v in resultado.violacoes}
