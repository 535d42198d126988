"""The request of a return (finNFe 4) out of the document that is returned: parties turned round, taxes in proportion.

What comes back carries the taxes with which it went (same bases and rates), under the CFOP of the return. The codes that
only make sense one way are turned with it: a return is no revenue, so taxed PIS and COFINS (CST 01 to 03) take 49 (out)
or 98 (in), and the IPI of an issuer's own goods coming back takes the CST of entries (IN RFB 1.009/2010, annex). Who gives back goods
of somebody else does not pay their IPI: it goes into impostoDevol (NT 2013.005). No more comes back than went, all returns
of a note taken together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chancela.documents.nfe.devolvido import DevolucaoAnterior, ItemDevolvido, Saldo
from chancela.documents.nfe.enumeracoes import Finalidade
from chancela.documents.nfe.itens import Item
from chancela.documents.nfe.layout import DocumentoNfe
from chancela.documents.nfe.participantes import Destinatario, Emitente, Endereco, IdEstrangeiro
from chancela.documents.nfe.pedido import PagamentoPedido, PartePedido, PedidoNfe, ReferenciaPedido
from chancela.documents.nfe.pedido_itens import ExtensoesItem, ItemPedido
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Cnpj, Cpf
from chancela.domain.tributos.devolucao import scale_tributos
from chancela.domain.tributos.entrada import TipoOperacao, TributosInformados
from chancela.domain.tributos.resultado import Contribuicao, Ipi, IpiDevolvido
from chancela.domain.valores import ZERO

_SEM_PAGAMENTO = PagamentoPedido(meio="90", indicador="0")
_DE_RECEITA = frozenset({"Aliq", "Qtde"})
_CST_ENTRADA, _CST_SAIDA = "98", "49"
_IPI_ENTRADA: Mapping[str, str] = {
    "50": "00",
    "51": "01",
    "52": "02",
    "53": "03",
    "54": "04",
    "55": "05",
    "99": "49",
}
_CEM = Decimal(100)


def direction_of(cfop: str) -> TipoOperacao:
    """Whether a return under this CFOP comes in (1, 2, 3) or goes out (5, 6, 7)."""
    return TipoOperacao.ENTRADA if cfop[:1] in ("1", "2", "3") else TipoOperacao.SAIDA


@dataclass(frozen=True, slots=True)
class Devolucao:
    """The request of a return, and which items of the original it brings back: those that could be recognised."""

    pedido: PedidoNfe
    itens: tuple[ItemDevolvido, ...]


def return_whole(
    original: DocumentoNfe,
    *,
    devolve: Cnpj | Cpf,
    cfop: str,
    natureza: str,
    anteriores: Sequence[DevolucaoAnterior] = (),
) -> Devolucao:
    """The return of everything. `devolve` issues it: either party of the original; the other one becomes its recipient.

    Raises `RegraViolada` when something of it came back before.
    """
    nfe = original.nfe
    saldo = Saldo(original, anteriores)
    if any(saldo.returned(item.tributos.numero) for item in nfe.itens):
        raise RegraViolada((_came_back(original, saldo),))
    pedido = PedidoNfe(
        natureza_operacao=natureza,
        tipo_operacao=direction_of(cfop),
        ambiente=original.identificacao.ambiente,
        finalidade=Finalidade.DEVOLUCAO.value,
        destinatario=_other_party(original, devolve),
        referencias=(ReferenciaPedido(chave=original.identificacao.chave.texto),),
        consumidor_final="1" if nfe.consumidor_final else "0",
        itens=tuple(_whole_item(original, item, devolve, cfop) for item in nfe.itens),
        pagamentos=(_SEM_PAGAMENTO,),
    )
    itens = (
        ItemDevolvido(posicao, item.tributos.numero, item.produto.quantidade)
        for posicao, item in enumerate(nfe.itens, 1)
    )
    return Devolucao(pedido, tuple(itens))


def return_part(
    pedido: PedidoNfe,
    original: DocumentoNfe | None,
    *,
    devolve: Cnpj | Cpf,
    chave: str,
    cfop: str,
    anteriores: Sequence[DevolucaoAnterior] = (),
) -> Devolucao:
    """A return that the caller describes: purpose, reference and CFOP are set, and every item that is one of the original's
    takes its taxes, in proportion to the quantity, unless it brings taxes of its own. What comes back last of an item takes
    what earlier returns left of each amount.

    Raises `RegraViolada` when more of an item comes back than went.
    """
    itens = [item if item.cfop else replace(item, cfop=cfop) for item in pedido.itens]
    devolvidos: list[ItemDevolvido] = []
    if original is not None:
        saldo = Saldo(original, anteriores)
        for achado, devolvido in _take_all(itens, original, saldo):
            devolvidos.append(devolvido)
            item, numero = itens[devolvido.item - 1], devolvido.original
            if item.impostos is not None:
                saldo.note_groups(numero, None)
                continue
            grupos = _taxes(original, achado, devolve, item.cfop, devolvido.quantidade, saldo)
            saldo.note_groups(numero, grupos)
            itens[devolvido.item - 1] = replace(item, extensoes=ExtensoesItem(informado=grupos))
    completo = replace(
        pedido,
        finalidade=Finalidade.DEVOLUCAO.value,
        referencias=(ReferenciaPedido(chave=chave),),
        itens=tuple(itens),
        pagamentos=pedido.pagamentos or (_SEM_PAGAMENTO,),
    )
    return Devolucao(completo, tuple(devolvidos))


def count_return(
    pedido: PedidoNfe, original: DocumentoNfe, anteriores: Sequence[DevolucaoAnterior] = ()
) -> Devolucao:
    """A return whose caller says everything of it, taxes as well: only what comes back is recognised.

    Raises `RegraViolada` when more of an item comes back than went.
    """
    saldo = Saldo(original, anteriores)
    return Devolucao(pedido, tuple(devolvido for _, devolvido in _take_all(pedido.itens, original, saldo)))


def _take_all(
    itens: Sequence[ItemPedido], original: DocumentoNfe, saldo: Saldo
) -> Iterator[tuple[Item, ItemDevolvido]]:
    """Item by item what comes back, taken from what is left; those that are none of the original's are passed over.

    Raises `RegraViolada` at the end, with every item of which more comes back than is left.
    """
    faltas: list[Violacao] = []
    for posicao, item in enumerate(itens):
        achado = _find(original, item, saldo)
        if achado is None or item.quantidade is None or item.quantidade <= 0:
            continue
        numero = achado.tributos.numero
        if item.quantidade > saldo.left(numero):
            faltas.append(_too_much(posicao, item.quantidade, achado, saldo))
            continue
        saldo.take(numero, item.quantidade)
        yield achado, ItemDevolvido(posicao + 1, numero, item.quantidade)
    if faltas:
        raise RegraViolada(tuple(faltas))


def _find(original: DocumentoNfe, item: ItemPedido, saldo: Saldo) -> Item | None:
    """The item of the original that comes back: by its code, else by NCM and description. Of several, one that has
    enough left, else the first."""
    codigo = item.codigo.strip()
    if codigo:
        iguais = [o for o in original.nfe.itens if o.produto.codigo == codigo]
    else:
        ncm, nome = "".join(c for c in item.ncm if c.isdigit()), item.descricao.strip().casefold()
        iguais = [
            o for o in original.nfe.itens if o.produto.ncm == ncm and o.produto.descricao.casefold() == nome
        ]
    quantidade = item.quantidade or ZERO
    return next((o for o in iguais if saldo.left(o.tributos.numero) >= quantidade), next(iter(iguais), None))


def _too_much(posicao: int, quantidade: Decimal, original: Item, saldo: Saldo) -> Violacao:
    numero = original.tributos.numero
    ja = saldo.returned(numero)
    voltou = f", e {_plain(ja)} já voltaram" if ja else ""
    return Violacao(
        codigo="NFE-DEVOLUCAO-01",
        caminho=f"itens[{posicao}].quantidade",
        rotulo=f"Item {posicao + 1}, quantidade",
        valor=format(quantidade, "f"),
        mensagem=f"A nota original tem {_plain(original.produto.quantidade)} deste item{voltou}: não há como devolver"
        f" mais que {_plain(saldo.left(numero))}.",
        correcao="Confira a quantidade devolvida, nesta nota e nas devoluções anteriores.",
    )


def _came_back(original: DocumentoNfe, saldo: Saldo) -> Violacao:
    chave = original.identificacao.chave.texto
    resta = any(saldo.left(item.tributos.numero) for item in original.nfe.itens)
    return Violacao(
        codigo="NFE-DEVOLUCAO-02",
        caminho="referencias[0].chave",
        rotulo="Nota original",
        valor=chave,
        mensagem="Parte desta nota já foi devolvida: ela não volta mais inteira."
        if resta
        else "Esta nota já foi devolvida inteira.",
        correcao="Descreva na devolução só o que ainda não voltou."
        if resta
        else "Consulte as devoluções dela.",
    )


def _plain(quantidade: Decimal) -> str:
    return f"{quantidade.normalize():f}"


def _whole_item(original: DocumentoNfe, item: Item, devolve: Cnpj | Cpf, cfop: str) -> ItemPedido:
    produto, tributos = item.produto, item.tributos
    return ItemPedido(
        descricao=produto.descricao,
        codigo=produto.codigo,
        ncm=produto.ncm,
        cest=produto.cest or "",
        gtin=produto.gtin,
        gtin_tributavel=produto.gtin_tributavel,
        unidade=produto.unidade,
        quantidade=produto.quantidade,
        valor_unitario=produto.valor_unitario,
        valor_total=tributos.valor_produto,
        desconto=tributos.valor_desconto or None,
        frete=tributos.valor_frete or None,
        seguro=tributos.valor_seguro or None,
        outras_despesas=tributos.valor_outras_despesas or None,
        origem=(tributos.icms.origem if tributos.icms is not None else None) or "0",
        compoe_total=tributos.compoe_total,
        cfop=cfop,
        unidade_tributavel=produto.unidade_tributavel,
        quantidade_tributavel=produto.quantidade_tributavel,
        valor_unitario_tributavel=produto.valor_unitario_tributavel,
        escala_relevante=produto.escala_relevante or "",
        cnpj_fabricante=produto.cnpj_fabricante or "",
        ex_tipi=produto.ex_tipi or "",
        fci=produto.fci or "",
        lotes=produto.lotes,
        medicamento=produto.medicamento,
        combustivel=produto.combustivel,
        extensoes=ExtensoesItem(informado=_taxes(original, item, devolve, cfop, produto.quantidade)),
    )


def _taxes(
    original: DocumentoNfe,
    item: Item,
    devolve: Cnpj | Cpf,
    cfop: str,
    quantidade: Decimal,
    saldo: Saldo | None = None,
) -> TributosInformados:
    numero = item.tributos.numero
    escalados = scale_tributos(
        item.tributos,
        cfop=cfop,
        devolvida=quantidade,
        quantidade_original=item.produto.quantidade,
        anteriores=() if saldo is None else saldo.groups(numero, item.tributos.ipi),
        ultima=saldo is not None and saldo.remainder_known(numero),
    )
    entrada = direction_of(cfop) is TipoOperacao.ENTRADA
    proprio = original.nfe.emitente.documento == devolve
    return replace(
        escalados,
        pis=_no_revenue(escalados.pis, entrada=entrada),
        cofins=_no_revenue(escalados.cofins, entrada=entrada),
        ipi=_own_ipi(escalados.ipi, entrada=entrada) if proprio else None,
        ipi_devolvido=escalados.ipi_devolvido
        if proprio
        else _given_back(escalados.ipi, quantidade, item.produto.quantidade),
    )


def _no_revenue(contribuicao: Contribuicao | None, *, entrada: bool) -> Contribuicao | None:
    if contribuicao is None or contribuicao.grupo not in _DE_RECEITA:
        return contribuicao
    return replace(contribuicao, grupo="Outr", cst=_CST_ENTRADA if entrada else _CST_SAIDA)


def _own_ipi(ipi: Ipi | None, *, entrada: bool) -> Ipi | None:
    return replace(ipi, cst=_IPI_ENTRADA.get(ipi.cst, ipi.cst)) if ipi is not None and entrada else ipi


def _given_back(ipi: Ipi | None, quantidade: Decimal, original: Decimal) -> IpiDevolvido | None:
    if ipi is None or not ipi.valor:
        return None
    return IpiDevolvido((quantidade / original * _CEM).quantize(Decimal("0.01")), ipi.valor)


def _other_party(original: DocumentoNfe, devolve: Cnpj | Cpf) -> PartePedido | None:
    nfe = original.nfe
    if nfe.emitente.documento != devolve:
        return _from_issuer(nfe.emitente)
    return None if nfe.destinatario is None else _from_recipient(nfe.destinatario)


def _from_issuer(emitente: Emitente) -> PartePedido:
    return _address(
        PartePedido(
            cnpj=emitente.documento if isinstance(emitente.documento, Cnpj) else "",
            cpf=emitente.documento if isinstance(emitente.documento, Cpf) else "",
            inscricao_estadual=emitente.inscricao_estadual or "",
            nome=emitente.nome,
        ),
        emitente.endereco,
    )


def _from_recipient(destinatario: Destinatario) -> PartePedido:
    documento = destinatario.documento
    parte = PartePedido(
        cnpj=documento if isinstance(documento, Cnpj) else "",
        cpf=documento if isinstance(documento, Cpf) else "",
        id_estrangeiro=documento if isinstance(documento, IdEstrangeiro) else "",
        inscricao_estadual=destinatario.inscricao_estadual or "",
        indicador_ie=destinatario.indicador_ie.value,
        inscricao_suframa=destinatario.inscricao_suframa or "",
        nome=destinatario.nome or "",
        email=destinatario.email or "",
    )
    return parte if destinatario.endereco is None else _address(parte, destinatario.endereco)


def _address(parte: PartePedido, endereco: Endereco) -> PartePedido:
    return replace(
        parte,
        logradouro=endereco.logradouro,
        numero=endereco.numero,
        complemento=endereco.complemento or "",
        bairro=endereco.bairro,
        municipio=endereco.municipio,
        codigo_municipio=endereco.codigo_municipio,
        uf=str(endereco.uf),
        cep=endereco.cep or "",
        codigo_pais=endereco.codigo_pais or "",
        pais=endereco.pais or "",
        telefone=endereco.telefone or "",
    )
