"""Groups C, D and E: issuer and recipient (MOC 7.0, Anexo I)."""

import re
from functools import lru_cache

from erpbrasil.base.fiscal import ie as _ie  # pyright: ignore[reportMissingTypeStubs]

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, nota
from chancela.simulator.tabelas import (
    MUNICIPIO_EXTERIOR,
    SERIES_AVULSA,
    SERIES_CNPJ,
    SERIES_CPF,
    UF_DO_CODIGO,
    municipios,
    paises,
)
from chancela.simulator.xml import Grupo

_UF_SUFRAMA = frozenset(["AC", "AM", "RO", "RR"])
_CIDADES_SUFRAMA = frozenset(["1600303", "1600600"])
_UF_SEM_ISENTO = frozenset(
    ["AL", "AM", "BA", "CE", "DF", "ES", "GO", "MG", "MS", "MT", "PB", "PE", "RJ", "RN", "RS", "SE", "SP"]
)
"""UFs that know no exempt contributor (NT 2025.001)."""
_ESTRANGEIRO = re.compile(r"[A-Za-z0-9:.+\-/()]*")
NOME_HOMOLOGACAO = "NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"


@lru_cache(maxsize=4096)
def ie_ok(uf: str, ie: str) -> bool:
    """Whether an IE is one of the UF: size and check digits; zeros on the left do not matter."""
    if not ie.isdigit() or not ie.strip("0"):
        return False
    sem_zeros = ie.lstrip("0")
    candidatas = [ie, *("0" * zeros + sem_zeros for zeros in range(15 - len(sem_zeros)))]
    return any(bool(_ie.validar(uf.lower(), candidata)) for candidata in candidatas)


def _issuer_uf(n: Nota) -> str:
    return n.emit.grupo("enderEmit").texto("UF")


def _series_of_cnpj(n: Nota, _c: Contexto) -> Veredito:
    return n.emit.tem("CNPJ") and n.serie not in SERIES_CNPJ and n.serie not in range(890, 910)


def _series_of_cpf(n: Nota, _c: Contexto) -> Veredito:
    return n.emit.tem("CPF") and n.serie not in SERIES_CPF and n.serie not in SERIES_AVULSA


def _bad_municipio(codigo: str) -> bool:
    return codigo not in municipios()


def another_uf(codigo: str, uf: str) -> bool:
    """Whether an IBGE code is not of the UF."""
    return UF_DO_CODIGO.get(codigo[:2]) != uf


def country_known(g: Grupo) -> bool:
    """Whether cPais of an address is in the table of the Banco Central; an absent one is."""
    return not g.texto("cPais") or g.texto("cPais").lstrip("0") in paises()


def _suframa_ok(isuf: str) -> bool:
    """Nine digits, the last by modulo 11 with weights 9 to 2 (left zero when only eight are given)."""
    digitos = isuf.zfill(9)
    soma = sum(int(d) * peso for d, peso in zip(digitos[:8], range(9, 1, -1), strict=True))
    return digitos[8] == str(0 if soma % 11 < 2 else 11 - soma % 11)


def _outside_suframa(n: Nota, _c: Contexto) -> Veredito:
    """The western Amazon, and Macapá and Santana in AP."""
    cidade = n.dest.grupo("enderDest").texto("cMun")
    return n.dest.tem("ISUF") and n.uf_dest not in _UF_SUFRAMA and cidade not in _CIDADES_SUFRAMA


def _exempt_not_admitted(n: Nota, _c: Contexto) -> Veredito:
    if n.dest.texto("indIEDest") != "2" or n.id_dest not in ("1", "2") or n.uf_dest not in _UF_SEM_ISENTO:
        return False
    return not any(i.icms.tem("vICMSST") or i.icms.tem("vICMSSTRet") for i in n.itens)


def _iest_of_a_party(n: Nota, _c: Contexto) -> Veredito:
    iest = n.emit.texto("IEST").lstrip("0")
    return bool(iest) and iest in (n.emit.texto("IE").lstrip("0"), n.dest.texto("IE").lstrip("0"))


def _dest_address(n: Nota) -> Grupo:
    """enderDest of a recipient in Brazil, or the empty group."""
    endereco = n.dest.grupo("enderDest")
    return endereco if endereco.texto("UF") != "EX" else Grupo("", "", {}, {})


