"""Each rule: a document that it lets pass and one that it catches, with path and label in the document's terms."""

# ruff: noqa: C408
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from chancela.documents.nfe import modelo as m
from chancela.documents.nfe import regras, regras_totais
from chancela.documents.nfe.regras_base import Contexto
from chancela.documents.nfe.regras_itens import gtin_holds
from chancela.documents.nfe.regras_partes import ie_holds
from chancela.documents.nfe.regras_somas import sum_itens
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Severidade, Violacao
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Uf
from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_ibs_cbs as ti
from chancela.domain.tributos import resultado_totais as tt

from . import casos
from . import fabrica as f

DEZ = D("10.00")
CHAVE = ChaveAcesso.compose(
    uf=Uf.SP,
    emissao=f.EMISSAO,
    emitente=f.CNPJ,
    modelo=f.Modelo.NFE,
    serie=1,
    numero=9,
    tp_emis=1,
    cnf="48390217",
)
CHAVE_CTE = ChaveAcesso.compose(
    uf=Uf.SP,
    emissao=f.EMISSAO,
    emitente=f.CNPJ,
    modelo=f.Modelo.CTE,
    serie=1,
    numero=9,
    tp_emis=1,
    cnf="48390217",
)
REFERENCIA = m.Referencia(chave_nfe=CHAVE)
OUTRO_EMITENTE = m.Referencia(chave_nfe=casos.CHAVE)
RIO = m.Endereco("Rua Rio", "1", "Centro", "3304557", "Rio de Janeiro", Uf.RJ, cep="20010000")
FORA = m.Endereco("Main St", "1", "Downtown", "9999999", "EXTERIOR", "EX")
SEM_PAGAMENTO = (m.Pagamento("90", D("0.00")),)
LOCAL = m.Local(f.ENDERECO, f.CNPJ, "Depósito")
DEBITO, CREDITO, DEVOLUCAO = m.Finalidade.DEBITO, m.Finalidade.CREDITO, m.Finalidade.DEVOLUCAO


def check(nfe: m.Nfe, **numeracao: Any) -> tuple[Violacao, ...]:
    """The rules over a document numbered in the plainest way."""
    padrao: dict[str, Any] = dict(ambiente=Ambiente.HOMOLOGACAO, emissao=f.EMISSAO, serie=1)
    return regras.check_nfe(nfe, **(padrao | numeracao))


def dest(**muda: Any) -> m.Destinatario:
    return replace(f.DESTINATARIO, **muda)


def com_produto(base: Any = f.nfe, **muda: Any) -> m.Nfe:
    return base(itens=(m.Item(f.produto(**muda), f.tributos(ipi=None)),))


def com_tributos(base: Any = f.nfe, **muda: Any) -> m.Nfe:
    return base(itens=(m.Item(f.produto(), f.tributos(**muda)),))


def com_icms(base: Any = f.nfe, **muda: Any) -> m.Nfe:
    return com_tributos(base, ipi=None, icms=replace(f.ICMS00, **muda))


def nfce(**muda: Any) -> m.Nfe:
    return f.nfce(**muda)


def pagar(*pagamentos: m.Pagamento, base: Any = f.nfe, **muda: Any) -> m.Nfe:
    return base(pagamentos=pagamentos, **muda)


def transportar(**muda: Any) -> m.Nfe:
    return f.nfe(transporte=m.Transporte(m.ModalidadeFrete.TERCEIROS, **muda))


def cobrar(*duplicatas: m.Duplicata, **fatura: Any) -> m.Nfe:
    padrao = dict(numero="1", valor_original=D("300.00"), valor_desconto=None, valor_liquido=D("300.00"))
    return f.nfe(cobranca=m.Cobranca(m.Fatura(**(padrao | fatura)), duplicatas))  # type: ignore[arg-type]


