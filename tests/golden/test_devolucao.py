"""Returns of the examples, judged by the simulated SEFAZ: what comes back is what went, to the cent."""

import asyncio
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.golden.apoio import Bancada, example_number, folders, read_exact

from chancela.documents.nfe.devolucao import return_part, return_whole
from chancela.documents.nfe.devolvido import DevolucaoAnterior
from chancela.documents.nfe.enumeracoes import Destino, Finalidade, TipoOperacao
from chancela.documents.nfe.layout import DocumentoNfe, compose_unsigned, parse_nfe
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.documents.nfe.pedido_itens import ExtensoesItem, ItemPedido
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj
from chancela.domain.tributos.entrada import TributosInformados
from chancela.issuing.empresa import Empresa
from chancela.issuing.servico_nfe import Preparada


def _sales() -> list[Path]:
    """Examples that go out to somebody in Brazil, within or between states."""
    escolhidas: list[Path] = []
    for pasta in folders("nfe"):
        texto = (pasta / "saida.xml").read_text()
        if "<finNFe>1<" in texto and "<tpNF>1<" in texto and "<idDest>3<" not in texto:
            escolhidas.append(pasta)
    return escolhidas


VENDAS = _sales()


class Venda:
    """An example, authorised under a number of its own."""

    def __init__(self, bancada: Bancada, pasta: Path, deslocamento: int) -> None:
        self.bancada = bancada
        self.numero = (example_number(pasta.name) + deslocamento) % 900_000_000 + 1
        categorias = pasta / "categorias.json"
        self.categorias = read_exact(categorias) if categorias.exists() else []
        self.empresa, preparada = bancada.prepare(
            read_exact(pasta / "empresa.json"), self.categorias, read_exact(pasta / "entrada.json")
        )
        self.original = self._authorise(self.empresa, preparada, self.numero)

    def give_back(self, pedido: PedidoNfe, vez: int = 1) -> DocumentoNfe:
        servico = self.bancada.service(self.bancada.categories(self.categorias))
        preparada = asyncio.run(servico.prepare(self.empresa, pedido))
        return self._authorise(self.empresa, preparada, self.numero + vez)

    @property
    def cfop(self) -> str:
        return "1202" if self.original.nfe.destino is Destino.INTERNA else "2202"

    def _authorise(self, empresa: Empresa, preparada: Preparada, numero: int) -> DocumentoNfe:
        chave, texto = self.bancada.number(empresa, preparada, numero)
        resposta = self.bancada.authorise(empresa, preparada.montada, chave, texto).decode()
        veredito = re.search(r"<infProt.*?<cStat>(\d+)</cStat><xMotivo>([^<]*)<", resposta, re.DOTALL)
        assert veredito is not None, resposta
        assert veredito[1] == "100", veredito[2]
        return parse_nfe(compose_unsigned(texto))


@pytest.mark.parametrize("pasta", VENDAS, ids=lambda pasta: pasta.name)
def test_a_whole_return_gives_everything_back(pasta: Path, bancada: Bancada) -> None:
    venda = Venda(bancada, pasta, 101)
    original = venda.original.nfe
    devolvida = venda.give_back(
        return_whole(
            venda.original, devolve=venda.empresa.cnpj, cfop=venda.cfop, natureza="Devolução de venda"
        ).pedido
    ).nfe
    assert devolvida.finalidade is Finalidade.DEVOLUCAO
    assert devolvida.tipo_operacao is TipoOperacao.ENTRADA
    assert [r.chave_nfe for r in devolvida.referencias] == [venda.original.identificacao.chave]
    assert devolvida.destinatario == original.destinatario
    assert {item.tributos.cfop for item in devolvida.itens} == {venda.cfop}
    for totais in ("valor", "valor_st", "valor_produtos", "base_calculo", "base_st"):
        assert getattr(devolvida.totais.icms, totais) == getattr(original.totais.icms, totais), totais
    for antes, depois in zip(original.itens, devolvida.itens, strict=True):
        assert depois.tributos.icms == antes.tributos.icms
        assert depois.produto.quantidade == antes.produto.quantidade
        assert depois.produto.codigo == antes.produto.codigo


