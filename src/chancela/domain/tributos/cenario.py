"""Reading of the operation (section 4 of the tax specification): its name, its direction, its recipient, and the
scenario entry of a category that rules it."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from chancela.domain.identidade import Modelo
from chancela.domain.tributos import escolhas
from chancela.domain.tributos.calculo import Calculo, Escolha, Linha
from chancela.domain.tributos.categoria import Categoria, CenarioIcms
from chancela.domain.tributos.entrada import Operacao, TipoOperacao, TipoPessoa
from chancela.domain.tributos.resultado import Enquadramento

PADRAO = "padrao"
NAO_CONTRIBUINTE = "9"
_APELIDOS = {"entrada_exterior": "importacao", "saida_exterior": "exportacao", "": PADRAO}
_PESSOAS = {"pf": "fisica", "pj": "juridica", "física": "fisica", "jurídica": "juridica"}
CST_MONOFASICA = frozenset({"02", "15", "53", "61"})


class _Entrada(Protocol):
    @property
    def cenario(self) -> str: ...
    @property
    def tipo_pessoa(self) -> str: ...


_E = TypeVar("_E", bound=_Entrada)


def normalize_cenario(nome: str) -> str:
    """Lower case, spaces and hyphens as underscore, aliases resolved; an empty name is `padrao`."""
    limpo = nome.strip().lower().replace(" ", "_").replace("-", "_")
    return _APELIDOS.get(limpo, limpo)


def derive_ind_ie_dest(*, exterior: bool, tipo_pessoa: TipoPessoa, inscricao_estadual: str) -> str:
    """indIEDest: 1 contributor, 2 exempt from registration, 9 non-contributor (an `ISENTO` person has no IE)."""
    ie = inscricao_estadual.strip().upper()
    if exterior or not ie:
        return NAO_CONTRIBUINTE
    if ie in {"ISENTO", "ISENTA"}:
        return NAO_CONTRIBUINTE if tipo_pessoa is TipoPessoa.FISICA else "2"
    return "1"


def read_operacao(operacao: Operacao) -> Enquadramento:
    """Name, direction and recipient of an operation.

    A buyer present (`ind_presenca` 1) as final consumer makes the operation internal whatever the address; a
    non-contributor in a domestic operation is always final consumer.
    """
    exterior = operacao.uf_destinatario is None or operacao.tipo in {
        TipoOperacao.IMPORTACAO,
        TipoOperacao.EXPORTACAO,
    }
    nfce = operacao.modelo is Modelo.NFCE
    if nfce:
        exterior = False
    ind_ie = operacao.ind_ie_dest
    if ind_ie is None:
        ind_ie = derive_ind_ie_dest(
            exterior=exterior,
            tipo_pessoa=operacao.tipo_pessoa,
            inscricao_estadual=operacao.inscricao_estadual,
        )
    final = operacao.ind_final
    if final is None:
        final = nfce or operacao.tipo_pessoa is TipoPessoa.FISICA
    if nfce or (ind_ie == NAO_CONTRIBUINTE and not exterior):
        final = True
    entrada = operacao.tipo in {TipoOperacao.ENTRADA, TipoOperacao.IMPORTACAO}
    if exterior:
        return Enquadramento("importacao" if entrada else "exportacao", "3", final, ind_ie)
    presente = operacao.ind_presenca == "1" and final
    interna = nfce or presente or operacao.uf_destinatario == operacao.uf_emitente
    nome = f"{'entrada' if entrada else 'saida'}_{'dentro' if interna else 'fora'}_estado"
    return Enquadramento(nome, "1" if interna else "2", final, ind_ie)


def select(entradas: Sequence[_E], cenario: str, tipo_pessoa: str, *, contribuinte: bool) -> _E | None:
    """The entry that rules: exact name before `padrao`, equal person before different, (ICMS) the one made for
    non-contributors first when the recipient is one, then the order of the category."""
    melhor: _E | None = None
    melhor_posto = (9, 9, 9)
    for entrada in entradas:
        nome = normalize_cenario(entrada.cenario)
        if nome != cenario and nome != PADRAO:
            continue
        para_nao_contribuinte = isinstance(entrada, CenarioIcms) and entrada.nao_contribuinte
        if para_nao_contribuinte and contribuinte:
            continue
        pessoa = entrada.tipo_pessoa.strip().lower()
        pessoa = _PESSOAS.get(pessoa, pessoa)
        posto = (
            int(nome != cenario),
            int(pessoa not in (tipo_pessoa, "")),
            int(not contribuinte and not para_nao_contribuinte),
        )
        if posto < melhor_posto:
            melhor, melhor_posto = entrada, posto
    return melhor


def choose(c: Calculo, linha: Linha) -> Escolha | None:
    """The entries of the item's category for this operation; kept per category. None after a refusal."""
    categoria = linha.item.categoria
    if categoria is None:
        pedida = linha.item.categoria_codigo
        if pedida:
            c.refuse(
                "TRIB-CAT-01",
                linha,
                "categoria",
                f"categoria {pedida} não encontrada",
                "Informe o código de uma categoria cadastrada.",
                rotulo="categoria",
                valor=pedida,
            )
        else:
            c.refuse(
                "TRIB-CAT-02",
                linha,
                "categoria",
                "o item não tem categoria nem impostos",
                "Informe category_id ou o objeto impostos.",
                rotulo="categoria",
            )
        return None
    guardada = c.escolhas.get(id(categoria))
    if guardada is None:
        escolha = escolhas.recall(c, categoria)
        if escolha is None:
            escolha = _choose_all(c, categoria)
            escolhas.keep(c, categoria, escolha)
        guardada = (categoria, escolha)
        c.escolhas[id(categoria)] = guardada
    return guardada[1]


