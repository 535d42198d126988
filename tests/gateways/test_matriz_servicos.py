"""Service by authorizer by environment, against the real address book: right host, right envelope, valid bytes, a readable answer.

The wire ends in the simulator of this process, which judges the request as the authorizer whose address it was sent to. Every
row of the address table of a service that the product speaks is visited; `SEM_USO` says which rows no question goes to, and why.
"""

import base64
import gzip
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.documents.eventos.detalhes import DETALHES
from tests.documents.nfe.fabrica import CNPJ, EMITENTE, ENDERECO, nfce, nfe

from chancela.documents.eventos.layout import build_infevento, compose_evento
from chancela.documents.eventos.modelo import Orgao, PedidoEvento
from chancela.documents.eventos.registro import EVENTOS
from chancela.documents.inutilizacao.layout import Faixa, PedidoInutilizacao, build_infinut, compose_inut
from chancela.documents.nfe.layout import build_infnfe, compose_nfe
from chancela.documents.nfe.modelo import Identificacao
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.cadastro import GatewayCadastro
from chancela.gateways.nfe.distribuicao import GatewayDistribuicao
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.transporte import Resposta
from chancela.gateways.soap.troca import Troca
from chancela.kit.clock import VirtualClock
from chancela.kit.packaged import packaged_rows
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.sefaz import Sefaz

AGORA = datetime(2026, 11, 20, 14, tzinfo=UTC)
LOCAL = timezone(timedelta(hours=-3))
SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
WSDL = "http://www.portalfiscal.inf.br/nfe/wsdl/"
AMBIENTES = {"producao": Ambiente.PRODUCAO, "homologacao": Ambiente.HOMOLOGACAO}
DOCUMENTOS = {Modelo.NFE: "nfe", Modelo.NFCE: "nfce"}
METODOS = {
    "NFeAutorizacao4": "nfeAutorizacaoLote",
    "NFeRetAutorizacao4": "nfeRetAutorizacaoLote",
    "NFeConsultaProtocolo4": "nfeConsultaNF",
    "NFeStatusServico4": "nfeStatusServicoNF",
    "NFeInutilizacao4": "nfeInutilizacaoNF",
    "NFeRecepcaoEvento4": "nfeRecepcaoEvento",
    "CadConsultaCadastro4": "consultaCadastro",
    "NFeDistribuicaoDFe": "nfeDistDFeInteresse",
}
"""Of the WSDLs (spec 3.2)."""
ESQUEMAS_DO_PEDIDO = {
    "enviNFe": Esquema.ENVI_NFE,
    "consReciNFe": Esquema.CONS_RECI,
    "consSitNFe": Esquema.CONS_SIT,
    "consStatServ": Esquema.CONS_STAT,
    "inutNFe": Esquema.INUT,
    "envEvento": Esquema.ENV_EVENTO,
    "ConsCad": Esquema.CONS_CAD,
    "distDFeInt": Esquema.DIST_DFE,
}
SEM_USO = {
    ("NFeInutilizacao4", "SVC-AN"): "a number is the home authorizer's to inutilise",
    ("NFeInutilizacao4", "SVC-RS"): "a number is the home authorizer's to inutilise",
    ("CadConsultaCadastro4", "SVC-RS"): "the register is asked at the UF or at SVRS",
}
Linha = tuple[str, str, str, str]
"""Document, service, authorizer and environment, as the address table names them."""


def table() -> dict[Linha, str]:
    """The addresses of the services that the product speaks, read by themselves."""
    return {
        (r["documento"], r["servico"], r["autorizador"], r["ambiente"]): r["url"]
        for r in packaged_rows("sefaz_enderecos.csv")
        if r["documento"] in DOCUMENTOS.values() and r["servico"] in METODOS and not r["vigencia_fim"]
    }


ENDERECOS = table()


