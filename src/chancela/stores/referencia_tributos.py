"""The fact tables of the tax engine, read from the CSV files of the package into frozen values, once per process."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from chancela.domain.identidade import Uf
from chancela.domain.tributos.tabelas import (
    AliquotaInterestadual,
    AliquotaInterna,
    AliquotaReferencia,
    ClassificacaoIbsCbs,
    CreditoPresumidoTabela,
    CstIbsCbs,
    Tabelas,
)
from chancela.kit.packaged import packaged_rows

FIM_DAS_ALIQUOTAS_OFICIAIS = date(2026, 12, 31)
"""After this day the CBS (and from 2029 the IBS) of the table is an estimate (LC 214/2025, arts. 343 to 347 and 349)."""


@cache
def packaged_tabelas() -> Tabelas:
    """The tables that come with the product."""
    return load_tabelas({})


def load_tabelas(conteudos: Mapping[str, bytes]) -> Tabelas:
    """The tables of the engine: a reference table in `conteudos` holds instead of the package's.

    A missing column raises KeyError, a figure that is none ValueError or ArithmeticError: the product cannot compute without.
    """

    def reference(nome: str) -> Iterator[dict[str, str]]:
        return _rows(conteudos[nome]) if nome in conteudos else packaged_rows(f"referencia/{nome}.csv")

    return Tabelas(
        interestaduais={
            (Uf(r["uf_origem"]), Uf(r["uf_destino"])): AliquotaInterestadual(
                Decimal(r["aliquota"]), Decimal(r["aliquota_importado"])
            )
            for r in packaged_rows("icms_rates.csv")
        },
        internas=_read_internas(packaged_rows("icms_internal.csv")),
        cst_ibs_cbs={r["cst_ibs_cbs"]: _read_cst(r) for r in reference("cst_ibscbs_oficial")},
        classificacoes={r["cclasstrib"]: _read_classe(r) for r in reference("cclasstrib_oficial")},
        referencias=_read_referencias(reference("ibs_cbs_aliquotas_referencia")),
        creditos_presumidos={
            r["ccredpres"]: CreditoPresumidoTabela(r["ccredpres"], r["ind_deduz"] == "1")
            for r in reference("ccredpres")
        },
    )


def _rows(conteudo: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(conteudo.decode("utf-8").splitlines())


def _day(texto: str) -> date | None:
    return date.fromisoformat(texto) if texto else None


def _read_internas(linhas: Iterable[dict[str, str]]) -> dict[Uf, tuple[AliquotaInterna, ...]]:
    por_uf: dict[Uf, list[AliquotaInterna]] = {}
    for r in linhas:
        linha = AliquotaInterna(
            aliquota=Decimal(r["rate"]),
            fcp=Decimal(r["fcp"]),
            fcp_maximo=Decimal(r["fcp_max"]),
            difal_base=r["difal_base"],
            desde=_day(r["valid_from"]),
            certeza=r["certainty"],
        )
        por_uf.setdefault(Uf(r["uf"]), []).append(linha)
    return {uf: tuple(sorted(da_uf, key=lambda a: a.desde or date.min)) for uf, da_uf in por_uf.items()}


def _read_cst(r: dict[str, str]) -> CstIbsCbs:
    return CstIbsCbs(
        codigo=r["cst_ibs_cbs"],
        descricao=r["descricao_cst_ibs_cbs"],
        tributacao=r["ind_gibscbs"] == "1",
        monofasia=r["ind_gibscbsmono"] == "1",
        reducao=r["ind_gred"] == "1",
        diferimento=r["ind_gdif"] == "1",
        transferencia=r["ind_gtransfcred"] == "1",
        credito_zfm=r["ind_gcredpresibszfm"] == "1",
        ajuste=r["ind_gajustecompet"] == "1",
        redutor_base=r["ind_redutorbc"] == "1",
    )


def _read_classe(r: dict[str, str]) -> ClassificacaoIbsCbs:
    return ClassificacaoIbsCbs(
        codigo=r["cclasstrib"],
        cst=r["cst_ibs_cbs"],
        nome=r["nome_cclasstrib"],
        base_legal=r["lc_214_25"],
        tipo_aliquota=r["tipo_de_aliquota"],
        reducao_ibs=Decimal(r["predibs"] or 0),
        reducao_cbs=Decimal(r["predcbs"] or 0),
        tributacao_regular=r["ind_gtribregular"] == "1",
        credito_presumido=r["ind_gcredpresoper"] == "1",
        mono_padrao=r["ind_gmonopadrao"] == "1",
        mono_retencao=r["ind_gmonoreten"] == "1",
        mono_retido=r["ind_gmonoret"] == "1",
        mono_diferido=r["ind_gmonodif"] == "1",
        estorno=r["ind_gestornocred"] == "1",
        nfe=r["indnfe"] == "1",
        nfce=r["indnfce"] == "1",
        inicio=date.fromisoformat(r["dinivig"]),
        fim=_day(r["dfimvig"]),
    )


def _read_referencias(linhas: Iterable[dict[str, str]]) -> tuple[AliquotaReferencia, ...]:
    periodos: dict[tuple[date, date], dict[str, Decimal]] = {}
    for r in linhas:
        periodo = (date.fromisoformat(r["vigencia_inicio"]), date.fromisoformat(r["vigencia_fim"]))
        periodos.setdefault(periodo, {})[r["tributo"]] = Decimal(r["aliquota"])
    return tuple(
        AliquotaReferencia(
            inicio, fim, t["IBSUF"], t["IBSMun"], t["CBS"], oficial=fim <= FIM_DAS_ALIQUOTAS_OFICIAIS
        )
        for (inicio, fim), t in sorted(periodos.items())
    )
