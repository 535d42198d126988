"""From the tags of the official layout to the fields of the request, for what the schema refuses.

Official tags appear here because schema failures speak in tags. The longest prefix that the table knows wins; what it
does not know is led to the closest field above it.
"""

import re

from chancela.documents.nfe.layout import MAPA

_PASSO = re.compile(r"([@\w]+)(?:\[(\d+)\])?")
_ENDERECO = {
    "": "", "xLgr": "logradouro", "nro": "numero", "xCpl": "complemento", "xBairro": "bairro", "cMun": "codigo_municipio",
    "xMun": "municipio", "UF": "uf", "CEP": "cep", "cPais": "codigo_pais", "xPais": "pais", "fone": "telefone",
}  # fmt: skip
_PARTE = {"CNPJ": "cnpj", "CPF": "cpf", "xNome": "nome", "IE": "inscricao_estadual", "email": "email"}


def _under(prefixo: str, base: str, campos: dict[str, str]) -> dict[str, str]:
    return {
        f"{prefixo}/{tag}" if tag else prefixo: f"{base}.{campo}" if campo else base
        for tag, campo in campos.items()
    }


_PAGAMENTO = {
    "": "", "indPag": "indicador", "tPag": "meio", "xPag": "descricao", "vPag": "valor", "dPag": "data",
    "CNPJPag": "cnpj_pagador", "UFPag": "uf_pagador", "card": "cartao", "card/tpIntegra": "cartao.integracao",
    "card/CNPJ": "cartao.cnpj_credenciadora", "card/tBand": "cartao.bandeira", "card/cAut": "cartao.autorizacao",
    "card/CNPJReceb": "cartao.cnpj_recebedor", "card/idTermPag": "cartao.terminal",
}  # fmt: skip
_VEICULO = {"": "", "placa": "placa", "UF": "uf", "RNTC": "rntc"}
_VOLUME = {
    "": "", "qVol": "quantidade", "esp": "especie", "marca": "marca", "nVol": "numeracao", "pesoL": "peso_liquido",
    "pesoB": "peso_bruto", "lacres": "lacres", "lacres/nLacre": "lacres",
}  # fmt: skip
_PRODUTO = {
    "cProd": "codigo", "cEAN": "gtin", "cBarra": "codigo_barras", "xProd": "descricao", "NCM": "ncm", "NVE": "nve",
    "CEST": "cest", "indEscala": "escala_relevante", "CNPJFab": "cnpj_fabricante", "cBenef": "codigo_beneficio",
    "gCred": "creditos_presumidos", "EXTIPI": "ex_tipi", "CFOP": "cfop", "uCom": "unidade", "qCom": "quantidade",
    "vUnCom": "valor_unitario", "vProd": "valor_total", "cEANTrib": "gtin_tributavel",
    "cBarraTrib": "codigo_barras_tributavel", "uTrib": "unidade_tributavel", "qTrib": "quantidade_tributavel",
    "vUnTrib": "valor_unitario_tributavel", "vFrete": "frete", "vSeg": "seguro", "vDesc": "desconto",
    "vOutro": "outras_despesas", "indTot": "compoe_total", "indBemMovelUsado": "bem_movel_usado",
    "DI": "declaracoes_importacao", "detExport": "exportacoes", "xPed": "pedido", "nItemPed": "numero_item_pedido",
    "nFCI": "fci", "rastro": "lotes", "infProdEmb": "embalagem", "veicProd": "veiculo", "med": "medicamento",
    "arma": "armas", "comb": "combustivel", "nRECOPI": "recopi",
}  # fmt: skip
_DECLARACAO = {
    "nDI": "numero", "dDI": "data_registro", "xLocDesemb": "local_desembaraco", "UFDesemb": "uf_desembaraco",
    "dDesemb": "data_desembaraco", "tpViaTransp": "via_transporte", "vAFRMM": "valor_afrmm", "tpIntermedio": "intermediacao",
    "CNPJ": "cnpj_terceiro", "CPF": "cpf_terceiro", "UFTerceiro": "uf_terceiro", "cExportador": "exportador",
    "adi": "adicoes", "adi/nAdicao": "adicoes.numero", "adi/nSeqAdic": "adicoes.numero_sequencial",
    "adi/cFabricante": "adicoes.fabricante", "adi/vDescDI": "adicoes.desconto", "adi/nDraw": "adicoes.drawback",
}  # fmt: skip
_TABELA: dict[str, str] = {
    "ide/natOp": "natureza_operacao", "ide/mod": "modelo", "ide/serie": "serie", "ide/dhEmi": "emissao",
    "ide/dhSaiEnt": "saida_entrada", "ide/dPrevEntrega": "previsao_entrega", "ide/tpNF": "tipo_operacao",
    "ide/idDest": "destino", "ide/cMunFG": "emitente.codigo_municipio", "ide/cMunFGIBS": "codigo_municipio_ibs",
    "ide/tpEmis": "tipo_emissao", "ide/tpAmb": "ambiente", "ide/finNFe": "finalidade",
    "ide/tpNFDebito": "tipo_nota_debito", "ide/tpNFCredito": "tipo_nota_credito", "ide/indFinal": "consumidor_final",
    "ide/indPres": "presenca", "ide/indIntermed": "com_intermediador", "ide/NFref": "referencias",
    "ide/gCompraGov": "compra_governamental", "ide/gPagAntecipado/refNFe": "pagamentos_antecipados",
    "emit": "emitente", "dest/idEstrangeiro": "destinatario.id_estrangeiro",
    "dest/indIEDest": "destinatario.indicador_ie", "dest/ISUF": "destinatario.inscricao_suframa",
    "dest/IM": "destinatario.inscricao_municipal", "autXML": "autorizados", "det": "itens",
    "det/infAdProd": "itens.informacoes", "det/obsItem/obsCont": "itens.observacao_contribuinte",
    "det/obsItem/obsFisco": "itens.observacao_fisco", "det/DFeReferenciado": "itens.referenciado",
    "det/imposto/II": "itens.importacao", "total": "itens", "transp": "transporte", "transp/modFrete": "transporte.modalidade",
    "transp/transporta/xEnder": "transporte.transportador.endereco", "transp/transporta/xMun": "transporte.transportador.municipio",
    "transp/transporta/UF": "transporte.transportador.uf", "transp/vagao": "transporte.vagao", "transp/balsa": "transporte.balsa",
    "transp/retTransp": "transporte.retencao", "cobr": "cobranca", "cobr/fat/nFat": "cobranca.numero",
    "cobr/fat/vOrig": "cobranca.valor_original", "cobr/fat/vDesc": "cobranca.valor_desconto",
    "cobr/fat/vLiq": "cobranca.valor_liquido", "cobr/dup": "cobranca.duplicatas", "cobr/dup/nDup": "cobranca.duplicatas.numero",
    "cobr/dup/dVenc": "cobranca.duplicatas.vencimento", "cobr/dup/vDup": "cobranca.duplicatas.valor", "pag": "pagamentos",
    "pag/vTroco": "troco", "infIntermed": "intermediador", "infIntermed/CNPJ": "intermediador.cnpj",
    "infIntermed/idCadIntTran": "intermediador.identificador", "infAdic/infAdFisco": "informacoes_fisco",
    "infAdic/infCpl": "informacoes_complementares", "infAdic/obsCont": "observacoes_contribuinte",
    "infAdic/obsFisco": "observacoes_fisco", "infAdic/procRef": "processos", "exporta": "exportacao",
    "exporta/UFSaidaPais": "exportacao.uf_saida", "exporta/xLocExporta": "exportacao.local_embarque",
    "exporta/xLocDespacho": "exportacao.local_despacho", "compra": "compra", "compra/xNEmp": "compra.nota_empenho",
    "compra/xPed": "compra.pedido", "compra/xCont": "compra.contrato", "infRespTec": "emitente.responsavel_tecnico",
    "cana": "cana", "agropecuario/defensivo": "defensivos", "agropecuario/guiaTransito": "guia_transito",
    **_under("dest", "destinatario", {"": "", **_PARTE}), **_under("dest/enderDest", "destinatario", _ENDERECO),
    **_under("emit/enderEmit", "emitente", _ENDERECO), **_under("emit", "emitente", _PARTE),
    **_under("retirada", "retirada", {**_ENDERECO, **_PARTE}), **_under("entrega", "entrega", {**_ENDERECO, **_PARTE}),
    **_under("det/prod", "itens", {"": "", **_PRODUTO}),
    **_under("det/prod/DI", "itens.declaracoes_importacao", _DECLARACAO),
    **_under("transp/transporta", "transporte.transportador", {"": "", **_PARTE}),
    **_under("transp/veicTransp", "transporte.veiculo", _VEICULO), **_under("transp/reboque", "transporte.reboques", _VEICULO),
    **_under("transp/vol", "transporte.volumes", _VOLUME), **_under("pag/detPag", "pagamentos", _PAGAMENTO),
}  # fmt: skip
_TRIBUTOS = {
    tags: caminho.removeprefix("nfe.")
    for tags, caminho in MAPA
    if tags.startswith(("det/imposto/", "det/impostoDevol"))
}
_LISTAS = frozenset(
    [
        "itens",
        "referencias",
        "autorizados",
        "pagamentos",
        "pagamentos_antecipados",
        "observacoes_contribuinte",
        "observacoes_fisco",
        "processos",
        "declaracoes_importacao",
        "adicoes",
        "duplicatas",
        "reboques",
        "volumes",
        "lacres",
        "nve",
        "exportacoes",
        "lotes",
        "armas",
        "creditos_presumidos",
    ]
)


