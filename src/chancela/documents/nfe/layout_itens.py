"""Layout of `det`: product, its special groups, taxes and item information (groups H to V)."""

from chancela.documents.nfe import itens as m
from chancela.documents.nfe import layout_tributos as tributos
from chancela.documents.nfe.enumeracoes import Intermediacao, ViaTransporte
from chancela.documents.nfe.formatos import UF_OU_EX
from chancela.documents.nfe.layout_ibs_cbs import IBS_CBS
from chancela.domain.identidade import Cnpj, Cpf
from chancela.domain.tributos.resultado import TributosItem
from chancela.domain.xml.formatos import (
    ALIQUOTA,
    CHAVE,
    CNPJ,
    CPF,
    DATA,
    DEC_0A4,
    DEC_0A10,
    DEC_3,
    DEC_4,
    INTEIRO,
    MARCA,
    SIM_NAO,
    TEXTO,
    TEXTO_CRU,
    UF,
    UF_IBGE,
    VALOR,
    VALOR_OPCIONAL,
    enumerado,
)
from chancela.domain.xml.leiaute import (
    Tabela,
    atributo,
    campo,
    documento_de,
    envolve,
    grupo,
    lista,
    lista_simples,
)

_CREDITO = Tabela(
    "gCred",
    m.CreditoPresumidoIcms,
    campo("cCredPresumido", "codigo", TEXTO),
    campo("pCredPresumido", "percentual", ALIQUOTA),
    campo("vCredPresumido", "valor", VALOR),
)

_ADICAO = Tabela(
    "adi",
    m.Adicao,
    campo("nAdicao", "numero", TEXTO),
    campo("nSeqAdic", "numero_sequencial", TEXTO),
    campo("cFabricante", "fabricante", TEXTO),
    campo("vDescDI", "desconto", VALOR_OPCIONAL),
    campo("nDraw", "drawback", TEXTO),
)

_IMPORTACAO = Tabela(
    "DI",
    m.DeclaracaoImportacao,
    campo("nDI", "numero", TEXTO),
    campo("dDI", "data_registro", DATA),
    campo("xLocDesemb", "local_desembaraco", TEXTO),
    campo("UFDesemb", "uf_desembaraco", UF),
    campo("dDesemb", "data_desembaraco", DATA),
    campo("tpViaTransp", "via_transporte", enumerado(ViaTransporte)),
    campo("vAFRMM", "valor_afrmm", VALOR),
    campo("tpIntermedio", "intermediacao", enumerado(Intermediacao)),
    documento_de("terceiro", ("CNPJ", Cnpj, CNPJ), ("CPF", Cpf, CPF)),
    campo("UFTerceiro", "uf_terceiro", UF),
    campo("cExportador", "exportador", TEXTO),
    lista("adicoes", _ADICAO),
)

_EXPORTACAO = Tabela(
    "detExport",
    m.Exportacao,
    campo("nDraw", "drawback", TEXTO),
    grupo(
        "indireta",
        Tabela(
            "exportInd",
            m.ExportacaoIndireta,
            campo("nRE", "registro_exportacao", TEXTO),
            campo("chNFe", "chave", CHAVE),
            campo("qExport", "quantidade", DEC_0A4),
        ),
    ),
)

_LOTE = Tabela(
    "rastro",
    m.Lote,
    campo("nLote", "numero", TEXTO),
    campo("qLote", "quantidade", DEC_3),
    campo("dFab", "fabricacao", DATA),
    campo("dVal", "validade", DATA),
    campo("cAgreg", "codigo_agregacao", TEXTO),
)

_VEICULO_CAMPOS = (
    ("tpOp", "tipo_operacao"), ("chassi", "chassi"), ("cCor", "codigo_cor"), ("xCor", "cor"), ("pot", "potencia"),
    ("cilin", "cilindradas"), ("pesoL", "peso_liquido"), ("pesoB", "peso_bruto"), ("nSerie", "serie"),
    ("tpComb", "combustivel"), ("nMotor", "motor"), ("CMT", "capacidade_tracao"), ("dist", "distancia_eixos"),
    ("anoMod", "ano_modelo"), ("anoFab", "ano_fabricacao"), ("tpPint", "tipo_pintura"), ("tpVeic", "tipo"),
    ("espVeic", "especie"), ("VIN", "vin"), ("condVeic", "condicao"), ("cMod", "marca_modelo"),
    ("cCorDENATRAN", "cor_denatran"), ("lota", "lotacao"), ("tpRest", "restricao"),
)  # fmt: skip
_VEICULO = Tabela("veicProd", m.VeiculoNovo, *(campo(tag, nome, TEXTO) for tag, nome in _VEICULO_CAMPOS))