def identificacao() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    dia = date(2026, 11, 30)
    yield "NFE-IDE-01", f.nfe(natureza_operacao=""), {}
    yield "NFE-IDE-02", nfce(saida_entrada=f.EMISSAO), {}
    yield "NFE-IDE-03", f.nfe(saida_entrada=f.EMISSAO - timedelta(days=1)), {}
    yield "NFE-IDE-04", nfce(previsao_entrega=dia), {}
    yield "NFE-IDE-05", nfce(tipo_operacao=m.TipoOperacao.ENTRADA), {}
    yield "NFE-IDE-06", nfce(destino=m.Destino.INTERESTADUAL), {}
    yield "NFE-IDE-07", f.nfe(municipio_fato_gerador="3304557"), {}
    yield "NFE-IDE-08", nfce(formato_danfe=m.FormatoDanfe.RETRATO), {}
    yield "NFE-IDE-09", f.nfe(formato_danfe=m.FormatoDanfe.NFCE), {}
    contingencia = m.Contingencia(f.EMISSAO, "SEFAZ fora do ar há uma hora")
    yield "NFE-IDE-10", f.nfe(), dict(tp_emis=9, contingencia=contingencia)
    yield "NFE-IDE-11", nfce(), dict(tp_emis=5, contingencia=contingencia)
    yield "NFE-IDE-12", nfce(), dict(tp_emis=6, contingencia=contingencia)
    yield "NFE-IDE-13", nfce(finalidade=DEVOLUCAO), {}
    yield "NFE-IDE-14", f.nfe(finalidade=m.Finalidade.COMPLEMENTAR), {}
    yield (
        "NFE-IDE-15",
        f.nfe(finalidade=m.Finalidade.COMPLEMENTAR, referencias=(REFERENCIA, OUTRO_EMITENTE)),
        {},
    )
    yield "NFE-IDE-16", f.nfe(finalidade=m.Finalidade.COMPLEMENTAR, referencias=(OUTRO_EMITENTE,)), {}
    yield "NFE-IDE-17", f.nfe(finalidade=DEVOLUCAO), {}
    yield "NFE-IDE-18", f.nfe(finalidade=DEBITO, tipo_nota_debito="04"), {}
    yield "NFE-IDE-19", com_tributos(icms=None), {}
    yield "NFE-IDE-20", f.nfe(finalidade=CREDITO, tipo_nota_credito="02"), {}
    yield (
        "NFE-IDE-21",
        f.nfe(finalidade=DEBITO, tipo_nota_debito="04", tipo_operacao=m.TipoOperacao.ENTRADA),
        {},
    )
    yield "NFE-IDE-22", f.nfe(tipo_nota_debito="04"), {}
    yield "NFE-IDE-23", f.nfe(finalidade=DEBITO), {}
    yield "NFE-IDE-24", f.nfe(tipo_nota_credito="02"), {}
    yield "NFE-IDE-25", f.nfe(finalidade=CREDITO), {}
    yield "NFE-IDE-26", nfce(consumidor_final=False), {}
    yield "NFE-IDE-27", f.nfe(presenca=m.Presenca.ENTREGA_DOMICILIO), {}
    yield "NFE-IDE-28", nfce(presenca=m.Presenca.INTERNET), {}
    yield "NFE-IDE-29", f.nfe(com_intermediador=None), {}
    yield "NFE-IDE-30", f.nfe(com_intermediador=True, presenca=m.Presenca.PRESENCIAL_FORA), {}
    yield "NFE-IDE-31", f.nfe(), dict(serie=890)
    yield "NFE-IDE-42", f.nfe(emitente=replace(f.EMITENTE, documento=f.CPF)), dict(serie=1)
    citado_um = m.Item(f.produto(), f.tributos(cfop="5202"), referenciado=m.DfeReferenciado(str(CHAVE)))
    sem_citar = m.Item(f.produto(), f.tributos(2, cfop="5202"))
    yield "NFE-IDE-43", f.nfe(finalidade=DEVOLUCAO, itens=(citado_um, sem_citar)), {}
    yield "NFE-IDE-32", f.nfe(), dict(contingencia=contingencia)
    yield "NFE-IDE-33", nfce(), dict(tp_emis=9)
    yield "NFE-IDE-34", nfce(compra_governamental=m.CompraGovernamental("1", DEZ, "1")), {}
    yield "NFE-IDE-35", nfce(referencias=(REFERENCIA,)), {}
    yield "NFE-IDE-36", f.nfe(referencias=(m.Referencia(chave_nfe=CHAVE_CTE),)), {}
    yield "NFE-IDE-37", f.nfe(referencias=(REFERENCIA, REFERENCIA)), {}
    citado = m.Item(f.produto(), f.tributos(), referenciado=m.DfeReferenciado(str(CHAVE)))
    yield "NFE-IDE-38", nfce(itens=(citado,)), {}
    yield "NFE-IDE-39", f.nfe(itens=(citado,), referencias=(REFERENCIA,)), {}
    yield "NFE-IDE-40", com_tributos(ibs_cbs=None), {"ambiente": Ambiente.PRODUCAO}
    devolvida = replace(com_tributos(ibs_cbs=None), finalidade=DEVOLUCAO, referencias=(REFERENCIA,))
    yield "NFE-IDE-41", devolvida, {}


