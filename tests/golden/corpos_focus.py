"""Bodies of the Focus face that together hold every field of its dictionary: a plain sale, and one per special group."""

import copy
from typing import Any

from chancela.domain.chave import dv_chave

Corpo = dict[str, Any]


def _key(base: str) -> str:
    return base + dv_chave(base)


CHAVE = _key("3526111122233300018155001000000123148390217")
OUTRA = _key("3526111122233300018155001000000124148390217")
CTE = _key("3526111122233300018157001000000123148390217")
OUTRO_CTE = _key("3526111122233300018157001000000124148390217")

NOTA: Corpo = {
    "natureza_operacao": "Venda de mercadoria", "tipo_documento": 1, "finalidade_emissao": 1, "local_destino": 1,
    "data_emissao": "2026-11-20T10:30:15-03:00", "data_entrada_saida": "2026-11-20T11:00:00-03:00",
    "consumidor_final": 0, "presenca_comprador": 9, "indicador_intermediario": 0, "serie": 1, "numero": 77,
    "cnpj_emitente": "11222333000181", "nome_emitente": "COMERCIO EXEMPLO LTDA", "inscricao_estadual_emitente": "110042490114",
    "regime_tributario_emitente": 3, "uf_emitente": "SP",
    "cnpj_destinatario": "98765432000198", "nome_destinatario": "CLIENTE EXEMPLO SA",
    "indicador_inscricao_estadual_destinatario": 1, "inscricao_estadual_destinatario": "110042490114",
    "logradouro_destinatario": "Avenida Paulista", "numero_destinatario": "1000", "bairro_destinatario": "Bela Vista",
    "municipio_destinatario": "São Paulo", "uf_destinatario": "SP", "cep_destinatario": "01310-100",
    "modalidade_frete": 9,
    "formas_pagamento": [{"forma_pagamento": "01", "valor_pagamento": "100.00"}],
}  # fmt: skip
ITEM: Corpo = {
    "numero_item": 1, "codigo_produto": "P1", "descricao": "Produto", "codigo_ncm": "94013090", "cfop": "5102",
    "unidade_comercial": "UN", "quantidade_comercial": "2.0000", "valor_unitario_comercial": "50.00", "valor_bruto": "100.00",
    "icms_origem": 0, "icms_situacao_tributaria": "00", "icms_modalidade_base_calculo": 3, "icms_base_calculo": "100.00",
    "icms_aliquota": "18.00", "icms_valor": "18.00",
    "pis_situacao_tributaria": "07", "cofins_situacao_tributaria": "07",
    "ibs_cbs_situacao_tributaria": "000", "ibs_cbs_classificacao_tributaria": "000001", "ibs_cbs_base_calculo": "100.00",
    "ibs_uf_aliquota": "0.1000", "ibs_uf_valor": "0.10", "ibs_mun_aliquota": "0.0000", "ibs_mun_valor": "0.00",
    "ibs_valor_total": "0.10", "cbs_aliquota": "0.9000", "cbs_valor": "0.90",
}  # fmt: skip
_DO_ICMS = ("icms_", "fcp_")
_DO_IBS = ("ibs_", "cbs_")


def item(*fora: str, **campos: Any) -> Corpo:
    """The plain item, without the fields that begin with one of `fora`, and with others."""
    return {**{n: v for n, v in ITEM.items() if not (fora and n.startswith(fora))}, **campos}


def icms(situacao: str, *, origem: int = 0, **campos: Any) -> Corpo:
    """The plain item with another ICMS."""
    return item(*_DO_ICMS, icms_origem=origem, icms_situacao_tributaria=situacao, **campos)


def ibs_cbs(cst: str, classe: str, **campos: Any) -> Corpo:
    """The plain item with other IBS and CBS."""
    return item(*_DO_IBS, ibs_cbs_situacao_tributaria=cst, ibs_cbs_classificacao_tributaria=classe, **campos)


def nota(*itens: Corpo, sem: tuple[str, ...] = (), **campos: Any) -> Corpo:
    """The plain sale with other items and fields; nothing of `sem`."""
    comum = {nome: valor for nome, valor in NOTA.items() if nome not in sem}
    return copy.deepcopy({**comum, "items": list(itens or (ITEM,)), **campos})


def local(nome: str) -> Corpo:
    """A place of pickup or delivery."""
    return {
        f"{campo}_{nome}": valor
        for campo, valor in {
            "cnpj": "44556677000186", "nome": "Depósito", "logradouro": "Rua D", "numero": "5", "complemento": "Doca 1",
            "bairro": "Porto", "codigo_municipio": "3550308", "municipio": "São Paulo", "uf": "SP", "cep": "01001000",
            "codigo_pais": "1058", "pais": "BRASIL", "telefone": "1133334444", "email": "a@exemplo.com.br",
            "inscricao_estadual": "110042490114",
        }.items()
    }  # fmt: skip


