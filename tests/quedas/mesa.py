"""One process with everything real but time and the wire: issuing, events, stores, PostgreSQL and, beside them, SEFAZ.

The parts are the server's own, wired as API and worker wire them. `recover` is what a worker does until nothing is alive;
`check` compares what the product says with the simulator's ledger, and finds gaps, doubles and lost answers.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from tests.documents.nfe import pedidos
from tests.documents.nfe.lugares import LUGARES
from tests.quedas.avaria import MODOS, Avaria, FioDireto
from tests.stores.fabrica import new_company

from chancela.domain.assinatura.certificado import load_pkcs12
from chancela.domain.xml.esquemas import Esquemas
from chancela.issuing.categorias import write_categoria
from chancela.issuing.emissao import Emissor
from chancela.issuing.empresa import Categoria, Empresa
from chancela.issuing.julgados import Julgados
from chancela.issuing.modelo import Documento
from chancela.issuing.registro import Registrador
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.servico_nfe import ServicoNfe
from chancela.issuing.servico_recebidos import ServicoRecebidos
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness
from chancela.server.configuracao import Configuracao
from chancela.server.contingencia import create_desvios, create_vigia
from chancela.server.eventos import create_registrador, create_servico_eventos, create_transmissao
from chancela.server.pecas import Pecas, create_emissor
from chancela.server.recebidos import create_servico_recebidos
from chancela.server.simulacao.laco import virtual_loop
from chancela.server.trabalhador import _sweep
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.sefaz import Sefaz
from chancela.stores.artefatos import Artefatos, open_objects
from chancela.stores.categorias import CategoriasPg
from chancela.stores.certificados import CertificadosPg
from chancela.stores.cofre import ChaveMestra, Cofre
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.empresas import EmpresasPg
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.listas import ListasPg
from chancela.stores.referencia_tributos import packaged_tabelas
from chancela.stores.respostas import RespostasPg
from chancela.stores.solicitacoes import SolicitacoesPg

INICIO = datetime(2026, 11, 20, 14, tzinfo=UTC)
CNPJ = "11222333000181"
_SENHA = "quedas"
_CHAVE = ChaveMestra(b"q" * 32)
_VOLTAS = 12
_LEMBRANCA_S = 10.0
_PASSO_S = 90.0
"""More than a lease: whoever held a document and failed has lost it by the next turn."""


@dataclass(slots=True)
class Mesa:
    """A company at work. `run` plays one coroutine to its end; what it raises is the caller's, as an HTTP 500 would be."""

    relogio: VirtualClock
    avaria: Avaria
    sefaz: Sefaz
    pecas: Pecas
    empresa: Empresa
    emissor: Emissor
    registrador: Registrador
    nfe: ServicoNfe
    eventos: ServicoEventos
    recebidos: ServicoRecebidos
    vigia: Vigia
    laco: asyncio.AbstractEventLoop
    vendas: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, trabalho: Awaitable[Any]) -> Any:
        return self.laco.run_until_complete(trabalho)

    def arm(self, enesima: int, jeito: int = 0) -> None:
        """Count operations anew; what the process remembers for seconds (a company's settings) is forgotten first."""
        self.relogio.advance(_LEMBRANCA_S)
        self.avaria.arm(enesima, jeito)

    def sell(self, referencia: str) -> Documento:
        return self.run(
            self.nfe.issue(self.empresa, pedidos.SIMPLES, referencia=referencia, reabrir=False, corpo=b"{}")
        )

    def queue(self, referencia: str) -> Documento:
        """A numbered note that nobody took up yet: what a worker finds when an authorizer was away."""
        preparada = self.run(self.nfe.prepare(self.empresa, pedidos.SIMPLES))
        novo = self.nfe._novo(
            self.empresa, preparada, referencia=referencia, reabrir=False, corpo=b"{}", offline=False
        )
        return self.pecas.documentos.admit(novo, dono=None, prazo_s=60.0).documento

    def drain(self, depois_de_s: float = 0.0) -> None:
        """What a worker does once, some time later."""
        self.relogio.advance(depois_de_s)
        self.run(self.emissor.drain(self.empresa.id))

    def now(self, documento: Documento) -> Documento:
        """A document as it is now."""
        atual = self.pecas.documentos.get(documento.id, documento.empresa_id)
        assert atual is not None
        return atual

    def asked(self, servico: str) -> int:
        """How often SEFAZ was asked for a service."""
        return len(self.sefaz.livro.list_trocas({"servico": servico}, 10_000))

    def sold(self) -> Documento:
        """An authorised note, for what is done to one."""
        return self.sell(f"PRONTA-{next(self.vendas)}")

    def recover(self) -> None:
        """Sweep and drain until nothing is alive."""
        for _ in range(_VOLTAS):
            self.relogio.advance(_PASSO_S)
            _sweep(self.pecas, SolicitacoesPg(self.pecas.banco))
            self.pecas.artefatos.copy_pending()
            self.run(self.vigia.probe())
            self.run(self.emissor.drain(self.empresa.id))
            self.run(self.registrador.drain(self.empresa.id))
            if not self.query("SELECT id FROM documentos WHERE proxima_acao IS NOT NULL") and not self.query(
                "SELECT id FROM solicitacoes WHERE proxima_acao IS NOT NULL"
            ):
                return
        raise AssertionError(f"something is still alive after {_VOLTAS} turns")

    def query(self, sql: str, *parametros: Any) -> list[tuple[Any, ...]]:
        """Past every policy, as the owner of the database."""
        return self.avaria.curadora.execute(sql, parametros or None).fetchall()  # type: ignore[arg-type]

    def ledger(self) -> list[dict[str, Any]]:
        return self.sefaz.livro.list_notas({"emitente": CNPJ}, 10_000)

    def check(self) -> None:
        """Ledger equality, numbers without gap, one reception each, no attempt left open, an unbroken timeline."""
        nossas = self.query(
            "SELECT numero, chave, protocolo, estado, id FROM documentos WHERE cnpj = %s ORDER BY numero",
            CNPJ,
        )
        usados = [n for (n, *_) in nossas] + self.voided()
        assert sorted(usados) == list(range(1, len(usados) + 1)), "a gap or a double"
        livro = {nota["chave"]: nota for nota in self.ledger()}
        assert {chave for _, chave, *_ in nossas} == set(livro)
        for _, chave, protocolo, estado, id_ in nossas:
            nota = livro[chave]
            assert (protocolo, nota["recepcoes"], nota["autorizacoes"]) == (nota["protocolo"], 1, 1)
            assert estado == {"autorizada": "AUTORIZADO", "cancelada": "CANCELADO"}[nota["situacao"]]
            xml = self.pecas.artefatos.xml(id_, self.empresa.id)
            assert xml is not None
            assert f"<nProt>{protocolo}</nProt>".encode() in xml
        assert not self.query("SELECT id FROM tentativas WHERE resultado IS NULL")
        assert LinhaDoTempo(self.pecas.banco).verify_chain(self.empresa.id).quebra is None

    def voided(self) -> list[int]:
        faixas = self.sefaz.livro.list_inutilizacoes({"emitente": CNPJ}, 10_000)
        return [numero for f in faixas for numero in range(f["inicio"], f["fim"] + 1)]


