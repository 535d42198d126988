"""NFC-e examples on the bench: number, contingency, QR Code with the second hand's own reading, judgement.

`empresa.json` has `nfce` beside the body of company/create: series, and CSC when the company has one (QR Code version 2;
without it, version 3). `contingencia.json` says since when and why the till is offline (tpEmis 9).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from tests.golden.apoio import CNF, Bancada

from chancela.documents.nfce.enderecos import packaged_consultas
from chancela.documents.nfce.qrcode import Csc, FatosAssinados, build_suplemento_nfce
from chancela.documents.nfe.layout import build_suplemento, compose_nfe
from chancela.documents.nfe.modelo import Contingencia
from chancela.documents.nfe.numeracao import build_checked, number_infnfe
from chancela.documents.nfe.regras import check_nfe, require
from chancela.domain.assinatura.perfil import sign
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.faces.tffiscal.nfce.mapping import request_of
from chancela.faces.tffiscal.nfce.schemas import NfceEntrada
from chancela.faces.tffiscal.validacao import validate
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import AUTORIZACAO, compose_envi_nfe
from chancela.gateways.soap.envelope import build_envelope
from chancela.issuing.empresa import Empresa
from chancela.issuing.servico_nfe import Preparada
from chancela.simulator.cadastro import CodigoSeguranca

NS = "{http://www.portalfiscal.inf.br/nfe}"
NORMAL, OFFLINE = 1, 9


@dataclass(frozen=True)
class Cupom:
    """An example ready to be numbered."""

    empresa: Empresa
    preparada: Preparada
    csc: Csc | None
    tp_emis: int


def prepare_nfce(
    bancada: Bancada,
    empresa: Mapping[str, Any],
    categorias: Sequence[Mapping[str, Any]],
    nota: Mapping[str, Any],
    contingencia: Mapping[str, str] | None,
) -> Cupom:
    """What issuing does up to the number; offline, with the contingency that the platform would enter."""
    registro = empresa["nfce"]
    dona = replace(
        bancada.company({nome: valor for nome, valor in empresa.items() if nome != "nfce"}),
        serie_nfce=registro["serie"],
        numero_nfce=1,
    )
    pedido = request_of(validate(NfceEntrada, nota), dona)
    preparada = asyncio.run(bancada.service(bancada.categories(categorias)).prepare(dona, pedido))
    csc = Csc(registro["csc_id"], registro["csc"]) if "csc" in registro else None
    if contingencia is None:
        return Cupom(dona, preparada, csc, NORMAL)
    entrada = Contingencia(datetime.fromisoformat(contingencia["inicio"]), contingencia["justificativa"])
    montada = preparada.montada
    require(
        check_nfe(
            montada.nfe, ambiente=montada.ambiente, emissao=montada.emissao, serie=montada.serie, tp_emis=OFFLINE,
            contingencia=entrada,
        )
    )  # fmt: skip
    texto = build_checked(montada, pedido, tp_emis=OFFLINE, contingencia=entrada, esquemas=bancada.esquemas)
    return Cupom(dona, Preparada(montada, texto), csc, OFFLINE)


def number_nfce(cupom: Cupom, numero: int) -> tuple[str, bytes]:
    """The key and the canonical `infNFe` with a fixed cNF."""
    montada = cupom.preparada.montada
    chave = ChaveAcesso.compose(
        uf=cupom.empresa.endereco.uf, emissao=montada.emissao, emitente=cupom.empresa.cnpj, modelo=Modelo.NFCE,
        serie=montada.serie, numero=numero, tp_emis=cupom.tp_emis, cnf=CNF,
    )  # fmt: skip
    return chave.texto, number_infnfe(cupom.preparada.texto, chave)


def sign_nfce(bancada: Bancada, cupom: Cupom, chave: str, texto: bytes) -> tuple[bytes, str]:
    """The whole signed document, and the text of its QR Code."""
    certificado, _ = bancada.certificate(str(cupom.empresa.cnpj))
    assinatura = sign(texto, f"NFe{chave}", certificado)
    suplemento = build_suplemento_nfce(
        read_facts(texto, chave, cupom, assinatura.digest_value),
        packaged_consultas().find(cupom.empresa.endereco.uf, cupom.preparada.montada.ambiente),
        csc=cupom.csc,
        emitente_cpf=False,
        assinante=lambda conteudo: certificado.chave.sign(conteudo, PKCS1v15(), SHA1()),
    )
    return compose_nfe(texto, build_suplemento(suplemento), assinatura.xml), suplemento.qr_code


def read_facts(texto: bytes, chave: str, cupom: Cupom, digest: str) -> FatosAssinados:
    """What the QR Code tells, read from the text with the standard library."""
    inf = ElementTree.fromstring(texto)
    destinatario = inf.find(f"{NS}dest")
    documento = next(
        (
            (tipo, no.text or "")
            for tipo, tag in (("1", "CNPJ"), ("2", "CPF"))
            if destinatario is not None and (no := destinatario.find(NS + tag)) is not None
        ),
        ("", ""),
    )
    return FatosAssinados(
        chave=chave,
        ambiente=cupom.preparada.montada.ambiente,
        tp_emis=cupom.tp_emis,
        dia_emissao=cupom.preparada.montada.emissao.day,
        valor_total=Decimal(inf.findtext(f"{NS}total/{NS}ICMSTot/{NS}vNF") or ""),
        tipo_destinatario=documento[0],
        destinatario=documento[1],
        digest_value=digest,
    )


def authorise_nfce(bancada: Bancada, cupom: Cupom, xml: bytes) -> str:
    """Hand the document to the simulator's judge, which knows the issuer's CSC; its answer."""
    assert bancada.esquemas.validate(Esquema.NFE, xml) == ()
    _, der = bancada.certificate(str(cupom.empresa.cnpj))
    if cupom.csc is not None:
        bancada.sefaz.cadastro.add_csc(
            CodigoSeguranca(str(cupom.empresa.cnpj), cupom.csc.id, cupom.csc.codigo)
        )
    endereco = packaged_addresses("https://sefaz.exemplo").address(
        AUTORIZACAO.nome, uf=cupom.empresa.endereco.uf, modelo=Modelo.NFCE,
        ambiente=cupom.preparada.montada.ambiente, quando=bancada.agora.date(),
    )  # fmt: skip
    caminho = endereco.url.removeprefix("https://sefaz.exemplo")
    envelope = build_envelope(AUTORIZACAO, compose_envi_nfe(xml, "1"))
    return bancada.sefaz.handle(caminho, envelope, der).corpo.decode()
