"""The schema: from nothing, again, at once from several processes, and as a login that is no superuser."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.modelo import Estado, Marco
from chancela.stores import migracao
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.linha_do_tempo import LinhaDoTempo, append
from chancela.stores.migracao import current_revision, migrate
from chancela.stores.numeracao import Serie, return_number, take_number


def administer(servidor: ServidorEmbutido, *comandos: str) -> None:
    with psycopg.connect(servidor.url_of("postgres"), autocommit=True) as conexao:
        for comando in comandos:
            conexao.execute(comando)  # pyright: ignore


def test_several_processes_may_migrate_at_once(servidor_banco: ServidorEmbutido) -> None:
    administer(servidor_banco, "DROP DATABASE IF EXISTS vazio", "CREATE DATABASE vazio")
    url = servidor_banco.url_of("vazio")
    try:
        assert current_revision(url) is None
        with ThreadPoolExecutor(4) as executor:
            assert len(set(executor.map(migrate, [url] * 4))) == 1
        assert current_revision(url) == migrate(url)
    finally:
        administer(servidor_banco, "DROP DATABASE vazio WITH (FORCE)")


def test_an_owner_without_superuser_is_enough(servidor_banco: ServidorEmbutido) -> None:
    """As on a managed PostgreSQL: row-level security binds the owner too, and everything still works."""
    administer(
        servidor_banco,
        "DROP DATABASE IF EXISTS alheio",
        "DROP ROLE IF EXISTS alheia",
        "CREATE ROLE alheia LOGIN",
        "GRANT chancela_app, chancela_sistema TO alheia WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
        "CREATE DATABASE alheio OWNER alheia",
    )
    url = servidor_banco.url_of("alheio").replace("postgres@", "alheia@")
    try:
        migrate(url)
        banco = Banco(url)
        (empresa,) = companies(banco)
        documentos = DocumentosPg(banco)
        documento = documentos.admit(new_document(empresa), dono=None, prazo_s=0).documento
        assert documento.numero == 1
        assert documentos.wake_due() == 1
        assert LinhaDoTempo(banco).verify_chain(empresa.id).quebra is None
        banco.close()
        with psycopg.connect(url) as conexao:
            linha = conexao.execute("SELECT count(*) FROM documentos").fetchone()
            assert linha == (0,), "the owner of the tables sees no row without a company"
    finally:
        administer(servidor_banco, "DROP DATABASE alheio WITH (FORCE)", "DROP ROLE alheia")


def test_an_older_queue_is_brought_forward(servidor_banco: ServidorEmbutido) -> None:
    """From the package's own earlier version, by its numbered migrations."""
    administer(servidor_banco, "DROP DATABASE IF EXISTS antigo", "CREATE DATABASE antigo")
    url = servidor_banco.url_of("antigo")
    try:
        migrate(url)
        with psycopg.connect(url, autocommit=True) as conexao:
            conexao.execute("DROP FUNCTION procrastinate_retry_job_v2")
            conexao.execute("UPDATE chancela_fila_versao SET versao = '3.3.0'")
            conexao.execute("DROP FUNCTION IF EXISTS procrastinate_retry_job_v1")
            conexao.execute(
                "CREATE FUNCTION procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone,"
                " new_priority integer, new_queue_name varchar, new_lock varchar) RETURNS void LANGUAGE sql AS ''"
            )
            antes = conexao.execute("SELECT 1 FROM pg_enum e WHERE e.enumlabel = 'retried'").fetchone()
            assert antes is not None
            conexao.execute("DELETE FROM pg_enum WHERE enumlabel = 'retried'")
        migrate(url)
        with psycopg.connect(url) as conexao:
            achada = conexao.execute("SELECT to_regproc('procrastinate_retry_job_v2')").fetchone()
            assert achada is not None
            assert achada[0] is not None
            versao = conexao.execute("SELECT versao FROM chancela_fila_versao").fetchone()
            assert versao == (migracao._write(migracao._parse(migracao.version("procrastinate"))),)  # pyright: ignore
    finally:
        administer(servidor_banco, "DROP DATABASE antigo WITH (FORCE)")


def test_chain_and_numbers_go_on_where_the_older_schema_left_them(servidor_banco: ServidorEmbutido) -> None:
    """0028 writes both anew: the rows before it are sealed by the functions that it takes away."""
    administer(servidor_banco, "DROP DATABASE IF EXISTS anterior", "CREATE DATABASE anterior")
    url = servidor_banco.url_of("anterior")
    try:
        migrate(url, ate="0027")
        banco = Banco(url)
        (empresa,) = companies(banco)
        serie = Serie(Ambiente.HOMOLOGACAO, empresa.cnpj, Modelo.NFE, 1)
        with banco.company(empresa.id) as conexao:
            assert [take_number(conexao, serie) for _ in range(3)] == [1, 2, 3]
            return_number(conexao, serie, 2)
            append(
                conexao, "0" * 24, "usuário", [Marco("um", "não", {"é": "ç"}, 3), Marco("dois", "", {}, None)]
            )
        antes = LinhaDoTempo(banco).verify_chain(empresa.id)
        banco.close()
        migrate(url)
        banco = Banco(url)
        assert LinhaDoTempo(banco).verify_chain(empresa.id) == antes
        documentos = DocumentosPg(banco)
        concessoes = [documentos.admit(new_document(empresa), dono="api", prazo_s=60).concessao for _ in "12"]
        numeros = [concessao and concessao.documento.numero for concessao in concessoes]
        assert numeros == [2, 4]
        for concessao in concessoes:
            assert concessao is not None
            (tentativa,) = documentos.begin([plan(concessao, signed())])
            documentos.settle([outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol())])
        cadeia = LinhaDoTempo(banco).verify_chain(empresa.id)
        assert (antes.eventos, cadeia.eventos, cadeia.quebra) == (2, 8, None)
        banco.close()
    finally:
        administer(servidor_banco, "DROP DATABASE anterior WITH (FORCE)")