def _internal_to_another_uf(n: Nota, _c: Contexto) -> Veredito:
    if n.id_dest != "1" or n.ide.texto("indFinal") != "0" or n.uf_dest in ("", n.uf):
        return False
    combustivel = any(i.prod.grupo("comb").texto("UFCons") == n.uf for i in n.itens)
    return not (
        combustivel
        or n.inf.grupo("retirada").texto("UF") == n.uf
        or n.inf.grupo("entrega").texto("UF") == n.uf
    )


def _interstate_to_same_uf(n: Nota, _c: Contexto) -> Veredito:
    fora = any(i.prod.grupo("comb").texto("UFCons") not in ("", n.uf) for i in n.itens)
    entrega = n.inf.grupo("entrega").texto("UF") not in ("", n.uf)
    return (
        n.id_dest == "2" and n.uf_dest == n.uf and n.destinatario != n.emitente and not fora and not entrega
    )


def _dest_must_tell_ie(n: Nota, c: Contexto) -> Veredito:
    cnpj = n.dest.texto("CNPJ")
    return (
        bool(cnpj) and not n.dest.tem("IE") and any(r.ativa and r.ie for r in c.cadastro.of(cnpj, n.uf_dest))
    )


GRUPO = GrupoRegras(
    "C",
    (
        nota("C02-10", 207, "CNPJ do emitente inválido", AMBOS, lambda n, _c: n.emit.tem("CNPJ") and not cnpj_ok(n.emit.texto("CNPJ"))),
        nota("C02-20", 560, "CNPJ base/CPF do emitente difere do CNPJ base/CPF da primeira NF-e do lote recebido", AMBOS, lambda n, c: c.primeira is not None and c.primeira.emitente[:8] != n.emitente[:8]),
        nota("C02-30", 503, "CNPJ do emitente com Série incompatível", AMBOS, _series_of_cnpj),
        nota("C02a-04", 337, "NFC-e para emitente pessoa física", SO_NFCE, lambda n, _c: n.emit.tem("CPF"), prioridade=2, ativa=False),
        nota("C02a-10", 495, "CPF do Emitente com Série incompatível", AMBOS, _series_of_cpf),
        nota("C02a-20", 401, "CPF do emitente inválido", AMBOS, lambda n, _c: n.emit.tem("CPF") and not cpf_ok(n.emit.texto("CPF")), so_com="CPF"),
        nota("C10-10", 272, "Código Município do Emitente inexistente", AMBOS, lambda n, _c: _bad_municipio(n.emit.grupo("enderEmit").texto("cMun"))),
        nota("C10-20", 273, "Código Município do Emitente: difere da UF do emitente", AMBOS, lambda n, _c: another_uf(n.emit.grupo("enderEmit").texto("cMun"), _issuer_uf(n))),
        nota("C12-10", 247, "Sigla da UF do Emitente diverge da UF autorizadora", AMBOS, lambda n, _c: _issuer_uf(n) != n.uf),
        nota("C17-10", 229, "IE do emitente não informada", AMBOS, lambda n, _c: not n.emit.texto("IE").strip("0")),
        nota("C17-20", 209, "IE do emitente inválida", AMBOS, lambda n, _c: n.emit.texto("IE") != "ISENTO" and not ie_ok(n.uf, n.emit.texto("IE"))),
        nota("C17-30", 554, "IE do Emitente informada como ISENTO indevidamente", AMBOS, lambda n, _c: n.emit.texto("IE") == "ISENTO" and (n.nfce or n.serie not in range(890, 920)), prioridade=2),
        nota("C18-10", 718, "NFC-e não deve informar IE de Substituto Tributário", SO_NFCE, lambda n, _c: n.emit.tem("IEST"), so_com="IEST"),
        nota("C18-14", 347, "Informada IE do substituto tributário em operação que não é interestadual", SO_NFE, lambda n, _c: n.emit.tem("IEST") and n.id_dest != "2", prioridade=2, so_com="IEST"),
        nota("C18-30", 211, "IE do substituto inválida", SO_NFE, lambda n, _c: n.emit.tem("IEST") and n.uf_dest not in ("", "EX") and not ie_ok(n.uf_dest, n.emit.texto("IEST")), so_com="IEST"),
        nota("C18-40", 363, "IE do substituto tributário idêntica à IE do emitente ou do destinatário", SO_NFE, _iest_of_a_party, prioridade=2, so_com="IEST"),
        nota("C21-10", 812, "Regime Tributário SN, com excesso de sublimite não é permitido para Emitentes desta UF", AMBOS, lambda n, _c: n.crt == "2", prioridade=3, ativa=False),
        nota("D01-10", 403, "O grupo de informações da NF-e avulsa é de uso exclusivo do Fisco", AMBOS, lambda n, _c: n.inf.tem("avulsa") and n.ide.texto("procEmi") not in ("1", "2"), prioridade=2, so_com="avulsa"),
        nota("D01-20", 369, "Não informado o grupo avulsa na emissão pelo Fisco", AMBOS, lambda n, _c: n.ide.texto("procEmi") in ("1", "2") and not n.inf.tem("avulsa"), prioridade=3, so_com="procEmi=1 procEmi=2"),
    ),
)  # fmt: skip
DESTINATARIO = GrupoRegras(
    "E",
    (
        nota("E01-10", 719, "NF-e sem a identificação do destinatário", SO_NFE, lambda n, _c: not n.dest),
        nota("E01-20", 787, "NFC-e de entrega a domicílio sem a identificação do destinatário", SO_NFCE, lambda n, _c: n.ide.texto("indPres") == "4" and not n.dest),
        nota("E02-10", 208, "CNPJ do destinatário inválido", AMBOS, lambda n, _c: n.dest.tem("CNPJ") and not cnpj_ok(n.dest.texto("CNPJ"))),
        nota("E02-20", 220, "Destinatário com identificação igual à identificação do emitente", SO_NFCE, lambda n, _c: n.dest.tem("CNPJ") and n.dest.texto("CNPJ") == n.emitente, prioridade=2),
        nota("E03-10", 237, "CPF do destinatário inválido", AMBOS, lambda n, _c: n.dest.tem("CPF") and not cpf_ok(n.dest.texto("CPF")), so_com="CPF"),
        nota("E03a-10", 720, "Na operação com Exterior deve ser informada tag idEstrangeiro", SO_NFE, lambda n, _c: n.id_dest == "3" and not n.dest.tem("idEstrangeiro"), so_com="idDest=3"),
        nota("E03a-20", 721, "Informado idEstrangeiro e Operação não é com consumidor final", SO_NFE, lambda n, _c: n.dest.tem("idEstrangeiro") and n.id_dest != "3" and n.ide.texto("indFinal") != "1", so_com="idEstrangeiro"),
        nota("E03a-30", 925, "NF-e com identificação de estrangeiro e inscrição estadual informada para destinatário", AMBOS, lambda n, _c: n.dest.tem("idEstrangeiro") and n.dest.tem("IE"), prioridade=2, so_com="idEstrangeiro"),
        nota("E03a-60", 372, "Destinatário com identificação de estrangeiro com caracteres inválidos", AMBOS, lambda n, _c: _ESTRANGEIRO.fullmatch(n.dest.texto("idEstrangeiro")) is None, prioridade=2, so_com="idEstrangeiro"),
        nota("E04-10", 724, "NF-e sem o nome do destinatário", SO_NFE, lambda n, _c: not n.dest.tem("xNome")),
        nota("E04-20", 598, f"NF-e emitida em ambiente de homologação com Razão Social do destinatário diferente de {NOME_HOMOLOGACAO}", AMBOS, lambda n, _c: n.ambiente == 2 and n.dest.tem("xNome") and n.dest.texto("xNome") != NOME_HOMOLOGACAO),
        nota("E05-10", 726, "NF-e sem a informação de endereço do destinatário", SO_NFE, lambda n, _c: not n.dest.tem("enderDest")),
        nota("E05-20", 788, "NFC-e de entrega a domicílio sem o endereço do destinatário", SO_NFCE, lambda n, _c: n.ide.texto("indPres") == "4" and not n.dest.tem("enderDest")),
        nota("E10-10", 274, "Código Município do Destinatário inexistente", AMBOS, lambda n, _c: bool(_dest_address(n)) and _bad_municipio(_dest_address(n).texto("cMun"))),
        nota("E10-20", 275, "Código Município do Destinatário: difere da UF do Destinatário", AMBOS, lambda n, _c: bool(_dest_address(n)) and another_uf(_dest_address(n).texto("cMun"), n.uf_dest)),
        nota("E10-30", 509, "Informado código de município diferente de “9999999” para operação com o exterior", SO_NFE, lambda n, _c: n.uf_dest == "EX" and n.dest.grupo("enderDest").texto("cMun") != MUNICIPIO_EXTERIOR, so_com="dest/UF=EX"),
        nota("E12-10", 727, "Operação com Exterior e UF diferente de EX", SO_NFE, lambda n, _c: n.id_dest == "3" and n.uf_dest != "EX", so_com="idDest=3"),
        nota("E12-30", 772, "Operação Interestadual e UF de destino igual à UF de origem", SO_NFE, _interstate_to_same_uf),
        nota("E12-40", 773, "Operação Interna e UF de destino difere da UF de origem", SO_NFE, _internal_to_another_uf),
        nota("E14-04", 377, "Código de País do destinatário inexistente", AMBOS, lambda n, _c: not country_known(n.dest.grupo("enderDest")), prioridade=2),
        nota("E14-20", 511, "Não é de Operação com Exterior e Código País destinatário difere de 1058 (Brasil)", AMBOS, lambda n, _c: n.id_dest != "3" and n.dest.grupo("enderDest").texto("cPais") not in ("", "1058") and not n.dest.texto("idEstrangeiro"), prioridade=2),
        nota("E14-10", 510, "Operação com Exterior e Código País destinatário é 1058 (Brasil) ou não informado", SO_NFE, lambda n, _c: n.id_dest == "3" and n.dest.grupo("enderDest").texto("cPais") in ("", "1058"), prioridade=2, so_com="idDest=3"),
        nota("E14-30", 926, "Operação com Exterior e país de destino igual a Brasil.", AMBOS, lambda n, _c: n.uf_dest == "EX" and n.dest.grupo("enderDest").texto("cPais").lstrip("0") == "1058", prioridade=2, so_com="dest/UF=EX"),
        nota("E16a-10", 789, "NFC-e para destinatário contribuinte de ICMS", SO_NFCE, lambda n, _c: bool(n.dest) and n.dest.texto("indIEDest") != "9"),
        nota("E16a-20", 790, "Operação com Exterior para destinatário Contribuinte de ICMS", SO_NFE, lambda n, _c: n.id_dest == "3" and n.dest.texto("indIEDest") != "9", so_com="idDest=3"),
        nota("E16a-30", 805, "A SEFAZ do destinatário não permite Contribuinte Isento de Inscrição Estadual", SO_NFE, _exempt_not_admitted, prioridade=2, ativa=False),
        nota("E16a-40", 696, "Operação com não contribuinte deve indicar operação com consumidor final", SO_NFE, lambda n, _c: n.dest.texto("indIEDest") == "9" and n.ide.texto("indFinal") != "1" and n.tp_nf == "1" and n.id_dest != "3", so_com="indIEDest=9"),
        nota("E17-10", 729, "NFC-e com informação da IE do destinatário", SO_NFCE, lambda n, _c: n.dest.tem("IE")),
        nota("5E17-50", 232, "IE do destinatário não informada", SO_NFE, _dest_must_tell_ie, prioridade=2),
        nota("E17-20", 728, "NF-e sem informação da IE do destinatário", SO_NFE, lambda n, _c: n.dest.texto("indIEDest") == "1" and not n.dest.tem("IE"), so_com="indIEDest=1"),
        nota("E17-30", 791, "NF-e com indicação de destinatário isento de IE, com a informação da IE do destinatário", SO_NFE, lambda n, _c: n.dest.texto("indIEDest") == "2" and n.dest.tem("IE"), so_com="indIEDest=2"),
        nota("E17-40", 792, "Informada a IE do destinatário para operação com destinatário no Exterior", SO_NFE, lambda n, _c: n.uf_dest == "EX" and n.dest.tem("IE"), prioridade=2, so_com="dest/UF=EX"),
        nota("E17-50", 210, "IE do destinatário inválida", SO_NFE, lambda n, _c: n.dest.tem("IE") and n.uf_dest not in ("", "EX") and not ie_ok(n.uf_dest, n.dest.texto("IE"))),
        nota("E18-10", 730, "NFC-e com Inscrição Suframa", SO_NFCE, lambda n, _c: n.dest.tem("ISUF"), so_com="ISUF"),
        nota("E18-20", 235, "Inscrição SUFRAMA inválida", SO_NFE, lambda n, _c: n.dest.tem("ISUF") and not _suframa_ok(n.dest.texto("ISUF")), prioridade=2, so_com="ISUF"),
        nota("E18-30", 251, "UF/Município destinatário não pertence a SUFRAMA", SO_NFE, _outside_suframa, prioridade=2, so_com="ISUF"),
    ),
)  # fmt: skip
