"""Every field of the create contract, set alone, reaches the XML element that it stands for.

One row per field: where it is on the wire, what is sent, the element, and what the element must say. The same element of
the example without the change must say something else: so it is this field that did it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel
from tests.golden.apoio import EXEMPLOS, Bancada, read_exact
from tests.golden.test_pedidos_quaisquer import wire_fields

from chancela.faces.tffiscal.nota.schemas import NotaEntrada

NS = "{http://www.portalfiscal.inf.br/nfe}"
VENDA, TRANSPORTE, CARTAO, LOCAIS, IMPORTADA, EM_LINHA, FORA = (
    "cst-00-interna-contribuinte", "transporte-completo", "cartao-credito-integrado", "retirada-e-entrega", "importacao",
    "impostos-no-item", "exportacao",
)  # fmt: skip
OUTRA = "35261112345678000195550010000001231483902186"
P, D, II, IMP = "det/prod", "det/prod/DI", "det/imposto/II", "det/imposto"
CLIENTE, RETIRADA, ENTREGA, END = "dest", "retirada", "entrega", "dest/enderDest"
ST_EM_LINHA = (
    ("aliquota_mva", [{"estado": "SP", "aliquota": "35"}]),
    ("aliquota_icms_st", [{"estado": "SP", "aliquota": "19"}]),
)
CAMPOS: list[tuple[str, str, Any, str, str]] = [
    (VENDA, "id", "PED-9", f"{P}/xPed", "PED-9"),
    (VENDA, "nature_of_operation", "Bonificação", "ide/natOp", "Bonificação"),
    (VENDA, "ambiente", "1", "ide/tpAmb", "1"),
    ("devolucao-de-venda", "ref_nfe_chave", OUTRA, "ide/NFref/refNFe", OUTRA),
    ("devolucao-de-compra", "finalidade", "1", "ide/finNFe", "1"),
    (VENDA, "dh_sai_ent", "2026-11-20T18:00:00-03:00", "ide/dhSaiEnt", "2026-11-20T18:00:00-03:00"),
    (VENDA, "total_discount_amount", "7.50", "total/ICMSTot/vDesc", "7.50"),
    (VENDA, "seguro", "3.20", f"{P}/vSeg", "3.20"),
    (VENDA, "outras_despesas", "4.10", f"{P}/vOutro", "4.10"),
    (VENDA, "ind_final", "1", "ide/indFinal", "1"),
    (VENDA, "ind_pres", "2", "ide/indPres", "2"),
    (VENDA, "informacoes_complementares", "Texto livre", "infAdic/infCpl", "Texto livre"),
    (VENDA, "informacoes_fisco", "Ao fisco", "infAdic/infAdFisco", "Ao fisco"),
    ("cst-00-interna-consumidor", "cliente.cpf", "52998224725", f"{CLIENTE}/CPF", "52998224725"),
    (VENDA, "cliente.cnpj", "98765432000198", f"{CLIENTE}/CNPJ", "98765432000198"),
    (VENDA, "cliente.ie", "ISENTO", f"{CLIENTE}/indIEDest", "2"),
    (VENDA, "cliente.name", {"cliente.name": "Outro Nome SA", "ambiente": "1"}, f"{CLIENTE}/xNome", "Outro Nome SA"),
    (VENDA, "cliente.endereco", "Rua Nova", f"{END}/xLgr", "Rua Nova"),
    (VENDA, "cliente.complemento", "Fundos", f"{END}/xCpl", "Fundos"),
    (VENDA, "cliente.numero", "77", f"{END}/nro", "77"),
    (VENDA, "cliente.bairro", "Jardins", f"{END}/xBairro", "Jardins"),
    (VENDA, "cliente.city", {"cliente.city": "Campinas", "cliente.cep": "13010000"}, f"{END}/xMun", "Campinas"),
    (VENDA, "cliente.cep", "01310200", f"{END}/CEP", "01310200"),
    (VENDA, "cliente.telefone", "1133334444", f"{END}/fone", "1133334444"),
    (VENDA, "cliente.email", "nf@exemplo.com.br", f"{CLIENTE}/email", "nf@exemplo.com.br"),
    (FORA, "cliente.id_estrangeiro", "AB998877", f"{CLIENTE}/idEstrangeiro", "AB998877"),
    (FORA, "cliente.c_pais", 1600, f"{END}/cPais", "1600"),
    (FORA, "cliente.x_pais", "EUA", f"{END}/xPais", "EUA"),
    (VENDA, "cliente.indIEDest", "9", f"{CLIENTE}/indIEDest", "9"),
    (VENDA, "transaction_type", {"transaction_type": "0", "products[0].cfop": "1102"}, "ide/tpNF", "0"),
    (VENDA, "cliente.uf", {"cliente.uf": "RJ", "cliente.city": "Rio de Janeiro", "cliente.cep": "20040020", "cliente.ie": "94580730"}, f"{END}/UF", "RJ"),
    (VENDA, "products[0].count", {"products[0].count": "3", "products[0].total_price": "450.00"}, f"{P}/qCom", "3.0000"),
    (VENDA, "products[0].unit_price", {"products[0].unit_price": "149.50", "products[0].total_price": "299.00"}, f"{P}/vUnCom", "149.50"),
    (IMPORTADA, "products[0].ii.aliquota", {"products[0].ii.vII": None, "products[0].ii.aliquota": "10"}, f"{II}/vII", "30.00"),
    (EM_LINHA, "products[0].impostos.ibs_cbs.situacao_tributaria", {"products[0].impostos.ibs_cbs.situacao_tributaria": "200", "products[0].impostos.ibs_cbs.classificacao_tributaria": "200032"}, f"{IMP}/IBSCBS/CST", "200"),
    (VENDA, "products[0].codigo", "XYZ", f"{P}/cProd", "XYZ"),
    (VENDA, "products[0].name", "Outro produto", f"{P}/xProd", "Outro produto"),
    (VENDA, "products[0].ncm", "84716053", f"{P}/NCM", "84716053"),
    (VENDA, "products[0].cest", "2106300", f"{P}/CEST", "2106300"),
    (VENDA, "products[0].gtin", "7891234567895", f"{P}/cEAN", "7891234567895"),
    (VENDA, "products[0].gtin_tributavel", "7891234567895", f"{P}/cEANTrib", "7891234567895"),
    (VENDA, "products[0].unit", "CX", f"{P}/uCom", "CX"),
    (VENDA, "products[0].total_price", "299.99", f"{P}/vProd", "299.99"),
    (VENDA, "products[0].discount_price", "10.00", f"{P}/vDesc", "10.00"),
    (VENDA, "products[0].origem", 2, f"{IMP}/ICMS/*/orig", "2"),
    ("item-fora-do-total", "products[1].indicador_total", 1, "total/ICMSTot/vProd", "350.00"),
    ("categorias-e-cenarios", "products[0].category_id", "CAT2", f"{IMP}/ICMS/*/CST", "40"),
    ("cst-00-interestadual-difal-desligado", "products[0].disable_difal", False, f"{IMP}/ICMSUFDest/pICMSUFDest", "18.00"),
    (VENDA, "products[0].desconta_icms_pis_cofins", True, f"{IMP}/PIS/PISAliq/vBC", "246.00"),
    (VENDA, "products[0].nItemPed", 12, f"{P}/nItemPed", "12"),
    (VENDA, "products[0].cfop", "5101", f"{P}/CFOP", "5101"),
    (IMPORTADA, "products[0].ii.vBC", "310.00", f"{II}/vBC", "310.00"),
    (IMPORTADA, "products[0].ii.vDespAdu", "21.00", f"{II}/vDespAdu", "21.00"),
    (IMPORTADA, "products[0].ii.vII", "43.00", f"{II}/vII", "43.00"),
    (IMPORTADA, "products[0].ii.vIOF", "1.00", f"{II}/vIOF", "1.00"),
    (IMPORTADA, "products[0].import_declarations[0].nDI", "2699999999", f"{D}/nDI", "2699999999"),
    (IMPORTADA, "products[0].import_declarations[0].dDI", "2026-11-09", f"{D}/dDI", "2026-11-09"),
    (IMPORTADA, "products[0].import_declarations[0].xLocDesemb", "VIRACOPOS", f"{D}/xLocDesemb", "VIRACOPOS"),
    (IMPORTADA, "products[0].import_declarations[0].UFDesemb", "RJ", f"{D}/UFDesemb", "RJ"),
    (IMPORTADA, "products[0].import_declarations[0].dDesemb", "2026-11-13", f"{D}/dDesemb", "2026-11-13"),
    (IMPORTADA, "products[0].import_declarations[0].cExportador", "EXP-2", f"{D}/cExportador", "EXP-2"),
    (IMPORTADA, "products[0].import_declarations[0].tpViaTransp", 4, f"{D}/tpViaTransp", "4"),
    (IMPORTADA, "products[0].import_declarations[0].tpIntermedio", 2, f"{D}/tpIntermedio", "2"),
    (IMPORTADA, "products[0].import_declarations[0].vAFRMM", "13.00", f"{D}/vAFRMM", "13.00"),
    (IMPORTADA, "products[0].import_declarations[0].additions[0].nAdicao", 2, f"{D}/adi/nAdicao", "2"),
    (IMPORTADA, "products[0].import_declarations[0].additions[0].nSeqAdic", 3, f"{D}/adi/nSeqAdic", "3"),
    (IMPORTADA, "products[0].import_declarations[0].additions[0].cFabricante", "FAB-9", f"{D}/adi/cFabricante", "FAB-9"),
    (IMPORTADA, "products[0].import_declarations[0].additions[0].vDescDI", "0.50", f"{D}/adi/vDescDI", "0.50"),
    (IMPORTADA, "products[0].import_declarations[0].additions[0].nDraw", "20261234567", f"{D}/adi/nDraw", "20261234567"),
    (EM_LINHA, "products[0].impostos.icms.codigo_cfop", "5101", f"{P}/CFOP", "5101"),
    (EM_LINHA, "products[0].impostos.icms.situacao_tributaria", "40", f"{IMP}/ICMS/*/CST", "40"),
    (EM_LINHA, "products[0].impostos.icms.industria", "7.00", f"{IMP}/ICMS/*/pICMS", "7.00"),
    (EM_LINHA, "products[0].impostos.icms.codigo_beneficio_fiscal", "SP020099", f"{P}/cBenef", "SP020099"),
    (EM_LINHA, "products[0].impostos.ipi.codigo_enquadramento", "399", f"{IMP}/IPI/cEnq", "399"),
    (EM_LINHA, "products[0].impostos.ipi.situacao_tributaria", "53", f"{IMP}/IPI/IPINT/CST", "53"),
    (EM_LINHA, "products[0].impostos.ipi.aliquota", "5.00", f"{IMP}/IPI/IPITrib/pIPI", "5.00"),
    (EM_LINHA, "products[0].impostos.pis.situacao_tributaria", "06", f"{IMP}/PIS/*/CST", "06"),
    (EM_LINHA, "products[0].impostos.pis.aliquota", "1.65", f"{IMP}/PIS/*/pPIS", "1.65"),
    (EM_LINHA, "products[0].impostos.cofins.situacao_tributaria", "06", f"{IMP}/COFINS/*/CST", "06"),
    (EM_LINHA, "products[0].impostos.cofins.aliquota", "7.60", f"{IMP}/COFINS/*/pCOFINS", "7.60"),
    (EM_LINHA, "products[0].impostos.ibs_cbs.classificacao_tributaria", "000002", f"{IMP}/IBSCBS/cClassTrib", "000002"),
    *(
        (
            exemplo, f"products[0].impostos.{campo}",
            {f"products[0].impostos.icms.{nome}": valor for nome, valor in (("situacao_tributaria", cst), *mais)},
            f"{IMP}/ICMS/*/{elemento}", certo,
        )
        for exemplo, campo, cst, elemento, certo, *mais in (
            (EM_LINHA, "icms.aliquota_reducao", "20", "pRedBC", "25.00", ("aliquota_reducao", "25")),
            (EM_LINHA, "icms.aliquota_diferimento", "51", "pDif", "40.00", ("aliquota_diferimento", "40")),
            (EM_LINHA, "icms.motivo_desoneracao", "40", "motDesICMS", "9", ("motivo_desoneracao", "9")),
            (EM_LINHA, "icms.aliquota_mva", "10", "pMVAST", "35.00", *ST_EM_LINHA),
            (EM_LINHA, "icms.aliquota_icms_st", "10", "pICMSST", "19.00", *ST_EM_LINHA),
            (EM_LINHA, "icms.aliquota_fcp_st", "10", "pFCPST", "1.00", *ST_EM_LINHA, ("aliquota_fcp_st", [{"estado": "SP", "aliquota": "1"}])),
            (EM_LINHA, "icms.aliquota_reducaoSt", "70", "pRedBCST", "10.00", *ST_EM_LINHA, ("aliquota_reducao", "20"), ("aliquota_reducaoSt", "10")),
            (EM_LINHA, "icms.aliquota_fcp", "00", "pFCP", "2.00", ("aliquota_fcp", [{"estado": "SP", "aliquota": "2"}])),
            (EM_LINHA, "icms.aliquota_icms", "00", "pICMS", "13.00", ("industria", ""), ("aliquota_icms", [{"estado": "SP", "aliquota": "13"}])),
            (EM_LINHA, "icms.aliquota_diferimentoFcp", "51", "pFCPDif", "50.00", ("aliquota_fcp", [{"estado": "SP", "aliquota": "2"}]), ("aliquota_diferimento", "40"), ("aliquota_diferimentoFcp", "50")),
        )
    ),
    (EM_LINHA, "products[0].impostos.icms.beneficio_fiscal", {"products[0].impostos.icms.codigo_beneficio_fiscal": "", "products[0].impostos.icms.beneficio_fiscal": [{"estado": "SP", "codigo": "SP020077"}]}, f"{P}/cBenef", "SP020077"),
    (IMPORTADA, "products[0].impostos.icms.aliquota_importacao", {"products[0].impostos": {"icms": {"codigo_cfop": "3102", "situacao_tributaria": "00", "aliquota_importacao": "25"}, "pis": {"situacao_tributaria": "98", "aliquota": "0"}, "cofins": {"situacao_tributaria": "98", "aliquota": "0"}}}, f"{IMP}/ICMS/*/pICMS", "25.00"),
    (TRANSPORTE, "transportation.transport_mode", "2", "transp/modFrete", "2"),
    (TRANSPORTE, "transportation.freight_amount", "99.90", f"{P}/vFrete", "99.90"),
    (TRANSPORTE, "transportation.carrier_info.cnpj", "98765432000198", "transp/transporta/CNPJ", "98765432000198"),
    ("transporte-proprio-pessoa-fisica", "transportation.carrier_info.cpf", "52998224725", "transp/transporta/CPF", "52998224725"),
    (TRANSPORTE, "transportation.carrier_info.ie", "ISENTO", "transp/transporta/IE", "ISENTO"),
    (TRANSPORTE, "transportation.carrier_info.name", "Outra", "transp/transporta/xNome", "Outra"),
    (TRANSPORTE, "transportation.carrier_info.endereco", "Rua T", "transp/transporta/xEnder", "Rua T"),
    (TRANSPORTE, "transportation.carrier_info.city", "Campinas", "transp/transporta/xMun", "Campinas"),
    (TRANSPORTE, "transportation.vehicle_info.plate", "XYZ9A87", "transp/veicTransp/placa", "XYZ9A87"),
    (TRANSPORTE, "transportation.vehicle_info.uf", "RJ", "transp/veicTransp/UF", "RJ"),
    (TRANSPORTE, "transportation.vehicle_info.rntc", "999", "transp/veicTransp/RNTC", "999"),
    (TRANSPORTE, "transportation.trailer_info.plate", "XYZ9A87", "transp/reboque/placa", "XYZ9A87"),
    (TRANSPORTE, "transportation.trailer_info.uf", "RJ", "transp/reboque/UF", "RJ"),
    (TRANSPORTE, "transportation.trailer_info.rntc", "999", "transp/reboque/RNTC", "999"),
    (TRANSPORTE, "transportation.packages[0].qty", 9, "transp/vol/qVol", "9"),
    (TRANSPORTE, "transportation.packages[0].gross_weight", "20.5", "transp/vol/pesoB", "20.500"),
    (TRANSPORTE, "transportation.packages[0].net_weight", "10.5", "transp/vol/pesoL", "10.500"),
    (TRANSPORTE, "transportation.packages[0].packaging_type", "SACO", "transp/vol/esp", "SACO"),
    (TRANSPORTE, "transportation.packages[0].number", "7", "transp/vol/nVol", "7"),
    (TRANSPORTE, "transportation.packages[0].mark", "M", "transp/vol/marca", "M"),
    (TRANSPORTE, "transportation.packages[0].seals", ["L9"], "transp/vol/lacres/nLacre", "L9"),
    (TRANSPORTE, "transportation.transport_tax_retention_info.freight_service_amount", "160.00", "transp/retTransp/vServ", "160.00"),
    (TRANSPORTE, "transportation.transport_tax_retention_info.tax_base", "140.00", "transp/retTransp/vBCRet", "140.00"),
    (TRANSPORTE, "transportation.transport_tax_retention_info.tax_rate", "10.00", "transp/retTransp/pICMSRet", "10.00"),
    (TRANSPORTE, "transportation.transport_tax_retention_info.cfop", "5352", "transp/retTransp/CFOP", "5352"),
    (TRANSPORTE, "transportation.transport_tax_retention_info.cep", "13010000", "transp/retTransp/cMunFG", "3509502"),
    (CARTAO, "pag_info[0].payment_method", "04", "pag/detPag/tPag", "04"),
    (CARTAO, "pag_info[0].payment_indicator", "0", "pag/detPag/indPag", "0"),
    (CARTAO, "troco", {"troco": "5.00", "pag_info[0].payment_method": "01", "pag_info[0].payment_value": "305.00", "pag_info[0].card_info": None}, "pag/vTroco", "5.00"),
    (CARTAO, "pag_info[0].payment_value", "299.00", "pag/detPag/vPag", "299.00"),
    (CARTAO, "pag_info[0].card_info.integration_type", "2", "pag/detPag/card/tpIntegra", "2"),
    (CARTAO, "pag_info[0].card_info.brand_code", "02", "pag/detPag/card/tBand", "02"),
    (CARTAO, "pag_info[0].card_info.acquirer_cnpj", "98765432000198", "pag/detPag/card/CNPJ", "98765432000198"),
    (CARTAO, "pag_info[0].card_info.authorization_code", "NSU1", "pag/detPag/card/cAut", "NSU1"),
    *(
        (LOCAIS, f"{fio}.{campo}", valor, f"{tag}/{elemento}", certo)
        for fio, tag in (("shipping_address", RETIRADA), ("delivery_address", ENTREGA))
        for campo, valor, elemento, certo in (
            ("cnpj", "44556677000186", "CNPJ", "44556677000186"),
            ("ie", "ISENTO", "IE", "ISENTO"),
            ("name", "Outro Depósito", "xNome", "Outro Depósito"),
            ("endereco", "Rua D", "xLgr", "Rua D"),
            ("number", "5", "nro", "5"),
            ("complemento", "Doca 1", "xCpl", "Doca 1"),
            ("bairro", "Porto", "xBairro", "Porto"),
            ("cpf", {f"{fio}.cnpj": "", f"{fio}.cpf": "52998224725"}, "CPF", "52998224725"),
            ("city", {f"{fio}.city": "São Paulo", f"{fio}.cep": "01001000"}, "xMun", "São Paulo"),
            ("uf", {f"{fio}.city": "Rio de Janeiro", f"{fio}.uf": "RJ", f"{fio}.cep": "20040020"}, "UF", "RJ"),
            ("cep", "01001001", "CEP", "01001001"),
            ("telefone", "1133334444", "fone", "1133334444"),
            ("email", "d@exemplo.com.br", "email", "d@exemplo.com.br"),
        )
    ),
]  # fmt: skip


SEM_ELEMENTO = {
    "model": "only 55 is accepted here",
    "issuance_type": "only 1 is accepted: contingency is entered by the platform",
    "insistir": "says what to do after equal refusals, not what the document says",
    "is_reopen": "says what to do with an earlier document, not what this one says",
    "cliente.number": "another spelling of numero",
    "shipping_address.numero": "another spelling of number",
    "delivery_address.numero": "another spelling of number",
    "transportation.carrier_info.uf": "overwritten by the state of the CEP or municipality",
    "transportation.carrier_info.cep": "only serves to find municipality and state",
    "products.tax_info": "another name of impostos",
    "products.impostos.aliquota": "another name of industria",
    "products.impostos.icms.aliquota": "another name of icms.industria",
    "products.impostos.industria": "stands behind icms.industria",
    "products.impostos.is": "the Imposto Seletivo begins in 2027, and a request has no date of its own",
    "products.impostos.icms.motivo_desoneracaoSt": "SEFAZ wants the amount too, which the contract cannot tell",
    "products.impostos.icms.aliquota_credito": "CSOSN 101 and 201; the examples csosn-101 and csosn-201 hold it",
    "products.impostos.icms.nao_contribuinte": "chooses a scenario; the example nao-contribuinte holds it",
    "products.impostos.difal.disable_difal": "takes a group away; the example with tax_info holds it",
}
"""Fields without an element of their own, and why."""
POR_UF = tuple(
    f"products.impostos.icms.{nome}"
    for nome in (
        "aliquota_mva",
        "aliquota_icms",
        "aliquota_icms_st",
        "aliquota_fcp",
        "aliquota_fcp_st",
        "beneficio_fiscal",
    )
)
"""Lists by state: the rows of the list speak for its two fields."""
_SO_TEXTO = ("tipo_pessoa", "tipo_tributacao", "cenario")
"""Kept for the categories; an item has one entry for whatever scenario."""


def set_at(corpo: dict[str, Any], caminho: str, valor: Any) -> None:
    """Set one field; what lies on the way is there already."""
    partes = [int(p) if p.isdecimal() else p for p in re.findall(r"\w+", caminho)]
    atual: Any = corpo
    for parte in partes[:-1]:
        atual = atual[parte]
    atual[partes[-1]] = valor


@cache
def bodies(nome: str) -> tuple[Any, Any]:
    pasta = EXEMPLOS / "nfe" / nome
    categorias = pasta / "categorias.json"
    return read_exact(pasta / "empresa.json"), read_exact(categorias) if categorias.exists() else []


def element(texto: bytes | str, caminho: str) -> str | None:
    partes = "/".join(p if p == "*" else f"{NS}{p}" for p in caminho.split("/"))
    return ElementTree.fromstring(texto).findtext(partes)


def leaves(modelo: type[BaseModel], prefixo: str = "") -> Iterator[str]:
    """Every field of the contract that holds a value, without list positions."""
    for nome, abaixo, _ in wire_fields(modelo):
        if abaixo is None:
            yield f"{prefixo}{nome}"
        else:
            yield from leaves(abaixo, f"{prefixo}{nome}.")


@pytest.mark.parametrize(
    ("exemplo", "campo", "valor", "caminho", "certo"), CAMPOS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_field_reaches_its_element(
    bancada: Bancada, exemplo: str, campo: str, valor: Any, caminho: str, certo: str
) -> None:
    nota = read_exact(EXEMPLOS / "nfe" / exemplo / "entrada.json")
    for onde, novo in valor.items() if isinstance(valor, dict) else [(campo, valor)]:
        set_at(nota, onde, novo)
    _, preparada = bancada.prepare(*bodies(exemplo), nota)
    assert element(preparada.texto, caminho) == certo
    assert element((EXEMPLOS / "nfe" / exemplo / "saida.xml").read_bytes(), caminho) != certo


def test_every_field_of_the_contract_is_in_the_table() -> None:
    escritos = {re.sub(r"\[\d+\]", "", campo) for _, campo, *_ in CAMPOS}
    faltam = [
        campo
        for campo in leaves(NotaEntrada)
        if campo not in escritos
        and not any(campo == dito or campo.startswith(f"{dito}.") for dito in (*SEM_ELEMENTO, *POR_UF))
        and campo.rsplit(".", 1)[-1] not in _SO_TEXTO
    ]
    assert faltam == []
