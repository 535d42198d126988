"""Service by authorizer by environment, and event by event, against the simulator: bytes valid, address right, answer parsed."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from tests.documents.eventos.detalhes import DETALHES
from tests.documents.nfe.fabrica import CNPJ, DESTINATARIO, nfce, produto, tributos
from tests.gateways.test_simulador import AGORA, LUGAR, Cena, Play, autoridade, certificado, play
from tests.issuing.test_assinatura_nfce import UmCsc, document

from chancela.documents.eventos.conferencia import validate_evento
from chancela.documents.eventos.entrega import hash_of_image
from chancela.documents.eventos.layout import build_infevento, compose_env_evento, compose_evento
from chancela.documents.eventos.modelo import PedidoEvento, TipoAutor, TipoEvento
from chancela.documents.eventos.prorrogacao import CancelamentoProrrogacao
from chancela.documents.eventos.registro import EVENTOS
from chancela.documents.nfce.enderecos import packaged_consultas
from chancela.documents.nfe.layout import build_infnfe
from chancela.documents.nfe.modelo import (
    TEXTO_HOMOLOGACAO_PRODUTO,
    Contingencia,
    Identificacao,
    Item,
)
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.gateways.enderecos import SemServico, packaged_addresses
from chancela.gateways.nfe.cadastro import GatewayCadastro
from chancela.gateways.nfe.distribuicao import GatewayDistribuicao
from chancela.gateways.nfe.retornos import RetornoEvento
from chancela.gateways.soap.cliente import Chamada
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.envelope import ServicoSoap
from chancela.issuing.assinatura_nfe import AssinadorNfe
from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste

__all__ = ["autoridade", "certificado", "play"]
ESQUEMAS = Esquemas()
LOCAL = timezone(timedelta(hours=-3))
_ESQUEMA_DO_PEDIDO = {
    "NFeStatusServico4": Esquema.CONS_STAT,
    "NFeConsultaProtocolo4": Esquema.CONS_SIT,
    "NFeRetAutorizacao4": Esquema.CONS_RECI,
    "CadConsultaCadastro4": Esquema.CONS_CAD,
    "NFeDistribuicaoDFe": Esquema.DIST_DFE,
}


class Vigia:
    """Passes calls on, and judges each request against its official schema on the way."""

    def __init__(self, cliente: Any) -> None:
        self._cliente = cliente
        self.urls: list[str] = []

    async def call(
        self,
        url: str,
        servico: ServicoSoap,
        carga: bytes,
        certificado: CertificadoCliente,
        *,
        prazo_s: float | None = None,
    ) -> Chamada:
        assert ESQUEMAS.validate(_ESQUEMA_DO_PEDIDO[servico.nome], carga) == ()
        self.urls.append(url)
        return await self._cliente.call(url, servico, carga, certificado, prazo_s=prazo_s)


def watch(cena: Cena) -> tuple[Vigia, str]:
    """Put the watcher between gateway and wire; the simulator's base address."""
    vigia = Vigia(cena.gateway._cliente)
    cena.gateway._cliente = vigia
    return vigia, cena.simulador.url


@pytest.mark.parametrize("ambiente", Ambiente)
def test_every_state_answers_for_status_query_and_receipt(play: Play, ambiente: Ambiente) -> None:
    async def teste(cena: Cena) -> None:
        vigia, base = watch(cena)
        livro = packaged_addresses(base)
        for uf in Uf:
            for modelo in (Modelo.NFE, Modelo.NFCE):
                lugar: dict[str, Any] = {
                    "uf": uf, "ambiente": ambiente, "modelo": modelo, "certificado": cena.certificado,
                }  # fmt: skip
                casa = livro.authorizer(uf, modelo, ambiente)
                situacao = await cena.gateway.status(**lugar)
                assert (situacao.c_stat, vigia.urls[-1]) == (107, f"{base}/{casa}/NFeStatusServico4")
                chave = ChaveAcesso.compose(
                    uf=uf, emissao=AGORA.astimezone(LOCAL), emitente=CNPJ, modelo=modelo, serie=1, numero=7,
                    tp_emis=1, cnf="18273645",
                )  # fmt: skip
                consulta = await cena.gateway.query(str(chave), **lugar)
                assert (consulta.c_stat, vigia.urls[-1]) == (217, f"{base}/{casa}/NFeConsultaProtocolo4")
                recibo = await cena.gateway.receipt(f"{uf.codigo}1000000000001", **lugar)
                assert (recibo.c_stat, vigia.urls[-1]) == (106, f"{base}/{casa}/NFeRetAutorizacao4")

    play(teste)


