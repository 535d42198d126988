"""The commands of `chancela contador`."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chancela.server.configuracao import load_configuracao

if TYPE_CHECKING:
    from chancela.stores.contadores import ContadoresPg

contador = typer.Typer(help="Contadores e as empresas que eles atendem.", no_args_is_help=True)

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Identificador do contador.")]
DaEmpresa = Annotated[int, typer.Option("--empresa", help="Número da empresa.")]


@contextmanager
def _open() -> "Generator[ContadoresPg]":
    from chancela.server.pecas import database_of, open_cofre
    from chancela.stores.contadores import ContadoresPg

    atual = load_configuracao()
    with database_of(atual) as url, open_cofre(atual, url) as (banco, _):
        yield ContadoresPg(banco)


@contador.command("criar")
def criar(
    arquivo: Annotated[Path, typer.Argument(help="Cadastro do contador, em JSON.")], em_json: EmJson = False
) -> None:
    """Cadastra um contador e mostra o identificador dele."""
    from chancela.cli.contador import create_contador
    from chancela.kit.clock import SystemClock
    from chancela.kit.ids import TimeOrderedIds
    from chancela.kit.randomness import SystemRandomness

    with _open() as contadores:
        ids = TimeOrderedIds(SystemClock(), SystemRandomness())
        create_contador(contadores, ids, arquivo, em_json=em_json)


@contador.command("vincular")
def vincular(contador_id: Id, empresa: DaEmpresa, em_json: EmJson = False) -> None:
    """Vincula um contador a uma empresa, que passa a poder consultá-lo."""
    from chancela.cli.contador import link_contador

    with _open() as contadores:
        link_contador(contadores, contador_id, empresa, em_json=em_json)


@contador.command("desvincular")
def desvincular(contador_id: Id, empresa: DaEmpresa, em_json: EmJson = False) -> None:
    """Desfaz o vínculo."""
    from chancela.cli.contador import unlink_contador

    with _open() as contadores:
        unlink_contador(contadores, contador_id, empresa, em_json=em_json)
