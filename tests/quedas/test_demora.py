"""SEFAZ takes longer than a caller may wait: the caller is told what was made of the document by then."""

from pathlib import Path

from tests.quedas.mesa import open_mesa

from chancela.issuing.modelo import Estado


def test_the_caller_gets_the_document_as_it_is_stored(url_banco: str, tmp_path: Path) -> None:
    with open_mesa(url_banco, tmp_path, sem_espera=True, response_deadline_s=15.0) as mesa:
        nota = mesa.queue("DEMORADA")
        mesa.avaria.demora_s = 20.0
        vista = mesa.run(mesa.emissor.refresh(nota.id, mesa.empresa.id))
        assert (vista.estado, vista.protocolo) == (Estado.ASSINADO, None)
        assert vista.xml_assinado == mesa.now(nota).xml_assinado is not None
        mesa.run(mesa.emissor.close())
        assert mesa.now(nota).estado is Estado.AUTORIZADO
