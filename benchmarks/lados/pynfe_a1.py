"""PyNFe as its users call it: its own objects, SerializacaoXML, AssinaturaA1. Runs in its own environment.

Its `Validacao` comes without the schema files, so the compiled official schema judges its bytes here. It writes no
IBS/CBS group: its document is smaller than that of the other sides.
"""

import os
from functools import cache
from typing import Any

from lxml import etree
from pynfe.entidades import Cliente, Emitente, NotaFiscal, _fonte_dados
from pynfe.processamento.assinatura import AssinaturaA1
from pynfe.processamento.serializacao import SerializacaoXML

from benchmarks import venda as v
from benchmarks.lados.protocolo import Operacao, load_key_file, serve


def _emitente() -> Any:
    return Emitente(
        razao_social=v.RAZAO_SOCIAL, nome_fantasia=v.FANTASIA, cnpj=v.CNPJ, codigo_de_regime_tributario="3",
        inscricao_estadual=v.INSCRICAO_ESTADUAL, endereco_logradouro=v.LOGRADOURO, endereco_numero=v.NUMERO_RUA,
        endereco_bairro=v.BAIRRO, endereco_municipio=v.MUNICIPIO, endereco_uf=v.UF, endereco_cep=v.CEP,
    )  # fmt: skip


def _cliente() -> Any:
    return Cliente(
        razao_social=v.CLIENTE, tipo_documento="CPF", numero_documento=v.CPF, indicador_ie=9, email=v.EMAIL,
        endereco_logradouro=v.LOGRADOURO, endereco_numero=v.NUMERO_RUA, endereco_bairro=v.BAIRRO,
        endereco_municipio=v.MUNICIPIO, endereco_uf=v.UF, endereco_cep=v.CEP, endereco_pais="1058",
    )  # fmt: skip


def _add_item(nota: Any, item: v.ItemVenda) -> None:
    nota.adicionar_produto_servico(
        codigo=item.codigo, descricao=item.descricao, ncm=item.ncm, cfop="5102", ean="SEM GTIN",
        ean_tributavel="SEM GTIN", unidade_comercial="UN", quantidade_comercial=item.quantidade,
        valor_unitario_comercial=item.valor_unitario, valor_total_bruto=item.valor, unidade_tributavel="UN", valor_tributos_aprox="",
        quantidade_tributavel=item.quantidade, valor_unitario_tributavel=item.valor_unitario, ind_total=1,
        icms_modalidade="00", icms_origem=0, icms_csosn="", icms_modalidade_determinacao_bc=3,
        icms_valor_base_calculo=item.valor, icms_aliquota=v.ICMS, icms_valor=item.icms,
        ipi_codigo_enquadramento="53", ipi_classe_enquadramento="999", pis_modalidade="01",
        pis_valor_base_calculo=item.valor, pis_aliquota_percentual=v.PIS, pis_valor=item.pis, cofins_modalidade="01",
        cofins_valor_base_calculo=item.valor, cofins_aliquota_percentual=v.COFINS, cofins_valor=item.cofins,
    )  # fmt: skip


def build_value(venda: v.Venda, numero: int) -> Any:
    """PyNFe's own document."""
    nota = NotaFiscal(
        emitente=_emitente(), cliente=_cliente(), uf=v.UF, natureza_operacao=v.NATUREZA, modelo=55, serie="1",
        numero_nf=str(numero), data_emissao=v.EMISSAO, data_saida_entrada=v.EMISSAO, tipo_documento=1,
        municipio=v.CODIGO_MUNICIPIO, tipo_impressao_danfe=1, forma_emissao="1", cliente_final=1, indicador_destino=1,
        indicador_presencial=1, indicador_intermediador=0, finalidade_emissao="1", processo_emissao="0",
        transporte_modalidade_frete=9,
    )  # fmt: skip
    for item in venda.itens:
        _add_item(nota, item)
    nota.adicionar_pagamento(ind_pag=0, t_pag="01", v_pag=venda.valor)
    return nota


@cache
def _parts() -> tuple[AssinaturaA1, etree.XMLSchema]:
    return AssinaturaA1(*load_key_file()), etree.XMLSchema(etree.parse(os.environ["BANCO_DE_PROVAS_XSD"]))


def emit(venda: v.Venda, numero: int) -> bytes:
    """Objects, serializer, signature, schema."""
    assinador, esquema = _parts()
    build_value(venda, numero)
    xml = etree.tostring(assinador.assinar(SerializacaoXML(_fonte_dados, homologacao=True).exportar()))
    esquema.assertValid(etree.fromstring(xml))
    return xml


def _from_sale(itens: int) -> Operacao:
    venda = v.venda(itens)
    _parts()
    return lambda numero: emit(venda, numero)


OPERACOES = {"da_venda": _from_sale}

if __name__ == "__main__":
    serve(OPERACOES)
