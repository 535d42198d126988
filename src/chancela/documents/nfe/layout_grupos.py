"""Layout of the groups around the items: references, people, transport, billing, payment, additional groups."""

from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.enumeracoes import Crt, IndicadorIe, ModalidadeFrete
from chancela.documents.nfe.formatos import ID_ESTRANGEIRO, UF_OU_EX
from chancela.documents.nfe.layout_itens import observacao
from chancela.documents.nfe.layout_totais import RETENCAO_TRANSPORTE
from chancela.domain.identidade import Cnpj, Cpf
from chancela.domain.xml.formatos import (
    ALIQUOTA,
    CHAVE,
    CNPJ,
    CPF,
    DATA,
    DEC_0A10,
    DEC_3,
    INTEIRO,
    TEXTO,
    UF,
    UF_IBGE,
    VALOR,
    enumerado,
)
from chancela.domain.xml.leiaute import (
    Parte,
    Tabela,
    atributo,
    campo,
    documento_de,
    embutido,
    envolve,
    grupo,
    lista,
    lista_simples,
    so_texto,
)

_CNPJ_OU_CPF = (("CNPJ", Cnpj, CNPJ), ("CPF", Cpf, CPF))

REFERENCIA = Tabela(
    "NFref",
    m.Referencia,
    campo("refNFe", "chave_nfe", CHAVE),
    campo("refNFeSig", "chave_nfe_sigilosa", TEXTO),
    grupo(
        "nf",
        Tabela(
            "refNF",
            m.ReferenciaNf,
            campo("cUF", "uf", UF_IBGE),
            campo("AAMM", "ano_mes", TEXTO),
            campo("CNPJ", "cnpj", CNPJ),
            campo("mod", "modelo", TEXTO),
            campo("serie", "serie", INTEIRO),
            campo("nNF", "numero", INTEIRO),
        ),
    ),
    grupo(
        "produtor",
        Tabela(
            "refNFP",
            m.ReferenciaProdutor,
            campo("cUF", "uf", UF_IBGE),
            campo("AAMM", "ano_mes", TEXTO),
            documento_de("documento", *_CNPJ_OU_CPF),
            campo("IE", "inscricao_estadual", TEXTO),
            campo("mod", "modelo", TEXTO),
            campo("serie", "serie", INTEIRO),
            campo("nNF", "numero", INTEIRO),
        ),
    ),
    campo("refCTe", "chave_cte", CHAVE),
    grupo(
        "ecf",
        Tabela(
            "refECF",
            m.ReferenciaEcf,
            campo("mod", "modelo", TEXTO),
            campo("nECF", "numero_ecf", TEXTO),
            campo("nCOO", "coo", TEXTO),
        ),
    ),
)

COMPRA_GOVERNAMENTAL = Tabela(
    "gCompraGov",
    m.CompraGovernamental,
    campo("tpEnteGov", "ente", TEXTO),
    campo("pRedutor", "percentual_reducao", ALIQUOTA),
    campo("tpOperGov", "operacao", TEXTO),
    lista_simples("refDFeAnt", "documentos_anteriores", TEXTO),
)

_ENDERECO: tuple[Parte, ...] = (
    campo("xLgr", "logradouro", TEXTO),
    campo("nro", "numero", TEXTO),
    campo("xCpl", "complemento", TEXTO),
    campo("xBairro", "bairro", TEXTO),
    campo("cMun", "codigo_municipio", TEXTO),
    campo("xMun", "municipio", TEXTO),
    campo("UF", "uf", UF_OU_EX),
    campo("CEP", "cep", TEXTO),
    campo("cPais", "codigo_pais", TEXTO),
    campo("xPais", "pais", TEXTO),
    campo("fone", "telefone", TEXTO),
)

EMITENTE = Tabela(
    "emit",
    m.Emitente,
    documento_de("documento", *_CNPJ_OU_CPF),
    campo("xNome", "nome", TEXTO),
    campo("xFant", "nome_fantasia", TEXTO),
    grupo("endereco", Tabela("enderEmit", m.Endereco, *_ENDERECO)),
    campo("IE", "inscricao_estadual", TEXTO),
    campo("IEST", "inscricao_estadual_st", TEXTO),
    campo("IM", "inscricao_municipal", TEXTO),
    campo("CNAE", "cnae", TEXTO),
    campo("CRT", "crt", enumerado(Crt)),
    campo("ISUFEmit", "inscricao_suframa", TEXTO),
)

