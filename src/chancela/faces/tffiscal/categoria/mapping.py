"""Tax categories between the wire and the engine: `CategoriaEntrada` and `ImpostosItem` to `Categoria`."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from chancela.domain.identidade import Uf
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
    CenarioIs,
)
from chancela.faces.tffiscal.categoria.saidas import (
    AliquotaUfSaida,
    BeneficioUfSaida,
    CategoriaSaida,
    CenarioContribuicaoSaida,
    CenarioIcmsSaida,
    EscopoSaida,
)
from chancela.faces.tffiscal.categoria.schemas import (
    CSOSN,
    AliquotaUf,
    BeneficioUf,
    CategoriaEntrada,
    CenarioContribuicaoEntrada,
    CenarioIcmsEntrada,
    ContribuicaoItem,
    IcmsItem,
    ImpostosItem,
    OpcoesIcms,
)
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.issuing.categorias import read_categoria
from chancela.issuing.empresa import Categoria as GuardadaCategoria
from chancela.kit.packaged import packaged_rows

CENARIOS = frozenset(
    {
        "saida_dentro_estado",
        "saida_fora_estado",
        "entrada_dentro_estado",
        "entrada_fora_estado",
        "importacao",
        "entrada_exterior",
        "exportacao",
        "saida_exterior",
        "padrao",
    }
)
"""Scenario names that can match an operation; other names are stored and never match."""
PADRAO = "padrao"
_NUMERO = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)
_REGIMES_CSOSN = frozenset({"simples_nacional", "mei"})


def category_of(entrada: CategoriaEntrada) -> Categoria:
    """The engine's value of a category; its code is given by the store."""
    return Categoria(
        codigo=entrada.category_id or "",
        icms=tuple(_icms(cenario) for cenario in entrada.icms),
        ipi=tuple(
            CenarioIpi(
                cenario=c.cenario,
                tipo_pessoa=c.tipo_pessoa,
                situacao_tributaria=c.situacao_tributaria,
                codigo_enquadramento=c.codigo_enquadramento,
                aliquota=c.aliquota,
            )
            for c in entrada.ipi
        ),
        pis=_contribution(entrada.pis),
        cofins=_contribution(entrada.cofins),
        ibs_cbs=tuple(
            CenarioIbsCbs(c.cenario, c.tipo_pessoa, c.situacao_tributaria, c.classificacao_tributaria)
            for c in entrada.ibs_cbs
        ),
        imposto_seletivo=tuple(
            CenarioIs(c.cenario, c.tipo_pessoa, c.situacao_tributaria, c.aliquota, c.classificacao_tributaria)
            for c in entrada.imposto_seletivo
        ),
        disable_difal=entrada.disable_difal,
        desconta_icms_pis_cofins=entrada.desconta_icms_pis_cofins,
    )


def describe_category(guardada: GuardadaCategoria) -> CategoriaSaida:
    """A stored category as get_detail shows it: every field of every scenario, what was not registered as 0, "" or []."""
    lida = read_categoria(guardada.codigo, guardada.conteudo)
    return {
        "category_id": guardada.codigo,
        "descricao": guardada.descricao,
        "disable_difal": lida.disable_difal,
        "desconta_icms_pis_cofins": lida.desconta_icms_pis_cofins,
        "icms": [_describe_icms(cenario) for cenario in lida.icms],
        "ipi": [
            {
                **_scope(c.cenario, c.tipo_pessoa, c.situacao_tributaria),
                "codigo_enquadramento": c.codigo_enquadramento,
                "aliquota": _rate_text(c.aliquota),
            }
            for c in lida.ipi
        ],
        "pis": [_describe_contribution(c) for c in lida.pis],
        "cofins": [_describe_contribution(c) for c in lida.cofins],
        "ibs_cbs": [
            {
                **_scope(c.cenario, c.tipo_pessoa, c.situacao_tributaria),
                "classificacao_tributaria": c.classificacao_tributaria,
            }
            for c in lida.ibs_cbs
        ],
        "is": [
            {
                **_scope(c.cenario, c.tipo_pessoa, c.situacao_tributaria),
                "aliquota": _rate_text(c.aliquota),
                "classificacao_tributaria": c.classificacao_tributaria,
            }
            for c in lida.imposto_seletivo
        ],
    }


def inline_category(impostos: ImpostosItem, tipo_pessoa: str) -> Categoria:
    """The one-entry category that inline taxes are. `industria` counts as the ICMS rate when it is a number."""
    icms = impostos.icms
    seletivo = impostos.imposto_seletivo
    ipi = impostos.ipi
    ibs_cbs = impostos.ibs_cbs
    return Categoria(
        codigo="",
        icms=() if icms is None else (_inline_icms(icms, impostos, tipo_pessoa),),
        ipi=()
        if ipi is None
        else (
            CenarioIpi(PADRAO, tipo_pessoa, ipi.situacao_tributaria, ipi.codigo_enquadramento, ipi.aliquota),
        ),
        pis=_inline_contribution(impostos.pis, tipo_pessoa),
        cofins=_inline_contribution(impostos.cofins, tipo_pessoa),
        ibs_cbs=()
        if ibs_cbs is None
        else (
            CenarioIbsCbs(PADRAO, tipo_pessoa, ibs_cbs.situacao_tributaria, ibs_cbs.classificacao_tributaria),
        ),
        imposto_seletivo=()
        if seletivo is None
        else (
            CenarioIs(
                PADRAO,
                tipo_pessoa,
                seletivo.situacao_tributaria,
                seletivo.aliquota,
                seletivo.classificacao_tributaria,
            ),
        ),
        inline=True,
    )