def path_of_tags(caminho: str) -> str:
    """The field of the request that an XML path (`NFe/infNFe/det[2]/prod/NCM`) comes from: `itens[1].ncm`.

    A list without an index in the path has one member. Empty when nothing of the request stands for it.
    """
    passos = [(m[1], int(m[2] or 1) - 1) for m in _PASSO.finditer(caminho) if m[1] not in ("NFe", "infNFe")]
    imposto = _tax_of(passos)
    if imposto:
        return imposto
    while passos:
        chave = "/".join(tag for tag, _ in passos)
        if chave in _TABELA:
            return _with_indexes(_TABELA[chave], passos)
        passos.pop()
    return ""


def _tax_of(passos: list[tuple[str, int]]) -> str:
    """A tax of an item, in the document's own terms (`itens[0].tributos.icms.valor`); empty for anything else."""
    nomes = [tag for tag, _ in passos]
    if nomes[:2] not in (["det", "imposto"], ["det", "impostoDevol"]) or nomes == ["det", "imposto"]:
        return ""
    while len(nomes) > 2 and "/".join(nomes) not in _TRIBUTOS:
        nomes.pop()
    campo = _TRIBUTOS.get("/".join(nomes), "")
    return campo.replace("itens[]", f"itens[{passos[0][1]}]") if campo.count(".") > 1 else ""


def _with_indexes(campo: str, passos: list[tuple[str, int]]) -> str:
    """Put the positions of the repeated tags, in order, after the lists of the path."""
    indices = [indice for tag, indice in passos if tag in _REPETIDAS]
    partes = [f"{p}[{indices.pop(0)}]" if p in _LISTAS and indices else p for p in campo.split(".")]
    return ".".join(partes)


_REPETIDAS = frozenset(
    [
        "det",
        "NFref",
        "autXML",
        "detPag",
        "refNFe",
        "obsCont",
        "obsFisco",
        "procRef",
        "DI",
        "adi",
        "dup",
        "reboque",
        "vol",
        "lacres",
        "NVE",
        "detExport",
        "rastro",
        "arma",
        "gCred",
    ]
)
