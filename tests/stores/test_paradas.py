"""The switch that stops issuing: no number is given behind it, and nothing else stops."""

import pytest
from tests.stores.fabrica import companies, new_document, outcome, plan, signed

from chancela.domain.erros import EstadoInvalido
from chancela.issuing.modelo import Estado
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.paradas import ParadasPg


def refused(documentos: DocumentosPg, novo: object) -> str:
    with pytest.raises(EstadoInvalido) as erro:
        documentos.admit(novo, dono=None, prazo_s=60)  # type: ignore[arg-type]
    assert erro.value.codigo == "EMISSAO-PARADA"
    return erro.value.mensagem


def test_one_company_is_stopped_and_the_others_go_on(banco: Banco) -> None:
    parada, livre = companies(banco, 2)
    documentos, paradas = DocumentosPg(banco), ParadasPg(banco)
    paradas.stop(parada.id, "certificado comprometido", "operador")
    assert "certificado comprometido" in refused(documentos, new_document(parada))
    assert documentos.admit(new_document(livre), dono=None, prazo_s=60).documento.numero == 1
    assert paradas.resume(parada.id)
    assert not paradas.resume(parada.id)
    assert documentos.admit(new_document(parada), dono=None, prazo_s=60).documento.numero == 1, (
        "no number was used"
    )


def test_the_switch_of_all_stops_all_and_keeps_its_date(banco: Banco) -> None:
    empresa, outra = companies(banco, 2)
    documentos, paradas = DocumentosPg(banco), ParadasPg(banco)
    paradas.stop(None, "restauração", "operador")
    desde = paradas.list()[0].desde
    paradas.stop(None, "restauração em conferência", "outro")
    paradas.stop(outra.id, "dívida", "operador")
    assert "restauração em conferência" in refused(documentos, new_document(empresa))
    assert [(p.empresa_id, p.motivo, p.ator) for p in paradas.list()] == [
        (None, "restauração em conferência", "outro"),
        (outra.id, "dívida", "operador"),
    ]
    assert paradas.list()[0].desde == desde
    paradas.resume(None)
    refused(documentos, new_document(outra))


def test_what_has_its_number_goes_on_and_a_reissue_does_not(banco: Banco) -> None:
    (empresa,) = companies(banco)
    documentos, paradas = DocumentosPg(banco), ParadasPg(banco)
    novo = new_document(empresa, referencia="PEDIDO-1")
    concessao = documentos.admit(novo, dono="a", prazo_s=60).concessao
    assert concessao is not None
    paradas.stop(None, "parada", "operador")
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    (documento,) = documentos.settle([outcome(concessao, Estado.REJEITADO, tentativa)])
    assert documento.estado is Estado.REJEITADO
    refused(documentos, new_document(empresa, referencia="PEDIDO-1", conteudo="b"))
    atual = documentos.get(documento.id, empresa.id)
    assert atual is not None
    assert (atual.estado, atual.numero) == (Estado.REJEITADO, 1)
