"""Every field of the Focus dictionary, set alone, reaches the XML element that it stands for.

Each field is taken from a body that holds it (`corpos_focus`), given another value, and looked up in the document: the
element must say the new value, and said another one before. `pytest -s` prints the table "n of 609".
"""

import copy
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.golden.corpos_focus import CHAVE, CORPOS, CTE, OUTRA, OUTRO_CTE, Corpo
from tests.golden.mesa_focus import Mesa

from chancela.documents.nfe.participantes import Endereco
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.faces.focus.nfe.dicionario import Campo, campos

NS = "{http://www.portalfiscal.inf.br/nfe}"
SEM_ELEMENTO = {
    "items[].mono_base_calculo_quantidade_retida_anteriormente": "qBCMonoRet saiu do leiaute (gMonoRet só tem o valor)",
    "items[].mono_ibs_aliquota_retida_anteriormente": "adRemIBSRet saiu do leiaute (gMonoRet só tem o valor)",
    "items[].mono_cbs_aliquota_retida_anteriormente": "adRemCBSRet saiu do leiaute (gMonoRet só tem o valor)",
    "items[].mono_ibs_percentual_diferido": "gMonoDif saiu do leiaute",
    "items[].mono_ibs_valor_diferido": "gMonoDif saiu do leiaute",
    "items[].mono_cbs_percentual_diferido": "gMonoDif saiu do leiaute",
    "items[].mono_cbs_valor_diferido": "gMonoDif saiu do leiaute",
}
OUTROS: dict[str, Any] = {
    "data_emissao": "2026-11-20T10:15:00-03:00", "data_entrada_saida": "2026-11-21T08:00:00-03:00", "local_destino": 2,
    "finalidade_emissao": 2, "indicador_intermediario": 1, "regime_tributario_emitente": 2,
    "municipio_emitente": "Campinas", "codigo_municipio_emitente": "3509502",
    **{f"{campo}_{quem}": valor for quem in ("destinatario", "retirada", "entrega") for campo, valor in (
        ("municipio", "Campinas"), ("codigo_municipio", "3509502"), ("cep", "01001001"), ("uf", "RJ"), ("codigo_pais", "2496"))},
    "pessoas_autorizadas[].cnpj": "12ABC34501DE35", "pessoas_autorizadas[].cpf": "12345678909", "hash_csrt": "BAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "cana_safra": "2025/2026", "duplicatas[].numero": "002", "cana_mes_ano_referencia": "10/2026", "items[].ibs_uf_aliquota": "0.0500", "items[].ibs_mun_aliquota": "0.0500",
    "items[].ibs_uf_valor": "0.05", "items[].ibs_mun_valor": "0.05", "items[].cbs_aliquota": "1.9000", "items[].cbs_valor": "1.90",
    "items[].ibs_uf_valor_diferido": "0.02", "items[].ibs_mun_valor_diferido": "0.01", "items[].cbs_valor_diferido": "0.07",
    "items[].ibs_uf_valor_tributo_devolvido": "0.01", "items[].ibs_mun_valor_tributo_devolvido": "0.01", "items[].cbs_valor_tributo_devolvido": "0.01",
    "items[].ibs_uf_percentual_reducao_aliquota": "70.0000", "items[].ibs_uf_aliquota_efetiva": "0.0300", "items[].ibs_mun_aliquota_efetiva": "0.0200",
    "items[].cbs_percentual_reducao_aliquota": "70.0000", "items[].cbs_aliquota_efetiva": "0.2700",
    "items[].numero_item": 2, "items[].codigo_barras_comercial": "7891234567901", "items[].codigo_barras_tributavel": "7891234567901",
    "items[].nves[].nve": "AB1235", "items[].escala_relevante": True, "items[].medicamento_codigo_anvisa": "1234567890124",
    "items[].numero_fci": "B01F70AF-10BF-4B1F-848C-65FF57F616FF", "items[].origens_combustivel[].uf_origem": "33",
    "items[].icms_situacao_tributaria": "20", "items[].icms_motivo_desoneracao": 3, "items[].issqn_item_lista_servico": "14.02",
    "items[].issqn_indicador_incentivo": "1", "items[].icms_aliquota_interestadual": "12.00",
    "items[].data_competencia_apuracao": "2026-10", "items[].credito_presumido_zfm_competencia": "2026-10",
    "notas_referenciadas[].numero": "10", "notas_referenciadas[].numero_nf_produtor": "10",
    "notas_referenciadas[].modelo_nf_produtor": "01", "transporte_icms_codigo_municipio": "3509502",
    **{f"inscricao_estadual_{quem}": "110042505002" for quem in ("emitente", "destinatario", "transportador")},
}  # fmt: skip
"""Another good value of a field that no rule of form can make up."""
PELO_NOME = (
    (re.compile(r".*chave_cte"), (CTE, OUTRO_CTE)), (re.compile(r".*chave.*"), (CHAVE, OUTRA)),
    (re.compile(r".*cnpj.*"), ("98765432000198", "12ABC34501DE35")), (re.compile(r".*cpf.*"), ("52998224725", "12345678909")),
    (re.compile(r".*(\b|_)uf(_|\b).*"), ("SP", "RJ")),
)  # fmt: skip
_FORA_DO_ESTADO = {
    "municipio_destinatario": "Rio de Janeiro", "codigo_municipio_destinatario": None, "cep_destinatario": "20040020",
    "inscricao_estadual_destinatario": "94580730", "inscricao_suframa_destinatario": None, "items[].cfop": "6102",
}  # fmt: skip
_SEM_TRIBUTOS_ANTIGOS = {
    f"items[].{nome}": None
    for nome in ("icms_origem", "icms_situacao_tributaria", "icms_modalidade_base_calculo", "icms_base_calculo", "icms_aliquota",
                 "icms_valor", "pis_situacao_tributaria", "cofins_situacao_tributaria")
}  # fmt: skip
_EM_2027 = {
    "data_emissao": "2027-01-10T10:00:00-03:00", "data_entrada_saida": None, "items[].ibs_uf_aliquota": "0.0500",
    "items[].ibs_uf_valor": "0.05", "items[].ibs_mun_aliquota": "0.0500", "items[].ibs_mun_valor": "0.05",
    "items[].cbs_aliquota": "1.9000", "items[].cbs_valor": "1.90", "items[].valor_total_item": None,
    "data_previsao_entrega_bem": "2027-02-01", "duplicatas": None,
}  # fmt: skip
_MUNICIPAL_EM_2027 = {
    "data_emissao": "2027-01-10T10:00:00-03:00", "data_entrada_saida": None, "items[].ibs_uf_aliquota": "0.0500",
    "items[].ibs_uf_aliquota_efetiva": "0.0200", "items[].ibs_uf_valor": "0.01", "items[].ibs_mun_aliquota": "0.0500",
    "items[].ibs_mun_aliquota_efetiva": "0.0200",
}  # fmt: skip
JUNTOS: dict[str, Corpo] = {
    "local_destino": {**_FORA_DO_ESTADO, "uf_destinatario": "RJ"},
    "uf_destinatario": {**_FORA_DO_ESTADO, "local_destino": 2},
    "uf_transportador": {"inscricao_estadual_transportador": "94580730"},
    "finalidade_emissao": {"notas_referenciadas": [{"chave_nfe": CHAVE}], "formas_pagamento": None},
    "indicador_intermediario": {"cnpj_intermediario": "98765432000198", "id_intermediario": "LOJA"},
    "perc_reducao_aliquota_compra_governamental": {"items[].ibs_uf_aliquota_efetiva": "0.0801", "items[].cbs_aliquota_efetiva": "0.7209",
        "items[].cbs_valor": "0.72"},
    "tipo_operacao_governamental": {**_SEM_TRIBUTOS_ANTIGOS, "finalidade_emissao": 6, "tipo_nota_debito": "06", "formas_pagamento": None},
    "codigo_municipio_destinatario": {"cep_destinatario": "13010000", "municipio_destinatario": "Campinas"},
    "municipio_destinatario": {"cep_destinatario": "13010000", "codigo_municipio_destinatario": None},
    **{nome: valor for quem in ("retirada", "entrega") for nome, valor in (
        (f"codigo_municipio_{quem}", {f"cep_{quem}": "13010000", f"municipio_{quem}": "Campinas"}),
        (f"municipio_{quem}", {f"cep_{quem}": "13010000", f"codigo_municipio_{quem}": None}),
        (f"uf_{quem}", {f"municipio_{quem}": "Rio de Janeiro", f"codigo_municipio_{quem}": None, f"cep_{quem}": "20040020"}))},
    "items[].quantidade_comercial": {"items[].valor_unitario_comercial": "33.3333333333", "items[].quantidade_tributavel": "2.0000"},
    "items[].valor_unitario_comercial": {"items[].quantidade_comercial": "1.9608", "items[].valor_bruto": "100.00"},
    "items[].valor_bruto": {"items[].valor_unitario_comercial": "50.50", "items[].valor_unitario_tributavel": "50.50",
                            "items[].valor_total_item": "112.00"},
    "items[].quantidade_tributavel": {"items[].valor_unitario_tributavel": "33.3333333333"},
    "items[].valor_unitario_tributavel": {"items[].quantidade_tributavel": "1.9608"},
    "items[].icms_situacao_tributaria": {"items[].icms_reducao_base_calculo": "10.00", "items[].fcp_base_calculo": "100.00"},
    "items[].icms_base_calculo": {"items[].fcp_valor": "2.02"},
    "items[].icms_valor_operacao": {"items[].icms_base_calculo": "105.56", "items[].icms_valor_diferido": "9.50", "items[].icms_valor": "9.50"},
    "items[].icms_percentual_diferimento": {"items[].icms_valor_diferido": "9.18", "items[].icms_valor": "8.82"},
    "items[].icms_valor_diferido": {"items[].icms_percentual_diferimento": "55.5556", "items[].icms_valor": "8.00"},
    "items[].fcp_percentual": {"items[].fcp_valor": "3.00"},
    "items[].fcp_base_calculo": {"items[].fcp_valor": "2.02"},
    "items[].fcp_valor": {"items[].fcp_percentual": "3.00"},
    "items[].fcp_percentual_st": {"items[].fcp_valor_st": "3.78"},
    "items[].fcp_base_calculo_st": {"items[].fcp_valor_st": "2.54"},
    "items[].fcp_valor_st": {"items[].fcp_base_calculo_st": "176.00"},
    "items[].fcp_percentual_retido_st": {"items[].fcp_valor_retido_st": "2.70"},
    "items[].fcp_base_calculo_retido_st": {"items[].fcp_valor_retido_st": "1.82"},
    "items[].fcp_valor_retido_st": {"items[].fcp_base_calculo_retido_st": "140.00"},
    "items[].fcp_base_calculo_uf_destino": {"items[].fcp_valor_uf_destino": "2.02"},
    "items[].fcp_percentual_uf_destino": {"items[].fcp_valor_uf_destino": "3.00"},
    "items[].fcp_valor_uf_destino": {"items[].fcp_percentual_uf_destino": "3.00"},
    **dict.fromkeys(("items[].ibs_uf_aliquota", "items[].ibs_mun_aliquota", "items[].ibs_uf_valor", "items[].ibs_mun_valor"), _EM_2027),
    "items[].cbs_aliquota": _EM_2027, "items[].cbs_valor": _EM_2027,
    "items[].ibs_uf_valor_diferido": {"items[].ibs_uf_percentual_diferimento": "50.0000", "items[].ibs_uf_valor": "0.02"},
    "items[].ibs_uf_valor_tributo_devolvido": {"items[].ibs_uf_valor": "0.02"},
    "items[].ibs_mun_valor_diferido": {**_MUNICIPAL_EM_2027, "items[].ibs_mun_valor": "0.01"},
    "items[].ibs_mun_valor_tributo_devolvido": {**_MUNICIPAL_EM_2027, "items[].ibs_mun_valor": "0.01"},
    "items[].cbs_valor_diferido": {"items[].cbs_percentual_diferimento": "20.0000", "items[].cbs_valor": "0.29"},
    "items[].cbs_valor_tributo_devolvido": {"items[].cbs_valor": "0.31"},
    "items[].ibs_uf_percentual_reducao_aliquota": {"items[].ibs_uf_aliquota_efetiva": "0.0300", "items[].ibs_uf_valor": "0.02"},
    "items[].ibs_uf_aliquota_efetiva": {"items[].ibs_uf_percentual_reducao_aliquota": "70.0000", "items[].ibs_uf_valor": "0.02"},
    "items[].ibs_mun_aliquota_efetiva": {**_MUNICIPAL_EM_2027, "items[].ibs_mun_valor": "0.02"},
    "items[].cbs_percentual_reducao_aliquota": {"items[].cbs_aliquota_efetiva": "0.2700", "items[].cbs_valor": "0.23"},
    "items[].cbs_aliquota_efetiva": {"items[].cbs_percentual_reducao_aliquota": "70.0000", "items[].cbs_valor": "0.23"},
    "items[].issqn_base_calculo": {}, "items[].issqn_valor": {},
    "valor_original_fatura": {"valor_desconto_fatura": "1.00"}, "valor_desconto_fatura": {"valor_original_fatura": "117.00"},
    "valor_liquido_fatura": {"valor_original_fatura": "117.00", "duplicatas[].valor": "117.00"},
    "duplicatas[].valor": {"valor_original_fatura": "117.00", "valor_liquido_fatura": "117.00"},
    "duplicatas[].numero": {"duplicatas": [{"numero": n, "data_vencimento": f"2026-12-{dia}", "valor": "58.00"}
                                           for n, dia in (("001", 20), ("002", 21))]},
    "items[].valor_desconto": {"formas_pagamento": [{"forma_pagamento": "01", "valor_pagamento": "110.00"}]},
    "items[].inclui_no_total": {"formas_pagamento": [{"forma_pagamento": "01", "valor_pagamento": "11.00"}]},
    "valor_troco": {"formas_pagamento[].valor_pagamento": "111.00"},
    "formas_pagamento[].valor_pagamento": {"formas_pagamento": [{"forma_pagamento": "01", "valor_pagamento": "101.00"}], "valor_troco": "1.00"},
}  # fmt: skip
"""What has to change along with a field for the document to stay good."""


