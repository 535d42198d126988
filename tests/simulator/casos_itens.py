"""Cases of the groups H to L: products, import, export, batches, fuels; `PASSA` holds documents that come close and pass."""

from typing import Any

from tests.simulator.amostra import CNPJ, build_key
from tests.simulator.casos import INTERESTADUAL, OUTRA_CHAVE
from tests.simulator.casos_documento import Casos, key, refs

PROD = "det/0/prod"
DI = {
    "nDI": "1", "dDI": "2026-11-01", "xLocDesemb": "Santos", "UFDesemb": "SP", "dDesemb": "2026-11-01", "tpViaTransp": "4", "tpIntermedio": "1",
    "cExportador": "X", "adi": [{"nAdicao": "1", "nSeqAdic": "1", "cFabricante": "F"}],
}  # fmt: skip
IMPORTACAO = {f"{PROD}/CFOP": "3102", "ide/idDest": "3", "ide/tpNF": "0"}
EXPORTACAO = {f"{PROD}/CFOP": "7501", "ide/idDest": "3"}
ENCOMENDA = DI | {"tpIntermedio": "3", "CNPJ": CNPJ, "UFTerceiro": "SP"}
LOTE = {"nLote": "L1", "qLote": "1", "dFab": "2026-01-01", "dVal": "2027-01-01"}
GASOLINA = {"cProdANP": "320102001", "descANP": "GASOLINA C COMUM", "UFCons": "SP"}
GLP = {"cProdANP": "210203001", "descANP": "GLP", "pGLP": "60.0000", "pGNn": "40.0000", "UFCons": "SP"}
ORIGEM = {"indImport": "0", "cUFOrig": "35", "pOrig": "100.0000"}
BOMBA = {"nBico": "1", "nTanque": "1", "vEncIni": "10.000", "vEncFin": "20.000"}


def indirect(*chaves: str, quantidade: str = "2.0000") -> dict[str, Any]:
    return {
        f"{PROD}/detExport": [{"exportInd": {"nRE": "1", "chNFe": c, "qExport": quantidade}} for c in chaves]
    }


