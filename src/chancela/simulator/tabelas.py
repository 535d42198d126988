"""Who authorises what, in which local time, and the official code tables, read once from `dados/`.

Facts of the Portal da NF-e (September 2026). Kept apart from the tables of the issuing side on purpose.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

SERIES_CNPJ = range(890)
SERIES_AVULSA = range(890, 920)
SERIES_CPF = range(920, 970)

_UFS = {
    "AC": ("12", -5), "AL": ("27", -3), "AM": ("13", -4), "AP": ("16", -3), "BA": ("29", -3), "CE": ("23", -3), "DF": ("53", -3),
    "ES": ("32", -3), "GO": ("52", -3), "MA": ("21", -3), "MG": ("31", -3), "MS": ("50", -4), "MT": ("51", -4), "PA": ("15", -3),
    "PB": ("25", -3), "PE": ("26", -3), "PI": ("22", -3), "PR": ("41", -3), "RJ": ("33", -3), "RN": ("24", -3), "RO": ("11", -4),
    "RR": ("14", -4), "RS": ("43", -3), "SC": ("42", -3), "SE": ("28", -3), "SP": ("35", -3), "TO": ("17", -3),
}  # fmt: skip
CODIGO_DA_UF = {uf: codigo for uf, (codigo, _) in _UFS.items()}
UF_DO_CODIGO = {codigo: uf for uf, codigo in CODIGO_DA_UF.items()}
_PROPRIOS_NFE = frozenset(["AM", "BA", "GO", "MG", "MS", "MT", "PE", "PR", "RS", "SP"])
_PROPRIOS_NFCE = frozenset(["AM", "GO", "MG", "MS", "MT", "PR", "RS", "SP"])
_SVC_RS = frozenset(["AM", "BA", "GO", "MA", "MS", "MT", "PE", "PR"])
NORTE_NORDESTE_CO_ES = frozenset(
    [
        "AC",
        "AM",
        "AP",
        "PA",
        "RO",
        "RR",
        "TO",
        "AL",
        "BA",
        "CE",
        "MA",
        "PB",
        "PE",
        "PI",
        "RN",
        "SE",
        "DF",
        "GO",
        "MS",
        "MT",
        "ES",
    ]
)
"""Destinations of the 7 % interstate rate when the origin is S or SE except ES (Resolução do Senado 22/1989)."""

CADASTRO_NA_SVRS = frozenset(["AC", "ES", "RN", "PB", "SC"])
"""UFs whose register of taxpayers SVRS answers for; those without an own authorizer beyond them offer no query."""

MUNICIPIO_EXTERIOR = "9999999"


@dataclass(frozen=True, slots=True)
class Autorizador:
    """One authorizer: the name that addresses use, the first digit of its protocols, and its verAplic."""

    nome: str
    tipo: str
    c_uf: str | None = None

    @property
    def ver_aplic(self) -> str:
        return f"{self.nome.replace('-', '')}_LOCAL_1.0"

    @property
    def contingencia(self) -> bool:
        return self.nome in ("SVC-AN", "SVC-RS")

    def serves(self, uf: str, modelo: str, ambiente: int = 1) -> bool:
        """Whether documents of `uf` and `modelo` are its to authorise; PI has another SVC in homologation."""
        if self.contingencia:
            return uf in CODIGO_DA_UF and contingency_authorizer(uf, ambiente).nome == self.nome
        return home_authorizer(uf, modelo).nome == self.nome


_NACIONAIS = {
    "SVRS": Autorizador("SVRS", "3"),
    "SVAN": Autorizador("SVAN", "4"),
    "SVC-AN": Autorizador("SVC-AN", "6"),
    "SVC-RS": Autorizador("SVC-RS", "7"),
    "AN": Autorizador("AN", "8"),
}
AUTORIZADORES: dict[str, Autorizador] = _NACIONAIS | {
    uf: Autorizador(uf, "1", CODIGO_DA_UF[uf]) for uf in sorted(_PROPRIOS_NFE)
}


@dataclass(frozen=True, slots=True)
class Praca:
    """Where a fictitious company of a UF lives: a registration that is valid there, and the capital."""

    ie: str
    c_mun: str
    municipio: str
    cep: str


PRACAS = {
    "AC": Praca("0112345600088", "1200401", "Rio Branco", "69900078"),
    "AL": Praca("241200008", "2704302", "Maceio", "57020000"),
    "AM": Praca("041200004", "1302603", "Manaus", "69005010"),
    "AP": Praca("031200001", "1600303", "Macapa", "68900073"),
    "BA": Praca("12300086", "2927408", "Salvador", "40020000"),
    "CE": Praca("061200000", "2304400", "Fortaleza", "60030000"),
    "DF": Praca("0712345600019", "5300108", "Brasilia", "70040010"),
    "ES": Praca("081200005", "3205309", "Vitoria", "29010000"),
    "GO": Praca("101200005", "5208707", "Goiania", "74003010"),
    "MA": Praca("121200000", "2111300", "Sao Luis", "65010000"),
    "MG": Praca("0621234500042", "3106200", "Belo Horizonte", "30110000"),
    "MS": Praca("281200009", "5002704", "Campo Grande", "79002000"),
    "MT": Praca("12345600006", "5103403", "Cuiaba", "78005000"),
    "PA": Praca("151200009", "1501402", "Belem", "66010000"),
    "PB": Praca("161200001", "2507507", "Joao Pessoa", "58010000"),
    "PE": Praca("031200001", "2611606", "Recife", "50010000"),
    "PI": Praca("191200000", "2211001", "Teresina", "64000010"),
    "PR": Praca("1012300073", "4106902", "Curitiba", "80010000"),
    "RJ": Praca("11200001", "3304557", "Rio de Janeiro", "20010000"),
    "RN": Praca("201200007", "2408102", "Natal", "59010000"),
    "RO": Praca("12345678900005", "1100205", "Porto Velho", "76801000"),
    "RR": Praca("241200003", "1400100", "Boa Vista", "69301000"),
    "RS": Praca("0961200006", "4314902", "Porto Alegre", "90010000"),
    "SC": Praca("251200000", "4205407", "Florianopolis", "88010000"),
    "SE": Praca("271200006", "2800308", "Aracaju", "49010000"),
    "SP": Praca("111234505003", "3550308", "Sao Paulo", "01001000"),
    "TO": Praca("291200001", "1721000", "Palmas", "77001000"),
}


def home_authorizer(uf: str, modelo: str) -> Autorizador:
    """The authorizer of a UF in normal times."""
    proprios = _PROPRIOS_NFCE if modelo == "65" else _PROPRIOS_NFE
    if uf in proprios:
        return AUTORIZADORES[uf]
    return AUTORIZADORES["SVAN" if uf == "MA" and modelo != "65" else "SVRS"]


def contingency_authorizer(uf: str, ambiente: int) -> Autorizador:
    """The SVC that stands in for the home authorizer of a UF."""
    na_svrs = uf in _SVC_RS or (uf == "PI" and ambiente == 2)
    return AUTORIZADORES["SVC-RS" if na_svrs else "SVC-AN"]


def authorizer_of(uf: str, modelo: str, tp_emis: str) -> Autorizador:
    """The authorizer that a message means when its address names none."""
    if tp_emis == "6":
        return AUTORIZADORES["SVC-AN"]
    if tp_emis == "7":
        return AUTORIZADORES["SVC-RS"]
    return home_authorizer(uf, modelo)


_FUSOS = {uf: timezone(timedelta(hours=horas)) for uf, (_, horas) in _UFS.items()}


@lru_cache(maxsize=256)
def local_text(instante: datetime, uf: str) -> str:
    """The instant as the authorizers write it: AAAA-MM-DDThh:mm:ss with the offset of the UF (no summer time since 2019)."""
    return instante.astimezone(_FUSOS.get(uf, _FUSOS["SP"])).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Cfop:
    """Flags of one CFOP in the authorizers' table."""

    nfe: bool
    devolucao: bool
    retorno: bool
    remessa: bool
    combustivel: bool
    transporte: bool


