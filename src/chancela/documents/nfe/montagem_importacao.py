"""Customs of an item: import declarations and the import tax."""

from chancela.documents.nfe import itens as m
from chancela.documents.nfe.enumeracoes import Intermediacao, ViaTransporte
from chancela.documents.nfe.leitor_item import LeitorItem
from chancela.documents.nfe.pedido import DeclaracaoPedido
from chancela.domain.tributos.entrada import Importacao, TipoOperacao
from chancela.domain.valores import ZERO


def read_declaracoes(leitor: LeitorItem) -> tuple[m.DeclaracaoImportacao, ...]:
    """The declarations that are whole; what is wrong with the others is collected."""
    if not leitor.item.declaracoes_importacao:
        return ()
    lidas = [_declaracao(leitor, i, d) for i, d in enumerate(leitor.item.declaracoes_importacao)]
    return tuple(d for d in lidas if d is not None)


def _declaracao(leitor: LeitorItem, posicao: int, d: DeclaracaoPedido) -> m.DeclaracaoImportacao | None:
    coleta = leitor.coleta
    base, rotulo = f"{leitor.base}.declaracoes_importacao[{posicao}]", leitor.rotulo(f"DI {posicao + 1}")
    antes = len(coleta.violacoes)

    def texto(campo: str, palavra: str, maximo: int) -> str:
        bruto: str = getattr(d, campo)
        return coleta.texto(f"{base}.{campo}", f"{rotulo}, {palavra}", bruto, maximo, obrigatorio=True) or ""

    numero = texto("numero", "número", 15)
    registro = coleta.data(f"{base}.data_registro", f"{rotulo}, data", d.data_registro, obrigatorio=True)
    local = texto("local_desembaraco", "local do desembaraço", 60)
    uf = coleta.uf(
        f"{base}.uf_desembaraco", f"{rotulo}, UF do desembaraço", d.uf_desembaraco, obrigatorio=True
    )
    desembaraco = coleta.data(
        f"{base}.data_desembaraco", f"{rotulo}, data do desembaraço", d.data_desembaraco, obrigatorio=True
    )
    exportador = texto("exportador", "código do exportador", 60)
    via = coleta.codigo(
        f"{base}.via_transporte",
        f"{rotulo}, via de transporte",
        d.via_transporte,
        ViaTransporte,
        ViaTransporte.MARITIMA,
    )
    afrmm = coleta.quantia(f"{base}.valor_afrmm", f"{rotulo}, AFRMM", d.valor_afrmm)
    if via is ViaTransporte.MARITIMA and d.valor_afrmm is None:
        coleta.miss(
            f"{base}.valor_afrmm",
            f"{rotulo}, AFRMM",
            "Por via marítima o AFRMM é obrigatório; pode ser zero.",
        )
    terceiro = coleta.cnpj(
        f"{base}.cnpj_terceiro", f"{rotulo}, CNPJ do adquirente", d.cnpj_terceiro
    ) or coleta.cpf(f"{base}.cpf_terceiro", f"{rotulo}, CPF do adquirente", d.cpf_terceiro)
    uf_terceiro = coleta.uf(f"{base}.uf_terceiro", f"{rotulo}, UF do adquirente", d.uf_terceiro)
    intermediacao = coleta.codigo(
        f"{base}.intermediacao",
        f"{rotulo}, intermediação",
        d.intermediacao,
        Intermediacao,
        Intermediacao.CONTA_PROPRIA,
    )
    adicoes = _adicoes(leitor, base, rotulo, d)
    if len(coleta.violacoes) > antes or registro is None or desembaraco is None or uf is None:
        return None
    return m.DeclaracaoImportacao(
        numero=numero,
        data_registro=registro,
        local_desembaraco=local,
        uf_desembaraco=uf,
        data_desembaraco=desembaraco,
        via_transporte=via,
        intermediacao=intermediacao,
        exportador=exportador,
        adicoes=adicoes,
        valor_afrmm=afrmm,
        terceiro=terceiro,
        uf_terceiro=uf_terceiro,
    )


def _adicoes(leitor: LeitorItem, base: str, rotulo: str, d: DeclaracaoPedido) -> tuple[m.Adicao, ...]:
    coleta = leitor.coleta
    if not d.adicoes:
        coleta.miss(f"{base}.adicoes", f"{rotulo}, adições", "Informe ao menos uma adição.")
    lidas: list[m.Adicao] = []
    for posicao, a in enumerate(d.adicoes):
        aqui, nome = f"{base}.adicoes[{posicao}]", f"{rotulo}, adição {posicao + 1}"
        lidas.append(
            m.Adicao(
                numero=_strip_zeros(
                    coleta.algarismos(f"{aqui}.numero", f"{nome}, número", a.numero, range(1, 4))
                ),
                numero_sequencial=_strip_zeros(
                    coleta.algarismos(
                        f"{aqui}.numero_sequencial",
                        f"{nome}, sequência",
                        a.numero_sequencial,
                        range(1, 6),
                    )
                )
                or str(posicao + 1),
                fabricante=coleta.texto(
                    f"{aqui}.fabricante",
                    f"{nome}, código do fabricante",
                    a.fabricante,
                    60,
                    obrigatorio=True,
                )
                or "",
                desconto=coleta.quantia(f"{aqui}.desconto", f"{nome}, desconto", a.desconto) or None,
                drawback=coleta.texto(f"{aqui}.drawback", f"{nome}, drawback", a.drawback, 20),
            )
        )
    return tuple(lidas)


def read_importacao(leitor: LeitorItem, declaracoes: tuple[m.DeclaracaoImportacao, ...]) -> Importacao | None:
    """II of the item. In an import without the group, zeros with a warning (the broker's values are missing)."""
    item = leitor.item
    importa = leitor.pedido.tipo_operacao is TipoOperacao.IMPORTACAO
    informada = item.importacao
    if informada is None and not importa:
        return None
    if importa and not item.declaracoes_importacao:
        leitor.coleta.miss(
            f"{leitor.base}.declaracoes_importacao",
            leitor.rotulo("declaração de importação"),
            "Informe a declaração de importação (DI, DUImp) do item.",
            525,
        )
    afrmm = sum((d.valor_afrmm for d in declaracoes if d.valor_afrmm is not None), ZERO)
    if informada is None:
        if item.extensoes.informado is not None:
            return None
        leitor.coleta.warn(
            "PEDIDO-II-01",
            f"{leitor.base}.importacao",
            leitor.rotulo("imposto de importação"),
            "O imposto de importação não foi informado; o documento leva base e valor zero.",
            "Informe base, despesas aduaneiras, imposto e IOF da declaração de importação.",
        )
        return Importacao(base=ZERO, valor=ZERO, afrmm=afrmm)
    base = leitor.quantia("importacao.base", "base do II", informada.base)
    valor = informada.valor
    if valor is None and informada.aliquota is None:
        valor = ZERO
    return Importacao(
        base=base,
        valor=None if valor is None else leitor.quantia("importacao.valor", "valor do II", valor),
        aliquota=None
        if informada.aliquota is None
        else leitor.quantia("importacao.aliquota", "alíquota do II", informada.aliquota, 3, 4),
        despesas_aduaneiras=leitor.quantia(
            "importacao.despesas_aduaneiras", "despesas aduaneiras", informada.despesas_aduaneiras
        ),
        iof=leitor.quantia("importacao.iof", "IOF", informada.iof),
        afrmm=afrmm,
    )


def _strip_zeros(texto: str | None) -> str | None:
    return None if texto is None else texto.lstrip("0") or None