def rate_of(texto: str) -> Decimal | None:
    """A rate written in a field that may also hold words; None when it is not a number."""
    return Decimal(texto) if _NUMERO.fullmatch(texto) else None


def find_warnings(entrada: CategoriaEntrada, regime: str) -> list[ErroCampo]:
    """What is stored as sent but will hardly do what the caller expects."""
    avisos: list[ErroCampo] = []
    for lista in ("icms", "ipi", "pis", "cofins", "ibs_cbs", "imposto_seletivo"):
        fio = "is" if lista == "imposto_seletivo" else lista
        for posicao, cenario in enumerate(getattr(entrada, lista)):
            if normal_scenario(cenario.cenario) not in CENARIOS:
                avisos.append(_unknown_scenario(f"{fio}[{posicao}].cenario", cenario.cenario))
    for posicao, icms in enumerate(entrada.icms):
        avisos += _icms_warnings(f"icms[{posicao}]", icms, regime)
    return avisos


def normal_scenario(nome: str) -> str:
    """Scenario names compare in lower case, with spaces and hyphens as underscore."""
    return re.sub(r"[\s-]+", "_", nome.strip().lower())


def _icms_warnings(campo: str, icms: CenarioIcmsEntrada, regime: str) -> list[ErroCampo]:
    avisos: list[ErroCampo] = []
    if icms.codigo_cfop not in _CFOPS:
        avisos.append(
            ErroCampo(
                f"{campo}.codigo_cfop", "CAT-CFOP-TABELA", "Este CFOP não está na tabela vigente.",
                "Confira o CFOP antes de emitir.", icms.codigo_cfop, "CFOP",
            )
        )  # fmt: skip
    if (icms.situacao_tributaria in CSOSN) != (regime in _REGIMES_CSOSN):
        esperado = "CSOSN (3 números)" if regime in _REGIMES_CSOSN else "CST (2 números)"
        avisos.append(
            ErroCampo(
                f"{campo}.situacao_tributaria", "CAT-REGIME",
                f"A empresa está no regime {regime}, que usa {esperado}: a emissão com este cenário será recusada.",
                f"Use {esperado}.", icms.situacao_tributaria, "CST ou CSOSN do ICMS",
            )
        )  # fmt: skip
    return avisos


def _unknown_scenario(campo: str, cenario: str) -> ErroCampo:
    return ErroCampo(
        campo,
        "CAT-CENARIO",
        "Este cenário não é conhecido: ele fica guardado e nunca é escolhido.",
        f"Use um destes: {', '.join(sorted(CENARIOS))}.",
        cenario,
        "Cenário",
    )


def _describe_icms(icms: CenarioIcms) -> CenarioIcmsSaida:
    """The three names that create spells in camelCase come back in snake_case, as the contract prints them here."""
    return {
        "tipo_tributacao": icms.tipo_tributacao,
        **_scope(icms.cenario, icms.tipo_pessoa, icms.situacao_tributaria),
        "nao_contribuinte": icms.nao_contribuinte,
        "codigo_cfop": icms.codigo_cfop,
        "aliquota_importacao": _rate_text(icms.aliquota_importacao),
        "aliquota_credito": icms.aliquota_credito or 0,
        "aliquota_diferimento": icms.aliquota_diferimento or 0,
        "aliquota_diferimento_fcp": _rate_text(icms.aliquota_diferimento_fcp),
        "aliquota_reducao": icms.aliquota_reducao or 0,
        "aliquota_reducao_st": icms.aliquota_reducao_st or 0,
        "motivo_desoneracao": icms.motivo_desoneracao,
        "motivo_desoneracao_st": icms.motivo_desoneracao_st,
        "aliquota_mva": rates_by_state(icms.aliquota_mva),
        "aliquota_icms": rates_by_state(icms.aliquota_icms),
        "aliquota_icms_st": rates_by_state(icms.aliquota_icms_st),
        "aliquota_fcp": rates_by_state(icms.aliquota_fcp),
        "aliquota_fcp_st": rates_by_state(icms.aliquota_fcp_st),
        "beneficio_fiscal": benefits_by_state(icms.beneficio_fiscal),
    }


def _describe_contribution(cenario: CenarioContribuicao) -> CenarioContribuicaoSaida:
    return {
        **_scope(cenario.cenario, cenario.tipo_pessoa, cenario.situacao_tributaria),
        "aliquota": _rate_text(cenario.aliquota),
    }