@dataclass(frozen=True, slots=True)
class CstIbsCbs:
    """Which groups a CST of IBS/CBS demands."""

    regular: bool
    mono: bool
    reducao: bool
    diferimento: bool
    transferencia: bool
    ajuste: bool


@dataclass(frozen=True, slots=True)
class ClassTrib:
    """One cClassTrib: its CST, reductions (percent, as text), indicators and where it may be used.

    `grupos` names the groups that it demands: `credpres`, `mono_padrao`, `mono_reten`, `mono_ret`, `mono_dif`, `estorno`.
    """

    cst: str
    reducao_ibs: str
    reducao_cbs: str
    tributacao_regular: bool
    nfe: bool
    nfce: bool
    inicio: date
    fim: date | None
    grupos: frozenset[str]


_GRUPOS_DA_CLASSE = ("credpres", "mono_padrao", "mono_reten", "mono_ret", "mono_dif", "estorno")


@dataclass(frozen=True, slots=True)
class Ncm:
    """One NCM: validity, and the taxable unit of foreign trade (empty when the table names none)."""

    inicio: date
    fim: date | None
    utrib: str


@dataclass(frozen=True, slots=True)
class Combustivel:
    """One product of the ANP. `utrib` is there only for those of the single-phase ICMS (Convênios 199/2022 and 15/2023).

    `biodiesel` and `origem` are None where the table leaves them open.
    """

    biodiesel: bool | None
    origem: bool | None
    utrib: str


@dataclass(frozen=True, slots=True)
class CreditoPresumido:
    """One cCredPres: whether it is deducted from the tax, and which taxes it concerns."""

    deduz: bool
    ibs: bool
    cbs: bool


@dataclass(frozen=True, slots=True)
class Fcp:
    """The rates of the fund of one UF: a closed list, or the highest."""

    maximo: bool
    aliquotas: tuple[Decimal, ...]

    def accepts(self, aliquota: Decimal) -> bool:
        return aliquota <= self.aliquotas[0] if self.maximo else aliquota in self.aliquotas