def partes() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    e = f.EMITENTE
    yield "NFE-EMIT-01", f.nfe(emitente=replace(e, nome="")), {}
    yield "NFE-END-01", f.nfe(destinatario=dest(endereco=replace(f.ENDERECO, bairro="X"))), {}
    yield "NFE-END-02", f.nfe(destinatario=dest(endereco=replace(f.ENDERECO, cep="0100"))), {}
    yield "NFE-END-03", f.nfe(destinatario=dest(endereco=replace(f.ENDERECO, telefone="(11) 9"))), {}
    yield (
        "NFE-END-04",
        f.nfe(entrega=replace(LOCAL, endereco=replace(f.ENDERECO, codigo_municipio="355"))),
        {},
    )
    yield (
        "NFE-EMIT-02",
        f.nfe(emitente=replace(e, endereco=replace(f.ENDERECO, codigo_municipio="3304557"))),
        {},
    )
    yield "NFE-EMIT-06", f.nfe(emitente=replace(e, inscricao_estadual=None)), {}
    yield "NFE-EMIT-07", f.nfe(emitente=replace(e, inscricao_estadual_st="110042490115")), {}
    yield "NFE-EMIT-03", f.nfe(emitente=replace(e, inscricao_estadual="110042490115")), {}
    yield "NFE-EMIT-04", nfce(emitente=replace(e, inscricao_estadual_st="110042490114")), {}
    yield "NFE-EMIT-05", f.nfe(emitente=replace(e, inscricao_estadual="110.042")), {}
    yield "NFE-DEST-01", f.nfe(destinatario=None), {}
    yield "NFE-DEST-02", nfce(presenca=m.Presenca.ENTREGA_DOMICILIO), {}
    yield "NFE-DEST-03", f.nfe(destino=m.Destino.EXTERIOR), {}
    yield (
        "NFE-DEST-04",
        f.nfe(destinatario=dest(documento=m.IdEstrangeiro("AB123")), consumidor_final=False),
        {},
    )
    yield "NFE-DEST-05", f.nfe(destinatario=dest(nome=None)), {}
    yield "NFE-DEST-06", f.nfe(destinatario=dest(endereco=None)), {}
    yield "NFE-DEST-07", nfce(presenca=m.Presenca.ENTREGA_DOMICILIO, destinatario=dest(endereco=None)), {}
    yield (
        "NFE-DEST-08",
        f.nfe(destinatario=dest(endereco=replace(f.ENDERECO, codigo_municipio="3304557"))),
        {},
    )
    yield "NFE-DEST-09", f.nfe(destinatario=dest(endereco=replace(FORA, codigo_municipio="3304557"))), {}
    yield "NFE-DEST-10", f.nfe(destino=m.Destino.EXTERIOR), {}
    yield "NFE-DEST-11", f.nfe(destino=m.Destino.INTERESTADUAL), {}
    yield "NFE-DEST-12", f.nfe(destino=m.Destino.INTERESTADUAL, entrega=LOCAL), {}
    contribuinte = dest(endereco=RIO, documento=f.CNPJ, indicador_ie=m.IndicadorIe.ISENTO)
    yield "NFE-DEST-13", f.nfe(destinatario=contribuinte, consumidor_final=False), {}
    yield "NFE-DEST-14", f.nfe(destinatario=contribuinte, consumidor_final=False, entrega=LOCAL), {}
    yield "NFE-DEST-15", nfce(destinatario=dest(indicador_ie=m.IndicadorIe.ISENTO)), {}
    yield (
        "NFE-DEST-16",
        f.nfe(destino=m.Destino.EXTERIOR, destinatario=dest(indicador_ie=m.IndicadorIe.ISENTO)),
        {},
    )
    yield "NFE-DEST-17", f.nfe(consumidor_final=False), {}
    yield "NFE-DEST-18", nfce(destinatario=dest(inscricao_estadual="110042490114")), {}
    yield "NFE-DEST-19", f.nfe(destinatario=dest(indicador_ie=m.IndicadorIe.CONTRIBUINTE)), {}
    yield (
        "NFE-DEST-20",
        f.nfe(destinatario=dest(indicador_ie=m.IndicadorIe.ISENTO, inscricao_estadual="110042490114")),
        {},
    )
    errada = dest(indicador_ie=m.IndicadorIe.CONTRIBUINTE, inscricao_estadual="110042490115")
    yield "NFE-DEST-21", f.nfe(destinatario=errada), {}
    yield "NFE-DEST-22", nfce(destinatario=dest(inscricao_suframa="12345678")), {}
    comprador = dest(documento=Cnpj("99999999000191"))
    yield "NFE-AUT-01", f.nfe(destinatario=comprador, autorizados=(m.Autorizado(comprador.documento),)), {}  # type: ignore[arg-type]
    yield "NFE-AUT-02", f.nfe(autorizados=(m.Autorizado(f.CPF),)), {}
    yield "NFE-TRANSP-01", nfce(transporte=m.Transporte(m.ModalidadeFrete.EMITENTE)), {}
    yield "NFE-TRANSP-02", transportar(transportador=m.Transportador(inscricao_estadual="110042490114")), {}
    yield (
        "NFE-TRANSP-03",
        transportar(transportador=m.Transportador(inscricao_estadual="110042490115", uf=Uf.SP)),
        {},
    )
    yield "NFE-TRANSP-04", transportar(reboques=(m.Veiculo("abc-1234"),)), {}


def itens() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    yield "NFE-ITEM-01", f.nfe(itens=()), {}
    yield "NFE-ITEM-02", com_tributos(numero=2), {}
    yield "NFE-ITEM-03", com_produto(codigo=""), {}
    yield "NFE-ITEM-04", com_produto(descricao=""), {}
    yield "NFE-ITEM-05", com_produto(unidade="UNIDADE"), {}
    yield "NFE-ITEM-06", com_tributos(valor_frete=D("-1.00")), {}
    yield "NFE-ITEM-07", com_produto(ncm="8517"), {}
    yield "NFE-ITEM-08", com_produto(cest="21.063.00"), {}
    yield "NFE-ITEM-09", com_produto(gtin="7891234567890"), {}
    yield "NFE-ITEM-10", com_produto(gtin=""), {}
    yield "NFE-ITEM-11", com_produto(gtin_tributavel="123"), {}
    yield "NFE-ITEM-12", com_produto(gtin="7891234567895"), {}
    yield "NFE-ITEM-13", com_produto(gtin_tributavel="7891234567895"), {}
    yield "NFE-ITEM-14", com_produto(gtin_tributavel=""), {}
    yield "NFE-ITEM-15", com_produto(quantidade=D(3)), {}
    yield "NFE-ITEM-16", com_produto(quantidade_tributavel=D(3)), {}
    yield "NFE-ITEM-17", com_tributos(valor_desconto=D("300.01")), {}
    veiculo, armas = casos._veiculo(), (m.Arma("0", "1", "1", "Arma"),)
    yield "NFE-ITEM-18", com_produto(nfce, veiculo=veiculo), {}
    yield "NFE-ITEM-19", com_produto(nfce, armas=armas), {}
    yield "NFE-ITEM-20", com_produto(veiculo=veiculo, armas=armas), {}
    yield "NFE-CFOP-01", com_tributos(cfop="5.102"), {}
    yield "NFE-CFOP-02", com_tributos(cfop="1102"), {}
    yield "NFE-CFOP-03", replace(f.nfe(), tipo_operacao=m.TipoOperacao.ENTRADA), {}
    yield "NFE-CFOP-04", com_tributos(cfop="7101"), {}
    yield "NFE-CFOP-05", com_tributos(cfop="6102"), {}
    yield "NFE-CFOP-06", f.nfe(destino=m.Destino.INTERESTADUAL), {}
    yield "NFE-CFOP-07", com_tributos(cfop="7101"), {}
    yield "NFE-CFOP-08", com_tributos(cfop="3102"), {}
    yield "NFE-CFOP-09", com_tributos(cfop="3102"), {}
    yield "NFE-CFOP-12", f.nfe(itens=(m.Item(f.produto(), f.tributos(cfop="5202")),)), {}
    yield "NFE-CFOP-10", f.nfe(finalidade=DEVOLUCAO, referencias=(REFERENCIA,)), {}
    yield "NFE-CFOP-11", com_tributos(nfce, cfop="5949"), {}


