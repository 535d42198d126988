"""Representative documents: one for every group of the layout, each valid against the official schema."""

# ruff: noqa: C408
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal as D

from chancela.documents.nfe import layout_tributos
from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.itens import CreditoPresumidoIcms
from chancela.documents.nfe.modelo import AssinaturaPaa
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_ibs_cbs as ti
from chancela.domain.tributos import resultado_totais as tt

from . import fabrica as f

CHAVE = ChaveAcesso("35261112ABC34501DE35550010000001231483902178")
DEZ, CINCO = D("10.00"), D("5.00")
DIA = date(2026, 11, 1)

_CST_DO_GRUPO = {
    "ICMSPart": "10", "ICMSST": "41", "ICMSSN101": "101", "ICMSSN102": "102", "ICMSSN201": "201", "ICMSSN202": "202",
    "ICMSSN500": "500", "ICMSSN900": "900",
}  # fmt: skip
_MOTIVO = {"ICMS20": "3", "ICMS30": "6", "ICMS40": "7", "ICMS70": "9", "ICMS90": "9", "ICMSPart": "10"}


def icms(grupo: str) -> t.Icms:
    """The group with every one of its tags filled."""
    valores: dict[str, object] = {}
    for tag in layout_tributos.GRUPOS_ICMS[grupo].split():
        atributo, formato = layout_tributos._ICMS[tag]
        valores[atributo] = CINCO if formato is layout_tributos.ALIQUOTA else DEZ
    codigo = _CST_DO_GRUPO.get(grupo, grupo[4:])
    codigos: dict[str, object] = dict(
        origem="0", cst=codigo, csosn=codigo, modalidade_bc="3", modalidade_bc_st="4", motivo_desoneracao=_MOTIVO.get(grupo, "9"),
        motivo_desoneracao_st="9", motivo_reducao_ad_rem="1", deduz_desoneracao=True, uf_st=Uf.RJ, codigo_beneficio_reducao="SP123456",
    )  # fmt: skip
    return t.Icms(grupo, **(valores | {k: v for k, v in codigos.items() if k in valores}))  # type: ignore[arg-type]


def contribuicoes() -> Iterator[tuple[str, t.Contribuicao]]:
    """Every form of PIS and COFINS."""
    yield "Aliq", t.Contribuicao("Aliq", "01", DEZ, CINCO, valor=DEZ)
    yield "Qtde", t.Contribuicao("Qtde", "03", quantidade=D("2.5"), aliquota_reais=D("0.1234"), valor=DEZ)
    yield "NT", t.Contribuicao("NT", "07")
    yield "Outr por aliquota", t.Contribuicao("Outr", "49", DEZ, CINCO, valor=DEZ)
    yield (
        "Outr por unidade",
        t.Contribuicao("Outr", "99", quantidade=D("2.5"), aliquota_reais=D("0.1234"), valor=DEZ),
    )


def _componente(**muda: object) -> ti.ComponenteIbsCbs:
    return ti.ComponenteIbsCbs(
        D("0.1000"), D("0.01"), ti.Diferimento(CINCO, DEZ), ti.DevolucaoTributo(DEZ, CINCO), ti.ReducaoAliquota(CINCO, D("0.0950")),
        **muda,  # type: ignore[arg-type]
    )  # fmt: skip