@dataclass(frozen=True, slots=True)
class RegraOficial:
    """One row of the official rule tables (MOC 7.0, Anexo I, and Notas Técnicas), as the simulator counts them."""

    grupo: str
    codigo: str
    modelos: str
    prioridade: int
    c_stat: int
    mensagem: str


def _rows(nome: str) -> Iterator[dict[str, str]]:
    texto = files("chancela.simulator").joinpath("dados", nome).read_text("utf-8")
    yield from csv.DictReader(texto.splitlines())


@cache
def municipios() -> frozenset[str]:
    """IBGE codes of the municipalities."""
    return frozenset(linha["codigo"] for linha in _rows("municipios.csv"))


@cache
def cfops() -> dict[str, Cfop]:
    """The authorizers' CFOP table, by code."""
    return {
        linha["cfop"]: Cfop(
            linha["nfe"] == "1",
            linha["devolucao"] == "1",
            linha["retorno"] == "1",
            linha["remessa"] == "1",
            linha["combustivel"] == "1",
            linha["transporte"] == "1",
        )
        for linha in _rows("cfop.csv")
    }


@cache
def ncms() -> dict[str, Ncm]:
    """NCM codes."""
    return {
        linha["ncm"]: Ncm(_date(linha["inicio"]) or date.min, _date(linha["fim"]), linha["utrib"])
        for linha in _rows("ncm.csv")
    }


@cache
def paises() -> frozenset[str]:
    """Country codes of the Banco Central, without zeros on the left."""
    return frozenset(linha["codigo"].lstrip("0") for linha in _rows("paises.csv"))


@cache
def combustiveis() -> dict[str, Combustivel]:
    """Products of the ANP, by code."""
    return {
        linha["produto"]: Combustivel(_flag(linha["biodiesel"]), _flag(linha["origem"]), linha["utrib"])
        for linha in _rows("anp.csv")
    }


@cache
def creditos_presumidos() -> dict[str, CreditoPresumido]:
    """cCredPres of IBS and CBS."""
    return {
        linha["codigo"]: CreditoPresumido(linha["deduz"] == "1", linha["ibs"] == "1", linha["cbs"] == "1")
        for linha in _rows("ccredpres.csv")
    }


@cache
def class_tribs_is() -> frozenset[tuple[str, str]]:
    """CSTIS and cClassTribIS, in the pairs of the table."""
    return frozenset((linha["cst"], linha["cclasstribis"]) for linha in _rows("cclasstrib_is.csv"))


@cache
def regras_oficiais() -> tuple[RegraOficial, ...]:
    """The rules in the order of the tables, judged here or not."""
    return tuple(
        RegraOficial(
            linha["grupo"], linha["codigo"], linha["modelos"], int(linha["prioridade"]), int(linha["cstat"]), linha["mensagem"]
        )
        for linha in _rows("regras.csv")
    )  # fmt: skip


@cache
def fcps() -> dict[str, Fcp]:
    """Rates of the Fundo de Combate à Pobreza, by UF."""
    return {
        linha["uf"]: Fcp(linha["tipo"] == "max", tuple(Decimal(a) for a in linha["aliquotas"].split()))
        for linha in _rows("fcp.csv")
    }


@cache
def meios_pagamento() -> frozenset[str]:
    """tPag in force."""
    return frozenset(linha["tpag"] for linha in _rows("tpag.csv"))


@cache
def bandeiras() -> frozenset[str]:
    """tBand."""
    return frozenset(linha["tband"] for linha in _rows("tband.csv"))


@cache
def csts_ibscbs() -> dict[str, CstIbsCbs]:
    """CST of IBS/CBS, with the groups that they demand."""
    return {
        linha["cst"]: CstIbsCbs(
            linha["regular"] == "1",
            linha["mono"] == "1",
            linha["reducao"] == "1",
            linha["diferimento"] == "1",
            linha["transferencia"] == "1",
            linha["ajuste"] == "1",
        )
        for linha in _rows("cst_ibscbs.csv")
    }


@cache
def class_tribs() -> dict[str, ClassTrib]:
    """cClassTrib of IBS/CBS."""
    return {
        linha["cclasstrib"]: ClassTrib(
            linha["cst"], linha["red_ibs"], linha["red_cbs"], linha["regular"] == "1", linha["nfe"] == "1", linha["nfce"] == "1",
            _date(linha["inicio"]) or date.min, _date(linha["fim"]), frozenset(g for g in _GRUPOS_DA_CLASSE if linha[g] == "1"),
        )
        for linha in _rows("cclasstrib.csv")
    }  # fmt: skip


def _flag(texto: str) -> bool | None:
    """1 and 0; a dash or nothing is open."""
    return {"1": True, "0": False}.get(texto)


def _date(texto: str) -> date | None:
    return date.fromisoformat(texto) if texto else None
