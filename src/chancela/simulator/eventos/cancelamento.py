"""Cancelamento (110111) and Cancelamento por substituição (110112): their windows, and what forbids them (MOC 7.0, NT 2018.004)."""

from collections.abc import Callable
from datetime import timedelta

from chancela.simulator.eventos.modelo import (
    AMBOS,
    SO_NFCE,
    CasoEvento,
    Prazo,
    Recusa,
    TipoEvento,
)
from chancela.simulator.eventos.vinculos import open_events
from chancela.simulator.nota import Item, Nota, read_nota
from chancela.simulator.regras.contas import key_fault

CONCLUSIVAS = ("210200", "210220", "210240")
_DIFERENCA_MAXIMA = timedelta(hours=2)
_IMPEDIMENTOS = (
    ("610600", "610610", "610614", 690, "Pedido de Cancelamento para NF-e com CT-e ou MDF-e"),
    ("610500", "610510", "610514", 219, "Circulação da NF-e verificada"),
    ("990900", "990910", "", 304, "Pedido de Cancelamento para NF-e com evento da Suframa"),
    ("790700", "", "", 939, "Pedido de Cancelamento para NF-e com evento de Averbação para Exportação"),
    ("990100", "900120", "900140", 940, "Pedido de Cancelamento para NF-e com evento Financeiro"),
    ("110130", "610130", "", 826, "Pedido de Cancelamento para NF-e com Evento de Entrega"),
)
_CAMPOS_DO_ITEM = ("cProd", "cEAN", "xProd", "NCM", "CFOP", "uCom", "qCom", "vUnCom", "vProd", "indTot")
_PARTES_DA_CHAVE = {
    236: "DV",
    614: "UF",
    615: "Ano",
    616: "Mês",
    617: "CNPJ/CPF",
    618: "Modelo",
    619: "Número",
}


def check_protocol(caso: CasoEvento) -> Recusa:
    """222: the protocol of authorization, as the author knows it."""
    if caso.det.texto("nProt") == caso.livro_nota.protocolo:
        return None
    return 222, "Protocolo de Autorização de Uso difere do cadastrado"


def _confirmed(caso: CasoEvento) -> Recusa:
    """The last conclusive manifestation prevails."""
    conclusivas = caso.of_type(*CONCLUSIVAS)
    if conclusivas and conclusivas[-1].tp_evento == "210200":
        return 221, "Confirmado o recebimento da NF-e pelo destinatário"
    return None


def _hindered(caso: CasoEvento) -> Recusa:
    """Events of carriage, customs and finance that were not undone."""
    abertos = open_events(caso.anteriores)
    for *tipos, c_stat, texto in _IMPEDIMENTOS:
        if abertos & set(tipos):
            return int(c_stat), str(texto)
    return None


def cancel_nota(caso: CasoEvento, _quando: str) -> None:
    """The note is cancelled from now on."""
    caso.livro.cancel_nota(caso.ambiente, caso.chave)


def _emission_types(caso: CasoEvento) -> Recusa:
    if caso.chave[34] == "1" and caso.det.texto("chNFeRef")[34] == "9":
        return None
    return 920, "Tipo de Emissão inválido no Cancelamento por Substituição"


def _author_organ(caso: CasoEvento) -> Recusa:
    if caso.det.texto("cOrgaoAutor") == caso.chave[:2]:
        return None
    return 455, "Órgão Autor do evento diferente da UF da Chave de Acesso"


def _substitute_key(caso: CasoEvento) -> Recusa:
    substituta = caso.det.texto("chNFeRef")
    falha = key_fault(substituta, caso.agora.year)
    if falha is not None:
        return 910, f"Chave de Acesso NF-e Substituta inválida ({_PARTES_DA_CHAVE[falha]})"
    partes: dict[str, Callable[[str], str]] = {
        "UF": lambda c: c[:2],
        "CNPJ": lambda c: c[6:20],
        "Modelo": lambda c: c[20:22],
    }
    errada = next((nome for nome, parte in partes.items() if parte(substituta) != parte(caso.chave)), "")
    if substituta == caso.chave:
        errada = "Chave de Acesso"
    return (911, f"Chave de Acesso NF-e Substituta incorreta ({errada})") if errada else None


def _substitute_itself(caso: CasoEvento) -> Recusa:
    """912 to 919: the substitute exists and tells the same sale."""
    registrada = caso.livro.find_nota(caso.ambiente, caso.det.texto("chNFeRef"))
    if registrada is None:
        return 912, "NF-e Substituta inexistente"
    if registrada.situacao != "autorizada":
        return 913, "NF-e Substituta Denegada ou Cancelada"
    return _compare(caso.nota, read_nota(registrada.xml))


def _compare(original: Nota, substituta: Nota) -> Recusa:
    if substituta.emissao > original.emissao + _DIFERENCA_MAXIMA:
        texto = (
            "Data de emissão da NF-e Substituta maior que 2 horas da data de emissão da NF- e a ser cancelada"
        )
        return 914, texto
    if substituta.v_nf != original.v_nf:
        return 915, "Valor total da NF-e Substituta difere do valor da NF-e a ser cancelada"
    if substituta.icms_tot.valor("vICMS") != original.icms_tot.valor("vICMS"):
        return 916, "Valor total do ICMS da NF-e Substituta difere do valor da NF-e a ser cancelada"
    if _person(substituta) != _person(original):
        return 917, (
            "Identificação do destinatário da NF-e Substituta difere da identificação do destinatário da NF-e a ser cancelada."
        )
    if len(substituta.itens) != len(original.itens):
        return 918, (
            "Quantidade de itens da NF-e Substituta difere da quantidade de itens da NF-e a ser cancelada."
        )
    pares = zip(substituta.itens, original.itens, strict=True)
    if any(_product(a) != _product(b) for a, b in pares):
        return 919, "Item da NF-e Substituta difere do mesmo item da NF-e a ser cancelada."
    return None


def _person(nota: Nota) -> str:
    return nota.destinatario or nota.dest.texto("idEstrangeiro")


def _product(item: Item) -> tuple[str, ...]:
    return tuple(item.prod.texto(tag) for tag in _CAMPOS_DO_ITEM)


CANCELAMENTO = TipoEvento(
    "110111",
    "Cancelamento",
    "nfe_evento_cancel/schemas/v1_0/e110111_v1.00",
    modelos=AMBOS,
    prazos={"55": Prazo(timedelta(hours=24), 501), "65": Prazo(timedelta(minutes=30), 501)},
    exige_autorizada=True,
    da_nota=(check_protocol, _confirmed, _hindered),
    efeito=cancel_nota,
)
SUBSTITUICAO = TipoEvento(
    "110112",
    "Cancelamento por substituicao",
    "@nfe/e110112_v1.00",
    modelos=SO_NFCE,
    prazos={"65": Prazo(timedelta(hours=168), 501)},
    exige_autorizada=True,
    da_chave=(_emission_types, _author_organ, _substitute_key),
    da_nota=(check_protocol, _substitute_itself),
    efeito=cancel_nota,
)
