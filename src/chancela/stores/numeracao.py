"""Gapless numbers per environment, CNPJ, model and series, taken and given back inside the caller's transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from chancela.domain.erros import NumeracaoEsgotada
from chancela.domain.identidade import Ambiente, Modelo
from chancela.stores.conexao import Banco


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
    return checked_number(
        serie, conexao.execute(_PROXIMO, {**serie.parameters(), "inicial": inicial}).scalar_one()
    )


def checked_number(serie: Serie, numero: int | None) -> int:
    """A number that a series gave; `NumeracaoEsgotada` when it had none left."""
    if numero is None:
        raise NumeracaoEsgotada(
            "NUMERACAO-ESGOTADA",
            f"A série {serie.serie} chegou ao número 999.999.999.",
            "Use outra série.",
        )
    return numero


def return_number(conexao: Connection, serie: Serie, numero: int) -> None:
    """Give back a number whose document never left this machine; it is the next one given."""
    conexao.execute(_TRAVA, serie.parameters())
    conexao.execute(_DEVOLVE, {**serie.parameters(), "numero": numero})


def advance_series(conexao: Connection, cnpj: str, modelo: Modelo, serie: int, proximo: int) -> None:
    """Make `proximo` the next new number of a used series, in both environments; a series never goes back."""
    conexao.execute(
        _AVANCA, {"cnpj": str(cnpj), "modelo": modelo.value, "serie": serie, "ultimo": proximo - 1}
    )


def advance_all(banco: Banco, quantos: int) -> int:
    """Skip `quantos` numbers in every series, after a restore: SEFAZ may know some of them. Returns how many series."""
    with banco.system() as conexao:
        return conexao.execute(_AVANCA_TODAS, {"quantos": quantos}).rowcount


def peek_number(conexao: Connection, serie: Serie) -> int | None:
    """The number that would be given next, or None for a series never used. Another caller may take it meanwhile."""
    numero = conexao.execute(_ESPIA, serie.parameters()).scalar_one_or_none()
    return None if numero is None else int(numero)


_AVANCA = text(
    "UPDATE series SET ultimo_numero = :ultimo"
    " WHERE cnpj = :cnpj AND modelo = :modelo AND serie = :serie AND ultimo_numero < :ultimo"
)
_AVANCA_TODAS = text(
    "UPDATE series SET ultimo_numero = least(ultimo_numero::bigint + :quantos, 999999999)::integer"
)
_ESPIA = text(
    "SELECT coalesce((SELECT min(numero) FROM numeros_devolvidos d WHERE (d.ambiente, d.cnpj, d.modelo, d.serie)"
    " = (s.ambiente, s.cnpj, s.modelo, s.serie)), s.ultimo_numero + 1) FROM series s"
    " WHERE ambiente = :ambiente AND cnpj = :cnpj AND modelo = :modelo AND serie = :serie"
)
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
