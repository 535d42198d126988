"""What a company settled beforehand about its documents."""

from dataclasses import field

from chancela.documents.nfe.modelo import ResponsavelTecnico
from chancela.domain.identidade import Cnpj, Cpf
from chancela.domain.tributos.configuracao import ConfiguracaoTributaria
from chancela.kit.frozen import frozen


@frozen
class ConfiguracaoEmissao:
    """What a company settled beforehand about its documents."""

    serie: int = 1
    tributaria: ConfiguracaoTributaria = field(default_factory=ConfiguracaoTributaria)
    responsavel_tecnico: ResponsavelTecnico | None = None
    autorizados: tuple[Cnpj | Cpf, ...] = ()
    """autXML of every document."""
    versao_aplicativo: str = "chancela 1"
