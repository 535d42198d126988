"""Schema failures in plain Portuguese: what is wrong, in which field, and what to do about it.

Labels name the fields as the Anexo I of the MOC does, in short; a tag without label is named by itself.
"""

import re

from chancela.domain.erros import Violacao
from chancela.domain.xml.esquemas import FalhaEsquema, TipoFalha

REJEICAO_ESQUEMA = 225
"""cStat that SEFAZ gives for any failure of the schema of the note."""

ROTULOS = {
    "CNPJ": "CNPJ",
    "CPF": "CPF",
    "IE": "Inscrição estadual",
    "IEST": "Inscrição estadual do substituto",
    "IM": "Inscrição municipal",
    "CNAE": "CNAE",
    "CRT": "Regime tributário",
    "xNome": "Nome ou razão social",
    "xFant": "Nome fantasia",
    "email": "E-mail",
    "xLgr": "Logradouro",
    "nro": "Número do endereço",
    "xCpl": "Complemento",
    "xBairro": "Bairro",
    "cMun": "Código do município",
    "xMun": "Município",
    "UF": "UF",
    "CEP": "CEP",
    "cPais": "Código do país",
    "xPais": "País",
    "fone": "Telefone",
    "idEstrangeiro": "Identificação do estrangeiro",
    "indIEDest": "Indicador da IE do destinatário",
    "ISUF": "Inscrição na SUFRAMA",
    "cUF": "Código da UF",
    "cNF": "Código numérico da chave",
    "natOp": "Natureza da operação",
    "mod": "Modelo",
    "serie": "Série",
    "nNF": "Número da nota",
    "dhEmi": "Data e hora de emissão",
    "dhSaiEnt": "Data e hora de saída ou entrada",
    "tpNF": "Tipo de operação",
    "idDest": "Destino da operação",
    "cMunFG": "Município do fato gerador",
    "tpImp": "Formato do DANFE",
    "tpEmis": "Forma de emissão",
    "cDV": "Dígito verificador da chave",
    "tpAmb": "Ambiente",
    "finNFe": "Finalidade da nota",
    "indFinal": "Consumidor final",
    "indPres": "Presença do comprador",
    "indIntermed": "Intermediador",
    "procEmi": "Processo de emissão",
    "verProc": "Versão do programa",
    "refNFe": "Chave da nota referenciada",
    "nItem": "Número do item",
    "cProd": "Código do produto",
    "cEAN": "GTIN",
    "cEANTrib": "GTIN tributável",
    "xProd": "Descrição do produto",
    "NCM": "NCM",
    "CEST": "CEST",
    "cBenef": "Código do benefício fiscal",
    "EXTIPI": "Exceção da TIPI",
    "CFOP": "CFOP",
    "uCom": "Unidade comercial",
    "qCom": "Quantidade comercial",
    "vUnCom": "Valor unitário comercial",
    "vProd": "Valor bruto",
    "uTrib": "Unidade tributável",
    "qTrib": "Quantidade tributável",
    "vUnTrib": "Valor unitário tributável",
    "vFrete": "Frete",
    "vSeg": "Seguro",
    "vDesc": "Desconto",
    "vOutro": "Outras despesas",
    "indTot": "Compõe o total",
    "xPed": "Pedido de compra",
    "orig": "Origem da mercadoria",
    "CST": "CST",
    "CSOSN": "CSOSN",
    "modBC": "Modalidade da base do ICMS",
    "vBC": "Base de cálculo",
    "pICMS": "Alíquota do ICMS",
    "vICMS": "Valor do ICMS",
    "pIPI": "Alíquota do IPI",
    "vIPI": "Valor do IPI",
    "cEnq": "Enquadramento do IPI",
    "pPIS": "Alíquota do PIS",
    "vPIS": "Valor do PIS",
    "pCOFINS": "Alíquota da COFINS",
    "vCOFINS": "Valor da COFINS",
    "cClassTrib": "Classificação tributária do IBS e da CBS",
    "vNF": "Valor total da nota",
    "modFrete": "Modalidade do frete",
    "placa": "Placa do veículo",
    "qVol": "Quantidade de volumes",
    "pesoL": "Peso líquido",
    "pesoB": "Peso bruto",
    "nFat": "Número da fatura",
    "nDup": "Número da parcela",
    "dVenc": "Vencimento da parcela",
    "vDup": "Valor da parcela",
    "tPag": "Meio de pagamento",
    "vPag": "Valor do pagamento",
    "vTroco": "Troco",
    "infCpl": "Informações complementares",
    "infAdFisco": "Informações ao fisco",
    "infAdProd": "Informações adicionais do item",
    "xJust": "Justificativa",
    "xCorrecao": "Texto da correção",
    "nProt": "Número do protocolo",
    "chNFe": "Chave de acesso",
    "emit": "Emitente",
    "enderEmit": "Endereço do emitente",
    "dest": "Destinatário",
    "enderDest": "Endereço do destinatário",
    "prod": "Produto",
    "imposto": "Impostos",
    "ICMS": "ICMS",
    "IPI": "IPI",
    "PIS": "PIS",
    "COFINS": "COFINS",
    "IBSCBS": "IBS e CBS",
    "total": "Totais",
    "transp": "Transporte",
    "cobr": "Cobrança",
    "pag": "Pagamentos",
    "detPag": "Pagamento",
    "Signature": "Assinatura",
    "infRespTec": "Responsável técnico",
}
_ONDE = {
    "emit": "emitente",
    "dest": "destinatário",
    "retirada": "local de retirada",
    "entrega": "local de entrega",
    "transporta": "transportadora",
    "infRespTec": "responsável técnico",
    "autXML": "autorizado a baixar o XML",
}
_LISTAS = {"det": "Item", "dup": "Parcela", "detPag": "Pagamento", "vol": "Volume", "NFref": "Referência"}
_VALOR_MAXIMO = 60
_PASSO = re.compile(r"([\w.\-]+)(?:\[(\d+)\])?")


