"""Memória de cálculo: the steps of a result in Portuguese, written only when somebody asks.

The engine notes each step as a tuple (item, rule, operands, value). Here each rule has its title, the names of its
operands, its formula and the norm behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chancela.domain.tributos.numeros import format_brasileiro
from chancela.domain.tributos.resultado import Passo


@dataclass(frozen=True, slots=True)
class Regra:
    """How one step is told."""

    titulo: str
    operandos: tuple[str, ...]
    formula: str
    fonte: str


@dataclass(frozen=True, slots=True)
class PassoExplicado:
    """One step in words; `item` 0 is the document."""

    item: int
    regra: str
    titulo: str
    formula: str
    operandos: tuple[tuple[str, Decimal], ...]
    valor: Decimal
    fonte: str

    @property
    def texto(self) -> str:
        """The step as one sentence."""
        partes = "; ".join(f"{nome} {format_brasileiro(v)}" for nome, v in self.operandos)
        onde = f"Item {self.item}: " if self.item else ""
        return f"{onde}{self.titulo} = {self.formula} = {format_brasileiro(self.valor)} ({partes}). {self.fonte}."


_LC87 = "LC 87/1996, art. 13"
_ST = "LC 87/1996, art. 8º; Conv. ICMS 142/2018"
_DIFAL = "EC 87/2015; LC 190/2022; NT 2015.003"
_MONO = "LC 192/2022; Conv. ICMS 199/2022 e 15/2023"
_DESON = "NT 2013.005; NT 2023.004"
_LC214 = "LC 214/2025; NT 2025.002"
_RATEIO = "Rateio proporcional ao valor dos produtos, centavo a centavo"


def _rateio(nome: str) -> Regra:
    return Regra(
        f"{nome} rateado",
        ("total a ratear", "valor do produto"),
        "total × produto ÷ soma dos produtos",
        _RATEIO,
    )


def _percentual(titulo: str, fonte: str) -> Regra:
    return Regra(titulo, ("base", "alíquota %"), "base × alíquota ÷ 100", fonte)


def _unidade(titulo: str, fonte: str) -> Regra:
    return Regra(titulo, ("quantidade", "R$ por unidade"), "quantidade × valor por unidade", fonte)


def _reforma(nome: str, fonte: str = _LC214) -> dict[str, Regra]:
    titulo = {"uf": "IBS da UF", "municipio": "IBS do município", "cbs": "CBS"}[nome]
    return {
        f"{nome}.aliquota_efetiva": Regra(
            f"Alíquota efetiva, {titulo}",
            ("alíquota %", "redução %", "redutor %"),
            "alíquota × (1 − redução) × (1 − redutor)",
            fonte,
        ),
        f"{nome}.diferido": Regra(
            f"{titulo} diferido", ("tributo", "diferimento %"), "tributo × diferimento", fonte
        ),
        f"{nome}.valor": Regra(
            titulo,
            ("base", "alíquota %"),
            "base × alíquota − diferido − devolvido",
            f"{fonte}; arredondamento meio-par (art. 349)",
        ),
    }


def _contribuicao(nome: str) -> dict[str, Regra]:
    sigla = nome.upper()
    fonte = "Lei 10.637/2002" if nome == "pis" else "Lei 10.833/2003"
    return {
        f"{nome}.base_sem_icms": Regra(
            f"Base de {sigla} sem o ICMS",
            ("operação", "ICMS destacado"),
            "operação − ICMS",
            "STF, RE 574.706 (Tema 69); Lei 14.592/2023",
        ),
        f"{nome}.valor": _percentual(sigla, fonte),
        f"{nome}.unidade": _unidade(sigla, fonte),
        f"{nome}.st": _percentual(f"{sigla}-ST", fonte),
        f"{nome}.st_unidade": _unidade(f"{sigla}-ST", fonte),
    }


REGRAS: dict[str, Regra] = {
    "rateio.frete": _rateio("Frete"),
    "rateio.seguro": _rateio("Seguro"),
    "rateio.outras_despesas": _rateio("Outras despesas"),
    "rateio.desconto": _rateio("Desconto"),
    "oper": Regra("Valor da operação", ("produto", "desconto", "frete", "seguro", "outras despesas"), "produto − desconto + frete + seguro + outras despesas", _LC87),
    "ii.valor": _percentual("Imposto de Importação", "Decreto 6.759/2009"),
    "ipi.valor": _percentual("IPI", "Decreto 7.212/2010, art. 190"),
    "ipi.unidade": _unidade("IPI", "Decreto 7.212/2010, art. 190"),
    "ipi.devolvido": _percentual("IPI devolvido", "NT 2013.005"),
    "icms.soma_importacao": Regra("Soma da importação", ("operação",), "operação + II + IOF + IPI + PIS + COFINS + despesas aduaneiras + AFRMM", f"{_LC87}, V"),
    "icms.base": Regra("Base do ICMS", ("operação", "IPI na base", "redução %"), "(operação + IPI) × (1 − redução); na importação, por dentro", f"{_LC87}; CF, art. 155, § 2º, XI"),
    "icms.valor": _percentual("ICMS", _LC87),
    "icms.operacao": _percentual("ICMS da operação", _LC87),
    "icms.diferido": Regra("ICMS diferido", ("ICMS da operação", "diferimento %"), "ICMS × diferimento", "NT 2010.007; legislação da UF"),
    "icms.apos_diferimento": Regra("ICMS após o diferimento", ("ICMS da operação", "ICMS diferido"), "operação − diferido", "NT 2010.007"),
    "icms.fcp": _percentual("FCP", "ADCT, art. 82; NT 2016.002"),
    "icms.fcp_diferido": Regra("FCP diferido", ("FCP", "diferimento %"), "FCP × diferimento", "NT 2020.005"),
    "icms.presumido": _percentual("ICMS próprio presumido", f"{_ST}; LC 123/2006, art. 13, § 1º"),
    "icms.desonerado_fora": Regra("ICMS desonerado por fora", ("base", "alíquota %", "redução %"), "base × alíquota", _DESON),
    "icms.desonerado_fora_reducao": Regra("ICMS desonerado por fora", ("base", "alíquota %", "redução %"), "base × alíquota − ICMS", _DESON),
    "icms.desonerado_dentro": Regra("ICMS desonerado por dentro", ("base", "alíquota %", "redução %"), "base ÷ (1 − alíquota) × alíquota", _DESON),
    "icms.desonerado_dentro_reducao": Regra("ICMS desonerado por dentro", ("base", "alíquota %", "redução %"), "base × (1 − alíquota × (1 − redução)) ÷ (1 − alíquota) − base", _DESON),
    "icms.base_efetiva": Regra("Base efetiva do ICMS", ("operação", "redução %"), "operação × (1 − redução)", "NT 2018.005"),
    "icms.efetivo": _percentual("ICMS efetivo", "NT 2018.005"),
    "st.mva_ajustada": Regra("MVA ajustada", ("MVA %", "interestadual %", "interna %"), "(1 + MVA) × (1 − interestadual) ÷ (1 − interna) − 1", "Conv. ICMS 142/2018, cláusula décima primeira"),
    "st.base": Regra("Base do ICMS-ST", ("operação", "IPI", "MVA %", "redução %"), "(operação + IPI) × (1 + MVA) × (1 − redução)", _ST),
    "st.base_pauta": Regra("Base do ICMS-ST por pauta", ("quantidade", "preço", "redução %"), "quantidade × preço × (1 − redução)", _ST),
    "st.base_difal": Regra("Base do diferencial por ST", ("operação", "IPI", "ICMS próprio", "interna %"), "(operação + IPI − ICMS) ÷ (1 − interna)", _ST),
    "st.valor": Regra("ICMS-ST", ("base ST", "alíquota %", "ICMS próprio"), "base × alíquota − ICMS próprio", _ST),
    "st.fcp": Regra("FCP-ST", ("base ST", "FCP %", "FCP próprio"), "base × FCP − FCP próprio", "NT 2016.002"),
    "st.desonerado": Regra("ICMS-ST desonerado", ("ST sem redução", "ST"), "ST sem redução − ST", "NT 2020.005"),
    "st.retido": _percentual("ICMS-ST retido anteriormente", _ST),
    "sn.credito": _percentual("Crédito do Simples Nacional", "LC 123/2006, art. 23"),
    "mono.valor": Regra("ICMS monofásico", ("quantidade", "R$ por unidade"), "quantidade × ad rem − diferido", _MONO),
    "mono.valor_reduzido": Regra("ICMS monofásico", ("quantidade", "R$ por unidade", "redução %"), "quantidade × ad rem × (1 − redução)", _MONO),
    "mono.operacao": _unidade("ICMS monofásico da operação", _MONO),
    "mono.diferido": Regra("ICMS monofásico diferido", ("ICMS da operação", "diferimento %"), "ICMS × diferimento", _MONO),
    "mono.retencao": _unidade("ICMS monofásico com retenção", _MONO),
    "mono.retido": _unidade("ICMS monofásico retido anteriormente", _MONO),
    "difal.base_unica": Regra("Base do DIFAL", ("operação com IPI", "redução %"), "operação × (1 − redução do destino)", f"{_DIFAL}, base única"),
    "difal.base_dupla": Regra("Base dupla do DIFAL", ("operação com IPI", "ICMS interestadual", "interna %", "FCP %"), "(operação − ICMS interestadual) ÷ (1 − interna − FCP)", f"{_DIFAL}, base dupla"),
    "difal.valor": Regra("DIFAL da UF de destino", ("base destino", "interna %", "base origem", "interestadual %"), "base × interna − base de origem × interestadual", _DIFAL),
    "difal.fcp": _percentual("FCP da UF de destino", "ADCT, art. 82; NT 2015.003"),
    "iss.base": Regra("Base do ISSQN", ("operação", "deduções"), "operação − deduções", "LC 116/2003, art. 7º"),
    "iss.valor": _percentual("ISSQN", "LC 116/2003"),
    "is.valor": _percentual("Imposto Seletivo", "LC 214/2025, art. 409; arredondamento meio-par (art. 349)"),
    "is.unidade": _unidade("Imposto Seletivo por unidade", "LC 214/2025, art. 409"),
    "ibscbs.base": Regra("Base do IBS e da CBS", ("operação", "ajustes"), "operação + II + IS − PIS − COFINS − ICMS − FCP − DIFAL − ISSQN", f"{_LC214}, regra UB16-10"),
    "ibscbs.base_reduzida": Regra("Base reduzida do IBS e da CBS", ("base", "redução %"), "base × (1 − redução)", _LC214),
    "ibs.valor": Regra("IBS", ("IBS da UF", "IBS do município"), "UF + município", _LC214),
    "ibscbs.credito_presumido": _percentual("Crédito presumido", _LC214),
    "ibscbs.monofasia": Regra("IBS e CBS monofásicos do item", ("IBS", "CBS"), "padrão + retenção − diferido", f"{_LC214}, arts. 172 a 180"),
    "aproximado": Regra("Tributos aproximados", ("operação", "federal %", "estadual %", "municipal %"), "operação × cada carga", "Lei 12.741/2012"),
    "transporte.retencao": _percentual("ICMS retido do frete", "Conv. ICMS 25/1990"),
    "total.nota": Regra("Valor da nota", ("soma dos itens",), "soma do que cada item declara", "MOC 7.0, regra W16-10"),
    **_contribuicao("pis"),
    **_contribuicao("cofins"),
    **_reforma("uf"),
    **_reforma("municipio"),
    **_reforma("cbs"),
}  # fmt: skip


def explain_passos(passos: Sequence[Passo]) -> tuple[PassoExplicado, ...]:
    """The steps with the words of their rules, by item and in the order in which they were taken."""
    explicados: list[PassoExplicado] = []
    for item, regra, operandos, valor in passos:
        r = REGRAS[regra]
        nomeados = tuple(zip(r.operandos, operandos, strict=True))
        explicados.append(PassoExplicado(item, regra, r.titulo, r.formula, nomeados, valor, r.fonte))
    return tuple(explicados)


def render(passos: Sequence[Passo]) -> str:
    """The whole reasoning as Portuguese text, one step per line."""
    return "\n".join(passo.texto for passo in explain_passos(passos))
