"""The answers, written as text in the order of the official return schemas."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from chancela.simulator.livro import NotaLivro
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.xml import Grupo

_NS = 'xmlns="http://www.portalfiscal.inf.br/nfe"'


@dataclass(frozen=True, slots=True)
class Cabecalho:
    """What every return repeats."""

    ambiente: int
    ver_aplic: str
    c_uf: str
    recebido_em: str


def prot_nfe(
    cab: Cabecalho,
    chave: str,
    c_stat: int,
    motivo: str,
    *,
    protocolo: str = "",
    digest: str = "",
    alerta: tuple[int, str] | None = None,
) -> str:
    """protNFe. `protocolo` and `digest` only when authorised; `alerta` is cMsg and xMsg (NT 2026.002)."""
    n_prot = f"<nProt>{protocolo}</nProt>" if protocolo else ""
    dig = f"<digVal>{digest}</digVal>" if digest else ""
    aviso = f"<cMsg>{alerta[0]}</cMsg><xMsg>{escape(alerta[1])}</xMsg>" if alerta else ""
    identidade = f' Id="ID{protocolo}"' if protocolo else ""
    return (
        f'<protNFe {_NS} versao="4.00"><infProt{identidade}><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic>'
        f"<chNFe>{chave}</chNFe><dhRecbto>{cab.recebido_em}</dhRecbto>{n_prot}{dig}"
        f"<cStat>{c_stat}</cStat><xMotivo>{escape(motivo)}</xMotivo>{aviso}</infProt></protNFe>"
    )


def ret_envi(
    cab: Cabecalho, c_stat: int, motivo: str, *, protocolo: str = "", recibo: str = "", tempo_medio_s: int = 1
) -> str:
    """retEnviNFe, with a receipt, a protNFe, or neither."""
    dentro = f"<infRec><nRec>{recibo}</nRec><tMed>{tempo_medio_s}</tMed></infRec>" if recibo else protocolo
    return (
        f'<retEnviNFe {_NS} versao="4.00"><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic><cStat>{c_stat}</cStat>'
        f"<xMotivo>{escape(motivo)}</xMotivo><cUF>{cab.c_uf}</cUF><dhRecbto>{cab.recebido_em}</dhRecbto>{dentro}</retEnviNFe>"
    )


def ret_recibo(cab: Cabecalho, recibo: str, c_stat: int, motivo: str, protocolos: str = "") -> str:
    """retConsReciNFe."""
    return (
        f'<retConsReciNFe {_NS} versao="4.00"><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic><nRec>{recibo}</nRec>'
        f"<cStat>{c_stat}</cStat><xMotivo>{escape(motivo)}</xMotivo><cUF>{cab.c_uf}</cUF><dhRecbto>{cab.recebido_em}</dhRecbto>"
        f"{protocolos}</retConsReciNFe>"
    )


def ret_consulta(cab: Cabecalho, chave: str, c_stat: int, motivo: str, protocolo: str = "") -> str:
    """retConsSitNFe."""
    return (
        f'<retConsSitNFe {_NS} versao="4.00"><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic><cStat>{c_stat}</cStat>'
        f"<xMotivo>{escape(motivo)}</xMotivo><cUF>{cab.c_uf}</cUF><dhRecbto>{cab.recebido_em}</dhRecbto><chNFe>{chave}</chNFe>"
        f"{protocolo}</retConsSitNFe>"
    )


def ret_status(cab: Cabecalho, c_stat: int, motivo: str, *, tempo_medio_s: int | None = None) -> str:
    """retConsStatServ."""
    medio = "" if tempo_medio_s is None else f"<tMed>{tempo_medio_s}</tMed>"
    return (
        f'<retConsStatServ {_NS} versao="4.00"><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic><cStat>{c_stat}</cStat>'
        f"<xMotivo>{escape(motivo)}</xMotivo><cUF>{cab.c_uf}</cUF><dhRecbto>{cab.recebido_em}</dhRecbto>{medio}</retConsStatServ>"
    )


def ret_evento(
    cab: Cabecalho,
    orgao: str,
    c_stat: int,
    motivo: str,
    evento: tuple[str, str, str, str],
    *,
    protocolo: str = "",
    destinatario: str = "",
) -> str:
    """retEvento; `evento` is key, tpEvento, xEvento and nSeqEvento. `protocolo` only when it was registered."""
    chave, tp_evento, descricao, sequencia = evento
    identidade = f' Id="ID{protocolo}"' if protocolo else ""
    n_prot = f"<nProt>{protocolo}</nProt>" if protocolo else ""
    tag = "CPFDest" if len(destinatario) == 11 else "CNPJDest"
    dest = f"<{tag}>{destinatario}</{tag}>" if destinatario else ""
    return (
        f'<retEvento {_NS} versao="1.00"><infEvento{identidade}><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic>'
        f"<cOrgao>{orgao}</cOrgao><cStat>{c_stat}</cStat><xMotivo>{escape(motivo)}</xMotivo><chNFe>{chave}</chNFe>"
        f"<tpEvento>{tp_evento}</tpEvento><xEvento>{escape(descricao)}</xEvento><nSeqEvento>{sequencia}</nSeqEvento>{dest}"
        f"<dhRegEvento>{cab.recebido_em}</dhRegEvento>{n_prot}</infEvento></retEvento>"
    )


def ret_env_evento(
    cab: Cabecalho, id_lote: str, orgao: str, c_stat: int, motivo: str, retornos: str = ""
) -> str:
    """retEnvEvento."""
    return (
        f'<retEnvEvento {_NS} versao="1.00"><idLote>{id_lote}</idLote><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic>'
        f"<cOrgao>{orgao}</cOrgao><cStat>{c_stat}</cStat><xMotivo>{escape(motivo)}</xMotivo>{retornos}</retEnvEvento>"
    )


def proc_evento(evento: str, retorno: str) -> str:
    """procEventoNFe, as a query gives it back."""
    return f'<procEventoNFe {_NS} versao="1.00">{evento}{retorno}</procEventoNFe>'


def ret_inut(
    cab: Cabecalho, c_stat: int, motivo: str, faixa: dict[str, str] | None = None, *, protocolo: str = ""
) -> str:
    """retInutNFe; `faixa` has ano, CNPJ, mod, serie, nNFIni and nNFFin, in this order."""
    campos = "".join(f"<{tag}>{valor}</{tag}>" for tag, valor in (faixa or {}).items())
    n_prot = f"<nProt>{protocolo}</nProt>" if protocolo else ""
    identidade = f' Id="ID{protocolo}"' if protocolo else ""
    return (
        f'<retInutNFe {_NS} versao="4.00"><infInut{identidade}><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic>'
        f"<cStat>{c_stat}</cStat><xMotivo>{escape(motivo)}</xMotivo><cUF>{cab.c_uf}</cUF>{campos}"
        f"<dhRecbto>{cab.recebido_em}</dhRecbto>{n_prot}</infInut></retInutNFe>"
    )


def ret_cadastro(
    cab: Cabecalho, c_stat: int, motivo: str, uf: str, argumento: tuple[str, str], achados: str = ""
) -> str:
    """retConsCad; `argumento` is the tag and value asked for, `achados` the infCad groups."""
    tag, valor = argumento
    return (
        f'<retConsCad {_NS} versao="2.00"><infCons><verAplic>{cab.ver_aplic}</verAplic><cStat>{c_stat}</cStat>'
        f"<xMotivo>{escape(motivo)}</xMotivo><UF>{uf}</UF><{tag}>{escape(valor)}</{tag}><dhCons>{cab.recebido_em}</dhCons>"
        f"<cUF>{cab.c_uf}</cUF>{achados}</infCons></retConsCad>"
    )


def ret_distribuicao(
    cab: Cabecalho, c_stat: int, motivo: str, ult_nsu: int, max_nsu: int, documentos: str = ""
) -> str:
    """retDistDFeInt; `documentos` are its docZip."""
    lote = f"<loteDistDFeInt>{documentos}</loteDistDFeInt>" if documentos else ""
    return (
        f'<retDistDFeInt {_NS} versao="1.01"><tpAmb>{cab.ambiente}</tpAmb><verAplic>{cab.ver_aplic}</verAplic><cStat>{c_stat}</cStat>'
        f"<xMotivo>{escape(motivo)}</xMotivo><dhResp>{cab.recebido_em}</dhResp><ultNSU>{ult_nsu:015d}</ultNSU>"
        f"<maxNSU>{max_nsu:015d}</maxNSU>{lote}</retDistDFeInt>"
    )


def proc_nfe(nfe: bytes, prot: str) -> bytes:
    """nfeProc around the verbatim note."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><nfeProc {_NS} versao="4.00">'.encode()
        + nfe
        + f"{prot}</nfeProc>".encode()
    )


