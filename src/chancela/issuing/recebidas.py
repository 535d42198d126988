"""The settings of a company about what it receives."""

from dataclasses import dataclass
from enum import StrEnum

from chancela.documents.comum.estruturas import read_estrutura
from chancela.issuing.empresa import Empresa


class AmbienteRecebidas(StrEnum):
    """In which environment a company receives."""

    PRODUCAO = "producao"
    HOMOLOGACAO = "homologacao"


@dataclass(frozen=True, slots=True)
class ConfiguracaoRecebidas:
    """The settings of a company about what it receives."""

    recebidas_ambiente: AmbienteRecebidas = AmbienteRecebidas.PRODUCAO
    recebidas_automatico: bool = False
    recebidas_ciencia: bool = False


def read_recebidas(empresa: Empresa) -> ConfiguracaoRecebidas:
    """The settings in force; unknown ones are other parts'."""
    proprias = {n: v for n, v in empresa.configuracao.items() if n.startswith("recebidas_")}
    return read_estrutura(ConfiguracaoRecebidas, proprias)
