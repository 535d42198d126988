"""Cases of the groups N to U: ICMS by CST, single-phase fuels, DIFAL, IPI and ISSQN; `PASSA` comes close and passes."""

from typing import Any

from tests.simulator.casos import INTERESTADUAL, SIMPLES, icms
from tests.simulator.casos_documento import Casos
from tests.simulator.casos_itens import GASOLINA, PROD

ICMS00 = "det/0/imposto/ICMS/ICMS00"
MEI = SIMPLES | {"emit/CRT": "4"}
COMBUSTIVEL = {f"{PROD}/comb": GASOLINA}
MONO = icms("ICMS02", CST="02", qBCMono="10.0000", adRemICMS="1.5700", vICMSMono="15.70")
RETENCAO = {"qBCMonoReten": "10.0000", "adRemICMSReten": "1.5700", "vICMSMonoReten": "15.70"}
RETIDO = icms("ICMS15", CST="15", qBCMono="10.0000", adRemICMS="1.5700", vICMSMono="15.70", **RETENCAO)
ST_PAGO = {"vBCSTRet": "1.00", "pST": "18.0000", "vICMSSTRet": "0.18"}
EFETIVO = {"pRedBCEfet": "0.0000", "vBCEfet": "1.00", "pICMSEfet": "18.0000", "vICMSEfet": "0.18"}
DESTINO = {
    "vBCUFDest": "100.00", "pFCPUFDest": "0.0000", "pICMSUFDest": "17.0000", "pICMSInter": "12.00", "pICMSInterPart": "100.0000",
    "vICMSUFDest": "5.00", "vICMSUFRemet": "0.00",
}  # fmt: skip


def difal(**trocas: str) -> dict[str, Any]:
    return INTERESTADUAL | {"det/0/imposto/ICMSUFDest": DESTINO | trocas}


def ipi(cst: str, enquadramento: str) -> dict[str, Any]:
    return {"det/0/imposto/IPI": {"cEnq": enquadramento, "IPINT": {"CST": cst}}}


def fcp(aliquota: str) -> dict[str, Any]:
    return {f"{ICMS00}/pFCP": aliquota}


