"""Cases of the groups UB, VC and of the totals of IS, IBS and CBS; `PASSA` holds documents that come close and pass."""

from copy import deepcopy
from typing import Any

from tests.simulator.amostra import ibscbs, item
from tests.simulator.casos import CBS, MUN, OUTRA_CHAVE, UF_G, cst_ibs
from tests.simulator.casos_documento import CREDITO, Casos, key, refs

GRUPO = "det/0/imposto/IBSCBS"
DEBITO = {"ide/finNFe": "6"}
SELETIVO = {"CSTIS": "000", "cClassTribIS": "000001", "vBCIS": "100.00", "pIS": "10.0000", "vIS": "10.00"}
GOVERNO = {
    "pAliqIBSUF": "0.1",
    "vTribIBSUF": "0.10",
    "pAliqIBSMun": "0",
    "vTribIBSMun": "0",
    "pAliqCBS": "0.9",
    "vTribCBS": "0.90",
}
REGULAR = {
    "CSTReg": "000", "cClassTribReg": "000001", "pAliqEfetRegIBSUF": "0.1", "vTribRegIBSUF": "0.10", "pAliqEfetRegIBSMun": "0",
    "vTribRegIBSMun": "0", "pAliqEfetRegCBS": "0.9", "vTribRegCBS": "0.90",
}  # fmt: skip
DEVOLVE = {f"{CBS}/gDevTrib": {"pDevTrib": "50.0000", "vDevTrib": "0.45"}}
ESTORNO = {"vIBSEstCred": "1.00", "vCBSEstCred": "1.00"}
AJUSTE = {"competApur": "2026-10", "vIBS": "1.00", "vCBS": "0.00"}
TRANSFERENCIA = {"vIBS": "1.00", "vCBS": "0.00"}
OPERACAO = {"vBCCredPres": "100.00", "cCredPres": "04"}
UM = {"pCredPres": "1.0000", "vCredPres": "1.00"}
ZFM = {"competApur": "2026-11", "tpCredPresIBSZFM": "1", "vCredPresIBSZFM": "1.00"}


def group(cst: str, classe: str, **grupos: Any) -> dict[str, Any]:
    """The item's IBSCBS with these groups and no other."""
    return {GRUPO: {"CST": cst, "cClassTrib": classe, **grupos}}


def mono(classe: str, **trocas: Any) -> dict[str, Any]:
    """Single phase: own value of IBS 1.00 and CBS 2.00, withheld 0.50 and 0.25, paid before 0.10 and 0.20."""
    ibs = {
        "gMonoPadrao": {"qBCMono": "1", "adRemIBS": "1", "vIBSMono": "1.00"},
        "gMonoReten": {"qBCMonoReten": "1", "adRemIBSReten": "0.5", "vIBSMonoReten": "0.50"},
        "gMonoRet": {"vIBSMonoRet": "0.10"},
    }
    cbs = {
        "gMonoPadrao": {"qBCMono": "1", "adRemCBS": "2", "vCBSMono": "2.00"},
        "gMonoReten": {"qBCMonoReten": "1", "adRemCBSReten": "0.25", "vCBSMonoReten": "0.25"},
        "gMonoRet": {"vCBSMonoRet": "0.20"},
    }
    tem = trocas.pop("com", ("gMonoPadrao", "gMonoReten", "gMonoRet"))
    valores = {"vTotIBSMonoItem": "1.50", "vTotCBSMonoItem": "2.25"} | trocas
    grupo = {
        "gIBSMonoAdRem": {g: deepcopy(ibs[g]) for g in tem},
        "gCBSMonoAdRem": {g: deepcopy(cbs[g]) for g in tem},
        **valores,
    }
    return group("620", classe, gIBSCBSMono=grupo)


def operation(codigo: str = "04", **grupos: Any) -> dict[str, Any]:
    return {f"{GRUPO}/gCredPresOper": OPERACAO | {"cCredPres": codigo} | grupos}


def referred(*referencias: dict[str, str] | None, **trocas: str) -> dict[str, Any]:
    """One item per reference."""
    itens = [
        item(n) | ({"DFeReferenciado": r} if r is not None else {}) for n, r in enumerate(referencias, 1)
    ]
    return {"det": itens} | {f"ide/{tag}": valor for tag, valor in trocas.items()}


