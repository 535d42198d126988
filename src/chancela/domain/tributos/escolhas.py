"""What a category gives for a kind of operation, kept from one document to the next.

A shop sells by the same few categories all day. Which of their scenarios rules, and at which rates, depends on the
category and on how the operation was read, not on the document (docs/adr/0102).
"""

from chancela.domain.tributos.calculo import Calculo, Escolha
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.tabelas import Tabelas

_CAPACIDADE = 4_096
_Chave = tuple[object, ...]
_guardadas: dict[_Chave, tuple[Categoria, Tabelas, Escolha]] = {}
_conferidas: dict[int, Categoria] = {}


def recall(c: Calculo, categoria: Categoria) -> Escolha | None:
    """The choice that was kept for this very category, these tables and such an operation."""
    guardada = _guardadas.get(_key(c, categoria))
    if guardada is None or guardada[0] is not categoria or guardada[1] is not c.tabelas:
        return None
    return guardada[2]


def keep(c: Calculo, categoria: Categoria, escolha: Escolha) -> None:
    """Keep a choice. The category is kept with it, so that its identity is nobody else's meanwhile."""
    if len(_guardadas) >= _CAPACIDADE:
        _guardadas.clear()
    _guardadas[_key(c, categoria)] = (categoria, c.tabelas, escolha)


def is_checked(categoria: Categoria) -> bool:
    """Whether the numbers of this very category were found good before."""
    return _conferidas.get(id(categoria)) is categoria


def note_checked(categoria: Categoria) -> None:
    """The numbers of this category are good."""
    if len(_conferidas) >= _CAPACIDADE:
        _conferidas.clear()
    _conferidas[id(categoria)] = categoria


def _key(c: Calculo, categoria: Categoria) -> _Chave:
    """All that the choice and its rates are read from, beside the category and the tables."""
    o, e = c.operacao, c.enquadramento
    return (
        id(categoria), e.cenario, e.destino, e.ind_ie_dest, o.tipo, o.tipo_pessoa, o.modelo, o.uf_emitente, c.uf, o.finalidade,
        o.data_emissao, c.configuracao.ajustar_cfop,
    )  # fmt: skip
