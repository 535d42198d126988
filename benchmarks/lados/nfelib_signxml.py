"""The other way with the official bindings: nfelib dataclasses made anew, xsdata serializer, signxml, compiled XSD.

The serializer, the signer, the schema and the key object are made once: the kindest use of each library.
"""

from functools import cache
from pathlib import Path
from typing import Any

import nfelib
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from lxml import etree
from nfelib.nfe.bindings.v4_0 import leiaute_nfe_v4_00 as b
from nfelib.nfe.bindings.v4_0.dfe_tipos_basicos_v1_00 import TcibsNfe, TibscbsmonoTot, TtribNfe
from nfelib.nfe.bindings.v4_0.nfe_v4_00 import Nfe
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

from benchmarks import venda as v
from benchmarks.lados.chave import access_key
from benchmarks.lados.protocolo import Operacao, load_key_file, serve

NS = "http://www.portalfiscal.inf.br/nfe"
Inf = b.Tnfe.InfNfe
Imposto = Inf.Det.Imposto


class _Signer(XMLSigner):
    """SHA-1 is what the layout demands; signxml refuses it unless told."""

    def check_deprecated_methods(self) -> None:
        return None


def _ide(chave: str, numero: int) -> Any:
    emissao = v.EMISSAO.isoformat(timespec="seconds")
    return Inf.Ide(
        cUF=b.TcodUfIbge.VALUE_35, cNF=v.CNF, natOp=v.NATUREZA, mod=b.Tmod.VALUE_55, serie="1", nNF=str(numero),
        dhEmi=emissao, dhSaiEnt=emissao, tpNF=b.IdeTpNf.VALUE_1, idDest=b.IdeIdDest.VALUE_1, cMunFG=v.CODIGO_MUNICIPIO,
        tpImp=b.IdeTpImp.VALUE_1, tpEmis=b.IdeTpEmis.VALUE_1, cDV=chave[-1], tpAmb=b.Tamb.VALUE_2,
        finNFe=b.TfinNfe.VALUE_1, indFinal=b.IdeIndFinal.VALUE_1, indPres=b.IdeIndPres.VALUE_1,
        indIntermed=b.IdeIndIntermed.VALUE_0, procEmi=b.TprocEmi.VALUE_0, verProc=v.VERSAO,
    )  # fmt: skip


def _emit() -> Any:
    return Inf.Emit(
        CNPJ=v.CNPJ, xNome=v.RAZAO_SOCIAL, xFant=v.FANTASIA, IE=v.INSCRICAO_ESTADUAL, CRT=b.EmitCrt.VALUE_3,
        enderEmit=b.TenderEmi(
            xLgr=v.LOGRADOURO, nro=v.NUMERO_RUA, xBairro=v.BAIRRO, cMun=v.CODIGO_MUNICIPIO, xMun=v.MUNICIPIO,
            UF=b.TufEmi.SP, CEP=v.CEP, cPais=b.TenderEmiCPais.VALUE_1058, xPais=b.TenderEmiXPais.BRASIL_1,
        ),
    )  # fmt: skip


def _dest() -> Any:
    return Inf.Dest(
        CPF=v.CPF, xNome=v.CLIENTE, indIEDest=b.DestIndIedest.VALUE_9, email=v.EMAIL,
        enderDest=b.Tendereco(
            xLgr=v.LOGRADOURO, nro=v.NUMERO_RUA, xBairro=v.BAIRRO, cMun=v.CODIGO_MUNICIPIO, xMun=v.MUNICIPIO,
            UF=b.Tuf.SP, CEP=v.CEP, cPais="1058", xPais="BRASIL",
        ),
    )  # fmt: skip


def _ibs_cbs(item: v.ItemVenda) -> Any:
    return TtribNfe(
        CST="000", cClassTrib="000001",
        gIBSCBS=TcibsNfe(
            vBC=str(item.valor),
            gIBSUF=TcibsNfe.GIbsuf(pIBSUF=str(v.IBS_UF), vIBSUF=str(item.ibs_uf)),
            gIBSMun=TcibsNfe.GIbsmun(pIBSMun=str(v.IBS_MUN), vIBSMun=str(v.ZERO)),
            vIBS=str(item.ibs_uf),
            gCBS=TcibsNfe.GCbs(pCBS=str(v.CBS), vCBS=str(item.cbs)),
        ),
    )  # fmt: skip


