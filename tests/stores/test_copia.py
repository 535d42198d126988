"""A backup is the database of one instant, taken while others write, and a restored one is the same database."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError
from tests.fixtures.banco import fresh_database
from tests.stores.fabrica import CHAVE_MESTRA, companies, new_document, outcome, plan, protocol, signed

from chancela.issuing.modelo import Estado
from chancela.stores.conexao import Banco, Limites
from chancela.stores.copia import CopiaInvalida, back_up, read_manifest, restore
from chancela.stores.documentos import DocumentosPg
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.migracao import current_revision
from chancela.stores.paradas import ParadasPg

AGORA = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def url_vazio(servidor_banco: ServidorEmbutido) -> Iterator[str]:
    """Address of a database that was never migrated."""
    with fresh_database(servidor_banco, modelo="template1") as url:
        yield url


def authorise(documentos: DocumentosPg, novo: object) -> None:
    concessao = documentos.admit(novo, dono="a", prazo_s=60).concessao  # type: ignore[arg-type]
    assert concessao is not None
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    documentos.settle(
        [outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol(), xml_autorizado=b"<nfeProc/>")]
    )


def counts(url: str, tabelas: list[str]) -> dict[str, int]:
    with psycopg.connect(url, autocommit=True) as conexao:
        return {t: conexao.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tabelas}  # type: ignore[index,arg-type]


def test_what_was_copied_comes_back_and_issuing_waits(
    banco: Banco, url_banco: str, url_vazio: str, tmp_path: Path
) -> None:
    empresas = companies(banco, 2)
    documentos = DocumentosPg(banco)
    for n in range(7):
        authorise(documentos, new_document(empresas[n % 2], referencia=f"P{n}", conteudo=f"ç\t\\{n}"))
    pasta = tmp_path / "copia"
    manifesto = back_up(url_banco, pasta, agora=AGORA, versao="0.1.0")
    assert manifesto.chaves_mestras == [CHAVE_MESTRA.id]
    assert manifesto.tabelas["documentos"].linhas == 7
    assert not any("procrastinate" in nome for nome in manifesto.tabelas)
    restore(url_vazio, pasta, chaves_mestras=[CHAVE_MESTRA.id], motivo="restauração", ator="teste")

    assert current_revision(url_vazio) == current_revision(url_banco)
    tabelas = [nome for nome in manifesto.tabelas if nome != "paradas"]
    assert counts(url_vazio, tabelas) == counts(url_banco, tabelas)
    novo = Banco(url_vazio, limites=Limites(conexoes=4))
    try:
        linha = LinhaDoTempo(novo)
        for empresa in empresas:
            cadeia = linha.verify_chain(empresa.id)
            assert cadeia.quebra is None
            assert cadeia == LinhaDoTempo(banco).verify_chain(empresa.id)
        (parada,) = ParadasPg(novo).list()
        assert (parada.empresa_id, parada.motivo) == (None, "restauração")
        ParadasPg(novo).resume(None)
        seguinte = DocumentosPg(novo).admit(new_document(empresas[0]), dono="b", prazo_s=60)
        assert seguinte.documento.numero == 5, "the series goes on where it was"
        assert seguinte.concessao is not None
        DocumentosPg(novo).begin([plan(seguinte.concessao, signed("z"))])
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            novo.company(empresas[0].id) as conexao,
        ):
            conexao.exec_driver_sql("UPDATE eventos_documento SET tipo = 'x'")
    finally:
        novo.close()


def test_the_copy_is_of_one_instant(banco: Banco, url_banco: str, tmp_path: Path) -> None:
    """Writers go on while it is taken: every document in it has its version, and its numbers have no gap."""
    empresas = companies(banco, 4)
    documentos = DocumentosPg(banco)
    parar = threading.Event()

    def write(empresa_indice: int) -> None:
        while not parar.is_set():
            authorise(documentos, new_document(empresas[empresa_indice]))

    escritores = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for escritor in escritores:
        escritor.start()
    try:
        for n in range(3):
            tabelas = back_up(url_banco, tmp_path / f"c{n}", agora=AGORA, versao="0.1.0").tabelas
            assert tabelas["documentos"].linhas == tabelas["versoes"].linhas
            assert tabelas["artefatos"].linhas <= tabelas["documentos"].linhas
    finally:
        parar.set()
        for escritor in escritores:
            escritor.join()


def test_what_cannot_be_restored_is_refused_and_changes_nothing(
    banco: Banco, url_banco: str, url_vazio: str, tmp_path: Path
) -> None:
    companies(banco)
    pasta = tmp_path / "copia"
    back_up(url_banco, pasta, agora=AGORA, versao="0.1.0")
    with pytest.raises(CopiaInvalida) as erro:
        back_up(url_banco, pasta, agora=AGORA, versao="0.1.0")
    assert erro.value.codigo == "COPIA-EXISTE"
    for url, chaves, codigo in (
        (url_vazio, [], "COPIA-CHAVE"),
        (url_banco, [CHAVE_MESTRA.id], "COPIA-DESTINO"),
    ):
        with pytest.raises(CopiaInvalida) as erro:
            restore(url, pasta, chaves_mestras=chaves, motivo="m", ator="t")
        assert erro.value.codigo == codigo
    assert current_revision(url_vazio) is None
    alterado = pasta / "empresas.copy.gz"
    alterado.write_bytes(alterado.read_bytes()[:-1])
    with pytest.raises(CopiaInvalida) as erro:
        read_manifest(pasta)
    assert erro.value.codigo == "COPIA-ALTERADA"
    (pasta / "manifesto.json").unlink()
    with pytest.raises(CopiaInvalida) as erro:
        read_manifest(pasta)
    assert erro.value.codigo == "COPIA-MANIFESTO"
