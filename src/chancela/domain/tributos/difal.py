"""Rate difference of interstate sales to non-contributors, and FCP of the destination (6.8; EC 87/2015, LC 190/2022)."""

from chancela.domain.tributos.calculo import Calculo, Escolha, Linha
from chancela.domain.tributos.configuracao import MetodoDifal
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.domain.tributos.numeros import CEM, CENTESIMO, ZERO
from chancela.domain.tributos.parametros import resolve_parametros
from chancela.domain.tributos.resultado import IcmsUfDestino
from chancela.domain.tributos.tabelas import ALIQUOTAS_INTERESTADUAIS, ORIGENS_IMPORTADAS

CST_COM_DIFAL = frozenset({"00", "10", "20", "51", "70", "90"})
PARTILHA = CEM.quantize(CENTESIMO)


def _applies(c: Calculo, linha: Linha) -> bool:
    """Of an interstate operation."""
    o, item = c.operacao, linha.item
    desligado = item.disable_difal
    if desligado is None:
        desligado = item.categoria is not None and item.categoria.disable_difal
    return (
        not c.nfce
        and o.tipo is TipoOperacao.SAIDA
        and c.enquadramento.consumidor_final
        and c.enquadramento.ind_ie_dest == "9"
        and not desligado
        and o.crt in (2, 3)
        and linha.icms is not None
        and linha.icms.cst in CST_COM_DIFAL
        and item.partilha is None
    )


def compute_difal(c: Calculo, linha: Linha, escolha: Escolha) -> IcmsUfDestino | None:
    """ICMSUFDest of an interstate operation, when it calls for it. Simples issuers are out (STF, ADI 5464)."""
    if not _applies(c, linha):
        return None
    entrada, icms = escolha.icms, linha.icms
    assert entrada is not None, "an item with ICMS came from a scenario"
    assert icms is not None, "checked by _applies"
    p = resolve_parametros(c, escolha, entrada, importado=linha.item.origem in ORIGENS_IMPORTADAS)
    inter, interna, fcp = p.interestadual, p.interna_destino, p.fcp_destino
    assert inter in ALIQUOTAS_INTERESTADUAIS, "the tables and the category only give 4, 7 or 12"
    if interna <= inter and fcp <= 0:
        return None
    bruta = linha.oper + linha.valor_ipi
    beneficio = linha.item.percentual_reducao_destino
    metodo = c.configuracao.difal_metodo
    dupla = metodo is MetodoDifal.DUPLA
    if metodo is MetodoDifal.TABELA:
        dupla = c.tabelas.interna(c.uf, c.operacao.data_emissao).difal_base == "dupla"
    if dupla and interna + fcp < CEM:
        origem = c.percent(bruta, inter)
        base = c.centavos((bruta - origem) * (CEM - beneficio) / (CEM - interna - fcp))
        c.explain(linha, "difal.base_dupla", (bruta, origem, interna, fcp), base)
    else:
        base = c.centavos(bruta * (CEM - beneficio) * CENTESIMO)
        c.explain(linha, "difal.base_unica", (bruta, beneficio), base)
    base_origem = c.centavos(bruta) if icms.base_calculo is None else icms.base_calculo
    valor = max(ZERO, c.percent(base, interna) - c.percent(base_origem, inter))
    c.explain(linha, "difal.valor", (base, interna, base_origem, inter), valor)
    com_fcp = fcp > 0
    valor_fcp = c.explain(linha, "difal.fcp", (base, fcp), c.percent(base, fcp)) if com_fcp else None
    return IcmsUfDestino(
        base_calculo=base,
        aliquota_destino=interna,
        aliquota_interestadual=inter,
        percentual_partilha=PARTILHA,
        valor_destino=valor,
        valor_remetente=ZERO,
        base_fcp=base if com_fcp else None,
        aliquota_fcp=fcp if com_fcp else None,
        valor_fcp=valor_fcp,
    )
