"""The free texts of an NF-e and how long each may be; codes are never cut, so they are not here."""

from dataclasses import fields, replace
from functools import cache
from typing import Any

from chancela.documents.comum.texto import Ajuste, Normalizador, is_clean
from chancela.documents.nfe.modelo import Nfe

_ENDERECO = {"logradouro": 60, "numero": 60, "complemento": 60, "bairro": 60, "municipio": 60, "pais": 60}
_LOCAL = {"nome": 60, "email": 60, "endereco": _ENDERECO}
_OBSERVACAO = {"campo": 20, "texto": 60}
_PRODUTO = {
    "codigo": 60, "descricao": 120, "unidade": 6, "unidade_tributavel": 6, "pedido": 15,
    "medicamento": {"motivo_isencao": 255},
    "armas": {"descricao": 256},
    "veiculo": {"cor": 40},
    "combustivel": {"descricao_anp": 95},
    "declaracoes_importacao": {"local_desembaraco": 60, "exportador": 60, "adicoes": {"fabricante": 60}},
}  # fmt: skip
_TEXTOS: dict[str, Any] = {
    "natureza_operacao": 60,
    "emitente": {"nome": 60, "nome_fantasia": 60, "endereco": _ENDERECO},
    "destinatario": {"nome": 60, "email": 60, "endereco": _ENDERECO},
    "retirada": _LOCAL,
    "entrega": _LOCAL,
    "itens": {
        "informacoes": 500, "produto": _PRODUTO, "observacao_contribuinte": _OBSERVACAO, "observacao_fisco": _OBSERVACAO,
    },
    "transporte": {
        "transportador": {"nome": 60, "endereco": 60, "municipio": 60},
        "volumes": {"especie": 60, "marca": 60, "numeracao": 60},
    },
    "cobranca": {"fatura": {"numero": 60}},
    "pagamentos": {"descricao": 60},
    "informacoes": {
        "fisco": 2000, "complementares": 5000, "observacoes_contribuinte": _OBSERVACAO, "observacoes_fisco": _OBSERVACAO,
    },
    "exportacao": {"local_embarque": 60, "local_despacho": 60},
    "compra": {"nota_empenho": 22, "pedido": 60, "contrato": 60},
    "responsavel_tecnico": {"contato": 60},
}  # fmt: skip
"""Attribute -> greatest length, or the texts of the object (or of each object of the tuple) that it holds."""


def normalize_nfe(nfe: Nfe) -> tuple[Nfe, tuple[Ajuste, ...]]:
    """The document with every free text inside the official set and length, and the changes that took.

    An optional text that comes out empty disappears; a required one stays empty for the rules to refuse.
    """
    normalizador = Normalizador()
    return _walk(nfe, _TEXTOS, "", normalizador), tuple(normalizador.ajustes)


def _walk(objeto: Any, textos: dict[str, Any], caminho: str, normalizador: Normalizador) -> Any:
    mudancas: dict[str, Any] = {}
    for nome, regra in textos.items():
        valor = getattr(objeto, nome)
        if valor is None or (isinstance(regra, int) and is_clean(valor, regra)):
            continue
        onde = f"{caminho}.{nome}" if caminho else nome
        if isinstance(regra, int):
            novo = normalizador.limpa(onde, valor, regra)
            if not novo and nome in _optional(type(objeto)):
                novo = None
        elif isinstance(valor, tuple):
            novo = tuple(_walk(v, regra, f"{onde}[{i}]", normalizador) for i, v in enumerate(valor))
            if all(a is b for a, b in zip(novo, valor, strict=True)):
                novo = valor
        else:
            novo = _walk(valor, regra, onde, normalizador)
        if novo is not valor and novo != valor:
            mudancas[nome] = novo
    return replace(objeto, **mudancas) if mudancas else objeto


@cache
def _optional(classe: type[Any]) -> frozenset[str]:
    return frozenset(f.name for f in fields(classe) if f.default is None)