def _det(item: v.ItemVenda) -> Any:
    valor, quantidade, unitario = str(item.valor), str(item.quantidade), str(item.valor_unitario)
    icms = Imposto.Icms.Icms00(
        orig=b.Torig.VALUE_0, CST=b.Icms00Cst.VALUE_00, modBC=b.Icms00ModBc.VALUE_3, vBC=valor, pICMS=str(v.ICMS),
        vICMS=str(item.icms),
    )  # fmt: skip
    pis = Imposto.Pis.Pisaliq(CST=b.PisaliqCst.VALUE_01, vBC=valor, pPIS=str(v.PIS), vPIS=str(item.pis))
    cofins = Imposto.Cofins.Cofinsaliq(
        CST=b.CofinsaliqCst.VALUE_01, vBC=valor, pCOFINS=str(v.COFINS), vCOFINS=str(item.cofins)
    )
    return Inf.Det(
        nItem=str(item.numero),
        prod=Inf.Det.Prod(
            cProd=item.codigo, cEAN="SEM GTIN", xProd=item.descricao, NCM=item.ncm, CFOP="5102", uCom="UN",
            qCom=quantidade, vUnCom=unitario, vProd=valor, cEANTrib="SEM GTIN", uTrib="UN", qTrib=quantidade,
            vUnTrib=unitario, indTot=b.ProdIndTot.VALUE_1,
        ),
        imposto=Imposto(
            ICMS=Imposto.Icms(ICMS00=icms),
            IPI=b.Tipi(cEnq="999", IPINT=b.Tipi.Ipint(CST=b.IpintCst.VALUE_53)),
            PIS=Imposto.Pis(PISAliq=pis), COFINS=Imposto.Cofins(COFINSAliq=cofins), IBSCBS=_ibs_cbs(item),
        ),
    )  # fmt: skip


def _total(venda: v.Venda) -> Any:
    valor, zero = str(venda.valor), str(v.ZERO)
    icms = Inf.Total.Icmstot(
        vBC=valor, vICMS=str(venda.icms), vICMSDeson=zero, vFCP=zero, vBCST=zero, vST=zero, vFCPST=zero,
        vFCPSTRet=zero, vProd=valor, vFrete=zero, vSeg=zero, vDesc=zero, vII=zero, vIPI=zero, vIPIDevol=zero,
        vPIS=str(venda.pis), vCOFINS=str(venda.cofins), vOutro=zero, vNF=valor,
    )  # fmt: skip
    ibs = TibscbsmonoTot.GIbs
    return Inf.Total(
        ICMSTot=icms,
        IBSCBSTot=TibscbsmonoTot(
            vBCIBSCBS=valor,
            gIBS=ibs(
                gIBSUF=ibs.GIbsuf(vDif=zero, vDevTrib=zero, vIBSUF=str(venda.ibs_uf)),
                gIBSMun=ibs.GIbsmun(vDif=zero, vDevTrib=zero, vIBSMun=zero),
                vIBS=str(venda.ibs_uf), vCredPres=zero, vCredPresCondSus=zero,
            ),
            gCBS=TibscbsmonoTot.GCbs(
                vDif=zero, vDevTrib=zero, vCBS=str(venda.cbs), vCredPres=zero, vCredPresCondSus=zero
            ),
        ),
    )  # fmt: skip


def build_value(venda: v.Venda, numero: int) -> Nfe:
    """The bindings' own document."""
    chave = access_key(numero)
    pagamento = Inf.Pag.DetPag(indPag=b.DetPagIndPag.VALUE_0, tPag="01", vPag=str(venda.valor))
    return Nfe(
        infNFe=Inf(
            versao="4.00", Id=f"NFe{chave}", ide=_ide(chave, numero), emit=_emit(), dest=_dest(),
            det=[_det(i) for i in venda.itens], total=_total(venda),
            transp=Inf.Transp(modFrete=b.TranspModFrete.VALUE_9), pag=Inf.Pag(detPag=[pagamento]),
        )
    )  # fmt: skip


@cache
def _parts() -> tuple[XmlSerializer, _Signer, etree.XMLSchema, Any, str]:
    c14n = CanonicalizationMethod.CANONICAL_XML_1_0
    assinador = _Signer(methods.enveloped, SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1, c14n)
    assinador.namespaces = {None: assinador.namespaces["ds"]}  # type: ignore[dict-item]
    esquema = Path(nfelib.__file__).parent / "nfe/schemas/v4_0/nfe_v4.00.xsd"
    arquivo, senha = load_key_file()
    chave, certificado, _ = pkcs12.load_key_and_certificates(Path(arquivo).read_bytes(), senha.encode())
    assert certificado is not None
    pem = certificado.public_bytes(Encoding.PEM).decode()
    serializador = XmlSerializer(context=XmlContext(), config=SerializerConfig(indent=""))
    return serializador, assinador, etree.XMLSchema(etree.parse(str(esquema))), chave, pem


def emit(venda: v.Venda, numero: int) -> bytes:
    """Bindings, serializer, signer, schema."""
    serializador, assinador, esquema, chave, pem = _parts()
    valor = build_value(venda, numero)
    arvore = etree.fromstring(serializador.render(valor, ns_map={None: NS}).encode())
    assert valor.infNFe is not None
    assinado = assinador.sign(arvore, key=chave, cert=pem, reference_uri=f"#{valor.infNFe.Id}")
    xml = etree.tostring(assinado)
    esquema.assertValid(etree.fromstring(xml))
    return xml


def _from_sale(itens: int) -> Operacao:
    venda = v.venda(itens)
    _parts()
    return lambda numero: emit(venda, numero)


OPERACOES = {"da_venda": _from_sale}

if __name__ == "__main__":
    serve(OPERACOES)