def test_part_of_an_item_takes_its_share_of_every_tax(bancada: Bancada) -> None:
    pasta = next(p for p in VENDAS if p.name == "cst-10-st-frete-ipi")
    venda = Venda(bancada, pasta, 202)
    inteira = return_whole(
        venda.original, devolve=venda.empresa.cnpj, cfop=venda.cfop, natureza="Devolução parcial"
    ).pedido
    primeiro = inteira.itens[0]
    assert primeiro.quantidade is not None
    assert primeiro.valor_total is not None
    metade = replace(
        primeiro,
        quantidade=primeiro.quantidade / 2,
        valor_total=primeiro.valor_total / 2,
        quantidade_tributavel=None,
        valor_unitario_tributavel=None,
        desconto=None,
        frete=None,
        seguro=None,
        outras_despesas=None,
        cfop="",
        extensoes=type(primeiro.extensoes)(),
    )
    pedido = return_part(
        replace(inteira, itens=(metade,), referencias=(), finalidade=""),
        venda.original,
        devolve=venda.empresa.cnpj,
        chave=venda.original.identificacao.chave.texto,
        cfop=venda.cfop,
    ).pedido
    antes = venda.original.nfe.itens[0].tributos
    depois = venda.give_back(pedido).nfe.itens[0].tributos
    assert depois.icms is not None
    assert antes.icms is not None
    for campo in ("base_calculo", "valor", "base_st", "valor_st"):
        inteiro = getattr(antes.icms, campo)
        assert abs(getattr(depois.icms, campo) * 2 - inteiro) <= Decimal("0.01"), campo
    assert depois.icms.aliquota == antes.icms.aliquota
    assert antes.ipi is not None
    assert depois.ipi is not None
    assert (depois.ipi.cst, depois.ipi.aliquota) == ("00", antes.ipi.aliquota)
    assert depois.pis is not None
    assert (depois.pis.grupo, depois.pis.cst) == ("Outr", "98")


def _slice(item: ItemPedido, fracao: int) -> ItemPedido:
    """One part in so many of an item, as a caller describes it."""
    assert item.quantidade is not None
    assert item.valor_unitario is not None
    quantidade = item.quantidade / fracao
    return replace(
        item,
        quantidade=quantidade,
        valor_total=(quantidade * item.valor_unitario).quantize(Decimal("0.01")),
        quantidade_tributavel=None,
        valor_unitario_tributavel=None,
        desconto=None,
        frete=None,
        seguro=None,
        outras_despesas=None,
        cfop="",
        extensoes=ExtensoesItem(),
    )


@pytest.mark.parametrize("quem", ["vendedor", "comprador"])
def test_the_returns_of_an_item_give_back_the_same_cents_as_it_had(bancada: Bancada, quem: str) -> None:
    pasta = next(p for p in VENDAS if p.name == "cst-10-st-frete-ipi")
    venda = Venda(bancada, pasta, 303 if quem == "vendedor" else 404)
    chave = venda.original.identificacao.chave.texto
    destinatario = venda.original.nfe.destinatario
    assert destinatario is not None
    assert isinstance(destinatario.documento, Cnpj)
    devolve, cfop = (
        (venda.empresa.cnpj, venda.cfop) if quem == "vendedor" else (destinatario.documento, "5202")
    )
    inteira = return_whole(venda.original, devolve=devolve, cfop=cfop, natureza="Devolução").pedido
    fatia = _slice(inteira.itens[0], 4)
    anteriores: list[DevolucaoAnterior] = []
    grupos: list[TributosInformados] = []
    for vez in range(4):
        parte = return_part(
            replace(inteira, itens=(fatia,), referencias=(), finalidade=""), venda.original, devolve=devolve, chave=chave,
            cfop=cfop, anteriores=anteriores,
        )  # fmt: skip
        informado = parte.pedido.itens[0].extensoes.informado
        assert informado is not None
        grupos.append(informado)
        devolvida = venda.original
        if quem == "vendedor":
            devolvida = venda.give_back(parte.pedido, 1 + vez)
        else:
            # Another company issues it: only its figures matter here.
            primeiro = devolvida.nfe.itens[0]
            tributos = replace(
                primeiro.tributos,
                icms=informado.icms,
                ipi=informado.ipi,
                ipi_devolvido=informado.ipi_devolvido,
            )
            item = replace(primeiro, tributos=tributos)
            devolvida = replace(devolvida, nfe=replace(devolvida.nfe, itens=(item,)))
        anteriores.append(DevolucaoAnterior(parte.itens, devolvida))
    antes = venda.original.nfe.itens[0].tributos
    assert antes.icms is not None
    assert antes.ipi is not None
    for campo in ("base_calculo", "valor", "base_st", "valor_st"):
        assert sum(getattr(g.icms, campo) for g in grupos) == getattr(antes.icms, campo), campo
    devolvido = sum(
        (g.ipi.valor if g.ipi is not None else g.ipi_devolvido.valor)  # type: ignore[union-attr]
        for g in grupos
    )
    assert devolvido == antes.ipi.valor
    with pytest.raises(RegraViolada) as erro:
        return_part(
            replace(inteira, itens=(fatia,)), venda.original, devolve=devolve, chave=chave, cfop=cfop,
            anteriores=anteriores,
        )  # fmt: skip
    assert [v.caminho for v in erro.value.violacoes] == ["itens[0].quantidade"]
    with pytest.raises(RegraViolada) as erro:
        return_whole(
            venda.original, devolve=devolve, cfop=cfop, natureza="Devolução", anteriores=anteriores[:1]
        )
    assert [v.codigo for v in erro.value.violacoes] == ["NFE-DEVOLUCAO-02"]