def ibs_cbs() -> Iterator[tuple[str, ti.IbsCbs]]:
    """Every branch of the IBSCBS group."""
    regular = ti.TributacaoRegular("000", "000001", CINCO, DEZ, CINCO, DEZ, CINCO, DEZ)
    gov = ti.TributacaoCompraGov(CINCO, DEZ, CINCO, DEZ, CINCO, DEZ)
    cbs = _componente(alc_zfm=ti.AlcZfmCbs("1", CINCO, DEZ, "12345678"))
    yield (
        "completo",
        ti.IbsCbs(
            "200", "200001", True, ti.GrupoIbsCbs(DEZ, _componente(), _componente(), DEZ, cbs, regular, gov)
        ),
    )
    bio = ti.MonoBiocombustivel(D("1.0000"), DEZ)
    ad_rem = ti.TributoMonofasico(
        True,
        ti.MonoPadrao(DEZ, quantidade=D("3.0000"), aliquota=CINCO),
        ti.MonoRetencao(CINCO, DEZ, quantidade=D("1.0000")),
        DEZ,
        bio,
    )
    por_valor_ibs = ti.TributoMonofasico(
        False,
        ti.MonoPadrao(
            DEZ,
            base_calculo=DEZ,
            aliquota_uf=CINCO,
            valor_uf=DEZ,
            aliquota_municipio=CINCO,
            valor_municipio=DEZ,
        ),
        ti.MonoRetencao(CINCO, DEZ, base_calculo=DEZ),
        DEZ,
        bio,
    )
    por_valor_cbs = ti.TributoMonofasico(
        False,
        ti.MonoPadrao(DEZ, base_calculo=DEZ, aliquota=CINCO),
        ti.MonoRetencao(CINCO, DEZ, base_calculo=DEZ),
        DEZ,
        bio,
    )
    yield (
        "mono por quantidade",
        ti.IbsCbs("620", "620001", monofasia=ti.GrupoMonofasia(DEZ, DEZ, ad_rem, ad_rem)),
    )
    yield (
        "mono por valor",
        ti.IbsCbs("620", "620001", monofasia=ti.GrupoMonofasia(DEZ, DEZ, por_valor_ibs, por_valor_cbs)),
    )
    yield "transferencia", ti.IbsCbs("800", "800001", transferencia=ti.ParIbsCbs(DEZ, DEZ))
    yield (
        "ajuste",
        ti.IbsCbs(
            "811", "811001", ajuste=ti.AjusteCompetencia("2026-11", DEZ, DEZ), estorno=ti.ParIbsCbs(DEZ, DEZ)
        ),
    )
    parte = ti.ParteCreditoPresumido(CINCO, valor=DEZ)
    suspensa = ti.ParteCreditoPresumido(CINCO, valor_condicao_suspensiva=DEZ)
    yield (
        "credito presumido",
        ti.IbsCbs("000", "000001", credito_presumido=ti.CreditoPresumido(DEZ, "01", parte, suspensa)),
    )
    yield (
        "credito presumido ZFM",
        ti.IbsCbs("000", "000001", credito_presumido_zfm=ti.CreditoPresumidoZfm("2026-11", "1", DEZ)),
    )


def _com_item(**muda: object) -> m.Nfe:
    return f.nfe(itens=(m.Item(f.produto(), f.tributos(1, **muda)),))


def _com_produto(**muda: object) -> m.Nfe:
    return f.nfe(itens=(m.Item(f.produto(**muda), f.tributos()),))


def documentos() -> Iterator[tuple[str, m.Nfe]]:
    """(name, document), all groups of both models."""
    yield "venda simples", f.nfe()
    yield "nfce simples", f.nfce()
    yield "cinquenta itens", f.nfe(itens=tuple(m.Item(f.produto(), f.tributos(n)) for n in range(1, 51)))
    for grupo in layout_tributos.GRUPOS_ICMS:
        yield grupo, _com_item(icms=icms(grupo))
    for nome, contribuicao in contribuicoes():
        yield f"PIS/COFINS {nome}", _com_item(pis=contribuicao, cofins=contribuicao)
    for nome, valor in ibs_cbs():
        yield f"IBSCBS {nome}", _com_item(ibs_cbs=valor)
    yield from _itens()
    yield from _grupos()
    yield from _identificacao()


