"""Any request of the types gives a document or a list of violations, and never another exception."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chancela.documents.nfe import pedido as modelo
from chancela.documents.nfe.numeracao import build_placeholder, prevalidate
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.erros import RegraViolada

from . import pedidos as p
from .casos import CHAVE
from .montar import montar

CONHECIDOS = [
    "", " ", "0", "1", "2", "4", "9", "01", "90", "99", "EX", "SP", "AM", "ISENTO", "1058", "1600", "5102", "9999999",
    "01001000", "69900970", "00000000", "11222333000181", "12345678909", "2026-11-20", "2026-11-20T10:30:15-03:00",
    "31/12/2026", "0001-01-01", "2099-12-31T23:59:59-11:00", "SEM GTIN", "7891234567895", "TF00001", "São Paulo", "Manaus",
    str(CHAVE), "chave", "nf", "produtor", "ecf", "2D", "2601", "A" * 70, "ção & <tag> ]]>", "\x00\x1f", "充电", "…–“”",
]  # fmt: skip
TEXTOS = st.sampled_from(CONHECIDOS) | st.text(max_size=40)
NUMEROS = (
    st.sampled_from(
        [Decimal(x) for x in ("0", "-0", "0.01", "1", "300.00", "0.005", "-1", "1E+30", "1E-30", "99999999999.9999", "NaN", "Infinity")]
    )
    | st.decimals(min_value=0, max_value=10**6, places=2)
    | st.decimals()
)  # fmt: skip
INTEIROS = st.integers(-2, 10**16)
VAZIOS: dict[str, Any] = {
    "destinatario": modelo.PartePedido(), "retirada": modelo.PartePedido(), "entrega": modelo.PartePedido(),
    "transporte": modelo.TransportePedido(), "transportador": modelo.TransportadorPedido(), "cartao": modelo.CartaoPedido(),
    "veiculo": modelo.VeiculoPedido(), "retencao": modelo.RetencaoFretePedido(), "cobranca": modelo.CobrancaPedido(),
    "exportacao": modelo.ExportacaoPedido(), "compra": modelo.CompraPedido(), "intermediador": modelo.IntermediadorPedido(),
    "importacao": modelo.ImportacaoPedido(), "emitente": modelo.EmitentePedido(), "cana": modelo.CanaPedido(),
    "guia_transito": modelo.GuiaTransitoPedido(), "responsavel_tecnico": modelo.ResponsavelTecnicoPedido(),
}  # fmt: skip
LISTAS: dict[str, Any] = {
    "itens": modelo.ItemPedido(), "referencias": modelo.ReferenciaPedido(), "pagamentos": modelo.PagamentoPedido(),
    "observacoes_contribuinte": modelo.ObservacaoPedido(), "observacoes_fisco": modelo.ObservacaoPedido(),
    "processos": modelo.ProcessoPedido(), "autorizados": "", "pagamentos_antecipados": "", "volumes": modelo.VolumePedido(),
    "reboques": modelo.VeiculoPedido(), "duplicatas": modelo.DuplicataPedido(), "nve": "", "lacres": "",
    "declaracoes_importacao": modelo.DeclaracaoPedido(), "adicoes": modelo.AdicaoPedido(),
    "defensivos": modelo.DefensivoPedido(), "fornecimentos": modelo.FornecimentoPedido(), "deducoes": modelo.DeducaoPedido(),
}  # fmt: skip
FIXOS = {"impostos", "extensoes", "compra_governamental", "retencao_tributos", "modelo"}
TOTAIS = [
    "icms.valor",
    "icms.quantidade_mono",
    "ibs_cbs.uf.valor",
    "ibs_cbs.monofasia.valor_cbs",
    "valor_is",
    "issqn.valor",
]
BASES = [p.SIMPLES, p.COMPLETO, p.TRANSPORTE, p.IMPORTACAO]


def mutate(draw: st.DrawFn, objeto: Any) -> Any:
    """The object with one field, at any depth, drawn anew within its type."""
    nomes = [c.name for c in fields(objeto) if c.name not in FIXOS]
    nome = draw(st.sampled_from(nomes))
    return replace(objeto, **{nome: other(draw, objeto, nome)})


def other(draw: st.DrawFn, dono: Any, nome: str) -> Any:
    valor = getattr(dono, nome)
    anotado = str(next(c.type for c in fields(dono) if c.name == nome))
    if isinstance(valor, tuple):
        return _list(draw, nome, valor)
    if isinstance(valor, Mapping):
        return draw(st.dictionaries(st.sampled_from(TOTAIS), NUMEROS, max_size=3))
    if is_dataclass(valor):
        return (
            draw(st.sampled_from([None, VAZIOS.get(nome)]))
            if draw(st.integers(0, 5)) == 0
            else mutate(draw, valor)
        )
    if isinstance(valor, Enum):
        return draw(st.sampled_from(type(valor)))
    if isinstance(valor, bool) or "bool" in anotado:
        return draw(st.booleans())
    if isinstance(valor, str):
        return draw(TEXTOS)
    if nome in VAZIOS and "Pedido" in anotado:
        return VAZIOS[nome]
    if "Decimal" in anotado:
        return draw(st.none() | NUMEROS)
    if "int" in anotado:
        return draw(st.none() | INTEIROS)
    return valor


def _list(draw: st.DrawFn, nome: str, valor: tuple[Any, ...]) -> tuple[Any, ...]:
    if nome not in LISTAS:
        return valor
    if not valor or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from([(), (*valor, LISTAS[nome])]))
    posicao = draw(st.integers(0, len(valor) - 1))
    membro = valor[posicao]
    novo = draw(TEXTOS) if isinstance(membro, str) else mutate(draw, membro)
    return (*valor[:posicao], novo, *valor[posicao + 1 :])


@st.composite
def requests(draw: st.DrawFn) -> PedidoNfe:
    pedido = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(0, 6))):
        pedido = mutate(draw, pedido)
    return pedido


@given(requests())
def test_a_request_gives_a_document_or_violations(pedido: PedidoNfe) -> None:
    try:
        montada = montar(pedido)
    except RegraViolada as erro:
        for violacao in erro.violacoes:
            assert violacao.codigo
            assert violacao.mensagem
            assert violacao.correcao
            assert_path(pedido, violacao.caminho)
        return
    for violacao in prevalidate(build_placeholder(montada)):
        assert violacao.mensagem


def assert_path(pedido: PedidoNfe, caminho: str) -> None:
    """A path names a field of the request (or of the company's registry)."""
    if caminho.startswith("emitente"):
        return
    objeto: Any = pedido
    for passo in caminho.split("."):
        nome, _, indice = passo.partition("[")
        if (
            isinstance(objeto, Mapping)
            or nome in ("icms", "ipi", "pis", "cofins", "ibs_cbs", "imposto_seletivo")
            or objeto is None
        ):
            return
        assert hasattr(objeto, nome), caminho
        objeto = getattr(objeto, nome)
        if indice:
            posicao = int(indice.removesuffix("]"))
            objeto = objeto[posicao] if posicao < len(objeto) else None