def test_two_lines_of_one_product_come_back_as_two() -> None:
    original = parse_nfe(compose_unsigned((VENDAS[0] / "saida.xml").read_bytes().strip()))
    primeiro = original.nfe.itens[0]
    segundo = replace(primeiro, tributos=replace(primeiro.tributos, numero=2))
    dobrada = replace(original, nfe=replace(original.nfe, itens=(primeiro, segundo)))
    emitente = original.nfe.emitente.documento
    inteira = return_whole(dobrada, devolve=emitente, cfop="1202", natureza="Devolução").pedido
    parte = return_part(
        inteira, dobrada, devolve=emitente, chave=original.identificacao.chave.texto, cfop="1202"
    )
    assert [(i.item, i.original) for i in parte.itens] == [(1, 1), (2, 2)]


def test_the_buyer_gives_the_ipi_back_apart(bancada: Bancada) -> None:
    pasta = next(p for p in VENDAS if p.name == "cst-10-st-frete-ipi")
    original = parse_nfe(compose_unsigned((pasta / "saida.xml").read_bytes().strip()))
    assert original.nfe.destinatario is not None
    comprador = original.nfe.destinatario.documento
    assert isinstance(comprador, Cnpj)
    pedido = return_whole(original, devolve=comprador, cfop="5202", natureza="Devolução de compra").pedido
    assert pedido.destinatario is not None
    assert pedido.destinatario.cnpj == original.nfe.emitente.documento
    assert pedido.destinatario.codigo_municipio == original.nfe.emitente.endereco.codigo_municipio
    informado = pedido.itens[0].extensoes.informado
    ipi = original.nfe.itens[0].tributos.ipi
    assert informado is not None
    assert ipi is not None
    assert informado.ipi is None
    assert informado.ipi_devolvido is not None
    assert (informado.ipi_devolvido.percentual, informado.ipi_devolvido.valor) == (Decimal(100), ipi.valor)
    assert informado.pis is not None
    assert informado.pis.cst == "49"


def test_more_than_was_sold_cannot_come_back() -> None:
    pasta = VENDAS[0]
    original = parse_nfe(compose_unsigned((pasta / "saida.xml").read_bytes().strip()))
    emitente = original.nfe.emitente.documento
    inteira = return_whole(original, devolve=emitente, cfop="1202", natureza="Devolução").pedido
    item = inteira.itens[0]
    assert item.quantidade is not None
    demais = replace(item, quantidade=item.quantidade + 1)
    with pytest.raises(RegraViolada) as erro:
        return_part(
            replace(inteira, itens=(demais,)), original, devolve=emitente,
            chave=original.identificacao.chave.texto, cfop="1202",
        )  # fmt: skip
    (violacao,) = erro.value.violacoes
    assert (violacao.codigo, violacao.caminho) == ("NFE-DEVOLUCAO-01", "itens[0].quantidade")