@pytest.mark.parametrize("ambiente", Ambiente)
def test_every_contingency_answers_for_its_states(play: Play, ambiente: Ambiente) -> None:
    async def teste(cena: Cena) -> None:
        vigia, base = watch(cena)
        livro = packaged_addresses(base)
        for uf in Uf:
            svc = livro.contingency(uf, ambiente)
            retorno = await cena.gateway.status(
                uf, ambiente=ambiente, modelo=Modelo.NFE, certificado=cena.certificado,
                tp_emis=6 if svc == "SVC-AN" else 7,
            )  # fmt: skip
            assert retorno.c_stat in (107, 113, 114)
            assert vigia.urls[-1] == f"{base}/{svc}/NFeStatusServico4"

    play(teste)


@pytest.mark.parametrize("ambiente", Ambiente)
def test_registers_and_distribution(play: Play, ambiente: Ambiente) -> None:
    async def teste(cena: Cena) -> None:
        vigia, base = watch(cena)
        livro, relogio = packaged_addresses(base), VirtualClock(AGORA)
        cadastro = GatewayCadastro(vigia, livro, relogio)
        sem: set[Uf] = set()
        for uf in Uf:
            try:
                retorno = await cadastro.find(uf, Cnpj(str(CNPJ)), ambiente, cena.certificado)
            except SemServico:
                sem.add(uf)
                continue
            assert retorno.c_stat > 0
            assert vigia.urls[-1].endswith("/CadConsultaCadastro4")
        assert Uf.DF in sem
        assert Uf.SC not in sem
        distribuicao = GatewayDistribuicao(vigia, livro, relogio)
        pagina = await distribuicao.page(CNPJ, Uf.SP, ambiente, cena.certificado, ult_nsu=0)
        assert (pagina.c_stat, pagina.documentos) == (137, ())
        assert vigia.urls[-1] == f"{base}/AN/NFeDistribuicaoDFe"

    play(teste)


# -- events -----------------------------------------------------------------------------------------------


class Registro:
    """Signs events of one note and sends them where they belong."""

    def __init__(self, cena: Cena, chave: str, protocolo: str) -> None:
        self.cena = cena
        self.chave = ChaveAcesso.parse(chave)
        self.protocolo = protocolo

    def detail(self, codigo: str, protocolo_evento: str = "") -> Any:
        """The good detail of a kind, speaking of this note."""
        detalhe = DETALHES[codigo]
        mudancas: dict[str, Any] = {
            "protocolo": self.protocolo, "protocolo_evento": protocolo_evento, "entregue_em": AGORA.astimezone(LOCAL),
            "tentada_em": AGORA.astimezone(LOCAL), "hash_em": AGORA.astimezone(LOCAL),
            "hash_imagem": hash_of_image(self.chave, b"imagem"), "tipo_autor": TipoAutor.EMITENTE,
        }  # fmt: skip
        return replace(detalhe, **{n: v for n, v in mudancas.items() if hasattr(detalhe, n)})

    async def send(
        self,
        codigo: str,
        detalhe: Any,
        *,
        autor: Cnpj | Cpf = CNPJ,
        com: Certificado | None = None,
        sequencia: int = 1,
    ) -> RetornoEvento:
        tipo: TipoEvento = EVENTOS[codigo]
        pedido = PedidoEvento(
            tipo, self.chave, Ambiente.HOMOLOGACAO, autor, AGORA.astimezone(LOCAL), sequencia, detalhe
        )
        canonico = build_infevento(pedido)
        certificado = com or self.cena.certificado
        evento = compose_evento(canonico, sign(canonico, pedido.identificador, certificado).xml)
        assert validate_evento(pedido, evento, ESQUEMAS) == ()
        assert ESQUEMAS.validate(Esquema.ENV_EVENTO, compose_env_evento(evento, "1")) == ()
        return await self.cena.gateway.register(
            evento, identificador=(str(self.chave), codigo, sequencia), uf=Uf.SP, ambiente=Ambiente.HOMOLOGACAO,
            modelo=Modelo(self.chave.modelo), certificado=certificado, id_lote="1",
            orgao=tipo.orgao_de(Modelo(self.chave.modelo)),
        )  # fmt: skip