def _abroad(campos: Corpo, nome: str) -> Corpo:
    fora = {
        f"uf_{nome}": "EX",
        f"codigo_pais_{nome}": "1600",
        f"pais_{nome}": "CHINA",
        f"municipio_{nome}": "EXTERIOR",
    }
    brasileiros = (f"cep_{nome}", f"codigo_municipio_{nome}", f"inscricao_estadual_{nome}")
    return {n: v for n, v in {**campos, **fora}.items() if n not in brasileiros}


ST = {
    "icms_modalidade_base_calculo_st": 4, "icms_margem_valor_adicionado_st": "40.00", "icms_reducao_base_calculo_st": "10.00",
    "icms_base_calculo_st": "126.00", "icms_aliquota_st": "18.00", "icms_valor_st": "4.68", "fcp_base_calculo_st": "126.00",
    "fcp_percentual_st": "2.00", "fcp_valor_st": "2.52",
}  # fmt: skip
PROPRIO = {
    "icms_modalidade_base_calculo": 3, "icms_base_calculo": "100.00", "icms_aliquota": "18.00", "icms_valor": "18.00",
    "fcp_base_calculo": "100.00", "fcp_percentual": "2.00", "fcp_valor": "2.00",
}  # fmt: skip
DESON = {"icms_valor_desonerado": "1.00", "icms_motivo_desoneracao": 9, "icms_deducao_desoneracao": 0}
RETIDO = {
    "icms_aliquota_final": "18.00", "icms_valor_substituto": "1.10", "fcp_base_calculo_retido_st": "90.00",
    "fcp_percentual_retido_st": "2.00", "fcp_valor_retido_st": "1.80", "icms_reducao_base_calculo_efetiva": "10.00",
    "icms_base_calculo_efetiva": "90.00", "icms_aliquota_efetiva": "18.00", "icms_valor_efetivo": "16.20",
}  # fmt: skip
VENDA = nota(
    item(
        codigo_barras_comercial="7891234567895", codigo_barras_tributavel="7891234567895", codigo_barras_proprio_comercial="ABC",
        codigo_barras_proprio_tributavel="ABD", nves=[{"nve": "AB1234"}], cest="2106300", escala_relevante=False,
        cnpj_fabricante="98765432000198", codigo_beneficio_fiscal="SP020001", codigo_ex_tipi="01",
        infos_credito_presumido=[{"codigo_beneficio_fiscal": "SP020001", "percentual": "2.00", "valor": "2.00"}],
        credito_presumido_ibs_zfm_classificacao="1", unidade_tributavel="UN", quantidade_tributavel="2.0000",
        valor_unitario_tributavel="50.00", valor_frete="4.00", valor_seguro="3.00", valor_desconto="2.00",
        valor_outras_despesas="1.00", inclui_no_total=1, pedido_compra="PED1", numero_item_pedido_compra="7",
        numero_fci="B01F70AF-10BF-4B1F-848C-65FF57F616FE", valor_total_tributos="12.00", fcp_percentual="2.00",
        fcp_valor="2.00", ipi_situacao_tributaria="50", ipi_base_calculo="100.00", ipi_aliquota="5.00", ipi_valor="5.00",
        ipi_codigo_enquadramento_legal="999", ipi_cnpj_produtor="98765432000198", ipi_codigo_selo_controle="9710-01",
        ipi_quantidade_selo_controle="12", pis_situacao_tributaria="01", pis_base_calculo="100.00",
        pis_aliquota_porcentual="1.65", pis_valor="1.65", cofins_situacao_tributaria="01", cofins_base_calculo="100.00",
        cofins_aliquota_porcentual="7.60", cofins_valor="7.60", informacoes_adicionais_item="Texto do item",
        observacoes_contribuinte=[{"campo": "Cor", "texto": "Azul"}], valor_total_item="111.00",
    ),
    sem=("formas_pagamento",),
    nome_fantasia_emitente="EXEMPLO", logradouro_emitente="Praça da Sé", numero_emitente="100", complemento_emitente="Sala 1",
    bairro_emitente="Sé", codigo_municipio_emitente="3550308", municipio_emitente="São Paulo", cep_emitente="01001000",
    telefone_emitente="1133334444", inscricao_estadual_st_emitente="123456789", inscricao_municipal_emitente="12345",
    cnae_fiscal_emitente="4751201", municipio="3550308", ibs_cbs_municipio="3550308", data_previsao_entrega_bem="2026-12-01",
    complemento_destinatario="Conj. 51", codigo_municipio_destinatario="3550308", codigo_pais_destinatario="1058",
    pais_destinatario="BRASIL", telefone_destinatario="1133334444", inscricao_suframa_destinatario="12345678",
    inscricao_municipal_destinatario="999", email_destinatario="a@exemplo.com.br",
    pessoas_autorizadas=[{"cnpj": "44556677000186"}], chaves_nfe_antecipacao_pagamento=[{"chave_nfe": CHAVE}],
    cnpj_transportador="98765432000198", nome_transportador="Transportes", inscricao_estadual_transportador="110042490114",
    endereco_transportador="Rua T", municipio_transportador="São Paulo", uf_transportador="SP", veiculo_placa="ABC1D23",
    veiculo_uf="SP", veiculo_rntc="123456", reboques=[{"veiculo_placa": "XYZ1D23", "veiculo_uf": "SP", "veiculo_rntc": "654321"}],
    transporte_icms_servico="40.00", transporte_icms_base_calculo="40.00", transporte_icms_aliquota="12.00",
    transporte_icms_valor="4.80", transporte_icms_cfop="5353", transporte_icms_codigo_municipio="3550308",
    volumes=[{"quantidade": 2, "especie": "CAIXA", "marca": "M", "numero": "1/2", "peso_liquido": "2.000", "peso_bruto": "3.000",
              "lacres": [{"numero": "L1"}]}],
    numero_fatura="1", valor_original_fatura="116.00", valor_desconto_fatura="0.00", valor_liquido_fatura="116.00",
    duplicatas=[{"numero": "001", "data_vencimento": "2026-12-20", "valor": "116.00"}],
    formas_pagamento=[
        {"indicador_pagamento": 0, "forma_pagamento": "03", "valor_pagamento": "100.00", "tipo_integracao": 1,
         "cnpj_credenciadora": "98765432000198", "bandeira_operadora": "01", "numero_autorizacao": "A1",
         "cnpj_beneficiario": "98765432000198", "id_terminal_pagamento": "T1", "data_pagamento": "2026-11-20",
         "cnpj_transacional": "11222333000181", "uf_transacional": "SP"},
        {"indicador_pagamento": 0, "forma_pagamento": "99", "descricao_pagamento": "Permuta", "valor_pagamento": "11.00"},
    ],
    modalidade_frete=0, informacoes_adicionais_fisco="Ao fisco", informacoes_adicionais_contribuinte="Texto",
    observacoes_contribuinte=[{"campo": "Rota", "texto": "Norte"}], observacoes_fisco=[{"campo": "F", "texto": "G"}],
    processos_referenciados=[{"identificador_processo": "1/26", "indicador_origem_processo": "0", "tipo_ato_concessorio": "08"}],
    nota_empenho_compra="NE1", pedido_compra="PC1", contrato_compra="CT1", cnpj_responsavel_tecnico="98765432000198",
    contato_responsavel_tecnico="Fulana", email_responsavel_tecnico="r@exemplo.com.br", telefone_responsavel_tecnico="1133334444",
    identificador_csrt="01", hash_csrt="AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
)  # fmt: skip
TOTAIS_DA_VENDA = {
    "icms_base_calculo": "100.00", "icms_valor_total": "18.00", "icms_valor_total_desonerado": "0.00", "fcp_valor_total": "2.00",
    "icms_base_calculo_st": "0.00", "icms_valor_total_st": "0.00", "fcp_valor_total_st": "0.00", "fcp_valor_total_retido_st": "0.00",
    "fcp_valor_total_uf_destino": "0.00", "icms_valor_total_uf_destino": "0.00", "icms_valor_total_uf_remetente": "0.00",
    "icms_base_calculo_mono": "0.00", "icms_valor_mono": "0.00", "icms_base_calculo_mono_retencao": "0.00",
    "icms_valor_mono_retencao": "0.00", "icms_base_calculo_mono_retido": "0.00", "icms_valor_mono_retido": "0.00",
    "valor_produtos": "100.00", "valor_frete": "4.00", "valor_seguro": "3.00", "valor_desconto": "2.00", "valor_total_ii": "0.00",
    "valor_ipi": "5.00", "valor_ipi_devolvido": "0.00", "valor_pis": "1.65", "valor_cofins": "7.60", "valor_outras_despesas": "1.00",
    "valor_total": "111.00", "valor_total_tributos": "12.00", "pis_valor_retido": "1.00", "cofins_valor_retido": "1.00",
    "csll_valor_retido": "1.00", "irrf_base_calculo": "100.00", "irrf_valor_retido": "1.50", "prev_social_base_calculo": "100.00",
    "prev_social_valor_retido": "11.00", "is_valor_total": "0.00", "ibs_cbs_base_calculo": "100.00",
    "ibs_uf_valor_total_diferimento": "0.00", "ibs_uf_valor_total_devolucao": "0.00", "ibs_uf_valor_total": "0.10",
    "ibs_mun_valor_total_diferimento": "0.00", "ibs_mun_valor_total_devolucao": "0.00", "ibs_mun_valor_total": "0.00",
    "ibs_valor_total": "0.10", "ibs_valor_total_credito_presumido": "0.00", "ibs_valor_total_condicao_suspensiva": "0.00",
    "cbs_valor_total_diferimento": "0.00", "cbs_valor_total_devolucao": "0.00", "cbs_valor_total": "0.90",
    "cbs_valor_total_credito_presumido": "0.00", "cbs_valor_total_condicao_suspensiva": "0.00",
    "ibs_valor_total_monofasico": "0.00", "cbs_valor_total_monofasico": "0.00", "ibs_valor_total_monofasico_retencao": "0.00",
    "cbs_valor_total_monofasico_retencao": "0.00", "ibs_valor_total_monofasico_retido": "0.00",
    "cbs_valor_total_monofasico_retido": "0.00", "ibs_valor_total_credito_estornado": "0.00",
    "cbs_valor_total_credito_estornado": "0.00", "ibs_cbs_is_valor_total": "111.00",
}  # fmt: skip
VEICULO = {
    "tipo_operacao": 1, "chassi": "9BWZZZ377VT004251", "codigo_cor": "AZ", "descricao_cor": "AZUL", "potencia_motor": "100",
    "cm3": "1000", "peso_liquido": "1000", "peso_bruto": "1500", "serie": "S1", "tipo_combustivel": "16", "numero_motor": "M1",
    "cmt": "400", "distancia_eixos": "250", "ano_modelo": "2026", "ano_fabricacao": "2026", "tipo_pintura": "S", "tipo": "06",
    "especie": "1", "codigo_vin": "N", "condicao": 1, "codigo_marca_modelo": "123456", "codigo_cor_denatran": "02",
    "lotacao": "5", "restricao": 0,
}  # fmt: skip
COMBUSTIVEL = {
    "codigo_anp": "210203001", "descricao_anp": "GLP", "percentual_glp": "60.0000",
    "percentual_gas_natural_nacional": "30.0000", "percentual_gas_natural_importado": "10.0000", "valor_partida": "1.00",
    "registro_codif": "123456", "quantidade_temperatura_ambiente": "2.0000", "sigla_uf": "SP", "cide_base_calculo": "2.0000",
    "cide_aliquota": "0.1000", "cide_valor": "0.20", "numero_bico": "1", "numero_bomba": "1", "numero_tanque": "1",
    "valor_encerrante_inicio": "1.000", "valor_encerrante_final": "3.000", "percentual_biodiesel": "10.0000",
}  # fmt: skip
PRODUTOR = {
    "uf_nf_produtor": "SP", "mes_nf_produtor": "2610", "cnpj_nf_produtor": "98765432000198",
    "inscricao_estadual_nf_produtor": "110042490114", "modelo_nf_produtor": "04", "serie_nf_produtor": "1",
    "numero_nf_produtor": "9",
}  # fmt: skip
SERVICO = {
    "issqn_base_calculo": "100.00", "issqn_aliquota": "5.00", "issqn_valor": "5.00", "issqn_codigo_municipio": "3550308",
    "issqn_item_lista_servico": "14.01", "issqn_valor_deducao": "1.00", "issqn_valor_outras_retencoes": "1.00",
    "issqn_valor_desconto_incondicionado": "1.00", "issqn_valor_desconto_condicionado": "1.00", "issqn_valor_retencao": "1.00",
    "issqn_indicador_exigibilidade": 1, "issqn_codigo_servico": "1401", "issqn_codigo_municipio_incidencia": "3550308",
    "issqn_codigo_pais": "1058", "issqn_numero_processo": "P1", "issqn_indicador_incentivo": "2",
    "pis_situacao_tributaria": "01", "pis_base_calculo": "100.00", "pis_aliquota_porcentual": "0.65", "pis_valor": "0.65",
    "cofins_situacao_tributaria": "01", "cofins_base_calculo": "100.00", "cofins_aliquota_porcentual": "3.00",
    "cofins_valor": "3.00", "cfop": "5933",
}  # fmt: skip
TOTAIS_DO_SERVICO = {
    "valor_total_servicos": "100.00", "issqn_base_calculo": "100.00", "issqn_valor_total": "5.00", "valor_pis_servicos": "0.65",
    "valor_cofins_servicos": "3.00", "data_prestacao_servico": "2026-11-19", "issqn_valor_total_deducao": "1.00",
    "issqn_valor_total_outras_retencoes": "1.00", "issqn_valor_total_desconto_incondicionado": "1.00",
    "issqn_valor_total_desconto_condicionado": "1.00", "issqn_valor_total_retencao": "1.00",
    "codigo_regime_especial_tributacao": "1",
}  # fmt: skip
IBS_CBS_INTEIRO = {
    "ibs_cbs_indicacao_doacao": 1, "ibs_cbs_base_calculo": "100.00", "ibs_uf_aliquota": "0.1000", "ibs_uf_percentual_diferimento": "10.0000",
    "ibs_uf_valor_diferido": "0.01", "ibs_uf_valor_tributo_devolvido": "0.00", "ibs_uf_percentual_reducao_aliquota": "60.0000",
    "ibs_uf_aliquota_efetiva": "0.0400", "ibs_uf_valor": "0.03", "ibs_mun_aliquota": "0.0000",
    "ibs_mun_percentual_diferimento": "10.0000", "ibs_mun_valor_diferido": "0.00", "ibs_mun_valor_tributo_devolvido": "0.00",
    "ibs_mun_percentual_reducao_aliquota": "60.0000", "ibs_mun_aliquota_efetiva": "0.0000", "ibs_mun_valor": "0.00",
    "ibs_valor_total": "0.03", "cbs_aliquota": "0.9000", "cbs_percentual_diferimento": "10.0000", "cbs_valor_diferido": "0.04",
    "cbs_valor_tributo_devolvido": "0.00", "cbs_percentual_reducao_aliquota": "60.0000", "cbs_aliquota_efetiva": "0.3600",
    "cbs_valor": "0.32", "ibs_cbs_situacao_tributaria_regular": "000", "ibs_cbs_classificacao_tributaria_regular": "000001",
    "ibs_aliquota_efetiva_regular_uf": "0.1000", "ibs_valor_tributo_regular_uf": "0.10",
    "ibs_aliquota_efetiva_regular_municipio": "0.0000", "ibs_valor_tributo_regular_municipio": "0.00",
    "cbs_aliquota_efetiva_regular": "0.9000", "cbs_valor_tributo_regular": "0.90", "ibs_aliquota_competencia_uf": "0.1000",
    "ibs_valor_tributo_calculado_uf": "0.10", "ibs_aliquota_competencia_municipio": "0.0000",
    "ibs_valor_tributo_calculado_municipio": "0.00", "cbs_aliquota_compra_governamental": "0.9000",
    "cbs_valor_tributo_calculado": "0.90", "ibs_valor_estorno_credito": "0.10", "cbs_valor_estorno_credito": "0.20",
    "credito_presumido_oper_base_calculo": "100.00", "credito_presumido_oper_codigo_classificacao": "01",
    "ibs_percentual_credito_presumido": "1.0000", "ibs_valor_credito_presumido": "1.00", "cbs_credito_percentual": "1.0000",
    "cbs_valor_credito_presumido": "1.00",
}  # fmt: skip
MONOFASIA = {
    "mono_base_calculo_quantidade_tributada": "2.0000", "mono_ibs_aliquota_ad_rem": "0.1000", "mono_cbs_aliquota_ad_rem": "0.2000",
    "mono_ibs_valor": "0.20", "mono_cbs_valor": "0.40", "mono_base_calculo_quantidade_tributada_retencao": "2.0000",
    "mono_ibs_aliquota_retencao": "0.1000", "mono_ibs_valor_retencao": "0.20", "mono_cbs_aliquota_retencao": "0.2000",
    "mono_cbs_valor_retencao": "0.40", "mono_ibs_valor_retido_anteriormente": "0.10", "mono_cbs_valor_retido_anteriormente": "0.10",
    "mono_total_ibs_item": "0.40", "mono_total_cbs_item": "0.80",
}  # fmt: skip
DI = {
    "numero": "2600000001", "data_registro": "2026-11-01", "local_desembaraco_aduaneiro": "SANTOS", "uf_desembaraco_aduaneiro": "SP",
    "data_desembaraco_aduaneiro": "2026-11-05", "via_transporte": 1, "valor_afrmm": "1.00", "forma_intermedio": 2,
    "cnpj": "98765432000198", "uf_terceiro": "SP", "codigo_exportador": "EXP",
    "adicoes": [{"numero": 1, "numero_sequencial_item": 1, "codigo_fabricante_estrangeiro": "F", "valor_desconto": "0.10",
                 "numero_drawback": "20261234567"}],
}  # fmt: skip
FORA = {
    "uf_destinatario": "EX", "municipio_destinatario": "EXTERIOR", "codigo_municipio_destinatario": "9999999",
    "codigo_pais_destinatario": "1600", "pais_destinatario": "CHINA", "id_estrangeiro_destinatario": "AB123456",
    "indicador_inscricao_estadual_destinatario": 9, "local_destino": 3,
}  # fmt: skip
_SEM_NACIONAL = ("cnpj_destinatario", "inscricao_estadual_destinatario", "cep_destinatario")