ESCRITO: dict[str, str] = {
    "items[].escala_relevante": "S",
    "notas_referenciadas[].uf": "33",
    "notas_referenciadas[].uf_nf_produtor": "33",
}
"""How the element says the other value, where it is not the value itself."""
A_PARTE = ("cnpj_emitente", "cpf_emitente", "uf_emitente", "items[].numero_item")
"""Held by a test of their own."""


RIO = Endereco("Rua do Ouvidor", "1", "Centro", "3304557", "Rio de Janeiro", Uf.RJ, "20040020")
FORA_DE_SP = {
    "logradouro_emitente": None, "municipio_emitente": None, "codigo_municipio_emitente": None, "cep_emitente": None,
    "inscricao_estadual_emitente": "94580730", "local_destino": 2, "municipio": "3304557",
    "items": [{**CORPOS["venda"]["items"][0], "cfop": "6102"}],
}  # fmt: skip


NO_CORPO = {
    "pais_destinatario": "exportacao", "codigo_pais_destinatario": "exportacao", "pais_retirada": "locais no exterior",
    "codigo_pais_retirada": "locais no exterior", "pais_entrega": "locais no exterior", "codigo_pais_entrega": "locais no exterior",
    "items[].ibs_uf_valor_tributo_devolvido": "IBS e CBS", "formas_pagamento[].valor_pagamento": "locais",
    "items[].ibs_uf_percentual_reducao_aliquota": "IBS e CBS", "items[].ibs_uf_aliquota_efetiva": "IBS e CBS",
    "items[].ibs_mun_aliquota_efetiva": "IBS e CBS", "items[].cbs_percentual_reducao_aliquota": "IBS e CBS",
    "items[].cbs_aliquota_efetiva": "IBS e CBS", "items[].numero_item": "duas linhas",
    **dict.fromkeys(("items[].ibs_uf_aliquota", "items[].ibs_mun_aliquota", "items[].ibs_uf_valor", "items[].ibs_mun_valor",
                     "items[].cbs_aliquota", "items[].cbs_valor"), "lotes"),
    **dict.fromkeys(("items[].quantidade_comercial", "items[].valor_unitario_comercial"), "venda"),
}  # fmt: skip
"""Where a field is tried, when not in the first body that holds it."""


