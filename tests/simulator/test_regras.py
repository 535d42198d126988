"""One table: every rule with a document that breaks it; the good documents pass them all."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from tests.simulator.amostra import (
    A1,
    AGORA,
    CNPJ,
    CNPJ_DEST,
    IE_SP,
    build_key,
    consumer_document,
    document,
    node,
)

from chancela.simulator import xml
from chancela.simulator.cadastro import Cadastro, CodigoSeguranca, Contribuinte
from chancela.simulator.livro import Livro
from chancela.simulator.nota import Nota, build_nota, empty_assinatura
from chancela.simulator.regras.catalogo import REGRAS, Parametros, first_broken
from chancela.simulator.regras.modelo import Contexto
from chancela.simulator.tabelas import AUTORIZADORES

LOCAL = "2026-11-21T%s-03:00"
OUTRA_CHAVE = build_key(numero=9)
RS = {"cMun": "4314902", "UF": "RS"}
EXTERIOR = {
    "ide/idDest": "3",
    "dest/enderDest/UF": "EX",
    "dest/enderDest/cMun": "9999999",
    "dest/CNPJ": None,
    "dest/idEstrangeiro": "US123456",
}
INTERESTADUAL = {
    "ide/idDest": "2",
    "dest/enderDest/UF": "RS",
    "dest/enderDest/cMun": "4314902",
    "det/0/prod/CFOP": "6102",
    "det/0/imposto/ICMS/ICMS00/pICMS": "12.0000",
}
SIMPLES = {"emit/CRT": "1", "det/0/imposto/ICMS": {"ICMSSN102": {"orig": "0", "CSOSN": "102"}}}
UF_G, MUN, CBS = (f"det/0/imposto/IBSCBS/gIBSCBS/{g}" for g in ("gIBSUF", "gIBSMun", "gCBS"))
CARD = {"tPag": "03", "vPag": "100.00"}


def icms(tag: str, **campos: str) -> dict[str, Any]:
    return {"det/0/imposto/ICMS": {tag: {"orig": "0", **campos}}}


def cst_ibs(cst: str, classe: str) -> dict[str, Any]:
    return {"det/0/imposto/IBSCBS/CST": cst, "det/0/imposto/IBSCBS/cClassTrib": classe}


def reduced(grupo: str, aliquota: str, efetiva: str = "0.0400", reducao: str = "60.0000") -> dict[str, Any]:
    del aliquota
    return cst_ibs("200", "200034") | {f"{grupo}/gRed": {"pRedAliq": reducao, "pAliqEfet": efetiva}}


DEFERRED = cst_ibs("510", "510001")
NFE: dict[str, dict[str, Any]] = {
    "A03-10": {"ide/nNF": "2"},
    "B02-10": {"ide/cUF": "43"},
    "B03-10": {"ide/cNF": "12345678"},
    "B09-10": {"ide/dhEmi": LOCAL % "12:06:00"},
    "B09-20": {"ide/dhEmi": "2026-10-21T12:00:00-03:00"},
    "B10-40": {"ide/dhSaiEnt": LOCAL % "11:00:00"},
    "B12-10": {"ide/cMunFG": "3599999"},
    "B12-20": {"ide/cMunFG": "4314902"},
    "B21-20": {"ide/tpImp": "4"},
    "B22-10": {"ide/tpEmis": "9"},
    "B22-30": {"ide/tpEmis": "6"},
    "B23-10": {"@Id": "NFe" + document()["@Id"][3:-1] + "0", "ide/cDV": "0"},
    "B24-10": {"ide/tpAmb": "1"},
    "B25-30": {"ide/finNFe": "2"},
    "B25-40": {"ide/finNFe": "2", "ide/NFref": [{"refNFe": OUTRA_CHAVE}, {"refNFe": build_key(numero=8)}]},
    "B25-50": {"ide/finNFe": "2", "ide/NFref": [{"refNFe": build_key(cnpj=CNPJ_DEST)}]},
    "B25-70": {"ide/finNFe": "4"},
    "B25-80": {"ide/finNFe": "6"},
    "B25-90": {"det/0/imposto/ICMS": None},
    "B25-110": {"ide/finNFe": "5"},
    "B25-120": {"ide/finNFe": "6", "ide/tpNF": "0"},
    "B25.1-10": {"ide/tpNFDebito": "01"},
    "B25.1-20": {"ide/finNFe": "6"},
    "B25.2-10": {"ide/tpNFCredito": "01"},
    "B25.2-20": {"ide/finNFe": "5"},
    "B25b-10": {"ide/indPres": "4"},
    "B25c-10": {"ide/indIntermed": None},
    "B25c-20": {"ide/indIntermed": "1", "ide/indPres": "0"},
    "B26-10": {"ide/serie": "970"},
    "B26-20": {"ide/procEmi": "1"},
    "B28-10": {"ide/dhCont": LOCAL % "11:00:00"},
    "B28-20": {"ide/tpEmis": "5"},
    "B28-30": {"ide/tpEmis": "5", "ide/dhCont": LOCAL % "13:00:00"},
    "BA02-10": {"ide/NFref": [{"refNFe": OUTRA_CHAVE[:-1] + str((int(OUTRA_CHAVE[-1]) + 1) % 10)}]},
    "BA02-30": {"ide/NFref": [{"refNFe": build_key(cnpj="11222333000180")}]},
    "BA02-34": {"ide/NFref": [{"refNFe": build_key(modelo="57")}]},
    "BA02-40": {"ide/NFref": [{"refNFe": build_key(numero=0)}]},
    "BA02-44": {"ide/NFref": [{"refNFe": OUTRA_CHAVE}, {"refNFe": OUTRA_CHAVE}]},
    "BA02-50": {"ide/NFref": [{"refNFe": document()["@Id"][3:]}]},
    "C02-10": {"emit/CNPJ": "11222333000180"},
    "C02-30": {"ide/serie": "920"},
    "C02a-10": {"emit/CNPJ": None, "emit/CPF": "52998224725"},
    "C02a-20": {"emit/CNPJ": None, "emit/CPF": "11111111111"},
    "C10-10": {"emit/enderEmit/cMun": "3599999"},
    "C10-20": {"emit/enderEmit/cMun": "4314902"},
    "C12-10": {"emit/enderEmit/UF": "RS"},
    "C17-10": {"emit/IE": None},
    "C17-20": {"emit/IE": "110042490115"},
    "C17-30": {"emit/IE": "ISENTO"},
    "C18-14": {"emit/IEST": IE_SP},
    "C18-30": {"emit/IEST": "123456789012"},
    "D01-10": {"avulsa": {"CNPJ": CNPJ}},
    "E01-10": {"dest": None},
    "E02-10": {"dest/CNPJ": "99999999000190"},
    "E03-10": {"dest/CNPJ": None, "dest/CPF": "52998224724"},
    "E03a-10": {"ide/idDest": "3"},
    "E03a-20": {"dest/idEstrangeiro": "US1", "ide/indFinal": "0"},
    "E04-10": {"dest/xNome": None},
    "E04-20": {"dest/xNome": "Cliente"},
    "E05-10": {"dest/enderDest": None},
    "E10-10": {"dest/enderDest/cMun": "3599999"},
    "E10-20": {"dest/enderDest/cMun": "4314902"},
    "E10-30": {"dest/enderDest/UF": "EX"},
    "E12-10": {"ide/idDest": "3"},
    "E12-30": {"ide/idDest": "2"},
    "E12-40": {"ide/indFinal": "0", "dest/enderDest/UF": "RS"},
    "E14-10": EXTERIOR,
    "E14-20": {"dest/enderDest/cPais": "2496"},
    "E16a-20": {"ide/idDest": "3", "dest/indIEDest": "1"},
    "E16a-40": {"ide/indFinal": "0"},
    "5E17-50": {"dest/CNPJ": "45543915000181"},
    "E17-20": {"dest/indIEDest": "1"},
    "E17-30": {"dest/indIEDest": "2", "dest/IE": IE_SP},
    "E17-40": EXTERIOR | {"dest/IE": IE_SP},
    "E17-50": {"dest/IE": "110042490115"},
    "F02-10": {"retirada": {"CNPJ": "1"}},
    "F02a-10": {"retirada": {"CPF": "1"}},
    "G02-10": {"entrega": {"CNPJ": "1"}},
    "G02a-10": {"entrega": {"CPF": "1"}},
    "GA02-10": {"autXML": [{"CNPJ": "1"}]},
    "GA02-20": {"autXML": [{"CNPJ": CNPJ_DEST}]},
    "GA03-10": {"autXML": [{"CPF": "1"}]},
    "GA03-20": {"dest/CNPJ": None, "dest/CPF": "52998224725", "autXML": [{"CPF": "52998224725"}]},
    "H02-10": {"det/0/@nItem": "2"},
    "I03-10": {"det/0/prod/cEAN": "7891000315508"},
    "I03-30": {"det/0/prod/cEAN": ""},
    "I05-10": {"det/0/prod/NCM": "8471"},
    "I05-20": {"det/0/prod/NCM": "85171210"},
    "I05-24": {"det/0/prod/NCM": "00"},
    "I08-04": {"det/0/prod/CFOP": "5999"},
    "I08-10": {"det/0/prod/CFOP": "1102"},
    "I08-20": {"ide/tpNF": "0"},
    "I08-30": {"det/0/prod/CFOP": "7102"},
    "I08-40": {"det/0/prod/CFOP": "6102"},
    "I08-50": {"ide/idDest": "2"},
    "I08-60": {"det/0/prod/CFOP": "7102"},
    "I08-70": {"dest/indIEDest": "1", "dest/enderDest/UF": "RS"},
    "I08-110": {"det/0/prod/CFOP": "3102"},
    "I08-130": {"det/0/prod/CFOP": "3102"},
    "I08-140": {"ide/finNFe": "4"},
    "I08-144": {"det/0/prod/CFOP": "5202"},
    "I11-10": {"det/0/prod/vProd": "100.02"},
    "I11-20": {"det/0/prod/vUnTrib": "50.01"},
    "I12-10": {"det/0/prod/cEANTrib": "7891000315508"},
    "I12-30": {"det/0/prod/cEAN": "7891000315507"},
    "I12-40": {"det/0/prod/cEANTrib": "7891000315507"},
    "I12-60": {"det/0/prod/cEANTrib": ""},
    "I17-10": {"det/0/prod/vDesc": "100.01"},
    "I50-10": {"det/0/prod/detExport": {"nDraw": "1"}},
    "N11-10": {"det/0/imposto/ICMS/ICMS00/orig": None},
    "N12-20": {"emit/CRT": "1"},
    "N12-70": icms("ICMS10", CST="10"),
    "N12a-10": icms("ICMSSN102", CSOSN="102"),
    "N12a-70": SIMPLES | icms("ICMSSN201", CSOSN="201"),
    "N16-04": INTERESTADUAL | {"det/0/imposto/ICMS/ICMS00/orig": "1"},
    "N16-20": INTERESTADUAL | {"det/0/imposto/ICMS/ICMS00/pICMS": "18.0000"},
    "N16a-10": icms("ICMS51", CST="51", vBC="100.00", pICMS="18", vICMSOp="17.00"),
    "N16c-10": icms("ICMS51", CST="51", vICMSOp="18.00", pDif="50", vICMSDif="8.00", vICMS="10.00"),
    "N17-10": icms("ICMS51", CST="51", vICMSOp="18.00", pDif="50", vICMSDif="9.00", vICMS="8.00"),
    "N17-20": {"det/0/imposto/ICMS/ICMS00/vICMS": "18.02"},
    "N17c-10": {"det/0/imposto/ICMS/ICMS00/pFCP": "2.0000", "det/0/imposto/ICMS/ICMS00/vFCP": "2.02"},
    "N23-10": icms("ICMS60", CST="60"),
    "N28-30": icms("ICMS40", CST="40", motDesICMS="9"),
    "NA01-20": INTERESTADUAL,
    "NA01-30": {"det/0/imposto/ICMSUFDest": {"vICMSUFDest": "1.00"}},
    "NA13-10": {"det/0/imposto/ICMSUFDest": {"vBCFCPUFDest": "100.00", "pFCPUFDest": "2.00", "vFCPUFDest": "3.00"}},
    "Q01-20": {"det/0/imposto/PIS": None},
    "S01-20": {"det/0/imposto/COFINS": None},
    "U01-10": {"det/0/imposto/ISSQN": {"vBC": "1.00"}},
    "UA01-10": {"det/0/impostoDevol": {"pDevol": "1"}},
    "UB12-10": {"det/0/imposto/IBSCBS": None},
    "UB12-10/SN": {"emit/CRT": "1", "det/0/imposto/IBSCBS": None},
    "UB13-10": cst_ibs("999", "000001"),
    "UB13-20": cst_ibs("410", "410001"),
    "UB13-30": {"det/0/imposto/IBSCBS/gIBSCBS": None},
    "UB13-39": {"det/0/imposto/IBSCBS/gIBSCBSMono": {"vTotIBSMonoItem": "1.00"}},
    "UB13-40": cst_ibs("620", "620001"),
    "UB14-10": cst_ibs("000", "999999"),
    "UB14-20": cst_ibs("000", "200001"),
    "UB14-25": cst_ibs("000", "000002"),
    "UB18-10": {f"{UF_G}/pIBSUF": "0.2000"},
    "UB22-10": {f"{UF_G}/gDif": {"pDif": "1", "vDif": "0"}},
    "UB22-20": DEFERRED,
    "UB23-10": DEFERRED | {f"{UF_G}/gDif": {"pDif": "100.0000", "vDif": "0.05"}},
    "UB26-10": {f"{UF_G}/gRed": {"pRedAliq": "60", "pAliqEfet": "0.04"}},
    "UB26-20": cst_ibs("200", "200034"),
    "UB27-10": reduced(UF_G, "0.1", "0.0500", "50.0000"),
    "UB28-10": reduced(UF_G, "0.1", "0.0500"),
    "UB35-10": {f"{UF_G}/vIBSUF": "0.12"},
    "UB37-10": {f"{MUN}/pIBSMun": "0.0500"},
    "UB40-10": DEFERRED,
    "UB40-20": {f"{MUN}/gDif": {"pDif": "1", "vDif": "0"}},
    "UB42-10": DEFERRED | {f"{MUN}/gDif": {"pDif": "100.0000", "vDif": "0.05"}},
    "UB45-10": {f"{MUN}/gRed": {"pRedAliq": "60", "pAliqEfet": "0"}},
    "UB45-20": cst_ibs("200", "200034"),
    "UB46-10": reduced(MUN, "0", "0.0000", "50.0000"),
    "UB47-10": reduced(MUN, "0", "0.0100"),
    "UB54-10": {f"{MUN}/vIBSMun": "0.02"},
    "UB54a-10": {"det/0/imposto/IBSCBS/gIBSCBS/vIBS": "0.12"},
    "UB56-10": {f"{CBS}/pCBS": "0.8000"},
    "UB59-10": DEFERRED,
    "UB59-20": {f"{CBS}/gDif": {"pDif": "1", "vDif": "0"}},
    "UB61-10": DEFERRED | {f"{CBS}/gDif": {"pDif": "100.0000", "vDif": "0.05"}},
    "UB64-10": {f"{CBS}/gRed": {"pRedAliq": "60", "pAliqEfet": "0.36"}},
    "UB64-20": cst_ibs("200", "200034"),
    "UB65-10": reduced(CBS, "0.9", "0.4500", "50.0000"),
    "UB66-10": reduced(CBS, "0.9", "0.4500"),
    "UB67-10": {f"{CBS}/vCBS": "0.92"},
    "UB68-10": cst_ibs("550", "550001"),
    "UB68-11": {"det/0/imposto/IBSCBS/gIBSCBS/gTribRegular": {"CSTReg": "000"}},
    "VC02-05": {"det/0/DFeReferenciado": {"chaveAcesso": OUTRA_CHAVE}, "ide/NFref": [{"refNFe": OUTRA_CHAVE}]},
    "W16-10": {"total/ICMSTot/vNF": "100.51"},
    "W18-10": {"total/ISSQNtot": {"vServ": "1.00"}},
    "W19-10": {"total/ISSQNtot": {"vBC": "1.00"}},
    "W20-10": {"total/ISSQNtot": {"vISS": "1.00"}},
    "W21-10": {"total/ISSQNtot": {"vPIS": "1.00"}},
    "W22-10": {"total/ISSQNtot": {"vCOFINS": "1.00"}},
    "W34-10": {"det/0/imposto/IBSCBS": None},
    "W34-20": {"total/IBSCBSTot": None},
    "W35-10": {"total/IBSCBSTot/vBCIBSCBS": "99.99"},
    "W47-10": {"total/IBSCBSTot/gIBS/vIBS": "0.11"},
    "X04-20": {"transp/transporta": {"CNPJ": "1"}},
    "X05-10": {"transp/transporta": {"CPF": "1"}},
    "X07-10": {"transp/transporta": {"IE": IE_SP}},
    "X07-20": {"transp/transporta": {"IE": "110042490115", "UF": "SP"}},
    "ZA01-10": {"ide/idDest": "3"},
    "ZA01-20": {"exporta": {"UFSaidaPais": "SP"}},
    "ZD01-10": {"@versao": "4.00"},
    "ZD02-10": {"infRespTec": {"CNPJ": "1"}},
    "Y01-20": {"cobr": {"fat": {"nFat": "1"}}},
    "Y05-10": {"cobr": {"fat": {"vOrig": "1.00", "vDesc": "2.00"}}},
    "Y06-10": {"cobr": {"fat": {"vOrig": "3.00", "vDesc": "1.00", "vLiq": "1.00"}}},
    "Y08-10": {"cobr": {"dup": [{"nDup": "1"}]}},
    "Y09-20": {"cobr": {"dup": [{"dVenc": "2026-11-20"}]}},
    "Y09-30": {"cobr": {"dup": [{"dVenc": "2026-12-20"}, {"dVenc": "2026-12-19"}]}},
    "Y09-40": {"cobr": {"dup": [{"dVenc": "2026-11-21"}]}},
    "Y10-10": {"cobr": {"fat": {"vLiq": "3.00"}, "dup": [{"vDup": "1.00"}]}},
    "YA02-04": {"ide/finNFe": "4"},
    "YA02-60": {"pag/detPag/tPag": "77"},
    "YA02a-10": {"pag/detPag/tPag": "99"},
    "YA02a-20": {"pag/detPag/xPag": "Vale"},
    "YA03-20": {"pag/detPag/vPag": "101.00"},
    "YA03-30": {"pag/detPag/tPag": "90"},
    "YA04-10": {"pag/detPag": CARD},
    "YA05-10": {"pag/detPag": CARD | {"card": {"tpIntegra": "1"}}},
    "YA05-20": {"pag/detPag": CARD | {"card": {"CNPJ": "1"}}},
    "YA06-10": {"pag/detPag": CARD | {"card": {"tBand": "77"}}},
    "YA09-10": {"pag/detPag/vPag": "101.00", "pag/vTroco": "2.00"},
    "YB01-10": {"ide/indIntermed": "1"},
    "YB01-20": {"infIntermed": {"CNPJ": CNPJ}},
    "YB02-10": {"infIntermed": {"CNPJ": "1"}},
    "ZX01-10": {"@supl": "<infNFeSupl><qrCode>x</qrCode></infNFeSupl>"},
    "1C17-20": {"emit/IE": "111111111111"},
    "1C17-34": {"emit/CNPJ": "45543915000181", "emit/enderEmit/UF": "SP"},
    "5E17-10": {"dest/CNPJ": "45543915000181", "dest/IE": "110042490122"},
    "5E17-20": {"dest/IE": "111111111111"},
}  # fmt: skip
NFE |= {
    f"W{codigo}-10": {f"total/ICMSTot/{tag}": "0.01"}
    for codigo, tag in (
        ("03", "vBC"), ("04", "vICMS"), ("04a", "vICMSDeson"), ("04b", "vFCP"), ("04c", "vFCPUFDest"), ("04e", "vICMSUFDest"),
        ("04g", "vICMSUFRemet"), ("05", "vBCST"), ("06", "vST"), ("06a", "vFCPST"), ("06b", "vFCPSTRet"), ("06b.1", "qBCMono"),
        ("06c", "vICMSMono"), ("06c.1", "qBCMonoReten"), ("06d", "vICMSMonoReten"), ("06d.1", "qBCMonoRet"), ("06e", "vICMSMonoRet"),
        ("07", "vProd"), ("08", "vFrete"), ("09", "vSeg"), ("10", "vDesc"), ("11", "vII"), ("12", "vIPI"), ("12a", "vIPIDevol"),
        ("13", "vPIS"), ("14", "vCOFINS"), ("15", "vOutro"), ("16a", "vTotTrib"),
    )
}  # fmt: skip
NFE |= {
    f"W{codigo}-10": {f"total/IBSCBSTot/{caminho}": "0.33"}
    for codigo, caminho in (
        ("38", "gIBS/gIBSUF/vDif"), ("39", "gIBS/gIBSUF/vDevTrib"), ("41", "gIBS/gIBSUF/vIBSUF"), ("43", "gIBS/gIBSMun/vDif"),
        ("44", "gIBS/gIBSMun/vDevTrib"), ("46", "gIBS/gIBSMun/vIBSMun"), ("48", "gIBS/vCredPres"), ("56a", "gCBS/vCredPres"), ("53", "gCBS/vDif"), ("54", "gCBS/vDevTrib"), ("56", "gCBS/vCBS"),
    )
}  # fmt: skip
DEST = {"CNPJ": CNPJ_DEST, "indIEDest": "9"}
URL_QR = "https://www.homologacao.nfce.fazenda.sp.gov.br/qrcode"
URL_CHAVE = "https://www.homologacao.nfce.fazenda.sp.gov.br/consulta"
QR = f"<infNFeSupl><qrCode>{URL_QR}?p=%s</qrCode><urlChave>{URL_CHAVE}</urlChave></infNFeSupl>"
CHAVE_NFCE = consumer_document()[0]["@Id"][3:]
NFCE: dict[str, dict[str, Any]] = {
    "B09-40": {"ide/dhEmi": LOCAL % "11:54:00"},
    "B10-10": {"ide/dhSaiEnt": LOCAL % "12:00:00"},
    "B10a-10": {"ide/dPrevEntrega": "2026-12-01"},
    "B11-10": {"ide/tpNF": "0"},
    "B11a-10": {"ide/idDest": "2"},
    "B21-10": {"ide/tpImp": "1"},
    "B22-34": {"ide/tpEmis": "5"},
    "B25-20": {"ide/finNFe": "4"},
    "B25a-10": {"ide/indFinal": "0"},
    "B25b-20": {"ide/indPres": "2"},
    "B31-10": {"ide/gCompraGov": {"tpEnteGov": "1"}},
    "BA01-10": {"ide/NFref": [{"refNFe": OUTRA_CHAVE}]},
    "C18-10": {"emit/IEST": IE_SP},
    "E01-20": {"ide/indPres": "4"},
    "E02-20": {"dest": {"CNPJ": CNPJ, "indIEDest": "9"}},
    "E05-20": {"ide/indPres": "4", "dest": DEST},
    "E16a-10": {"dest": DEST | {"indIEDest": "1"}},
    "E17-10": {"dest": DEST | {"IE": IE_SP}},
    "E18-10": {"dest": DEST | {"ISUF": "100"}},
    "I04-10": {"det/0/prod/xProd": "Teclado"},
    "I08-150": {"det/0/prod/CFOP": "5949"},
    "I08-160": {"det/0/prod/CFOP": "5933"},
    "J01-10": {"det/0/prod/veicProd": {"tpOp": "1"}},
    "L01-10": {"det/0/prod/arma": {"tpArma": "0"}},
    "N12-30": icms("ICMS10", CST="10"),
    "N12-40": {"det/0/prod/CFOP": "5405"},
    "N12-44": icms("ICMS60", CST="60"),
    "N12-50": icms("ICMSPart", CST="10"),
    "N12-60": icms("ICMSST", CST="41"),
    "N12a-20": icms("ICMSSN101", CSOSN="101"),
    "N12a-40": icms("ICMSSN102", CSOSN="102") | {"det/0/prod/CFOP": "5405"},
    "N12a-44": icms("ICMSSN500", CSOSN="500"),
    "NA01-10": {"det/0/imposto/ICMSUFDest": {"vICMSUFDest": "0"}},
    "O01-10": {"det/0/imposto/IPI": {"cEnq": "999"}},
    "P01-10": {"det/0/imposto/II": {"vII": "0"}},
    "R01-10": {"det/0/imposto/PISST": {"vPIS": "0"}},
    "T01-10": {"det/0/imposto/COFINSST": {"vCOFINS": "0"}},
    "UA01-20": {"det/0/impostoDevol": {"pDevol": "1"}},
    "W16-40": {"total/ICMSTot/vNF": "10000.01"},
    "X02-10": {"transp/modFrete": "0"},
    "X03-10": {"transp/transporta": {"xNome": "T"}},
    "ZA01-30": {"exporta": {"UFSaidaPais": "SP"}},
    "ZB01-10": {"compra": {"xPed": "1"}},
    "ZC01-10": {"cana": {"safra": "2026"}},
    "Y01-10": {"cobr": {"fat": {"nFat": "1"}}},
    "YA02-10": {"pag/detPag/tPag": "14"},
    "YA02-40": {"pag/detPag/tPag": "90"},
    "YA03-10": {"pag/detPag/vPag": "99.00"},
    "ZX02-10": {"@supl": ""},
    "ZX02-224": {"@supl": QR % f"{CHAVE_NFCE}|3"},
    "ZX02-236": {"@supl": QR % f"{CHAVE_NFCE}|9|2"},
    "ZX02-222": {"@supl": QR % f"{CHAVE_NFCE}|2|2|1|AB", "emit/CNPJ": None, "emit/CPF": "52998224725"},
    "ZX02-228": {"@supl": QR % f"{OUTRA_CHAVE}|3|2"},
    "ZX02-330": {"@supl": QR % f"{CHAVE_NFCE}|3|2|||||QUJD"},
    "ZX02-334": {"@supl": QR % f"{CHAVE_NFCE}|3|2", "ide/tpEmis": "9"},
    "ZX02-20": {"@supl": f"<infNFeSupl><qrCode>https://x?p={CHAVE_NFCE}|3|2</qrCode></infNFeSupl>"},
    "ZX03-20": {"@supl": (QR % f"{CHAVE_NFCE}|3|2").replace("/consulta<", "/outra<")},
    "ZX02-292": {"@supl": QR % f"{CHAVE_NFCE}|2|2|1|XYZ"},
}  # fmt: skip
COM_ESTADO = {
    "B02-20",
    "B22-60",
    "B22-70",
    "C02-20",
    "1C17-10",
    "1C17-30",
    "1C17-38",
    "1C17-60",
    "2B08-10",
    "2B08-20",
    "2B08-30",
    "3B08-100",
    "5E17-46",
    "ZX02-304",
    "ZX02-308",
    "ZX02-320",
    "ZX02-338",
    "5E17-60",
    "2A-EPEC1",
    "2A-EPEC2",
    "2A-EPEC3",
    "2B08-50",
}
"""Rules that need a ledger, a register or another authorizer: tested below and over the wire."""


def change(d: dict[str, Any], trocas: dict[str, Any]) -> None:
    for caminho, valor in trocas.items():
        if caminho == "@supl":
            continue
        *passos, ultimo = caminho.split("/")
        alvo: Any = d
        for passo in passos:
            alvo = alvo[int(passo)] if isinstance(alvo, list) else alvo.setdefault(passo, {})
        alvo[ultimo] = valor


def read(d: dict[str, Any], suplemento: str = "") -> Nota:
    texto = f'<NFe xmlns="{xml.NFE}">{node("infNFe", d)}{suplemento}</NFe>'
    return build_nota(xml.read_grupo(xml.parse(texto.encode())), empty_assinatura(), b"")


def sample(modelo: str, trocas: dict[str, Any]) -> Nota:
    d, suplemento = (document(), "") if modelo == "55" else consumer_document()
    change(d, trocas)
    return read(d, trocas.get("@supl", suplemento))


CADASTRO = [
    Contribuinte("45543915000181", "SP", "110042490130", "Ficticia Um", habilitado_nfe=False),
    Contribuinte("11444777000161", "SP", "111111111111", "Ficticia Dois"),
]


@pytest.fixture
def ctx(tmp_path: Path) -> Contexto:
    return context(tmp_path)


def context(
    pasta: Path, autorizador: str = "SP", agora: datetime = AGORA, cadastro: Cadastro | None = None
) -> Contexto:
    return Contexto(
        agora, AUTORIZADORES[autorizador], 2, Livro(pasta / "livro.db"), cadastro or Cadastro(CADASTRO)
    )


@pytest.fixture
def livre(ctx: Contexto) -> Iterator[Contexto]:
    """A context whose ledger is closed afterwards."""
    yield ctx
    ctx.livro.close()


@pytest.mark.parametrize(("modelo", "codigo"), [("55", c) for c in NFE] + [("65", c) for c in NFCE])
def test_each_rule_is_broken_by_its_document_and_holds_in_the_good_one(
    livre: Contexto, modelo: str, codigo: str
) -> None:
    regra = next(r for r in REGRAS if r.codigo == codigo)
    assert modelo in regra.modelos
    if codigo != "ZD01-10":
        assert regra.judge(sample(modelo, {}), livre) is None
    detalhe = regra.judge(sample(modelo, (NFE if modelo == "55" else NFCE)[codigo]), livre)
    assert detalhe is not None
    assert regra.alvo == "nota" or detalhe.startswith(" [nItem")


def test_every_rule_has_a_case() -> None:
    assert {r.codigo for r in REGRAS} - NFE.keys() - NFCE.keys() == COM_ESTADO


def test_codes_are_unique() -> None:
    assert len({r.codigo for r in REGRAS}) == len(REGRAS)


@pytest.mark.parametrize("modelo", ["55", "65"])
def test_good_documents_break_nothing(livre: Contexto, modelo: str) -> None:
    assert first_broken(sample(modelo, {}), livre, Parametros()) is None


@pytest.mark.parametrize(
    ("trocas", "c_stat"),
    [
        ({"dest/CNPJ": "45543915000181", "dest/indIEDest": "1"}, 232),
        ({"det/0/imposto/IBSCBS": None}, 1115),
        ({"total/ICMSTot/vNF": "100.50"}, None),
        (
            {
                "det/0/prod/vProd": "100.01",
                "det/0/prod/vUnCom": "50.0000000000",
                "total/ICMSTot/vProd": "100.01",
            },
            None,
        ),
        (
            SIMPLES
            | {
                "det/0/imposto/IBSCBS": None,
                "total/IBSCBSTot": None,
                "total/ICMSTot/vBC": "0",
                "total/ICMSTot/vICMS": "0",
            },
            None,
        ),
        ({"det/0/prod/NCM": "85171210"}, None),
        ({"pag/detPag/vPag": "110.00", "pag/vTroco": "10.00"}, None),
    ],
)
def test_first_rule_of_the_official_order(
    livre: Contexto, trocas: dict[str, Any], c_stat: int | None
) -> None:
    rejeicao = first_broken(sample("55", trocas), livre, Parametros())
    assert (rejeicao.c_stat if rejeicao else None) == c_stat


def test_1115_starts_on_its_date(tmp_path: Path) -> None:
    nota = sample(
        "55",
        {
            "emit/CRT": "1",
            "det/0/imposto": SIMPLES_IMPOSTO,
            "total/IBSCBSTot": None,
            "total/ICMSTot/vBC": "0",
            "total/ICMSTot/vICMS": "0",
        },
    )
    parametros = Parametros()
    regra = next(r for r in REGRAS if r.codigo == "UB12-10/SN")
    assert regra not in parametros.active("55", 2, datetime(2027, 1, 3).date())
    assert regra in parametros.active("55", 2, datetime(2027, 1, 4).date())
    normal = next(r for r in REGRAS if r.codigo == "UB12-10")
    assert normal in parametros.active("55", 2, datetime(2026, 7, 1).date())
    assert normal not in parametros.active("55", 1, datetime(2026, 8, 2).date())
    assert nota.crt == "1"


SIMPLES_IMPOSTO = {
    "ICMS": {"ICMSSN102": {"orig": "0", "CSOSN": "102"}},
    "PIS": {"PISOutr": {"CST": "49"}},
    "COFINS": {"COFINSOutr": {"CST": "49"}},
}


def test_rules_of_the_authorizer(tmp_path: Path) -> None:
    svc = context(tmp_path, "SVC-AN")
    assert first_broken(sample("55", {}), svc, Parametros()).c_stat == 713  # type: ignore[union-attr]
    assert first_broken(sample("65", {}), svc, Parametros()).c_stat == 783  # type: ignore[union-attr]
    svc.livro.close()
    svrs = context(tmp_path, "SVRS")
    assert first_broken(sample("55", {}), svrs, Parametros()).c_stat == 226  # type: ignore[union-attr]
    svrs.livro.close()


@pytest.mark.parametrize(
    ("contribuinte", "trocas", "c_stat"),
    [
        (Contribuinte(CNPJ, "SP", IE_SP, "X", ativa=False), {}, 781),
        (Contribuinte(CNPJ, "SP", IE_SP, "X", habilitado_nfe=False), {}, 203),
        (
            Contribuinte(CNPJ_DEST, "SP", IE_SP, "X", vedado=True),
            {"emit/IE": "110042490122", "dest/IE": IE_SP},
            303,
        ),
        (Contribuinte(CNPJ_DEST, "SP", "111111111111", "X", ativa=False), {"dest/IE": "111111111111"}, 306),
        (None, {}, 230),
    ],
)
def test_register_rules(
    tmp_path: Path, contribuinte: Contribuinte | None, trocas: dict[str, Any], c_stat: int
) -> None:
    cadastro = Cadastro([contribuinte] if contribuinte else [], estrito=contribuinte is None)
    ctx = context(tmp_path, cadastro=cadastro)
    nota = sample("55", trocas)
    quebradas = {r.c_stat for r in REGRAS if "55" in r.modelos and r.judge(nota, ctx) is not None}
    ctx.livro.close()
    assert c_stat in quebradas


def test_issuer_of_another_company_in_the_same_lot(tmp_path: Path) -> None:
    primeira = sample("55", {"emit/CNPJ": CNPJ_DEST, "ide/cUF": "43"})
    base = context(tmp_path)
    ctx = Contexto(base.agora, base.autorizador, 2, base.livro, base.cadastro, primeira=primeira)
    quebradas = {r.codigo for r in REGRAS if "55" in r.modelos and r.judge(sample("55", {}), ctx) is not None}
    base.livro.close()
    assert {"B02-20", "C02-20"} <= quebradas


def test_offline_consumer_note_may_be_late(livre: Contexto) -> None:
    d, _ = consumer_document(tp_emis="9", emissao=AGORA - timedelta(hours=20))
    chave = d["@Id"][3:]
    suplemento = QR % f"{chave}|3|2|20|100.00|||QUJD"
    assert first_broken(read(d, suplemento), livre, Parametros()) is None


def test_signature_inside_the_offline_code(livre: Contexto, a1: A1) -> None:
    from chancela.simulator.assinatura import AssinaturaLida
    from chancela.simulator.certificado import read_certificado

    d, _ = consumer_document(tp_emis="9")
    parametros = f"{d['@Id'][3:]}|3|2|21|100.00||"
    certa = base64.b64encode(a1.chave.sign(parametros.encode(), PKCS1v15(), hashes.SHA1())).decode()
    regra = next(r for r in REGRAS if r.codigo == "ZX02-338")
    for assinatura, quebrada in ((certa, False), ("QUJD", True), ("!", True)):
        texto = f'<NFe xmlns="{xml.NFE}">{node("infNFe", d)}{QR % f"{parametros}|{assinatura}"}</NFe>'
        lida = AssinaturaLida(read_certificado(a1.der), "", perfil=True, confere=True)
        nota = build_nota(xml.read_grupo(xml.parse(texto.encode())), lida, b"")
        assert (regra.judge(nota, livre) is not None) is quebrada


CSC = "CODIGO-DE-TESTE"


def csc_code(sem_hash: str, codigo: str = CSC) -> str:
    return f"{sem_hash}|{hashlib.sha1((sem_hash + codigo).encode()).hexdigest().upper()}"


@pytest.mark.parametrize(
    ("codigos", "parametros", "c_stat"),
    [
        ([], csc_code(f"{CHAVE_NFCE}|2|2|7", "outro"), None),
        ([CodigoSeguranca(CNPJ, "000001", CSC)], csc_code(f"{CHAVE_NFCE}|2|2|1"), None),
        ([CodigoSeguranca(CNPJ, "000001", CSC)], csc_code(f"{CHAVE_NFCE}|2|2|2"), 462),
        ([CodigoSeguranca(CNPJ, "1", CSC)], csc_code(f"{CHAVE_NFCE}|2|2|1", "outro"), 464),
        (
            [CodigoSeguranca(CNPJ, "1", CSC, "2026-01-01T00:00:00-03:00")],
            csc_code(f"{CHAVE_NFCE}|2|2|1"),
            463,
        ),
        (
            [CodigoSeguranca(CNPJ, "1", CSC, "2027-01-01T00:00:00-03:00")],
            csc_code(f"{CHAVE_NFCE}|2|2|1"),
            None,
        ),
        ([CodigoSeguranca(CNPJ, "1", CSC)], f"{CHAVE_NFCE}|3|2", None),
    ],
)
def test_security_codes_are_judged_once_registered(
    tmp_path: Path, codigos: list[CodigoSeguranca], parametros: str, c_stat: int | None
) -> None:
    cadastro = Cadastro(codigos=codigos)
    assert Cadastro.restore([], estrito=False, codigos=cadastro.dump_csc()).dump_csc() == cadastro.dump_csc()
    ctx = context(tmp_path, cadastro=cadastro)
    rejeicao = first_broken(sample("65", {"@supl": QR % parametros}), ctx, Parametros())
    ctx.livro.close()
    assert (rejeicao.c_stat if rejeicao else None) == c_stat


@pytest.mark.parametrize(
    ("cauda", "detalhe"),
    [
        ("21|100.00|||QUJD", None),
        ("21|100.00|2|12345678909|QUJD", "tpIdDest"),
    ],
)
def test_the_offline_code_names_the_recipient(livre: Contexto, cauda: str, detalhe: str | None) -> None:
    d, _ = consumer_document(tp_emis="9")
    regra = next(r for r in REGRAS if r.codigo == "ZX02-228")
    achado = regra.judge(read(d, QR % f"{d['@Id'][3:]}|3|2|{cauda}"), livre)
    assert achado == (None if detalhe is None else f" [Param: {detalhe}]")


@pytest.mark.parametrize(("digest", "detalhe"), [("QUJD", None), ("QUJE", " [Param: digVal]")])
def test_the_offline_code_holds_the_digest(livre: Contexto, digest: str, detalhe: str | None) -> None:
    from chancela.simulator.assinatura import AssinaturaLida

    d, _ = consumer_document(tp_emis="9")
    codigo = csc_code(f"{d['@Id'][3:]}|2|2|21|100.00|{b'QUJD'.hex()}|1")
    texto = f'<NFe xmlns="{xml.NFE}">{node("infNFe", d)}{QR % codigo}</NFe>'
    lida = AssinaturaLida(None, digest, perfil=True, confere=True)
    nota = build_nota(xml.read_grupo(xml.parse(texto.encode())), lida, b"")
    regra = next(r for r in REGRAS if r.codigo == "ZX02-228")
    assert regra.judge(nota, livre) == detalhe