def _itens() -> Iterator[tuple[str, m.Nfe]]:
    st_valor = t.Contribuicao("ST", None, DEZ, CINCO, valor=DEZ, soma_no_total=True)
    st_unidade = t.Contribuicao(
        "ST", None, quantidade=D("2.0000"), aliquota_reais=D("0.1234"), valor=DEZ, soma_no_total=False
    )
    yield "PIS-ST", _com_item(pis_st=st_valor, cofins_st=st_unidade)
    yield "COFINS-ST", _com_item(pis_st=st_unidade, cofins_st=st_valor)
    yield (
        "IPI por unidade",
        _com_item(
            ipi=t.Ipi(
                "IPITrib", "50", "999", "11222333000181", "SELO", "12", None, None, D("2.5"), D("0.1234"), DEZ
            )
        ),
    )
    yield "IPI não tributado", _com_item(ipi=t.Ipi("IPINT", "53", "999"))
    yield "II", _com_item(ii=t.ImpostoImportacao(DEZ, DEZ, DEZ, DEZ))
    issqn = t.Issqn(
        DEZ,
        CINCO,
        DEZ,
        "3550308",
        "14.01",
        DEZ,
        DEZ,
        DEZ,
        DEZ,
        DEZ,
        "1",
        "1401",
        "3550308",
        "1058",
        "123",
        "2",
    )
    yield (
        "ISSQN",
        replace(
            _com_item(icms=None, ipi=None, issqn=issqn),
            totais=replace(f.totais(), issqn=_totais_issqn(), retencao=_retencao()),
        ),
    )
    yield (
        "DIFAL",
        _com_item(
            icms_uf_destino=t.IcmsUfDestino(
                DEZ, CINCO, D("12.00"), D("100.00"), DEZ, D("0.00"), DEZ, CINCO, DEZ
            )
        ),
    )
    yield (
        "IS por alíquota",
        _com_item(
            imposto_seletivo=ti.ImpostoSeletivo("000", "000001", DEZ, CINCO, CINCO, "UN", D("1.0000"), DEZ)
        ),
    )
    yield "IS declarado", _com_item(imposto_seletivo=ti.ImpostoSeletivo("000", "000001"))
    yield "valores do item", _com_item(
        valor_frete=DEZ, valor_seguro=DEZ, valor_desconto=DEZ, valor_outras_despesas=DEZ, codigo_beneficio="SP123456",
        valor_aproximado_tributos=DEZ, ipi_devolvido=t.IpiDevolvido(D("50.00"), DEZ), valor_item=DEZ, compoe_total=False,
    )  # fmt: skip
    yield "produto", _com_produto(
        gtin="7891234567895", gtin_tributavel="7891234567895", codigo_barras="ABC123", codigo_barras_tributavel="ABC123", nve=("AA0001", "AB0002"),
        cest="2106300", escala_relevante="N", cnpj_fabricante="11222333000181", creditos_presumidos=(CreditoPresumidoIcms("SP123456", CINCO, DEZ),),
        credito_presumido_ibs_zfm="1", ex_tipi="01", bem_movel_usado=True, pedido="PED1", item_pedido="1", quantidade=D("2.5000"),
        valor_unitario=D("120.0123456789"), fci="B01F70AF-10BF-4B1F-848C-65FF57F616FE", lotes=(m.Lote("L1", D("1.500"), DIA, DIA, "A1"),),
        nff=m.ProdutoNff("12345678901234", "123"), embalagem=m.Embalagem("CAIXA", D("1.000"), "UN"),
    )  # fmt: skip
    adicao = m.Adicao("1", "FAB", "1", DEZ, "20260000001")
    di = m.DeclaracaoImportacao(
        "26/1234567-0",
        DIA,
        "Santos",
        Uf.SP,
        DIA,
        m.ViaTransporte.MARITIMA,
        m.Intermediacao.ENCOMENDA,
        "EXP1",
        (adicao,),
        DEZ,
        f.CNPJ,
        Uf.SP,
    )
    yield (
        "importação",
        _com_produto(
            declaracoes_importacao=(
                di,
                replace(di, terceiro=f.CPF),
                replace(di, terceiro=None, uf_terceiro=None),
            )
        ),
    )
    indireta = m.ExportacaoIndireta("123456789012", CHAVE, D("1.5"))
    yield (
        "exportação do item",
        _com_produto(exportacoes=(m.Exportacao("20260000001", indireta), m.Exportacao("20260000002"))),
    )
    yield "veículo", _com_produto(veiculo=_veiculo())
    yield "medicamento", _com_produto(medicamento=m.Medicamento("ISENTO", DEZ, "RDC 1"))
    yield "armas", _com_produto(armas=(m.Arma("0", "S1", "C1", "Arma de teste"),) * 2)
    yield "combustível", _com_produto(
        combustivel=m.Combustivel(
            "210203001", "GLP", Uf.SP, CINCO, CINCO, D("90.00"), DEZ, "123", D("12.5000"), m.Cide(D("2.5"), D("0.1234"), DEZ),
            m.Encerrante("1", "2", D("10.000"), D("20.500"), "3"), CINCO,
            (m.OrigemCombustivel(False, Uf.SP, D("60")), m.OrigemCombustivel(True, Uf.RJ, D("40"))),
        )
    )  # fmt: skip
    yield "RECOPI", _com_produto(recopi="12345678901234567890")
    item = m.Item(
        f.produto(), f.tributos(), "Informação do item", m.Observacao("Campo", "Texto & <mais>"), m.Observacao("Campo 2", "Texto"),
        m.DfeReferenciado(str(CHAVE), "1"),
    )  # fmt: skip
    yield "observações do item", f.nfe(itens=(item,))