def tributos() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    simples = replace(f.EMITENTE, crt=m.Crt.SIMPLES)
    yield "NFE-ICMS-01", com_icms(origem=None), {}
    yield "NFE-ICMS-02", f.nfe(emitente=simples), {}
    yield "NFE-ICMS-03", com_icms(cst=None, csosn="102"), {}
    yield "NFE-ICMS-04", com_icms(nfce, cst="10"), {}
    yield "NFE-ICMS-05", com_icms(nfce, cst=None, csosn="101"), {}
    yield "NFE-ICMS-06", com_tributos(nfce, cfop="5405"), {}
    yield "NFE-ICMS-07", com_icms(nfce, cst="60"), {}
    yield (
        "NFE-ICMS-08",
        com_tributos(nfce, cfop="5405", icms=t.Icms("ICMSSN102", origem="0", csosn="102")),
        {},
    )
    yield "NFE-ICMS-09", com_icms(nfce, cst=None, csosn="500"), {}
    yield "NFE-ICMS-10", com_icms(cst="51"), {}
    yield "NFE-ICMS-11", com_icms(cst=None, csosn="101"), {}
    yield "NFE-ICMS-12", f.nfe(destino=m.Destino.INTERESTADUAL, destinatario=dest(endereco=RIO)), {}
    yield "NFE-ICMS-20", replace(com_icms(origem="1"), destino=m.Destino.INTERESTADUAL), {}
    cst51 = dict(
        cst="51",
        valor_operacao=D("54.00"),
        percentual_diferimento=D("50.00"),
        valor_diferido=D("27.00"),
        valor=D("27.00"),
    )
    yield "NFE-ICMS-13", com_icms(**(cst51 | dict(valor_operacao=D("60.00")))), {}
    yield "NFE-ICMS-14", com_icms(**(cst51 | dict(valor_diferido=D("20.00")))), {}
    yield "NFE-ICMS-15", com_icms(**(cst51 | dict(valor=D("26.00")))), {}
    yield "NFE-ICMS-16", com_icms(valor=D("50.00")), {}
    yield "NFE-ICMS-17", com_icms(aliquota_fcp=D("2.00"), valor_fcp=D("9.00")), {}
    yield "NFE-ICMS-18", com_icms(cst="60"), {}
    yield "NFE-ICMS-19", com_icms(motivo_desoneracao="9"), {}
    difal = t.IcmsUfDestino(
        D("300.00"),
        D("20.00"),
        D("12.00"),
        D("100.00"),
        D("24.00"),
        D("0.00"),
        D("300.00"),
        D("2.00"),
        D("6.00"),
    )
    yield "NFE-DIFAL-01", com_tributos(nfce, icms_uf_destino=difal), {}
    yield "NFE-DIFAL-02", f.nfe(destino=m.Destino.INTERESTADUAL, destinatario=dest(endereco=RIO)), {}
    yield "NFE-DIFAL-03", com_tributos(icms_uf_destino=difal), {}
    yield "NFE-DIFAL-04", com_tributos(icms_uf_destino=replace(difal, valor_fcp=D("7.00"))), {}
    yield "NFE-TRIB-01", com_tributos(nfce), {}
    yield "NFE-TRIB-02", com_tributos(nfce, ii=t.ImpostoImportacao(DEZ, DEZ, DEZ, DEZ)), {}
    yield "NFE-TRIB-03", com_tributos(pis=None), {}
    yield "NFE-TRIB-04", com_tributos(cofins=None), {}
    yield "NFE-TRIB-05", com_tributos(nfce, pis_st=t.Contribuicao("ST", valor=DEZ)), {}
    yield "NFE-TRIB-06", com_tributos(nfce, cofins_st=t.Contribuicao("ST", valor=DEZ)), {}
    yield "NFE-TRIB-07", com_tributos(issqn=t.Issqn(DEZ, DEZ, DEZ, "3550308", "14.01")), {}
    yield "NFE-TRIB-08", com_tributos(ipi_devolvido=t.IpiDevolvido(DEZ, DEZ)), {}
    devolvido = m.Item(f.produto(), f.tributos(ipi_devolvido=t.IpiDevolvido(DEZ, DEZ)))
    yield "NFE-TRIB-09", nfce(itens=(devolvido,)), {}


