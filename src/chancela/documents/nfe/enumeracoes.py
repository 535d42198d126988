"""Code lists of layout 4.00 as types; the value is the official code."""

from enum import StrEnum


class TipoOperacao(StrEnum):
    """tpNF."""

    ENTRADA = "0"
    SAIDA = "1"


class Destino(StrEnum):
    """idDest."""

    INTERNA = "1"
    INTERESTADUAL = "2"
    EXTERIOR = "3"


class Finalidade(StrEnum):
    """finNFe."""

    NORMAL = "1"
    COMPLEMENTAR = "2"
    AJUSTE = "3"
    DEVOLUCAO = "4"
    CREDITO = "5"
    DEBITO = "6"


class FormatoDanfe(StrEnum):
    """tpImp."""

    SEM = "0"
    RETRATO = "1"
    PAISAGEM = "2"
    SIMPLIFICADO = "3"
    NFCE = "4"
    NFCE_MENSAGEM = "5"
    SIMPLIFICADO_TIPO_2 = "6"


class Presenca(StrEnum):
    """indPres."""

    NAO_SE_APLICA = "0"
    PRESENCIAL = "1"
    INTERNET = "2"
    TELEATENDIMENTO = "3"
    ENTREGA_DOMICILIO = "4"
    PRESENCIAL_FORA = "5"
    OUTROS = "9"


class Crt(StrEnum):
    """CRT: the issuer's regime."""

    SIMPLES = "1"
    SIMPLES_EXCESSO = "2"
    NORMAL = "3"
    MEI = "4"

    @property
    def usa_csosn(self) -> bool:
        """Whether the ICMS of its items is told by CSOSN."""
        return self in (Crt.SIMPLES, Crt.MEI)


class IndicadorIe(StrEnum):
    """indIEDest."""

    CONTRIBUINTE = "1"
    ISENTO = "2"
    NAO_CONTRIBUINTE = "9"


class ModalidadeFrete(StrEnum):
    """modFrete."""

    EMITENTE = "0"
    DESTINATARIO = "1"
    TERCEIROS = "2"
    PROPRIO_REMETENTE = "3"
    PROPRIO_DESTINATARIO = "4"
    SEM_FRETE = "9"


class ViaTransporte(StrEnum):
    """tpViaTransp of an import declaration."""

    MARITIMA = "1"
    FLUVIAL = "2"
    LACUSTRE = "3"
    AEREA = "4"
    POSTAL = "5"
    FERROVIARIA = "6"
    RODOVIARIA = "7"
    CONDUTO = "8"
    MEIOS_PROPRIOS = "9"
    ENTRADA_FICTA = "10"
    COURIER = "11"
    MAOS = "12"
    REBOQUE = "13"


class Intermediacao(StrEnum):
    """tpIntermedio of an import declaration."""

    CONTA_PROPRIA = "1"
    CONTA_E_ORDEM = "2"
    ENCOMENDA = "3"


MEIOS_PAGAMENTO = {
    "01": "Dinheiro",
    "02": "Cheque",
    "03": "Cartão de Crédito",
    "04": "Cartão de Débito",
    "05": "Cartão da Loja (Private Label)",
    "10": "Vale Alimentação",
    "11": "Vale Refeição",
    "12": "Vale Presente",
    "13": "Vale Combustível",
    "14": "Duplicata Mercantil",
    "15": "Boleto Bancário",
    "16": "Depósito Bancário",
    "17": "PIX - Dinâmico",
    "18": "Transferência bancária, Carteira Digital",
    "19": "Programa de fidelidade, Cashback, Crédito Virtual",
    "20": "PIX - Estático",
    "21": "Crédito em Loja",
    "22": "Pagamento Eletrônico não Informado",
    "90": "Sem pagamento",
    "91": "Pagamento Posterior",
    "99": "Outros",
}
"""tPag (table of the portal, IT 2024.002)."""
