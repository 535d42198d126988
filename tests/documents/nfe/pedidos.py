"""The requests of the TFFiscal contract in the neutral terms, and the surroundings that they need."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal as D

from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.pedido import (
    AdicaoPedido,
    CartaoPedido,
    DeclaracaoPedido,
    ImportacaoPedido,
    ItemPedido,
    PagamentoPedido,
    PartePedido,
    PedidoNfe,
    RetencaoFretePedido,
    TransportadorPedido,
    TransportePedido,
    VeiculoPedido,
    VolumePedido,
)
from chancela.domain.identidade import Ambiente
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
)
from chancela.domain.tributos.entrada import TipoOperacao

AGORA = datetime(2026, 11, 20, 10, 30, 15, tzinfo=timezone(timedelta(hours=-3)))
CONFIGURACAO = ConfiguracaoEmissao()


def categoria(
    codigo: str = "TF00001", cfop: str = "5102", cst: str = "00", ibs: bool = True, **muda: object
) -> Categoria:
    """The minimal category of the contract, with IBS/CBS unless told otherwise."""
    return replace(
        Categoria(
            codigo=codigo,
            icms=(CenarioIcms("padrao", "juridica", cfop, cst, tipo_tributacao="normal"),),
            ipi=(CenarioIpi("padrao", "juridica", "99", "999", D(0)),),
            pis=(CenarioContribuicao("padrao", "juridica", "01", D("0.65")),),
            cofins=(CenarioContribuicao("padrao", "juridica", "01", D(3)),),
            ibs_cbs=(CenarioIbsCbs("padrao", "juridica", "000", "000001"),) if ibs else (),
        ),
        **muda,  # type: ignore[arg-type]
    )


CATEGORIAS = {
    "TF00001": categoria(),
    "SEM_IBS": categoria("SEM_IBS", ibs=False),
    "IMPORTACAO": categoria("IMPORTACAO", cfop="3102"),
}

CLIENTE = PartePedido(
    cpf="12345678909",
    nome="Cliente Exemplo",
    logradouro="Rua Exemplo",
    numero="100",
    bairro="Centro",
    municipio="São Paulo",
    uf="SP",
    cep="01001000",
    email="cliente@exemplo.com",
)

PRODUTO = ItemPedido(
    codigo="PROD001",
    descricao="Produto Exemplo",
    ncm="85176277",
    quantidade=D(2),
    unidade="UN",
    valor_unitario=D("150.00"),
    valor_total=D("300.00"),
    categoria="TF00001",
    origem="0",
)

SIMPLES = PedidoNfe(
    natureza_operacao="Venda de mercadoria",
    tipo_operacao=TipoOperacao.SAIDA,
    ambiente=Ambiente.HOMOLOGACAO,
    destinatario=CLIENTE,
    itens=(PRODUTO,),
    pagamentos=(PagamentoPedido(meio="01", indicador="0", valor=D("300.00")),),
)

EMPRESA = PartePedido(
    cnpj="12.345.678/0001-95",
    inscricao_estadual="110.042.490.114",
    nome="Cliente Exemplo LTDA",
    logradouro="Av. Paulista",
    numero="1000",
    complemento="Sala 200",
    bairro="Bela Vista",
    municipio="São Paulo",
    uf="SP",
    cep="01310100",
    telefone="11999998888",
    email="cliente@exemplo.com",
    codigo_pais="1058",
    pais="BRASIL",
)


def local(municipio: str, cep: str, uf: str = "SP", **muda: str) -> PartePedido:
    """A place of pickup or delivery."""
    return replace(
        PartePedido(
            cnpj="11222333000181", nome="Depósito Origem LTDA", logradouro="Rua do Depósito", numero="50",
            complemento="Galpão 3", bairro="Industrial", municipio=municipio, uf=uf, cep=cep, telefone="11988887777",
            email="deposito@exemplo.com",
        ),
        **muda,
    )  # fmt: skip


EM_LINHA = Categoria(
    codigo="",
    icms=(CenarioIcms("padrao", "juridica", "5102", "00"),),
    ipi=(CenarioIpi("padrao", "juridica", "99", "999", D("0.00")),),
    pis=(CenarioContribuicao("padrao", "juridica", "01", D("0.65")),),
    cofins=(CenarioContribuicao("padrao", "juridica", "01", D("3.00")),),
    ibs_cbs=(CenarioIbsCbs("padrao", "juridica", "000", "000001"),),
    inline=True,
)

COMPLETO = PedidoNfe(
    referencia="PEDIDO-2026-0001",
    natureza_operacao="Venda de mercadoria",
    tipo_operacao=TipoOperacao.SAIDA,
    ambiente=Ambiente.HOMOLOGACAO,
    finalidade="1",
    desconto=D("0.00"),
    troco=D("0.00"),
    seguro=D("0.00"),
    outras_despesas=D("0.00"),
    consumidor_final="1",
    presenca="9",
    informacoes_complementares="Entrega via transportadora",
    informacoes_fisco="ICMS recolhido conforme legislação",
    destinatario=EMPRESA,
    retirada=local("Guarulhos", "07000000"),
    entrega=local("Campinas", "13010000", nome="Cliente Exemplo LTDA", numero="25", complemento="Loja 2"),
    itens=(
        ItemPedido(
            codigo="PROD001",
            descricao="Notebook Dell",
            ncm="84713012",
            gtin="7891234567895",
            gtin_tributavel="7891234567895",
            quantidade=D(2),
            unidade="UN",
            valor_unitario=D("3500.00"),
            valor_total=D("7000.00"),
            desconto=D("0.00"),
            origem="0",
            categoria="TF00001",
            numero_item_pedido=1,
        ),
        ItemPedido(
            codigo="PROD002",
            descricao="Mouse sem fio",
            ncm="84716053",
            quantidade=D(5),
            unidade="UN",
            valor_unitario=D("80.00"),
            valor_total=D("400.00"),
            origem="0",
            numero_item_pedido=2,
            impostos=EM_LINHA,
        ),
    ),
    transporte=TransportePedido(
        modalidade="1",
        frete=D("150.00"),
        transportador=TransportadorPedido(
            cnpj="11222333000181",
            inscricao_estadual="110042490114",
            nome="Transportadora Exemplo LTDA",
            endereco="Rod. BR-101, km 50",
            municipio="Santos",
            uf="SP",
            cep="11000000",
        ),
        veiculo=VeiculoPedido("ABC1D23", "SP", "12345"),
        reboques=(VeiculoPedido("DEF4G56", "SP", "67890"),),
        volumes=(
            VolumePedido(3, "CAIXA", "FRAGIL", "001-003", D("11.000"), D("12.500"), ("LACRE001", "LACRE002")),
        ),
        retencao=RetencaoFretePedido(D("150.00"), D("150.00"), D("12.00"), "5932", "11000000"),
    ),
    pagamentos=(
        PagamentoPedido(
            meio="03",
            indicador="1",
            valor=D("7400.00"),
            cartao=CartaoPedido("1", "01", "01.027.058/0001-91", "AUTH987654"),
        ),
    ),
)

TRANSPORTE = PedidoNfe(
    natureza_operacao="Sale of goods",
    tipo_operacao=TipoOperacao.SAIDA,
    ambiente=Ambiente.HOMOLOGACAO,
    consumidor_final="0",
    presenca="1",
    destinatario=replace(EMPRESA, cep="01234567", municipio="São Paulo", codigo_pais="", pais=""),
    itens=(
        replace(
            PRODUTO,
            descricao="Smartphone XYZ",
            ncm="85171210",
            cest="2804000",
            valor_unitario=D("1500.00"),
            valor_total=D("3000.00"),
        ),
    ),
    transporte=TransportePedido(
        modalidade="0",
        frete=D("30.00"),
        transportador=TransportadorPedido(
            cnpj="11222333000181",
            nome="Transportadora Expressa",
            endereco="Carrier Street",
            municipio="São Paulo",
            uf="SP",
        ),
        veiculo=VeiculoPedido("ABC1234", "SP", "123456"),
        volumes=(VolumePedido(quantidade=1, especie="CX", peso_liquido=D("2.000"), peso_bruto=D("2.500")),),
    ),
    retirada=local("São Paulo", "01001000"),
    entrega=local("Rio de Janeiro", "20040020", "RJ"),
    pagamentos=(PagamentoPedido(meio="03", indicador="0", cartao=CartaoPedido("1", "01")),),
    informacoes_complementares="Sem informações adicionais",
    informacoes_fisco="ICMS recolhido conforme legislação",
)


def declaracao(afrmm: str, sequencial: str) -> DeclaracaoPedido:
    """The import declaration of the contract's example."""
    return DeclaracaoPedido(
        numero="2312345678",
        data_registro="2026-04-12",
        local_desembaraco="PORTO DE SANTOS",
        uf_desembaraco="SP",
        data_desembaraco="2026-04-15",
        exportador="EXP-CN-001",
        via_transporte="1",
        intermediacao="1",
        valor_afrmm=D(afrmm),
        adicoes=(AdicaoPedido("1", sequencial, "FAB-CN-001", D(0)),),
    )