def totais() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    certos = f.totais()
    icms = {c.name: getattr(certos.icms, c.name) or D(0) for c in fields(certos.icms)}
    for n, (_, _, caminho, *_resto) in enumerate(regras_totais._SOMAS, 1):
        muda = {caminho: icms[caminho] + D("0.01")}
        yield f"NFE-TOT-{n:02d}", f.nfe(totais=replace(certos, icms=replace(certos.icms, **muda))), {}
    for n, (_, _, caminho, *_resto) in enumerate(regras_totais._SOMAS_ISSQN, 30):
        issqn = tt.TotaisIssqn(date(2026, 11, 1), **{caminho: D("0.01")})  # type: ignore[arg-type]
        yield f"NFE-TOT-{n}", f.nfe(totais=replace(certos, issqn=issqn)), {}
    ibs = certos.ibs_cbs
    assert ibs is not None
    for n, (_, _, caminho, *_resto) in enumerate(regras_totais._SOMAS_IBS, 40):
        cabeca, ponto, campo = caminho.partition(".")
        atual = getattr(ibs, cabeca)
        novo = replace(atual, **{campo: getattr(atual, campo) + D("0.01")}) if ponto else atual + D("0.01")
        yield f"NFE-TOT-{n}", f.nfe(totais=replace(certos, ibs_cbs=replace(ibs, **{cabeca: novo}))), {}
    yield (
        "NFE-TOT-60",
        f.nfe(totais=replace(certos, icms=replace(certos.icms, valor_produtos=D("299.99")))),
        {},
    )
    yield "NFE-TOT-61", f.nfe(totais=replace(certos, icms=replace(certos.icms, valor_nota=D("300.51")))), {}
    yield "NFE-TOT-62", nfce(totais=replace(certos, icms=replace(certos.icms, valor_nota=D("10000.01")))), {}
    yield "NFE-TOT-63", com_tributos(ibs_cbs=None), {}
    yield "NFE-TOT-64", f.nfe(totais=replace(certos, ibs_cbs=None)), {}


def ibs_cbs() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    bom = f.ibs_cbs()
    grupo = bom.tributacao
    assert grupo is not None

    def com(**muda: Any) -> m.Nfe:
        return com_tributos(ibs_cbs=replace(bom, tributacao=replace(grupo, **muda)))

    yield "NFE-IBS-01", com(valor_ibs=D("0.40")), {}
    gov = m.CompraGovernamental("1", DEZ, "1")
    for nome, numero in (("uf", 10), ("municipio", 20), ("cbs", 30)):
        parte = getattr(grupo, nome)
        yield f"NFE-IBS-{numero + 1}", com(**{nome: replace(parte, aliquota=D("5.00"))}), {}
        yield (
            f"NFE-IBS-{numero + 2}",
            com(**{nome: replace(parte, diferimento=ti.Diferimento(D("50.00"), D("9.00")))}),
            {},
        )
        yield f"NFE-IBS-{numero + 3}", f.nfe(compra_governamental=gov), {}
        yield (
            f"NFE-IBS-{numero + 4}",
            com(**{nome: replace(parte, reducao=ti.ReducaoAliquota(D("60.00"), D("0.5000")))}),
            {},
        )
        yield f"NFE-IBS-{numero + 5}", com(**{nome: replace(parte, valor=D("3.33"))}), {}


def ibs_cbs_reduzido() -> m.Nfe:
    """Reduction of 60 %, deferral of half of the state's share, a government buyer: adds up to the cent."""
    bom = f.ibs_cbs(D("1000.00"))
    assert bom.tributacao is not None
    reducao_ibs = ti.ReducaoAliquota(D("60.00"), D("0.0360"))
    grupo = replace(
        bom.tributacao,
        uf=ti.ComponenteIbsCbs(D("0.1000"), D("0.36"), reducao=reducao_ibs),
        municipio=ti.ComponenteIbsCbs(
            D("0.0000"), D("0.00"), reducao=ti.ReducaoAliquota(D("60.00"), D("0.0000"))
        ),
        cbs=ti.ComponenteIbsCbs(D("0.9000"), D("3.24"), reducao=ti.ReducaoAliquota(D("60.00"), D("0.3240"))),
        valor_ibs=D("0.36"),
    )
    nfe = com_tributos(ibs_cbs=replace(bom, tributacao=grupo))
    parte = tt.TotaisComponente
    totais_ = tt.TotaisIbsCbs(
        D("1000.00"), parte(valor=D("0.36")), parte(), D("0.36"), cbs=parte(valor=D("3.24"))
    )
    gov = m.CompraGovernamental("1", D("10.00"), "1")
    return replace(nfe, totais=replace(f.totais(), ibs_cbs=totais_), compra_governamental=gov)


