"""What SEFAZ refused, in the caller's words: the field of the request, its value, the cause and the fix."""

import re
from collections.abc import Mapping
from typing import Any, cast

from chancela.documents.comum.rejeicoes import Reenvio, Rejeicao, explain_rejeicao
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.nota.caminhos import NFE, Vocabulario
from chancela.faces.tffiscal.validacao import label_of, shown_value
from chancela.issuing.modelo import Documento, Estado

_PARTE = re.compile(r"(\w+)(?:\[(\d+)\])?")
_REENVIO: Mapping[Reenvio, str] = {
    Reenvio.CORRIGIDO: "Depois de corrigir, envie de novo com o mesmo id: o número é mantido.",
    Reenvio.DEPOIS: "Ao enviar de novo, use o mesmo id.",
    Reenvio.NUNCA: "Para emitir outra nota, use outro id.",
}
_SEM_VOLTA: Mapping[Estado, str] = {
    Estado.DIVERGENTE: "A SEFAZ tem outro documento com este número: uma pessoa precisa conferir antes de continuar.",
    Estado.DENEGADO: "O número foi consumido: regularize o cadastro e emita outra nota, com outro id.",
    Estado.INUTILIZADO: "O número foi inutilizado: para emitir outra nota, use outro id.",
}
"""States that no correction of the request changes."""
_CORRECAO = "Corrija o que a SEFAZ apontou e envie de novo com o mesmo id: o número é mantido."


def explain_refusal(
    documento: Documento, dados: Mapping[str, Any], vocabulario: Vocabulario = NFE
) -> ErroCampo:
    """The entry of `data.erros` of a refused document. `dados` is the caller's JSON; empty when it is not at hand.

    The field is the first of the catalogue's that the caller filled; when none was, the most likely one.
    """
    codigo = "SEFAZ" if documento.c_stat is None else f"SEFAZ-{documento.c_stat}"
    if documento.estado in _SEM_VOLTA:
        return ErroCampo("", codigo, documento.motivo, _SEM_VOLTA[documento.estado])
    rejeicao = None if documento.c_stat is None else explain_rejeicao(documento.c_stat, documento.motivo)
    if rejeicao is None:
        return ErroCampo("", codigo, documento.motivo, _CORRECAO)
    campo, valor = _field_of(rejeicao, documento.resumo.quantidade_itens, dados, vocabulario)
    return ErroCampo(
        campo,
        codigo,
        rejeicao.causa if rejeicao.conhecida else documento.motivo,
        f"{rejeicao.correcao} {_REENVIO[rejeicao.reenvio]}" if rejeicao.conhecida else _CORRECAO,
        valor,
        _label(campo, vocabulario),
    )


def _field_of(
    rejeicao: Rejeicao, quantidade_itens: int, dados: Mapping[str, Any], vocabulario: Vocabulario
) -> tuple[str, str]:
    campos = [campo for c in rejeicao.paths(quantidade_itens) if (campo := vocabulario.path(c, dados))]
    for campo in campos:
        valor = shown_value(campo, _value_at(campo, dados))
        if valor:
            return campo, valor
    return (campos[0] if campos else ""), ""


def _value_at(campo: str, dados: Mapping[str, Any]) -> Any:
    atual: Any = dados
    for parte in campo.split("."):
        achado = _PARTE.fullmatch(parte)
        if achado is None or not isinstance(atual, Mapping):
            return None
        atual = cast("Mapping[str, Any]", atual).get(achado[1])
        if achado[2] is not None:
            lista = cast("list[Any]", atual) if isinstance(atual, list) else []
            atual = lista[int(achado[2])] if int(achado[2]) < len(lista) else None
    return atual


def _label(campo: str, vocabulario: Vocabulario) -> str:
    """`Item 2, NCM`."""
    if not campo:
        return ""
    nome = label_of(vocabulario.corpo, [parte.partition("[")[0] for parte in campo.split(".")])
    item = re.match(r"products\[(\d+)\](\.)?", campo)
    if item is None:
        return nome
    numero = f"Item {int(item[1]) + 1}"
    return f"{numero}, {nome}" if item[2] and nome else numero
