"""Gapless numbers per environment, CNPJ, model and series, taken and given back inside the caller's transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from chancela.domain.erros import NumeracaoEsgotada
from chancela.domain.identidade import Ambiente, Modelo


@dataclass(frozen=True, slots=True)
class Serie:
    """One sequence of numbers."""

    ambiente: Ambiente
    cnpj: str
    modelo: Modelo
    serie: int

    def parameters(self) -> dict[str, object]:
        """As statement parameters."""
        return {
            "ambiente": int(self.ambiente),
            "cnpj": str(self.cnpj),
            "modelo": self.modelo.value,
            "serie": self.serie,
        }


def take_number(conexao: Connection, serie: Serie, inicial: int = 1) -> int:
    """The next number: the lowest that came back, else one more than the last. `inicial` opens an unused series.

    The series stays locked until the transaction ends; a rollback gives the number to the next caller. Raises
    `NumeracaoEsgotada` after 999,999,999.
    """
    numero = conexao.execute(_PROXIMO, {**serie.parameters(), "inicial": inicial}).scalar_one()
    if numero is None:
        raise NumeracaoEsgotada(
            "NUMERACAO-ESGOTADA",
            f"A série {serie.serie} chegou ao número 999.999.999.",
            "Use outra série.",
        )
    return int(numero)


def return_number(conexao: Connection, serie: Serie, numero: int) -> None:
    """Give back a number whose document never left this machine; it is the next one given."""
    conexao.execute(_TRAVA, serie.parameters())
    conexao.execute(_DEVOLVE, {**serie.parameters(), "numero": numero})


_PROXIMO = text(
    "SELECT chancela_proximo_numero(CAST(:ambiente AS smallint), :cnpj, :modelo, CAST(:serie AS integer),"
    " CAST(:inicial AS integer))"
)
_TRAVA = text(
    "SELECT 1 FROM series WHERE ambiente = :ambiente AND cnpj = :cnpj AND modelo = :modelo AND serie = :serie"
    " FOR UPDATE"
)
_DEVOLVE = text(
    "INSERT INTO numeros_devolvidos (ambiente, cnpj, modelo, serie, numero)"
    " VALUES (:ambiente, :cnpj, :modelo, :serie, :numero)"
)