class Fio:
    """A `Transporte` to the simulator of this process. What crosses it is looked at on the way, without our own reader."""

    def __init__(self, sefaz: Sefaz) -> None:
        self._sefaz = sefaz
        self._esquemas = Esquemas()
        self.visitadas: set[Linha] = set()
        self.esperada: Linha = ("", "", "", "")

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,
        servico: str,
        certificado: CertificadoCliente,
        prazo_s: float | None = None,
    ) -> Resposta:
        del prazo_s
        assert isinstance(certificado, Certificado)
        assert (servico, url) == (self.esperada[1], ENDERECOS[self.esperada])
        self._check(corpo, tipo)
        self.visitadas.add(self.esperada)
        _, _, autorizador, ambiente = self.esperada
        desfecho = self._sefaz.handle(f"/{autorizador}/{ambiente}/{servico}", corpo, certificado.der)
        assert desfecho.status == 200, (self.esperada, desfecho.corpo)
        return Resposta(desfecho.corpo, Troca(url, servico, AGORA, 0, len(corpo), http_status=200))

    async def close(self) -> None:
        """Nothing is held."""

    def _check(self, corpo: bytes, tipo: str) -> None:
        """SOAP 1.2 with the action in the content type, the wrapper of the WSDL, and a message that its schema accepts."""
        _, servico, autorizador, _ = self.esperada
        (dentro,) = etree.fromstring(corpo).findall(f"{SOAP}Body/*")
        zipado = dentro.tag.endswith("nfeDadosMsgZip")
        metodo = "nfeAutorizacaoLoteZIP" if zipado else METODOS[servico]
        if (servico, autorizador) == ("NFeRetAutorizacao4", "PR"):
            metodo = "nfeRetAutorizacao"
        assert tipo == f'application/soap+xml; charset=utf-8; action="{WSDL}{servico}/{metodo}"'
        envoltorios = ["nfeDadosMsg"]
        if zipado:
            envoltorios = ["nfeDadosMsgZip"]
        elif servico == "NFeDistribuicaoDFe":
            envoltorios = ["nfeDistDFeInteresse", "nfeDadosMsg"]
        elif (servico, autorizador) == ("CadConsultaCadastro4", "MT"):
            envoltorios = ["nfeDadosMsg", "nfeDadosMsg"]
        for posicao, nome in enumerate(envoltorios):
            assert dentro.tag == f"{{{WSDL}{servico}}}{nome}", dentro.tag
            if posicao < len(envoltorios) - 1:
                (dentro,) = dentro
        if zipado:
            mensagem = gzip.decompress(base64.b64decode(dentro.text))
        else:
            (raiz,) = dentro
            inicio = corpo.index(f"<{etree.QName(raiz).localname}".encode())
            mensagem = corpo[inicio : corpo.rindex(f"</{etree.QName(raiz).localname}>".encode())]
            mensagem += f"</{etree.QName(raiz).localname}>".encode()
        assert len(mensagem) <= 500_000
        esquema = ESQUEMAS_DO_PEDIDO[etree.QName(etree.fromstring(mensagem)).localname]
        assert self._esquemas.validate(esquema, mensagem) == ()


@dataclass
class Praca:
    """One place from which questions are asked: a UF, a model and an environment, in a kind of emission."""

    fio: Fio
    relogio: VirtualClock
    gateway: GatewayNfe
    certificado: Certificado
    uf: Uf
    modelo: Modelo
    ambiente: Ambiente
    autorizador: str
    tp_emis: int = 1

    @property
    def lugar(self) -> dict[str, Any]:
        return {
            "uf": self.uf, "ambiente": self.ambiente, "modelo": self.modelo, "certificado": self.certificado,
            "tp_emis": self.tp_emis,
        }  # fmt: skip

    def expect(self, servico: str, autorizador: str = "") -> None:
        nome = next(nome for nome, ambiente in AMBIENTES.items() if ambiente is self.ambiente)
        self.fio.esperada = (DOCUMENTOS[self.modelo], servico, autorizador or self.autorizador, nome)

    def sign_note(self, numero: int) -> tuple[bytes, str]:
        endereco = replace(ENDERECO, uf=self.uf)
        documento = (nfe if self.modelo is Modelo.NFE else nfce)(
            emitente=replace(EMITENTE, endereco=endereco)
        )
        identificacao = Identificacao.compose(
            documento, serie=1, numero=numero, cnf="48390217", emissao=AGORA.astimezone(LOCAL), ambiente=self.ambiente,
            tp_emis=self.tp_emis, contingencia=None,
        )  # fmt: skip
        canonico = build_infnfe(documento, identificacao)
        assinatura = sign(canonico, f"NFe{identificacao.chave}", self.certificado)
        return compose_nfe(canonico, None, assinatura.xml), str(identificacao.chave)

    def key(self, numero: int) -> ChaveAcesso:
        return ChaveAcesso.compose(
            uf=self.uf, emissao=AGORA.astimezone(LOCAL), emitente=CNPJ, modelo=self.modelo, serie=1, numero=numero,
            tp_emis=self.tp_emis, cnf="48390217",
        )  # fmt: skip


