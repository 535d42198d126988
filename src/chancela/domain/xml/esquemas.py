"""The official schemas, each compiled once per process, and what they find wrong, as values.

The XSD files are read from the installed `nfelib` (origin: Portal da NF-e, packages PL_010 and of the events); those that
it lacks travel in `chancela/schemas`, whose manifest says where each came from. What a failure means to a person is in
`explicacao.py`; libxml2's own sentences never leave this module but as `original`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from lxml import etree

from chancela.domain.xml.leitura import Elemento, local_name, parse_xml

PROPRIOS = "chancela:"
"""Marks a schema that lies in `chancela/schemas` instead of `nfelib`."""


class Esquema(StrEnum):
    """A root element with its official schema; the value is the file under `nfelib`, or under `chancela/schemas`."""

    NFE = "nfe/schemas/v4_0/nfe_v4.00.xsd"
    PROC_NFE = "nfe/schemas/v4_0/procNFe_v4.00.xsd"
    ENVI_NFE = "nfe/schemas/v4_0/enviNFe_v4.00.xsd"
    RET_ENVI_NFE = "nfe/schemas/v4_0/retEnviNFe_v4.00.xsd"
    CONS_RECI = "nfe/schemas/v4_0/consReciNFe_v4.00.xsd"
    RET_CONS_RECI = "nfe/schemas/v4_0/retConsReciNFe_v4.00.xsd"
    CONS_SIT = "nfe/schemas/v4_0/consSitNFe_v4.00.xsd"
    RET_CONS_SIT = "nfe/schemas/v4_0/retConsSitNFe_v4.00.xsd"
    CONS_STAT = "nfe/schemas/v4_0/consStatServ_v4.00.xsd"
    RET_CONS_STAT = "nfe/schemas/v4_0/retConsStatServ_v4.00.xsd"
    INUT = "nfe/schemas/v4_0/inutNFe_v4.00.xsd"
    RET_INUT = "nfe/schemas/v4_0/retInutNFe_v4.00.xsd"
    PROC_INUT = "nfe/schemas/v4_0/procInutNFe_v4.00.xsd"
    ENV_EVENTO = "nfe_evento_generico/schemas/v1_0/envEvento_v1.00.xsd"
    RET_ENV_EVENTO = "nfe_evento_generico/schemas/v1_0/retEnvEvento_v1.00.xsd"
    PROC_EVENTO = "nfe_evento_generico/schemas/v1_0/procEventoNFe_v1.00.xsd"
    ENV_CANCELAMENTO = "nfe_evento_cancel/schemas/v1_0/envEventoCancNFe_v1.00.xsd"
    DET_CANCELAMENTO = "nfe_evento_cancel/schemas/v1_0/e110111_v1.00.xsd"
    ENV_CCE = "nfe_evento_cce/schemas/v1_0/envCCe_v1.00.xsd"
    DET_CCE = "nfe_evento_cce/schemas/v1_0/e110110_v1.00.xsd"
    ENV_EPEC = "nfe_epec/schemas/v1_0/envEPEC_v1.00.xsd"
    DET_EPEC = "nfe_epec/schemas/v1_0/e110140_v1.00.xsd"
    DET_SUBSTITUICAO = "chancela:nfe/e110112_v1.00.xsd"
    DET_CONFIRMACAO = "nfe_evento_mde/schemas/v1_0/e210200_v1.00.xsd"
    DET_CIENCIA = "nfe_evento_mde/schemas/v1_0/e210210_v1.00.xsd"
    DET_DESCONHECIMENTO = "nfe_evento_mde/schemas/v1_0/e210220_v1.00.xsd"
    DET_NAO_REALIZADA = "nfe_evento_mde/schemas/v1_0/e210240_v1.00.xsd"
    DET_ATOR_INTERESSADO = "nfe_ator_interessado/schemas/v1_0/110150_v1.00.xsd"
    DET_COMPROVANTE = "nfe_entrega/schemas/v1_0/e110130_v1.00.xsd"
    DET_CANCELA_COMPROVANTE = "nfe_entrega/schemas/v1_0/e110131_v1.00.xsd"
    DET_INSUCESSO = "nfe_insucesso/schemas/v1_0/e110192_v1.00.xsd"
    DET_CANCELA_INSUCESSO = "nfe_insucesso/schemas/v1_0/e110193_v1.00.xsd"
    DET_ECONF = "chancela:nfe/e110750_v1.00.xsd"
    DET_CANCELA_ECONF = "chancela:nfe/e110751_v1.00.xsd"
    DET_PRORROGACAO_1 = "chancela:nfe/e111500_v1.00.xsd"
    DET_PRORROGACAO_2 = "chancela:nfe/e111501_v1.00.xsd"
    DET_CANCELA_PRORROGACAO_1 = "chancela:nfe/e111502_v1.00.xsd"
    DET_CANCELA_PRORROGACAO_2 = "chancela:nfe/e111503_v1.00.xsd"
    CONS_CAD = "chancela:nfe/consCad_v2.00.xsd"
    RET_CONS_CAD = "chancela:nfe/retConsCad_v2.00.xsd"
    ENV_MANIFESTACAO = "nfe_evento_mde/schemas/v1_0/envConfRecebto_v1.00.xsd"
    DIST_DFE = "nfe_dist_dfe/schemas/v1_0/distDFeInt_v1.01.xsd"
    RET_DIST_DFE = "nfe_dist_dfe/schemas/v1_0/retDistDFeInt_v1.01.xsd"
    RES_NFE = "nfe_dist_dfe/schemas/v1_0/resNFe_v1.01.xsd"
    RES_EVENTO = "nfe_dist_dfe/schemas/v1_0/resEvento_v1.01.xsd"


class TipoFalha(StrEnum):
    """In which way a document misses its schema."""

    RAIZ = "raiz"
    """The document is another one."""
    FALTANDO = "faltando"
    INESPERADO = "inesperado"
    """Unknown there, repeated or out of order."""
    REPETIDO = "repetido"
    """A value that must be unique, such as the item number."""
    FORMATO = "formato"
    DOMINIO = "dominio"
    """Not one of the listed values."""
    TAMANHO = "tamanho"
    FAIXA = "faixa"
    TIPO = "tipo"


@dataclass(frozen=True, slots=True)
class FalhaEsquema:
    """One failure. `caminho` is in tags, `[n]` (from 1) where a tag repeats, `@` before an attribute."""

    tipo: TipoFalha
    caminho: str
    tag: str
    valor: str
    linha: int
    """Line in the validated bytes, from 1; 0 when unknown."""
    esperado: tuple[str, ...] = ()
    """Tags (missing, unexpected), values (domain), the pattern (format), or minimum and maximum (length)."""
    original: str = ""
    """libxml2's sentence, for logs; not for people."""


