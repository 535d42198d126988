"""parse(build(x)) == x for any document that the model can hold, and the text is canonical XML."""

# ruff: noqa: C408
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from chancela.documents.nfe import layout, layout_tributos
from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.regras import check_nfe
from chancela.documents.nfe.textos import normalize_nfe
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf
from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_ibs_cbs as ti
from chancela.domain.tributos import resultado_totais as tt

from . import fabrica as f

TEXTO = st.text(st.sampled_from("abcçãÿ09 &<>\"'\t;]"), min_size=1, max_size=8)
VALOR = st.integers(1, 10**8).map(lambda n: Decimal(n) / 100)
SIMPLES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTO,
    Decimal: VALOR,
    int: st.integers(0, 999),
    bool: st.booleans(),
    date: st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    datetime: st.sampled_from([f.EMISSAO]),
    Cnpj: st.sampled_from([f.CNPJ, Cnpj("12ABC34501DE35")]),
    Cpf: st.just(f.CPF),
    m.IdEstrangeiro: st.sampled_from(["", "AB12345"]).map(m.IdEstrangeiro),
    ChaveAcesso: st.just(ChaveAcesso("35261112ABC34501DE35550010000001231483902178")),
}


def estrategia(tipo: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the model."""
    if tipo in SIMPLES:
        return SIMPLES[tipo]
    if tipo in PROPRIAS:
        return PROPRIAS[tipo]()
    origem = get_origin(tipo)
    if origem in (Union, UnionType):
        return st.one_of([estrategia(a) for a in get_args(tipo)])
    if origem is Literal:
        return st.sampled_from(get_args(tipo))
    if origem is tuple:
        return st.lists(estrategia(get_args(tipo)[0]), max_size=2).map(tuple)
    if tipo is NoneType:
        return st.none()
    if isinstance(tipo, type) and issubclass(tipo, Enum):
        return st.sampled_from(list(tipo))
    return objeto(tipo)


def objeto(classe: Any, **certos: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object of a dataclass: required attributes always, the others sometimes."""
    dicas = get_type_hints(classe)
    obrigatorios, opcionais = {}, {}
    for campo in fields(classe):
        valores = certos.get(campo.name)
        if valores is None:
            valores = st.deferred(lambda d=dicas[campo.name]: estrategia(d))  # type: ignore[misc]
        obrigatorio = campo.default is MISSING or campo.name in certos
        if campo.default is MISSING and get_origin(dicas[campo.name]) is tuple:
            valores = st.lists(estrategia(get_args(dicas[campo.name])[0]), min_size=1, max_size=2).map(tuple)
        (obrigatorios if obrigatorio else opcionais)[campo.name] = valores
    return st.fixed_dictionaries(obrigatorios, optional=opcionais).map(lambda v: classe(**v))


def so(classe: Any, grupo: str, nomes: str) -> st.SearchStrategy[Any]:
    """An object that only has the attributes that its group writes."""
    dicas = get_type_hints(classe)
    opcoes = {nome: estrategia(dicas[nome]) for nome in nomes.split()}
    return st.fixed_dictionaries({}, optional=opcoes).map(lambda v: classe(grupo, **v))


def icms() -> st.SearchStrategy[t.Icms]:
    return st.one_of(
        [
            so(t.Icms, grupo, " ".join(layout_tributos._ICMS[tag][0] for tag in tags.split()))
            for grupo, tags in layout_tributos.GRUPOS_ICMS.items()
        ]
    )


def contribuicao(*grupos: str) -> st.SearchStrategy[t.Contribuicao]:
    atributos = {
        "Aliq": "cst base_calculo aliquota valor",
        "Qtde": "cst quantidade aliquota_reais valor",
        "NT": "cst",
        "Outr": "cst base_calculo aliquota quantidade aliquota_reais valor",
        "ST": "base_calculo aliquota quantidade aliquota_reais valor soma_no_total",
    }
    return st.one_of([so(t.Contribuicao, g, atributos[g]) for g in grupos])


def ipi() -> st.SearchStrategy[t.Ipi]:
    comuns = {n: st.none() for n in ("base_calculo", "aliquota", "quantidade", "valor_unidade", "valor")}
    return st.one_of(objeto(t.Ipi, grupo=st.just("IPITrib")), objeto(t.Ipi, grupo=st.just("IPINT"), **comuns))


def monofasico(*, ibs: bool) -> st.SearchStrategy[ti.TributoMonofasico]:
    nada = st.none()
    por_valor = (
        dict(quantidade=nada, aliquota=nada)
        if ibs
        else dict(
            quantidade=nada, aliquota_uf=nada, valor_uf=nada, aliquota_municipio=nada, valor_municipio=nada
        )
    )
    por_quantidade = dict(
        base_calculo=nada, aliquota_uf=nada, valor_uf=nada, aliquota_municipio=nada, valor_municipio=nada
    )
    return st.one_of(
        objeto(ti.TributoMonofasico, ad_rem=st.just(False), padrao=objeto(ti.MonoPadrao, **por_valor), retencao=objeto(ti.MonoRetencao, quantidade=nada)),
        objeto(ti.TributoMonofasico, ad_rem=st.just(True), padrao=objeto(ti.MonoPadrao, **por_quantidade), retencao=objeto(ti.MonoRetencao, base_calculo=nada)),
    )  # fmt: skip


def componente(*, cbs: bool) -> st.SearchStrategy[ti.ComponenteIbsCbs]:
    return objeto(ti.ComponenteIbsCbs) if cbs else objeto(ti.ComponenteIbsCbs, alc_zfm=st.none())


def totais_ibs_cbs() -> st.SearchStrategy[tt.TotaisIbsCbs]:
    presente = objeto(tt.TotaisComponente)
    zeros = [c.name for c in fields(tt.TotaisIbsCbs) if c.name.startswith(("credito", "valor_ibs"))]
    ausente = {nome: st.just(tt.ZERO) for nome in zeros} | {
        nome: st.none() for nome in ("uf", "municipio", "cbs")
    }
    return st.one_of(
        objeto(tt.TotaisIbsCbs, uf=presente, municipio=presente, cbs=presente),
        objeto(tt.TotaisIbsCbs, **ausente),
    )


def referencia() -> st.SearchStrategy[m.Referencia]:
    dicas = get_type_hints(m.Referencia)
    uma = [(nome, next(a for a in get_args(dica) if a is not NoneType)) for nome, dica in dicas.items()]
    return st.one_of([estrategia(tipo).map(lambda v, n=nome: m.Referencia(**{n: v})) for nome, tipo in uma])  # type: ignore[misc]


def differences(a: Any, b: Any, caminho: str = "") -> list[str]:
    """Where two values differ, as paths: a failing case names the field."""
    if a == b:
        return []
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return [
            d for i, (x, y) in enumerate(zip(a, b, strict=True)) for d in differences(x, y, f"{caminho}[{i}]")
        ]
    if type(a) is type(b) and is_dataclass(a):
        return [
            d
            for c in fields(a)
            for d in differences(getattr(a, c.name), getattr(b, c.name), f"{caminho}.{c.name}")
        ]
    return [f"{caminho}: {a!r} {b!r}"]


SIM = st.sampled_from([None, True])
PROPRIAS: dict[Any, Any] = {
    t.Icms: icms,
    t.Ipi: ipi,
    ti.GrupoMonofasia: lambda: objeto(ti.GrupoMonofasia, ibs=monofasico(ibs=True), cbs=monofasico(ibs=False)),
    ti.GrupoIbsCbs: lambda: objeto(ti.GrupoIbsCbs, uf=componente(cbs=False), municipio=componente(cbs=False), cbs=componente(cbs=True)),
    ti.IbsCbs: lambda: objeto(ti.IbsCbs, doacao=SIM),
    tt.TotaisIbsCbs: totais_ibs_cbs,
    t.TributosItem: lambda: objeto(
        t.TributosItem,
        pis=contribuicao("Aliq", "Qtde", "NT", "Outr"),
        cofins=contribuicao("Aliq", "Qtde", "NT", "Outr"),
        pis_st=contribuicao("ST"),
        cofins_st=contribuicao("ST"),
    ),
    m.Produto: lambda: objeto(m.Produto, bem_movel_usado=SIM),
    m.Referencia: referencia,
    m.Local: lambda: objeto(m.Local, documento=st.one_of(SIMPLES[Cnpj], SIMPLES[Cpf], st.none())),
    m.Transporte: lambda: objeto(m.Transporte),
}  # fmt: skip


QUALQUER = st.deferred(
    lambda: objeto(
        m.Nfe, emitente=estrategia(m.Emitente), modelo=st.sampled_from([f.Modelo.NFE, f.Modelo.NFCE])
    )
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(QUALQUER)
def test_rules_and_texts_never_fail(nfe: m.Nfe) -> None:
    limpa, _ = normalize_nfe(nfe)
    assert normalize_nfe(limpa) == (limpa, ())
    for violacao in check_nfe(limpa, ambiente=f.Ambiente.PRODUCAO, emissao=f.EMISSAO, serie=1):
        assert violacao.rotulo
        assert violacao.correcao


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.deferred(
        lambda: objeto(
            m.Nfe, emitente=st.just(f.EMITENTE), modelo=st.sampled_from([f.Modelo.NFE, f.Modelo.NFCE])
        )
    )
)
def test_parse_of_build_is_identity(nfe: m.Nfe) -> None:
    identificacao = f.identificar(nfe)
    infnfe = layout.build_infnfe(nfe, identificacao)
    assert_generated_equals_interpreted(nfe)
    assert etree.tostring(etree.fromstring(infnfe), method="c14n") == infnfe
    lido = layout.parse_nfe(infnfe)
    assert differences(lido.nfe, nfe) == []
    assert lido.identificacao == identificacao


def assert_generated_equals_interpreted(nfe: m.Nfe) -> None:
    documento = layout.DocumentoNfe(nfe, f.identificar(nfe))
    assert layout._INFNFE.escrever(documento) == layout._INFNFE.interpretar(documento)
