"""Rules over identification, references and contingency (groups A, B and BA)."""

import re
from collections.abc import Iterator
from datetime import date

from chancela.documents.nfe.enumeracoes import Destino, Finalidade, FormatoDanfe, Presenca, TipoOperacao
from chancela.documents.nfe.modelo import PRESENCAS_COM_INTERMEDIADOR, Item, Referencia
from chancela.documents.nfe.regras_base import (
    AVISO,
    SO_NFCE,
    SO_NFE,
    Achado,
    Contexto,
    Regra,
    no_documento,
    por_item,
    se,
)
from chancela.documents.nfe.regras_sinais import (
    CONTINGENCIA,
    DOMICILIO,
    EMITENTE_CPF,
    ENTRADA,
    FORA_DO_ESTADO,
    IDENTIFICACAO,
    INTERMEDIADOR,
    NAO_FINAL,
    OUTRA_FINALIDADE,
    REFERENCIADO,
    REFERENCIAS,
    SEM_IBS,
    SEM_ICMS,
)
from chancela.domain.identidade import Ambiente, Cnpj, Uf

_CFOP_DEVOLUCAO_SEM_REFERENCIA = frozenset(["1201", "1202", "1410", "1411", "5921", "6921"])
_REFERENCIA_POR_ITEM = date(2026, 11, 3)
_IBS_CBS_OBRIGATORIO = {
    "3": date(2026, 8, 3),
    "1": date(2027, 1, 4),
    "2": date(2027, 1, 4),
    "4": date(2027, 1, 4),
}
"""First day, by CRT, on which UB12-10 refuses in production."""


def _codigo_uf(c: Contexto) -> str:
    uf = c.nfe.emitente.endereco.uf
    return uf.codigo if isinstance(uf, Uf) else ""


def _referencias_da_nota(c: Contexto) -> list[Referencia]:
    return [r for r in c.nfe.referencias if r.chave_nfe or r.chave_nfe_sigilosa or r.nf]


def _precisa_referencia(c: Contexto) -> bool:
    nfe = c.nfe
    return nfe.finalidade is Finalidade.COMPLEMENTAR or nfe.tipo_nota_credito in ("01", "03", "04")


def _devolucao_sem_referencia(c: Contexto) -> str | None:
    nfe = c.nfe
    livres = all(i.tributos.cfop in _CFOP_DEVOLUCAO_SEM_REFERENCIA for i in nfe.itens)
    citada = nfe.referencias or any(i.referenciado for i in nfe.itens)
    return se(nfe.finalidade is Finalidade.DEVOLUCAO and not citada and not livres)


def _referencia_de_outro_emitente(c: Contexto) -> Iterator[Achado]:
    nfe = c.nfe
    if not (nfe.finalidade is Finalidade.COMPLEMENTAR or nfe.tipo_nota_credito in ("03", "04")):
        return
    esperado = f"{nfe.emitente.documento:0>14}"
    for posicao, referencia in enumerate(nfe.referencias):
        chave = referencia.chave_nfe
        if chave is not None and chave.serie < 890 and chave.emitente != esperado:
            yield f"referencias[{posicao}].chave_nfe", f"Documento referenciado {posicao + 1}", str(chave)


def _modelo_referenciado(c: Contexto) -> Iterator[Achado]:
    for posicao, referencia in enumerate(c.nfe.referencias):
        chave = referencia.chave_nfe
        if chave is not None and chave.modelo not in ("55", "65", "59"):
            yield f"referencias[{posicao}].chave_nfe", f"Documento referenciado {posicao + 1}", str(chave)


def _referencia_repetida(c: Contexto) -> Iterator[Achado]:
    vistas: set[str] = set()
    for posicao, referencia in enumerate(c.nfe.referencias):
        texto = str(referencia.chave_nfe or "")
        if texto and texto in vistas:
            yield f"referencias[{posicao}].chave_nfe", f"Documento referenciado {posicao + 1}", texto
        vistas.add(texto)


def _so_ibs_cbs(c: Contexto) -> bool:
    gov = c.nfe.compra_governamental
    credito_ou_debito = c.nfe.finalidade in (Finalidade.CREDITO, Finalidade.DEBITO)
    return credito_ou_debito or (gov is not None and gov.operacao == "2")


