"""Company settings between their stored JSON and what the assembly takes.

One flat list of names: those of the tax engine and of the document. Nested ones are written with a dot. What is stored
and is none of these belongs to other parts and is left alone. Values are judged when they are set, and again when read.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, cast, get_args

from chancela.documents.comum.estruturas import read_estrutura, read_valor, types_of
from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.grupos import ResponsavelTecnico
from chancela.domain.erros import EstadoInvalido, RegraViolada, Violacao
from chancela.domain.identidade import Cnpj, Cpf
from chancela.domain.tributos.configuracao import ConfiguracaoTributaria
from chancela.issuing.contingencia import AjustesContingencia
from chancela.issuing.recebidas import ConfiguracaoRecebidas


@dataclass(frozen=True, slots=True)
class _ResponsavelTecnico:
    cnpj: Cnpj
    contato: str
    email: str
    telefone: str


@dataclass(frozen=True, slots=True)
class _DoDocumento:
    """The settings that are not the tax engine's."""

    autorizados: tuple[Cnpj | Cpf, ...] = ()
    responsavel_tecnico: _ResponsavelTecnico | None = None
    versao_aplicativo: str = "chancela 1"


@dataclass(frozen=True, slots=True)
class _DaOperacao:
    """The settings about how documents reach SEFAZ."""

    contingencia: AjustesContingencia = field(default_factory=AjustesContingencia)


@dataclass(frozen=True, slots=True)
class Ajustavel:
    """One setting as it is documented: its name, what it takes, its default and what it does."""

    chave: str
    aceita: str
    padrao: str
    descricao: str


DESCRICOES: Mapping[str, str] = {
    "arredondamento": "arredondamento dos tributos, menos IS, IBS e CBS, que são sempre meio-par",
    "difal_metodo": "base do DIFAL: única, dupla (por dentro) ou a que a tabela diz para a UF de destino",
    "desoneracao_metodo": "se o preço ainda contém o ICMS desonerado (`por_fora`) ou já o exclui (`por_dentro`)",
    "deduz_desoneracao": "`indDeduzDeson`; sem valor, só na SUFRAMA (motivo 7), que sempre deduz",
    "mva_ajustada_automatica": "ajusta a MVA nas operações interestaduais",
    "mva_ajustada_inclui_fcp": "soma o FCP do destino à alíquota interna ao ajustar a MVA",
    "import_voutro_na_base": "na importação, põe as outras despesas na base do ICMS",
    "ajustar_cfop": "troca 5 por 6 e 1 por 2 no CFOP do cenário `padrao` conforme a operação",
    "exigir_ibscbs": "recusa o item do regime normal cuja categoria não traz IBS/CBS",
    "presumir_ibscbs": "em 2026, tributação integral de IBS/CBS onde a categoria não diz nada, com aviso",
    "emitir_is": "calcula o Imposto Seletivo também antes de 2027",
    "credito_sobre_base_reduzida": "crédito do Simples Nacional sobre a base reduzida",
    "cfops_difal_st": "CFOPs (6403, 6404) cujo ST é o diferencial de uso e consumo do consumidor final",
    "ufs_icms_efetivo": "UFs em que CST 60 e CSOSN 500 levam o ICMS efetivo",
    "aliquotas_ibs_cbs.uf": "alíquota do IBS da UF, em %, no lugar da tabela; com as outras duas",
    "aliquotas_ibs_cbs.municipio": "alíquota do IBS do município, em %",
    "aliquotas_ibs_cbs.cbs": "alíquota da CBS, em %",
    "emitir_valor_item_antes_de_2027": "escreve `vItem` antes de 2027",
    "autorizados": "CNPJ e CPF que podem baixar o XML de todo documento (`autXML`)",
    "responsavel_tecnico.cnpj": "CNPJ do responsável técnico pelo sistema (`infRespTec`); com os outros três",
    "responsavel_tecnico.contato": "nome de quem responde",
    "responsavel_tecnico.email": "e-mail dele",
    "responsavel_tecnico.telefone": "telefone dele, só números",
    "versao_aplicativo": "`verProc`",
    "recebidas_ambiente": "ambiente da distribuição e da manifestação do destinatário",
    "recebidas_automatico": "captura sozinho, de hora em hora, o que a SEFAZ distribui ao CNPJ",
    "recebidas_ciencia": "dá ciência (210210) de toda nota resumida recebida, para que o XML completo venha",
    "contingencia.nfe": "com a SEFAZ fora do ar, emite NF-e na SVC que a própria SVC diga estar ativa (107), ou espera; `epec`: onde a SVC não está ativa, registra o EPEC (110140) e envia a NF-e depois; `svc_sempre` emite toda NF-e na SVC, enquanto ela estiver ativa, até mudar",
    "contingencia.nfce": "com a SEFAZ fora do ar, emite NFC-e off-line (tpEmis 9); `sempre` emite toda NFC-e assim, até mudar",
    "contingencia.prazo_nfce": "prazo da UF para transmitir a NFC-e off-line: fim do primeiro dia útil seguinte, ou 24 horas",
    "contingencia.justificativa": "`xJust`, de 15 a 255 caracteres",
}
_CLASSES: tuple[type[Any], ...] = (ConfiguracaoTributaria, _DoDocumento, ConfiguracaoRecebidas, _DaOperacao)
_JUSTIFICATIVA = range(15, 256)


