"""Run by the throw-away Python that has PyNFe: status, authorisation, query and cancellation. Prints what came back as JSON."""

import json
import sys
from datetime import datetime
from decimal import Decimal

from lxml import etree
from pynfe.entidades.cliente import Cliente
from pynfe.entidades.emitente import Emitente
from pynfe.entidades.evento import EventoCancelarNota
from pynfe.entidades.fonte_dados import _fonte_dados
from pynfe.entidades.notafiscal import NotaFiscal
from pynfe.processamento.assinatura import AssinaturaA1
from pynfe.processamento.comunicacao import ComunicacaoSefaz
from pynfe.processamento.serializacao import SerializacaoXML
from pynfe.utils.webservices import NFE

BASE, PFX, SENHA, CNPJ, IE = sys.argv[1:6]
NFE_NS = {"n": "http://www.portalfiscal.inf.br/nfe"}
AGORA = datetime.now().astimezone().replace(microsecond=0)  # PyNFe writes the offset of the machine


class NoSimulador(ComunicacaoSefaz):
    """The program as it is, sent to another host: only the address changes."""

    def _get_url(self, modelo, consulta, contingencia=False):
        return f"{BASE}/SP/{NFE['SP'][consulta].partition('/')[2]}"


def note():
    emitente = Emitente(
        razao_social="Empresa de Amostra Ltda",
        nome_fantasia="Amostra",
        cnpj=CNPJ,
        codigo_de_regime_tributario="1",
        inscricao_estadual=IE,
        endereco_logradouro="Rua das Flores",
        endereco_numero="10",
        endereco_bairro="Centro",
        endereco_municipio="São Paulo",
        endereco_uf="SP",
        endereco_cep="01001000",
        endereco_pais="1058",
    )
    cliente = Cliente(
        razao_social="NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL",
        tipo_documento="CNPJ",
        numero_documento="99999999000191",
        indicador_ie=9,
        endereco_logradouro="Rua das Flores",
        endereco_numero="20",
        endereco_bairro="Centro",
        endereco_municipio="São Paulo",
        endereco_uf="SP",
        endereco_cep="01001000",
        endereco_pais="1058",
        endereco_telefone="1133334444",
    )
    nota = NotaFiscal(
        emitente=emitente,
        cliente=cliente,
        uf="SP",
        natureza_operacao="Venda",
        modelo=55,
        serie="1",
        numero_nf="1",
        data_emissao=AGORA,
        data_saida_entrada=AGORA,
        tipo_documento=1,
        municipio="3550308",
        tipo_impressao_danfe=1,
        forma_emissao="1",
        cliente_final=1,
        indicador_destino=1,
        indicador_presencial=2,
        finalidade_emissao="1",
        processo_emissao="0",
        transporte_modalidade_frete=9,
        indicador_intermediador=0,
    )
    nota.adicionar_produto_servico(
        codigo="P1",
        descricao="Teclado",
        ncm="84716052",
        cfop="5102",
        unidade_comercial="UN",
        ean="SEM GTIN",
        ean_tributavel="SEM GTIN",
        quantidade_comercial=Decimal("2"),
        valor_unitario_comercial=Decimal("50"),
        valor_total_bruto=Decimal("100"),
        unidade_tributavel="UN",
        quantidade_tributavel=Decimal("2"),
        valor_unitario_tributavel=Decimal("50"),
        ind_total=1,
        icms_modalidade="102",
        icms_origem=0,
        icms_csosn="102",
        pis_modalidade="49",
        cofins_modalidade="49",
        valor_tributos_aprox="0.00",
    )
    nota.adicionar_pagamento(t_pag="01", v_pag=Decimal("100"))
    return nota


def texts(documento, *tags):
    raiz = documento if hasattr(documento, "iter") else etree.fromstring(documento.content)
    return [next((e.text for e in raiz.iter() if str(e.tag).endswith("}" + tag)), "") for tag in tags]


com = NoSimulador("SP", PFX, SENHA, homologacao=True)
saida = {"status": texts(com.status_servico("nfe"), "cStat", "xMotivo")}
nota = note()
assinada = AssinaturaA1(PFX, SENHA).assinar(SerializacaoXML(_fonte_dados, homologacao=True).exportar())
codigo, resposta, *resto = com.autorizacao(modelo="nfe", nota_fiscal=assinada)
saida["autorizacao"] = [
    codigo,
    *texts(
        resposta.xpath("//n:infProt", namespaces=NFE_NS)[0] if codigo == 0 else resposta,
        "cStat",
        "xMotivo",
        "nProt",
    ),
]
if codigo == 0:
    chave, protocolo = texts(resposta.xpath("//n:infProt", namespaces=NFE_NS)[0], "chNFe", "nProt")
    saida["consulta"] = texts(com.consulta_nota("nfe", chave), "cStat", "nProt")
    _fonte_dados.limpar_dados()
    evento = EventoCancelarNota(
        cnpj=CNPJ,
        chave=chave,
        data_emissao=AGORA,
        uf="SP",
        protocolo=protocolo,
        justificativa="Erro no preenchimento da nota",
    )
    xml = AssinaturaA1(PFX, SENHA).assinar(
        SerializacaoXML(_fonte_dados, homologacao=True).serializar_evento(evento)
    )
    retorno = com.evento(modelo="nfe", evento=xml)
    dentro = (
        __import__("lxml.etree", fromlist=["x"])
        .fromstring(retorno.content)
        .xpath("//n:retEvento", namespaces=NFE_NS)[0]
    )
    saida["cancelamento"] = texts(dentro, "cStat", "xMotivo")
    saida["depois"] = texts(com.consulta_nota("nfe", chave), "cStat")
print(json.dumps(saida))