# -- the questions ----------------------------------------------------------------------------------------


async def authorise(praca: Praca) -> None:
    praca.expect("NFeAutorizacao4")
    nota, chave = praca.sign_note(1)
    retorno = await praca.gateway.authorise(nota, id_lote="1", **praca.lugar)
    assert (retorno.c_stat, retorno.protocolo and retorno.protocolo.chave) == (104, chave), retorno


async def lots(praca: Praca) -> None:
    """Plain and zipped, each with its receipt: every note is answered by itself."""
    limites = praca.gateway.lot_limits(praca.uf, praca.modelo, praca.ambiente, praca.tp_emis)
    assert (limites is None) == (praca.modelo is Modelo.NFCE)
    if limites is None:
        praca.expect("NFeRetAutorizacao4")
        assert (await praca.gateway.receipt(f"{praca.uf.codigo}1999999999999", **praca.lugar)).c_stat == 106
        return
    for vez, zipado in enumerate((False, True)):
        notas = [praca.sign_note(10 * vez + n) for n in (2, 3)]
        praca.expect("NFeAutorizacao4")
        recebido = await praca.gateway.send_lot(
            [nota for nota, _ in notas], id_lote="2", zipado=zipado, **praca.lugar
        )
        assert recebido.c_stat == 103, recebido
        assert recebido.recibo is not None
        assert recebido.espera_s is not None
        praca.expect("NFeRetAutorizacao4")
        assert (await praca.gateway.receipt(recebido.recibo, **praca.lugar)).c_stat == 105
        praca.relogio.advance(recebido.espera_s + 1)
        pronto = await praca.gateway.receipt(recebido.recibo, **praca.lugar)
        assert pronto.c_stat == 104
        assert [protocolo.chave for protocolo in pronto.protocolos] == [chave for _, chave in notas]


async def query(praca: Praca) -> None:
    praca.expect("NFeConsultaProtocolo4")
    assert (await praca.gateway.query(str(praca.key(999)), **praca.lugar)).c_stat == 217


async def status(praca: Praca) -> None:
    praca.expect("NFeStatusServico4")
    situacao = await praca.gateway.status(praca.uf, **{k: v for k, v in praca.lugar.items() if k != "uf"})
    assert situacao.c_stat in ((107,) if praca.tp_emis == 1 else (107, 113, 114))


async def register(praca: Praca, codigo: str = "110111", orgao: Orgao = Orgao.UF) -> None:
    tipo, chave = EVENTOS[codigo], praca.key(998)
    pedido = PedidoEvento(tipo, chave, praca.ambiente, CNPJ, AGORA.astimezone(LOCAL), 1, DETALHES[codigo])
    canonico = build_infevento(pedido)
    evento = compose_evento(canonico, sign(canonico, pedido.identificador, praca.certificado).xml)
    retorno = await praca.gateway.register(
        evento, identificador=(str(chave), codigo, 1), id_lote="1", orgao=orgao, **praca.lugar
    )
    assert (retorno.c_stat_lote, retorno.c_stat) == (128, 494), retorno


async def cancel(praca: Praca) -> None:
    praca.expect("NFeRecepcaoEvento4")
    await register(praca)


