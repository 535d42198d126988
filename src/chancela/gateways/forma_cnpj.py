"""The shapes of the public registers that `cnpj` asks, by the names that the settings use."""

from enum import StrEnum


class FormaConsulta(StrEnum):
    """How a register is asked and answers."""

    BRASILAPI = "brasilapi"
    """`URL/<cnpj>`."""
    SINTEGRAWS = "sintegraws"
    """`URL?token=<token>&cnpj=<cnpj>&plugin=ST`."""
