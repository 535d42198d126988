"""Events as any program writes them, signed by our own hand, and how the authority answered."""

from typing import Any

from tests.simulator.amostra import (
    A1,
    AGORA,
    BRASILIA,
    CNPJ,
    CNPJ_DEST,
    NS,
    document,
    envelope,
    lot,
    query,
    sign,
    signed,
    values,
)

from chancela.simulator.sefaz import Sefaz

CONDICAO = (
    "A Carta de Correcao e disciplinada pelo paragrafo 1o-A do art. 7o do Convenio S/N, de 15 de dezembro de 1970 e pode "
    "ser utilizada para regularizacao de erro ocorrido na emissao de documento fiscal, desde que o erro nao esteja "
    "relacionado com: I - as variaveis que determinam o valor do imposto tais como: base de calculo, aliquota, diferenca "
    "de preco, quantidade, valor da operacao ou da prestacao; II - a correcao de dados cadastrais que implique mudanca do "
    "remetente ou do destinatario; III - a data de emissao ou de saida."
)


DESCRICOES = {
    "110110": "Carta de Correcao",
    "110111": "Cancelamento",
    "110112": "Cancelamento por substituicao",
    "110130": "Comprovante de Entrega da NF-e",
    "110131": "Cancelamento Comprovante de Entrega da NF-e",
    "110140": "EPEC",
    "110150": "Ator interessado na NF-e",
    "110192": "Insucesso na Entrega da NF-e",
    "110193": "Cancelamento Insucesso na Entrega da NF-e",
    "110750": "ECONF",
    "110751": "Cancelamento Conciliação Financeira",
    "111500": "Pedido de Prorrogacao",
    "111501": "Pedido de Prorrogacao",
    "111502": "Cancelamento de Pedido de Prorrogacao",
    "111503": "Cancelamento de Pedido de Prorrogacao",
    "210200": "Confirmacao da Operacao",
    "210210": "Ciencia da Operacao",
    "210220": "Desconhecimento da Operacao",
    "210240": "Operacao nao Realizada",
}


def authorise(sefaz: Sefaz, a1: A1, numero: int = 1) -> tuple[str, str]:
    """Key and protocol of a new note."""
    nota = document(numero=numero)
    corpo = sefaz.handle("/NFeAutorizacao4", envelope(lot(signed(nota, a1))), a1.der).corpo
    (protocolo,) = values(corpo, "nProt")
    assert protocolo, corpo
    return nota["@Id"][3:], protocolo


def event(chave: str, tipo: str, detalhe: str, **mudancas: Any) -> dict[str, Any]:
    return {
        "chave": chave, "tipo": tipo, "seq": 1, "orgao": "35", "autor": CNPJ, "quando": AGORA, "versao": "1.00",
        "detalhe": detalhe, "identidade": None, "desc": DESCRICOES.get(tipo, "X"),
    } | mudancas  # fmt: skip


def cancel(chave: str, protocolo: str, **mudancas: Any) -> dict[str, Any]:
    detalhe = f"<nProt>{protocolo}</nProt><xJust>Erro no preenchimento da nota fiscal.</xJust>"
    return event(chave, "110111", detalhe, **mudancas)


def correct(chave: str, texto: str = "Corrigir o nome do bairro", **mudancas: Any) -> dict[str, Any]:
    detalhe = f"<xCorrecao>{texto}</xCorrecao><xCondUso>{CONDICAO}</xCondUso>"
    return event(chave, "110110", detalhe, **mudancas)


def lot_of(e: dict[str, Any], a1: A1) -> str:
    return lot_of_many([e], a1)


def lot_of_many(eventos: list[dict[str, Any]], a1: A1) -> str:
    dentro = "".join(sign_event(e, a1) for e in eventos)
    return f'<envEvento xmlns="{NS}" versao="1.00"><idLote>1</idLote>{dentro}</envEvento>'


def sign_event(e: dict[str, Any], a1: A1) -> str:
    identidade = e["identidade"] or f"ID{e['tipo']}{e['chave']}{e['seq']:02d}"
    quando = e["quando"].astimezone(BRASILIA).isoformat(timespec="seconds")
    inf = (
        f'<infEvento Id="{identidade}"><cOrgao>{e["orgao"]}</cOrgao><tpAmb>2</tpAmb><CNPJ>{e["autor"]}</CNPJ>'
        f"<chNFe>{e['chave']}</chNFe><dhEvento>{quando}</dhEvento><tpEvento>{e['tipo']}</tpEvento>"
        f"<nSeqEvento>{e['seq']}</nSeqEvento><verEvento>{e['versao']}</verEvento>"
        f'<detEvento versao="1.00"><descEvento>{e["desc"]}</descEvento>{e["detalhe"]}</detEvento></infEvento>'
    )
    return f'<evento versao="1.00">{inf}{sign(inf, identidade, a1, "infEvento")}</evento>'


def answer_of(sefaz: Sefaz, a1: A1, mensagem: str) -> tuple[str, str, str, str]:
    """cStat of the lot; cStat, xMotivo and nProt of the event (empty when the lot was refused)."""
    corpo = sefaz.handle("/NFeRecepcaoEvento4", envelope(mensagem, "NFeRecepcaoEvento4"), a1.der).corpo
    inicio = corpo.find(b"<retEvento ")
    dentro = corpo[inicio : corpo.find(b"</retEvento>") + 12] if inicio >= 0 else b"<x/>"
    return (values(corpo, "cStat")[0], *values(dentro, "cStat", "xMotivo", "nProt"))  # type: ignore[return-value]


def register(sefaz: Sefaz, a1: A1, e: dict[str, Any]) -> str:
    return answer_of(sefaz, a1, lot_of(e, a1))[1]


def ask(sefaz: Sefaz, a1: A1, chave: str) -> tuple[str, bytes]:
    corpo = sefaz.handle(
        "/NFeConsultaProtocolo4", envelope(query(chave), "NFeConsultaProtocolo4"), a1.der
    ).corpo
    return values(corpo, "cStat")[0], corpo


def manifest(chave: str, tipo: str = "210200", **mudancas: Any) -> dict[str, Any]:
    detalhe = "<xJust>A mercadoria nunca chegou aqui.</xJust>" if tipo == "210240" else ""
    return event(chave, tipo, detalhe, **{"orgao": "91", "autor": CNPJ_DEST} | mudancas)


def epec(chave: str, **mudancas: Any) -> dict[str, Any]:
    c: dict[str, Any] = {
        "emissao": AGORA, "tp_nf": "1", "uf": "SP", "dest": CNPJ_DEST, "v_nf": "100.00", "v_icms": "18.00", "v_st": "0.00"
    }  # fmt: skip
    c |= {campo: mudancas.pop(campo) for campo in list(mudancas) if campo in c}
    detalhe = (
        f"<cOrgaoAutor>35</cOrgaoAutor><tpAutor>1</tpAutor><verAplic>amostra 1.0</verAplic>"
        f"<dhEmi>{c['emissao'].astimezone(BRASILIA).isoformat(timespec='seconds')}</dhEmi><tpNF>{c['tp_nf']}</tpNF>"
        f"<IE>110042490114</IE><dest><UF>{c['uf']}</UF><CNPJ>{c['dest']}</CNPJ><vNF>{c['v_nf']}</vNF>"
        f"<vICMS>{c['v_icms']}</vICMS><vST>{c['v_st']}</vST></dest>"
    )
    return event(chave, "110140", detalhe, **{"orgao": "91"} | mudancas)
