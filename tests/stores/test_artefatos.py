"""Files: the database first, the object as a checked copy."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.stores.fabrica import authorised, companies, new_document, outcome, plan, protocol, signed

from chancela.issuing.modelo import Documento, Estado
from chancela.stores.artefatos import Artefatos, open_objects
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def artefatos(banco: Banco, tmp_path: Path) -> Artefatos:
    return Artefatos(banco, open_objects((tmp_path / "com espaço").as_uri()))


@pytest.fixture
def documento(banco: Banco) -> Documento:
    return authorised(banco, b"<nfeProc/>")


def files(tmp_path: Path) -> list[Path]:
    return sorted(p for p in tmp_path.rglob("*") if p.is_file())


def test_the_xml_is_there_before_any_object(
    artefatos: Artefatos, documento: Documento, tmp_path: Path
) -> None:
    assert artefatos.xml(documento.id, documento.empresa_id) == b"<nfeProc/>"
    assert files(tmp_path) == []
    assert artefatos.pending_since() is not None
    assert artefatos.copy_pending() == 1
    assert artefatos.copy_pending() == 0
    assert artefatos.pending_since() is None
    (copia,) = files(tmp_path)
    assert copia.read_bytes() == b"<nfeProc/>"
    pasta = f"homologacao/{documento.emitente}/2026-11/{documento.chave}-procNFe-"
    assert pasta in copia.as_posix()


def test_a_torn_copy_is_made_anew(
    artefatos: Artefatos, documento: Documento, tmp_path: Path, superusuario: Sql
) -> None:
    artefatos.copy_pending()
    (copia,) = files(tmp_path)
    copia.write_bytes(b"<nfe")
    superusuario("UPDATE artefatos SET copiado_em = NULL")
    assert artefatos.copy_pending() == 1
    assert copia.read_bytes() == b"<nfeProc/>"


def test_another_company_has_no_file(artefatos: Artefatos, documento: Documento) -> None:
    assert artefatos.xml(documento.id, documento.empresa_id + 1) is None


def test_a_pdf_is_kept_by_variant(artefatos: Artefatos, documento: Documento, tmp_path: Path) -> None:
    empresa_id = documento.empresa_id
    assert artefatos.read(documento.id, empresa_id, "danfe", "AUTORIZADO-1") is None
    artefatos.save(documento, "danfe", "AUTORIZADO-1", ".pdf", b"%PDF um")
    artefatos.save(documento, "danfe", "CANCELADO-1", ".pdf", b"%PDF dois")
    artefatos.save(documento, "danfe", "AUTORIZADO-1", ".pdf", b"%PDF um")
    assert artefatos.read(documento.id, empresa_id, "danfe", "AUTORIZADO-1") == b"%PDF um"
    assert artefatos.read(documento.id, empresa_id, "danfe", "CANCELADO-1") == b"%PDF dois"
    assert len(files(tmp_path)) == 2


def test_an_altered_or_missing_object_is_not_used(
    artefatos: Artefatos, documento: Documento, tmp_path: Path
) -> None:
    artefatos.save(documento, "danfe", "", ".pdf", b"%PDF")
    (objeto,) = files(tmp_path)
    objeto.write_bytes(b"%PDF de outro")
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") is None
    objeto.unlink()
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") is None


@contextmanager
def full_disk(cabem_bytes: int) -> Iterator[None]:
    """No file of this process may grow past so many bytes: the system itself refuses to write on."""
    antes = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (cabem_bytes, antes[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, antes)


@pytest.mark.parametrize("cabem", range(4))
def test_a_disk_that_fills_at_any_copy_delays_it(banco: Banco, tmp_path: Path, cabem: int) -> None:
    artefatos = Artefatos(banco, open_objects(tmp_path.as_uri()))
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)
    conteudo = b"<nfeProc>" + b"x" * 100_000 + b"</nfeProc>"
    for _ in range(3):
        concessao = documentos.admit(new_document(empresa), dono="api", prazo_s=60).concessao
        assert concessao is not None
        (tentativa,) = documentos.begin([plan(concessao, signed())])
        documentos.settle(
            [outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol(), xml_autorizado=conteudo)]
        )
    assert artefatos.copy_pending(limite=cabem) == cabem if cabem else True
    with full_disk(50_000):
        assert artefatos.copy_pending() == 0
    assert {copia.read_bytes() for copia in files(tmp_path)} <= {conteudo}, "half a file is no copy"
    assert artefatos.copy_pending() == 3 - cabem
    assert artefatos.pending_since() is None
    assert [copia.read_bytes() for copia in files(tmp_path)] == [conteudo] * 3


def test_a_full_disk_keeps_nobody_from_a_paper(
    artefatos: Artefatos, documento: Documento, tmp_path: Path
) -> None:
    desenho = b"%PDF" + b"x" * 100_000
    with full_disk(50_000):
        artefatos.save(documento, "danfe", "", ".pdf", desenho)
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") is None
    artefatos.save(documento, "danfe", "", ".pdf", desenho)
    assert artefatos.read(documento.id, documento.empresa_id, "danfe") == desenho


def test_only_known_places(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="file: ou s3:"):
        open_objects("ftp://exemplo/x")
