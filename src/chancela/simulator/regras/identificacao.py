"""Groups A, B and BA: key, identification of the note, referenced documents (MOC 7.0, Anexo I)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import key_digit, key_issuer_ok
from chancela.simulator.regras.modelo import (
    AMBOS,
    SO_NFCE,
    SO_NFE,
    Contexto,
    GrupoRegras,
    Veredito,
    item,
    nota,
)
from chancela.simulator.tabelas import SERIES_AVULSA, SERIES_CNPJ, SERIES_CPF, municipios

TOLERANCIA = timedelta(minutes=5)
MUITO_ATRASADA = timedelta(days=30)
_CNF_TRIVIAIS = {str(d) * 8 for d in range(10)} | {
    "".join(str((i + d) % 10) for i in range(8)) for d in range(10)
}
_CFOP_SEM_REFERENCIA = {"1201", "1202", "1410", "1411", "5921", "6921"}
_CFOP_SEM_INTERMEDIADOR = {"5205", "5206", "5207", *map(str, range(5251, 5259)), *map(str, range(5301, 5308))}
_GRUPOS_ANTIGOS = ("ICMS", "ISSQN", "IPI", "II", "PIS", "COFINS", "ICMSUFDest")


def _id_differs(n: Nota, _c: Contexto) -> Veredito:
    ide = n.ide
    composta = (
        f"{ide.texto('cUF')}{ide.texto('dhEmi')[2:4]}{ide.texto('dhEmi')[5:7]}{n.emitente:0>14}{n.modelo}"
        f"{n.serie:03d}{n.numero:09d}{n.tp_emis}{ide.texto('cNF')}{ide.texto('cDV')}"
    )
    return n.inf.atributos.get("Id") != f"NFe{composta}"


def _wrong_mode(n: Nota, c: Contexto) -> Veredito:
    esperado = {"SVC-AN": "6", "SVC-RS": "7"}.get(c.autorizador.nome)
    return esperado is not None and n.tp_emis != esperado


def _too_late(n: Nota, c: Contexto) -> Veredito:
    return n.tp_emis in "167" and c.agora - n.emissao > MUITO_ATRASADA


def _needs_reference(n: Nota) -> bool:
    credito = n.fin_nfe == "5" and n.ide.texto("tpNFCredito") in ("01", "03", "04")
    return n.fin_nfe == "2" or credito


def _other_issuer(n: Nota, _c: Contexto) -> Veredito:
    if n.fin_nfe != "2" and n.ide.texto("tpNFCredito") not in ("03", "04"):
        return False
    return any(r.tem("refNFe") and r.texto("refNFe")[6:20] != n.emitente.zfill(14) for r in n.referencias)


def _return_without_reference(n: Nota, _c: Contexto) -> Veredito:
    if n.fin_nfe != "4" or n.referencias:
        return False
    faltam = [i for i in n.itens if i.cfop not in _CFOP_SEM_REFERENCIA and not i.det.tem("DFeReferenciado")]
    return f"nItem: {faltam[0].numero}" if faltam else False


def _without_intermediary(n: Nota, _c: Contexto) -> Veredito:
    isento = all(i.cfop in _CFOP_SEM_INTERMEDIADOR for i in n.itens)
    caso = n.ide.texto("indPres") in ("1", "2", "3", "4", "9") and n.tp_nf == "1" and n.fin_nfe == "1"
    return caso and not n.ide.tem("indIntermed") and not isento


def _series_of_process(n: Nota, _c: Contexto) -> Veredito:
    return (
        n.ide.texto("procEmi") not in ("1", "2") and n.serie not in SERIES_CNPJ and n.serie not in SERIES_CPF
    )


def _only_new_taxes(n: Nota) -> bool:
    return n.fin_nfe in ("5", "6") or n.ide.grupo("gCompraGov").texto("tpOperGov") == "2"


def _instant(n: Nota, tag: str) -> datetime:
    return datetime.fromisoformat(n.ide.texto(tag))


def _reference_fault(n: Nota, falha: Callable[[str], bool]) -> Veredito:
    for ocorrencia, referencia in enumerate(n.referencias, 1):
        if referencia.tem("refNFe") and falha(referencia.texto("refNFe")):
            return f"nOcor: {ocorrencia}"
    return False


def _repeated_reference(n: Nota, _c: Contexto) -> Veredito:
    vistas: set[str] = set()
    for ocorrencia, referencia in enumerate(n.referencias, 1):
        chave = referencia.texto("refNFe")
        if chave and chave in vistas:
            return f"nOcor: {ocorrencia}"
        vistas.add(chave)
    return False


GRUPO = GrupoRegras(
    "A/B",
    (
        nota("A03-10", 502, "Erro na Chave de Acesso - Campo Id não corresponde à concatenação dos campos correspondentes", AMBOS, _id_differs),
        nota("B02-10", 226, "Código da UF do Emitente diverge da UF autorizadora", AMBOS, lambda n, c: not c.autorizador.serves(n.uf, n.modelo, c.ambiente) and not (n.nfce and c.autorizador.contingencia)),
        nota("B02-20", 476, "Código da UF diverge da UF da primeira NF-e do Lote", AMBOS, lambda n, c: c.primeira is not None and c.primeira.uf != n.uf, prioridade=2),
        nota("B03-10", 897, "Código numérico em formato inválido.", AMBOS, lambda n, _c: n.ide.texto("cNF") in _CNF_TRIVIAIS or int(n.ide.texto("cNF")) == n.numero),
        nota("B09-10", 703, "Data-Hora de Emissão posterior ao horário de recebimento", AMBOS, lambda n, c: n.emissao > c.agora + TOLERANCIA),
        nota("B09-20", 228, "Data de Emissão muito atrasada", SO_NFE, _too_late),
        nota("B09-40", 704, "NFC-e com Data-Hora de emissão atrasada", SO_NFCE, lambda n, c: n.tp_emis == "1" and n.emissao < c.agora - TOLERANCIA),
        nota("B10-10", 705, "NFC-e com data de entrada/saída", SO_NFCE, lambda n, _c: n.ide.tem("dhSaiEnt")),
        nota("B10-40", 506, "Data de Saída menor que a Data de Emissão", SO_NFE, lambda n, _c: n.tp_nf == "1" and n.ide.tem("dhSaiEnt") and _instant(n, "dhSaiEnt") < n.emissao),
        nota("B10a-10", 1153, "NFC-e com data de previsão de entrega", SO_NFCE, lambda n, _c: n.ide.tem("dPrevEntrega")),
        nota("B11-10", 706, "NFC-e para operação de entrada", SO_NFCE, lambda n, _c: n.tp_nf == "0"),
        nota("B11a-10", 707, "NFC-e para operação interestadual ou com o exterior", SO_NFCE, lambda n, _c: n.id_dest != "1"),
        nota("B12-10", 270, "Código Município do Fato Gerador de ICMS inexistente", AMBOS, lambda n, _c: n.ide.texto("cMunFG") not in municipios()),
        nota("B12-20", 271, "Código Município do Fato Gerador: difere da UF do emitente", AMBOS, lambda n, _c: n.ide.texto("cMunFG")[:2] != n.ide.texto("cUF")),
        nota("B21-10", 709, "NFC-e com formato de DANFE inválido", SO_NFCE, lambda n, _c: n.ide.texto("tpImp") not in ("4", "5")),
        nota("B21-20", 710, "NF-e com formato de DANFE inválido", SO_NFE, lambda n, _c: n.ide.texto("tpImp") in ("4", "5")),
        nota("B22-10", 711, "NF-e com contingência off-line", SO_NFE, lambda n, _c: n.tp_emis == "9" and n.ide.texto("tpImp") != "6"),
        nota("B22-30", 570, "Tipo de Emissão 3, 6 ou 7 só é válido nas contingências SCAN/SVC", AMBOS, lambda n, c: n.tp_emis in "367" and not c.autorizador.contingencia),
        nota("B22-34", 714, "NFC-e com contingência inválida (tpEmis=2, 4 (a critério da UF) ou 5)", SO_NFCE, lambda n, _c: n.tp_emis in "25" or (n.tp_emis == "4" and n.uf != "SP")),
        nota("B22-60", 713, "Tipo de Emissão diferente de 6 ou 7 para contingência da SVC acessada", SO_NFE, _wrong_mode),
        nota("B22-70", 783, "NFC-e não é autorizada pela SVC", SO_NFCE, lambda _n, c: c.autorizador.contingencia),
        nota("B23-10", 253, "Digito Verificador da chave de acesso composta inválida", AMBOS, lambda n, _c: key_digit(n.chave[:43]) != n.chave[43]),
        nota("B24-10", 252, "Ambiente informado diverge do Ambiente de recebimento", AMBOS, lambda n, c: n.ambiente != c.ambiente),
        nota("B25-20", 715, "NFC-e com finalidade inválida", SO_NFCE, lambda n, _c: n.fin_nfe != "1"),
        nota("B25-30", 254, "NF-e não possui NF referenciada", SO_NFE, lambda n, _c: _needs_reference(n) and not n.referencias),
        nota("B25-40", 255, "NF-e possui mais de uma NF referenciada", SO_NFE, lambda n, _c: _needs_reference(n) and sum(r.tem("refNFe") or r.tem("refNF") for r in n.referencias) > 1),
        nota("B25-50", 269, "CNPJ/CPF Emitente da NF-e difere do CNPJ/CPF da NF Referenciada", SO_NFE, _other_issuer),
        nota("B25-70", 321, "NF-e de devolução de mercadoria não possui documento fiscal referenciado", SO_NFE, _return_without_reference),
        item("B25-80", 1001, "NF-e com finalidade de débito ou crédito somente para IBS/CBS", SO_NFE, lambda i, n, _c: _only_new_taxes(n) and any(i.imposto.tem(g) for g in _GRUPOS_ANTIGOS)),
        item("B25-90", 1002, "NF-e sem informação de ICMS / ISSQN", AMBOS, lambda i, n, _c: not _only_new_taxes(n) and not i.icms and not i.issqn),
        nota("B25-110", 1161, "Tipo de Operação incompatível com NF-e de Crédito", SO_NFE, lambda n, _c: n.fin_nfe == "5" and n.tp_nf != "0"),
        nota("B25-120", 1162, "Tipo de Operação incompatível com NF-e de Débito", SO_NFE, lambda n, _c: n.fin_nfe == "6" and n.tp_nf != "1"),
        nota("B25.1-10", 1139, "Tipo de nota de débito informado indevidamente", SO_NFE, lambda n, _c: n.ide.tem("tpNFDebito") and n.fin_nfe != "6"),
        nota("B25.1-20", 1009, "Não informado tipo de nota de débito", SO_NFE, lambda n, _c: n.fin_nfe == "6" and not n.ide.tem("tpNFDebito")),
        nota("B25.2-10", 1163, "Tipo de nota de crédito informado indevidamente", SO_NFE, lambda n, _c: n.ide.tem("tpNFCredito") and n.fin_nfe != "5"),
        nota("B25.2-20", 1164, "Não informado tipo de nota de crédito", SO_NFE, lambda n, _c: n.fin_nfe == "5" and not n.ide.tem("tpNFCredito")),
        nota("B25a-10", 716, "NFC-e em operação não destinada a consumidor final", SO_NFCE, lambda n, _c: n.ide.texto("indFinal") == "0"),
        nota("B25b-10", 794, "NF-e com indicativo de NFC-e com entrega a domicílio", SO_NFE, lambda n, _c: n.ide.texto("indPres") == "4"),
        nota("B25b-20", 717, "NFC-e em operação não presencial", SO_NFCE, lambda n, _c: n.ide.texto("indPres") not in ("1", "4", "5")),
        nota("B25c-10", 434, "NF-e sem indicativo do intermediador", AMBOS, _without_intermediary),
        nota("B25c-20", 435, "NF-e não pode ter o indicativo do intermediador", AMBOS, lambda n, _c: n.ide.texto("indIntermed") == "1" and n.ide.texto("indPres") not in ("1", "2", "3", "4", "9")),
        nota("B26-10", 244, "Processo de Emissão pelo Contribuinte incompatível com a Série da NF", AMBOS, _series_of_process),
        nota("B26-20", 451, "Processo de Emissão pelo Fisco incompatível com a Série da NF", AMBOS, lambda n, _c: n.ide.texto("procEmi") in ("1", "2") and n.serie not in SERIES_AVULSA, prioridade=2),
        nota("B28-10", 556, "Justificativa de entrada em contingência não deve ser informada para tipo de emissão normal", AMBOS, lambda n, _c: n.tp_emis == "1" and n.ide.tem("dhCont")),
        nota("B28-20", 557, "A Justificativa de entrada em contingência deve ser informada", AMBOS, lambda n, _c: n.tp_emis in "2459" and not n.ide.tem("dhCont")),
        nota("B28-30", 558, "Data de entrada em contingência posterior a data de recebimento", AMBOS, lambda n, c: n.ide.tem("dhCont") and _instant(n, "dhCont") > c.agora + TOLERANCIA, prioridade=2),
        nota("B31-10", 1006, "NFCe com grupo de compra governamental", SO_NFCE, lambda n, _c: n.ide.tem("gCompraGov")),
    ),
)  # fmt: skip


REFERENCIAS = GrupoRegras(
    "BA",
    (
        nota("BA01-10", 708, "NFC-e não pode referenciar documento fiscal", SO_NFCE, lambda n, _c: bool(n.referencias) or any(i.det.tem("DFeReferenciado") for i in n.itens)),
        nota("BA02-10", 547, "Chave de Acesso referenciada com Dígito Verificador inválido", SO_NFE, lambda n, _c: _reference_fault(n, lambda k: key_digit(k[:43]) != k[43])),
        nota("BA02-30", 552, "Chave de Acesso referenciada com CNPJ/CPF inválido", SO_NFE, lambda n, _c: _reference_fault(n, lambda k: not key_issuer_ok(k))),
        nota("BA02-34", 679, "Chave de Acesso referenciada com Modelo inválido", SO_NFE, lambda n, _c: _reference_fault(n, lambda k: k[20:22] not in ("55", "65", "59"))),
        nota("BA02-40", 683, "Chave de Acesso referenciada com Número inválido", SO_NFE, lambda n, _c: _reference_fault(n, lambda k: int(k[25:34]) == 0), prioridade=2),
        nota("BA02-44", 680, "Chave de Acesso referenciada em duplicidade na NF-e", SO_NFE, _repeated_reference),
        nota("BA02-50", 316, "Chave de Acesso referenciada com a mesma Chave de Acesso da Nota Fiscal atual", SO_NFE, lambda n, _c: _reference_fault(n, lambda k: k == n.chave)),
    ),
)  # fmt: skip
