"""The same files in an S3: written once, found missing or altered, torn ones made anew, and all of it later when it is away."""

from collections.abc import Callable, Iterator

import obstore
import pytest
from obstore.store import ObjectStore
from tests.fixtures.objetos import ServidorDeObjetos, open_s3
from tests.stores.fabrica import authorised

from chancela.issuing.modelo import Documento
from chancela.stores.artefatos import Artefatos
from chancela.stores.conexao import Banco

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def s3() -> Iterator[ServidorDeObjetos]:
    with open_s3() as servidor:
        yield servidor


@pytest.fixture
def objetos(s3: ServidorDeObjetos) -> ObjectStore:
    return s3.open()


@pytest.fixture
def artefatos(banco: Banco, objetos: ObjectStore) -> Artefatos:
    return Artefatos(banco, objetos)


@pytest.fixture
def documento(banco: Banco) -> Documento:
    return authorised(banco, b"<nfeProc/>")


def test_the_database_comes_first_and_the_copy_after(
    artefatos: Artefatos, documento: Documento, s3: ServidorDeObjetos, objetos: ObjectStore
) -> None:
    assert artefatos.xml(documento.id, documento.empresa_id) == b"<nfeProc/>"
    assert s3.paths() == []
    assert (artefatos.copy_pending(), artefatos.copy_pending()) == (1, 0)
    (caminho,) = s3.paths()
    assert caminho.startswith(f"homologacao/{documento.emitente}/2026-11/{documento.chave}-procNFe-")
    assert bytes(obstore.get(objetos, caminho).bytes()) == b"<nfeProc/>"


def test_a_copy_that_is_there_is_left_and_a_torn_one_made_anew(
    artefatos: Artefatos, documento: Documento, s3: ServidorDeObjetos, objetos: ObjectStore, superusuario: Sql
) -> None:
    artefatos.copy_pending()
    (caminho,) = s3.paths()
    gravado = obstore.head(objetos, caminho)["last_modified"]
    superusuario("UPDATE artefatos SET copiado_em = NULL")
    assert artefatos.copy_pending() == 1
    assert obstore.head(objetos, caminho)["last_modified"] == gravado, "the same bytes are not written twice"
    obstore.put(objetos, caminho, b"<nfe", mode="overwrite")
    superusuario("UPDATE artefatos SET copiado_em = NULL")
    assert artefatos.copy_pending() == 1
    assert bytes(obstore.get(objetos, caminho).bytes()) == b"<nfeProc/>"


def test_a_missing_or_altered_object_is_not_used(
    artefatos: Artefatos, documento: Documento, s3: ServidorDeObjetos, objetos: ObjectStore
) -> None:
    artefatos.save(documento, "danfe", "", ".pdf", b"%PDF")
    (caminho,) = s3.paths()
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") == b"%PDF"
    obstore.put(objetos, caminho, b"%PDF de outro", mode="overwrite")
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") is None
    obstore.delete(objetos, caminho)
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") is None


def test_a_store_that_is_away_keeps_nobody_waiting_for_it(
    artefatos: Artefatos, documento: Documento, s3: ServidorDeObjetos
) -> None:
    artefatos.save(documento, "danfe", "antes", ".pdf", b"%PDF")
    s3.leave()
    assert artefatos.xml(documento.id, documento.empresa_id) == b"<nfeProc/>"
    assert artefatos.copy_pending() == 0
    assert artefatos.pending_since() is not None
    assert artefatos.read(documento.id, documento.empresa_id, "danfe", "antes") is None
    artefatos.save(documento, "danfe", "durante", ".pdf", b"%PDF")
    s3.come_back()
    assert artefatos.read(documento.id, documento.empresa_id, "danfe", "antes") == b"%PDF"
    assert artefatos.read(documento.id, documento.empresa_id, "danfe", "durante") is None, (
        "nobody believes it is kept"
    )
    assert artefatos.copy_pending() == 1
    assert artefatos.pending_since() is None