NFE: Casos = {
    "N12-10": {f"{PROD}/CFOP": "7102"},
    "N12-80": {"dest/indIEDest": "2"} | icms("ICMS51", CST="51"),
    "N12-81": {"ide/indFinal": "0"} | icms("ICMS60", CST="60"),
    "N12-82": icms("ICMS60", CST="60"),
    "N12-84": icms("ICMS40", CST="40"),
    "N12-90": icms("ICMS40", CST="40"),
    "N12-97": icms("ICMS51", CST="51"),
    "N12a-80": MEI | icms("ICMSSN101", CSOSN="101"),
    "N12a-90": MEI | {f"{PROD}/CFOP": "5101"},
    "N17b-10": fcp("0.0000"),
    "N17b-20": fcp("3.0000"),
    "N17c-20": INTERESTADUAL | {f"{ICMS00}/vFCP": "2.00"},
    "N18-10": icms("ICMS10", CST="10", modBCST="4"),
    "N18-20": icms("ICMS10", CST="10", modBCST="5", pMVAST="40.0000"),
    "N23b-10": icms("ICMS10", CST="10", pFCPST="0.0000"),
    "N23b-20": icms("ICMS10", CST="10", pFCPST="3.0000"),
    "N28-10": icms("ICMS40", CST="40", motDesICMS="7", vICMSDeson="1.00"),
    "N28-12": icms("ICMS40", CST="40", motDesICMS="7", vICMSDeson="1.00"),
    "N12-100": MONO,
    "N12-110": COMBUSTIVEL,
    "N37a-10": icms("ICMS02", CST="02"),
    "N39-10": MONO | {"det/0/imposto/ICMS/ICMS02/vICMSMono": "15.72"},
    "N39a-10": icms("ICMS15", CST="15"),
    "N41-10": icms("ICMS15", CST="15", **RETENCAO | {"vICMSMonoReten": "15.72"}),
    "N43a-10": icms("ICMS61", CST="61"),
    "NA09-10": difal(pICMSInter="4.00"),
    "NA09-30": difal(pICMSInter="7.00"),
    "NA11-10": difal(pICMSInterPart="80.0000"),
    "NA15-10": difal(vICMSUFDest="5.02"),
    "NA17-10": difal(vICMSUFRemet="0.02"),
    "O09-10": ipi("52", "999"),
    "U01-20": {"det/0/imposto/ISSQN": {"vBC": "1.00"}},
    "U05-10": {"det/0/imposto/ISSQN": {"cMunFG": "3599999"}},
    "U14-10": {"det/0/imposto/ISSQN": {"cMun": "3599999"}},
    "U15-10": {"det/0/imposto/ISSQN": {"cPais": "9999"}},
}  # fmt: skip
NFCE: Casos = {
    "N12-34": icms("ICMS90", CST="90", vBCST="1.00"),
    "N12a-34": icms("ICMSSN900", CSOSN="900", vBCST="1.00"),
}
PASSA: Casos = {
    "N12-10": {f"{PROD}/CFOP": "7102"} | icms("ICMS40", CST="41"),
    "N12-20": {"emit/CRT": "1"} | MONO,
    "N12-70": icms("ICMS60", CST="60"),
    "N12-80": {"dest/indIEDest": "2", "dest/CNPJ": None, "dest/CPF": "52998224725"} | icms("ICMS51", CST="51"),
    "N12-81": {"ide/indFinal": "0"} | icms("ICMS60", CST="60", **ST_PAGO),
    "N12-82": icms("ICMS60", CST="60", **EFETIVO),
    "N12-84": icms("ICMS40", CST="40") | {f"{PROD}/cBenef": "SP000201"},
    "N12-90": icms("ICMS40", CST="40", motDesICMS="9", vICMSDeson="1.00"),
    "N12-97": icms("ICMS51", CST="51", vICMSOp="18.00", pDif="50", vICMSDif="9.00"),
    "N12a-80": MEI,
    "N12a-90": MEI,
    "N16-04": INTERESTADUAL | {f"{ICMS00}/orig": "1", f"{ICMS00}/pICMS": "4.0000"},
    "N16-20": INTERESTADUAL,
    "N16a-10": icms("ICMS51", CST="51", vBC="100.00", pICMS="18", vICMSOp="18.01"),
    "N17-20": {f"{ICMS00}/vICMS": "18.01"},
    "N17b-10": fcp("2.0000"),
    "N17b-20": fcp("2.0000"),
    "N17c-20": {f"{ICMS00}/vFCP": "2.00"},
    "N18-10": icms("ICMS10", CST="10", modBCST="4", pMVAST="40.0000"),
    "N18-20": icms("ICMS10", CST="10", modBCST="4", pMVAST="40.0000"),
    "N23-10": icms("ICMS60", CST="60") | {f"{PROD}/CEST": "2102800"},
    "N23b-10": icms("ICMS10", CST="10", pFCPST="2.0000"),
    "N23b-20": icms("ICMS10", CST="10", pFCPST="2.0000"),
    "N28-10": icms("ICMS40", CST="40", motDesICMS="7", vICMSDeson="1.00") | {"dest/ISUF": "201000190"},
    "N28-12": icms("ICMS40", CST="40", motDesICMS="7", vICMSDeson="1.00", indDeduzDeson="1"),
    "N28-30": icms("ICMS40", CST="40", motDesICMS="9", vICMSDeson="0.01"),
    "N12-100": MONO | COMBUSTIVEL,
    "N12-110": MONO | COMBUSTIVEL,
    "N37a-10": MONO,
    "N39-10": RETIDO,
    "N39a-10": RETIDO,
    "N41-10": RETIDO,
    "N43a-10": icms("ICMS61", CST="61", qBCMonoRet="1.0000"),
    "NA01-20": difal(),
    "NA01-30": difal(),
    "NA09-10": difal(),
    "NA09-30": difal(),
    "NA11-10": difal(),
    "NA15-10": difal(vICMSUFDest="5.01"),
    "NA17-10": difal(),
    "O09-10": ipi("52", "301"),
    "U05-10": {"det/0/imposto/ISSQN": {"cMunFG": "3550308"}},
    "U14-10": {"det/0/imposto/ISSQN": {"cMun": "9999999"}},
    "U15-10": {"det/0/imposto/ISSQN": {"cPais": "1058"}},
}  # fmt: skip
PASSA_NFCE: Casos = {
    "N12-34": icms("ICMS90", CST="90", vBC="1.00"),
    "N12a-34": icms("ICMSSN900", CSOSN="900", vBC="1.00"),
}
