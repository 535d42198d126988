"""Groups F, G and GA: places of pick-up and delivery, and who may download (MOC 7.0, Anexo I)."""

from collections.abc import Callable

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok
from chancela.simulator.regras.emitente import another_uf, country_known, ie_ok
from chancela.simulator.regras.modelo import (
    AMBOS,
    SO_NFE,
    Contexto,
    GrupoRegras,
    JuizNota,
    Veredito,
    nota,
)
from chancela.simulator.tabelas import MUNICIPIO_EXTERIOR, municipios
from chancela.simulator.xml import Grupo

_LOCAIS = ("retirada", "entrega")


def _of(local: str, ruim: Callable[[Grupo], bool]) -> JuizNota:
    """A rule over one of the two places; it holds when the place is absent."""

    def judge(n: Nota, _c: Contexto) -> Veredito:
        grupo = n.inf.grupo(local)
        return bool(grupo) and ruim(grupo)

    return judge


def _either(ruim: Callable[[Grupo], bool]) -> JuizNota:
    return lambda n, _c: any(bool(n.inf.grupo(local)) and ruim(n.inf.grupo(local)) for local in _LOCAIS)


def _cnpj_wrong(g: Grupo) -> bool:
    return bool(g.texto("CNPJ")) and not cnpj_ok(g.texto("CNPJ"))


def _cpf_wrong(g: Grupo) -> bool:
    return g.tem("CPF") and not cpf_ok(g.texto("CPF"))


def _abroad_with_city(g: Grupo) -> bool:
    return g.texto("UF") == "EX" and g.texto("cMun") != MUNICIPIO_EXTERIOR


def _city_unknown(g: Grupo) -> bool:
    return g.texto("UF") != "EX" and g.texto("cMun") not in municipios()


def _city_of_another_uf(g: Grupo) -> bool:
    return g.texto("UF") != "EX" and another_uf(g.texto("cMun"), g.texto("UF"))


def _ie_wrong(g: Grupo) -> bool:
    return (
        g.tem("IE")
        and g.texto("IE") != "ISENTO"
        and g.texto("UF") != "EX"
        and not ie_ok(g.texto("UF"), g.texto("IE"))
    )


def _authorised(n: Nota, tag: str) -> list[str]:
    return [g.texto(tag) for g in n.inf.grupos("autXML") if g.tem(tag)]


GRUPO = GrupoRegras(
    "F/G/GA",
    (
        nota("F02-10", 512, "CNPJ do Local de Retirada inválido", AMBOS, _of("retirada", _cnpj_wrong), prioridade=2, so_com="retirada"),
        nota("F02a-10", 540, "CPF do Local de Retirada inválido", AMBOS, _of("retirada", _cpf_wrong), prioridade=2, so_com="retirada"),
        nota("F07-10", 513, "Código Município do Local de Retirada deve ser 9999999 para UF retirada = “EX”.", AMBOS, _of("retirada", _abroad_with_city), prioridade=2, so_com="retirada"),
        nota("F07-20", 276, "Código Município do Local de Retirada inexistente", AMBOS, _of("retirada", _city_unknown), prioridade=2, so_com="retirada"),
        nota("F07-30", 277, "Código Município do Local de Retirada: difere da UF do Local de Retirada", AMBOS, _of("retirada", _city_of_another_uf), prioridade=2, so_com="retirada"),
        nota("F11-10", 970, "Código de País inexistente [local de retirada/entrega]", SO_NFE, _either(lambda g: not country_known(g)), prioridade=3, so_com="retirada entrega"),
        nota("F15-10", 971, "IE inválida [local de retirada/entrega]", SO_NFE, _either(_ie_wrong), prioridade=3, so_com="retirada entrega"),
        nota("G02-10", 514, "CNPJ do Local de Entrega inválido", AMBOS, _of("entrega", _cnpj_wrong), prioridade=2, so_com="entrega"),
        nota("G02a-10", 541, "CPF do Local de Entrega inválido", AMBOS, _of("entrega", _cpf_wrong), prioridade=2, so_com="entrega"),
        nota("G07-10", 515, "Código Município do Local de Entrega deve ser 9999999 para UF entrega = “EX”.", AMBOS, _of("entrega", _abroad_with_city), prioridade=2, so_com="entrega"),
        nota("G07-20", 278, "Código Município do Local de Entrega inexistente", AMBOS, _of("entrega", _city_unknown), prioridade=2, so_com="entrega"),
        nota("G07-30", 279, "Código Município do Local de Entrega: difere da UF do Local de Entrega", AMBOS, _of("entrega", _city_of_another_uf), prioridade=2, so_com="entrega"),
        nota("GA02-10", 323, "CNPJ autorizado para download inválido", AMBOS, lambda n, _c: any(not cnpj_ok(d) for d in _authorised(n, "CNPJ")), so_com="autXML"),
        nota("GA02-20", 324, "CNPJ do destinatário já autorizado para download", AMBOS, lambda n, _c: n.dest.tem("CNPJ") and n.dest.texto("CNPJ") in _authorised(n, "CNPJ"), so_com="autXML"),
        nota("GA03-10", 325, "CPF autorizado para download inválido", AMBOS, lambda n, _c: any(not cpf_ok(d) for d in _authorised(n, "CPF")), so_com="autXML"),
        nota("GA03-20", 326, "CPF do destinatário já autorizado para download", AMBOS, lambda n, _c: n.dest.tem("CPF") and n.dest.texto("CPF") in _authorised(n, "CPF"), so_com="autXML"),
    ),
)  # fmt: skip
