"""The flat form of the NFC-e categories: one object per tax, to and from the engine's value."""

from decimal import Decimal

from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos import categoria as tributos
from chancela.faces.tffiscal.categoria.mapping import benefits_by_state, rates_by_state
from chancela.faces.tffiscal.categoria.routes import Forma
from chancela.faces.tffiscal.categoria.saidas import (
    CategoriaNfceSaida,
    ContribuicaoPlanaSaida,
    IcmsPlanoSaida,
)
from chancela.faces.tffiscal.nfce.categoria_schemas import (
    CategoriaNfceEdicao,
    CategoriaNfceEntrada,
    ContribuicaoPlana,
)
from chancela.issuing.categorias import read_categoria
from chancela.issuing.empresa import Categoria

_PESSOAS = ("juridica", "fisica")
_PADRAO = "padrao"


def category_of(entrada: CategoriaNfceEntrada) -> tributos.Categoria:
    """The engine's value: one scenario for whatever consumer."""
    icms, ibs_cbs = entrada.icms, entrada.ibs_cbs
    return tributos.Categoria(
        codigo=entrada.category_id or "",
        icms=tuple(
            tributos.CenarioIcms(
                cenario=_PADRAO,
                tipo_pessoa=pessoa,
                codigo_cfop=entrada.codigo_cfop,
                situacao_tributaria=icms.situacao_tributaria,
                aliquota_reducao=icms.aliquota_reducao,
                motivo_desoneracao=icms.motivo_desoneracao,
                aliquota_icms={Uf(a.estado): a.aliquota for a in icms.aliquota_icms},
                aliquota_fcp={Uf(a.estado): a.aliquota for a in icms.aliquota_fcp},
                beneficio_fiscal={Uf(b.estado): b.codigo for b in icms.beneficio_fiscal},
            )
            for pessoa in _PESSOAS
        ),
        pis=_contribution(entrada.pis),
        cofins=_contribution(entrada.cofins),
        ibs_cbs=()
        if ibs_cbs is None
        else tuple(
            tributos.CenarioIbsCbs(
                _PADRAO, pessoa, ibs_cbs.situacao_tributaria, ibs_cbs.classificacao_tributaria
            )
            for pessoa in _PESSOAS
        ),
    )


def describe_category(guardada: Categoria) -> CategoriaNfceSaida:
    """A stored category in the flat form; per-state lists are left out when empty, as the contract shows them."""
    lida = read_categoria(guardada.codigo, guardada.conteudo)
    icms = lida.icms[0]
    plano: IcmsPlanoSaida = {"situacao_tributaria": icms.situacao_tributaria}
    if icms.aliquota_reducao is not None:
        plano["aliquota_reducao"] = icms.aliquota_reducao
    if icms.motivo_desoneracao:
        plano["motivo_desoneracao"] = icms.motivo_desoneracao
    if icms.aliquota_icms:
        plano["aliquota_icms"] = rates_by_state(icms.aliquota_icms)
    if icms.aliquota_fcp:
        plano["aliquota_fcp"] = rates_by_state(icms.aliquota_fcp)
    if icms.beneficio_fiscal:
        plano["beneficio_fiscal"] = benefits_by_state(icms.beneficio_fiscal)
    data: CategoriaNfceSaida = {
        "category_id": guardada.codigo,
        "descricao": guardada.descricao,
        "codigo_cfop": icms.codigo_cfop,
        "icms": plano,
        "pis": _flat(lida.pis[0]),
        "cofins": _flat(lida.cofins[0]),
    }
    if lida.ibs_cbs:
        data["ibs_cbs"] = {
            "situacao_tributaria": lida.ibs_cbs[0].situacao_tributaria,
            "classificacao_tributaria": lida.ibs_cbs[0].classificacao_tributaria,
        }
    return data


def _contribution(plana: ContribuicaoPlana) -> tuple[tributos.CenarioContribuicao, ...]:
    return tuple(
        tributos.CenarioContribuicao(_PADRAO, pessoa, plana.situacao_tributaria, plana.aliquota)
        for pessoa in _PESSOAS
    )


def _flat(cenario: tributos.CenarioContribuicao) -> ContribuicaoPlanaSaida:
    """The rate is text on this wire."""
    aliquota = cenario.aliquota or Decimal("0.00")
    return {"situacao_tributaria": cenario.situacao_tributaria, "aliquota": format(aliquota, "f")}


FORMA_NFCE = Forma(
    modelo=Modelo.NFCE,
    nome="categoria de NFC-e",
    entrada=CategoriaNfceEntrada,
    edicao=CategoriaNfceEdicao,
    read=category_of,
    describe=describe_category,
    saida=CategoriaNfceSaida,
)
