"""The document against the official schema before it has a number, told in the document's own terms."""

import re
from dataclasses import replace

from chancela.documents.nfe import layout
from chancela.documents.nfe.modelo import Identificacao, Nfe
from chancela.domain.erros import Violacao
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain, name_of
from chancela.domain.xml.leiaute import ValorNaoCabe

_PASSO = re.compile(r"([^/\[]+)(?:\[(\d+)\])?")
_CAMINHOS = {tags: caminho.removeprefix("nfe.").removeprefix("nfe") for tags, caminho in layout.MAPA}


def check_schema(nfe: Nfe, identificacao: Identificacao, esquemas: Esquemas) -> tuple[Violacao, ...]:
    """Every field that the schema refuses (rejection 225), in Portuguese, with paths such as `itens[1].produto.ncm`.

    `identificacao` may be a rehearsal: any number and cNF of the right series, environment and date do.
    """
    try:
        documento = layout.compose_unsigned(layout.build_infnfe(nfe, identificacao))
    except ValorNaoCabe as erro:
        return (describe_misfit(erro),)
    falhas = esquemas.validate(Esquema.NFE, documento)
    return tuple(replace(explain(falha), caminho=model_path(falha.caminho)) for falha in falhas)


def model_path(tags: str) -> str:
    """Where a path in tags (`NFe/infNFe/det[2]/prod/NCM`) lies in the model; the nearest group when the tag has none."""
    limpo = tags.removeprefix("NFe/").removeprefix("infNFe/")
    partes = [(p[1], p[2]) for p in _PASSO.finditer(limpo)]
    for tamanho in range(len(partes), 0, -1):
        nomes = "/".join(nome for nome, _ in partes[:tamanho])
        if nomes in _CAMINHOS:
            return _with_positions(_CAMINHOS[nomes], partes[:tamanho])
    return ""


def _with_positions(caminho: str, partes: list[tuple[str, str]]) -> str:
    """Fill the `[]` of a model path with the positions (from 0) found on the way."""
    posicoes: list[int] = []
    anterior = 0
    for tamanho in range(1, len(partes) + 1):
        aqui = _CAMINHOS.get("/".join(nome for nome, _ in partes[:tamanho]), "").count("[]")
        if aqui > anterior:
            posicoes.append(int(partes[tamanho - 1][1] or 1) - 1)
            anterior = aqui
    for posicao in posicoes:
        caminho = caminho.replace("[]", f"[{posicao}]", 1)
    return caminho.replace("[]", "[0]")


def describe_misfit(erro: ValorNaoCabe) -> Violacao:
    """What the layout could not write, in the document's own terms."""
    rotulo = name_of(erro.passos[0])
    return Violacao(
        "NFE-VALOR-01",
        model_path(erro.caminho),
        f"{rotulo}: o valor não cabe no campo (casas decimais demais, ou caractere proibido).",
        "Informe o valor com as casas decimais que o campo aceita.",
        rotulo=rotulo,
        valor=erro.valor[:60],
        c_stat=225,
    )