async def authorised(cena: Cena, numero: int = 1) -> Registro:
    nota, chave, _ = cena.sign(numero)
    protocolo = (await cena.authorise(nota)).protocolo
    assert protocolo is not None
    assert protocolo.n_prot is not None, protocolo
    return Registro(cena, chave, protocolo.n_prot)


@pytest.mark.parametrize(
    "codigo", ["110110", "110111", "110130", "110150", "110192", "110750", "111500", "111501"]
)
def test_the_issuers_events_are_registered_once(play: Play, codigo: str) -> None:
    async def teste(cena: Cena) -> None:
        registro = await authorised(cena)
        detalhe = registro.detail(codigo)
        if codigo.startswith("1115"):
            detalhe = replace(detalhe, itens=detalhe.itens[:1])
        if codigo == "111501":
            primeiro = await registro.send("111500", detalhe)
            assert primeiro.c_stat == 135, primeiro
        retorno = await registro.send(codigo, detalhe)
        assert (retorno.c_stat, retorno.c_stat_lote) == (135, 128), retorno
        assert retorno.n_prot
        repetido = await registro.send(codigo, detalhe)
        assert repetido.c_stat == 573, repetido
        estranho = ChaveAcesso.compose(
            uf=Uf.SP, emissao=AGORA.astimezone(LOCAL), emitente=CNPJ, modelo=Modelo.NFE, serie=1, numero=99,
            tp_emis=1, cnf="18273645",
        )  # fmt: skip
        desconhecida = await Registro(cena, str(estranho), registro.protocolo).send(codigo, detalhe)
        assert desconhecida.c_stat == 494, desconhecida

    play(teste)


@pytest.mark.parametrize(
    ("codigo", "desfaz"), [("110131", "110130"), ("110193", "110192"), ("110751", "110750")]
)
def test_events_that_take_another_back(play: Play, codigo: str, desfaz: str) -> None:
    async def teste(cena: Cena) -> None:
        assert EVENTOS[codigo].desfaz == desfaz
        registro = await authorised(cena)
        alheio = await registro.send(codigo, registro.detail(codigo, "135269999999999"))
        assert alheio.c_stat > 200, alheio
        primeiro = await registro.send(desfaz, registro.detail(desfaz))
        assert primeiro.n_prot is not None, primeiro
        retorno = await registro.send(codigo, registro.detail(codigo, primeiro.n_prot))
        assert retorno.c_stat == 135, retorno

    play(teste)


def test_the_recipient_speaks_and_nobody_else(play: Play, autoridade: AutoridadeTeste) -> None:
    documento = DESTINATARIO.documento
    assert isinstance(documento, Cpf)
    pfx = autoridade.issue_test_certificate(nome="CLIENTE", senha="s", agora=AGORA, cpf=str(documento))
    deles = load_pkcs12(pfx, "s", agora=AGORA)

    async def teste(cena: Cena) -> None:
        registro = await authorised(cena)
        intruso = await registro.send("210210", registro.detail("210210"))
        assert intruso.c_stat == 575, intruso
        for codigo in ("210210", "210240", "210220", "210200"):
            retorno = await registro.send(codigo, registro.detail(codigo), autor=documento, com=deles)
            assert retorno.c_stat == 135, (codigo, retorno)
        tarde = await registro.send("210210", registro.detail("210210"), autor=documento, com=deles)
        assert tarde.c_stat in (573, 655), tarde

    play(teste)