_MEDICAMENTO = Tabela(
    "med",
    m.Medicamento,
    campo("cProdANVISA", "codigo_anvisa", TEXTO),
    campo("xMotivoIsencao", "motivo_isencao", TEXTO),
    campo("vPMC", "preco_maximo", VALOR),
)

_ARMA = Tabela(
    "arma",
    m.Arma,
    campo("tpArma", "tipo", TEXTO),
    campo("nSerie", "serie", TEXTO),
    campo("nCano", "cano", TEXTO),
    campo("descr", "descricao", TEXTO),
)

_COMBUSTIVEL = Tabela(
    "comb",
    m.Combustivel,
    campo("cProdANP", "codigo_anp", TEXTO),
    campo("descANP", "descricao_anp", TEXTO),
    campo("pGLP", "percentual_glp", ALIQUOTA),
    campo("pGNn", "percentual_gas_nacional", ALIQUOTA),
    campo("pGNi", "percentual_gas_importado", ALIQUOTA),
    campo("vPart", "valor_partida", VALOR),
    campo("CODIF", "codif", TEXTO),
    campo("qTemp", "quantidade_temperatura", DEC_4),
    campo("UFCons", "uf_consumo", UF_OU_EX),
    grupo(
        "cide",
        Tabela(
            "CIDE",
            m.Cide,
            campo("qBCProd", "quantidade", DEC_0A4),
            campo("vAliqProd", "aliquota", DEC_4),
            campo("vCIDE", "valor", VALOR),
        ),
    ),
    grupo(
        "encerrante",
        Tabela(
            "encerrante",
            m.Encerrante,
            campo("nBico", "bico", TEXTO),
            campo("nBomba", "bomba", TEXTO),
            campo("nTanque", "tanque", TEXTO),
            campo("vEncIni", "inicial", DEC_3),
            campo("vEncFin", "final", DEC_3),
        ),
    ),
    campo("pBio", "percentual_biodiesel", DEC_0A4),
    lista(
        "origens",
        Tabela(
            "origComb",
            m.OrigemCombustivel,
            campo("indImport", "importado", SIM_NAO),
            campo("cUFOrig", "uf", UF_IBGE),
            campo("pOrig", "percentual", DEC_0A4),
        ),
    ),
)

