"""Rules over the items: codes, CFOP, arithmetic, special groups and taxes (groups H to U)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from chancela.documents.nfe.enumeracoes import Crt, Destino, Finalidade, IndicadorIe, TipoOperacao
from chancela.documents.nfe.modelo import Item
from chancela.documents.nfe.regras_base import (
    AVISO,
    POR_CENTO,
    SO_NFCE,
    SO_NFE,
    Achado,
    Contexto,
    Regra,
    differs,
    no_documento,
    plain,
    por_item,
    se,
)
from chancela.documents.nfe.regras_sinais import (
    CEST,
    CFOP_DE_RETORNO,
    CFOP_ENTRADA,
    CFOP_EXTERIOR,
    CFOP_INTERESTADUAL,
    CSOSN,
    CST_51,
    CST_DE_CONTRIBUINTE,
    CST_NAO_CONTRIBUINTE,
    DESCONTO,
    DESONERACAO,
    DIFAL,
    ENTRADA,
    FCP,
    FORA_DO_ESTADO,
    FORMA,
    GRUPO_ESPECIAL,
    GTIN,
    ICMS_APROXIMADO,
    IPI_DEVOLVIDO,
    ISSQN,
    NEGATIVO,
    NUMERACAO,
    OUTRA_FINALIDADE,
    PRECO,
    SEM_CONTRIBUICAO,
    SEM_GTIN,
    SEM_ORIGEM,
    SIMPLES,
    ST,
)

ZERO = Decimal(0)
QUATRO, SETE, DOZE = Decimal(4), Decimal(7), Decimal(12)
_NCM = re.compile(r"[0-9]{8}|00")
_CFOP = re.compile(r"[123567][0-9]{3}")
_CEST = re.compile(r"[0-9]{7}")
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_CSOSN_NAO_CONTRIBUINTE = frozenset(("102", "103", "300", "400", "500"))
_CST_DO_SIMPLES = frozenset(("02", "15", "53", "61"))
_CFOP_NFCE = frozenset(["5101", "5102", "5103", "5104", "5115", "5405", "5656", "5667", "5910", "5933"])
_CFOP_NFCE_TRIBUTADO = frozenset(["5101", "5102", "5103", "5104", "5115", "5910"])
_CFOP_NFCE_ST = frozenset(["5405", "5656", "5667", "5910"])
_CFOP_IMPORTACAO_SEM_DI = frozenset(["3201", "3202", "3503", "3553"])
_CFOP_DEVOLUCAO = re.compile(r"[123567](20[0-9]|21[0-4]|41[0-5]|503|50[56]|55[36]|66[0-2]|918|919|921|949)")
_IMPORTADA = frozenset("1238")
_SUL_SUDESTE_SEM_ES = frozenset(["MG", "PR", "RJ", "RS", "SC", "SP"])


def gtin_holds(codigo: str) -> bool:
    """Whether a GTIN-8, 12, 13 or 14 has its GS1 check digit."""
    if not _GTIN.fullmatch(codigo):
        return False
    soma = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(codigo[:-1])))
    return (10 - soma % 10) % 10 == int(codigo[-1])


def _gtin_errado(codigo: str) -> bool:
    return codigo not in ("", SEM_GTIN) and not gtin_holds(codigo)


def _cfop_direcao(c: Contexto, i: Item, digitos: str, destino: Destino) -> str | None:
    return se(i.tributos.cfop.startswith(tuple(digitos)) and c.nfe.destino is not destino, i.tributos.cfop)


def _cfop_exterior(c: Contexto, i: Item) -> str | None:
    """I08-30; fuel consumed abroad may go with CFOP 7 in an internal operation."""
    combustivel = i.produto.combustivel
    if combustivel is not None and combustivel.uf_consumo == "EX" and i.tributos.cfop.startswith("7"):
        return None
    return _cfop_direcao(c, i, "37", Destino.EXTERIOR)


def _devolucao_fora(c: Contexto, i: Item) -> str | None:
    """I08-144; CFOP x949 serves any operation."""
    cfop = i.tributos.cfop
    parece = _CFOP_DEVOLUCAO.fullmatch(cfop) is not None and not cfop.endswith("949")
    return se(parece and c.nfe.finalidade in (Finalidade.NORMAL, Finalidade.AJUSTE), cfop)


def _soma_errada(c: Contexto, i: Item, *, tributavel: bool) -> str | None:
    if c.nfe.finalidade is not Finalidade.NORMAL:
        return None
    p = i.produto
    produto = (
        p.valor_unitario_tributavel * p.quantidade_tributavel
        if tributavel
        else p.valor_unitario * p.quantidade
    )
    return se(differs(i.tributos.valor_produto, produto), i.tributos.valor_produto)


def _icms(i: Item) -> tuple[str, str]:
    """CST and CSOSN, empty when absent."""
    icms = i.tributos.icms
    return ("", "") if icms is None else (icms.cst or "", icms.csosn or "")


def _aliquota_interestadual(c: Contexto, i: Item, *, importada: bool) -> str | None:
    """N16-04 (imported goods, 4 %) and N16-20 (the others, 7 or 12 % by origin and destination)."""
    icms = i.tributos.icms
    saida = c.nfe.destino is Destino.INTERESTADUAL and c.nfe.tipo_operacao is TipoOperacao.SAIDA
    if icms is None or icms.aliquota is None or not saida or (icms.origem in _IMPORTADA) is not importada:
        return None
    if importada:
        return se(icms.cst in ("00", "10", "20", "70", "90") and icms.aliquota > QUATRO, icms.aliquota)
    para_sul = c.uf_destinatario in _SUL_SUDESTE_SEM_ES
    limite = SETE if c.uf in _SUL_SUDESTE_SEM_ES and not para_sul else DOZE
    return se(c.nfe.finalidade is Finalidade.NORMAL and icms.aliquota > limite, icms.aliquota)


def _cst_51(_c: Contexto, i: Item, qual: str) -> str | None:
    m = i.tributos.icms
    if m is None or m.cst != "51" or m.base_calculo is None or m.aliquota is None or m.valor_operacao is None:
        return None
    if qual == "operacao":
        return se(differs(m.valor_operacao, m.base_calculo * m.aliquota * POR_CENTO), m.valor_operacao)
    if m.valor_diferido is None or m.percentual_diferimento is None:
        return None
    if qual == "diferido":
        return se(
            differs(m.valor_diferido, m.valor_operacao * m.percentual_diferimento * POR_CENTO),
            plain(m.valor_diferido),
        )
    return se(m.valor is not None and m.valor != m.valor_operacao - m.valor_diferido, m.valor)


def _icms_difere(c: Contexto, i: Item) -> str | None:
    m = i.tributos.icms
    if c.nfe.finalidade is not Finalidade.NORMAL or m is None or m.cst not in ("00", "10", "20", "70"):
        return None
    if m.base_calculo is None or m.aliquota is None or m.valor is None:
        return None
    return se(differs(m.valor, m.base_calculo * m.aliquota * POR_CENTO), m.valor)


def _fcp_difere(c: Contexto, i: Item) -> str | None:
    m = i.tributos.icms
    if c.nfe.finalidade is not Finalidade.NORMAL or m is None:
        return None
    base = m.base_fcp if m.base_fcp is not None else m.base_calculo
    for valor, sobre, aliquota in (
        (m.valor_fcp, base, m.aliquota_fcp),
        (m.valor_fcp_st, m.base_fcp_st, m.aliquota_fcp_st),
        (m.valor_fcp_st_retido, m.base_fcp_st_retido, m.aliquota_fcp_st_retido),
    ):
        if (
            valor is not None
            and sobre is not None
            and aliquota is not None
            and differs(valor, sobre * aliquota * POR_CENTO)
        ):
            return plain(valor)
    return None


def _difal_difere(_c: Contexto, i: Item) -> str | None:
    d = i.tributos.icms_uf_destino
    if d is None or d.valor_fcp is None or d.aliquota_fcp is None:
        return None
    base = d.base_fcp if d.base_fcp is not None else d.base_calculo
    return se(differs(d.valor_fcp, base * d.aliquota_fcp * POR_CENTO), d.valor_fcp)


def _pede_difal(c: Contexto) -> bool:
    d = c.nfe.destinatario
    nao_contribuinte = d is not None and d.indicador_ie is IndicadorIe.NAO_CONTRIBUINTE
    return c.nfe.destino is Destino.INTERESTADUAL and c.nfe.consumidor_final and nao_contribuinte


def _sem_difal(c: Contexto, i: Item) -> str | None:
    saida = c.nfe.tipo_operacao is TipoOperacao.SAIDA and not c.nfe.emitente.crt.usa_csosn
    return se(_pede_difal(c) and saida and i.tributos.icms is not None and i.tributos.icms_uf_destino is None)


def _sem_contribuicao(c: Contexto, tem: bool) -> str | None:
    gov = c.nfe.compra_governamental
    isento = c.nfe.finalidade in (Finalidade.CREDITO, Finalidade.DEBITO) or (
        gov is not None and gov.operacao == "2"
    )
    return se(not tem and not isento)


def _nao_contribuinte(c: Contexto, permitidos: frozenset[str], codigo: str) -> str | None:
    d = c.nfe.destinatario
    alvo = (
        d is not None
        and d.indicador_ie is IndicadorIe.NAO_CONTRIBUINTE
        and c.nfe.tipo_operacao is TipoOperacao.SAIDA
    )
    return se(alvo and bool(codigo) and codigo not in permitidos, codigo)


def _usa_st(i: Item) -> bool:
    m = i.tributos.icms
    if m is None:
        return False
    sempre = m.cst in ("10", "30", "60", "70") or m.csosn in ("201", "202", "203", "500")
    return sempre or ((m.cst == "90" or m.csosn == "900") and bool(m.valor_st))


def _especiais(c: Contexto) -> Iterator[Achado]:
    for posicao, item in enumerate(c.nfe.itens):
        p = item.produto
        grupos = (p.veiculo, p.medicamento, p.armas or None, p.combustivel, p.recopi)
        if sum(g is not None for g in grupos) > 1:
            yield f"itens[{posicao}].produto", f"Item {posicao + 1}, grupos especiais", ""


def _numeros(c: Contexto) -> Iterator[Achado]:
    for posicao, item in enumerate(c.nfe.itens):
        if item.tributos.numero != posicao + 1:
            yield (
                f"itens[{posicao}].tributos.numero",
                f"Item {posicao + 1}, número",
                str(item.tributos.numero),
            )


def _negativos(c: Contexto) -> Iterator[Achado]:
    for posicao, item in enumerate(c.nfe.itens):
        p, t = item.produto, item.tributos
        valores = (
            p.quantidade, p.valor_unitario, t.valor_produto, t.valor_frete, t.valor_seguro, t.valor_desconto, t.valor_outras_despesas,
        )  # fmt: skip
        if min(valores) >= ZERO:
            continue
        for (caminho, rotulo), valor in zip(_NAO_NEGATIVOS, valores, strict=True):
            if valor < ZERO:
                yield f"itens[{posicao}].{caminho}", f"Item {posicao + 1}, {rotulo}", plain(valor)


_NAO_NEGATIVOS = (
    ("produto.quantidade", "quantidade"),
    ("produto.valor_unitario", "valor unitário"),
    ("tributos.valor_produto", "valor total"),
    ("tributos.valor_frete", "frete"),
    ("tributos.valor_seguro", "seguro"),
    ("tributos.valor_desconto", "desconto"),
    ("tributos.valor_outras_despesas", "outras despesas"),
)


def _unidades(_c: Contexto, i: Item) -> str | None:
    p = i.produto
    errada = not 1 <= len(p.unidade) <= 6 or not 1 <= len(p.unidade_tributavel) <= 6
    return se(errada, p.unidade)


def _nfce_cfop(_c: Contexto, i: Item, csts: str, csosns: str, permitidos: frozenset[str]) -> str | None:
    cst, csosn = _icms(i)
    alvo = (bool(cst) and cst in csts.split()) or (bool(csosn) and csosn in csosns.split())
    return se(alvo and i.tributos.cfop not in permitidos, i.tributos.cfop)


_P, _T = "produto", "tributos"

PRODUTO = (
    Regra("NFE-ITEM-01", "", None, no_documento("itens", "Itens", lambda c: se(not 1 <= len(c.nfe.itens) <= 990, len(c.nfe.itens))),
          "A nota precisa ter de 1 a 990 itens.", "Informe ao menos um produto; divida notas com mais de 990 itens.", quando=NUMERACAO),
    Regra("NFE-ITEM-02", "", None, _numeros, "Os itens não estão numerados em ordem.", "Numere os itens a partir de 1, sem saltos.", quando=NUMERACAO),
    Regra("NFE-ITEM-03", "", None, por_item(f"{_P}.codigo", "código", lambda _c, i: se(not i.produto.codigo)),
          "O código do produto não foi informado.", "Informe o código interno do produto.", quando=FORMA),
    Regra("NFE-ITEM-04", "", None, por_item(f"{_P}.descricao", "descrição", lambda _c, i: se(not i.produto.descricao)),
          "A descrição do produto não foi informada, ou só tinha caracteres que a SEFAZ não aceita.", "Informe a descrição com letras latinas.", quando=FORMA),
    Regra("NFE-ITEM-05", "", None, por_item(f"{_P}.unidade", "unidade", _unidades),
          "A unidade do produto deve ter de 1 a 6 letras.", "Informe a unidade, por exemplo UN ou KG.", quando=FORMA),
    Regra("NFE-ITEM-06", "", None, _negativos, "Há valor negativo.", "Informe valores iguais ou maiores que zero.", quando=NEGATIVO),
    Regra("NFE-ITEM-07", "I05-10", 777, por_item(f"{_P}.ncm", "NCM", lambda _c, i: se(not _NCM.fullmatch(i.produto.ncm), i.produto.ncm)),
          "O NCM não tem 8 números.", "Informe o NCM completo, com 8 números e sem pontos.", quando=FORMA),
    Regra("NFE-ITEM-08", "", None, por_item(f"{_P}.cest", "CEST", lambda _c, i: se(i.produto.cest is not None and not _CEST.fullmatch(i.produto.cest), i.produto.cest)),
          "O CEST não tem 7 números.", "Informe o CEST com 7 números e sem pontos.", quando=CEST),
    Regra("NFE-ITEM-09", "I03-10", 611, por_item(f"{_P}.gtin", "GTIN", lambda _c, i: se(_gtin_errado(i.produto.gtin), i.produto.gtin)),
          "O GTIN (código de barras) não tem dígito verificador válido.", "Confira o código de barras, ou informe SEM GTIN.", quando=GTIN),
    Regra("NFE-ITEM-10", "I03-30", 883, por_item(f"{_P}.gtin", "GTIN", lambda c, i: se(not i.produto.gtin and c.nfe.emitente.crt is not Crt.MEI)),
          "O GTIN não foi informado.", "Informe o código de barras ou SEM GTIN.", quando=GTIN),
    Regra("NFE-ITEM-11", "I12-10", 612, por_item(f"{_P}.gtin_tributavel", "GTIN tributável", lambda _c, i: se(_gtin_errado(i.produto.gtin_tributavel), i.produto.gtin_tributavel)),
          "O GTIN da unidade tributável não tem dígito verificador válido.", "Confira o código de barras, ou informe SEM GTIN.", quando=GTIN),
    Regra("NFE-ITEM-12", "I12-30", 885, por_item(f"{_P}.gtin_tributavel", "GTIN tributável", lambda _c, i: se(gtin_holds(i.produto.gtin) and i.produto.gtin_tributavel == SEM_GTIN)),
          "Há GTIN, mas não há GTIN da unidade tributável.", "Informe os dois, ou SEM GTIN nos dois.", quando=GTIN),
    Regra("NFE-ITEM-13", "I12-40", 886, por_item(f"{_P}.gtin", "GTIN", lambda _c, i: se(gtin_holds(i.produto.gtin_tributavel) and i.produto.gtin == SEM_GTIN)),
          "Há GTIN da unidade tributável, mas não há GTIN.", "Informe os dois, ou SEM GTIN nos dois.", quando=GTIN),
    Regra("NFE-ITEM-14", "I12-60", 888, por_item(f"{_P}.gtin_tributavel", "GTIN tributável", lambda c, i: se(not i.produto.gtin_tributavel and c.nfe.emitente.crt is not Crt.MEI)),
          "O GTIN da unidade tributável não foi informado.", "Informe o código de barras ou SEM GTIN.", quando=GTIN),
    Regra("NFE-ITEM-15", "I11-10", 629, por_item(f"{_T}.valor_produto", "valor total", lambda c, i: _soma_errada(c, i, tributavel=False)),
          "O valor total do item não é quantidade vezes valor unitário.", "Confira quantidade, valor unitário e valor total (tolerância de um centavo).", quando=PRECO),
    Regra("NFE-ITEM-16", "I11-20", 630, por_item(f"{_T}.valor_produto", "valor total", lambda c, i: _soma_errada(c, i, tributavel=True)),
          "O valor total do item não é quantidade tributável vezes valor unitário tributável.", "Confira a quantidade e o valor da unidade tributável.", quando=PRECO),
    Regra("NFE-ITEM-17", "I17-10", 483, por_item(f"{_T}.valor_desconto", "desconto", lambda _c, i: se(i.tributos.valor_desconto > i.tributos.valor_produto, i.tributos.valor_desconto)),
          "O desconto é maior que o valor do produto.", "Reduza o desconto do item.", quando=DESCONTO),
    Regra("NFE-ITEM-18", "J01-10", 736, por_item(f"{_P}.veiculo", "veículo novo", lambda _c, i: se(i.produto.veiculo is not None)),
          "A NFC-e não serve para veículo novo.", "Use a NF-e (modelo 55).", SO_NFCE, quando=GRUPO_ESPECIAL),
    Regra("NFE-ITEM-19", "L01-10", 738, por_item(f"{_P}.armas", "armas", lambda _c, i: se(bool(i.produto.armas))),
          "A NFC-e não serve para armas.", "Use a NF-e (modelo 55).", SO_NFCE, quando=GRUPO_ESPECIAL),
    Regra("NFE-ITEM-20", "", None, _especiais, "O item traz mais de um grupo especial.", "Informe só um: veículo, medicamento, arma, combustível ou papel imune.", quando=GRUPO_ESPECIAL),
    Regra("NFE-CFOP-01", "", None, por_item(f"{_T}.cfop", "CFOP", lambda _c, i: se(not _CFOP.fullmatch(i.tributos.cfop), i.tributos.cfop)),
          "O CFOP não tem 4 números, ou não começa por 1, 2, 3, 5, 6 ou 7.", "Informe o CFOP sem pontos, por exemplo 5102.", quando=FORMA),
    Regra("NFE-CFOP-02", "I08-10", 518, por_item(f"{_T}.cfop", "CFOP", lambda c, i: se(i.tributos.cfop.startswith(tuple("123")) and c.nfe.tipo_operacao is TipoOperacao.SAIDA, i.tributos.cfop)),
          "CFOP de entrada em nota de saída.", "Use CFOP que começa por 5, 6 ou 7, ou emita nota de entrada.", SO_NFE, quando=CFOP_ENTRADA),
    Regra("NFE-CFOP-03", "I08-20", 519, por_item(f"{_T}.cfop", "CFOP", lambda c, i: se(i.tributos.cfop.startswith(tuple("567")) and c.nfe.tipo_operacao is TipoOperacao.ENTRADA, i.tributos.cfop)),
          "CFOP de saída em nota de entrada.", "Use CFOP que começa por 1, 2 ou 3.", SO_NFE, AVISO, quando=ENTRADA),
    Regra("NFE-CFOP-04", "I08-30", 731, por_item(f"{_T}.cfop", "CFOP", _cfop_exterior),
          "CFOP de comércio exterior em operação dentro do país.", "Corrija o CFOP ou o destino da operação (3).", SO_NFE, quando=CFOP_EXTERIOR),
    Regra("NFE-CFOP-05", "I08-40", 732, por_item(f"{_T}.cfop", "CFOP", lambda c, i: _cfop_direcao(c, i, "26", Destino.INTERESTADUAL)),
          "CFOP interestadual em operação que não é interestadual.", "Use CFOP 1xxx ou 5xxx dentro do estado.", SO_NFE, quando=CFOP_INTERESTADUAL),
    Regra("NFE-CFOP-06", "I08-50", 733, por_item(f"{_T}.cfop", "CFOP", lambda c, i: _cfop_direcao(c, i, "15", Destino.INTERNA)),
          "CFOP interno em operação que não é interna.", "Use CFOP 2xxx ou 6xxx entre estados, 3xxx ou 7xxx com o exterior.", SO_NFE, quando=FORA_DO_ESTADO),
    Regra("NFE-CFOP-07", "I08-60", 520, por_item(f"{_T}.cfop", "CFOP", lambda c, i: se(i.tributos.cfop.startswith(tuple("37")) and c.uf_destinatario not in ("", "EX"), i.tributos.cfop)),
          "CFOP de comércio exterior e destinatário no Brasil.", "Use UF EX no destinatário ou corrija o CFOP.", SO_NFE, AVISO, quando=CFOP_EXTERIOR),
    Regra("NFE-CFOP-08", "I08-110", 525, por_item(f"{_P}.declaracoes_importacao", "declaração de importação", lambda _c, i: se(i.tributos.cfop.startswith("3") and i.tributos.cfop not in _CFOP_IMPORTACAO_SEM_DI and not i.produto.declaracoes_importacao)),
          "Importação sem a declaração (DI ou DUImp).", "Informe a declaração de importação do item.", SO_NFE, quando=CFOP_EXTERIOR),
    Regra("NFE-CFOP-09", "I08-130", 599, por_item(f"{_T}.ii", "Imposto de Importação", lambda _c, i: se(i.tributos.cfop.startswith("3") and i.tributos.ii is None)),
          "Importação sem o Imposto de Importação.", "Informe o grupo ii do item, ainda que zerado.", SO_NFE, AVISO, quando=CFOP_EXTERIOR),
    Regra("NFE-CFOP-10", "I08-140", 327, por_item(f"{_T}.cfop", "CFOP", lambda c, i: se(c.nfe.finalidade is Finalidade.DEVOLUCAO and not _CFOP_DEVOLUCAO.fullmatch(i.tributos.cfop), i.tributos.cfop)),
          "O CFOP não parece ser de devolução.", "Use um CFOP de devolução, por exemplo 1202 ou 5202.", SO_NFE, AVISO, quando=OUTRA_FINALIDADE),
    Regra("NFE-CFOP-12", "I08-144", 328, por_item(f"{_T}.cfop", "CFOP", _devolucao_fora),
          "O CFOP parece ser de devolução, mas a nota não é de devolução.", "Use a finalidade 4, ou corrija o CFOP.", SO_NFE, AVISO, quando=CFOP_DE_RETORNO),
    Regra("NFE-CFOP-11", "I08-150", 725, por_item(f"{_T}.cfop", "CFOP", lambda _c, i: se(i.tributos.cfop not in _CFOP_NFCE, i.tributos.cfop)),
          "O CFOP não é dos que a NFC-e aceita em todas as UFs.", "Use 5101, 5102, 5103, 5104, 5115, 5405, 5656, 5667, 5910 ou 5933.", SO_NFCE, AVISO),
)  # fmt: skip

TRIBUTOS = (
    Regra("NFE-ICMS-01", "N11-10", 966, por_item(f"{_T}.icms.origem", "origem da mercadoria", lambda c, i: se(i.tributos.icms is not None and i.tributos.icms.origem is None and c.nfe.emitente.crt is not Crt.MEI)),
          "A origem da mercadoria não foi informada.", "Informe a origem (0 a 8).", quando=SEM_ORIGEM),
    Regra("NFE-ICMS-02", "N12-20", 590, por_item(f"{_T}.icms.cst", "CST do ICMS", lambda c, i: se(c.nfe.emitente.crt.usa_csosn and bool(_icms(i)[0]) and _icms(i)[0] not in _CST_DO_SIMPLES, _icms(i)[0])),
          "Emitente do Simples Nacional usa CSOSN, não CST.", "Informe o CSOSN (101, 102, 103, 201, 202, 203, 300, 400, 500 ou 900).", quando=SIMPLES),
    Regra("NFE-ICMS-03", "N12a-10", 591, por_item(f"{_T}.icms.csosn", "CSOSN", lambda c, i: se(not c.nfe.emitente.crt.usa_csosn and bool(_icms(i)[1]), _icms(i)[1])),
          "Emitente do regime normal usa CST, não CSOSN.", "Informe o CST do ICMS (00 a 90).", quando=CSOSN),
    Regra("NFE-ICMS-04", "N12-30", 766, por_item(f"{_T}.icms.cst", "CST do ICMS", lambda _c, i: se(bool(_icms(i)[0]) and _icms(i)[0] not in ["00", "20", "40", "41", "60", "61"], _icms(i)[0])),
          "O CST não é dos que a NFC-e aceita em todas as UFs.", "Use 00, 20, 40, 41, 60 ou 61.", SO_NFCE, AVISO),
    Regra("NFE-ICMS-05", "N12a-20", 383, por_item(f"{_T}.icms.csosn", "CSOSN", lambda _c, i: se(bool(_icms(i)[1]) and _icms(i)[1] not in ["102", "103", "300", "400", "500"], _icms(i)[1])),
          "O CSOSN não é dos que a NFC-e aceita em todas as UFs.", "Use 102, 103, 300, 400 ou 500.", SO_NFCE, AVISO, quando=CSOSN),
    Regra("NFE-ICMS-06", "N12-40", 382, por_item(f"{_T}.cfop", "CFOP", lambda c, i: _nfce_cfop(c, i, "00 20 40 41 90", "", _CFOP_NFCE_TRIBUTADO)),
          "O CFOP não combina com o CST na NFC-e.", "Use 5101, 5102, 5103, 5104, 5115 ou 5910.", SO_NFCE, AVISO),
    Regra("NFE-ICMS-07", "N12-44", 382, por_item(f"{_T}.cfop", "CFOP", lambda c, i: _nfce_cfop(c, i, "60", "", _CFOP_NFCE_ST)),
          "O CFOP não combina com o CST 60 na NFC-e.", "Use 5405, 5656, 5667 ou 5910.", SO_NFCE, AVISO),
    Regra("NFE-ICMS-08", "N12a-40", 386, por_item(f"{_T}.cfop", "CFOP", lambda c, i: _nfce_cfop(c, i, "", "102 103 300 400 900", _CFOP_NFCE_TRIBUTADO)),
          "O CFOP não combina com o CSOSN na NFC-e.", "Use 5101, 5102, 5103, 5104, 5115 ou 5910.", SO_NFCE, AVISO, quando=CSOSN),
    Regra("NFE-ICMS-09", "N12a-44", 386, por_item(f"{_T}.cfop", "CFOP", lambda c, i: _nfce_cfop(c, i, "", "500", _CFOP_NFCE_ST)),
          "O CFOP não combina com o CSOSN 500 na NFC-e.", "Use 5405, 5656, 5667 ou 5910.", SO_NFCE, AVISO, quando=CSOSN),
    Regra("NFE-ICMS-10", "N12-70", 508, por_item(f"{_T}.icms.cst", "CST do ICMS", lambda c, i: _nao_contribuinte(c, CST_NAO_CONTRIBUINTE, _icms(i)[0])),
          "Este CST costuma ser recusado para não contribuinte.", "Confira a inscrição estadual do cliente e o CST.", SO_NFE, AVISO, quando=CST_DE_CONTRIBUINTE),
    Regra("NFE-ICMS-11", "N12a-70", 600, por_item(f"{_T}.icms.csosn", "CSOSN", lambda c, i: _nao_contribuinte(c, _CSOSN_NAO_CONTRIBUINTE, _icms(i)[1])),
          "Este CSOSN costuma ser recusado para não contribuinte.", "Confira a inscrição estadual do cliente e o CSOSN.", SO_NFE, AVISO, quando=CSOSN),
    Regra("NFE-ICMS-12", "N16-20", 693, por_item(f"{_T}.icms.aliquota", "alíquota do ICMS", lambda c, i: _aliquota_interestadual(c, i, importada=False)),
          "A alíquota do ICMS passa do limite interestadual.", "Use 7 % ou 12 %, conforme a UF de destino.", SO_NFE, AVISO, quando=FORA_DO_ESTADO),
    Regra("NFE-ICMS-20", "N16-04", 663, por_item(f"{_T}.icms.aliquota", "alíquota do ICMS", lambda c, i: _aliquota_interestadual(c, i, importada=True)),
          "A alíquota interestadual de mercadoria importada passa de 4 %.", "Use 4 %, ou confira a origem da mercadoria.", SO_NFE, AVISO, quando=FORA_DO_ESTADO),
    Regra("NFE-ICMS-13", "N16a-10", 351, por_item(f"{_T}.icms.valor_operacao", "ICMS da operação", lambda c, i: _cst_51(c, i, "operacao")),
          "O ICMS da operação (CST 51) não é base vezes alíquota.", "Confira base, alíquota e valor.", SO_NFE, quando=CST_51),
    Regra("NFE-ICMS-14", "N16c-10", 352, por_item(f"{_T}.icms.valor_diferido", "ICMS diferido", lambda c, i: _cst_51(c, i, "diferido")),
          "O ICMS diferido não é ICMS da operação vezes percentual.", "Confira o percentual de diferimento.", SO_NFE, quando=CST_51),
    Regra("NFE-ICMS-15", "N17-10", 353, por_item(f"{_T}.icms.valor", "ICMS devido", lambda c, i: _cst_51(c, i, "devido")),
          "O ICMS devido (CST 51) não é o da operação menos o diferido.", "Confira os três valores.", SO_NFE, quando=CST_51),
    Regra("NFE-ICMS-16", "N17-20", 528, por_item(f"{_T}.icms.valor", "valor do ICMS", _icms_difere),
          "O valor do ICMS não é base vezes alíquota.", "Confira base, alíquota e valor.", severidade=AVISO, quando=ICMS_APROXIMADO),
    Regra("NFE-ICMS-17", "N17c-10", 860, por_item(f"{_T}.icms.valor_fcp", "FCP", _fcp_difere),
          "O valor do FCP não é base vezes alíquota.", "Confira base, alíquota e valor do FCP.", quando=FCP),
    Regra("NFE-ICMS-18", "N23-10", 806, por_item(f"{_P}.cest", "CEST", lambda _c, i: se(_usa_st(i) and i.produto.cest is None)),
          "Item com substituição tributária sem CEST.", "Informe o CEST do produto.", SO_NFE, AVISO, quando=ST),
    Regra("NFE-ICMS-19", "N28-30", 627, por_item(f"{_T}.icms.valor_desonerado", "ICMS desonerado", lambda _c, i: se(i.tributos.icms is not None and i.tributos.icms.motivo_desoneracao is not None and not i.tributos.icms.valor_desonerado)),
          "Há motivo de desoneração, mas não há valor desonerado.", "Informe o valor do ICMS desonerado.", quando=DESONERACAO),
    Regra("NFE-DIFAL-01", "NA01-10", 807, por_item(f"{_T}.icms_uf_destino", "DIFAL", lambda _c, i: se(i.tributos.icms_uf_destino is not None)),
          "A NFC-e não leva DIFAL.", "Retire o DIFAL.", SO_NFCE, quando=DIFAL),
    Regra("NFE-DIFAL-02", "NA01-20", 694, por_item(f"{_T}.icms_uf_destino", "DIFAL", _sem_difal),
          "Venda interestadual a não contribuinte sem DIFAL.", "Confira se a operação é isenta do DIFAL.", SO_NFE, AVISO, quando=FORA_DO_ESTADO),
    Regra("NFE-DIFAL-03", "NA01-30", 695, por_item(f"{_T}.icms_uf_destino", "DIFAL", lambda c, i: se(i.tributos.icms_uf_destino is not None and not _pede_difal(c))),
          "DIFAL fora de venda interestadual a não contribuinte.", "Retire o DIFAL ou corrija o destino e o cliente.", SO_NFE, quando=DIFAL),
    Regra("NFE-DIFAL-04", "NA13-10", 793, por_item(f"{_T}.icms_uf_destino.valor_fcp", "FCP do destino", _difal_difere),
          "O FCP do destino não é base vezes alíquota.", "Confira base, alíquota e valor.", SO_NFE, quando=DIFAL),
    Regra("NFE-TRIB-01", "O01-10", 742, por_item(f"{_T}.ipi", "IPI", lambda _c, i: se(i.tributos.ipi is not None)),
          "A NFC-e não leva IPI.", "Retire o IPI.", SO_NFCE),
    Regra("NFE-TRIB-02", "P01-10", 743, por_item(f"{_T}.ii", "Imposto de Importação", lambda _c, i: se(i.tributos.ii is not None)),
          "A NFC-e não leva Imposto de Importação.", "Retire o II.", SO_NFCE),
    Regra("NFE-TRIB-03", "Q01-20", 745, por_item(f"{_T}.pis", "PIS", lambda c, i: _sem_contribuicao(c, i.tributos.pis is not None)),
          "O item não tem PIS.", "Informe a situação tributária do PIS.", SO_NFE, quando=SEM_CONTRIBUICAO),
    Regra("NFE-TRIB-04", "S01-20", 748, por_item(f"{_T}.cofins", "COFINS", lambda c, i: _sem_contribuicao(c, i.tributos.cofins is not None)),
          "O item não tem COFINS.", "Informe a situação tributária da COFINS.", SO_NFE, quando=SEM_CONTRIBUICAO),
    Regra("NFE-TRIB-05", "R01-10", 746, por_item(f"{_T}.pis_st", "PIS-ST", lambda _c, i: se(i.tributos.pis_st is not None)),
          "A NFC-e não leva PIS-ST.", "Retire o PIS-ST.", SO_NFCE),
    Regra("NFE-TRIB-06", "T01-10", 749, por_item(f"{_T}.cofins_st", "COFINS-ST", lambda _c, i: se(i.tributos.cofins_st is not None)),
          "A NFC-e não leva COFINS-ST.", "Retire a COFINS-ST.", SO_NFCE),
    Regra("NFE-TRIB-07", "U01-10", 530, no_documento("emitente.inscricao_municipal", "Emitente, inscrição municipal", lambda c: se(c.nfe.emitente.inscricao_municipal is None and any(i.tributos.issqn for i in c.nfe.itens))),
          "Item com ISSQN e emitente sem inscrição municipal.", "Complete a inscrição municipal da empresa.", quando=ISSQN),
    Regra("NFE-TRIB-08", "UA01-10", 354, por_item(f"{_T}.ipi_devolvido", "IPI devolvido", lambda c, i: se(i.tributos.ipi_devolvido is not None and c.nfe.finalidade is not Finalidade.DEVOLUCAO)),
          "IPI devolvido só cabe em nota de devolução.", "Retire o IPI devolvido ou use a finalidade 4.", SO_NFE, quando=IPI_DEVOLVIDO),
    Regra("NFE-TRIB-09", "UA01-20", 390, por_item(f"{_T}.ipi_devolvido", "IPI devolvido", lambda _c, i: se(i.tributos.ipi_devolvido is not None)),
          "A NFC-e não leva IPI devolvido.", "Retire o IPI devolvido.", SO_NFCE, quando=IPI_DEVOLVIDO),
)  # fmt: skip

REGRAS = PRODUTO + TRIBUTOS
