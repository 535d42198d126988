"""Payments and billing of a request, brought to the total of the document."""

import re
from decimal import Decimal

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.enumeracoes import MEIOS_PAGAMENTO, Finalidade
from chancela.documents.nfe.modelo import Cartao, Cobranca, Duplicata, Fatura, Pagamento
from chancela.documents.nfe.pedido import CartaoPedido, PagamentoPedido, PedidoNfe
from chancela.domain.identidade import Cnpj, Modelo, Uf
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.domain.valores import ZERO
from chancela.kit.frozen import replace

DINHEIRO = "01"
SEM_PAGAMENTO = "90"
_PAGAMENTO_POSTERIOR = "91"
_OUTROS = "99"
_A_VISTA = "0"
_NAO_INTEGRADO = "2"
_BANDEIRA = re.compile(r"[0-9]{2}")
_SEM_VALOR = frozenset({SEM_PAGAMENTO, _PAGAMENTO_POSTERIOR})
_SEM_COBRANCA = frozenset({Finalidade.AJUSTE, Finalidade.DEVOLUCAO})


def read_pagamentos(
    coleta: Coleta, pedido: PedidoNfe, finalidade: Finalidade, total: Decimal | None
) -> tuple[tuple[Pagamento, ...], Decimal | None]:
    """The payments and the change. `total` is vNF, None while it is unknown (then no sum is judged).

    Without payments: cash for the whole total, or "no payment" where the manual wants none (finalities 3 and 4, imports).
    """
    troco = ZERO
    if pedido.troco is not None:
        troco = coleta.quantia("troco", "Troco", pedido.troco) or ZERO
    if not pedido.pagamentos:
        sem = finalidade in _SEM_COBRANCA or pedido.tipo_operacao is TipoOperacao.IMPORTACAO
        unico = (
            Pagamento(SEM_PAGAMENTO, ZERO) if sem else Pagamento(DINHEIRO, (total or ZERO) + troco, _A_VISTA)
        )
        return (unico,), troco or None
    lidos = [_read(coleta, posicao, p) for posicao, p in enumerate(pedido.pagamentos)]
    valores = _values(coleta, pedido, total, troco)
    pagamentos = tuple([replace(lido, valor=valor) for lido, valor in zip(lidos, valores, strict=True)])
    soma = sum(valores, ZERO)
    if total is not None and not troco and soma > total and _only_money(pagamentos):
        troco = soma - total
    if total is not None and soma - troco < total:
        _warn_difference(coleta, pedido, pagamentos, total, total - (soma - troco))
    return pagamentos, troco or None


def _only_money(pagamentos: tuple[Pagamento, ...]) -> bool:
    return all(p.meio == DINHEIRO for p in pagamentos)


def _read(coleta: Coleta, posicao: int, p: PagamentoPedido) -> Pagamento:
    """One payment, its value still to be settled."""
    base, rotulo = f"pagamentos[{posicao}]", f"Pagamento {posicao + 1}"
    meio = p.meio.strip()
    if meio.isascii() and meio.isdecimal():
        meio = meio.zfill(2)
    if not meio:
        coleta.miss(f"{base}.meio", f"{rotulo}, meio")
        meio = DINHEIRO
    elif meio not in MEIOS_PAGAMENTO:
        coleta.unknown_code(f"{base}.meio", f"{rotulo}, meio", p.meio, MEIOS_PAGAMENTO)
        meio = DINHEIRO
    indicador = coleta.sim_nao(f"{base}.indicador", f"{rotulo}, indicador", p.indicador)
    descricao = None
    if p.descricao:
        descricao = coleta.texto(f"{base}.descricao", f"{rotulo}, descrição", p.descricao, 60, minimo=2)
    if meio == _OUTROS and descricao is None:
        descricao = MEIOS_PAGAMENTO[_OUTROS]
    elif meio != _OUTROS and descricao is not None:
        coleta.warn(
            "PEDIDO-PAG-02",
            f"{base}.descricao",
            f"{rotulo}, descrição",
            "A descrição só cabe no meio de pagamento 99 (outros) e não consta do XML.",
            "Retire a descrição ou use o meio 99.",
            valor=p.descricao,
        )
        descricao = None
    sem_indicador = indicador is None or meio == SEM_PAGAMENTO
    cnpj, uf = _payer(coleta, base, rotulo, p) if p.cnpj_pagador or p.uf_pagador else (None, None)
    return Pagamento(
        meio=meio,
        valor=ZERO,
        indicador=None if sem_indicador else str(int(indicador or False)),
        descricao=descricao,
        data=coleta.data(f"{base}.data", f"{rotulo}, data", p.data) if p.data else None,
        cnpj_pagador=cnpj,
        uf_pagador=uf,
        cartao=None if p.cartao is None else _card(coleta, posicao, p.cartao),
    )