def _veiculo() -> m.VeiculoNovo:
    valores = {c.name: "1" for c in fields(m.VeiculoNovo)}
    return m.VeiculoNovo(
        **(
            valores
            | dict(
                chassi="9BWZZZ377VT004251",
                ano_modelo="2027",
                ano_fabricacao="2026",
                vin="N",
                cor="AZUL",
                codigo_cor="AZ",
            )
        )
    )


def _totais_issqn() -> tt.TotaisIssqn:
    return tt.TotaisIssqn(DIA, DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, "1")


def _retencao() -> tt.RetencaoTributos:
    return tt.RetencaoTributos(DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, DEZ)


def _grupos() -> Iterator[tuple[str, m.Nfe]]:
    local = m.Local(f.ENDERECO, f.CNPJ, "Depósito", "deposito@example.com", "110042490114")
    yield "locais", f.nfe(retirada=local, entrega=replace(local, documento=f.CPF))
    yield "local sem documento", f.nfe(retirada=replace(local, documento=None))
    yield "autorizados", f.nfe(autorizados=(m.Autorizado(f.CNPJ), m.Autorizado(f.CPF)))
    avulsa = m.Avulsa(
        "11222333000181", "SEFAZ", "123", "Agente", Uf.SP, "Posto", "1133334444", "99", DIA, DEZ, DIA
    )
    yield "avulsa", f.nfe(avulsa=avulsa)
    transportador = m.Transportador(f.CNPJ, "Transportes", "110042490114", "Rua 1", "Santos", Uf.SP)
    veiculo = m.Veiculo("ABC1D23", Uf.SP, "12345")
    volume = m.Volume(3, "CAIXA", "FRAGIL", "001-003", D("11.000"), D("12.500"), ("LACRE001", "LACRE002"))
    retencao = t.RetencaoTransporte(DEZ, DEZ, CINCO, DEZ, "5932", "3550308")
    frete = m.Transporte(
        m.ModalidadeFrete.DESTINATARIO,
        transportador,
        retencao,
        veiculo,
        (veiculo, veiculo),
        volumes=(volume, m.Volume()),
    )
    yield "transporte", f.nfe(transporte=frete)
    yield "vagão", f.nfe(transporte=m.Transporte(m.ModalidadeFrete.TERCEIROS, vagao="V1"))
    yield (
        "balsa",
        f.nfe(
            transporte=m.Transporte(m.ModalidadeFrete.TERCEIROS, m.Transportador(nome="Balsas"), balsa="B1")
        ),
    )
    duplicatas = (
        m.Duplicata(D("100.00"), "001", date(2026, 12, 1)),
        m.Duplicata(D("200.00"), "002", date(2027, 1, 1)),
    )
    yield "cobrança", f.nfe(cobranca=m.Cobranca(m.Fatura("F1", D("310.00"), DEZ, D("300.00")), duplicatas))
    cartao = m.Cartao("1", "11222333000181", "01", "AUT1", "11222333000181", "T1")
    pagamento = m.Pagamento("03", D("350.00"), "1", None, DIA, "11222333000181", Uf.SP, cartao)
    yield (
        "pagamentos",
        f.nfe(pagamentos=(pagamento, m.Pagamento("99", DEZ, descricao="Permuta")), troco=D("60.00")),
    )
    yield (
        "intermediador",
        f.nfe(
            com_intermediador=True,
            intermediador=m.Intermediador(f.CNPJ, "VENDEDOR"),
            presenca=m.Presenca.INTERNET,
        ),
    )
    observacao = m.Observacao("Campo", "Texto")
    informacoes = m.InformacoesAdicionais(
        "Ao fisco",
        "Complemento",
        (observacao,) * 2,
        (observacao,),
        (m.ProcessoReferenciado("P1", "0", "08"),),
    )
    yield "informações", f.nfe(informacoes=informacoes)
    yield "exportação", f.nfe(exportacao=m.LocalExportacao(Uf.SP, "Santos", "Santos"))
    yield "compra", f.nfe(compra=m.Compra("NE1", "PED1", "CT1"))
    cana = m.Cana("2026/2027", "11/2026", (m.FornecimentoDiario(1, D("10.5")), m.FornecimentoDiario(2, DEZ)), DEZ, DEZ, DEZ, DEZ, DEZ, DEZ, (m.Deducao("Taxa", DEZ),))  # fmt: skip
    yield "cana", f.nfe(cana=cana)
    responsavel = m.ResponsavelTecnico(
        f.CNPJ, "Suporte", "suporte@example.com", "1133334444", "01", "aWv6LeEM4X6u4+qBI2OYZ8grigw="
    )
    yield "responsável técnico", f.nfe(responsavel_tecnico=responsavel)
    yield "agropecuário", f.nfe(defensivos=(m.Defensivo("R1", Cpf("12345678909")),))
    yield "guia de trânsito", f.nfe(guia_transito=m.GuiaTransito("1", Uf.SP, "123", "A"))
    yield "NFF", f.nfe(solicitacao_nff="Pedido do app")
    yield "PAA", f.nfe(assinatura_paa=AssinaturaPaa("11222333000181", "QUJD", "QUJD", "AQAB"))
    componente = tt.TotaisComponente(DEZ, DEZ, DEZ)
    totais = tt.Totais(
        tt.TotaisIcms(**{c.name: DEZ for c in fields(tt.TotaisIcms)}), None, None, DEZ,
        tt.TotaisIbsCbs(DEZ, componente, componente, DEZ, DEZ, DEZ, componente, DEZ, DEZ, tt.TotaisMonofasia(DEZ, DEZ, DEZ, DEZ, DEZ, DEZ), ti.ParIbsCbs(DEZ, DEZ)),
        DEZ,
    )  # fmt: skip
    yield "totais", f.nfe(totais=totais)
    yield "sem IBS/CBS", f.nfe(totais=tt.Totais(tt.TotaisIcms()))


