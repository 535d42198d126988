"""The parts of a process, built from settings: one place, so that API and worker cannot differ."""

import os
import socket
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from obstore.store import ObjectStore

from chancela.documents.nfce.enderecos import packaged_consultas
from chancela.domain.identidade import Ambiente
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.gateways.cnpj import ConsultaCnpjHttp
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.cadastro import GatewayCadastro
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.contexto_tls import ContextosTls
from chancela.gateways.soap.gravacao import TransporteGravador
from chancela.gateways.soap.perfis_tls import packaged_profiles
from chancela.gateways.soap.transporte import Observador, Prazos, Transporte, TransporteSoap
from chancela.issuing.assinatura_nfe import AssinadorNfe
from chancela.issuing.consulta_empresa import ConsultaEmpresa
from chancela.issuing.desvios import Desvios
from chancela.issuing.emissao import Emissor
from chancela.issuing.julgados import Julgados
from chancela.issuing.politica import Politica
from chancela.issuing.transmissao import TransmissaoNfe
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock, SystemClock
from chancela.kit.ids import IdSource, TimeOrderedIds
from chancela.kit.quedas import Pontos, no_points, points_from
from chancela.kit.randomness import Randomness, SystemRandomness
from chancela.kit.requisicao import ThreadsComContexto
from chancela.server.configuracao import Configuracao
from chancela.server.relogio import create_clock, database_clock
from chancela.stores.artefatos import Artefatos, open_objects
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.categorias import CategoriasPg
from chancela.stores.certificados import CertificadosPg
from chancela.stores.circuitos import CircuitosPg
from chancela.stores.cofre import ChaveMestra, Cofre, load_master_keys
from chancela.stores.conexao import Banco, Limites
from chancela.stores.despertar import CONEXOES_DA_FILA
from chancela.stores.documentos import DocumentosPg
from chancela.stores.embutido import embedded_database
from chancela.stores.empresas import EmpresasPg
from chancela.stores.lacunas import LacunasPg
from chancela.stores.listas import ListasPg
from chancela.stores.lotacao import Promessa, claimed_room
from chancela.stores.respostas import RespostasPg

NOME_API, NOME_WORKER = "chancela-api", "chancela-worker"
"""How the processes name themselves to the database."""


@dataclass(frozen=True, slots=True)
class Pecas:
    """Everything that a process of the platform shares. Made by `open_pecas`, closed with it."""

    clock: Clock
    ids: IdSource
    randomness: Randomness
    banco: Banco
    chaves_mestras: Sequence[ChaveMestra]
    cofre: Cofre
    empresas: EmpresasPg
    categorias: CategoriasPg
    certificados: CertificadosPg
    documentos: DocumentosPg
    listas: ListasPg
    respostas: RespostasPg
    artefatos: Artefatos
    objetos: ObjectStore
    esquemas: Esquemas
    julgados: Julgados
    executor: ThreadPoolExecutor
    pontos: Pontos = no_points


@contextmanager
def database_of(configuracao: Configuracao) -> Generator[str]:
    """The database address: the configured one, or the embedded server, started for as long as it is needed."""
    if configuracao.database_url:
        yield configuracao.database_url
        return
    with embedded_database(configuracao.pasta) as url:
        yield url


@contextmanager
def open_pecas(
    configuracao: Configuracao, url: str, *, threads: int, nome: str, mundo: "Mundo | None" = None
) -> Generator[Pecas]:
    """Connect and load what the process needs; nothing is sent anywhere yet."""
    mundo = mundo or real_world(configuracao)
    clock, randomness = mundo.clock, mundo.randomness
    cofre, chaves = open_vault(configuracao, randomness)
    pontos = points_from(configuracao.crash_folder)
    banco = Banco(
        url,
        limites=Limites(conexoes=configuracao.database_pool),
        relogio=mundo.relogio_do_banco,
        nome=promise_of(configuracao, nome).aplicacao,
        pontos=pontos,
    )
    objetos = open_objects(configuracao.url_artefatos)
    esquemas = Esquemas()
    esquemas.compile(Esquema.NFE)
    with ThreadsComContexto(threads, thread_name_prefix=nome) as executor:
        try:
            yield Pecas(
                clock=clock,
                ids=TimeOrderedIds(clock, randomness),
                randomness=randomness,
                banco=banco,
                chaves_mestras=chaves,
                cofre=cofre,
                empresas=EmpresasPg(banco, cofre, randomness),
                categorias=CategoriasPg(banco),
                certificados=CertificadosPg(banco, cofre, clock),
                documentos=DocumentosPg(banco),
                listas=ListasPg(banco),
                respostas=RespostasPg(banco),
                artefatos=Artefatos(banco, objetos, pontos),
                objetos=objetos,
                esquemas=esquemas,
                julgados=Julgados(),
                executor=executor,
                pontos=pontos,
            )
        finally:
            banco.close()


def promise_of(configuracao: Configuracao, nome: str) -> Promessa:
    """The connections that a process of this kind may open at most."""
    da_fila = CONEXOES_DA_FILA if nome == NOME_WORKER else 0
    return Promessa(nome, configuracao.database_pool + da_fila, own_name())


def room_for(configuracao: Configuracao, url: str, nome: str) -> AbstractContextManager[None]:
    """See `stores.lotacao.claimed_room`."""
    return claimed_room(url, promise_of(configuracao, nome), variavel="CHANCELA_DATABASE_POOL")