def label(falha: FalhaEsquema) -> str:
    """The field as a person would name it: `Item 2, NCM`; `CEP (destinatário)`."""
    prefixos: list[str] = []
    sufixo = ""
    for passo in falha.caminho.split("/")[:-1]:
        partes = _PASSO.fullmatch(passo)
        nome = partes[1] if partes is not None else passo
        if nome in _LISTAS:
            prefixos.append(f"{_LISTAS[nome]} {(partes[2] if partes is not None else None) or '1'}")
        sufixo = f" ({_ONDE[nome]})" if nome in _ONDE else sufixo
    return ", ".join((*prefixos, name_of(falha.tag))) + sufixo


def name_of(tag: str) -> str:
    """The label of a tag; the tag itself when it has none."""
    return ROTULOS.get(tag, tag)


def explain(falha: FalhaEsquema) -> Violacao:
    """The failure as a violation: code `XSD-<kind>`, cause and fix in Portuguese, path in tags."""
    mensagem, correcao = _EXPLICADORES[falha.tipo](falha)
    return Violacao(
        codigo=f"XSD-{falha.tipo.name}",
        caminho=falha.caminho,
        mensagem=f"{label(falha)}: {mensagem}",
        correcao=correcao,
        rotulo=label(falha),
        valor=falha.valor[:_VALOR_MAXIMO],
        c_stat=REJEICAO_ESQUEMA,
    )


def _explain_root(falha: FalhaEsquema) -> tuple[str, str]:
    return f"o documento {falha.tag} não é o esperado aqui.", "Confira o tipo e o namespace do documento."


def _explain_missing(falha: FalhaEsquema) -> tuple[str, str]:
    if len(falha.esperado) > 1:
        nomes = ", ".join(name_of(tag) for tag in falha.esperado if tag != "*")
        return f"falta informação; neste ponto se espera: {nomes}.", "Preencha o campo que falta."
    return "o campo é obrigatório e não foi informado.", "Preencha o campo."