@contextmanager
def open_mesa(url: str, pasta: Path, *, sem_espera: bool = False, **ajustes: Any) -> Iterator[Mesa]:
    """Everything opened on a fresh database, and one company registered with a certificate of the simulator's authority.

    `sem_espera`: a loop whose deadlines pass on the virtual clock. `ajustes` are settings of the platform, by their names in `Configuracao`.
    """
    relogio, acaso = VirtualClock(INICIO), SeededRandomness(11)
    sefaz = Sefaz.open(ConfiguracaoSimulador(pasta, valida_respostas=True), relogio)
    banco = Banco(url, relogio=relogio)
    cofre = Cofre([_CHAVE], acaso)
    configuracao = Configuracao(home=pasta, sefaz_url="https://sefaz.exemplo", **ajustes)
    with (
        ThreadPoolExecutor(4) as executor,
        psycopg.connect(url, autocommit=True) as curadora,
        virtual_loop(relogio, acaso) if sem_espera else closing(asyncio.new_event_loop()) as laco,
    ):
        avaria = Avaria(curadora)
        pecas = _parts(banco, cofre, relogio, acaso, pasta, executor)
        empresa = _register(pecas, sefaz)
        avaria.watch(banco)
        try:
            yield laco.run_until_complete(_wire(configuracao, pecas, sefaz, avaria, relogio, empresa))
        finally:
            banco.close()
            sefaz.close()


