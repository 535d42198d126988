"""The taxes that a caller states for an item, brought to the groups of the layout (ICMS00, PISAliq, ...).

The situation chooses the group. A value that its group does not have is left out and told, so that it enters no total.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chancela.documents.nfe.layout_tributos import ATRIBUTOS_ICMS

Grupo = dict[str, Any]
Falta = Callable[[str, str], None]
"""Told of a required value that is missing: path below the taxes of the item, and what to do."""

_ICMS_POR_SITUACAO: Mapping[str, str] = {
    **{cst: f"ICMS{cst}" for cst in ("00", "02", "10", "15", "20", "30", "51", "53", "60", "61", "70", "90")},
    **dict.fromkeys(("40", "41", "50"), "ICMS40"),
    **{f"{cst}_partilha": "ICMSPart" for cst in ("10", "20", "90")},
    **{f"{cst}_st": "ICMSST" for cst in ("41", "60")},
    "101": "ICMSSN101",
    **dict.fromkeys(("102", "103", "300", "400"), "ICMSSN102"),
    "201": "ICMSSN201",
    **dict.fromkeys(("202", "203"), "ICMSSN202"),
    "500": "ICMSSN500",
    "900": "ICMSSN900",
}
_IPI_TRIBUTADO = frozenset(["00", "49", "50", "99"])
_IPI_DO_GRUPO = frozenset(["cst", "codigo_enquadramento", "cnpj_produtor", "codigo_selo", "quantidade_selo"])
_CONTRIBUICAO: Mapping[str, tuple[str, ...]] = {
    "Aliq": ("base_calculo", "aliquota", "valor"),
    "Qtde": ("quantidade", "aliquota_reais", "valor"),
    "NT": (),
    "Outr": ("base_calculo", "aliquota", "quantidade", "aliquota_reais", "valor"),
}
_SEM_VALOR_OUTRAS = {"base_calculo": "0.00", "aliquota": "0.00", "valor": "0.00"}


class Informados:
    """The taxes of one item on their way to typed groups."""

    def __init__(self, tributos: Grupo, falta: Falta, *, exige_icms: bool = True) -> None:
        self.tributos = tributos
        self.falta = falta
        self.exige_icms = exige_icms
        self.sobras: list[str] = []
        """Paths of what no group took."""

    def complete(self) -> None:
        """Choose every group and fill what the dictionary says is filled when absent."""
        if "issqn" in self.tributos:
            self.tributos.pop("icms", None)
        elif self.exige_icms or "icms" in self.tributos:
            self._icms()
        self._ipi()
        for imposto in ("pis", "cofins"):
            self._contribution(imposto)
            if f"{imposto}_st" in self.tributos:
                self.tributos[f"{imposto}_st"]["grupo"] = "ST"
        if "icms_uf_destino" in self.tributos:
            self.tributos["icms_uf_destino"].setdefault("percentual_partilha", "100.00")
        monofasia = self.tributos.get("ibs_cbs", {}).get("monofasia", {})
        for lado in ("ibs", "cbs"):
            if lado in monofasia:
                monofasia[lado]["ad_rem"] = True

    def _icms(self) -> None:
        icms: Grupo | None = self.tributos.get("icms")
        situacao: str = "" if icms is None else icms.pop("situacao", "")
        grupo = _ICMS_POR_SITUACAO.get(situacao)
        if icms is None or grupo is None:
            self.falta(
                "icms.situacao",
                "Informe a situação tributária do ICMS, como 00 ou 102, ou os campos do ISSQN.",
            )
            self.tributos.pop("icms", None)
            return
        self._keep("icms", icms, ATRIBUTOS_ICMS[grupo])
        icms["grupo"] = grupo
        icms["csosn" if len(situacao) == 3 else "cst"] = situacao.partition("_")[0]

    def _ipi(self) -> None:
        ipi: Grupo | None = self.tributos.get("ipi")
        if ipi is None:
            return
        if "cst" not in ipi:
            self.falta("ipi.cst", "Informe a situação tributária do IPI, ou nenhum campo dele.")
            del self.tributos["ipi"]
            return
        ipi["grupo"] = "IPITrib" if ipi["cst"] in _IPI_TRIBUTADO else "IPINT"
        if ipi["grupo"] == "IPINT":
            self._keep("ipi", ipi, _IPI_DO_GRUPO | {"grupo"})

    def _contribution(self, imposto: str) -> None:
        grupo: Grupo | None = self.tributos.get(imposto)
        if grupo is None:
            return
        if "cst" not in grupo:
            self.falta(f"{imposto}.cst", f"Informe a situação tributária de {imposto.upper()}.")
            del self.tributos[imposto]
            return
        nome = _contribution_group(grupo["cst"])
        self._keep(imposto, grupo, {"cst", *_CONTRIBUICAO[nome]})
        if nome == "Outr" and set(grupo) == {"cst"}:
            grupo |= _SEM_VALOR_OUTRAS
        grupo["grupo"] = nome

    def _keep(self, imposto: str, grupo: Grupo, atributos: frozenset[str] | set[str]) -> None:
        """Drop what the group has no element for; zeros are dropped in silence."""
        for nome in [n for n in grupo if n not in atributos]:
            valor = grupo.pop(nome)
            # One wire name fills both kinds of rate; the group has one of them.
            if nome not in ("aliquota", "aliquota_ad_rem") and str(valor).strip("0.") != "":
                self.sobras.append(f"{imposto}.{nome}")


def _contribution_group(cst: str) -> str:
    if cst in ("01", "02"):
        return "Aliq"
    if cst == "03":
        return "Qtde"
    return "NT" if "04" <= cst <= "09" else "Outr"
