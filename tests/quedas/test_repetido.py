"""A cancellation asked again while the first one ends: both are told the same."""

from pathlib import Path

from tests.quedas.mesa import open_mesa

from chancela.issuing.modelo import Estado

_MOTIVO = "Cancelamento por erro de digitação"


def test_a_repeated_cancellation_is_the_first_one(url_banco: str, tmp_path: Path) -> None:
    with open_mesa(url_banco, tmp_path) as mesa:
        nota = mesa.sold()
        primeira = mesa.run(mesa.eventos.cancel(mesa.empresa, nota, _MOTIVO))
        # `nota` is as it was read before: authorised, as a call sees it that races with the first one.
        segunda = mesa.run(mesa.eventos.cancel(mesa.empresa, nota, _MOTIVO))
        assert segunda.solicitacao.id == primeira.solicitacao.id
        assert segunda.documento.estado is Estado.CANCELADO
        assert mesa.asked("RecepcaoEvento4") + mesa.asked("NFeRecepcaoEvento4") == 1
