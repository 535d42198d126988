"""Tenants are kept apart by the database itself, and lost races are run again."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed, vault

from chancela.domain.erros import Indisponivel
from chancela.issuing.empresa import Categoria
from chancela.issuing.modelo import Estado
from chancela.issuing.notificacao import NovoWebhook, TentativaEntrega
from chancela.kit.randomness import SeededRandomness
from chancela.stores.categorias import insert_categoria
from chancela.stores.conexao import Banco, Limites, Politica, Repetir, driver_url, libpq_url
from chancela.stores.documentos import DocumentosPg
from chancela.stores.entregas import EntregasPg
from chancela.stores.exportacoes import ExportacoesPg
from chancela.stores.sso import SsoPg
from chancela.stores.webhooks import WebhooksPg

Sql = Callable[..., list[tuple[object, ...]]]


def fill(banco: Banco) -> tuple[int, int]:
    """Two companies with a row in every table."""
    documentos = DocumentosPg(banco)
    uma, outra = companies(banco, 2)
    webhooks = WebhooksPg(banco, vault(), SeededRandomness(3))
    entregas = EntregasPg(banco, vault())
    for empresa in (uma, outra):
        webhooks.create(NovoWebhook(empresa.integrador_id, empresa.id, "https://erp.exemplo.com.br/"))
        descartada = documentos.admit(new_document(empresa), dono="api", prazo_s=60).concessao
        concessao = documentos.admit(new_document(empresa), dono="api", prazo_s=60).concessao
        assert concessao is not None
        assert descartada is not None
        documentos.discard(descartada, "Desistência.")
        (tentativa,) = documentos.begin([plan(concessao, signed())])
        fim = outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol(), xml_autorizado=b"<x/>")
        documentos.settle([fim])
        with banco.company(empresa.id) as conexao:
            conexao.execute(
                text(
                    "INSERT INTO segredos (empresa_id, finalidade, envelope) VALUES (chancela_empresa(), 'csc', 'x')"
                )
            )
            conexao.execute(
                text(
                    "INSERT INTO categorias (empresa_id, codigo, conteudo) VALUES (chancela_empresa(), 'C', '{}')"
                )
            )
            conexao.execute(
                text(
                    "INSERT INTO artefatos (documento_id, tipo, empresa_id, caminho, sha256, tamanho)"
                    " VALUES (:id, 'pdf', chancela_empresa(), 'p', sha256('x'), 1)"
                ),
                {"id": concessao.documento.id},
            )
            conexao.execute(
                text(
                    "INSERT INTO solicitacoes (id, empresa_id, tipo, ambiente, cnpj, uf, modelo, documento_id, chave,"
                    " sequencia, texto, estado, xml_assinado, digest_value)"
                    " SELECT id, empresa_id, '110110', ambiente, cnpj, uf, modelo, id, chave, 1, 'Correção', 'REGISTRADA',"
                    " 'x', 'd' FROM documentos WHERE id = :id"
                ),
                {"id": concessao.documento.id},
            )
            conexao.execute(
                text(
                    "INSERT INTO devolucoes (documento_id, item, empresa_id, chave, item_original, quantidade)"
                    " SELECT id, 1, empresa_id, lpad('', 44, '9'), 1, 1 FROM documentos WHERE id = :id"
                ),
                {"id": concessao.documento.id},
            )
            conexao.execute(
                text(
                    "INSERT INTO tentativas_solicitacao (solicitacao_id, empresa_id, operacao, dono, concessao)"
                    " VALUES (:id, chancela_empresa(), 'envio', 'api', 1)"
                ),
                {"id": concessao.documento.id},
            )
    with banco.system() as conexao:
        conexao.execute(
            text("INSERT INTO contadores (id, email, dados) SELECT lpad('', 24, 'a'), 'a@b', '{}'")
        )
        conexao.execute(
            text("INSERT INTO contadores_empresas SELECT c.id, e.id FROM contadores c CROSS JOIN empresas e")
        )
        conexao.execute(
            text("INSERT INTO paradas (empresa_id, motivo, ator) SELECT id, 'pausa', 'x' FROM empresas")
        )
    for empresa in (uma, outra):
        SsoPg(banco).create(f"bilhete {empresa.id}", empresa.id, idioma="br", pagina="", validade_s=60)
        ExportacoesPg(banco).request(f"{empresa.id:024x}", empresa.id, "relatorio", {}, total=0, mudancas=0)
    for tomada in entregas.take(limite=9, prazo_s=60):
        entregas.record(tomada.entrega, TentativaEntrega(200, 3), nova_em_s=None)
    return uma.id, outra.id


def test_every_company_table_is_guarded_even_from_its_owner(superusuario: Sql) -> None:
    tabelas = superusuario(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'"
        " AND c.relname NOT LIKE 'procrastinate%%' AND c.relname NOT LIKE 'chancela%%'"
    )
    assert len(tabelas) >= 15
    assert [nome for nome, ligada, forcada in tabelas if not (ligada and forcada)] == []


def test_no_row_of_another_company_is_ever_seen(banco: Banco, superusuario: Sql) -> None:
    uma, outra = fill(banco)
    tabelas = [
        str(linha[0])
        for linha in superusuario(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name = 'empresa_id'"
        )
    ]
    assert len(tabelas) >= 10
    for tabela in tabelas:
        assert superusuario(f"SELECT 1 FROM {tabela} WHERE empresa_id = %s LIMIT 1", outra), (
            f"{tabela} is empty"
        )
        with banco.company(uma) as conexao:
            vistas = set(conexao.execute(text(f"SELECT empresa_id FROM {tabela}")).scalars())
            assert vistas == {uma}, tabela
    with banco.company(uma) as conexao:
        assert list(conexao.execute(text("SELECT id FROM empresas")).scalars()) == [uma]
        cnpjs = set(conexao.execute(text("SELECT cnpj FROM series")).scalars())
        assert len(cnpjs) == 1
        assert len(list(conexao.execute(text("SELECT 1 FROM numeros_devolvidos")).scalars())) <= 1
    with banco.system() as conexao:
        assert set(conexao.execute(text("SELECT id FROM empresas")).scalars()) == {uma, outra}


def test_without_a_company_there_is_nothing(banco: Banco) -> None:
    fill(banco)
    with banco.company(999_999) as conexao:
        assert conexao.execute(text("SELECT count(*) FROM documentos")).scalar() == 0
    with banco._motor.connect() as conexao:  # pyright: ignore[reportPrivateUsage]
        assert conexao.execute(text("SELECT count(*) FROM documentos")).scalar() == 0, (
            "a bare connection is nobody"
        )


def test_rows_cannot_be_written_for_another_company(banco: Banco) -> None:
    uma, outra = (empresa.id for empresa in companies(banco, 2))
    comando = text("INSERT INTO categorias (empresa_id, codigo, conteudo) VALUES (:e, 'C', '{}')")
    with banco.company(uma) as conexao, pytest.raises(ProgrammingError, match="row-level security"):
        conexao.execute(comando, {"e": outra})


@pytest.mark.parametrize(
    "comando",
    [
        "UPDATE webhooks SET url = 'https://outro.exemplo.com.br/'",
        "DELETE FROM entregas",
        "UPDATE eventos_documento SET descricao = 'outra'",
        "DELETE FROM eventos_documento",
        "UPDATE cadeias_eventos SET sequencia = 0",
        "DELETE FROM tentativas",
        "DELETE FROM versoes",
        "SELECT resposta FROM respostas_idempotentes",
        "UPDATE tokens SET revogado_em = now()",
        "SELECT args FROM procrastinate_jobs",
    ],
)
def test_the_application_role_may_not(banco: Banco, comando: str) -> None:
    uma, _ = fill(banco)
    with banco.company(uma) as conexao, pytest.raises(ProgrammingError, match="permission denied"):
        conexao.execute(text(comando))


def test_a_connection_that_died_while_idle_is_replaced_unseen(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    superusuario(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chancela-teste'"
        " AND datname = current_database()"
    )
    with banco.company(empresa.id) as conexao:
        assert conexao.execute(text("SELECT 1")).scalar() == 1


def test_a_deadlock_is_run_again(banco: Banco) -> None:
    uma, outra = (empresa.id for empresa in companies(banco, 2))
    barreira = threading.Barrier(2)
    primeira_vez = [True, True]

    def rename(quem: int) -> int:
        ordem = (uma, outra) if quem == 0 else (outra, uma)

        def run(conexao: Connection) -> int:
            conexao.execute(text("UPDATE empresas SET email = 'a' WHERE id = :id"), {"id": ordem[0]})
            if primeira_vez[quem]:
                primeira_vez[quem] = False
                barreira.wait()
            conexao.execute(text("UPDATE empresas SET email = 'b' WHERE id = :id"), {"id": ordem[1]})
            return quem

        return banco.in_system(run)

    with ThreadPoolExecutor(2) as executor:
        assert sorted(executor.map(rename, (0, 1))) == [0, 1]


def test_repetition_ends(url_banco: str) -> None:
    banco = Banco(url_banco, politica=Politica(tentativas=3, espera_inicial_s=0.0))
    vezes = 0

    def run(_: Connection) -> None:
        nonlocal vezes
        vezes += 1
        raise Repetir

    with pytest.raises(Repetir):
        banco.in_system(run)
    banco.close()
    assert vezes == 3


def test_a_statement_has_a_limit(url_banco: str) -> None:
    banco = Banco(url_banco, limites=Limites(comando_s=0.05))
    with pytest.raises(Indisponivel) as erro, banco.system() as conexao:
        conexao.execute(text("SELECT pg_sleep(5)"))
    assert erro.value.codigo == "BANCO-DEMOROU"
    with pytest.raises(Indisponivel, match="demorou"):
        banco.call_system("SELECT pg_sleep(5) WHERE %s::text IS NOT NULL")
    assert banco.ping()
    banco.close()


def test_whoever_waits_too_long_for_a_lock_is_told_and_leaves_nothing(url_banco: str, banco: Banco) -> None:
    (empresa,) = companies(banco)
    codigos = "SELECT array_agg(codigo ORDER BY codigo) FROM categorias"
    apressado = Banco(url_banco, limites=Limites(trava_s=0.05))

    def change(conexao: Connection) -> None:
        insert_categoria(conexao, empresa.id, Categoria("NOVA", "", {}))
        conexao.execute(text("UPDATE empresas SET telefone = '2' WHERE id = :id"), {"id": empresa.id})

    with banco.company(empresa.id) as dona:
        dona.execute(text("UPDATE empresas SET telefone = '1' WHERE id = :id"), {"id": empresa.id})
        with pytest.raises(Indisponivel) as erro:
            apressado.in_company(empresa.id, change)
    assert erro.value.codigo == "BANCO-DEMOROU"
    with banco.company(empresa.id) as conexao:
        assert conexao.execute(text(codigos)).scalar_one() is None
    apressado.in_company(empresa.id, change)
    with banco.company(empresa.id) as conexao:
        assert conexao.execute(text(codigos)).scalar_one() == ["NOVA"]
    apressado.close()


def test_a_server_that_gives_no_connection_is_an_error_of_its_own(url_banco: str) -> None:
    cheio = Banco(url_banco, limites=Limites(conexoes=1, espera_conexao_s=0.05))
    with cheio.system(), pytest.raises(Indisponivel) as erro, cheio.system():
        pass
    assert erro.value.codigo == "BANCO-SEM-CONEXAO"
    cheio.close()
    longe = Banco("postgresql://postgres@/nada?host=%2Fnao-existe")
    with pytest.raises(Indisponivel):
        longe.in_system(lambda _: None)
    with pytest.raises(Indisponivel):
        longe.call_system("SELECT %s")


def test_ping(banco: Banco) -> None:
    assert banco.ping()
    longe = Banco("postgresql://postgres@/nada?host=%2Fnao-existe")
    assert not longe.ping()
    longe.close()


def test_urls() -> None:
    url = "postgresql://u:s%40@h:5433/b?sslmode=require"
    assert driver_url(url).drivername == "postgresql+psycopg"
    assert libpq_url("postgresql+psycopg://u:s%40@h:5433/b?sslmode=require") == url
    with pytest.raises(ValueError, match="PostgreSQL"):
        driver_url("sqlite:///x")