class Esquemas:
    """The registry. One instance serves all threads of a process; schemas are compiled when first used."""

    def __init__(self, pasta: Path | None = None) -> None:
        self._pasta = pasta
        self._compilados: dict[Esquema, _Compilado] = {}
        self._trava = Lock()

    def validate(self, nome: Esquema, documento: bytes | Elemento) -> tuple[FalhaEsquema, ...]:
        """Everything that keeps `documento` from being valid, in document order; empty when it is valid.

        Bytes are parsed by the safe reader (`XmlInvalido`); an element is taken as the root of what is judged.
        """
        raiz = parse_xml(documento) if isinstance(documento, bytes) else documento
        compilado = self._compilados.get(nome) or self._add(nome)
        return () if compilado.accepts(raiz) else compilado.diagnose(raiz)

    def compile(self, nome: Esquema) -> None:
        """Compile ahead of the first document (start-up)."""
        self._add(nome)

    def _add(self, nome: Esquema) -> "_Compilado":
        with self._trava:
            achado = self._compilados.get(nome)
            if achado is None:
                achado = _Compilado(self._file_of(nome))
                self._compilados[nome] = achado
            return achado

    def _file_of(self, nome: Esquema) -> Path:
        if nome.value.startswith(PROPRIOS):
            return _packaged() / nome.value.removeprefix(PROPRIOS)
        return (self._pasta or _nfelib()) / nome.value


@cache
def _nfelib() -> Path:
    """Where nfelib lies, found without importing it."""
    spec = find_spec("nfelib")
    assert spec is not None, "nfelib is a dependency"
    assert spec.submodule_search_locations is not None
    return Path(next(iter(spec.submodule_search_locations)))


def _packaged() -> Path:
    """Where the schemas of our own package lie: three folders up from here."""
    return Path(__file__).resolve().parents[2] / "schemas"