AVULSA = Tabela(
    "avulsa",
    m.Avulsa,
    campo("CNPJ", "cnpj", TEXTO),
    campo("xOrgao", "orgao", TEXTO),
    campo("matr", "matricula", TEXTO),
    campo("xAgente", "agente", TEXTO),
    campo("fone", "telefone", TEXTO),
    campo("UF", "uf", UF),
    campo("nDAR", "numero_dar", TEXTO),
    campo("dEmi", "emissao_dar", DATA),
    campo("vDAR", "valor_dar", VALOR),
    campo("repEmi", "reparticao", TEXTO),
    campo("dPag", "pagamento_dar", DATA),
)

DESTINATARIO = Tabela(
    "dest",
    m.Destinatario,
    documento_de("documento", *_CNPJ_OU_CPF, ("idEstrangeiro", m.IdEstrangeiro, ID_ESTRANGEIRO)),
    campo("xNome", "nome", TEXTO),
    grupo("endereco", Tabela("enderDest", m.Endereco, *_ENDERECO)),
    campo("indIEDest", "indicador_ie", enumerado(IndicadorIe)),
    campo("IE", "inscricao_estadual", TEXTO),
    campo("ISUF", "inscricao_suframa", TEXTO),
    campo("IM", "inscricao_municipal", TEXTO),
    campo("email", "email", TEXTO),
)


def local(tag: str) -> Tabela:
    """retirada and entrega."""
    return Tabela(
        tag,
        m.Local,
        documento_de("documento", *_CNPJ_OU_CPF, vazio="CNPJ"),
        campo("xNome", "nome", TEXTO),
        embutido("endereco", m.Endereco, *_ENDERECO),
        campo("email", "email", TEXTO),
        campo("IE", "inscricao_estadual", TEXTO),
    )


AUTORIZADO = Tabela("autXML", m.Autorizado, documento_de("documento", *_CNPJ_OU_CPF))


def _veiculo(tag: str) -> Tabela:
    return Tabela(
        tag,
        m.Veiculo,
        campo("placa", "placa", TEXTO),
        campo("UF", "uf", UF_OU_EX),
        campo("RNTC", "rntc", TEXTO),
    )


TRANSPORTE = Tabela(
    "transp",
    m.Transporte,
    campo("modFrete", "modalidade", enumerado(ModalidadeFrete)),
    grupo(
        "transportador",
        Tabela(
            "transporta",
            m.Transportador,
            documento_de("documento", *_CNPJ_OU_CPF),
            campo("xNome", "nome", TEXTO),
            campo("IE", "inscricao_estadual", TEXTO),
            campo("xEnder", "endereco", TEXTO),
            campo("xMun", "municipio", TEXTO),
            campo("UF", "uf", UF_OU_EX),
        ),
    ),
    grupo("retencao", RETENCAO_TRANSPORTE),
    grupo("veiculo", _veiculo("veicTransp")),
    lista("reboques", _veiculo("reboque")),
    campo("vagao", "vagao", TEXTO),
    campo("balsa", "balsa", TEXTO),
    lista(
        "volumes",
        Tabela(
            "vol",
            m.Volume,
            campo("qVol", "quantidade", INTEIRO),
            campo("esp", "especie", TEXTO),
            campo("marca", "marca", TEXTO),
            campo("nVol", "numeracao", TEXTO),
            campo("pesoL", "peso_liquido", DEC_3),
            campo("pesoB", "peso_bruto", DEC_3),
            lista("lacres", so_texto("lacres", "nLacre", TEXTO)),
        ),
    ),
)

COBRANCA = Tabela(
    "cobr",
    m.Cobranca,
    grupo(
        "fatura",
        Tabela(
            "fat",
            m.Fatura,
            campo("nFat", "numero", TEXTO),
            campo("vOrig", "valor_original", VALOR),
            campo("vDesc", "valor_desconto", VALOR),
            campo("vLiq", "valor_liquido", VALOR),
        ),
    ),
    lista(
        "duplicatas",
        Tabela(
            "dup",
            m.Duplicata,
            campo("nDup", "numero", TEXTO),
            campo("dVenc", "vencimento", DATA),
            campo("vDup", "valor", VALOR),
        ),
    ),
)