def _choose_all(c: Calculo, categoria: Categoria) -> Escolha:
    cenario, pessoa = c.enquadramento.cenario, c.operacao.tipo_pessoa.value
    contribuinte = c.enquadramento.ind_ie_dest != NAO_CONTRIBUINTE
    escolha = Escolha()
    escolha.icms = select(categoria.icms, cenario, pessoa, contribuinte=contribuinte)
    escolha.ipi = None if c.nfce else select(categoria.ipi, cenario, pessoa, contribuinte=contribuinte)
    escolha.pis = select(categoria.pis, cenario, pessoa, contribuinte=contribuinte)
    escolha.cofins = select(categoria.cofins, cenario, pessoa, contribuinte=contribuinte)
    escolha.ibs_cbs = select(categoria.ibs_cbs, cenario, pessoa, contribuinte=contribuinte)
    escolha.imposto_seletivo = select(categoria.imposto_seletivo, cenario, pessoa, contribuinte=contribuinte)
    if escolha.icms is not None:
        escolha.cfop = adjust_cfop(c, escolha.icms)
    return escolha


def adjust_cfop(c: Calculo, entrada: CenarioIcms) -> str:
    """The CFOP of the entry; from `padrao`, the first digit follows the operation (5 and 6, 1 and 2)."""
    cfop = entrada.codigo_cfop.strip().replace(".", "")
    esperado = expected_digit(c)
    troca = {"5": "6", "6": "5", "1": "2", "2": "1"}
    if not c.configuracao.ajustar_cfop or normalize_cenario(entrada.cenario) != PADRAO:
        return cfop
    if cfop[:1] != esperado and troca.get(cfop[:1]) == esperado:
        return esperado + cfop[1:]
    return cfop


def expected_digit(c: Calculo) -> str:
    """First digit of the CFOP for this operation."""
    entrada = c.operacao.tipo in {TipoOperacao.ENTRADA, TipoOperacao.IMPORTACAO}
    return {"1": "15", "2": "26", "3": "37"}[c.enquadramento.destino][0 if entrada else 1]


def check_escolha(c: Calculo, linha: Linha, escolha: Escolha) -> bool:
    """Refuse what the category leaves without a scenario, a CFOP against the operation, a code against the regime."""
    categoria = linha.item.categoria
    assert categoria is not None, "a choice comes from a category"
    servico = linha.item.servico is not None
    if (c.operacao.crt, servico) in escolha.boa_para:
        return True
    antes = len(c.violacoes)
    faltas = [
        ("icms", escolha.icms is None and not servico),
        ("ipi", escolha.ipi is None and not (c.nfce or servico or categoria.inline)),
        ("pis", escolha.pis is None),
        ("cofins", escolha.cofins is None),
    ]
    for tributo, falta in faltas:
        if falta:
            onde = f"{c.enquadramento.cenario}/{c.operacao.tipo_pessoa.value}"
            mensagem = f"categoria {categoria.codigo}: nenhum cenario de {tributo} para {onde}"
            c.refuse(
                f"TRIB-CEN-{tributo.upper()}",
                linha,
                f"categoria.{tributo}",
                mensagem,
                "Inclua na categoria um cenário para esta operação, ou um cenário padrao.",
                rotulo=tributo.upper(),
            )
    if escolha.icms is not None and not servico:
        _check_regime(c, linha, escolha.icms.situacao_tributaria.strip())
    boa = len(c.violacoes) == antes
    if boa:
        escolha.boa_para.add((c.operacao.crt, servico))
    return boa


def _check_regime(c: Calculo, linha: Linha, codigo: str) -> None:
    simples = c.operacao.crt in (1, 4)
    csosn = len(codigo) == 3
    if simples == csosn or (simples and codigo in CST_MONOFASICA):
        return
    c_stat, tipo = (590, "CST") if simples else (591, "CSOSN")
    mensagem = f"situacao tributaria incompativel com o regime: {tipo} {codigo} com CRT {c.operacao.crt}"
    correcao = "Use um CSOSN (3 dígitos)." if simples else "Use um CST (2 dígitos)."
    c.refuse(
        "TRIB-REGIME-01",
        linha,
        "icms.situacao_tributaria",
        mensagem,
        correcao,
        rotulo="CST/CSOSN do ICMS",
        valor=codigo,
        c_stat=c_stat,
    )


def check_cfop(c: Calculo, linha: Linha, escolha: Escolha) -> None:
    """Refuse a CFOP that is not 4 digits or points in another direction than the operation."""
    cfop = linha.cfop
    if cfop in escolha.cfops_bons:
        return
    if len(cfop) != 4 or not cfop.isascii() or not cfop.isdigit():
        c.refuse(
            "TRIB-CFOP-01",
            linha,
            "cfop",
            "o CFOP tem 4 algarismos",
            "Corrija o CFOP da categoria ou do item.",
            rotulo="CFOP",
            valor=cfop,
        )
        return
    esperado = expected_digit(c)
    if cfop[0] != esperado:
        mensagem = (
            f"CFOP {cfop} não serve a uma operação {c.enquadramento.cenario}: deve começar por {esperado}"
        )
        c.refuse(
            "TRIB-CFOP-02",
            linha,
            "cfop",
            mensagem,
            f"Use um CFOP iniciado por {esperado}.",
            rotulo="CFOP",
            valor=cfop,
        )
        return
    escolha.cfops_bons.add(cfop)
