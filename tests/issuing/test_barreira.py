"""Equal refusals are counted over what a person can correct, and the fourth try is stopped."""

import pytest

from chancela.domain.erros import EstadoInvalido
from chancela.issuing.barreira import Recusa, check_barrier


def text(produto: str = "A", minuto: int = 0) -> bytes:
    return (
        f'<infNFe Id="NFe{minuto:044d}"><ide><cNF>{minuto:08d}</cNF><dhEmi>10:{minuto:02d}</dhEmi>'
        f"<dhSaiEnt>11:{minuto:02d}</dhSaiEnt><cDV>{minuto % 10}</cDV></ide><xProd>{produto}</xProd>"
        f"<hashCSRT>{minuto}</hashCSRT></infNFe>"
    ).encode()


def refusals(c_stat: int, quantas: int = 3) -> list[Recusa]:
    return [Recusa(c_stat, "Rejeição: motivo", text(minuto=n)) for n in range(quantas)]


def test_the_fourth_equal_try_is_stopped() -> None:
    with pytest.raises(EstadoInvalido) as erro:
        check_barrier(refusals(610), text(minuto=59))
    assert erro.value.codigo == "RECUSA-REPETIDA"
    assert "610" in erro.value.mensagem


@pytest.mark.parametrize(
    ("recusas", "texto"),
    [
        (refusals(610, 2), text(minuto=59)),
        (refusals(610), text(produto="B", minuto=59)),
        (refusals(108), text(minuto=59)),
        (refusals(109), text(minuto=59)),
        (refusals(999), text(minuto=59)),
        (refusals(703), text(minuto=59)),
    ],
)
def test_what_may_go(recusas: list[Recusa], texto: bytes) -> None:
    check_barrier(recusas, texto)


def test_what_was_refused_online_is_not_handed_over_offline() -> None:
    offline = text(minuto=59).replace(
        b"</ide>", b"<tpEmis>9</tpEmis><dhCont>10:58</dhCont><xJust>Sem acesso</xJust></ide>"
    )
    with pytest.raises(EstadoInvalido):
        check_barrier(refusals(1115), offline)
    check_barrier(refusals(713), offline)


def test_a_refusal_of_the_date_counts_the_very_same_bytes() -> None:
    with pytest.raises(EstadoInvalido):
        check_barrier([Recusa(703, "motivo", text())] * 3, text())