def _importado(codigo: str, descricao: str, afrmm: str, sequencial: str) -> ItemPedido:
    return ItemPedido(
        codigo=codigo,
        descricao=descricao,
        ncm="85044090",
        quantidade=D(2),
        unidade="PC",
        valor_unitario=D("0.25"),
        valor_total=D("0.50"),
        origem="1",
        categoria="IMPORTACAO",
        declaracoes_importacao=(declaracao(afrmm, sequencial),),
    )


IMPORTACAO = PedidoNfe(
    referencia="PED-IMP-001",
    natureza_operacao="Importacao para revenda",
    tipo_operacao=TipoOperacao.IMPORTACAO,
    ambiente=Ambiente.PRODUCAO,
    finalidade="1",
    consumidor_final="0",
    presenca="9",
    destinatario=PartePedido(
        nome="EXPORTADOR EXTERIOR CO LTD",
        logradouro="Pudong District",
        numero="456",
        municipio="Shanghai",
        id_estrangeiro="CN-EXP-001",
        codigo_pais="1600",
        pais="CHINA",
    ),
    itens=(
        _importado("123450000888", "Fonte chaveada 12V 2A Quickfitting", "0.01", "1"),
        replace(
            _importado("123450000157", "Quick fitting MA", "1.00", "2"),
            importacao=ImportacaoPedido(D("0.50"), D("0.00"), D("0.00"), D("0.00")),
        ),
    ),
    pagamentos=(PagamentoPedido(meio="90", indicador="0"),),
)