def pagamentos() -> Iterator[tuple[str, m.Nfe, dict[str, Any]]]:
    trezentos, p = D("300.00"), m.Pagamento
    yield "NFE-COBR-01", nfce(cobranca=m.Cobranca()), {}
    yield "NFE-COBR-02", cobrar(valor_desconto=D("400.00")), {}
    yield "NFE-COBR-03", cobrar(valor_liquido=D("299.00")), {}
    yield "NFE-COBR-04", cobrar(m.Duplicata(trezentos, "1", date(2026, 12, 1))), {}
    yield "NFE-COBR-05", cobrar(m.Duplicata(trezentos, "001", date(2026, 11, 1))), {}
    fora_de_ordem = (
        m.Duplicata(D("100.00"), "001", date(2027, 1, 1)),
        m.Duplicata(D("200.00"), "002", date(2026, 12, 1)),
    )
    yield "NFE-COBR-08", cobrar(*fora_de_ordem), {}
    yield "NFE-COBR-06", cobrar(m.Duplicata(trezentos, "001", f.EMISSAO.date())), {}
    yield "NFE-COBR-07", cobrar(m.Duplicata(D("299.00"), "001", date(2026, 12, 1))), {}
    yield "NFE-PAG-01", pagar(), {}
    yield "NFE-PAG-02", f.nfe(finalidade=DEVOLUCAO, referencias=(REFERENCIA,)), {}
    yield "NFE-PAG-03", pagar(p("14", trezentos), base=nfce), {}
    yield "NFE-PAG-04", nfce(pagamentos=SEM_PAGAMENTO), {}
    yield "NFE-PAG-05", pagar(p("77", trezentos)), {}
    yield "NFE-PAG-06", pagar(p("99", trezentos)), {}
    yield "NFE-PAG-07", pagar(p("01", trezentos, descricao="Dinheiro")), {}
    yield "NFE-PAG-08", pagar(p("01", D("299.99")), base=nfce), {}
    yield "NFE-PAG-09", pagar(p("01", D("350.00"))), {}
    yield "NFE-PAG-10", pagar(p("90", trezentos)), {}
    yield "NFE-PAG-11", pagar(p("03", trezentos)), {}
    yield "NFE-PAG-12", pagar(p("03", trezentos, cartao=m.Cartao("1"))), {}
    yield "NFE-PAG-13", pagar(p("03", trezentos, cartao=m.Cartao("2", "01234567000189"))), {}
    yield "NFE-PAG-14", pagar(p("01", D("350.00")), troco=D("49.00")), {}
    yield "NFE-INTER-01", f.nfe(com_intermediador=True), {}
    yield "NFE-INTER-02", f.nfe(intermediador=m.Intermediador(f.CNPJ, "V1")), {}
    yield "NFE-EXP-01", f.nfe(destino=m.Destino.EXTERIOR), {}
    yield "NFE-EXP-02", f.nfe(exportacao=m.LocalExportacao(Uf.SP, "Santos")), {}


RUINS = [*identificacao(), *partes(), *itens(), *tributos(), *ibs_cbs(), *totais(), *pagamentos()]


@pytest.mark.parametrize(("codigo", "nfe", "numeracao"), RUINS, ids=[r[0] for r in RUINS])
def test_rule_catches(codigo: str, nfe: m.Nfe, numeracao: dict[str, Any]) -> None:
    achadas = [v for v in check(nfe, **numeracao) if v.codigo == codigo]
    assert achadas
    for violacao in achadas:
        assert violacao.caminho
        assert violacao.rotulo
        assert violacao.mensagem.endswith(".")
        assert violacao.correcao.endswith(".")


def test_every_rule_has_its_failing_document() -> None:
    assert {r[0] for r in RUINS} == {r.codigo for r in regras.REGRAS}
    assert len({r.codigo for r in regras.REGRAS}) == len(regras.REGRAS)


@pytest.mark.parametrize(("nfe", "numeracao"), [r[1:] for r in RUINS], ids=[r[0] for r in RUINS])
def test_the_plan_of_rules_loses_none_that_would_break(nfe: m.Nfe, numeracao: dict[str, Any]) -> None:
    """What `quando` leaves out has nothing to say: asking every rule finds the same, in the same order."""
    padrao: dict[str, Any] = dict(ambiente=Ambiente.HOMOLOGACAO, emissao=f.EMISSAO, serie=1)
    contexto = Contexto(nfe, sum_itens(nfe.itens), **(padrao | numeracao))
    todas = [r.tell(a) for r in regras.REGRAS if nfe.modelo in r.modelos for a in r.verificar(contexto)]
    assert list(check(nfe, **numeracao)) == todas


def devolucao() -> m.Nfe:
    """A return that breaks nothing."""
    item = m.Item(f.produto(), f.tributos(cfop="5202"))
    return f.nfe(finalidade=DEVOLUCAO, referencias=(REFERENCIA,), pagamentos=SEM_PAGAMENTO, itens=(item,))


def exportacao() -> m.Nfe:
    """An export that breaks nothing."""
    comprador = m.Destinatario(
        m.IdEstrangeiro("AB12345"), m.IndicadorIe.NAO_CONTRIBUINTE, "Foreign Buyer", FORA
    )
    return f.nfe(
        destino=m.Destino.EXTERIOR, destinatario=comprador, itens=(m.Item(f.produto(), f.tributos(cfop="7102")),),
        exportacao=m.LocalExportacao(Uf.SP, "Santos"), consumidor_final=False,
    )  # fmt: skip


def a_prazo() -> m.Nfe:
    """A sale on term, with instalments, through a marketplace, delivered elsewhere."""
    parcelas = (
        m.Duplicata(D("100.00"), "001", date(2026, 12, 1)),
        m.Duplicata(D("200.00"), "002", date(2027, 1, 1)),
    )
    return replace(
        cobrar(*parcelas), pagamentos=(m.Pagamento("15", D("300.00"), "1"),), presenca=m.Presenca.INTERNET, com_intermediador=True,
        intermediador=m.Intermediador(f.CNPJ, "V1"), entrega=LOCAL, autorizados=(m.Autorizado(Cnpj("99999999000191")),),
    )  # fmt: skip


