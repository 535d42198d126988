"""What is kept of a category from one document to the next changes no result."""

from datetime import date
from decimal import Decimal as D
from itertools import permutations
from typing import Any

import pytest
from tests.domain.tributos.fabrica import calcular, categoria, codigos, icms, item

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos import escolhas
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.entrada import TipoOperacao, TipoPessoa

OPERACOES: list[dict[str, Any]] = [
    {},
    {"uf_destinatario": Uf.RJ},
    {"uf_destinatario": Uf.BA, "ind_ie_dest": "9", "ind_final": True, "tipo_pessoa": TipoPessoa.FISICA},
    {"uf_emitente": Uf.MG, "uf_destinatario": Uf.MG},
    {"tipo": TipoOperacao.ENTRADA, "uf_destinatario": Uf.RJ},
    {"tipo": TipoOperacao.ENTRADA, "uf_destinatario": Uf.RJ, "finalidade": "4"},
    {"data_emissao": date(2024, 1, 10)},
    {"modelo": Modelo.NFCE, "ind_ie_dest": "9", "ind_final": True},
    {"cfg": {"ajustar_cfop": False}},
]


def venda() -> Categoria:
    """A category whose rates depend on the state, the direction and the recipient."""
    return categoria(icms("00", aliquota_icms={Uf.RJ: D("22")}), ibs=("000", "000001"))


def test_every_operation_is_read_as_if_the_category_were_new() -> None:
    sempre = venda()
    for ordem in (OPERACOES, OPERACOES[::-1], OPERACOES):
        for campos in ordem:
            assert calcular(item("100.00", sempre), **campos) == calcular(item("100.00", venda()), **campos)


@pytest.mark.parametrize("origens", list(permutations("012", 2)))
def test_imported_goods_do_not_leave_their_rate_to_the_others(origens: tuple[str, str]) -> None:
    sempre = venda()
    for origem in origens:
        campos: dict[str, Any] = {"uf_destinatario": Uf.BA}
        de_novo = calcular(item("100.00", venda(), origem=origem), **campos)
        assert calcular(item("100.00", sempre, origem=origem), **campos) == de_novo


def test_a_category_with_a_bad_number_is_refused_every_time() -> None:
    ruim = categoria(icms("00", aliquota_icms={Uf.SP: D("-1")}))
    assert codigos(calcular(item("10.00", ruim))) == codigos(calcular(item("10.00", ruim))) == ["TRIB-NUM-01"]


def test_an_equal_category_is_not_taken_for_another() -> None:
    boa, outra = venda(), categoria(icms("40"), ibs=("000", "000001"))
    for _ in range(2):
        assert calcular(item("10.00", boa)).itens[0].icms != calcular(item("10.00", outra)).itens[0].icms


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escolhas, "_CAPACIDADE", 1)
    for _ in range(3):
        assert calcular(item("100.00", venda())).totais.icms.valor == D("18.00")
        assert len(escolhas._guardadas) == 1  # pyright: ignore[reportPrivateUsage]
        assert len(escolhas._conferidas) == 1  # pyright: ignore[reportPrivateUsage]