CORPOS: dict[str, Corpo] = {
    "venda": VENDA,
    "totais": {**VENDA, **TOTAIS_DA_VENDA},
    "pessoa fisica": nota(sem=("cnpj_destinatario", "inscricao_estadual_destinatario"), cpf_destinatario="52998224725",
                          indicador_inscricao_estadual_destinatario=9, consumidor_final=1, cpf_transportador="52998224725",
                          nome_transportador="Fulano", modalidade_frete=0, pessoas_autorizadas=[{"cpf": "11144477735"}],
                          indicador_intermediario=1, presenca_comprador=2, cnpj_intermediario="98765432000198",
                          id_intermediario="LOJA", valor_troco="10.00",
                          formas_pagamento=[{"forma_pagamento": "01", "valor_pagamento": "110.00"}]),
    "locais": nota(**local("retirada"), **local("entrega")),
    "locais de pessoa fisica": nota(**{n: v for n, v in local("retirada").items() if n != "cnpj_retirada"}, cpf_retirada="52998224725",
                                    **{n: v for n, v in local("entrega").items() if n != "cnpj_entrega"}, cpf_entrega="52998224725"),
    "locais no exterior": nota(**_abroad(local("retirada"), "retirada"), **_abroad(local("entrega"), "entrega")),
    "ferrovia": nota(veiculo_identificacao_vagao="V1", modalidade_frete=0),
    "balsa": nota(veiculo_identificacao_balsa="B1", modalidade_frete=0),
    "referencia": nota(notas_referenciadas=[{"chave_nfe": CHAVE}]),
    "referencia no item": nota(item(chave_acesso_dfe_referenciado=CHAVE, numero_item_dfe_referenciado="1")),
    "referencia a NF": nota(notas_referenciadas=[{"uf": "SP", "mes": "2610", "cnpj": "98765432000198", "modelo": "01", "serie": "1", "numero": "9"}]),
    "referencia a produtor": nota(notas_referenciadas=[PRODUTOR]),
    "referencia a produtor pessoa fisica": nota(notas_referenciadas=[
        {**{n: v for n, v in PRODUTOR.items() if n != "cnpj_nf_produtor"}, "cpf_nf_produtor": "52998224725"}]),
    "referencia a CT-e": nota(notas_referenciadas=[{"chave_cte": CTE}]),
    "referencia a ECF": nota(notas_referenciadas=[{"modelo_ecf": "2D", "numero_ecf": "1", "coo": "123"}]),
    "duas linhas": nota(item(), item(numero_item=2, codigo_produto="P2"), sem=("formas_pagamento",),
                        formas_pagamento=[{"forma_pagamento": "01", "valor_pagamento": "200.00"}]),
    "compra governamental": nota(item(ibs_uf_percentual_reducao_aliquota="10.0000", ibs_uf_aliquota_efetiva="0.0810", ibs_uf_valor="0.08",
                                      ibs_mun_percentual_reducao_aliquota="10.0000", ibs_mun_aliquota_efetiva="0.0000", ibs_valor_total="0.08",
                                      cbs_percentual_reducao_aliquota="10.0000", cbs_aliquota_efetiva="0.7290", cbs_valor="0.73"),
                                 tipo_compra_governamental=1, perc_reducao_aliquota_compra_governamental="10.0000",
                                 tipo_operacao_governamental=1),
    "debito": nota(item(*_DO_ICMS, "pis_", "cofins_"), finalidade_emissao=6, tipo_nota_debito="06", sem=("formas_pagamento",)),
    "credito": nota(item(*_DO_ICMS, "pis_", "cofins_", cfop="1102"), tipo_documento=0, notas_referenciadas=[{"chave_nfe": CHAVE}], finalidade_emissao=5, tipo_nota_credito="01", sem=("formas_pagamento",)),
    "importacao": nota(item(cfop="3102", documentos_importacao=[DI], ii_base_calculo="100.00", ii_despesas_aduaneiras="1.00",
                            ii_valor="10.00", ii_valor_iof="0.50"), tipo_documento=0, **FORA, sem=(*_SEM_NACIONAL, "formas_pagamento")),
    "importacao por pessoa fisica": nota(item(cfop="3102", documentos_importacao=[{**{n: v for n, v in DI.items() if n != "cnpj"}, "cpf": "52998224725"}]),
                                         tipo_documento=0, **FORA, sem=(*_SEM_NACIONAL, "formas_pagamento")),
    "exportacao": nota(item(cfop="7102", unidade_tributavel="UN", detalhes_exportacao=[{"numero_drawback": "20261234567", "numero_re": "123456789012",
                            "chave_nfe": CHAVE, "quantidade_exportado": "2.0000"}]), **FORA, uf_local_embarque="SP", local_embarque="Santos",
                       local_despacho="Santos", sem=(*_SEM_NACIONAL, "formas_pagamento")),
    "lotes": nota(item(rastros=[{"numero_lote": "L1", "quantidade_lote": "2.000", "data_fabricacao": "2026-01-01",
                                 "data_validade": "2027-01-01", "codigo_agregacao": "AG1"}])),
    "veiculo": nota(item(**{f"veiculo_{n}": v for n, v in VEICULO.items()})),
    "medicamento": nota(item(medicamento_codigo_anvisa="1234567890123", medicamento_preco_maximo_consumidor="120.00",
                             rastros=[{"numero_lote": "L1", "quantidade_lote": "2.000", "data_fabricacao": "2026-01-01", "data_validade": "2027-01-01"}])),
    "medicamento isento": nota(item(medicamento_codigo_anvisa="ISENTO", medicamento_motivo_isencao="RDC 1", medicamento_preco_maximo_consumidor="120.00",
                             rastros=[{"numero_lote": "L1", "quantidade_lote": "2.000", "data_fabricacao": "2026-01-01", "data_validade": "2027-01-01"}])),
    "arma": nota(item(armamentos=[{"tipo_arma": 0, "numero_serie": "S1", "numero_serie_cano": "C1", "descricao": "Pistola"}])),
    "combustivel": nota(item(cfop="5655", **{f"combustivel_{n}": v for n, v in COMBUSTIVEL.items()}, origens_combustivel=[
        {"indicador_importacao": 0, "uf_origem": "35", "percentual_originario_uf": "100.0000"}])),
    "cana": nota(cana_safra="2026/2027", cana_mes_ano_referencia="11/2026", cana_fornecimentos=[{"dia": 1, "quantidade": "100.5"}],
                 cana_quantidade_mes_fornecimento="100.5", cana_quantidade_anterior_fornecimento="0", cana_quantidade_geral_fornecimento="100.5",
                 cana_deducoes=[{"descricao": "Frete", "valor": "1.00"}], cana_valor_fornecimento="100.00", cana_valor_total_deducoes="1.00",
                 cana_valor_liquido_fornecimento="99.00"),
    "defensivo": nota(agropecuario_defensivo=[{"numero_receituario": "R1", "cpf_responsavel": "52998224725"}]),
    "guia": nota(agropecuario_tipo_guia=1, agropecuario_uf_guia="SP", agropecuario_serie_guia="A", agropecuario_numero_guia="12"),
    "ICMS 02": nota(icms("02", icms_base_calculo_mono="2.0000", icms_aliquota="1.5000", icms_valor_mono="3.00")),
    "ICMS 10": nota(icms("10", **PROPRIO, **ST, icms_valor_icms_st_desonerado="1.00", icms_motivo_desoneracao_icms_st=9)),
    "ICMS 15": nota(icms("15", icms_base_calculo_mono="2.0000", icms_aliquota="1.5000", icms_valor_mono="3.00",
                         icms_base_calculo_mono_retencao="2.0000", icms_aliquota_retencao="1.0000", icms_valor_mono_retencao="2.00",
                         icms_percentual_reducao="10.00", icms_motivo_reducao=1)),
    "ICMS 20": nota(icms("20", **PROPRIO, icms_reducao_base_calculo="10.00", **DESON)),
    "ICMS 51": nota(icms("51", **{**PROPRIO, "icms_valor": "9.00"}, icms_reducao_base_calculo="10.00", icms_codigo_beneficio_fiscal_reducao_base_calculo="SP020001",
                         icms_valor_operacao="18.00", icms_percentual_diferimento="50.0000", icms_valor_diferido="9.00",
                         icms_fcp_percentual_diferimento="50.0000", icms_fcp_valor_diferido="1.00", icms_fcp_valor_efetivo="1.00")),
    "ICMS 53": nota(icms("53", icms_base_calculo_mono="2.0000", icms_aliquota="1.5000", icms_valor_mono_operacao="3.00",
                         icms_percentual_diferimento="50.0000", icms_valor_mono_diferido="1.50", icms_valor_mono="1.50")),
    "ICMS 60": nota(icms("60", icms_base_calculo_retido_st="90.00", icms_valor_retido_st="16.20", **RETIDO)),
    "ICMS 61": nota(icms("61", icms_base_calculo_mono_retido="2.0000", icms_aliquota_retido="1.5000", icms_valor_mono_retido="3.00")),
    "ICMS partilha": nota(icms("90_partilha", **PROPRIO, **ST, icms_base_calculo_operacao_propria="50.00", icms_uf_st="RJ")),
    "ICMS 41 ST": nota(icms("41_st", icms_base_calculo_retido_remetente="90.00", icms_valor_retido_remetente="16.20",
                            icms_base_calculo_destino="90.00", icms_valor_destino="1.00", **RETIDO)),
    "CSOSN 101": nota(icms("101", icms_aliquota_credito_simples="1.25", icms_valor_credito_simples="1.25"), regime_tributario_emitente=1),
    "IPI por unidade": nota(item(ipi_situacao_tributaria="50", ipi_quantidade_total="2.0000", ipi_valor_por_unidade_tributavel="1.5000",
                                 ipi_valor="3.00", ipi_codigo_enquadramento_legal="999")),
    "PIS por unidade": nota(item(pis_situacao_tributaria="03", pis_quantidade_vendida="2.0000", pis_aliquota_valor="0.5000", pis_valor="1.00",
                                 cofins_situacao_tributaria="03", cofins_quantidade_vendida="2.0000", cofins_aliquota_valor="0.5000", cofins_valor="1.00")),
    "PIS ST": nota(item(pis_base_calculo_st="100.00", pis_aliquota_porcentual_st="1.65", pis_valor_st="1.65", inclui_pis_st_no_total=0,
                        cofins_base_calculo_st="100.00", cofins_aliquota_porcentual_st="7.60", cofins_valor_st="7.60", inclui_cofins_st_no_total=0)),
    "PIS ST por unidade": nota(item(pis_quantidade_vendida_st="2.0000", pis_aliquota_valor_st="0.5000", pis_valor_st="1.00",
                                    cofins_quantidade_vendida_st="2.0000", cofins_aliquota_valor_st="0.5000", cofins_valor_st="1.00")),
    "outro pagamento": nota(formas_pagamento=[{"forma_pagamento": "99", "descricao_pagamento": "Permuta", "valor_pagamento": "100.00"}]),
    "servico sem totais": nota(item(*_DO_ICMS, **SERVICO), inscricao_municipal_emitente="12345"),
    "servico": nota(item(*_DO_ICMS, **SERVICO), **TOTAIS_DO_SERVICO, inscricao_municipal_emitente="12345"),
    "DIFAL": nota(item(cfop="6108", icms_aliquota="7.00", icms_valor="7.00", icms_base_calculo_uf_destino="100.00",
                       fcp_base_calculo_uf_destino="100.00", fcp_percentual_uf_destino="2.00", icms_aliquota_interna_uf_destino="19.50",
                       icms_aliquota_interestadual="7.00", icms_percentual_partilha="100.00", fcp_valor_uf_destino="2.00",
                       icms_valor_uf_destino="12.50", icms_valor_uf_remetente="0.00"),
                  local_destino=2, consumidor_final=1, uf_destinatario="PR", municipio_destinatario="Curitiba", cep_destinatario="80010000",
                  indicador_inscricao_estadual_destinatario=9, sem=("inscricao_estadual_destinatario",)),
    "devolucao de IPI": nota(item(cfop="5202", percentual_devolvido="100.00", valor_ipi_devolvido="2.00"), finalidade_emissao=4,
                             notas_referenciadas=[{"chave_nfe": CHAVE}], sem=("formas_pagamento",)),
    "IS": nota(item(is_situacao_tributaria="000", is_classificacao_tributaria="000001", is_base_calculo="100.00", is_aliquota="1.0000",
                    is_aliquota_especifica="0.1000", is_unidade_tributavel="UN", is_quantidade_tributavel="2.0000", is_valor="1.20"),
               ),
    "IBS e CBS": nota(ibs_cbs("510", "510001", **IBS_CBS_INTEIRO)),
    "credito da ZFM": nota(item(credito_presumido_zfm_competencia="2026-11", credito_presumido_zfm_classificacao="1", credito_presumido_zfm_valor="1.00")),
    "bem usado": nota(item(bem_movel_usado=1)),
    "condicao suspensiva": nota(item(
        credito_presumido_oper_base_calculo="100.00", credito_presumido_oper_codigo_classificacao="01",
        ibs_percentual_credito_presumido="1.0000", cbs_credito_percentual="1.0000", ibs_valor_condicao_suspensiva="1.00",
        cbs_valor_condicao_suspensiva="1.00")),
    "monofasia": nota(ibs_cbs("620", "620001", **MONOFASIA)),
    "transferencia": nota(ibs_cbs("800", "800001", ibs_valor_transferido="1.00", cbs_valor_transferido="2.00")),
    "ajuste": nota(ibs_cbs("811", "811001", data_competencia_apuracao="2026-11", ibs_valor_ajuste_competencia="1.00", cbs_valor_ajuste_competencia="2.00")),
}  # fmt: skip
