"""An outage ends while a document is being put to rest for it: the document does not sleep through the end."""

from pathlib import Path

from tests.quedas.mesa import Mesa, open_mesa

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.circuito import Alvo
from chancela.issuing.modelo import Documento, Estado
from chancela.stores.circuitos import CircuitosPg

_FALHAS = 3


def close_unheard(mesa: Mesa) -> None:
    """SEFAZ is back, as another process noted; who waited was woken, and this process has not looked since."""
    circuitos = CircuitosPg(mesa.pecas.banco, mesa.relogio)
    for circuito in circuitos.load():
        if circuito.aberto:
            circuitos.settle_status(circuito.alvo, 107, "Serviço em Operação", [mesa.empresa.endereco.uf])


def rest(mesa: Mesa, referencia: str) -> Documento:
    """A note of a company that does not want the SVC, put to rest since its authorizer is down."""
    mesa.pecas.empresas.configure(mesa.empresa.id, lambda _: {"contingencia": {"nfe": "desligada"}})
    nota = mesa.queue(referencia)
    for _ in range(_FALHAS):
        mesa.run(mesa.vigia.note_failure(nota, "sem conexão"))
    mesa.drain()
    assert mesa.now(nota).estado is Estado.PENDENTE
    return nota


def test_a_note_put_to_rest_as_the_outage_ends_goes_on_at_once(url_banco: str, tmp_path: Path) -> None:
    with open_mesa(url_banco, tmp_path) as mesa:
        nota = rest(mesa, "ESQUECIDA")
        close_unheard(mesa)
        vista = mesa.run(mesa.emissor.refresh(nota.id, mesa.empresa.id))
        assert "fora do ar" in vista.motivo, "it was decided on what this process remembered"
        mesa.drain()
        assert mesa.now(nota).estado is Estado.AUTORIZADO


def test_a_note_rests_as_long_as_the_outage_lasts(url_banco: str, tmp_path: Path) -> None:
    with open_mesa(url_banco, tmp_path) as mesa:
        nota = rest(mesa, "PARADA")
        parada = mesa.query("SELECT proxima_acao FROM documentos")
        mesa.drain(depois_de_s=60)
        assert mesa.query("SELECT proxima_acao FROM documentos") == parada
        assert mesa.now(nota).estado is Estado.PENDENTE
        assert mesa.asked("NFeAutorizacao4") == 0


def test_a_note_that_lay_down_as_its_svc_stepped_in_is_due_at_once(url_banco: str, tmp_path: Path) -> None:
    with open_mesa(url_banco, tmp_path) as mesa:
        nota = rest(mesa, "SEM-SVC")
        svc = Alvo("SVC-AN", Modelo.NFE, Ambiente.HOMOLOGACAO, mesa.empresa.endereco.uf)
        CircuitosPg(mesa.pecas.banco, mesa.relogio).settle_status(svc, 107, "Serviço em Operação", [])
        (parada,) = mesa.query("SELECT proxima_acao FROM documentos")
        mesa.run(mesa.vigia.wake_if_over(nota))
        assert mesa.query("SELECT proxima_acao FROM documentos") == [parada], "it knew of the SVC"
        mesa.run(mesa.vigia.wake_if_over(nota, svc_inativa=True))
        assert mesa.query("SELECT proxima_acao FROM documentos") == [(mesa.relogio.now(),)]