def _identificacao() -> Iterator[tuple[str, m.Nfe]]:
    cnpj = Cnpj("11222333000181")
    referencias = (
        m.Referencia(chave_nfe=CHAVE),
        m.Referencia(chave_nfe_sigilosa=str(CHAVE)),
        m.Referencia(nf=m.ReferenciaNf(Uf.SP, "2611", cnpj, "01", 1, 10)),
        m.Referencia(produtor=m.ReferenciaProdutor(Uf.SP, "2611", f.CPF, "ISENTO", "04", 1, 10)),
        m.Referencia(chave_cte=CHAVE),
        m.Referencia(ecf=m.ReferenciaEcf("2D", "1", "123")),
    )
    yield "referências", f.nfe(referencias=referencias, finalidade=m.Finalidade.DEVOLUCAO)
    yield (
        "nota de débito",
        f.nfe(finalidade=m.Finalidade.DEBITO, tipo_nota_debito="06", pagamentos_antecipados=(CHAVE, CHAVE)),
    )
    yield (
        "nota de crédito",
        f.nfe(finalidade=m.Finalidade.CREDITO, tipo_nota_credito="03", tipo_operacao=m.TipoOperacao.ENTRADA),
    )
    gov = m.CompraGovernamental("1", CINCO, "1", (str(CHAVE),))
    yield (
        "compra governamental",
        f.nfe(
            compra_governamental=gov,
            indicador_operacao="010101",
            previsao_entrega=DIA,
            municipio_fato_gerador_ibs="3550308",
        ),
    )
    fora = m.Endereco(
        "Main St", "1", "Downtown", "9999999", "EXTERIOR", "EX", codigo_pais="2496", pais="ESTADOS UNIDOS"
    )
    estrangeiro = m.Destinatario(
        m.IdEstrangeiro("AB12345"), m.IndicadorIe.NAO_CONTRIBUINTE, "Foreign Buyer", fora
    )
    yield "exportação com destinatário", f.nfe(destinatario=estrangeiro, destino=m.Destino.EXTERIOR)
    yield "estrangeiro sem documento", f.nfe(destinatario=replace(estrangeiro, documento=m.IdEstrangeiro("")))
    contribuinte = m.Destinatario(
        cnpj,
        m.IndicadorIe.CONTRIBUINTE,
        "Cliente",
        f.ENDERECO,
        "110042490114",
        "12345678",
        "123",
        "a@example.com",
    )
    yield "contribuinte", f.nfe(destinatario=contribuinte)
    endereco = replace(f.ENDERECO, complemento="Sala 1", telefone="1133334444")
    emitente = replace(f.EMITENTE, documento=Cpf("12345678909"), endereco=endereco, inscricao_estadual_st="110042490114", inscricao_municipal="1", cnae="6201501", inscricao_suframa="12345678")  # fmt: skip
    yield "produtor rural", f.nfe(emitente=emitente)
    yield "alfanumérico", f.nfe(emitente=replace(f.EMITENTE, documento=Cnpj("12ABC34501DE35")))
    yield "hora com fração", f.nfe(saida_entrada=f.EMISSAO + timedelta(hours=1))
