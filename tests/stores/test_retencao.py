"""The end of contents: only what passed its term, only when told, and never what proves that the number existed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from obstore.store import ObjectStore
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed

from chancela.issuing.guarda import PRAZO_LEGAL_MESES
from chancela.issuing.modelo import Documento, Estado
from chancela.stores.artefatos import Artefatos, open_objects
from chancela.stores.conexao import Banco
from chancela.stores.conferencia import ConferenciaPg
from chancela.stores.documentos import DocumentosPg
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.retencao import RetencaoPg

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def objetos(tmp_path: Path) -> ObjectStore:
    return open_objects(tmp_path.as_uri())


def files(tmp_path: Path) -> list[Path]:
    return [p for p in tmp_path.rglob("*") if p.is_file()]


def issue(documentos: DocumentosPg, empresa: object, estado: Estado = Estado.AUTORIZADO) -> Documento:
    concessao = documentos.admit(new_document(empresa), dono="api", prazo_s=60).concessao  # type: ignore[arg-type]
    assert concessao is not None
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    fim = outcome(concessao, estado, tentativa, protocolo=protocol(), xml_autorizado=b"<nfeProc/>")
    return documentos.settle([fim])[0]


def age(superusuario: Sql, documento: Documento, intervalo: str) -> None:
    superusuario(
        "UPDATE documentos SET emitido_em = now() - %s::interval WHERE id = %s", intervalo, documento.id
    )


def test_only_what_passed_its_term_goes_and_its_story_stays(
    banco: Banco, superusuario: Sql, objetos: ObjectStore, tmp_path: Path
) -> None:
    empresa, outra = companies(banco, 2)
    documentos, artefatos, retencao = (
        DocumentosPg(banco),
        Artefatos(banco, objetos),
        RetencaoPg(banco, objetos),
    )
    velho, novo = issue(documentos, empresa), issue(documentos, empresa)
    alheio = issue(documentos, outra)
    artefatos.save(velho, "danfe", "AUTORIZADO-1", ".pdf", b"%PDF")
    artefatos.copy_pending()
    age(superusuario, velho, "133 months")
    age(superusuario, novo, "131 months")
    age(superusuario, alheio, "140 months")
    antes = len(files(tmp_path))

    vistos = retencao.overdue(PRAZO_LEGAL_MESES)
    assert [(v.empresa_id, v.documentos, v.bytes) for v in vistos] == [(empresa.id, 1, 10), (outra.id, 1, 10)]
    assert retencao.delete(empresa.id, PRAZO_LEGAL_MESES, ator="retencao") == 1
    assert retencao.delete(empresa.id, PRAZO_LEGAL_MESES, ator="retencao") == 0

    assert len(files(tmp_path)) == antes - 2
    assert artefatos.xml(velho.id, empresa.id) is None
    assert artefatos.xml(novo.id, empresa.id) == b"<nfeProc/>"
    assert artefatos.xml(alheio.id, outra.id) == b"<nfeProc/>"
    resta = documentos.get(velho.id, empresa.id)
    assert resta is not None
    assert (resta.chave, resta.numero, resta.estado) == (velho.chave, velho.numero, Estado.AUTORIZADO)
    assert resta.protocolo is not None
    assert resta.protocolo.numero == "135260000000001"
    assert (resta.xml_sem_assinatura, resta.xml_assinado, resta.protocolo.xml) == (b"", b"", b"")
    assert resta.resumo.destinatario_nome == ""
    marcos = [evento.marco.tipo for evento in LinhaDoTempo(banco).of(velho.id, empresa.id)]
    assert marcos == ["numerado", "assinado", "autorizado", "conteudo_excluido"]
    assert LinhaDoTempo(banco).verify_chain(empresa.id).quebra is None
    assert [c.faltas for c in ConferenciaPg(banco).run(lambda _: [])] == [[], []], "what ended is not missing"


def test_what_is_under_way_is_never_past_its_term(
    banco: Banco, superusuario: Sql, objetos: ObjectStore
) -> None:
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)
    vivo = documentos.admit(new_document(empresa), dono=None, prazo_s=60).documento
    age(superusuario, vivo, "200 months")
    retencao = RetencaoPg(banco, objetos)
    assert retencao.overdue(PRAZO_LEGAL_MESES) == []
    assert retencao.delete(empresa.id, PRAZO_LEGAL_MESES, ator="retencao") == 0


def test_more_than_one_batch(
    banco: Banco, superusuario: Sql, objetos: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)
    for _ in range(5):
        age(superusuario, issue(documentos, empresa), "133 months")
    monkeypatch.setattr("chancela.stores.retencao._LOTE", 2)
    assert RetencaoPg(banco, objetos).delete(empresa.id, PRAZO_LEGAL_MESES, ator="retencao") == 5
