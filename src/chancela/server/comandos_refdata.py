"""The commands of `chancela refdata`: the reference tables of this installation."""

from pathlib import Path
from typing import Annotated

import typer

from chancela.server.configuracao import load_configuracao

refdata = typer.Typer(help="Tabelas de referência (NCM, CFOP, CEP, IBS e CBS, ...).", no_args_is_help=True)

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]


def _folder() -> Path:
    from chancela.server.pecas import reference_folder

    return reference_folder(load_configuracao())


@refdata.command("import")
def importar(
    arquivos: Annotated[
        list[Path] | None, typer.Argument(help="CSV revistos; o nome de cada um é o da tabela (ncm.csv).")
    ] = None,
    retirar: Annotated[
        list[str] | None, typer.Option(help="Volta esta tabela à do pacote; pode repetir.")
    ] = None,
    aceitar_reducao: Annotated[
        bool, typer.Option(help="Aceita uma tabela com menos da metade das linhas.")
    ] = False,
    em_json: EmJson = False,
) -> None:
    """Põe em vigor tabelas revistas: todas, ou nenhuma se algo está errado. Vale ao subir de novo."""
    from chancela.cli.refdata import import_files
    from chancela.kit.clock import SystemClock

    import_files(
        _folder(),
        arquivos or [],
        retirar=retirar or [],
        aceitar_reducao=aceitar_reducao,
        agora=SystemClock().now(),
        em_json=em_json,
    )


@refdata.command("verify")
def verificar(em_json: EmJson = False) -> None:
    """Confere as tabelas com o manifesto do pacote e o arquivo de consulta com elas; sai com 1 se algo difere."""
    from chancela.cli.refdata import show_verification

    show_verification(_folder(), em_json=em_json)


@refdata.command("diff")
def comparar(
    tabela: Annotated[str, typer.Argument(help="Nome da tabela (ncm, cfop, cclasstrib_oficial, ...).")],
    arquivo: Annotated[
        Path | None, typer.Argument(help="CSV a comparar com a tabela em vigor; padrão: a do pacote.")
    ] = None,
    de: Annotated[str, typer.Option(help="Com --para: o que vigora nesta data, AAAA-MM-DD.")] = "",
    para: Annotated[str, typer.Option(help="A outra data.")] = "",
    em_json: EmJson = False,
) -> None:
    """Mostra o que muda da tabela em vigor para um arquivo, do pacote para ela, ou de uma data para outra."""
    from chancela.cli.refdata import show_difference

    show_difference(_folder(), tabela, arquivo, de=de, para=para, em_json=em_json)
