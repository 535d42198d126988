"""The tax categories that `is_create_category_template` creates: resale of goods, ready to issue, to be reviewed.

They hold only what the law gives for the plain case of each regime: no benefit, no substitution. Rates per state come
from the tables, so none is written here. PIS and COFINS of the normal regime are the cumulative ones (0.65 %, Lei
9.715/1998, art. 8, I; 3 %, Lei 9.718/1998, art. 8); who is non-cumulative edits the category. A return of purchase is
no revenue: CST 49.
"""

from decimal import Decimal

from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
)
from chancela.issuing import empresa
from chancela.issuing.categorias import write_categoria

_PESSOAS = ("juridica", "fisica")
_SIMPLES = frozenset({"simples_nacional", "mei"})
_DEVOLUCAO = "Devolução de compra para comercialização"
_VENDA = "Venda de mercadoria adquirida de terceiros"


def default_categories(regime: str) -> tuple[empresa.Categoria, ...]:
    """The categories of a new company, coded `TF1`, `TF2`... in order."""
    tributada = regime not in _SIMPLES
    venda = _category(
        regime, dentro="5102", fora="6102", fora_nao_contribuinte="6108", receita_tributada=tributada
    )
    devolucao = _category(
        regime, dentro="5202", fora="6202", fora_nao_contribuinte="6202", receita_tributada=False
    )
    return tuple(
        empresa.Categoria(codigo=f"TF{posicao}", descricao=descricao, conteudo=write_categoria(categoria))
        for posicao, (descricao, categoria) in enumerate(((_VENDA, venda), (_DEVOLUCAO, devolucao)), 1)
    )


def _category(
    regime: str, *, dentro: str, fora: str, fora_nao_contribuinte: str, receita_tributada: bool
) -> Categoria:
    simples = regime in _SIMPLES
    situacao = "102" if simples else "00"
    contribuicao = "01" if receita_tributada else "49"
    return Categoria(
        codigo="",
        icms=tuple(
            CenarioIcms(
                cenario=cenario,
                tipo_pessoa=pessoa,
                codigo_cfop=cfop,
                situacao_tributaria=situacao,
                tipo_tributacao="simples" if simples else "normal",
                nao_contribuinte=nao_contribuinte,
            )
            for pessoa in _PESSOAS
            for cenario, cfop, nao_contribuinte in (
                ("saida_dentro_estado", dentro, False),
                ("saida_fora_estado", fora, False),
                ("saida_fora_estado", fora_nao_contribuinte, True),
                ("padrao", dentro, False),
            )
        ),
        ipi=tuple(CenarioIpi("padrao", pessoa, "53", "999", Decimal(0)) for pessoa in _PESSOAS),
        pis=_contribution(contribuicao, Decimal("0.65") if receita_tributada else Decimal(0)),
        cofins=_contribution(contribuicao, Decimal("3.00") if receita_tributada else Decimal(0)),
        ibs_cbs=()
        if simples
        else tuple(CenarioIbsCbs("padrao", pessoa, "000", "000001") for pessoa in _PESSOAS),
    )


def _contribution(situacao: str, aliquota: Decimal) -> tuple[CenarioContribuicao, ...]:
    return tuple(CenarioContribuicao("padrao", pessoa, situacao, aliquota) for pessoa in _PESSOAS)