def open_vault(configuracao: Configuracao, randomness: Randomness) -> tuple[Cofre, Sequence[ChaveMestra]]:
    """The vault of this installation, and the keys that it has now; a key added to the file later is found when needed."""

    def read() -> Sequence[ChaveMestra]:
        return load_master_keys(configuracao.arquivo_chave_mestra, randomness)

    chaves = read()
    return Cofre(chaves, randomness, reler=read), chaves


@contextmanager
def open_cofre(configuracao: Configuracao, url: str) -> Generator[tuple[Banco, Cofre]]:
    """Only a database and the vault: what a command of administration needs."""
    randomness = SystemRandomness()
    banco = Banco(url, limites=Limites(conexoes=2), nome="chancela-comando")
    try:
        yield banco, open_vault(configuracao, randomness)[0]
    finally:
        banco.close()


@contextmanager
def open_empresas(configuracao: Configuracao, url: str) -> Generator[EmpresasPg]:
    """Only what registering integrators and companies needs."""
    with open_cofre(configuracao, url) as (banco, cofre):
        yield EmpresasPg(banco, cofre, SystemRandomness())


@contextmanager
def open_lacunas(url: str) -> Generator[LacunasPg]:
    """Only what looking for gaps in the numbering needs."""
    banco = Banco(url, limites=Limites(conexoes=1), nome="chancela-comando")
    try:
        yield LacunasPg(banco)
    finally:
        banco.close()


@contextmanager
def open_circuitos(url: str) -> Generator[CircuitosPg]:
    """Only what looking at the authorizers needs."""
    banco = Banco(url, limites=Limites(conexoes=1), nome="chancela-comando")
    try:
        yield CircuitosPg(banco, SystemClock())
    finally:
        banco.close()


def create_transport(configuracao: Configuracao, clock: Clock, observador: Observador) -> Transporte:
    """The connections to SEFAZ, or to the server that stands in for it. Make it inside the running loop."""
    prazos = Prazos(
        total_s=configuracao.sefaz_timeout_s, conexoes_por_host=max(8, configuracao.sefaz_concurrency)
    )
    contextos = ContextosTls(ca_extra=configuracao.sefaz_ca_file, pasta_raizes=configuracao.pasta / "raizes")
    rede = TransporteSoap(
        clock=clock, contextos=contextos, perfis=packaged_profiles(), prazos=prazos, observador=observador
    )
    return (
        rede if configuracao.record_folder is None else TransporteGravador(rede, configuracao.record_folder)
    )


@dataclass(frozen=True, slots=True)
class Mundo:
    """What a process takes from outside itself: time, chance and the wire to SEFAZ. A simulation hands in its own."""

    clock: Clock
    randomness: Randomness
    relogio_do_banco: Clock | None
    """None: leases and due times follow the database's own clock."""
    transporte: Callable[[Configuracao, Clock, Observador], Transporte] = create_transport


def real_world(configuracao: Configuracao) -> Mundo:
    """The machine's own."""
    clock = create_clock(configuracao)
    return Mundo(clock, SystemRandomness(), database_clock(configuracao, clock))


def create_emissor(
    configuracao: Configuracao, pecas: Pecas, transporte: Transporte, *, vigia: Vigia, desvios: Desvios
) -> Emissor:
    """The hand of this process on the documents."""
    gateway = GatewayNfe(
        ClienteSoap(transporte), packaged_addresses(configuracao.sefaz_url or None), pecas.clock
    )
    return Emissor(
        documentos=pecas.documentos,
        certificados=pecas.certificados,
        gateway=TransmissaoNfe(gateway),
        assinador=AssinadorNfe(
            pecas.esquemas, cscs=pecas.empresas, consultas=packaged_consultas(), julgados=pecas.julgados
        ),
        vigia=vigia,
        desvios=desvios,
        cadencia=CadenciaPg(pecas.banco),
        clock=pecas.clock,
        executor=pecas.executor,
        dono=own_name(),
        politica=Politica(
            prazo_concessao_s=configuracao.lease_s,
            prazo_resposta_s=configuracao.response_deadline_s,
            envios_simultaneos=configuracao.sefaz_concurrency,
            fila_para_lotes=configuracao.lot_backlog,
            lotes_zip=configuracao.lot_zip,
        ),
        pontos=pecas.pontos,
    )


def create_consulta_empresa(
    configuracao: Configuracao, pecas: Pecas, transporte: Transporte
) -> ConsultaEmpresa:
    """Who is asked about a company that registers by its certificate."""
    publica = ConsultaCnpjHttp(
        configuracao.cnpj_lookup_url,
        forma=configuracao.cnpj_lookup_style,
        token=configuracao.cnpj_lookup_token.get_secret_value(),
    )
    cadastro = GatewayCadastro(
        ClienteSoap(transporte), packaged_addresses(configuracao.sefaz_url or None), pecas.clock
    )
    return ConsultaEmpresa(publica, cadastro, Ambiente.PRODUCAO, CadenciaPg(pecas.banco), pecas.executor)


def own_name() -> str:
    """Owner name of this process in leases: machine, process and its birth, so that a dead one can be told."""
    return f"{socket.gethostname()}/{os.getpid()}/{int(psutil.Process().create_time())}"


def is_dead(dono: str) -> bool:
    """Whether an owner is a process of this machine that lives no more. Of other machines nothing is known."""
    maquina, _, resto = dono.partition("/")
    pid, _, nascimento = resto.partition("/")
    if maquina != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        return int(psutil.Process(int(pid)).create_time()) != int(nascimento)
    except psutil.NoSuchProcess:
        return True


def reference_folder(configuracao: Configuracao) -> Path:
    """Where the look-up file of the reference tables is kept."""
    return configuracao.pasta / "referencia"