def holder(campo: Campo) -> Corpo | None:
    """The body in which a field is tried."""
    if campo.nome in NO_CORPO:
        return CORPOS[NO_CORPO[campo.nome]]
    return next((corpo for corpo in CORPOS.values() if read(corpo, campo.nome) is not None), None)


def read(corpo: Corpo, nome: str) -> Any:
    atual: Any = corpo
    for passo in nome.split("."):
        atual = atual.get(passo.removesuffix("[]")) if isinstance(atual, dict) else None
        if passo.endswith("[]"):
            atual = atual[0] if atual else None
    return atual


def put(corpo: Corpo, nome: str, valor: Any) -> Corpo:
    """A copy with one field set; None takes it out."""
    inteiro = copy.deepcopy(corpo)
    atual: Any = inteiro
    *caminho, folha = nome.split(".")
    for passo in caminho:
        atual = atual.setdefault(passo.removesuffix("[]"), [{}])[0]
    if valor is None:
        atual.pop(folha, None)
    else:
        atual[folha] = valor
    return inteiro


def another(campo: Campo, valor: Any) -> Any:
    """A value of the field's form that is not `valor`."""
    if campo.nome in OUTROS:
        return OUTROS[campo.nome]
    for forma, opcoes in PELO_NOME:
        if forma.fullmatch(campo.nome) and campo.decimal is None and not campo.codigos:
            return next(o for o in opcoes if o != str(valor))
    if campo.decimal is not None:
        numero = Decimal(str(valor))
        return str(numero - 1 if numero >= 90 and "percentual" in campo.nome else numero + 1)
    if campo.forma == "DT":
        return str(date.fromisoformat(valor) + timedelta(days=1))
    if campo.codigos:
        return next(c for c in campo.codigos if c not in (str(valor), str(valor).zfill(2)))
    if str(valor).isdigit():
        tamanho = len(str(valor))
        return str((int(valor) + 1) % 10**tamanho).zfill(tamanho)
    texto = str(valor)
    return texto[:-1] + ("Y" if texto[-1] != "Y" else "W")


