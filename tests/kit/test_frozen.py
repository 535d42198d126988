"""Values that are frozen as those of `dataclasses`, and filled faster."""

import copy
import dataclasses
import pickle
from dataclasses import dataclass, field

import pytest

from chancela.kit.frozen import frozen, replace


@frozen
class Ponto:
    """A value with every kind of field."""

    x: int
    y: int = 0
    nomes: tuple[str, ...] = ()
    notas: dict[str, int] = field(default_factory=dict[str, int], compare=False)


@frozen
class Positivo:
    """A value that judges itself."""

    valor: int

    def __post_init__(self) -> None:
        if self.valor < 0:
            raise ValueError("negative")


@frozen
class PontoNomeado(Ponto):
    """A value with fields of another and one of its own."""

    nome: str = ""


@dataclass(frozen=True, slots=True)
class Comum:
    """What the standard library makes of the same fields as `Ponto`."""

    x: int
    y: int = 0


def test_fields_defaults_equality_and_hash_are_those_of_a_dataclass() -> None:
    ponto = Ponto(1, nomes=("a",))
    assert (ponto.x, ponto.y, ponto.nomes, ponto.notas) == (1, 0, ("a",), {})
    assert ponto == Ponto(1, 0, ("a",), {"fora": 1})
    assert hash(ponto) == hash(Ponto(1, nomes=("a",)))
    assert ponto != Ponto(2, nomes=("a",))
    assert repr(ponto) == "Ponto(x=1, y=0, nomes=('a',), notas={})"
    assert type(ponto) is Ponto
    assert [campo.name for campo in dataclasses.fields(Ponto)] == ["x", "y", "nomes", "notas"]
    assert Ponto(1).notas is not Ponto(1).notas


def test_nothing_can_be_changed_added_or_removed() -> None:
    ponto = Ponto(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        ponto.x = 2  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del ponto.x  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
        ponto.z = 2  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    assert not hasattr(ponto, "__dict__")


@pytest.mark.parametrize("argumentos", [(), (1, 2, (), {}, 5)])
def test_a_wrong_call_is_refused_as_by_any_function(argumentos: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Ponto(*argumentos)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_replace_changes_only_what_it_is_told_and_leaves_the_first() -> None:
    um = Ponto(1, 2, ("a",), {"n": 1})
    outro = replace(um, y=3)
    assert (outro.x, outro.y, outro.nomes, outro.notas is um.notas) == (1, 3, ("a",), True)
    assert um.y == 2
    assert type(outro) is Ponto
    assert outro == dataclasses.replace(um, y=3)
    with pytest.raises(AttributeError):
        replace(um, w=1)


def test_a_value_that_judges_itself_does_so_when_made_and_when_replaced() -> None:
    with pytest.raises(ValueError, match="negative"):
        Positivo(-1)
    with pytest.raises(ValueError, match="negative"):
        replace(Positivo(1), valor=-1)


def test_a_value_may_have_the_fields_of_another() -> None:
    nomeado = PontoNomeado(1, 2, nome="p")
    assert isinstance(nomeado, Ponto)
    assert (nomeado.x, nomeado.y, nomeado.nome) == (1, 2, "p")
    assert type(replace(nomeado, x=9)) is PontoNomeado


def test_copies_and_pickles_are_equal_and_still_frozen() -> None:
    ponto = Ponto(1, 2, ("a",))
    for igual in (copy.copy(ponto), copy.deepcopy(ponto), pickle.loads(pickle.dumps(ponto))):
        assert igual == ponto
        with pytest.raises(dataclasses.FrozenInstanceError):
            igual.x = 2


def test_it_differs_from_the_standard_one_only_in_how_it_is_filled() -> None:
    assert Ponto.__hash__ is not None
    assert Ponto.__match_args__[:2] == Comum.__match_args__
    assert dataclasses.is_dataclass(Ponto)