def list_ajustaveis() -> tuple[Ajustavel, ...]:
    """Every setting, in the order of the documentation."""
    return tuple(
        Ajustavel(chave, _accepts(tipo), _default(chave), DESCRICOES.get(chave, ""))
        for chave, tipo in _types().items()
    )


def read_configuracao(guardada: Mapping[str, Any], *, serie: int) -> ConfiguracaoEmissao:
    """What the assembly takes. `EstadoInvalido` (`CONFIG-02`) when a stored value does not fit any more."""
    if not guardada:
        return ConfiguracaoEmissao(serie=serie)
    try:
        tributaria = read_estrutura(ConfiguracaoTributaria, _of(ConfiguracaoTributaria, guardada))
        documento = read_estrutura(_DoDocumento, _of(_DoDocumento, guardada))
    except RegraViolada as erro:
        primeira = erro.violacoes[0]
        raise EstadoInvalido(
            "CONFIG-02",
            f"A configuração da empresa não serve: {primeira.caminho}: {primeira.mensagem}",
            f"Corrija com chancela empresa configurar. {primeira.correcao}",
        ) from None
    responsavel = documento.responsavel_tecnico
    return ConfiguracaoEmissao(
        serie=serie,
        tributaria=tributaria,
        responsavel_tecnico=None
        if responsavel is None
        else ResponsavelTecnico(
            responsavel.cnpj, responsavel.contato, responsavel.email, responsavel.telefone
        ),
        autorizados=documento.autorizados,
        versao_aplicativo=documento.versao_aplicativo,
    )


def read_contingencia(guardada: Mapping[str, Any]) -> AjustesContingencia:
    """What the company decided about contingency; the default of whatever does not fit any more."""
    try:
        return read_estrutura(_DaOperacao, _of(_DaOperacao, guardada)).contingencia
    except RegraViolada:
        return AjustesContingencia()


def change_configuracao(guardada: Mapping[str, Any], mudancas: Mapping[str, str]) -> dict[str, Any]:
    """The stored form with some settings changed; an empty text gives a setting its default back.

    Raises `RegraViolada` with every name that does not exist (`CONFIG-01`) and every value that does not fit.
    """
    tipos = _types()
    nova: dict[str, Any] = {nome: dict(v) if isinstance(v, Mapping) else v for nome, v in guardada.items()}  # pyright: ignore
    faltas: list[Violacao] = []
    for chave, texto in mudancas.items():
        if chave not in tipos:
            correcao = f"Existem: {', '.join(tipos)}."
            faltas.append(Violacao("CONFIG-01", chave, "Esta configuração não existe.", correcao))
            continue
        try:
            valor = None if not texto.strip() else _plain(read_valor(tipos[chave], texto.strip(), chave))
        except RegraViolada as erro:
            faltas += erro.violacoes
            continue
        _put(nova, chave, valor)
    if not faltas:
        faltas += _check_whole(nova)
    if faltas:
        raise RegraViolada(tuple(faltas))
    return nova