class _Compilado:
    """One schema in two copies: lxml keeps one error log per copy, so only a locked one may be asked why."""

    def __init__(self, arquivo: Path) -> None:
        self._arquivo = arquivo
        self._rapido = _compile(arquivo)
        self._trava = Lock()

    def accepts(self, raiz: Elemento) -> bool:
        return self._rapido(raiz)

    def diagnose(self, raiz: Elemento) -> tuple[FalhaEsquema, ...]:
        with self._trava:
            self._detalhado(raiz)
            entradas = list(self._detalhado.error_log)
        falhas = [_read_entry(entrada, raiz, self._tags) for entrada in entradas]
        return tuple(_without_echoes(falhas))

    @cached_property
    def _detalhado(self) -> etree.XMLSchema:
        return _compile(self._arquivo)

    @cached_property
    def _tags(self) -> frozenset[str]:
        """Every element name that this schema and those it includes declare."""
        return frozenset(_declared(self._arquivo, set()))


def _compile(arquivo: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(arquivo), parser))


_NOME = re.compile(rb'<(?:xs:|xsd:)?element\s[^>]*?name="([\w.\-]+)"')
_INCLUSAO = re.compile(rb'<(?:xs:|xsd:)?(?:include|import)\s[^>]*?schemaLocation="([^"]+)"')


def _declared(arquivo: Path, vistos: set[Path]) -> Iterator[str]:
    if arquivo in vistos:
        return
    vistos.add(arquivo)
    texto = arquivo.read_bytes()
    yield from (nome.decode("ascii") for nome in _NOME.findall(texto))
    for inclusao in _INCLUSAO.findall(texto):
        yield from _declared((arquivo.parent / inclusao.decode("ascii")).resolve(), vistos)


# Numbers of libxml2's xmlParserErrors (include/libxml/xmlerror.h).
_TIPOS = {
    1824: TipoFalha.TIPO,
    1825: TipoFalha.TIPO,
    1826: TipoFalha.TIPO,
    1828: TipoFalha.INESPERADO,
    1830: TipoFalha.TAMANHO,
    1831: TipoFalha.TAMANHO,
    1832: TipoFalha.TAMANHO,
    1833: TipoFalha.FAIXA,
    1834: TipoFalha.FAIXA,
    1835: TipoFalha.FAIXA,
    1836: TipoFalha.FAIXA,
    1837: TipoFalha.FORMATO,
    1838: TipoFalha.FORMATO,
    1839: TipoFalha.FORMATO,
    1840: TipoFalha.DOMINIO,
    1841: TipoFalha.INESPERADO,
    1842: TipoFalha.INESPERADO,
    1843: TipoFalha.INESPERADO,
    1844: TipoFalha.INESPERADO,
    1845: TipoFalha.RAIZ,
    1866: TipoFalha.INESPERADO,
    1867: TipoFalha.INESPERADO,
    1868: TipoFalha.FALTANDO,
    1871: TipoFalha.INESPERADO,
    1877: TipoFalha.REPETIDO,
}
_CONTEUDO_DO_ELEMENTO = 1871
_ATRIBUTO_FALTANDO = 1868
_ATRIBUTO = re.compile(r", attribute '([^']+)'")
_ATRIBUTO_EXIGIDO = re.compile(r"The attribute '([^']+)' is required")
_ESPERADOS = re.compile(r"Expected is (?:one of )?\( (.*?) \)")
_NOME_ESPERADO = re.compile(r"(?:\{[^}]*\})?([\w.\-*]+)")
_CONJUNTO = re.compile(r"not an element of the set \{(.*)\}", re.DOTALL)
_MEMBRO = re.compile(r"'([^']*)'")
_PADRAO = re.compile(r"not accepted by the pattern '(.*)'\.?\s*$", re.DOTALL)
_LIMITE = re.compile(r"(underruns|exceeds|differs from)[^']*'(\d+)'")
_PASSO = re.compile(r"(\*|[\w.\-]+:)?([\w.\-]*)(?:\[(\d+)\])?")


def _read_entry(entrada: etree._LogEntry, raiz: Elemento, conhecidas: frozenset[str]) -> FalhaEsquema:  # pyright: ignore[reportPrivateUsage]
    tipo = _TIPOS.get(entrada.type, TipoFalha.TIPO)
    elemento = _resolve(raiz, entrada.path or "")
    mensagem = entrada.message
    linha = elemento.sourceline or entrada.line or 0
    caminho, tag = path_of(raiz, elemento), local_name(elemento)
    if entrada.type == _CONTEUDO_DO_ELEMENTO:
        return _read_content(elemento, caminho, linha, mensagem, conhecidas)
    if entrada.type == _ATRIBUTO_FALTANDO and (exigido := _ATRIBUTO_EXIGIDO.search(mensagem)):
        nome = exigido[1].rpartition("}")[2]
        return FalhaEsquema(tipo, f"{caminho}/@{nome}", nome, "", linha, (nome,), mensagem)
    valor = "" if len(elemento) else (elemento.text or "")
    if (atributo := _ATRIBUTO.search(mensagem)) is not None:
        qualificado = atributo[1]
        tag = qualificado.rpartition("}")[2]
        caminho, valor = f"{caminho}/@{tag}", elemento.get(qualificado) or ""
    return FalhaEsquema(tipo, caminho, tag, valor, linha, _expected_value(tipo, mensagem), mensagem)