async def inutilise(praca: Praca) -> None:
    if praca.tp_emis != 1:
        return
    praca.expect("NFeInutilizacao4")
    inicio = 10 * int(praca.uf.codigo)  # one company stands for those of all UFs
    faixa = Faixa(praca.ambiente, CNPJ, praca.uf, praca.modelo, 1, inicio, inicio + 2)
    pedido = PedidoInutilizacao(faixa, 26, "Falha no sistema durante a emissao")
    canonico = build_infinut(pedido)
    inut = compose_inut(canonico, sign(canonico, pedido.identificador, praca.certificado).xml)
    retorno = await praca.gateway.inutilise(inut, **{k: v for k, v in praca.lugar.items() if k != "tp_emis"})
    assert (retorno.c_stat, bool(retorno.n_prot)) == (102, True), retorno


PERGUNTAS: tuple[Callable[[Praca], Awaitable[None]], ...] = (
    authorise, lots, query, status, cancel, inutilise,
)  # fmt: skip


def places(fio: Fio, relogio: VirtualClock, certificado: Certificado) -> Iterator[Praca]:
    """Every authorizer of both models in both environments, through one of the UFs that it serves; the SVCs through theirs."""
    livro = packaged_addresses()
    gateway = GatewayNfe(ClienteSoap(fio), livro, relogio)
    vistas: set[tuple[Modelo, Ambiente, str]] = set()
    for ambiente in Ambiente:
        for uf in Uf:
            for modelo in DOCUMENTOS:
                casos = [(livro.authorizer(uf, modelo, ambiente), 1)]
                if modelo is Modelo.NFE:
                    svc = livro.contingency(uf, ambiente)
                    casos.append((svc, 6 if svc == "SVC-AN" else 7))
                for autorizador, tp_emis in casos:
                    if (modelo, ambiente, autorizador) not in vistas:
                        vistas.add((modelo, ambiente, autorizador))
                        yield Praca(
                            fio, relogio, gateway, certificado, uf, modelo, ambiente, autorizador, tp_emis
                        )


@pytest.mark.anyio
async def test_every_address_is_asked_in_its_own_words(tmp_path: Path) -> None:
    relogio = VirtualClock(AGORA)
    sefaz = Sefaz.open(ConfiguracaoSimulador(tmp_path, valida_respostas=True), relogio)
    pfx = sefaz.autoridade.issue_test_certificate(nome="COMERCIO", senha="s", agora=AGORA, cnpj=str(CNPJ))
    certificado = load_pkcs12(pfx, "s", agora=AGORA)
    fio = Fio(sefaz)
    try:
        for praca in places(fio, relogio, certificado):
            for perguntar in PERGUNTAS:
                await perguntar(praca)
        await ask_the_national_ones(fio, relogio, certificado)
    finally:
        sefaz.close()
    esquecidas = {linha for linha in set(ENDERECOS) - fio.visitadas if (linha[1], linha[2]) not in SEM_USO}
    assert esquecidas == set()


async def ask_the_national_ones(fio: Fio, relogio: VirtualClock, certificado: Certificado) -> None:
    """Distribution and the events of the Ambiente Nacional, those of SVRS, and the registers of the UFs."""
    livro = packaged_addresses()
    gateway = GatewayNfe(ClienteSoap(fio), livro, relogio)
    distribuicao = GatewayDistribuicao(ClienteSoap(fio), livro, relogio)
    cadastro = GatewayCadastro(ClienteSoap(fio), livro, relogio)
    for ambiente in Ambiente:
        praca = Praca(fio, relogio, gateway, certificado, Uf.SP, Modelo.NFE, ambiente, "AN")
        praca.expect("NFeDistribuicaoDFe")
        pagina = await distribuicao.page(CNPJ, Uf.SP, ambiente, certificado, ult_nsu=0)
        assert pagina.c_stat == 137
        praca.expect("NFeRecepcaoEvento4")
        await register(praca, "210210", Orgao.NACIONAL)
        praca.expect("NFeRecepcaoEvento4", "SVRS")
        await register(praca, "110192", Orgao.SVRS)
        for _, servico, autorizador, nome in sorted(ENDERECOS):
            if (
                servico != "CadConsultaCadastro4"
                or AMBIENTES[nome] is not ambiente
                or (servico, autorizador) in SEM_USO
            ):
                continue
            praca.expect(servico, autorizador)
            uf = Uf.SC if autorizador == "SVRS" else Uf(autorizador)
            assert (await cadastro.find(uf, Cnpj(str(CNPJ)), ambiente, certificado)).c_stat > 0