def written(texto: bytes, campo: Campo) -> list[str]:
    """Every value of the field's element."""
    raiz = ElementTree.fromstring(texto)
    *caminho, folha = campo.elemento.replace("{group}", "*").split("/")
    nos = [raiz]
    for passo in caminho:
        nos = [filho for no in nos for filho in no if passo == "*" or filho.tag == NS + passo]
    if folha.startswith("@"):
        return [no.get(folha[1:]) or "" for no in nos]
    nomes = [n.strip() for n in folha.split(" or ")]
    return [filho.text or "" for no in nos for filho in no if filho.tag.removeprefix(NS) in nomes]


def same(escrito: str, valor: Any) -> bool:
    texto = {True: "1", False: "0"}.get(valor, str(valor)) if isinstance(valor, bool) else str(valor)
    try:
        return Decimal(escrito) == Decimal(texto)
    except InvalidOperation:
        return escrito == texto


def reaches(mesa: Mesa, campo: Campo, corpo: Corpo) -> str:
    """Empty when the field reaches its element; else what came instead."""
    if len(campo.codigos) == 1:  # a mark: it is there or it is not
        novo = campo.codigos[0]
        corpo = put(corpo, campo.nome, None)
    else:
        novo = another(campo, read(corpo, campo.nome))
    outro = put(corpo, campo.nome, novo)
    for nome, valor in JUNTOS.get(campo.nome, {}).items():
        outro = put(outro, nome, valor) if nome != campo.nome else outro
    antes = mesa.write(corpo)
    try:
        depois = mesa.write(outro)
    except RegraViolada as erro:
        if not campo.elemento.startswith("total/") or not {v.caminho for v in erro.violacoes} <= {
            campo.nome,
            "valor_total",
        }:
            return "; ".join(f"{v.codigo} {v.caminho} {v.mensagem}" for v in erro.violacoes)
        depois = mesa.draft(outro, corpo)
    tinha, tem = written(antes, campo), written(depois, campo)
    certo = ESCRITO.get(campo.nome, novo)
    if any(same(v, certo) for v in tem) and tem != tinha:
        return ""
    return f"{campo.elemento}: {tinha} -> {tem}, e nao {certo}"