def _payer(coleta: Coleta, base: str, rotulo: str, p: PagamentoPedido) -> tuple[Cnpj | None, Uf | None]:
    """The establishment where it was paid: both fields, or none."""
    cnpj = coleta.cnpj(f"{base}.cnpj_pagador", f"{rotulo}, CNPJ do estabelecimento", p.cnpj_pagador, 961)
    uf = coleta.uf(f"{base}.uf_pagador", f"{rotulo}, UF do estabelecimento", p.uf_pagador)
    if p.uf_pagador.strip() and not p.cnpj_pagador.strip():
        coleta.miss(f"{base}.cnpj_pagador", f"{rotulo}, CNPJ do estabelecimento")
    elif p.cnpj_pagador.strip() and not p.uf_pagador.strip():
        coleta.miss(f"{base}.uf_pagador", f"{rotulo}, UF do estabelecimento")
    return cnpj, uf


def _values(coleta: Coleta, pedido: PedidoNfe, total: Decimal | None, troco: Decimal) -> list[Decimal]:
    """The value of each payment; the one without a value takes what is left."""
    valores: list[Decimal | None] = []
    for i, p in enumerate(pedido.pagamentos):
        if p.meio.strip() in _SEM_VALOR:
            if p.valor:
                coleta.warn(
                    "PEDIDO-PAG-03",
                    f"pagamentos[{i}].valor",
                    f"Pagamento {i + 1}, valor",
                    "Este meio de pagamento não leva valor; consta zero no XML.",
                    "Retire o valor ou use outro meio.",
                    valor=p.valor,
                )
            valores.append(ZERO)
        else:
            valor = coleta.quantia(f"pagamentos[{i}].valor", f"Pagamento {i + 1}, valor", p.valor)
            valores.append(ZERO if valor is None and p.valor is not None else valor)
    abertos = [i for i, v in enumerate(valores) if v is None]
    for i in abertos[1:]:
        coleta.miss(
            f"pagamentos[{i}].valor",
            f"Pagamento {i + 1}, valor",
            "Só um dos pagamentos pode ficar sem valor, e fica com o restante.",
        )
    if not abertos:
        return [v or ZERO for v in valores]
    resto = (total or ZERO) + troco - sum((v for v in valores if v is not None), ZERO)
    return [max(resto, ZERO) if i in abertos[:1] else v or ZERO for i, v in enumerate(valores)]


def _warn_difference(
    coleta: Coleta,
    pedido: PedidoNfe,
    pagamentos: tuple[Pagamento, ...],
    total: Decimal,
    falta: Decimal,
) -> None:
    """Model 55 does not refuse payments below the total (the check is announced for later): the caller is told."""
    if pedido.modelo is not Modelo.NFE or any(p.meio in _SEM_VALOR for p in pagamentos):
        return
    coleta.warn(
        "PEDIDO-PAG-01",
        "pagamentos",
        "Pagamentos",
        f"Os pagamentos somam {falta} a menos que o total da nota, {total}.",
        "Confira os valores, ou deixe um pagamento sem valor para que ele leve o restante.",
    )