def _tributos_antigos(c: Contexto, item: Item) -> str | None:
    t = item.tributos
    tem = any((t.icms, t.issqn, t.ipi, t.ii, t.pis, t.cofins, t.icms_uf_destino))
    return se(_so_ibs_cbs(c) and tem)


def _ibs_cbs_ausente(c: Contexto, item: Item, *, incerto: bool) -> str | None:
    """UB12-10; a complement or return of an older note is exempt, which the document does not tell. In force in
    production; what each homologation environment does is its own affair."""
    nfe = c.nfe
    obrigado = c.emissao.date() >= _IBS_CBS_OBRIGATORIO[nfe.emitente.crt.value]
    dispensa = nfe.finalidade in (Finalidade.COMPLEMENTAR, Finalidade.DEVOLUCAO)
    isento_talvez = dispensa or c.ambiente is Ambiente.HOMOLOGACAO
    return se(obrigado and item.tributos.ibs_cbs is None and isento_talvez is incerto)


_SEM_INTERMEDIADOR = re.compile("520[5-7]|525[1-8]|530[1-7]")


def _sem_indicador_intermediador(c: Contexto) -> str | None:
    nfe = c.nfe
    isento = all(_SEM_INTERMEDIADOR.fullmatch(i.tributos.cfop) for i in nfe.itens)
    pede = nfe.presenca in PRESENCAS_COM_INTERMEDIADOR
    venda = nfe.tipo_operacao is TipoOperacao.SAIDA and nfe.finalidade is Finalidade.NORMAL
    return se(pede and venda and nfe.com_intermediador is None and not isento, nfe.presenca)


def _saida_antes(c: Contexto) -> str | None:
    saida = c.nfe.saida_entrada
    if saida is None or c.nfe.tipo_operacao is not TipoOperacao.SAIDA:
        return None
    return saida.isoformat() if saida < c.emissao.replace(microsecond=0) else None


def _serie_fora(c: Contexto, *, cnpj: bool) -> str | None:
    """Series 0 to 889 of a CNPJ, 920 to 969 of a CPF; those between are of the Fisco."""
    if isinstance(c.nfe.emitente.documento, Cnpj) is not cnpj:
        return None
    return se(c.serie not in (range(890) if cnpj else range(920, 970)), c.serie)


def _item_sem_referencia(c: Contexto, item: Item) -> str | None:
    """VC02-14: once a return cites item by item, every item cites."""
    nfe = c.nfe
    por_item_ = nfe.finalidade is Finalidade.DEVOLUCAO and any(i.referenciado for i in nfe.itens)
    falta = item.referenciado is None and item.tributos.cfop not in _CFOP_DEVOLUCAO_SEM_REFERENCIA
    return se(por_item_ and not nfe.referencias and falta and c.emissao.date() >= _REFERENCIA_POR_ITEM)