def show_configuracao(guardada: Mapping[str, Any]) -> dict[str, str]:
    """Every setting with the value in force, as text; what was never set shows its default."""
    mostrada: dict[str, str] = {}
    for chave in _types():
        valor = _get(guardada, chave)
        mostrada[chave] = _default(chave) if valor is None else _text(valor)
    return mostrada


def _types() -> dict[str, Any]:
    tipos: dict[str, Any] = {}
    for classe in _CLASSES:
        for campo in fields(classe):
            tipo = _without_none(types_of(classe)[campo.name])
            if is_dataclass(tipo):
                internos = types_of(cast("type[Any]", tipo))
                tipos |= {f"{campo.name}.{nome}": interno for nome, interno in internos.items()}
            else:
                tipos[campo.name] = tipo
    return tipos


def _of(classe: type[Any], guardada: Mapping[str, Any]) -> dict[str, Any]:
    return {campo.name: guardada[campo.name] for campo in fields(classe) if campo.name in guardada}


def _check_whole(guardada: Mapping[str, Any]) -> tuple[Violacao, ...]:
    """What single values do not show: a group set by half."""
    faltas: list[Violacao] = []
    for classe in _CLASSES:
        try:
            read_estrutura(classe, _of(classe, guardada))
        except RegraViolada as erro:
            faltas += erro.violacoes
    justificativa = read_contingencia(guardada).justificativa
    if len(" ".join(justificativa.split())) not in _JUSTIFICATIVA:
        faltas.append(
            Violacao(
                "CONFIG-03",
                "contingencia.justificativa",
                "A justificativa da contingência tem de 15 a 255 caracteres.",
                "Escreva por que a empresa entra em contingência.",
                valor=justificativa,
            )
        )
    return tuple(faltas)


def _without_none(tipo: Any) -> Any:
    partes = [t for t in get_args(tipo) if t is not NoneType]
    return partes[0] if NoneType in get_args(tipo) and len(partes) == 1 else tipo


def _put(onde: dict[str, Any], chave: str, valor: Any) -> None:
    grupo, ponto, nome = chave.partition(".")
    if not ponto:
        onde[grupo] = valor
    else:
        onde.setdefault(grupo, {})
        _put(onde[grupo], nome, valor)
    if onde[grupo] is None or onde[grupo] == {}:
        del onde[grupo]


def _get(guardada: Mapping[str, Any], chave: str) -> Any:
    grupo, ponto, nome = chave.partition(".")
    valor = guardada.get(grupo)
    if not ponto:
        return valor
    return cast("Mapping[str, Any]", valor).get(nome) if isinstance(valor, Mapping) else None


def _plain(valor: Any) -> Any:
    if isinstance(valor, Enum):
        return valor.value
    if isinstance(valor, Decimal):
        return format(valor, "f")
    if isinstance(valor, tuple | frozenset):
        membros = [_plain(v) for v in cast("tuple[Any, ...]", valor)]
        return sorted(membros) if isinstance(valor, frozenset) else membros
    return valor if isinstance(valor, bool | int) else str(valor)


def _text(valor: Any) -> str:
    if isinstance(valor, bool):
        return "true" if valor else "false"
    if isinstance(valor, list | tuple):
        return ",".join(str(v) for v in cast("list[Any]", valor))
    return str(valor)


def _default(chave: str) -> str:
    padroes: dict[str, Any] = {}
    for classe in _CLASSES:
        padroes |= asdict(classe())
    valor = _get(padroes, chave)
    return "" if valor is None else _text(_plain(valor))


def _accepts(tipo: Any) -> str:
    if tipo is bool:
        return "true ou false"
    if tipo is Decimal:
        return "número"
    if isinstance(tipo, type) and issubclass(tipo, Enum):
        return ", ".join(str(membro.value) for membro in tipo)
    if get_args(tipo):
        return "lista, com vírgulas"
    return "texto"