def test_an_epec_is_registered_before_its_note(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        chave = ChaveAcesso.compose(
            uf=Uf.SP, emissao=AGORA.astimezone(LOCAL), emitente=CNPJ, modelo=Modelo.NFE, serie=1, numero=5,
            tp_emis=4, cnf="18273645",
        )  # fmt: skip
        registro = Registro(cena, str(chave), "")
        detalhe = replace(DETALHES["110140"], emissao=AGORA.astimezone(LOCAL))
        retorno = await registro.send("110140", detalhe)
        assert retorno.c_stat in (135, 136), retorno
        velho = replace(detalhe, emissao=datetime(2026, 11, 1, 10, tzinfo=LOCAL))
        outra = ChaveAcesso.compose(
            uf=Uf.SP, emissao=AGORA.astimezone(LOCAL), emitente=CNPJ, modelo=Modelo.NFE, serie=1, numero=6,
            tp_emis=4, cnf="18273645",
        )  # fmt: skip
        assert (await Registro(cena, str(outra), "").send("110140", velho)).c_stat == 228

    play(teste)


@pytest.mark.parametrize(("codigo", "pedido"), [("111502", "111500"), ("111503", "111501")])
def test_a_request_for_more_time_is_taken_back(play: Play, codigo: str, pedido: str) -> None:
    async def teste(cena: Cena) -> None:
        registro = await authorised(cena)
        alheio = await registro.send(codigo, registro.detail(codigo))
        assert alheio.c_stat == 637, alheio
        protocolo = ""
        for anterior in sorted({"111500", pedido}):
            detalhe = registro.detail(anterior)
            feito = await registro.send(anterior, replace(detalhe, itens=detalhe.itens[:1]))
            assert feito.n_prot is not None, feito
            protocolo = feito.n_prot
        desfaz = CancelamentoProrrogacao(f"ID{pedido}{registro.chave}01", protocolo)
        trocado = await registro.send(codigo, replace(desfaz, protocolo="135269999999999"))
        assert trocado.c_stat == 460, trocado
        assert (await registro.send(codigo, desfaz)).c_stat == 135
        assert (await registro.send(codigo, desfaz, sequencia=2)).c_stat == 809

    play(teste)


def sign_receipt(cena: Cena, numero: int, tp_emis: int) -> tuple[bytes, str]:
    """An NFC-e of this moment, signed with its QR Code; and its key."""
    contingencia = None
    if tp_emis == 9:
        contingencia = Contingencia(AGORA.astimezone(LOCAL), "SEFAZ fora do ar na abertura da loja")
    nota = nfce(itens=(Item(produto(descricao=TEXTO_HOMOLOGACAO_PRODUTO), tributos(ipi=None)),))
    identificacao = Identificacao.compose(
        nota, serie=1, numero=numero, cnf="48390217", emissao=AGORA.astimezone(LOCAL), ambiente=Ambiente.HOMOLOGACAO,
        tp_emis=tp_emis, contingencia=contingencia,
    )  # fmt: skip
    documento = replace(
        document(nota), numero=numero, tp_emis=tp_emis, chave=identificacao.chave.texto,
        xml_sem_assinatura=build_infnfe(nota, identificacao),
    )  # fmt: skip
    assinador = AssinadorNfe(ESQUEMAS, cscs=UmCsc(None), consultas=packaged_consultas())
    assinar = assinador.prepare(documento.modelo, documento.empresa_id, cena.certificado)
    return assinar(documento).xml, documento.chave


def test_a_receipt_is_cancelled_for_the_one_that_holds_the_sale(play: Play) -> None:
    async def teste(cena: Cena) -> None:
        notas = [sign_receipt(cena, numero, tp_emis) for numero, tp_emis in ((1, 1), (2, 9))]
        protocolos: list[str] = []
        for nota, _ in notas:
            retorno = await cena.gateway.authorise(
                nota, certificado=cena.certificado, id_lote="1", **{**LUGAR, "modelo": Modelo.NFCE}
            )
            assert retorno.protocolo is not None, retorno
            assert retorno.protocolo.n_prot is not None, retorno.protocolo
            protocolos.append(retorno.protocolo.n_prot)
        registro = Registro(cena, notas[0][1], protocolos[0])
        detalhe = replace(registro.detail("110112"), substituta=ChaveAcesso.parse(notas[1][1]))
        trocado = await registro.send("110112", replace(detalhe, protocolo=protocolos[1]))
        assert trocado.c_stat == 222, trocado
        assert (await registro.send("110112", detalhe)).c_stat == 135
        assert (await registro.send("110112", detalhe)).c_stat == 573

    play(teste)


def test_no_event_of_the_registry_is_left_out() -> None:
    """110151 is in no schema and no layout that was published to us; the events of the tax reform are not offered."""
    provados = {
        "110110", "110111", "110112", "110130", "110131", "110140", "110150", "110192", "110193", "110750", "110751",
        "111500", "111501", "111502", "111503", "210200", "210210", "210220", "210240",
    }  # fmt: skip
    assert set(EVENTOS) == provados