def _scope(cenario: str, tipo_pessoa: str, situacao_tributaria: str) -> EscopoSaida:
    return {"cenario": cenario, "tipo_pessoa": tipo_pessoa, "situacao_tributaria": situacao_tributaria}


def _rate_text(aliquota: Decimal | None) -> str:
    """Rates that are text on this wire keep the digits that were registered."""
    return "" if aliquota is None else format(aliquota, "f")


def rates_by_state(aliquotas: Mapping[Uf, Decimal]) -> list[AliquotaUfSaida]:
    """`[{"estado": "SP", "aliquota": 18}]`."""
    return [{"estado": uf.value, "aliquota": aliquota} for uf, aliquota in aliquotas.items()]


def benefits_by_state(codigos: Mapping[Uf, str]) -> list[BeneficioUfSaida]:
    """`[{"estado": "SP", "codigo": "SP800001"}]`."""
    return [{"estado": uf.value, "codigo": codigo} for uf, codigo in codigos.items()]


def _by_uf(lista: Sequence[AliquotaUf]) -> dict[Uf, Decimal]:
    return {Uf(item.estado): item.aliquota for item in lista}


def _benefits(lista: Sequence[BeneficioUf]) -> dict[Uf, str]:
    return {Uf(item.estado): item.codigo for item in lista}


def _icms(entrada: CenarioIcmsEntrada) -> CenarioIcms:
    return _scenario(
        entrada,
        cenario=entrada.cenario,
        tipo_pessoa=entrada.tipo_pessoa,
        codigo_cfop=entrada.codigo_cfop,
        situacao_tributaria=entrada.situacao_tributaria,
        tipo_tributacao=entrada.tipo_tributacao,
    )


def _inline_icms(icms: IcmsItem, impostos: ImpostosItem, tipo_pessoa: str) -> CenarioIcms:
    candidatas = (icms.industria, icms.aliquota, impostos.industria, impostos.aliquota)
    aliquota = next((taxa for texto in candidatas if (taxa := rate_of(texto)) is not None), None)
    return _scenario(
        icms,
        cenario=PADRAO,
        tipo_pessoa=tipo_pessoa,
        codigo_cfop=icms.codigo_cfop,
        situacao_tributaria=icms.situacao_tributaria,
        tipo_tributacao=icms.tipo_tributacao,
        aliquota=aliquota,
        beneficio=icms.codigo_beneficio_fiscal,
    )


def _scenario(
    opcoes: OpcoesIcms,
    *,
    cenario: str,
    tipo_pessoa: str,
    codigo_cfop: str,
    situacao_tributaria: str,
    tipo_tributacao: str,
    aliquota: Decimal | None = None,
    beneficio: str = "",
) -> CenarioIcms:
    return CenarioIcms(
        cenario=cenario,
        tipo_pessoa=tipo_pessoa,
        codigo_cfop=codigo_cfop,
        situacao_tributaria=situacao_tributaria,
        tipo_tributacao=tipo_tributacao,
        nao_contribuinte=opcoes.nao_contribuinte,
        aliquota=aliquota,
        aliquota_importacao=opcoes.aliquota_importacao,
        aliquota_credito=opcoes.aliquota_credito,
        aliquota_diferimento=opcoes.aliquota_diferimento,
        aliquota_diferimento_fcp=opcoes.aliquota_diferimento_fcp,
        aliquota_reducao=opcoes.aliquota_reducao,
        aliquota_reducao_st=opcoes.aliquota_reducao_st,
        motivo_desoneracao=opcoes.motivo_desoneracao,
        motivo_desoneracao_st=opcoes.motivo_desoneracao_st,
        aliquota_mva=_by_uf(opcoes.aliquota_mva),
        aliquota_icms=_by_uf(opcoes.aliquota_icms),
        aliquota_icms_st=_by_uf(opcoes.aliquota_icms_st),
        aliquota_fcp=_by_uf(opcoes.aliquota_fcp),
        aliquota_fcp_st=_by_uf(opcoes.aliquota_fcp_st),
        beneficio_fiscal=_benefits(opcoes.beneficio_fiscal),
        codigo_beneficio_fiscal=beneficio,
    )


def _contribution(lista: Sequence[CenarioContribuicaoEntrada]) -> tuple[CenarioContribuicao, ...]:
    return tuple(
        CenarioContribuicao(c.cenario, c.tipo_pessoa, c.situacao_tributaria, c.aliquota) for c in lista
    )


def _inline_contribution(item: ContribuicaoItem | None, tipo_pessoa: str) -> tuple[CenarioContribuicao, ...]:
    if item is None:
        return ()
    return (CenarioContribuicao(PADRAO, tipo_pessoa, item.situacao_tributaria, item.aliquota),)


_CFOPS = frozenset(
    linha["cfop"] for linha in packaged_rows("referencia/cfop.csv") if linha["nivel"] != "grupo"
)