def _explain_unexpected(falha: FalhaEsquema) -> tuple[str, str]:
    if falha.caminho.rpartition("/")[2].startswith("@"):
        return "o atributo não existe no leiaute.", "Retire o atributo."
    return (
        "o campo não cabe neste ponto do documento, ou está repetido.",
        "Retire o campo ou corrija a sua posição.",
    )


def _explain_repeated(falha: FalhaEsquema) -> tuple[str, str]:
    return (
        f"o número ou identificador de {name_of(falha.tag)} já foi usado por outro.",
        "Numere cada um uma única vez.",
    )


def _explain_format(falha: FalhaEsquema) -> tuple[str, str]:
    if not falha.valor:
        return "o campo foi informado vazio.", "Preencha o campo ou não o envie."
    formato = describe_pattern(falha.esperado[0]) if falha.esperado else ""
    if formato:
        return f"“{_short(falha.valor)}” está fora do formato.", f"Informe {formato}."
    return f"“{_short(falha.valor)}” está fora do formato do leiaute.", "Confira o conteúdo do campo."


def _explain_domain(falha: FalhaEsquema) -> tuple[str, str]:
    valores = ", ".join(falha.esperado)
    correcao = (
        f"Use um destes valores: {valores}." if falha.esperado else "Use um dos valores da tabela oficial."
    )
    if not falha.valor:
        return "o campo foi informado vazio.", correcao
    return f"o valor “{_short(falha.valor)}” não existe na tabela do campo.", correcao


def _explain_length(falha: FalhaEsquema) -> tuple[str, str]:
    minimo, maximo = falha.esperado if len(falha.esperado) == 2 else ("", "")
    tamanho = len(falha.valor)
    if minimo and minimo == maximo:
        return f"o texto tem {tamanho} caracteres.", f"Informe exatamente {minimo} caracteres."
    if maximo:
        return f"o texto tem {tamanho} caracteres.", f"Reduza o texto para no máximo {maximo} caracteres."
    if minimo:
        return f"o texto tem {tamanho} caracteres.", f"Informe pelo menos {minimo} caracteres."
    return f"o texto tem {tamanho} caracteres, fora do permitido.", "Ajuste o tamanho do texto."


def _explain_range(falha: FalhaEsquema) -> tuple[str, str]:
    return (
        f"o valor “{_short(falha.valor)}” está fora da faixa permitida.",
        "Informe um valor dentro da faixa.",
    )


def _explain_type(falha: FalhaEsquema) -> tuple[str, str]:
    return f"“{_short(falha.valor)}” não é do tipo que o campo aceita.", "Confira o conteúdo do campo."


_EXPLICADORES = {
    TipoFalha.RAIZ: _explain_root,
    TipoFalha.FALTANDO: _explain_missing,
    TipoFalha.INESPERADO: _explain_unexpected,
    TipoFalha.REPETIDO: _explain_repeated,
    TipoFalha.FORMATO: _explain_format,
    TipoFalha.DOMINIO: _explain_domain,
    TipoFalha.TAMANHO: _explain_length,
    TipoFalha.FAIXA: _explain_range,
    TipoFalha.TIPO: _explain_type,
}


def _short(valor: str) -> str:
    return valor if len(valor) <= _VALOR_MAXIMO else valor[:_VALOR_MAXIMO] + "…"