_PROD = envolve(
    "prod",
    campo("cProd", "produto.codigo", TEXTO),
    campo("cEAN", "produto.gtin", TEXTO),
    campo("cBarra", "produto.codigo_barras", TEXTO),
    campo("xProd", "produto.descricao", TEXTO),
    campo("NCM", "produto.ncm", TEXTO),
    lista_simples("NVE", "produto.nve", TEXTO),
    campo("CEST", "produto.cest", TEXTO),
    campo("indEscala", "produto.escala_relevante", TEXTO),
    campo("CNPJFab", "produto.cnpj_fabricante", TEXTO),
    campo("cBenef", "tributos.codigo_beneficio", TEXTO),
    lista("produto.creditos_presumidos", _CREDITO),
    campo("tpCredPresIBSZFM", "produto.credito_presumido_ibs_zfm", TEXTO),
    campo("EXTIPI", "produto.ex_tipi", TEXTO),
    campo("CFOP", "tributos.cfop", TEXTO),
    campo("uCom", "produto.unidade", TEXTO),
    campo("qCom", "produto.quantidade", DEC_0A4),
    campo("vUnCom", "produto.valor_unitario", DEC_0A10),
    campo("vProd", "tributos.valor_produto", VALOR),
    campo("cEANTrib", "produto.gtin_tributavel", TEXTO),
    campo("cBarraTrib", "produto.codigo_barras_tributavel", TEXTO),
    campo("uTrib", "produto.unidade_tributavel", TEXTO),
    campo("qTrib", "produto.quantidade_tributavel", DEC_0A4),
    campo("vUnTrib", "produto.valor_unitario_tributavel", DEC_0A10),
    campo("vFrete", "tributos.valor_frete", VALOR_OPCIONAL),
    campo("vSeg", "tributos.valor_seguro", VALOR_OPCIONAL),
    campo("vDesc", "tributos.valor_desconto", VALOR_OPCIONAL),
    campo("vOutro", "tributos.valor_outras_despesas", VALOR_OPCIONAL),
    campo("indTot", "tributos.compoe_total", SIM_NAO),
    campo("indBemMovelUsado", "produto.bem_movel_usado", MARCA),
    lista("produto.declaracoes_importacao", _IMPORTACAO),
    lista("produto.exportacoes", _EXPORTACAO),
    campo("xPed", "produto.pedido", TEXTO),
    campo("nItemPed", "produto.item_pedido", TEXTO),
    campo("nFCI", "produto.fci", TEXTO),
    lista("produto.lotes", _LOTE),
    grupo(
        "produto.nff",
        Tabela(
            "infProdNFF",
            m.ProdutoNff,
            campo("cProdFisco", "codigo_fisco", TEXTO),
            campo("cOperNFF", "operacao", TEXTO),
        ),
    ),
    grupo(
        "produto.embalagem",
        Tabela(
            "infProdEmb",
            m.Embalagem,
            campo("xEmb", "descricao", TEXTO),
            campo("qVolEmb", "quantidade", DEC_3),
            campo("uEmb", "unidade", TEXTO),
        ),
    ),
    grupo("produto.veiculo", _VEICULO),
    grupo("produto.medicamento", _MEDICAMENTO),
    lista("produto.armas", _ARMA),
    grupo("produto.combustivel", _COMBUSTIVEL),
    campo("nRECOPI", "produto.recopi", TEXTO),
    sempre=True,
)

IMPOSTO = envolve(
    "imposto",
    campo("vTotTrib", "tributos.valor_aproximado_tributos", VALOR),
    grupo("tributos.icms", tributos.ICMS),
    grupo("tributos.ipi", tributos.IPI),
    grupo("tributos.ii", tributos.II),
    grupo("tributos.issqn", tributos.ISSQN),
    grupo("tributos.pis", tributos.PIS),
    grupo("tributos.pis_st", tributos.PIS_ST),
    grupo("tributos.cofins", tributos.COFINS),
    grupo("tributos.cofins_st", tributos.COFINS_ST),
    grupo("tributos.icms_uf_destino", tributos.ICMS_UF_DESTINO),
    grupo("tributos.imposto_seletivo", tributos.IMPOSTO_SELETIVO),
    grupo("tributos.ibs_cbs", IBS_CBS),
    sempre=True,
)
"""The tax groups of an item; its owner has them in `tributos`."""


def observacao(tag: str) -> Tabela:
    """obsCont and obsFisco, of the item and of the document."""
    return Tabela(tag, m.Observacao, atributo("xCampo", "campo", TEXTO_CRU), campo("xTexto", "texto", TEXTO))


DET = Tabela(
    "det",
    m.Item,
    atributo("nItem", "tributos.numero", INTEIRO),
    _PROD,
    IMPOSTO,
    grupo("tributos.ipi_devolvido", tributos.IPI_DEVOLVIDO),
    campo("infAdProd", "informacoes", TEXTO),
    envolve(
        "obsItem",
        grupo("observacao_contribuinte", observacao("obsCont")),
        grupo("observacao_fisco", observacao("obsFisco")),
    ),
    campo("vItem", "tributos.valor_item", VALOR),
    grupo(
        "referenciado",
        Tabela(
            "DFeReferenciado",
            m.DfeReferenciado,
            campo("chaveAcesso", "chave", TEXTO),
            campo("nItem", "numero_item", TEXTO),
        ),
    ),
    sub={"produto": m.Produto, "tributos": TributosItem},
)