NFE: Casos = {
    "I03-20": {f"{PROD}/cEAN": "2012345678903"},
    "I05e-10": {f"{PROD}/indEscala": "N"},
    "I05e-20": {f"{PROD}/indEscala": "N", f"{PROD}/CNPJFab": "1"},
    "I05f-10": {f"{PROD}/cBenef": "SP000201"},
    "I08-90": {f"{PROD}/CFOP": "6102"},
    "I08-94": INTERESTADUAL | {"dest/CNPJ": None, "dest/idEstrangeiro": "US1"},
    "I08-120": IMPORTACAO,
    "I08-180": {f"{PROD}/CFOP": "5929"} | refs(build_key(modelo="65")),
    "I08-184": {f"{PROD}/CFOP": "5929"},
    "I12-20": {f"{PROD}/cEANTrib": "2012345678903"},
    "I13-20": {f"{PROD}/comb": GASOLINA},
    "I14-10": {"ide/idDest": "3", f"{PROD}/uTrib": "CX"},
    "I23-10": {f"{PROD}/DI": [DI | {"dDesemb": "2026-11-22"}]},
    "I23b-10": {f"{PROD}/DI": [DI | {"tpViaTransp": "1"}]},
    "I23d-10": {f"{PROD}/DI": [DI | {"tpIntermedio": "2"}]},
    "I23d-20": {f"{PROD}/DI": [ENCOMENDA | {"CNPJ": "1"}]},
    "I23e-10": {f"{PROD}/DI": [DI | {"tpIntermedio": "2", "CNPJ": CNPJ}]},
    "I29a-10": {f"{PROD}/CFOP": "3127", f"{PROD}/DI": [DI]},
    "I51-10": {f"{PROD}/CFOP": "7127"},
    "I52-10": EXPORTACAO,
    "I54-10": EXPORTACAO | indirect(OUTRA_CHAVE[:-1] + str((int(OUTRA_CHAVE[-1]) + 1) % 10)),
    "I54-20": EXPORTACAO | indirect(build_key(modelo="65")),
    "I54-30": EXPORTACAO | indirect(OUTRA_CHAVE, OUTRA_CHAVE),
    "I54-40": EXPORTACAO | indirect(OUTRA_CHAVE),
    "I55-10": EXPORTACAO | indirect(OUTRA_CHAVE, quantidade="1.0000"),
    "I83-10": {f"{PROD}/rastro": [LOTE | {"dFab": "2026-11-22"}]},
    "I84-10": {f"{PROD}/rastro": [LOTE | {"dVal": "2025-12-31"}]},
    "K01-20": {f"{PROD}/med": {"cProdANVISA": "1", "vPMC": "1.00"}},
    "LA01-20": {f"{PROD}/CFOP": "5656"},
    "LA01-30": {"det/0/imposto/IBSCBS/cClassTrib": "620001"},
    "LA02-10": {f"{PROD}/comb": GASOLINA | {"cProdANP": "999999999"}},
    "LA03c-10": {f"{PROD}/comb": GASOLINA | {"pGLP": "1.0000"}},
    "LA03c-20": {f"{PROD}/comb": GLP | {"pGNn": "39.0000"}},
    "LA11-20": {f"{PROD}/comb": GASOLINA | {"encerrante": BOMBA}},
    "LA16-10": {f"{PROD}/comb": GASOLINA | {"encerrante": BOMBA | {"vEncFin": "10.000"}}},
    "LA17-10": {f"{PROD}/comb": GLP | {"pBio": "1.0000"}},
    "LA17-20": {f"{PROD}/comb": GASOLINA},
    "LA18-10": {f"{PROD}/comb": GASOLINA},
    "LA18-30": {f"{PROD}/comb": GASOLINA | {"cProdANP": "320101001", "origComb": [ORIGEM]}},
    "LA21-10": {f"{PROD}/comb": GASOLINA | {"origComb": [ORIGEM | {"pOrig": "99.0000"}]}},
}  # fmt: skip
NFCE: Casos = {
    "I05k-10": {f"{PROD}/tpCredPresIBSZFM": "1"},
    "I17b-10": {f"{PROD}/indTot": "0"},
    "LA11-10": {f"{PROD}/CFOP": "5656", f"{PROD}/comb": GASOLINA},
    "LB01-10": {f"{PROD}/nRECOPI": "1"},
}  # fmt: skip
PASSA: Casos = {
    "I03-10": {f"{PROD}/cEAN": "7891000315507"},
    "I03-20": {f"{PROD}/cEAN": "7891000315507"},
    "I12-20": {f"{PROD}/cEANTrib": "7891000315507"},
    "I05e-10": {f"{PROD}/indEscala": "N", f"{PROD}/CNPJFab": CNPJ},
    "I05e-20": {f"{PROD}/indEscala": "N", f"{PROD}/CNPJFab": CNPJ},
    "I05f-10": {f"{PROD}/cBenef": "SEM CBENEF"},
    "I08-90": INTERESTADUAL,
    "I08-120": IMPORTACAO | {"det/0/imposto/IPI": {"cEnq": "999"}},
    "I08-180": {f"{PROD}/CFOP": "5929"} | refs(OUTRA_CHAVE),
    "I08-184": {f"{PROD}/CFOP": "5929"} | refs(OUTRA_CHAVE),
    "I11-10": {f"{PROD}/vProd": "100.01"},
    "I13-20": {f"{PROD}/comb": GASOLINA, f"{PROD}/uTrib": "LT"},
    "I14-10": {"ide/idDest": "3", f"{PROD}/uTrib": "UN"},
    "I23-10": {f"{PROD}/DI": [DI]},
    "I23b-10": {f"{PROD}/DI": [DI | {"tpViaTransp": "1", "vAFRMM": "0.00"}]},
    "I23d-10": {f"{PROD}/DI": [ENCOMENDA]},
    "I23d-20": {f"{PROD}/DI": [ENCOMENDA]},
    "I23e-10": {f"{PROD}/DI": [ENCOMENDA]},
    "I29a-10": {f"{PROD}/CFOP": "3127", f"{PROD}/DI": [DI | {"adi": [{"nDraw": "1"}]}]},
    "I51-10": {f"{PROD}/CFOP": "7127", f"{PROD}/detExport": [{"nDraw": "1"}]},
    "I52-10": EXPORTACAO | indirect(OUTRA_CHAVE),
    "I54-10": EXPORTACAO | indirect(OUTRA_CHAVE),
    "I54-20": EXPORTACAO | indirect(OUTRA_CHAVE),
    "I54-30": EXPORTACAO | indirect(OUTRA_CHAVE, key(OUTRA_CHAVE, 25, "000000008")),
    "I54-40": EXPORTACAO | indirect(OUTRA_CHAVE) | refs(OUTRA_CHAVE),
    "I55-10": EXPORTACAO | indirect(OUTRA_CHAVE),
    "I83-10": {f"{PROD}/rastro": [LOTE]},
    "I84-10": {f"{PROD}/rastro": [LOTE]},
    "K01-20": {f"{PROD}/med": {"cProdANVISA": "1", "vPMC": "1.00"}, f"{PROD}/rastro": [LOTE]},
    "LA01-20": {f"{PROD}/CFOP": "5656", f"{PROD}/comb": GASOLINA},
    "LA01-30": {"det/0/imposto/IBSCBS/cClassTrib": "620001", f"{PROD}/comb": GASOLINA},
    "LA02-10": {f"{PROD}/comb": GASOLINA},
    "LA03c-10": {f"{PROD}/comb": GLP},
    "LA03c-20": {f"{PROD}/comb": GLP},
    "LA11-20": {f"{PROD}/CFOP": "5656", f"{PROD}/comb": GASOLINA | {"encerrante": BOMBA}},
    "LA16-10": {f"{PROD}/comb": GASOLINA | {"encerrante": BOMBA}},
    "LA17-10": {f"{PROD}/comb": GASOLINA | {"pBio": "30.0000"}},
    "LA17-20": {f"{PROD}/comb": GASOLINA | {"pBio": "30.0000"}},
    "LA18-10": {f"{PROD}/comb": GASOLINA | {"origComb": [ORIGEM]}},
    "LA18-30": {f"{PROD}/comb": GASOLINA | {"origComb": [ORIGEM]}},
    "LA21-10": {f"{PROD}/comb": GASOLINA | {"origComb": [ORIGEM | {"pOrig": "60.0000"}, ORIGEM | {"pOrig": "40.0000"}]}},
}  # fmt: skip