def _person(grupo: Grupo) -> str:
    tag = "CPF" if grupo.tem("CPF") else "CNPJ"
    return f"<{tag}>{grupo.texto(tag)}</{tag}>"


def res_nfe(inf: Grupo, nota: NotaLivro) -> str:
    """resNFe 1.01, with the situation of the moment (1 authorised, 3 cancelled)."""
    emit, ide = inf.grupo("emit"), inf.grupo("ide")
    return (
        f'<resNFe {_NS} versao="1.01"><chNFe>{nota.chave}</chNFe>{_person(emit)}<xNome>{escape(emit.texto("xNome"))}</xNome>'
        f"<IE>{emit.texto('IE')}</IE><dhEmi>{ide.texto('dhEmi')}</dhEmi><tpNF>{ide.texto('tpNF')}</tpNF>"
        f"<vNF>{inf.grupo('total').grupo('ICMSTot').texto('vNF')}</vNF><digVal>{nota.digest}</digVal>"
        f"<dhRecbto>{nota.recebida_em}</dhRecbto><nProt>{nota.protocolo}</nProt>"
        f"<cSitNFe>{1 if nota.situacao == 'autorizada' else 3}</cSitNFe></resNFe>"
    )


def res_evento(inf: Grupo, evento: EventoLivro) -> str:
    """resEvento 1.01."""
    return (
        f'<resEvento {_NS} versao="1.01"><cOrgao>{inf.texto("cOrgao")}</cOrgao>{_person(inf)}<chNFe>{evento.chave}</chNFe>'
        f"<dhEvento>{inf.texto('dhEvento')}</dhEvento><tpEvento>{evento.tp_evento}</tpEvento><nSeqEvento>{evento.sequencia}</nSeqEvento>"
        f"<xEvento>{escape(inf.grupo('detEvento').texto('descEvento'))}</xEvento><dhRecbto>{evento.registrado_em}</dhRecbto>"
        f"<nProt>{evento.protocolo}</nProt></resEvento>"
    )
