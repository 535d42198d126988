"""Why the database did not serve, told to a person; whatever is not about reaching it is a defect and stays one."""

from collections.abc import Iterator

from psycopg import errors
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolEsgotado

from chancela.domain.erros import FiscalError

_SEM_TABELAS = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction)
_PAPEL_AUSENTE = ('role "chancela_', "does not exist")


def describe_unavailable(erro: BaseException) -> FiscalError | None:
    """The refusal that stands for a database that is away, not migrated or wrongly addressed; None for all else."""
    for causa in _causes(erro):
        if isinstance(causa, ArgumentError):
            return FiscalError(
                "BANCO-ENDERECO",
                "CHANCELA_DATABASE_URL não é um endereço de PostgreSQL.",
                "Use postgresql://usuario:senha@maquina:5432/banco, ou deixe vazia para usar o banco embutido.",
            )
        if isinstance(causa, _SEM_TABELAS) or all(parte in str(causa) for parte in _PAPEL_AUSENTE):
            return FiscalError(
                "BANCO-SEM-TABELAS",
                "O banco não tem as tabelas desta versão.",
                "Rode chancela migrate, ou suba tudo com chancela up.",
            )
        if isinstance(causa, OperationalError | errors.OperationalError | PoolTimeout | PoolEsgotado):
            return FiscalError(
                "BANCO-FORA",
                f"O banco não atende: {_first_line(causa)}.",
                "Confira se ele está de pé e CHANCELA_DATABASE_URL; chancela doctor confere de novo.",
            )
    return None


def _causes(erro: BaseException) -> Iterator[BaseException]:
    """The error and what it was made from, outermost first, each driver's error before its wrapper."""
    atual: BaseException | None = erro
    while atual is not None:
        if isinstance(atual, DBAPIError) and atual.orig is not None:
            yield atual.orig
        yield atual
        atual = atual.__cause__


def _first_line(erro: BaseException) -> str:
    """The driver's own words, without its advice on following lines."""
    linhas = str(erro).strip().splitlines()
    return linhas[0].rstrip(".:") if linhas else type(erro).__name__
