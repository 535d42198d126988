"""What the form of issuing asks for. Its fields have the names of the contract, so that a refusal finds its field by itself.

`cliente.documento` is the one field of ours: a CPF or a CNPJ, whichever it is. What a sale never differs in (model, kind
of issuing, purpose) is not asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Opcoes = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Campo:
    """A field: its path, what a person reads beside it, and how it is filled."""

    nome: str
    rotulo: str
    obrigatorio: bool = False
    tipo: str = "text"
    opcoes: Opcoes = ()
    """Choices; with any, the field is a list."""
    padrao: str = ""
    dica: str = ""
    maximo: int = 0
    largura: str = ""
    """`curto` or `longo`: how much of a line it takes."""


DOCUMENTO = "cliente.documento"
_SIM_NAO: Opcoes = (("1", "Sim"), ("0", "Não"))
OPERACAO = (
    Campo("nature_of_operation", "Natureza da operação", True, padrao="Venda de mercadoria", maximo=60, largura="longo"),
    Campo("ambiente", "Ambiente", True, opcoes=(("2", "Homologação, sem valor fiscal"), ("1", "Produção")), padrao="2"),
    Campo("ind_final", "Consumidor final", True, opcoes=_SIM_NAO, padrao="1"),
    Campo("ind_pres", "Presença do comprador", True, opcoes=(
        ("1", "Presencial"), ("2", "Pela internet"), ("3", "Por telefone"), ("4", "Entrega em domicílio"), ("9", "Outros"),
    ), padrao="1"),
)  # fmt: skip
CLIENTE = (
    Campo(DOCUMENTO, "CPF ou CNPJ", True, maximo=18),
    Campo("cliente.name", "Nome ou razão social", True, maximo=60, largura="longo"),
    Campo("cliente.ie", "Inscrição estadual", maximo=14, dica="Só de contribuinte do ICMS"),
    Campo("cliente.cep", "CEP", True, maximo=9, largura="curto"),
    Campo("cliente.endereco", "Logradouro", True, maximo=60, largura="longo"),
    Campo("cliente.numero", "Número", maximo=60, largura="curto", dica="Vazio: S/N"),
    Campo("cliente.complemento", "Complemento", maximo=60),
    Campo("cliente.bairro", "Bairro", True, maximo=60),
    Campo("cliente.city", "Município", True, maximo=60),
    Campo("cliente.uf", "UF", True, maximo=2, largura="curto"),
    Campo("cliente.telefone", "Telefone", maximo=20, tipo="tel"),
    Campo("cliente.email", "E-mail", maximo=60, tipo="email"),
)
ITEM = (
    Campo("codigo", "Código", maximo=60, largura="curto"),
    Campo("name", "Descrição", True, maximo=120, largura="longo"),
    Campo("ncm", "NCM", True, maximo=10, largura="curto"),
    Campo("category_id", "Categoria tributária", True),
    Campo("origem", "Origem", True, opcoes=(
        ("0", "0 - Nacional"), ("1", "1 - Importação direta"), ("2", "2 - Estrangeira, do mercado interno"),
        ("3", "3 - Nacional, importação de 40% a 70%"), ("4", "4 - Nacional, processos básicos"),
        ("5", "5 - Nacional, importação até 40%"), ("6", "6 - Importação direta, sem similar"),
        ("7", "7 - Estrangeira, sem similar"), ("8", "8 - Nacional, importação acima de 70%"),
    ), padrao="0"),
    Campo("unit", "Unidade", True, padrao="UN", maximo=6, largura="curto"),
    Campo("count", "Quantidade", True, tipo="number", padrao="1", largura="curto"),
    Campo("unit_price", "Valor unitário (R$)", True, tipo="number", largura="curto"),
)  # fmt: skip
PAGAMENTO = (
    Campo("pag_info[0].payment_method", "Meio de pagamento", True, opcoes=(
        ("01", "Dinheiro"), ("17", "PIX"), ("15", "Boleto"), ("02", "Cheque"), ("05", "Crédito da loja"), ("90", "Sem pagamento"),
    ), padrao="01"),
    Campo("pag_info[0].payment_indicator", "Condição", True, opcoes=(("0", "À vista"), ("1", "A prazo")), padrao="0"),
    Campo("informacoes_complementares", "Informações complementares", tipo="area", maximo=2000, largura="longo"),
)  # fmt: skip
ITENS_MAXIMO = 50
"""Of one form. Longer notes come from a program."""
_ITEM_DE = re.compile(r"products\[(\d+)\](?:\.(\w+))?")
_VIZINHOS = {"total_price": "unit_price", "impostos": "category_id", "cfop": "category_id", "cest": "ncm"}
_FIXOS: Mapping[str, str] = {
    "cliente": DOCUMENTO, "cliente.cpf": DOCUMENTO, "cliente.cnpj": DOCUMENTO, "cliente.number": "cliente.numero",
    "cliente.ind_ie_dest": "cliente.ie", "cliente.indIEDest": "cliente.ie", "pag_info": "pag_info[0].payment_method",
    "pag_info[0]": "pag_info[0].payment_method", "pag_info[0].payment_value": "pag_info[0].payment_method",
}  # fmt: skip
_SOLTOS = frozenset(campo.nome for campo in (*OPERACAO, *CLIENTE, *PAGAMENTO))
_DO_ITEM = frozenset(campo.nome for campo in ITEM)


def item_fields(posicao: int) -> Sequence[str]:
    """The names of the fields of one item."""
    return [f"products[{posicao}].{campo.nome}" for campo in ITEM]


def field_of(caminho: str) -> str:
    """The field of the form that a path of the contract belongs to; empty when the form has none."""
    item = _ITEM_DE.match(caminho)
    if item is None:
        nome = _FIXOS.get(caminho, caminho)
        return nome if nome in _SOLTOS else ""
    nome = item[2] or ""
    if nome not in _DO_ITEM:
        nome = _VIZINHOS.get(nome, "name")
    return f"products[{item[1]}].{nome}"