REGRAS = (
    Regra("NFE-IDE-01", "", None, no_documento("natureza_operacao", "Natureza da operação", lambda c: se(not c.nfe.natureza_operacao)),
          "A natureza da operação não foi informada.", "Informe a natureza da operação, por exemplo “Venda de mercadoria”.", quando=IDENTIFICACAO),
    Regra("NFE-IDE-02", "B10-10", 705, no_documento("saida_entrada", "Data de saída", lambda c: se(c.nfe.saida_entrada is not None, c.nfe.saida_entrada)),
          "A NFC-e não leva data de saída ou entrada.", "Retire a data de saída.", SO_NFCE, quando=IDENTIFICACAO),
    Regra("NFE-IDE-03", "B10-40", 506, no_documento("saida_entrada", "Data de saída", _saida_antes),
          "A data de saída é anterior à data de emissão.", "Informe uma data de saída igual ou posterior à emissão, ou não a informe.", SO_NFE, quando=IDENTIFICACAO),
    Regra("NFE-IDE-04", "B10a-10", 1153, no_documento("previsao_entrega", "Previsão de entrega", lambda c: se(c.nfe.previsao_entrega is not None, c.nfe.previsao_entrega)),
          "A NFC-e não leva data de previsão de entrega.", "Retire a previsão de entrega.", SO_NFCE, quando=IDENTIFICACAO),
    Regra("NFE-IDE-05", "B11-10", 706, no_documento("tipo_operacao", "Tipo de operação", lambda c: se(c.nfe.tipo_operacao is TipoOperacao.ENTRADA, "0")),
          "A NFC-e só serve para operação de saída.", "Use a NF-e (modelo 55) para operação de entrada.", SO_NFCE, quando=ENTRADA),
    Regra("NFE-IDE-06", "B11a-10", 707, no_documento("destino", "Destino da operação", lambda c: se(c.nfe.destino is not Destino.INTERNA, c.nfe.destino)),
          "A NFC-e só serve para operação dentro do estado.", "Use a NF-e (modelo 55) para operação interestadual ou com o exterior.", SO_NFCE, quando=FORA_DO_ESTADO),
    Regra("NFE-IDE-07", "B12-20", 271, no_documento("municipio_fato_gerador", "Município do fato gerador", lambda c: se(not c.nfe.municipio_fato_gerador.startswith(_codigo_uf(c)), c.nfe.municipio_fato_gerador)),
          "O município do fato gerador não é da UF do emitente.", "Informe o código IBGE de um município da UF do emitente.", quando=IDENTIFICACAO),
    Regra("NFE-IDE-08", "B21-10", 709, no_documento("formato_danfe", "Formato do DANFE", lambda c: se(c.nfe.formato_danfe not in (FormatoDanfe.NFCE, FormatoDanfe.NFCE_MENSAGEM), c.nfe.formato_danfe)),
          "O formato do DANFE não serve para NFC-e.", "Use o formato 4 (DANFE NFC-e) ou 5.", SO_NFCE, quando=IDENTIFICACAO),
    Regra("NFE-IDE-09", "B21-20", 710, no_documento("formato_danfe", "Formato do DANFE", lambda c: se(c.nfe.formato_danfe in (FormatoDanfe.NFCE, FormatoDanfe.NFCE_MENSAGEM), c.nfe.formato_danfe)),
          "O formato do DANFE não serve para NF-e.", "Use o formato 1 (retrato) ou 2 (paisagem).", SO_NFE, quando=IDENTIFICACAO),
    Regra("NFE-IDE-10", "B22-10", 711, no_documento("tp_emis", "Tipo de emissão", lambda c: se(c.tp_emis == 9 and c.nfe.formato_danfe is not FormatoDanfe.SIMPLIFICADO_TIPO_2, "9")),
          "A contingência off-line (tipo de emissão 9) é só da NFC-e.", "Use outro tipo de emissão.", SO_NFE, quando=CONTINGENCIA),
    Regra("NFE-IDE-11", "B22-34", 714, no_documento("tp_emis", "Tipo de emissão", lambda c: se(c.tp_emis in (2, 5), c.tp_emis)),
          "O tipo de emissão não serve para NFC-e.", "Use 1 (normal) ou 9 (off-line).", SO_NFCE, quando=CONTINGENCIA),
    Regra("NFE-IDE-12", "B22-70", 783, no_documento("tp_emis", "Tipo de emissão", lambda c: se(c.tp_emis in (6, 7), c.tp_emis)),
          "A SVC não autoriza NFC-e.", "Use 9 (off-line) em contingência.", SO_NFCE, quando=CONTINGENCIA),
    Regra("NFE-IDE-13", "B25-20", 715, no_documento("finalidade", "Finalidade", lambda c: se(c.nfe.finalidade is not Finalidade.NORMAL, c.nfe.finalidade)),
          "A NFC-e só tem finalidade normal.", "Use a NF-e (modelo 55) para esta finalidade.", SO_NFCE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-14", "B25-30", 254, no_documento("referencias", "Documentos referenciados", lambda c: se(_precisa_referencia(c) and not _referencias_da_nota(c))),
          "Esta nota precisa citar a nota original.", "Informe a chave da nota original.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-15", "B25-40", 255, no_documento("referencias", "Documentos referenciados", lambda c: se(_precisa_referencia(c) and len(_referencias_da_nota(c)) > 1, len(c.nfe.referencias))),
          "Esta nota só pode citar uma nota original.", "Emita uma nota para cada nota original.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-16", "B25-50", 269, _referencia_de_outro_emitente,
          "A nota original é de outro emitente.", "Cite uma nota do próprio emitente.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-17", "B25-70", 321, no_documento("referencias", "Documentos referenciados", _devolucao_sem_referencia),
          "A devolução precisa citar o documento devolvido.", "Informe a chave da nota que está sendo devolvida.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-18", "B25-80", 1001, por_item("tributos", "tributos", _tributos_antigos),
          "Nota de crédito ou de débito só leva IBS e CBS.", "Retire ICMS, ISSQN, IPI, II, PIS e COFINS.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-19", "B25-90", 1002, por_item("tributos", "ICMS", lambda c, i: se(not _so_ibs_cbs(c) and i.tributos.icms is None and i.tributos.issqn is None)),
          "O item não tem ICMS nem ISSQN.", "Informe a situação tributária do ICMS do item.", quando=SEM_ICMS),
    Regra("NFE-IDE-20", "B25-110", 1161, no_documento("tipo_operacao", "Tipo de operação", lambda c: se(c.nfe.finalidade is Finalidade.CREDITO and c.nfe.tipo_operacao is TipoOperacao.SAIDA, "1")),
          "A nota de crédito é de entrada.", "Use tipo de operação 0 (entrada).", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-21", "B25-120", 1162, no_documento("tipo_operacao", "Tipo de operação", lambda c: se(c.nfe.finalidade is Finalidade.DEBITO and c.nfe.tipo_operacao is TipoOperacao.ENTRADA, "0")),
          "A nota de débito é de saída.", "Use tipo de operação 1 (saída).", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-22", "B25.1-10", 1139, no_documento("tipo_nota_debito", "Tipo de nota de débito", lambda c: se(c.nfe.tipo_nota_debito is not None and c.nfe.finalidade is not Finalidade.DEBITO, c.nfe.tipo_nota_debito)),
          "O tipo de nota de débito só cabe na finalidade 6.", "Retire o tipo ou use a finalidade 6.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-23", "B25.1-20", 1009, no_documento("tipo_nota_debito", "Tipo de nota de débito", lambda c: se(c.nfe.tipo_nota_debito is None and c.nfe.finalidade is Finalidade.DEBITO)),
          "Falta o tipo da nota de débito.", "Informe o tipo da nota de débito (01 a 08).", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-24", "B25.2-10", 1163, no_documento("tipo_nota_credito", "Tipo de nota de crédito", lambda c: se(c.nfe.tipo_nota_credito is not None and c.nfe.finalidade is not Finalidade.CREDITO, c.nfe.tipo_nota_credito)),
          "O tipo de nota de crédito só cabe na finalidade 5.", "Retire o tipo ou use a finalidade 5.", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-25", "B25.2-20", 1164, no_documento("tipo_nota_credito", "Tipo de nota de crédito", lambda c: se(c.nfe.tipo_nota_credito is None and c.nfe.finalidade is Finalidade.CREDITO)),
          "Falta o tipo da nota de crédito.", "Informe o tipo da nota de crédito (01 a 06).", SO_NFE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-26", "B25a-10", 716, no_documento("consumidor_final", "Consumidor final", lambda c: se(not c.nfe.consumidor_final, "0")),
          "A NFC-e é só para consumidor final.", "Marque a operação como de consumidor final.", SO_NFCE, quando=NAO_FINAL),
    Regra("NFE-IDE-27", "B25b-10", 794, no_documento("presenca", "Presença do comprador", lambda c: se(c.nfe.presenca is Presenca.ENTREGA_DOMICILIO, "4")),
          "Entrega a domicílio (4) é só da NFC-e.", "Use outro indicador de presença.", SO_NFE, quando=DOMICILIO),
    Regra("NFE-IDE-28", "B25b-20", 717, no_documento("presenca", "Presença do comprador", lambda c: se(c.nfe.presenca not in (Presenca.PRESENCIAL, Presenca.ENTREGA_DOMICILIO, Presenca.PRESENCIAL_FORA), c.nfe.presenca)),
          "A NFC-e é só para operação presencial ou entrega a domicílio.", "Use presença 1, 4 ou 5.", SO_NFCE),
    Regra("NFE-IDE-29", "B25c-10", 434, no_documento("com_intermediador", "Indicador de intermediador", _sem_indicador_intermediador),
          "Falta dizer se a venda teve intermediador (marketplace).", "Informe 0 (sem intermediador) ou 1 (plataforma de terceiros).", severidade=AVISO, quando=INTERMEDIADOR),
    Regra("NFE-IDE-30", "B25c-20", 435, no_documento("com_intermediador", "Indicador de intermediador", lambda c: se(c.nfe.com_intermediador is True and c.nfe.presenca in (Presenca.NAO_SE_APLICA, Presenca.PRESENCIAL_FORA), c.nfe.presenca)),
          "Com este indicador de presença não há intermediador.", "Use intermediador 0 ou corrija a presença.", quando=INTERMEDIADOR),
    Regra("NFE-IDE-31", "C02-30", 503, no_documento("serie", "Série", lambda c: _serie_fora(c, cnpj=True)),
          "A série não serve para emitente com CNPJ.", "Use série de 0 a 889.", quando=IDENTIFICACAO),
    Regra("NFE-IDE-32", "B28-10", 556, no_documento("contingencia", "Contingência", lambda c: se(c.tp_emis == 1 and c.contingencia is not None)),
          "A emissão normal não leva justificativa de contingência.", "Retire a data e a justificativa de contingência.", quando=CONTINGENCIA),
    Regra("NFE-IDE-33", "B28-20", 557, no_documento("contingencia", "Contingência", lambda c: se(c.tp_emis in (2, 4, 5, 9) and c.contingencia is None)),
          "Falta a justificativa da contingência.", "Informe a data, a hora e a justificativa (15 a 256 letras) da contingência.", quando=CONTINGENCIA),
    Regra("NFE-IDE-34", "B31-10", 1006, no_documento("compra_governamental", "Compra governamental", lambda c: se(c.nfe.compra_governamental is not None)),
          "A NFC-e não leva compra governamental.", "Use a NF-e (modelo 55).", SO_NFCE, quando=OUTRA_FINALIDADE),
    Regra("NFE-IDE-35", "BA01-10", 708, no_documento("referencias", "Documentos referenciados", lambda c: se(bool(c.nfe.referencias), len(c.nfe.referencias))),
          "A NFC-e não cita outros documentos.", "Retire as referências.", SO_NFCE, quando=REFERENCIAS),
    Regra("NFE-IDE-36", "BA02-34", 679, _modelo_referenciado,
          "A chave citada não é de NF-e, NFC-e ou CF-e.", "Informe a chave de uma NF-e (55), NFC-e (65) ou CF-e (59).", SO_NFE, quando=REFERENCIAS),
    Regra("NFE-IDE-37", "BA02-44", 680, _referencia_repetida,
          "A mesma chave foi citada duas vezes.", "Retire a repetição.", SO_NFE, quando=REFERENCIAS),
    Regra("NFE-IDE-38", "VC02-04", 708, por_item("referenciado", "documento referenciado", lambda _c, i: se(i.referenciado is not None)),
          "A NFC-e não cita outros documentos.", "Retire a referência do item.", SO_NFCE, quando=REFERENCIADO),
    Regra("NFE-IDE-39", "VC02-05", 1010, por_item("referenciado", "documento referenciado", lambda c, i: se(i.referenciado is not None and bool(c.nfe.referencias))),
          "Há referência na nota e no item ao mesmo tempo.", "Cite os documentos só na nota ou só nos itens.", SO_NFE, quando=REFERENCIADO),
    Regra("NFE-IDE-40", "UB12-10", 1115, por_item("tributos.ibs_cbs", "IBS/CBS", lambda c, i: _ibs_cbs_ausente(c, i, incerto=False)),
          "O item não traz IBS e CBS, obrigatórios para este regime.", "Informe a situação e a classificação tributária do IBS/CBS (000 e 000001 na tributação integral).", quando=SEM_IBS),
    Regra("NFE-IDE-41", "UB12-10", 1115, por_item("tributos.ibs_cbs", "IBS/CBS", lambda c, i: _ibs_cbs_ausente(c, i, incerto=True)),
          "O item não traz IBS e CBS; só passa em homologação, ou se a nota original é anterior à obrigação.", "Informe o IBS/CBS, obrigatório em produção.", severidade=AVISO, quando=SEM_IBS),
    Regra("NFE-IDE-42", "C02a-10", 495, no_documento("serie", "Série", lambda c: _serie_fora(c, cnpj=False)),
          "A série não serve para emitente com CPF.", "Use série de 920 a 969.", quando=EMITENTE_CPF),
    Regra("NFE-IDE-43", "VC02-14", 321, por_item("referenciado", "documento referenciado", _item_sem_referencia),
          "A devolução cita os documentos por item, e este item não cita nenhum.", "Cite no item o documento e o item de origem, ou cite a nota original na nota.", SO_NFE, quando=OUTRA_FINALIDADE),
)  # fmt: skip
