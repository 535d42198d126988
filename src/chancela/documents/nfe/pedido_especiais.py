"""What only some callers say: the issuer in other words than the registry's, totals of their own, sugar cane, agriculture.

Text and numbers as in `pedido`; an empty string and `None` mean "not informed".
"""

from decimal import Decimal

from chancela.kit.frozen import frozen


@frozen
class EmitentePedido:
    """The issuer as the caller states it: each field that is given stands before that of the company's registry.

    `cnpj`, `cpf` and `uf` identify the company and must be those of the registry.
    """

    cnpj: str = ""
    cpf: str = ""
    nome: str = ""
    nome_fantasia: str = ""
    logradouro: str = ""
    numero: str = ""
    complemento: str = ""
    bairro: str = ""
    codigo_municipio: str = ""
    municipio: str = ""
    uf: str = ""
    cep: str = ""
    telefone: str = ""
    inscricao_estadual: str = ""
    inscricao_estadual_st: str = ""
    inscricao_municipal: str = ""
    cnae: str = ""
    regime: str = ""
    """CRT."""


@frozen
class FornecimentoPedido:
    """One day of supply of sugar cane; quantity in kg."""

    dia: str = ""
    quantidade: Decimal | None = None


@frozen
class DeducaoPedido:
    """One deduction from the price of the cane."""

    descricao: str = ""
    valor: Decimal | None = None


@frozen
class CanaPedido:
    """Acquisition of sugar cane (group ZC). `safra` is AAAA or AAAA/AAAA, `referencia` MM/AAAA; quantities in kg."""

    safra: str = ""
    referencia: str = ""
    fornecimentos: tuple[FornecimentoPedido, ...] = ()
    total_mes: Decimal | None = None
    total_anterior: Decimal | None = None
    total_geral: Decimal | None = None
    deducoes: tuple[DeducaoPedido, ...] = ()
    valor_fornecimento: Decimal | None = None
    valor_deducoes: Decimal | None = None
    valor_liquido: Decimal | None = None


@frozen
class DefensivoPedido:
    """One agronomic prescription."""

    receituario: str = ""
    cpf_responsavel: str = ""


@frozen
class GuiaTransitoPedido:
    """Transit permit of animals, plants or forest products; `tipo` from 1 (GTA) to 7."""

    tipo: str = ""
    uf: str = ""
    serie: str = ""
    numero: str = ""


@frozen
class ResponsavelTecnicoPedido:
    """Who answers for the issuing program, in the place of the one that the company settled."""

    cnpj: str = ""
    contato: str = ""
    email: str = ""
    telefone: str = ""
    id_csrt: str = ""
    hash_csrt: str = ""
    """Base64 of the SHA-1 of CSRT and key: only who also gives the number can know it."""
