"""The NF-e of a fictitious supplier, as text: one item, Simples Nacional, inside the UF of its recipient."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from chancela.simulator.regras.contas import key_digit, percent, round2
from chancela.simulator.regras.emitente import NOME_HOMOLOGACAO
from chancela.simulator.tabelas import CODIGO_DA_UF, PRACAS, local_text

FORNECEDOR = "11444777000161"
_IBS_CBS = ((2026, ("0.1000", "0.0000", "0.9000")), (9999, ("0.0500", "0.0500", "8.8000")))
"""Rates of IBS (UF, municipality) and CBS, by the last year in which they hold."""


@dataclass(frozen=True, slots=True)
class Encomenda:
    """What the control API asks of a supplier. `ie` of the recipient empty: not a taxpayer of ICMS."""

    destinatario: str
    emitente: str = FORNECEDOR
    nome: str = "FORNECEDOR FICTICIO LTDA"
    nome_destinatario: str = "DESTINATARIO FICTICIO LTDA"
    uf: str = "SP"
    ie: str = ""
    serie: int = 1
    valor: Decimal = Decimal("100.00")
    ambiente: int = 2
    transportador: str = ""
    autorizados: list[str] = field(default_factory=list[str])


def _person(documento: str) -> str:
    tag = "CPF" if len(documento) == 11 else "CNPJ"
    return f"<{tag}>{documento}</{tag}>"


def _key(e: Encomenda, numero: int, agora: datetime) -> str:
    cnf = f"{int(hashlib.sha256(f'{e.emitente}{e.serie}{numero}'.encode()).hexdigest(), 16) % 89_999_989 + 10_000_007:08d}"
    aamm = local_text(agora, e.uf)[2:7].replace("-", "")
    base = f"{CODIGO_DA_UF[e.uf]}{aamm}{e.emitente:0>14}55{e.serie:03d}{numero:09d}1{cnf}"
    return base + key_digit(base)


def _address(tag: str, uf: str) -> str:
    praca = PRACAS[uf]
    return (
        f"<{tag}><xLgr>Rua Ficticia</xLgr><nro>100</nro><xBairro>Centro</xBairro><cMun>{praca.c_mun}</cMun>"
        f"<xMun>{praca.municipio}</xMun><UF>{uf}</UF><CEP>{praca.cep}</CEP><cPais>1058</cPais><xPais>BRASIL</xPais></{tag}>"
    )


def _ibs_cbs(valor: Decimal, ano: int) -> tuple[str, str]:
    """IBSCBS of the item and IBSCBSTot."""
    p_uf, p_mun, p_cbs = next(aliquotas for ate, aliquotas in _IBS_CBS if ano <= ate)
    v_uf, v_mun, v_cbs = (round2(percent(valor, Decimal(p))) for p in (p_uf, p_mun, p_cbs))
    item = (
        f"<IBSCBS><CST>000</CST><cClassTrib>000001</cClassTrib><gIBSCBS><vBC>{valor}</vBC>"
        f"<gIBSUF><pIBSUF>{p_uf}</pIBSUF><vIBSUF>{v_uf}</vIBSUF></gIBSUF><gIBSMun><pIBSMun>{p_mun}</pIBSMun><vIBSMun>{v_mun}</vIBSMun></gIBSMun>"
        f"<vIBS>{v_uf + v_mun}</vIBS><gCBS><pCBS>{p_cbs}</pCBS><vCBS>{v_cbs}</vCBS></gCBS></gIBSCBS></IBSCBS>"
    )
    nada = "<vDif>0.00</vDif><vDevTrib>0.00</vDevTrib>"
    presumido = "<vCredPres>0.00</vCredPres><vCredPresCondSus>0.00</vCredPresCondSus>"
    total = (
        f"<IBSCBSTot><vBCIBSCBS>{valor}</vBCIBSCBS><gIBS><gIBSUF>{nada}<vIBSUF>{v_uf}</vIBSUF></gIBSUF>"
        f"<gIBSMun>{nada}<vIBSMun>{v_mun}</vIBSMun></gIBSMun><vIBS>{v_uf + v_mun}</vIBS>{presumido}</gIBS>"
        f"<gCBS>{nada}<vCBS>{v_cbs}</vCBS>{presumido}</gCBS></IBSCBSTot>"
    )
    return item, total


def _item(e: Encomenda, numero: int, ibs_cbs: str) -> str:
    return (
        f'<det nItem="1"><prod><cProd>P{numero}</cProd><cEAN>SEM GTIN</cEAN><xProd>Mercadoria ficticia {numero}</xProd><NCM>84716052</NCM>'
        f"<CFOP>5102</CFOP><uCom>UN</uCom><qCom>1.0000</qCom><vUnCom>{e.valor}</vUnCom><vProd>{e.valor}</vProd>"
        f"<cEANTrib>SEM GTIN</cEANTrib><uTrib>UN</uTrib><qTrib>1.0000</qTrib><vUnTrib>{e.valor}</vUnTrib><indTot>1</indTot></prod><imposto>"
        "<ICMS><ICMSSN102><orig>0</orig><CSOSN>102</CSOSN></ICMSSN102></ICMS><PIS><PISOutr><CST>49</CST><vBC>0.00</vBC>"
        "<pPIS>0.0000</pPIS><vPIS>0.00</vPIS></PISOutr></PIS><COFINS><COFINSOutr><CST>49</CST><vBC>0.00</vBC><pCOFINS>0.0000</pCOFINS>"
        f"<vCOFINS>0.00</vCOFINS></COFINSOutr></COFINS>{ibs_cbs}</imposto></det>"
    )


def write_nota(e: Encomenda, numero: int, agora: datetime) -> tuple[str, str]:
    """`<infNFe>` with its namespace, and its Id."""
    chave, hora = _key(e, numero, agora), local_text(agora, e.uf)
    item, total_ibs_cbs = _ibs_cbs(e.valor, int(hora[:4]))
    zeros = "".join(
        f"<{tag}>0.00</{tag}>"
        for tag in ("vBC", "vICMS", "vICMSDeson", "vFCP", "vBCST", "vST", "vFCPST", "vFCPSTRet")
    )
    nome_dest = NOME_HOMOLOGACAO if e.ambiente == 2 else escape(e.nome_destinatario[:60])
    contribuinte = f"<indIEDest>1</indIEDest><IE>{e.ie}</IE>" if e.ie else "<indIEDest>9</indIEDest>"
    autorizados = "".join(f"<autXML>{_person(documento)}</autXML>" for documento in e.autorizados)
    frete = (
        f"<transporta>{_person(e.transportador)}<xNome>TRANSPORTADORA FICTICIA</xNome></transporta>"
        if e.transportador
        else ""
    )
    inf = (
        f'<infNFe xmlns="http://www.portalfiscal.inf.br/nfe" Id="NFe{chave}" versao="4.00"><ide><cUF>{chave[:2]}</cUF><cNF>{chave[35:43]}</cNF>'
        f"<natOp>Venda</natOp><mod>55</mod><serie>{e.serie}</serie><nNF>{numero}</nNF><dhEmi>{hora}</dhEmi><tpNF>1</tpNF><idDest>1</idDest>"
        f"<cMunFG>{PRACAS[e.uf].c_mun}</cMunFG><tpImp>1</tpImp><tpEmis>1</tpEmis><cDV>{chave[-1]}</cDV><tpAmb>{e.ambiente}</tpAmb><finNFe>1</finNFe>"
        f"<indFinal>{0 if e.ie else 1}</indFinal><indPres>1</indPres><indIntermed>0</indIntermed><procEmi>0</procEmi><verProc>fornecedor 1.0</verProc></ide>"
        f"<emit>{_person(e.emitente)}<xNome>{escape(e.nome[:60])}</xNome>{_address('enderEmit', e.uf)}<IE>{PRACAS[e.uf].ie}</IE><CRT>1</CRT></emit>"
        f"<dest>{_person(e.destinatario)}<xNome>{nome_dest}</xNome>{_address('enderDest', e.uf)}{contribuinte}</dest>{autorizados}"
        f"{_item(e, numero, item)}<total><ICMSTot>{zeros}<vProd>{e.valor}</vProd><vFrete>0.00</vFrete><vSeg>0.00</vSeg><vDesc>0.00</vDesc>"
        f"<vII>0.00</vII><vIPI>0.00</vIPI><vIPIDevol>0.00</vIPIDevol><vPIS>0.00</vPIS><vCOFINS>0.00</vCOFINS><vOutro>0.00</vOutro>"
        f"<vNF>{e.valor}</vNF></ICMSTot>{total_ibs_cbs}</total><transp><modFrete>{0 if frete else 9}</modFrete>{frete}</transp>"
        f"<pag><detPag><tPag>01</tPag><vPag>{e.valor}</vPag></detPag></pag></infNFe>"
    )
    return inf, f"NFe{chave}"