def selective(**trocas: str) -> dict[str, Any]:
    return {"det/0/imposto/IS": SELETIVO | trocas}


def regular(**trocas: str) -> dict[str, Any]:
    return {f"{GRUPO}/gIBSCBS/gTribRegular": REGULAR | trocas}


def totals(**grupos: Any) -> dict[str, Any]:
    return {f"total/IBSCBSTot/{tag}": valor for tag, valor in grupos.items()}


PRIMEIRO = {"chaveAcesso": OUTRA_CHAVE, "nItem": "1"}
SEM_ITEM = {"chaveAcesso": OUTRA_CHAVE}
OUTRO = {"chaveAcesso": key(OUTRA_CHAVE, 25, "000000008"), "nItem": "1"}
MONO_TOTAL = {
    "vIBSMono": "1.00", "vCBSMono": "2.00", "vIBSMonoReten": "0.50", "vCBSMonoReten": "0.25", "vIBSMonoRet": "0.10", "vCBSMonoRet": "0.20",
}  # fmt: skip
NFE: Casos = {
    "UB02-10": selective(CSTIS="999"),
    "UB03-10": selective(cClassTribIS="999999"),
    "UB11-10": selective(vIS="10.02"),
    "UB13-44": group("000", "000001", gTransfCred=TRANSFERENCIA),
    "UB13-45": group("800", "800001"),
    "UB14-70": DEBITO | {"ide/tpNFDebito": "01"},
    "UB14-80": CREDITO | {"ide/tpNFCredito": "05"},
    "UB24-10": {f"{UF_G}/gDevTrib": {"vDevTrib": "0.01"}},
    "UB43-10": {f"{MUN}/gDevTrib": {"vDevTrib": "0.01"}},
    "UB62a-10": {f"{CBS}/gDevTrib": {"vDevTrib": "0.01"}},
    "UB63-10": {f"{CBS}/gDevTrib": {"pDevTrib": "50.0000", "vDevTrib": "0.47"}},
    "UB69-10": regular(CSTReg="999"),
    "UB70-10": regular(cClassTribReg="999999"),
    "UB72-10": regular(vTribRegIBSUF="0.12"),
    "UB72b-10": regular(vTribRegIBSMun="0.02"),
    "UB72d-10": regular(vTribRegCBS="0.92"),
    "UB82a-10": {"ide/gCompraGov": {"tpEnteGov": "1"}},
    "UB82a-20": {f"{GRUPO}/gIBSCBS/gTribCompraGov": GOVERNO | {"vTribCBS": "0.95"}},
    "UB82a-30": {f"{GRUPO}/gIBSCBS/gTribCompraGov": GOVERNO},
    "UB84a-10": mono("620001", com=("gMonoRet",)),
    "UB84a-20": mono("620005"),
    "UB90-10": mono("620002", com=("gMonoPadrao",)),
    "UB90-20": mono("620001"),
    "UB94-10": mono("620006", com=("gMonoPadrao",)),
    "UB94-20": mono("620001"),
    "UB104-10": mono("620002", vTotIBSMonoItem="1.52"),
    "UB105-10": mono("620002", vTotCBSMonoItem="2.27"),
    "UB106-30": group("800", "800001", gTransfCred=TRANSFERENCIA),
    "UB106-31": group("800", "800001", gTransfCred=TRANSFERENCIA) | DEBITO | {"ide/tpNFDebito": "02"},
    "UB106-40": group("800", "800001", gTransfCred=TRANSFERENCIA | {"vIBS": "0.00"}),
    "UB112-10": group("000", "000001", gAjusteCompet=AJUSTE),
    "UB112-20": group("811", "811001"),
    "UB112-30": group("811", "811001", gAjusteCompet=AJUSTE | {"vIBS": "0.00"}),
    "UB116-10": {f"{GRUPO}/gEstornoCred": ESTORNO},
    "UB116-20": cst_ibs("410", "410030"),
    "UB116-30": {f"{GRUPO}/gEstornoCred": {"vIBSEstCred": "0.00", "vCBSEstCred": "0.00"}},
    "UB120-20": operation("01"),
    "UB122-10": operation("99"),
    "UB123-10": operation("05", gIBSCredPres=UM),
    "UB123-20": operation("04"),
    "UB125-10": operation("04", gIBSCredPres=UM | {"vCredPres": "100.01"}),
    "UB127-10": operation("11", gCBSCredPres=UM),
    "UB127-20": operation("04"),
    "UB129-10": operation("04", gCBSCredPres=UM | {"vCredPres": "100.01"}),
    "UB131-40": {f"{GRUPO}/gCredPresIBSZFM": ZFM},
    "UB131-50": CREDITO | {"ide/tpNFCredito": "02"},
    "UB132-10": {f"{GRUPO}/gCredPresIBSZFM": ZFM | {"competApur": "2026-12"}},
    "UB133-10": {"det": [item(n) | {"imposto": {"IBSCBS": {"gCredPresIBSZFM": ZFM}}} for n in (1, 2)]},
    "VC02-07": referred(PRIMEIRO, finNFe="5"),
    "VC02-10": DEBITO | {"ide/tpNFDebito": "03"},
    "VC02-14": referred(PRIMEIRO, None, finNFe="4"),
    "VC02-15": referred(SEM_ITEM, finNFe="4"),
    "VC02-20": referred(PRIMEIRO, PRIMEIRO, finNFe="4"),
    "VC02-30": referred(PRIMEIRO, OUTRO, finNFe="6"),
    "VC03-10": referred(PRIMEIRO, finNFe="6", tpNFDebito="03"),
    "VC03-20": referred(SEM_ITEM, finNFe="6", tpNFDebito="04"),
    "W31-10": {"total/ISTot": {"vIS": "0.00"}},
    "W31-20": selective(),
    "W33-10": selective() | {"total/ISTot": {"vIS": "9.99"}},
    "W58-10": mono("620002"),
    "W59-10": mono("620002"),
    "W59a-10": mono("620002"),
    "W59b-10": mono("620002"),
    "W59c-10": mono("620006"),
    "W59d-10": mono("620006"),
    "W59f-10": {f"{GRUPO}/gEstornoCred": ESTORNO},
    "W59g-10": {f"{GRUPO}/gEstornoCred": ESTORNO},
}  # fmt: skip
NFCE: Casos = {
    "UB62-10": DEVOLVE,
    "UB120-10": operation(),
    "UB131-10": {f"{GRUPO}/gCredPresIBSZFM": ZFM},
    "VC02-04": {"det/0/DFeReferenciado": PRIMEIRO},
}  # fmt: skip
PASSA: Casos = {
    "UB02-10": selective(),
    "UB03-10": selective(),
    "UB11-10": selective(vIS="10.01"),
    "UB12-10": {"ide/finNFe": "4", GRUPO: None} | refs(key(OUTRA_CHAVE, 2, "2607")),
    "UB13-44": group("800", "800001", gTransfCred=TRANSFERENCIA),
    "UB13-45": group("800", "800001", gTransfCred=TRANSFERENCIA),
    "UB14-70": group("800", "800002") | DEBITO | {"ide/tpNFDebito": "01"},
    "UB14-80": group("800", "800001") | CREDITO | {"ide/tpNFCredito": "05"},
    "UB23-10": {
        GRUPO: ibscbs() | {"CST": "515", "cClassTrib": "515001"}, f"{UF_G}/gRed": {"pRedAliq": "60.0000", "pAliqEfet": "0.0400"},
        f"{UF_G}/gDif": {"pDif": "100.0000", "vDif": "0.04"},
    },
    "UB54a-10": operation("04", gIBSCredPres=UM) | {f"{GRUPO}/gIBSCBS/vIBS": "-0.90"},
    "UB62a-10": DEVOLVE,
    "UB63-10": DEVOLVE,
    "UB69-10": regular(),
    "UB70-10": regular(),
    "UB72-10": regular(vTribRegIBSUF="0.11"),
    "UB72b-10": regular(),
    "UB72d-10": regular(),
    "UB82a-10": {"ide/gCompraGov": {"tpEnteGov": "1"}, f"{GRUPO}/gIBSCBS/gTribCompraGov": GOVERNO},
    "UB82a-20": {f"{GRUPO}/gIBSCBS/gTribCompraGov": GOVERNO | {"vTribCBS": "0.94"}},
    "UB82a-30": {"ide/gCompraGov": {"tpEnteGov": "1"}, f"{GRUPO}/gIBSCBS/gTribCompraGov": GOVERNO},
    "UB84a-10": mono("620001"),
    "UB84a-20": mono("620001"),
    "UB90-10": mono("620002"),
    "UB90-20": mono("620002"),
    "UB94-10": mono("620006"),
    "UB94-20": mono("620006"),
    "UB104-10": mono("620002", vTotIBSMonoItem="1.51"),
    "UB105-10": mono("620002"),
    "UB106-30": group("800", "800001", gTransfCred=TRANSFERENCIA) | DEBITO,
    "UB106-31": group("800", "800001", gTransfCred=TRANSFERENCIA) | DEBITO | {"ide/tpNFDebito": "01"},
    "UB106-40": group("800", "800001", gTransfCred=TRANSFERENCIA),
    "UB112-10": group("811", "811001", gAjusteCompet=AJUSTE),
    "UB112-20": group("811", "811001", gAjusteCompet=AJUSTE),
    "UB112-30": group("811", "811001", gAjusteCompet=AJUSTE),
    "UB116-10": group("410", "410030", gEstornoCred=ESTORNO),
    "UB116-20": group("410", "410030", gEstornoCred=ESTORNO),
    "UB116-30": {f"{GRUPO}/gEstornoCred": ESTORNO},
    "UB120-20": operation("04"),
    "UB122-10": operation("04"),
    "UB123-10": operation("04", gIBSCredPres=UM),
    "UB123-20": operation("04", gIBSCredPres=UM),
    "UB125-10": operation("04", gIBSCredPres=UM | {"vCredPres": "100.00"}),
    "UB127-10": operation("04", gCBSCredPres=UM),
    "UB127-20": operation("04", gCBSCredPres=UM),
    "UB129-10": operation("04", gCBSCredPres=UM | {"vCredPres": "100.00"}),
    "UB131-40": CREDITO | {"ide/tpNFCredito": "02", f"{GRUPO}/gCredPresIBSZFM": ZFM},
    "UB131-50": CREDITO | {"ide/tpNFCredito": "02", f"{GRUPO}/gCredPresIBSZFM": ZFM},
    "UB132-10": {f"{GRUPO}/gCredPresIBSZFM": ZFM},
    "VC02-05": {"det/0/DFeReferenciado": PRIMEIRO},
    "VC02-14": referred(PRIMEIRO, OUTRO, finNFe="4"),
    "VC02-15": referred(PRIMEIRO, finNFe="4"),
    "VC02-20": referred(PRIMEIRO, OUTRO, finNFe="4"),
    "VC02-30": referred(PRIMEIRO, OUTRO, finNFe="4"),
    "VC03-10": referred(SEM_ITEM, finNFe="6", tpNFDebito="03"),
    "VC03-20": referred(PRIMEIRO, finNFe="6", tpNFDebito="04"),
    "W31-10": selective() | {"total/ISTot": {"vIS": "10.00"}},
    "W31-20": selective() | {"total/ISTot": {"vIS": "10.00"}},
    "W33-10": selective() | {"total/ISTot": {"vIS": "10.00"}},
    "W58-10": mono("620002") | totals(gMono=MONO_TOTAL),
    "W59-10": mono("620002") | totals(gMono=MONO_TOTAL),
    "W59a-10": mono("620002") | totals(gMono=MONO_TOTAL),
    "W59b-10": mono("620002") | totals(gMono=MONO_TOTAL),
    "W59c-10": mono("620002") | totals(gMono=MONO_TOTAL),
    "W59d-10": mono("620002") | totals(gMono=MONO_TOTAL),
    "W59f-10": {f"{GRUPO}/gEstornoCred": ESTORNO} | totals(gEstornoCred=ESTORNO),
    "W59g-10": {f"{GRUPO}/gEstornoCred": ESTORNO} | totals(gEstornoCred=ESTORNO),
}  # fmt: skip