def test_every_field_of_the_dictionary(mesa: Mesa) -> None:
    faltas: dict[str, str] = {}
    for campo in campos():
        if campo.nome in SEM_ELEMENTO:
            assert campo.destinos == ()
            continue
        corpo = holder(campo)
        falta = "nenhum corpo o traz" if corpo is None else reaches(mesa, campo, corpo)
        if falta and campo.nome not in A_PARTE:
            faltas[campo.nome] = falta
    total = len(campos())
    print(f"\n{total - len(faltas) - len(SEM_ELEMENTO)} de {total}")
    for nome, motivo in {**SEM_ELEMENTO, **faltas}.items():
        print(f"  {nome}: {motivo}")
    assert faltas == {}
    assert total == 609


def test_the_company_is_named_and_cannot_be_another(mesa: Mesa) -> None:
    """CNPJ, CPF and UF of the issuer say which company it is: they are in the document of that company."""
    outra = mesa.of(replace(mesa.emitente, documento=Cpf("52998224725"), inscricao_estadual="110042490114"))
    corpo = {**CORPOS["locais"], "cpf_emitente": "529.982.247-25", "cnpj_emitente": None, "serie": 920}
    por_nome = {campo.nome: campo for campo in campos()}
    assert written(outra.write(corpo), por_nome["cpf_emitente"]) == ["52998224725"]
    carioca = mesa.of(replace(mesa.emitente, documento=Cnpj("12ABC34501DE35"), endereco=RIO))
    corpo = {**CORPOS["venda"], **FORA_DE_SP, "cnpj_emitente": "12.ABC.345/01DE-35", "uf_emitente": "RJ"}
    escrito = carioca.write(corpo)
    assert written(escrito, por_nome["cnpj_emitente"]) == ["12ABC34501DE35"]
    assert written(escrito, por_nome["uf_emitente"]) == ["RJ"]
    with pytest.raises(RegraViolada) as erro:
        mesa.write(corpo)
    assert {v.caminho for v in erro.value.violacoes} >= {"cnpj_emitente", "uf_emitente"}


def test_items_stand_in_the_order_of_their_numbers(mesa: Mesa) -> None:
    corpo = copy.deepcopy(CORPOS["duas linhas"])
    primeiro, segundo = corpo["items"]
    primeiro["numero_item"], segundo["numero_item"] = 2, 1
    texto = mesa.write(corpo).decode()
    assert re.findall(r'nItem="(\d)"><prod><cProd>(\w+)', texto) == [("1", "P2"), ("2", "P1")]
    segundo["cfop"] = "6102"
    with pytest.raises(RegraViolada) as erro:
        mesa.write(corpo)
    assert {v.caminho for v in erro.value.violacoes} == {"items[1].cfop"}
