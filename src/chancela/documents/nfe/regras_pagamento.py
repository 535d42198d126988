"""Rules over billing, payment, marketplace, export and technical responsible (groups Y, YA, YB, ZA, ZD)."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from chancela.documents.nfe.enumeracoes import MEIOS_PAGAMENTO, Destino, Finalidade, TipoOperacao
from chancela.documents.nfe.modelo import Duplicata, Fatura, Pagamento
from chancela.documents.nfe.regras_base import (
    AVISO,
    SO_NFCE,
    SO_NFE,
    Achado,
    Contexto,
    Regra,
    no_documento,
    plain,
    se,
)
from chancela.documents.nfe.regras_sinais import (
    COBRANCA,
    EXPORTACAO,
    FORA_DO_ESTADO,
    INTERMEDIADOR,
    OUTRA_FINALIDADE,
    PAGAMENTO,
    PAGAMENTO_DIVIDIDO,
    TROCO,
)
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj

ZERO = Decimal(0)
SEM_PAGAMENTO = frozenset(("90", "91"))


def _fatura(c: Contexto) -> Fatura | None:
    return None if c.nfe.cobranca is None else c.nfe.cobranca.fatura


def _duplicatas(c: Contexto) -> tuple[Duplicata, ...]:
    return () if c.nfe.cobranca is None else c.nfe.cobranca.duplicatas


def _por_pagamento(
    campo: str, rotulo: str, teste: Callable[[Contexto, Pagamento], str | None]
) -> Callable[[Contexto], Iterator[Achado]]:
    def verificar(c: Contexto) -> Iterator[Achado]:
        for posicao, pagamento in enumerate(c.nfe.pagamentos):
            valor = teste(c, pagamento)
            if valor is not None:
                yield f"pagamentos[{posicao}].{campo}", f"Pagamento {posicao + 1}, {rotulo}", valor

    return verificar


def _liquido(c: Contexto) -> str | None:
    f = _fatura(c)
    if f is None or f.valor_liquido is None or f.valor_original is None:
        return None
    return se(f.valor_liquido != f.valor_original - (f.valor_desconto or ZERO), f.valor_liquido)


def _desconto_fatura(c: Contexto) -> str | None:
    f = _fatura(c)
    maior = f is not None and f.valor_desconto is not None and f.valor_desconto > (f.valor_original or ZERO)
    return se(maior, "" if f is None or f.valor_desconto is None else plain(f.valor_desconto))


def _numero_parcelas(c: Contexto) -> Iterator[Achado]:
    for posicao, parcela in enumerate(_duplicatas(c)):
        if parcela.numero != f"{posicao + 1:03d}":
            yield (
                f"cobranca.duplicatas[{posicao}].numero",
                f"Parcela {posicao + 1}, número",
                parcela.numero or "",
            )


def _vencimentos(c: Contexto) -> Iterator[Achado]:
    emissao = c.emissao.date()
    for posicao, parcela in enumerate(_duplicatas(c)):
        if parcela.vencimento is None or parcela.vencimento < emissao:
            valor = "" if parcela.vencimento is None else parcela.vencimento.isoformat()
            yield f"cobranca.duplicatas[{posicao}].vencimento", f"Parcela {posicao + 1}, vencimento", valor


def _fora_de_ordem(c: Contexto) -> Iterator[Achado]:
    datas = [p.vencimento for p in _duplicatas(c)]
    for posicao, (antes, depois) in enumerate(pairwise(datas), 1):
        if antes is not None and depois is not None and depois < antes:
            yield (
                f"cobranca.duplicatas[{posicao}].vencimento",
                f"Parcela {posicao + 1}, vencimento",
                depois.isoformat(),
            )


def _a_vista(c: Contexto) -> str | None:
    parcelas = _duplicatas(c)
    return se(len(parcelas) == 1 and parcelas[0].vencimento == c.emissao.date(), c.emissao.date())


def _soma_parcelas(c: Contexto) -> str | None:
    f, parcelas = _fatura(c), _duplicatas(c)
    if f is None or f.valor_liquido is None or not parcelas:
        return None
    soma = sum((p.valor for p in parcelas), ZERO)
    return se(soma != f.valor_liquido, soma)


def _soma(c: Contexto) -> Decimal:
    return sum((p.valor for p in c.nfe.pagamentos), ZERO)


def _falta(c: Contexto) -> str | None:
    sem = any(p.meio in SEM_PAGAMENTO for p in c.nfe.pagamentos)
    return se(not sem and _soma(c) < c.nfe.totais.icms.valor_nota, _soma(c))


def _sem_troco(c: Contexto) -> str | None:
    return se(_soma(c) > c.nfe.totais.icms.valor_nota and not c.nfe.troco, _soma(c))


def _troco(c: Contexto) -> str | None:
    troco = c.nfe.troco
    return se(
        bool(troco) and troco != _soma(c) - c.nfe.totais.icms.valor_nota,
        "" if troco is None else plain(troco),
    )


def _cnpj_cartao(_c: Contexto, p: Pagamento) -> str | None:
    cnpj = None if p.cartao is None else p.cartao.cnpj_credenciadora
    if cnpj is None:
        return None
    try:
        Cnpj(cnpj)
    except RegraViolada:
        return cnpj
    return None


def _tef_incompleto(_c: Contexto, p: Pagamento) -> str | None:
    cartao = p.cartao
    return se(
        cartao is not None
        and cartao.integracao == "1"
        and not (cartao.cnpj_credenciadora and cartao.autorizacao)
    )


def _exportacao(c: Contexto) -> bool:
    return c.nfe.tipo_operacao is TipoOperacao.SAIDA and c.nfe.destino is Destino.EXTERIOR


REGRAS = (
    Regra("NFE-COBR-01", "Y01-10", 760, no_documento("cobranca", "Cobrança", lambda c: se(c.nfe.cobranca is not None)),
          "A NFC-e não leva fatura nem duplicata.", "Retire a cobrança.", SO_NFCE, quando=COBRANCA),
    Regra("NFE-COBR-02", "Y05-10", 901, no_documento("cobranca.fatura.valor_desconto", "Fatura, desconto", _desconto_fatura),
          "O desconto da fatura é maior que o valor original.", "Confira a fatura.", SO_NFE, quando=COBRANCA),
    Regra("NFE-COBR-03", "Y06-10", 902, no_documento("cobranca.fatura.valor_liquido", "Fatura, valor líquido", _liquido),
          "O valor líquido da fatura não é o original menos o desconto.", "Confira a fatura.", SO_NFE, quando=COBRANCA),
    Regra("NFE-COBR-04", "Y08-10", 852, _numero_parcelas,
          "As parcelas não estão numeradas 001, 002, 003...", "Numere as parcelas em ordem, com três algarismos.", SO_NFE, quando=COBRANCA),
    Regra("NFE-COBR-05", "Y09-20", 900, _vencimentos,
          "O vencimento da parcela falta ou é anterior à emissão.", "Confira os vencimentos.", SO_NFE, AVISO, quando=COBRANCA),
    Regra("NFE-COBR-08", "Y09-30", 850, _fora_de_ordem,
          "O vencimento da parcela é anterior ao da parcela que vem antes.", "Ponha as parcelas em ordem de vencimento.", SO_NFE, AVISO, quando=COBRANCA),
    Regra("NFE-COBR-06", "Y09-40", 853, no_documento("cobranca.duplicatas", "Parcelas", _a_vista),
          "Pagamento à vista não leva dados de cobrança.", "Retire a cobrança ou corrija o vencimento.", SO_NFE, quando=COBRANCA),
    Regra("NFE-COBR-07", "Y10-10", 851, no_documento("cobranca.duplicatas", "Parcelas", _soma_parcelas),
          "A soma das parcelas não é o valor líquido da fatura.", "Confira os valores das parcelas.", SO_NFE, quando=COBRANCA),
    Regra("NFE-PAG-01", "", None, no_documento("pagamentos", "Pagamento", lambda c: se(not 1 <= len(c.nfe.pagamentos) <= 100, len(c.nfe.pagamentos))),
          "A nota precisa ter de 1 a 100 formas de pagamento.", "Informe o pagamento; use 90 quando não há.", quando=PAGAMENTO_DIVIDIDO),
    Regra("NFE-PAG-02", "YA02-04", 871, _por_pagamento("meio", "meio", lambda c, p: se(c.nfe.finalidade in (Finalidade.AJUSTE, Finalidade.DEVOLUCAO) and p.meio != "90", p.meio)),
          "Nota de ajuste ou devolução não tem pagamento.", "Use o meio de pagamento 90 com valor zero.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-PAG-03", "YA02-10", 857, _por_pagamento("meio", "meio", lambda _c, p: se(p.meio == "14", p.meio)),
          "Duplicata mercantil não é forma de pagamento da NFC-e.", "Use outro meio de pagamento.", SO_NFCE, quando=PAGAMENTO),
    Regra("NFE-PAG-04", "YA02-40", 899, _por_pagamento("meio", "meio", lambda _c, p: se(p.meio == "90", p.meio)),
          "A NFC-e precisa de pagamento.", "Informe como o cliente pagou.", SO_NFCE, quando=PAGAMENTO),
    Regra("NFE-PAG-05", "YA02-60", 436, _por_pagamento("meio", "meio", lambda _c, p: se(p.meio not in MEIOS_PAGAMENTO, p.meio)),
          "O meio de pagamento não está na tabela.", "Use um código da tabela de meios de pagamento, por exemplo 01 (dinheiro) ou 17 (PIX).", severidade=AVISO, quando=PAGAMENTO),
    Regra("NFE-PAG-06", "YA02a-10", 441, _por_pagamento("descricao", "descrição", lambda _c, p: se(p.meio == "99" and not p.descricao)),
          "O meio de pagamento 99 (outros) precisa de descrição.", "Descreva o pagamento, ou use outro código.", quando=PAGAMENTO),
    Regra("NFE-PAG-07", "YA02a-20", 442, _por_pagamento("descricao", "descrição", lambda _c, p: se(p.meio != "99" and p.descricao is not None, p.descricao)),
          "Só o meio de pagamento 99 leva descrição.", "Retire a descrição.", quando=PAGAMENTO),
    Regra("NFE-PAG-08", "YA03-10", 865, no_documento("pagamentos", "Pagamento", _falta),
          "Os pagamentos somam menos que a nota.", "Complete os pagamentos.", SO_NFCE, quando=PAGAMENTO_DIVIDIDO),
    Regra("NFE-PAG-09", "YA03-20", 866, no_documento("troco", "Troco", _sem_troco),
          "Os pagamentos somam mais que a nota e falta o troco.", "Informe o troco ou corrija os valores pagos.", quando=PAGAMENTO_DIVIDIDO),
    Regra("NFE-PAG-10", "YA03-30", 904, _por_pagamento("valor", "valor", lambda _c, p: se(p.meio in SEM_PAGAMENTO and p.valor != ZERO, p.valor)),
          "Sem pagamento (90) ou pagamento posterior (91) tem valor zero.", "Informe valor zero.", quando=PAGAMENTO),
    Regra("NFE-PAG-11", "YA04-10", 391, _por_pagamento("cartao", "cartão", lambda _c, p: se(p.meio in ("03", "04", "17") and p.cartao is None, p.meio)),
          "Algumas UFs exigem os dados do cartão ou do PIX.", "Informe a integração (1 TEF, 2 avulsa), a bandeira e a autorização.", severidade=AVISO, quando=PAGAMENTO),
    Regra("NFE-PAG-12", "YA05-10", 392, _por_pagamento("cartao", "cartão", _tef_incompleto),
          "Pagamento integrado (TEF) sem CNPJ da credenciadora ou autorização.", "Informe os dois, ou use a integração 2.", quando=PAGAMENTO),
    Regra("NFE-PAG-13", "YA05-20", 437, _por_pagamento("cartao.cnpj_credenciadora", "CNPJ da credenciadora", _cnpj_cartao),
          "O CNPJ da credenciadora é inválido.", "Confira o CNPJ da credenciadora do cartão.", quando=PAGAMENTO),
    Regra("NFE-PAG-14", "YA09-10", 869, no_documento("troco", "Troco", _troco),
          "O troco não é o que foi pago menos o valor da nota.", "Corrija o troco ou os valores pagos.", quando=TROCO),
    Regra("NFE-INTER-01", "YB01-10", 438, no_documento("intermediador", "Intermediador", lambda c: se(c.nfe.com_intermediador is True and c.nfe.intermediador is None)),
          "Venda com intermediador sem os dados dele.", "Informe o CNPJ do intermediador e o identificador do vendedor.", quando=INTERMEDIADOR),
    Regra("NFE-INTER-02", "YB01-20", 439, no_documento("intermediador", "Intermediador", lambda c: se(c.nfe.com_intermediador is not True and c.nfe.intermediador is not None)),
          "Há dados de intermediador em venda sem intermediador.", "Use o indicador de intermediador 1.", quando=INTERMEDIADOR),
    Regra("NFE-EXP-01", "ZA01-10", 355, no_documento("exportacao", "Exportação", lambda c: se(_exportacao(c) and c.nfe.exportacao is None)),
          "Exportação sem o local de saída do país.", "Informe a UF e o local de embarque.", SO_NFE, quando=FORA_DO_ESTADO),
    Regra("NFE-EXP-02", "ZA01-20", 356, no_documento("exportacao", "Exportação", lambda c: se(not _exportacao(c) and c.nfe.exportacao is not None)),
          "Local de saída do país em nota que não é de exportação.", "Retire o local de embarque.", SO_NFE, quando=EXPORTACAO),
)  # fmt: skip