def _read_content(
    elemento: Elemento, caminho: str, linha: int, mensagem: str, conhecidas: frozenset[str]
) -> FalhaEsquema:
    """A missing or an unexpected child: libxml2 reports the first child that does not fit, whatever the cause."""
    lista = _ESPERADOS.search(mensagem)
    esperados = tuple(_NOME_ESPERADO.findall(lista[1])) if lista is not None else ()
    tag = local_name(elemento)
    if "Missing child element" in mensagem and esperados:
        return FalhaEsquema(
            TipoFalha.FALTANDO, f"{caminho}/{esperados[-1]}", esperados[-1], "", linha, esperados, mensagem
        )
    repetido = any(local_name(irmao) == tag for irmao in _before(elemento))
    pai, separador, _ = caminho.rpartition("/")
    if esperados and tag in conhecidas and not repetido and separador:
        # A known tag that came too early: what should have come before it is missing. The required one is named last.
        return FalhaEsquema(
            TipoFalha.FALTANDO, f"{pai}/{esperados[-1]}", esperados[-1], "", linha, esperados, mensagem
        )
    valor = "" if len(elemento) else (elemento.text or "")
    return FalhaEsquema(TipoFalha.INESPERADO, caminho, tag, valor, linha, esperados, mensagem)


def _expected_value(tipo: TipoFalha, mensagem: str) -> tuple[str, ...]:
    if tipo is TipoFalha.DOMINIO and (conjunto := _CONJUNTO.search(mensagem)):
        return tuple(_MEMBRO.findall(conjunto[1]))
    if tipo is TipoFalha.FORMATO and (padrao := _PADRAO.search(mensagem)):
        return (padrao[1],)
    if tipo is TipoFalha.TAMANHO and (
        limite := _LIMITE.search(mensagem.partition("The value has a length")[2])
    ):
        sentido, numero = limite[1], limite[2]
        return (numero if sentido != "exceeds" else "", numero if sentido != "underruns" else "")
    return ()


def _before(elemento: Elemento) -> Iterator[Elemento]:
    irmao = elemento.getprevious()
    while irmao is not None:
        yield irmao
        irmao = irmao.getprevious()


def _resolve(raiz: Elemento, caminho: str) -> Elemento:
    """The element of a libxml2 node path (`/*/*[2]/ns:x[1]`), from `raiz` on; the nearest one when a step is odd."""
    atual = raiz
    for passo in caminho.split("/")[2:]:
        partes = _PASSO.fullmatch(passo)
        if partes is None or passo.startswith("@"):
            break
        nome = partes[2]
        filhos = [f for f in atual if isinstance(f.tag, str) and (not nome or local_name(f) == nome)]
        indice = int(partes[3] or 1) - 1
        if indice >= len(filhos):
            break
        atual = filhos[indice]
    return atual


def path_of(raiz: Elemento, elemento: Elemento) -> str:
    """The path of `elemento` in tags from `raiz`, numbered (from 1) where siblings share the tag."""
    partes: list[str] = []
    atual = elemento
    while True:
        pai = atual.getparent() if atual is not raiz else None
        if pai is None:
            return "/".join((local_name(atual), *reversed(partes)))
        iguais = [f for f in pai if f.tag == atual.tag]
        nome = local_name(atual)
        partes.append(f"{nome}[{iguais.index(atual) + 1}]" if len(iguais) > 1 else nome)
        atual = pai


def _without_echoes(falhas: list[FalhaEsquema]) -> Iterator[FalhaEsquema]:
    """Each place once per kind; the general failure of a type is dropped where a facet already says why."""
    com_causa = {f.caminho for f in falhas if f.tipo is not TipoFalha.TIPO}
    vistas: set[tuple[TipoFalha, str]] = set()
    for falha in falhas:
        eco = falha.tipo is TipoFalha.TIPO and falha.caminho in com_causa
        if eco or (falha.tipo, falha.caminho) in vistas:
            continue
        vistas.add((falha.tipo, falha.caminho))
        yield falha