BONS = {
    "venda": f.nfe(),
    "nfce": f.nfce(),
    "devolução": devolucao(),
    "exportação": exportacao(),
    "a prazo": a_prazo(),
    "ibs reduzido": ibs_cbs_reduzido(),
    "com troco": pagar(m.Pagamento("01", D("350.00")), troco=D("50.00")),
    "contribuinte": f.nfe(
        destinatario=dest(indicador_ie=m.IndicadorIe.CONTRIBUINTE, inscricao_estadual="110042490114")
    ),
    "simples": com_tributos(icms=t.Icms("ICMSSN102", origem="0", csosn="102")),
}
BONS["simples"] = replace(
    BONS["simples"],
    emitente=replace(f.EMITENTE, crt=m.Crt.SIMPLES),
    totais=f.totais(base_calculo=D(0), valor=D(0)),
)


@pytest.mark.parametrize("nome", BONS)
def test_good_documents_break_nothing(nome: str) -> None:
    assert check(BONS[nome]) == ()


def test_fuel_consumed_abroad_may_leave_with_cfop_7() -> None:
    combustivel = m.Combustivel("210203001", "GLP", "EX")
    item = m.Item(f.produto(combustivel=combustivel), f.tributos(cfop="7101"))
    assert "NFE-CFOP-04" not in {v.codigo for v in check(f.nfe(itens=(item,)))}


def test_items_without_icms_or_complete_deferral_are_let_pass() -> None:
    servico = com_tributos(icms=None, issqn=t.Issqn(DEZ, DEZ, DEZ, "3550308", "14.01"))
    fora = replace(servico, destino=m.Destino.INTERESTADUAL)
    parcial = com_icms(cst="51", valor_operacao=D("54.00"))
    codigos = {v.codigo for nfe in (fora, parcial, com_icms(cst="20", aliquota=None)) for v in check(nfe)}
    assert not {c for c in codigos if c.startswith("NFE-ICMS-1") and c not in ("NFE-ICMS-10",)}


def test_a_return_may_cite_item_by_item() -> None:
    citados = [
        m.Item(f.produto(), f.tributos(n, cfop="5202"), referenciado=m.DfeReferenciado(str(CHAVE)))
        for n in (1, 2)
    ]
    nfe = f.nfe(finalidade=DEVOLUCAO, pagamentos=SEM_PAGAMENTO, itens=tuple(citados))
    assert not {v.codigo for v in check(nfe)} & {"NFE-IDE-17", "NFE-IDE-43"}


def test_deferral_of_a_reduced_rate_is_wrong_only_when_no_reading_gives_it() -> None:
    bom = f.ibs_cbs()
    assert bom.tributacao is not None
    reducao = ti.ReducaoAliquota(D("60.00"), D("0.0400"))
    for valor, errado in ((D("0.12"), False), (D("0.30"), False), (D("0.20"), True)):
        uf = replace(bom.tributacao.uf, reducao=reducao, diferimento=ti.Diferimento(D("100.00"), valor))
        nfe = com_tributos(ibs_cbs=replace(bom, tributacao=replace(bom.tributacao, uf=uf)))
        assert ("NFE-IBS-12" in {v.codigo for v in check(nfe)}) is errado


def test_what_is_given_back_leaves_the_amount() -> None:
    bom = f.ibs_cbs()
    assert bom.tributacao is not None
    cheio = bom.tributacao.uf.valor
    for valor, errado in ((cheio - D("0.10"), False), (cheio, True)):
        uf = replace(bom.tributacao.uf, valor=valor, devolucao=ti.DevolucaoTributo(D("0.10")))
        nfe = com_tributos(ibs_cbs=replace(bom, tributacao=replace(bom.tributacao, uf=uf)))
        assert ("NFE-IBS-15" in {v.codigo for v in check(nfe)}) is errado


@pytest.mark.parametrize("tributo", ["ibs", "cbs"])
def test_presumed_credit_is_summed_by_tax(tributo: str) -> None:
    credito = ti.CreditoPresumido(DEZ, "01", **{tributo: ti.ParteCreditoPresumido(D("1.00"), DEZ)})
    nfe = com_tributos(ibs_cbs=replace(f.ibs_cbs(), credito_presumido=credito))
    assert {"W48-10": 1086}.items() <= {r.oficial: r.c_stat for r in regras_totais.REGRAS}.items()
    achadas = {v.caminho for v in check(nfe) if v.codigo.startswith("NFE-TOT") and "credito" in v.caminho}
    assert achadas == {f"totais.ibs_cbs.credito_presumido_{tributo}"}


def test_an_ie_of_substitute_of_the_destination_is_right() -> None:
    certa = replace(f.EMITENTE, inscricao_estadual_st="110042490114")
    exterior = dest(endereco=FORA)
    for nfe in (f.nfe(emitente=certa), f.nfe(emitente=certa, destinatario=exterior)):
        assert "NFE-EMIT-07" not in {v.codigo for v in check(nfe)}


def test_good_card_and_added_st() -> None:
    cartao = m.Cartao("1", "11222333000181", "01", "AUT1")
    assert check(pagar(m.Pagamento("03", D("300.00"), "0", cartao=cartao))) == ()
    st = t.Contribuicao("ST", base_calculo=DEZ, aliquota=DEZ, valor=D("20.00"), soma_no_total=True)
    nfe = com_tributos(pis_st=st)
    assert regras_totais.expected_valor_nota(nfe) == (D("320.00"), D("320.00"))


