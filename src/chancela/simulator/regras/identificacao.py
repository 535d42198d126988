"""Groups A and B: key and identification of the note (MOC 7.0, Anexo I)."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import key_digit
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
from chancela.simulator.regras.referencias import CFOP_SEM_REFERENCIA, reference_keys
from chancela.simulator.tabelas import SERIES_AVULSA, SERIES_CNPJ, SERIES_CPF, municipios

TOLERANCIA = timedelta(minutes=5)
MUITO_ATRASADA = timedelta(days=30)
_UM_DIA = timedelta(days=1)
_TRINTA_DIAS = 30
_INICIO_NFE, _INICIO_NFCE = date(2006, 9, 14), date(2013, 3, 1)
_CREDITO_ZFM_DESDE = 2029
_CNF_TRIVIAIS = {str(d) * 8 for d in range(10)} | {
    "".join(str((i + d) % 10) for i in range(8)) for d in range(10)
}
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
    """No reference at all; what an item alone lacks is VC02-14."""
    if n.fin_nfe != "4" or n.referencias or any(i.det.tem("DFeReferenciado") for i in n.itens):
        return False
    faltam = [i for i in n.itens if i.cfop not in CFOP_SEM_REFERENCIA]
    return f"nItem: {faltam[0].numero}" if faltam else False


def _without_intermediary(n: Nota, _c: Contexto) -> Veredito:
    isento = all(i.cfop in _CFOP_SEM_INTERMEDIADOR for i in n.itens)
    caso = n.ide.texto("indPres") in ("1", "2", "3", "4", "9") and n.tp_nf == "1" and n.fin_nfe == "1"
    return caso and not n.ide.tem("indIntermed") and not isento


def _series_of_process(n: Nota, _c: Contexto) -> Veredito:
    return (
        n.ide.texto("procEmi") not in ("1", "2") and n.serie not in SERIES_CNPJ and n.serie not in SERIES_CPF
    )


def _days_from(n: Nota, tag: str, instante: datetime) -> int:
    """Whole days from `instante` to the date in `tag`; 0 when the tag is absent."""
    return (_instant(n, tag) - instante) // _UM_DIA if n.ide.tem(tag) else 0


def _delivery(n: Nota) -> date | None:
    return date.fromisoformat(n.ide.texto("dPrevEntrega")) if n.ide.tem("dPrevEntrega") else None


def _departure(n: Nota) -> date:
    return _instant(n, "dhSaiEnt").date() if n.ide.tem("dhSaiEnt") else n.data_emissao


def _three_months_after(dia: date) -> date:
    ano, mes = dia.year + (dia.month + 2) // 12, (dia.month + 2) % 12 + 1
    return date(ano, mes, min(dia.day, monthrange(ano, mes)[1]))


def _delivery_too_late(n: Nota, _c: Contexto) -> Veredito:
    entrega = _delivery(n)
    return entrega is not None and entrega > _three_months_after(_departure(n))


def _delivery_too_early(n: Nota, _c: Contexto) -> Veredito:
    entrega = _delivery(n)
    return entrega is not None and entrega < _departure(n)


def _reference_of_another_uf(n: Nota, _c: Contexto) -> Veredito:
    if n.fin_nfe != "2" and n.ide.texto("tpNFCredito") not in ("03", "04"):
        return False
    chaves = [chave[:2] for _, chave in reference_keys(n)]
    chaves += [r.grupo("refNF").texto("cUF") for r in n.referencias if r.tem("refNF")]
    return any(c_uf != n.ide.texto("cUF") for c_uf in chaves)


def _credit_of_other_model(n: Nota, _c: Contexto) -> Veredito:
    if n.fin_nfe != "5":
        return False
    modelos = ("55", "65") if n.ide.texto("tpNFCredito") == "03" else ("55",)
    outros = any(not r.tem("refNFe") and not r.tem("refNFeSig") for r in n.referencias)
    return outros or any(chave[20:22] not in modelos for _, chave in reference_keys(n))


def _outside_without_reference(n: Nota, _c: Contexto) -> Veredito:
    referida = any(r.tem("refNFe") or r.tem("refNF") for r in n.referencias)
    return n.ide.texto("indPres") == "5" and not referida


def _government_payment_alone(n: Nota, _c: Contexto) -> Veredito:
    governo = n.ide.grupo("gCompraGov")
    antes = governo.tem("refDFeAnt") or any(reference_keys(n))
    return governo.texto("tpOperGov") == "2" and not antes


def _before_the_document_existed(n: Nota, _c: Contexto) -> Veredito:
    return n.data_emissao < (_INICIO_NFCE if n.nfce else _INICIO_NFE)


def _only_new_taxes(n: Nota) -> bool:
    return n.fin_nfe in ("5", "6") or n.ide.grupo("gCompraGov").texto("tpOperGov") == "2"


def _instant(n: Nota, tag: str) -> datetime:
    return datetime.fromisoformat(n.ide.texto(tag))


GRUPO = GrupoRegras(
    "A/B",
    (
        nota("A03-10", 502, "Erro na Chave de Acesso - Campo Id não corresponde à concatenação dos campos correspondentes", AMBOS, _id_differs),
        nota("B02-10", 226, "Código da UF do Emitente diverge da UF autorizadora", AMBOS, lambda n, c: not c.autorizador.serves(n.uf, n.modelo, c.ambiente) and not (n.nfce and c.autorizador.contingencia)),
        nota("B02-20", 476, "Código da UF diverge da UF da primeira NF-e do Lote", AMBOS, lambda n, c: c.primeira is not None and c.primeira.uf != n.uf, prioridade=2),
        nota("B03-10", 897, "Código numérico em formato inválido.", AMBOS, lambda n, _c: n.ide.texto("cNF") in _CNF_TRIVIAIS or int(n.ide.texto("cNF")) == n.numero),
        nota("B09-10", 703, "Data-Hora de Emissão posterior ao horário de recebimento", AMBOS, lambda n, c: n.emissao > c.agora + TOLERANCIA),
        nota("B09-20", 228, "Data de Emissão muito atrasada", SO_NFE, _too_late),
        nota("B09-30", 315, "Data de Emissão anterior ao início da autorização de Nota Fiscal na UF", AMBOS, _before_the_document_existed, prioridade=3),
        nota("B09-40", 704, "NFC-e com Data-Hora de emissão atrasada", SO_NFCE, lambda n, c: n.tp_emis == "1" and n.emissao < c.agora - TOLERANCIA),
        nota("B10-10", 705, "NFC-e com data de entrada/saída", SO_NFCE, lambda n, _c: n.ide.tem("dhSaiEnt"), so_com="dhSaiEnt"),
        nota("B10-20", 504, "Data de Entrada/Saída posterior ao permitido", SO_NFE, lambda n, c: _days_from(n, "dhSaiEnt", c.agora) >= _TRINTA_DIAS, prioridade=2, so_com="dhSaiEnt"),
        nota("B10-30", 505, "Data de Entrada/Saída anterior ao permitido", SO_NFE, lambda n, c: _days_from(n, "dhSaiEnt", c.agora) < -_TRINTA_DIAS, prioridade=2, so_com="dhSaiEnt"),
        nota("B10-40", 506, "Data de Saída menor que a Data de Emissão", SO_NFE, lambda n, _c: n.tp_nf == "1" and n.ide.tem("dhSaiEnt") and _instant(n, "dhSaiEnt") < n.emissao, so_com="dhSaiEnt"),
        nota("B10a-10", 1153, "NFC-e com data de previsão de entrega", SO_NFCE, lambda n, _c: n.ide.tem("dPrevEntrega"), so_com="dPrevEntrega"),
        nota("B10a-20", 1154, "Data de previsão de entrega posterior ao permitido", SO_NFE, _delivery_too_late, prioridade=2, so_com="dPrevEntrega"),
        nota("B10a-30", 1155, "Data de previsão de entrega anterior ao permitido", SO_NFE, _delivery_too_early, prioridade=2, so_com="dPrevEntrega"),
        nota("B10a-40", 1156, "Data de previsão de entrega não permitida para a finalidade de emissão informada", SO_NFE, lambda n, _c: n.ide.tem("dPrevEntrega") and n.fin_nfe not in ("1", "4"), prioridade=2, so_com="dPrevEntrega"),
        nota("B10a-50", 1157, "Data de previsão de entrega não permitida para a modalidade de frete informada", SO_NFE, lambda n, _c: n.ide.tem("dPrevEntrega") and n.inf.grupo("transp").texto("modFrete") in ("1", "4", "9"), prioridade=2, so_com="dPrevEntrega"),
        nota("B11-10", 706, "NFC-e para operação de entrada", SO_NFCE, lambda n, _c: n.tp_nf == "0"),
        nota("B11a-10", 707, "NFC-e para operação interestadual ou com o exterior", SO_NFCE, lambda n, _c: n.id_dest != "1"),
        nota("B12-10", 270, "Código Município do Fato Gerador de ICMS inexistente", AMBOS, lambda n, _c: n.ide.texto("cMunFG") not in municipios()),
        nota("B12-20", 271, "Código Município do Fato Gerador: difere da UF do emitente", AMBOS, lambda n, _c: n.ide.texto("cMunFG")[:2] != n.ide.texto("cUF")),
        nota("B21-10", 709, "NFC-e com formato de DANFE inválido", SO_NFCE, lambda n, _c: n.ide.texto("tpImp") not in ("4", "5")),
        nota("B21-20", 710, "NF-e com formato de DANFE inválido", SO_NFE, lambda n, _c: n.ide.texto("tpImp") in ("4", "5"), so_com="tpImp=4 tpImp=5"),
        nota("B22-10", 711, "NF-e com contingência off-line", SO_NFE, lambda n, _c: n.tp_emis == "9" and n.ide.texto("tpImp") != "6", so_com="tpEmis=9"),
        nota("B22-30", 570, "Tipo de Emissão 3, 6 ou 7 só é válido nas contingências SCAN/SVC", AMBOS, lambda n, c: n.tp_emis in "367" and not c.autorizador.contingencia, so_com="tpEmis=3 tpEmis=6 tpEmis=7"),
        nota("B22-34", 714, "NFC-e com contingência inválida (tpEmis=2, 4 (a critério da UF) ou 5)", SO_NFCE, lambda n, _c: n.tp_emis in "25" or (n.tp_emis == "4" and n.uf != "SP")),
        nota("B22-60", 713, "Tipo de Emissão diferente de 6 ou 7 para contingência da SVC acessada", SO_NFE, _wrong_mode),
        nota("B22-70", 783, "NFC-e não é autorizada pela SVC", SO_NFCE, lambda _n, c: c.autorizador.contingencia),
        nota("B23-10", 253, "Digito Verificador da chave de acesso composta inválida", AMBOS, lambda n, _c: key_digit(n.chave[:43]) != n.chave[43]),
        nota("B24-10", 252, "Ambiente informado diverge do Ambiente de recebimento", AMBOS, lambda n, c: n.ambiente != c.ambiente),
        nota("B25-20", 715, "NFC-e com finalidade inválida", SO_NFCE, lambda n, _c: n.fin_nfe != "1"),
        nota("B25-30", 254, "NF-e não possui NF referenciada", SO_NFE, lambda n, _c: _needs_reference(n) and not n.referencias, so_com="finNFe=2 finNFe=5"),
        nota("B25-40", 255, "NF-e possui mais de uma NF referenciada", SO_NFE, lambda n, _c: _needs_reference(n) and sum(r.tem("refNFe") or r.tem("refNF") for r in n.referencias) > 1, so_com="NFref"),
        nota("B25-50", 269, "CNPJ/CPF Emitente da NF-e difere do CNPJ/CPF da NF Referenciada", SO_NFE, _other_issuer, so_com="NFref"),
        nota("B25-60", 678, "NF referenciada com UF diferente desta NF-e", SO_NFE, _reference_of_another_uf, prioridade=2, so_com="NFref"),
        nota("B25-65", 1027, "NF referenciada informada indevidamente", SO_NFE, lambda n, _c: n.ide.texto("tpNFCredito") == "02" and bool(n.referencias), prioridade=3, so_com="NFref"),
        nota("B25-70", 321, "NF-e de devolução de mercadoria não possui documento fiscal referenciado", SO_NFE, _return_without_reference, so_com="finNFe=4"),
        item("B25-80", 1001, "NF-e com finalidade de débito ou crédito somente para IBS/CBS", SO_NFE, lambda i, n, _c: _only_new_taxes(n) and any(i.imposto.tem(g) for g in _GRUPOS_ANTIGOS), so_com="finNFe=5 finNFe=6 gCompraGov"),
        item("B25-90", 1002, "NF-e sem informação de ICMS / ISSQN", AMBOS, lambda i, n, _c: not _only_new_taxes(n) and not i.icms and not i.issqn),
        nota("B25-100", 1003, "NF-e de crédito faz referência a documento fiscal diferente de NF-e modelo 55", SO_NFE, _credit_of_other_model, prioridade=2, so_com="NFref"),
        nota("B25-110", 1161, "Tipo de Operação incompatível com NF-e de Crédito", SO_NFE, lambda n, _c: n.fin_nfe == "5" and n.tp_nf != "0", so_com="finNFe=5"),
        nota("B25-120", 1162, "Tipo de Operação incompatível com NF-e de Débito", SO_NFE, lambda n, _c: n.fin_nfe == "6" and n.tp_nf != "1", so_com="finNFe=6"),
        nota("B25.1-10", 1139, "Tipo de nota de débito informado indevidamente", SO_NFE, lambda n, _c: n.ide.tem("tpNFDebito") and n.fin_nfe != "6", so_com="tpNFDebito"),
        nota("B25.1-20", 1009, "Não informado tipo de nota de débito", SO_NFE, lambda n, _c: n.fin_nfe == "6" and not n.ide.tem("tpNFDebito"), so_com="finNFe=6"),
        nota("B25.2-10", 1163, "Tipo de nota de crédito informado indevidamente", SO_NFE, lambda n, _c: n.ide.tem("tpNFCredito") and n.fin_nfe != "5", so_com="tpNFCredito"),
        nota("B25.2-20", 1164, "Não informado tipo de nota de crédito", SO_NFE, lambda n, _c: n.fin_nfe == "5" and not n.ide.tem("tpNFCredito"), so_com="finNFe=5"),
        nota("B25.2-30", 1145, "Tipo de nota de crédito só pode ser usado a partir de janeiro/2029", SO_NFE, lambda n, _c: n.ide.texto("tpNFCredito") == "02" and n.data_emissao.year < _CREDITO_ZFM_DESDE, prioridade=2, so_com="tpNFCredito"),
        nota("B25.2-40", 1152, "Tipo de Operação incompatível com NF-e de Crédito do tipo Retorno", SO_NFE, lambda n, _c: n.ide.texto("tpNFCredito") == "03" and n.tp_nf != "0", prioridade=3, so_com="tpNFCredito"),
        nota("B25a-10", 716, "NFC-e em operação não destinada a consumidor final", SO_NFCE, lambda n, _c: n.ide.texto("indFinal") == "0"),
        nota("B25b-10", 794, "NF-e com indicativo de NFC-e com entrega a domicílio", SO_NFE, lambda n, _c: n.ide.texto("indPres") == "4", so_com="indPres=4"),
        nota("B25b-20", 717, "NFC-e em operação não presencial", SO_NFCE, lambda n, _c: n.ide.texto("indPres") not in ("1", "4", "5")),
        nota("B25b-30", 785, "NFC-e com entrega a domicílio não permitida pela UF", SO_NFCE, lambda n, _c: n.ide.texto("indPres") == "4", prioridade=3, ativa=False, so_com="indPres=4"),
        nota("B25b-40", 864, "NF-e com indicativo de Operação presencial, fora do estabelecimento e não informada NF referenciada", SO_NFE, _outside_without_reference, prioridade=2, so_com="indPres=5"),
        nota("B25b-60", 1000, "Município do fato gerador do IBS informado indevidamente", SO_NFCE, lambda n, _c: n.ide.tem("cMunFGIBS") and n.ide.texto("indPres") != "5", prioridade=2, so_com="cMunFGIBS"),
        nota("B25b-70", 1005, "Operação presencial fora do estabelecimento sem informação do município do fato gerador do IBS", SO_NFCE, lambda n, _c: n.ide.texto("indPres") == "5" and not n.ide.tem("cMunFGIBS"), prioridade=2, so_com="indPres=5"),
        nota("B25c-10", 434, "NF-e sem indicativo do intermediador", AMBOS, _without_intermediary, so_com="finNFe=1"),
        nota("B25c-20", 435, "NF-e não pode ter o indicativo do intermediador", AMBOS, lambda n, _c: n.ide.texto("indIntermed") == "1" and n.ide.texto("indPres") not in ("1", "2", "3", "4", "9"), so_com="indIntermed=1"),
        nota("B26-10", 244, "Processo de Emissão pelo Contribuinte incompatível com a Série da NF", AMBOS, _series_of_process),
        nota("B26-20", 451, "Processo de Emissão pelo Fisco incompatível com a Série da NF", AMBOS, lambda n, _c: n.ide.texto("procEmi") in ("1", "2") and n.serie not in SERIES_AVULSA, prioridade=2, so_com="procEmi=1 procEmi=2"),
        nota("B26-30", 370, "Processo de emissão pelo Fisco com Tipo de Emissão inválido", AMBOS, lambda n, _c: n.ide.texto("procEmi") in ("1", "2") and n.tp_emis not in ("1", "6", "7"), prioridade=2, so_com="procEmi=1 procEmi=2"),
        nota("B26-50", 957, "Tipo de emissão incompatível com o Processo de Emissão", SO_NFCE, lambda n, _c: n.ide.texto("procEmi") != "0" and n.tp_emis != "3", prioridade=2),
        nota("B28-10", 556, "Justificativa de entrada em contingência não deve ser informada para tipo de emissão normal", AMBOS, lambda n, _c: n.tp_emis == "1" and n.ide.tem("dhCont"), so_com="dhCont"),
        nota("B28-20", 557, "A Justificativa de entrada em contingência deve ser informada", AMBOS, lambda n, _c: n.tp_emis in "2459" and not n.ide.tem("dhCont"), so_com="tpEmis=2 tpEmis=4 tpEmis=5 tpEmis=9"),
        nota("B28-30", 558, "Data de entrada em contingência posterior a data de recebimento", AMBOS, lambda n, c: n.ide.tem("dhCont") and _instant(n, "dhCont") > c.agora + TOLERANCIA, prioridade=2, so_com="dhCont"),
        nota("B28-40", 569, "Data de entrada em contingência muito atrasada", AMBOS, lambda n, _c: _days_from(n, "dhCont", n.emissao) < -_TRINTA_DIAS, prioridade=2, so_com="dhCont"),
        nota("B31-10", 1006, "NFCe com grupo de compra governamental", SO_NFCE, lambda n, _c: n.ide.tem("gCompraGov"), so_com="gCompraGov"),
        nota("B34-10", 1140, "NF-e de recebimento de pagamento do ente governamental sem nota de fornecimento referenciada", SO_NFE, _government_payment_alone, prioridade=2, so_com="gCompraGov"),
    ),
)  # fmt: skip