def _parts(
    banco: Banco,
    cofre: Cofre,
    relogio: VirtualClock,
    acaso: SeededRandomness,
    pasta: Path,
    executor: ThreadPoolExecutor,
) -> Pecas:
    objetos = open_objects((pasta / "artefatos").as_uri())
    return Pecas(
        clock=relogio, ids=TimeOrderedIds(relogio, acaso), randomness=acaso, banco=banco, chaves_mestras=[_CHAVE], cofre=cofre,
        empresas=EmpresasPg(banco, cofre, acaso), categorias=CategoriasPg(banco),
        certificados=CertificadosPg(banco, cofre, relogio), documentos=DocumentosPg(banco), listas=ListasPg(banco),
        respostas=RespostasPg(banco), artefatos=Artefatos(banco, objetos), objetos=objetos, esquemas=Esquemas(),
        julgados=Julgados(), executor=executor,
    )  # fmt: skip


def _register(pecas: Pecas, sefaz: Sefaz) -> Empresa:
    pfx = sefaz.autoridade.issue_test_certificate(nome="LOJA", senha=_SENHA, agora=INICIO, cnpj=CNPJ)
    certificado = load_pkcs12(pfx, _SENHA, agora=INICIO)
    integrador, _ = pecas.empresas.create_integrador("Integrador")
    empresa, _ = pecas.empresas.create(
        new_company(
            integrador.id, cnpj=CNPJ, certificado_pfx=pfx, certificado_senha=_SENHA,
            certificado_impressao=certificado.impressao_digital, certificado_inicio=INICIO - timedelta(days=1),
            certificado_fim=INICIO + timedelta(days=365),
            categorias=tuple(
                Categoria(codigo, codigo, write_categoria(c)) for codigo, c in pedidos.CATEGORIAS.items()
            ),
        )
    )  # fmt: skip
    return empresa


async def _wire(
    configuracao: Configuracao,
    pecas: Pecas,
    sefaz: Sefaz,
    avaria: Avaria,
    relogio: VirtualClock,
    empresa: Empresa,
) -> Mesa:
    fio: Any = FioDireto(sefaz, avaria)
    vigia = create_vigia(configuracao, pecas, fio)
    transmissao = create_transmissao(configuracao, pecas, fio)
    registrador = create_registrador(configuracao, pecas, transmissao, vigia)
    desvios = create_desvios(configuracao, pecas, vigia, registrador)
    emissor = create_emissor(configuracao, pecas, fio, vigia=vigia, desvios=desvios)
    eventos = create_servico_eventos(
        pecas, registrador=registrador, transmissao=transmissao, emissor=emissor, lugares=LUGARES
    )
    nfe = ServicoNfe(
        emissor=emissor, categorias=pecas.categorias, lugares=LUGARES, tabelas=packaged_tabelas(),
        esquemas=pecas.esquemas, julgados=pecas.julgados, clock=relogio, ids=pecas.ids, randomness=pecas.randomness,
        executor=pecas.executor,
    )  # fmt: skip
    recebidos = create_servico_recebidos(configuracao, pecas, fio, eventos)
    return Mesa(
        relogio,
        avaria,
        sefaz,
        pecas,
        empresa,
        emissor,
        registrador,
        nfe,
        eventos,
        recebidos,
        vigia,
        asyncio.get_running_loop(),
    )


def each_failure(
    mesa: Mesa, prepare: Callable[[], Callable[[], object]], *, so: str = ""
) -> Iterator[tuple[int, int]]:
    """Do the work once to count its operations, then hand out every operation with every way in which it can fail.

    `so` narrows it to the operations of one kind.
    """
    for _ in range(2):  # the first time fills what the process remembers, such as its certificate
        trabalho = prepare()
        mesa.arm(0)
        trabalho()
        feitas = list(mesa.avaria.feitas)
        mesa.recover()
    for enesima, especie in enumerate(feitas, 1):
        for jeito in range(len(MODOS[especie]) if so in ("", especie) else 0):
            yield enesima, jeito
