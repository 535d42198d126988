"""Our side: the functions that the product itself calls to build, sign, compose and validate; and the bare RSA key."""

from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from benchmarks import venda as v
from benchmarks.lados.protocolo import Operacao, load_key_file, serve
from chancela.documents.nfe import layout
from chancela.documents.nfe import modelo as m
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo, Uf
from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_ibs_cbs as ti
from chancela.domain.tributos import resultado_totais as tt
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.leitura import parse_own_xml

ESQUEMAS = Esquemas()


@cache
def certificado() -> Certificado:
    """The key, loaded once, as the product does."""
    arquivo, senha = load_key_file()
    return load_pkcs12(Path(arquivo).read_bytes(), senha, agora=datetime.now(UTC))


def _endereco() -> m.Endereco:
    return m.Endereco(
        v.LOGRADOURO, v.NUMERO_RUA, v.BAIRRO, v.CODIGO_MUNICIPIO, v.MUNICIPIO, Uf.SP, cep=v.CEP, codigo_pais="1058",
        pais="BRASIL",
    )  # fmt: skip


def _ibs_cbs(item: v.ItemVenda) -> ti.IbsCbs:
    grupo = ti.GrupoIbsCbs(
        item.valor,
        ti.ComponenteIbsCbs(v.IBS_UF, item.ibs_uf),
        ti.ComponenteIbsCbs(v.IBS_MUN, v.ZERO),
        item.ibs_uf,
        ti.ComponenteIbsCbs(v.CBS, item.cbs),
    )
    return ti.IbsCbs("000", "000001", tributacao=grupo)


def _item(item: v.ItemVenda, reforma: bool) -> m.Item:
    produto = m.Produto(
        codigo=item.codigo, descricao=item.descricao, ncm=item.ncm, unidade="UN", quantidade=item.quantidade,
        valor_unitario=item.valor_unitario, unidade_tributavel="UN", quantidade_tributavel=item.quantidade,
        valor_unitario_tributavel=item.valor_unitario,
    )  # fmt: skip
    tributos = t.TributosItem(
        numero=item.numero, cfop="5102", valor_produto=item.valor, compoe_total=True,
        icms=t.Icms(
            "ICMS00", origem="0", cst="00", modalidade_bc="3", base_calculo=item.valor, aliquota=v.ICMS, valor=item.icms
        ),
        ipi=t.Ipi("IPINT", "53", "999"),
        pis=t.Contribuicao("Aliq", "01", item.valor, v.PIS, valor=item.pis),
        cofins=t.Contribuicao("Aliq", "01", item.valor, v.COFINS, valor=item.cofins),
        ibs_cbs=_ibs_cbs(item) if reforma else None,
    )  # fmt: skip
    return m.Item(produto, tributos)


def _totais(venda: v.Venda, reforma: bool) -> tt.Totais:
    icms = tt.TotaisIcms(
        base_calculo=venda.valor, valor=venda.icms, valor_produtos=venda.valor, valor_pis=venda.pis,
        valor_cofins=venda.cofins, valor_nota=venda.valor,
    )  # fmt: skip
    if not reforma:
        return tt.Totais(icms)
    componente = tt.TotaisComponente
    ibs_cbs = tt.TotaisIbsCbs(
        venda.valor,
        componente(valor=venda.ibs_uf),
        componente(),
        venda.ibs_uf,
        cbs=componente(valor=venda.cbs),
    )
    return tt.Totais(icms, ibs_cbs=ibs_cbs)


def build_value(venda: v.Venda, *, reforma: bool = True) -> m.Nfe:
    """The typed document of a sale; without `reforma`, without IBS and CBS."""
    return m.Nfe(
        modelo=Modelo.NFE, natureza_operacao=v.NATUREZA, tipo_operacao=m.TipoOperacao.SAIDA, destino=m.Destino.INTERNA,
        municipio_fato_gerador=v.CODIGO_MUNICIPIO,
        emitente=m.Emitente(
            Cnpj(v.CNPJ), v.RAZAO_SOCIAL, _endereco(), m.Crt.NORMAL, inscricao_estadual=v.INSCRICAO_ESTADUAL,
            nome_fantasia=v.FANTASIA,
        ),
        destinatario=m.Destinatario(
            Cpf(v.CPF), m.IndicadorIe.NAO_CONTRIBUINTE, nome=v.CLIENTE, endereco=_endereco(), email=v.EMAIL
        ),
        itens=tuple([_item(i, reforma) for i in venda.itens]), totais=_totais(venda, reforma),
        pagamentos=(m.Pagamento("01", venda.valor, indicador="0"),), consumidor_final=True,
        presenca=m.Presenca.PRESENCIAL, com_intermediador=False, saida_entrada=v.EMISSAO, versao_aplicativo=v.VERSAO,
    )  # fmt: skip


def build_infnfe(nfe: m.Nfe, numero: int) -> tuple[bytes, str]:
    """Canonical text and Id under the given number."""
    identificacao = m.Identificacao.compose(
        nfe, serie=1, numero=numero, cnf=v.CNF, emissao=v.EMISSAO, ambiente=Ambiente.HOMOLOGACAO
    )
    return layout.build_infnfe(nfe, identificacao), f"NFe{identificacao.chave}"


def emit(nfe: m.Nfe, numero: int) -> bytes:
    """Build, sign, compose, validate: what the pipeline does once taxes and rules are done."""
    infnfe, id_ = build_infnfe(nfe, numero)
    assinatura = sign(infnfe, id_, certificado())
    xml = layout.compose_nfe(infnfe, None, assinatura.xml)
    falhas = ESQUEMAS.validate(Esquema.NFE, parse_own_xml(xml))
    assert not falhas, falhas
    return xml


def _from_value(itens: int) -> Operacao:
    nfe = build_value(v.venda(itens))
    ESQUEMAS.compile(Esquema.NFE)
    certificado()
    return lambda numero: emit(nfe, numero)


def _from_sale(itens: int, *, reforma: bool = True) -> Operacao:
    venda = v.venda(itens)
    ESQUEMAS.compile(Esquema.NFE)
    certificado()
    return lambda numero: emit(build_value(venda, reforma=reforma), numero)


def _rsa(_itens: int) -> Operacao:
    chave, enchimento, resumo = certificado().chave, PKCS1v15(), hashes.SHA1()
    return lambda numero: chave.sign(b"%d" % numero, enchimento, resumo)


def _build(itens: int) -> Operacao:
    nfe = build_value(v.venda(itens))
    return lambda numero: build_infnfe(nfe, numero)[0]


def _sign(itens: int) -> Operacao:
    infnfe, id_ = build_infnfe(build_value(v.venda(itens)), 1)
    chave = certificado()
    return lambda _numero: layout.compose_nfe(infnfe, None, sign(infnfe, id_, chave).xml)


def _read(itens: int) -> Operacao:
    xml = _from_value(itens)(1)

    def operacao(_numero: int) -> bytes:
        parse_own_xml(xml)
        return xml

    return operacao


def _validate(itens: int) -> Operacao:
    xml = _from_value(itens)(1)
    raiz = parse_own_xml(xml)

    def operacao(_numero: int) -> bytes:
        assert not ESQUEMAS.validate(Esquema.NFE, raiz)
        return xml

    return operacao


OPERACOES = {
    "rsa": _rsa,
    "pronta": _from_value,
    "da_venda": _from_sale,
    "da_venda_sem_ibs": partial(_from_sale, reforma=False),
    "etapa_montar": _build,
    "etapa_assinar": _sign,
    "etapa_ler": _read,
    "etapa_validar": _validate,
}

if __name__ == "__main__":
    serve(OPERACOES)