def test_every_address_and_ie_is_looked_at() -> None:
    retirada = replace(LOCAL, endereco=replace(f.ENDERECO, cep="1"))
    letras = dest(indicador_ie=m.IndicadorIe.CONTRIBUINTE, inscricao_estadual="ISENTO")
    caminhos = {v.caminho for v in check(f.nfe(retirada=retirada, destinatario=letras))}
    assert {"retirada.endereco.cep", "destinatario.inscricao_estadual"} <= caminhos


def test_good_offline_and_rural() -> None:
    contingencia = m.Contingencia(f.EMISSAO, "SEFAZ fora do ar há uma hora")
    assert check(f.nfce(), tp_emis=9, contingencia=contingencia) == ()
    assert check(f.nfe(emitente=replace(f.EMITENTE, documento=Cpf("12345678909"))), serie=920) == ()


def test_all_violations_at_once_with_place_value_and_fix() -> None:
    itens_ = (f.item(1), m.Item(f.produto(ncm="8517"), f.tributos(2, cfop="6102")))
    achadas = {v.codigo: v for v in check(f.nfe(itens=itens_, natureza_operacao=""))}
    assert {"NFE-IDE-01", "NFE-ITEM-07", "NFE-CFOP-05"} <= achadas.keys()
    ncm = achadas["NFE-ITEM-07"]
    assert (ncm.caminho, ncm.rotulo, ncm.valor, ncm.c_stat) == (
        "itens[1].produto.ncm",
        "Item 2, NCM",
        "8517",
        777,
    )


def test_errors_refuse_and_warnings_pass() -> None:
    avisos = check(f.nfe(com_intermediador=None))
    assert [v.severidade for v in avisos] == [Severidade.AVISO]
    assert regras.require(avisos) == avisos
    with pytest.raises(RegraViolada) as erro:
        regras.require((*avisos, *check(f.nfe(natureza_operacao=""))))
    assert [v.codigo for v in erro.value.violacoes] == ["NFE-IDE-01"]


@pytest.mark.parametrize("c_stat", [529, 900, 850, 528, 805, 934, 836, 519, 997])
def test_what_states_authorise_is_never_refused(c_stat: int) -> None:
    assert all(r.severidade is Severidade.AVISO for r in regras.REGRAS if r.c_stat == c_stat)


@pytest.mark.parametrize(
    ("gtin", "certo"),
    [
        ("7891234567895", True),
        ("7891234567890", False),
        ("96385074", True),
        ("123", False),
        ("036000291452", True),
    ],
)
def test_gtin(gtin: str, certo: bool) -> None:
    assert gtin_holds(gtin) is certo


def test_ie_ignores_zeros_on_the_left() -> None:
    assert ie_holds("SP", "110042490114")
    assert ie_holds("SP", "00110042490114")
    assert not ie_holds("SP", "ISENTO")


@pytest.mark.parametrize(
    ("uf", "ie"),
    [
        ("AC", "0100482300112"), ("AL", "240000048"), ("AP", "030123459"), ("AM", "999999990"), ("BA", "12345663"), ("BA", "61234557"),
        ("CE", "060000015"), ("DF", "0730000100109"), ("GO", "109876547"), ("MA", "120000385"), ("MT", "00130000019"),
        ("MG", "0623079040081"), ("PA", "159999995"), ("PB", "060000015"), ("PR", "1234567850"), ("PE", "032141840"), ("PI", "012345679"),
        ("RJ", "99999993"), ("RN", "200400401"), ("RN", "2000400400"), ("RS", "2243658792"), ("RO", "00000000625213"), ("RR", "240066281"),
        ("SC", "251040852"), ("SE", "271234563"), ("TO", "29010227836"), ("TO", "290227836"),
    ],
)  # fmt: skip
def test_ie_examples_of_the_states(uf: str, ie: str) -> None:
    """The worked examples that the treasuries publish."""
    assert ie_holds(uf, ie)
    ultimo = (int(ie[-1]) + 1) % 10
    assert not ie_holds(uf, f"{ie[:-1]}{ultimo}")


@pytest.mark.parametrize(
    ("mudancas", "codigos"),
    [
        ({"valor_frete": D("-1.00")}, {"NFE-ITEM-06": "itens[0].tributos.valor_frete"}),
        ({"valor_desconto": D("-1.00")}, {"NFE-ITEM-06": "itens[0].tributos.valor_desconto"}),
        (
            {"valor_produto": D("-1.00")},
            {
                "NFE-ITEM-06": "itens[0].tributos.valor_produto",
                "NFE-ITEM-17": "itens[0].tributos.valor_desconto",
            },
        ),
    ],
)
def test_an_amount_below_zero_is_told_by_its_name(mudancas: dict[str, D], codigos: dict[str, str]) -> None:
    achadas = {v.codigo: v.caminho for v in check(com_tributos(**mudancas))}
    assert codigos.items() <= achadas.items()


def test_an_amount_that_is_absent_differs_from_nothing() -> None:
    nfe = com_icms(valor=None)
    contexto = Contexto(nfe, sum_itens(nfe.itens), ambiente=Ambiente.HOMOLOGACAO, emissao=f.EMISSAO, serie=1)
    regra = next(r for r in regras.REGRAS if r.codigo == "NFE-ICMS-16")
    assert list(regra.verificar(contexto)) == []