_CONHECIDOS = {
    "[!-ÿ]{1}[ -ÿ]{0,}[!-ÿ]{1}|[!-ÿ]{1}": (
        "texto sem espaços no começo ou no fim, sem quebras de linha e somente com letras, números e sinais comuns do"
        " português"
    ),
    "([!-ÿ]{0}|[!-ÿ]{5,20})?": "de 5 a 20 caracteres, sem espaços",
    "([!-ÿ]{8}|[!-ÿ]{10}|SEM CBENEF)?": "8 ou 10 caracteres, ou SEM CBENEF",
    "[!-ÿ]{8}|[!-ÿ]{10}": "8 ou 10 caracteres",
    "[A-Z0-9]{12}[0-9]{2}": "um CNPJ de 14 posições, sem pontuação",
    "[0-9A-Z]{12}[0-9]{2}": "um CNPJ de 14 posições, sem pontuação",
    "[0-9]{0}|[0-9A-Z]{12}[0-9]{2}": "um CNPJ de 14 posições, sem pontuação",
    "[0-9]{6}[0-9A-Z]{12}[0-9]{26}": "uma chave de acesso de 44 posições",
    "[0-9]{6}[A-Z0-9]{12}[0-9]{26}": "uma chave de acesso de 44 posições",
    "NFe[0-9]{6}[0-9A-Z]{12}[0-9]{26}": "NFe seguido da chave de acesso de 44 posições",
    "[1,2,3,5,6,7]{1}[0-9]{3}": "um CFOP de 4 dígitos que comece por 1, 2, 3, 5, 6 ou 7",
    r"4\.00": "4.00",
    r"1\.00": "1.00",
}
_CASAS = re.compile(r"\\\.\[0-9\]\{(\d+)(?:,(\d+))?\}")
_INTEIROS = re.compile(r"(?<!\.)\[1-9\](?:\{1\})?\[0-9\]\{0,(\d+)\}")
_DECIMAL = re.compile(r"-?0?\|?(?:-?[01]?[0-9]*\(?\\\.|\[1-9\])[0-9\[\]{}(),.|?\\-]*")
_CLASSE = re.compile(r"\[(0-9|A-Z|A-Z0-9)\]\{(\d+)(?:,(\d+))?\}")
_NOMES_DE_CLASSE = {"0-9": "dígito", "A-Z": "letra maiúscula", "A-Z0-9": "letra maiúscula ou dígito"}
_NOMES_NO_PLURAL = {"0-9": "dígitos", "A-Z": "letras maiúsculas", "A-Z0-9": "letras maiúsculas ou dígitos"}


def describe_pattern(padrao: str) -> str:
    """What a pattern of the official schemas asks for, in words; empty for the ones without a short description."""
    if padrao in _CONHECIDOS:
        return _CONHECIDOS[padrao]
    if "T(20|21|22|23" in padrao:
        return "data e hora com fuso, como 2026-03-31T14:30:00-03:00"
    if "-02-29" in padrao:
        return "data como 2026-03-31"
    if "https?" in padrao:
        return "o endereço completo do QR Code"
    if _DECIMAL.fullmatch(padrao) is not None and (casas := _CASAS.findall(padrao)):
        return _describe_decimal(padrao, casas[-1])
    alternativas = [_describe_class(parte) for parte in padrao.split("|")]
    return " ou ".join(dict.fromkeys(a for a in alternativas if a != "vazio")) if all(alternativas) else ""


def _describe_decimal(padrao: str, casas: tuple[str, str]) -> str:
    minimo, maximo = casas
    inteiros = _INTEIROS.search(padrao)
    antes = f"até {int(inteiros[1]) + 1} dígitos antes do ponto e " if inteiros is not None else ""
    quantas = f"{minimo} a {maximo}" if maximo else minimo
    return f"número não negativo com {antes}{quantas} casas decimais, com ponto e sem separador de milhar"


def _describe_class(padrao: str) -> str:
    """One alternative such as `[0-9]{2,14}`; empty for anything else."""
    if re.fullmatch(r"[A-Z0-9 ]+", padrao):
        return padrao
    numero = re.fullmatch(r"\[1-9\](?:\{1\})?\[0-9\]\{0,(\d+)\}", padrao)
    if numero is not None:
        return f"um número de 1 a {int(numero[1]) + 1} dígitos, sem zeros à esquerda"
    achado = _CLASSE.fullmatch(padrao)
    if achado is None:
        return ""
    classe, minimo, maximo = achado[1], achado[2], achado[3]
    if maximo:
        return f"de {minimo} a {maximo} {_NOMES_NO_PLURAL[classe]}"
    if minimo == "0":
        return "vazio"
    return f"{minimo} {_NOMES_DE_CLASSE[classe] if minimo == '1' else _NOMES_NO_PLURAL[classe]}"