def _card(coleta: Coleta, posicao: int, c: CartaoPedido) -> Cartao | None:
    if c == CartaoPedido():
        return None
    base, rotulo = f"pagamentos[{posicao}].cartao", f"Pagamento {posicao + 1}, cartão"
    integracao = c.integracao.strip()
    if not integracao:
        coleta.miss(f"{base}.integracao", f"{rotulo}, tipo de integração", "Informe 1 (TEF) ou 2 (POS).")
    elif integracao not in ("1", "2"):
        coleta.unknown_code(f"{base}.integracao", f"{rotulo}, tipo de integração", integracao, ("1", "2"))
    bandeira = c.bandeira.strip().zfill(2) if c.bandeira.strip() else None
    if bandeira is not None and _BANDEIRA.fullmatch(bandeira) is None:
        coleta.refuse(
            "PEDIDO-BANDEIRA-01",
            f"{base}.bandeira",
            f"{rotulo}, bandeira",
            "A bandeira tem 2 algarismos.",
            "Use o código da bandeira, como 01 (Visa) ou 02 (Mastercard).",
            valor=c.bandeira,
            c_stat=443,
        )
    if integracao == "1" and not (c.cnpj_credenciadora.strip() and c.autorizacao.strip()):
        coleta.warn(
            "PEDIDO-CARTAO-01",
            f"{base}.integracao",
            f"{rotulo}, tipo de integração",
            "Pagamento integrado exige CNPJ da credenciadora e autorização; consta como não integrado (2).",
            "Informe os dois, ou use a integração 2.",
            valor=integracao,
        )
        integracao = _NAO_INTEGRADO
    return Cartao(
        integracao=integracao,
        cnpj_credenciadora=coleta.cnpj(
            f"{base}.cnpj_credenciadora", f"{rotulo}, CNPJ da credenciadora", c.cnpj_credenciadora, 437
        ),
        bandeira=bandeira,
        autorizacao=coleta.texto(f"{base}.autorizacao", f"{rotulo}, autorização", c.autorizacao, 128),
        cnpj_recebedor=coleta.cnpj(
            f"{base}.cnpj_recebedor", f"{rotulo}, CNPJ do recebedor", c.cnpj_recebedor, 796
        ),
        terminal=coleta.texto(f"{base}.terminal", f"{rotulo}, terminal", c.terminal, 40),
    )


def read_cobranca(coleta: Coleta, pedido: PedidoNfe) -> Cobranca | None:
    """Invoice and instalments; instalments without number are numbered 001, 002, ..."""
    c = pedido.cobranca
    if c is None:
        return None
    fatura: Fatura | None = Fatura(
        numero=coleta.texto("cobranca.numero", "Fatura, número", c.numero, 60),
        valor_original=coleta.quantia("cobranca.valor_original", "Fatura, valor original", c.valor_original),
        valor_desconto=coleta.quantia("cobranca.valor_desconto", "Fatura, desconto", c.valor_desconto),
        valor_liquido=coleta.quantia("cobranca.valor_liquido", "Fatura, valor líquido", c.valor_liquido),
    )
    if fatura == Fatura():
        fatura = None
    duplicatas: list[Duplicata] = []
    for i, d in enumerate(c.duplicatas):
        base, rotulo = f"cobranca.duplicatas[{i}]", f"Parcela {i + 1}"
        duplicatas.append(
            Duplicata(
                valor=coleta.quantia(f"{base}.valor", f"{rotulo}, valor", d.valor, obrigatorio=True) or ZERO,
                numero=coleta.texto(f"{base}.numero", f"{rotulo}, número", d.numero, 60) or f"{i + 1:03d}",
                vencimento=coleta.data(f"{base}.vencimento", f"{rotulo}, vencimento", d.vencimento),
            )
        )
    if fatura is None and not duplicatas:
        return None
    return Cobranca(fatura, tuple(duplicatas))