PAGAMENTO = Tabela(
    "detPag",
    m.Pagamento,
    campo("indPag", "indicador", TEXTO),
    campo("tPag", "meio", TEXTO),
    campo("xPag", "descricao", TEXTO),
    campo("vPag", "valor", VALOR),
    campo("dPag", "data", DATA),
    campo("CNPJPag", "cnpj_pagador", TEXTO),
    campo("UFPag", "uf_pagador", UF),
    grupo(
        "cartao",
        Tabela(
            "card",
            m.Cartao,
            campo("tpIntegra", "integracao", TEXTO),
            campo("CNPJ", "cnpj_credenciadora", TEXTO),
            campo("tBand", "bandeira", TEXTO),
            campo("cAut", "autorizacao", TEXTO),
            campo("CNPJReceb", "cnpj_recebedor", TEXTO),
            campo("idTermPag", "terminal", TEXTO),
        ),
    ),
)

INTERMEDIADOR = Tabela(
    "infIntermed", m.Intermediador, campo("CNPJ", "cnpj", CNPJ), campo("idCadIntTran", "identificador", TEXTO)
)

INFORMACOES = Tabela(
    "infAdic",
    m.InformacoesAdicionais,
    campo("infAdFisco", "fisco", TEXTO),
    campo("infCpl", "complementares", TEXTO),
    lista("observacoes_contribuinte", observacao("obsCont")),
    lista("observacoes_fisco", observacao("obsFisco")),
    lista(
        "processos",
        Tabela(
            "procRef",
            m.ProcessoReferenciado,
            campo("nProc", "numero", TEXTO),
            campo("indProc", "origem", TEXTO),
            campo("tpAto", "tipo_ato", TEXTO),
        ),
    ),
)

EXPORTACAO = Tabela(
    "exporta",
    m.LocalExportacao,
    campo("UFSaidaPais", "uf_saida", UF),
    campo("xLocExporta", "local_embarque", TEXTO),
    campo("xLocDespacho", "local_despacho", TEXTO),
)

COMPRA = Tabela(
    "compra",
    m.Compra,
    campo("xNEmp", "nota_empenho", TEXTO),
    campo("xPed", "pedido", TEXTO),
    campo("xCont", "contrato", TEXTO),
)

CANA = Tabela(
    "cana",
    m.Cana,
    campo("safra", "safra", TEXTO),
    campo("ref", "referencia", TEXTO),
    lista(
        "fornecimentos",
        Tabela(
            "forDia",
            m.FornecimentoDiario,
            atributo("dia", "dia", INTEIRO),
            campo("qtde", "quantidade", DEC_0A10),
        ),
    ),
    campo("qTotMes", "total_mes", DEC_0A10),
    campo("qTotAnt", "total_anterior", DEC_0A10),
    campo("qTotGer", "total_geral", DEC_0A10),
    lista(
        "deducoes",
        Tabela("deduc", m.Deducao, campo("xDed", "descricao", TEXTO), campo("vDed", "valor", VALOR)),
    ),
    campo("vFor", "valor_fornecimento", VALOR),
    campo("vTotDed", "valor_deducoes", VALOR),
    campo("vLiqFor", "valor_liquido", VALOR),
)

RESPONSAVEL_TECNICO = Tabela(
    "infRespTec",
    m.ResponsavelTecnico,
    campo("CNPJ", "cnpj", CNPJ),
    campo("xContato", "contato", TEXTO),
    campo("email", "email", TEXTO),
    campo("fone", "telefone", TEXTO),
    campo("idCSRT", "id_csrt", TEXTO),
    campo("hashCSRT", "hash_csrt", TEXTO),
)

AGROPECUARIO = envolve(
    "agropecuario",
    lista(
        "nfe.defensivos",
        Tabela(
            "defensivo",
            m.Defensivo,
            campo("nReceituario", "receituario", TEXTO),
            campo("CPFRespTec", "cpf_responsavel", CPF),
        ),
    ),
    grupo(
        "nfe.guia_transito",
        Tabela(
            "guiaTransito",
            m.GuiaTransito,
            campo("tpGuia", "tipo", TEXTO),
            campo("UFGuia", "uf", UF),
            campo("serieGuia", "serie", TEXTO),
            campo("nGuia", "numero", TEXTO),
        ),
    ),
)

ASSINATURA_PAA = Tabela(
    "infPAA",
    m.AssinaturaPaa,
    campo("CNPJPAA", "cnpj", TEXTO),
    envolve(
        "PAASignature",
        campo("SignatureValue", "valor", TEXTO),
        envolve("RSAKeyValue", campo("Modulus", "modulo", TEXTO), campo("Exponent", "expoente", TEXTO)),
    ),
)

SUPLEMENTO = Tabela(
    "infNFeSupl", m.Suplemento, campo("qrCode", "qr_code", TEXTO), campo("urlChave", "url_chave", TEXTO)
)
