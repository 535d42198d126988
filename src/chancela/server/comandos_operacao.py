"""Commands of the operator, added to the others of `chancela`; parts are imported when a command runs."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chancela.server.configuracao import load_configuracao

if TYPE_CHECKING:
    from chancela.server.configuracao import Configuracao
    from chancela.stores.conexao import Banco

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]
audit = typer.Typer(help="Linha do tempo para auditoria.", no_args_is_help=True)
emissao = typer.Typer(help="Interruptor da emissão, por empresa ou de todas.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Register every command of this module."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("verify")(verify)
    app.command("rotate-key")(rotate_key)
    app.command("retencao")(retencao)
    app.add_typer(audit, name="audit")
    app.add_typer(emissao, name="emissao")


def backup(
    destino: Annotated[Path, typer.Argument(help="Pasta nova da cópia.")], em_json: EmJson = False
) -> None:
    """Copia o banco inteiro, de um só instante, com o sistema no ar."""
    from chancela import __version__
    from chancela.cli.operacao import show_backup
    from chancela.cli.saida import refuse
    from chancela.kit.clock import SystemClock
    from chancela.server.pecas import database_of
    from chancela.stores.copia import CopiaInvalida, back_up

    with database_of(load_configuracao()) as url:
        try:
            manifesto = back_up(url, destino.resolve(), agora=SystemClock().now(), versao=__version__)
        except CopiaInvalida as erro:
            refuse(erro)
    show_backup(manifesto, destino, em_json=em_json)


def restore(
    origem: Annotated[Path, typer.Argument(help="Pasta escrita por chancela backup.")],
    avancar: Annotated[
        int, typer.Option(min=0, help="Avança cada série por tantos números, para não repetir os já usados.")
    ] = 0,
    em_json: EmJson = False,
) -> None:
    """Restaura uma cópia num banco vazio; a emissão fica parada até ser retomada."""
    from chancela.cli.operacao import show_restored
    from chancela.cli.saida import refuse
    from chancela.kit.randomness import SystemRandomness
    from chancela.server.pecas import database_of
    from chancela.stores.cofre import load_master_keys
    from chancela.stores.conexao import Banco
    from chancela.stores.copia import CopiaInvalida
    from chancela.stores.copia import restore as run
    from chancela.stores.numeracao import advance_all

    atual = load_configuracao()
    chaves = [chave.id for chave in load_master_keys(atual.arquivo_chave_mestra, SystemRandomness())]
    with database_of(atual) as url:
        try:
            manifesto = run(
                url,
                origem.resolve(),
                chaves_mestras=chaves,
                motivo="restaurada de uma cópia; confira a numeração antes de retomar",
                ator="restore",
            )
        except CopiaInvalida as erro:
            refuse(erro)
        banco = Banco(url)
        try:
            avancadas = advance_all(banco, avancar) if avancar else 0
        finally:
            banco.close()
    show_restored(manifesto, avancadas, em_json=em_json)


def verify(em_json: EmJson = False) -> None:
    """Confere a linha do tempo de cada empresa e o XML de cada documento: hash, esquema, assinatura e protocolo."""
    from chancela.cli.operacao import show_proof
    from chancela.documents.nfe.arquivo import archive_faults
    from chancela.domain.erros import XmlInvalido
    from chancela.domain.xml.esquemas import Esquemas
    from chancela.stores.conferencia import ConferenciaPg

    esquemas = Esquemas()

    def judge(conteudo: bytes) -> list[str]:
        try:
            return list(archive_faults(conteudo, esquemas))
        except XmlInvalido as erro:
            return [erro.mensagem]

    with _open_banco() as (_, banco):
        show_proof(ConferenciaPg(banco).run(judge), em_json=em_json)


def rotate_key(
    remover_antigas: Annotated[
        bool, typer.Option(help="Depois da troca, tira do arquivo as chaves que nenhum segredo usa mais.")
    ] = False,
    em_json: EmJson = False,
) -> None:
    """Troca a chave-mestra com o sistema no ar: põe uma nova no arquivo e passa todos os segredos para ela."""
    from chancela.cli.saida import say, show
    from chancela.kit.randomness import SystemRandomness
    from chancela.stores.cofre import Cofre, add_master_key, keep_master_keys
    from chancela.stores.segredos import Segredos

    acaso = SystemRandomness()
    with _open_banco() as (atual, banco):
        chaves = add_master_key(atual.arquivo_chave_mestra, acaso)
        segredos = Segredos(banco, Cofre(chaves, acaso))
        trocados = segredos.rotate()
        em_uso = segredos.keys_in_use()
        if remover_antigas:
            chaves = keep_master_keys(atual.arquivo_chave_mestra, em_uso, acaso)
    say(
        "Processos que já estavam no ar seguem selando com a chave anterior até serem reiniciados: reinicie-os e rode"
        " chancela rotate-key --remover-antigas quando quiser aposentá-la."
    )
    show(
        {"chave": chaves[0].id, "segredos_trocados": trocados, "chaves_no_arquivo": len(chaves)},
        em_json=em_json,
    )


def retencao(
    excluir: Annotated[
        bool,
        typer.Option("--excluir", help="Exclui o conteúdo vencido. Não tem volta: faça uma cópia antes."),
    ] = False,
    em_json: EmJson = False,
) -> None:
    """Mostra os documentos que passaram do prazo de guarda; só com --excluir o conteúdo deles é excluído."""
    from chancela.cli.operacao import show_retention
    from chancela.stores.artefatos import open_objects
    from chancela.stores.retencao import RetencaoPg

    with _open_banco() as (atual, banco):
        retencao, meses = RetencaoPg(banco, open_objects(atual.url_artefatos)), atual.retention_months
        vencidos = retencao.overdue(meses)
        excluidos = {
            v.empresa_id: retencao.delete(v.empresa_id, meses, ator="linha de comando")
            for v in (vencidos if excluir else ())
        }
    show_retention(meses, vencidos, excluidos, em_json=em_json)


@audit.command("export")
def audit_export(
    empresa_id: Annotated[int, typer.Argument(metavar="ID", help="Número da empresa.")],
    destino: Annotated[Path, typer.Argument(help="Arquivo novo, uma linha JSON por evento.")],
    desde: Annotated[datetime | None, typer.Option(help="Do instante (UTC), inclusive.")] = None,
    ate: Annotated[datetime | None, typer.Option(help="Até o instante (UTC), exclusive.")] = None,
    em_json: EmJson = False,
) -> None:
    """Exporta a linha do tempo de uma empresa, com o hash que encadeia cada linha à anterior."""
    from datetime import UTC

    from chancela.cli.operacao import write_audit
    from chancela.stores.auditoria import AuditoriaPg

    def aware(instante: datetime | None) -> datetime | None:
        return None if instante is None else instante.replace(tzinfo=UTC)

    with _open_banco() as (_, banco):
        linhas = AuditoriaPg(banco).export(empresa_id, desde=aware(desde), ate=aware(ate))
        write_audit(linhas, destino, em_json=em_json)


@emissao.command("parar")
def emissao_parar(
    motivo: Annotated[str, typer.Option(help="Aparece para quem tentar emitir.")],
    empresa: Annotated[int | None, typer.Option(help="Número da empresa.")] = None,
    todas: Annotated[bool, typer.Option("--todas", help="Para todas as empresas.")] = False,
    em_json: EmJson = False,
) -> None:
    """Para a emissão: nenhum número novo é dado. O que já tem número segue até o resultado."""
    from chancela.cli.operacao import show_stops
    from chancela.stores.paradas import ParadasPg

    alvo = _target(empresa, todas=todas)
    with _open_banco() as (_, banco):
        paradas = ParadasPg(banco)
        paradas.stop(alvo, motivo, "linha de comando")
        show_stops(paradas.list(), em_json=em_json)


@emissao.command("retomar")
def emissao_retomar(
    empresa: Annotated[int | None, typer.Option(help="Número da empresa.")] = None,
    todas: Annotated[bool, typer.Option("--todas", help="O interruptor de todas as empresas.")] = False,
    em_json: EmJson = False,
) -> None:
    """Retoma a emissão."""
    from chancela.cli.operacao import show_stops
    from chancela.stores.paradas import ParadasPg

    alvo = _target(empresa, todas=todas)
    with _open_banco() as (_, banco):
        paradas = ParadasPg(banco)
        paradas.resume(alvo)
        show_stops(paradas.list(), em_json=em_json)


@emissao.command("situacao")
def emissao_situacao(em_json: EmJson = False) -> None:
    """Mostra o que está parado, por quem e por quê."""
    from chancela.cli.operacao import show_stops
    from chancela.stores.paradas import ParadasPg

    with _open_banco() as (_, banco):
        show_stops(ParadasPg(banco).list(), em_json=em_json)


def _target(empresa: int | None, *, todas: bool) -> int | None:
    from chancela.cli.saida import USO_ERRADO, say

    if (empresa is None) == (not todas):
        say("Informe --empresa ID ou --todas, um dos dois.")
        raise SystemExit(USO_ERRADO)
    return empresa


@contextmanager
def _open_banco() -> "Generator[tuple[Configuracao, Banco]]":
    from chancela.server.pecas import database_of
    from chancela.stores.conexao import Banco

    atual = load_configuracao()
    with database_of(atual) as url:
        banco = Banco(url, nome="chancela-comando")
        try:
            yield atual, banco
        finally:
            banco.close()
