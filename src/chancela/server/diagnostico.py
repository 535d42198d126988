"""Looks at everything that issuing needs: database, artefacts, keys, and per company certificate, handshake, status and clock."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import CertificadoInvalido, FiscalError
from chancela.domain.identidade import Ambiente, Modelo
from chancela.gateways.enderecos import Enderecos, packaged_addresses
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.nfe.retornos import RetornoStatus
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.issuing.cadencia import about_status, refuse_question
from chancela.issuing.diagnostico import (
    Achado,
    Situacao,
    judge_certificado,
    judge_chain,
    judge_clock,
)
from chancela.issuing.empresa import Empresa
from chancela.kit.packaged import packaged_bytes
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import Pecas, create_transport, open_pecas
from chancela.stores.artefatos import probe_objects
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.indisponivel import describe_unavailable
from chancela.stores.migracao import current_revision, newest_revision

_EM_OPERACAO = frozenset({107, 113, 114})
"""Answers of a status that say that whoever answered works; 113 and 114 are an SVC that is not switched on."""
_SVC = {"SVC-AN": 6, "SVC-RS": 7}


async def diagnose(
    configuracao: Configuracao, url: str, *, empresa_id: int | None, ambientes: Sequence[Ambiente]
) -> tuple[Achado, ...]:
    """Every finding, in the order in which a person would look."""
    achados = [_database(url), _artefatos(configuracao.url_artefatos)]
    if achados[0].situacao is Situacao.ERRO:
        return tuple(achados)
    with open_pecas(configuracao, url, threads=2, nome="chancela-doctor") as pecas:
        empresas = pecas.empresas.with_certificate() if empresa_id is None else _one(pecas, empresa_id)
        if not empresas:
            achados.append(
                Achado(
                    "empresas", Situacao.AVISO, "Nenhuma empresa com certificado.", "Cadastre uma pela API."
                )
            )
        consultorio = _Consultorio(configuracao, pecas)
        try:
            for empresa in empresas:
                achados += await consultorio.examine(empresa, ambientes)
        finally:
            await consultorio.close()
    return tuple(achados)


def _database(url: str) -> Achado:
    """Whether it answers, and whether its tables are those of this program."""
    try:
        atual, nova = current_revision(url), newest_revision()
    except Exception as erro:  # noqa: BLE001 - whatever it is, it is the finding
        dito = describe_unavailable(erro)
        correcao = "Confira CHANCELA_DATABASE_URL." if dito is None else dito.correcao
        return Achado("banco", Situacao.ERRO, _words(erro) if dito is None else dito.mensagem, correcao)
    if atual is None:
        return Achado("banco", Situacao.ERRO, "Responde, mas não tem tabelas.", "Rode chancela migrate.")
    if atual != nova:
        visto = f"Responde, com as tabelas na versão {atual}; este programa usa a {nova}."
        return Achado("banco", Situacao.ERRO, visto, "Rode chancela migrate com este programa.")
    return Achado("banco", Situacao.CERTO, f"responde, tabelas na versão {atual}")


def _artefatos(url: str) -> Achado:
    """Whether an object can be written, read and erased."""
    try:
        return Achado("artefatos", Situacao.CERTO, probe_objects(url))
    except Exception as erro:  # noqa: BLE001 - whatever it is, it is the finding
        correcao = "Confira CHANCELA_ARTIFACTS_URL e as permissões."
        return Achado("artefatos", Situacao.ERRO, _words(erro), correcao)


def _words(erro: Exception) -> str:
    return f"{type(erro).__name__}: {erro}"[:300]


def _one(pecas: Pecas, empresa_id: int) -> list[Empresa]:
    empresa = pecas.empresas.get(empresa_id)
    return [] if empresa is None else [empresa]


class _Consultorio:
    """Connections to the authorizers, for as long as one diagnosis takes."""

    def __init__(self, configuracao: Configuracao, pecas: Pecas) -> None:
        self._pecas = pecas
        self._executor: ThreadPoolExecutor = pecas.executor
        self._cadencia = CadenciaPg(pecas.banco)
        self._intervalo_status_s = configuracao.status_interval_s
        self._enderecos: Enderecos = packaged_addresses(configuracao.sefaz_url or None)
        self._transporte = create_transport(configuracao, pecas.clock, lambda _troca: None)
        self._gateway = GatewayNfe(ClienteSoap(self._transporte), self._enderecos, pecas.clock)
        self._raizes = [
            raiz.public_bytes(Encoding.DER)
            for raiz in x509.load_pem_x509_certificates(packaged_bytes("icp_brasil_raizes.pem"))
        ]

    async def close(self) -> None:
        await self._transporte.close()

    async def examine(self, empresa: Empresa, ambientes: Sequence[Ambiente]) -> list[Achado]:
        """Certificate first: without one nobody can be asked."""
        quem = empresa.cnpj.formatado
        laco = asyncio.get_running_loop()
        try:
            certificado = await laco.run_in_executor(
                self._executor, self._pecas.certificados.current, empresa.id
            )
        except CertificadoInvalido as erro:
            return [Achado(f"certificado de {quem}", Situacao.ERRO, erro.mensagem, erro.correcao)]
        agora = self._pecas.clock.now()
        achados = [
            judge_certificado(f"certificado de {quem}", certificado, empresa.cnpj, agora),
            judge_chain(f"cadeia de {quem}", certificado, self._raizes),
        ]
        for ambiente in ambientes:
            for modelo, tp_emis in self._asked(empresa, ambiente):
                achados += await self._status(empresa, certificado, ambiente, modelo, tp_emis)
        return achados

    def _asked(self, empresa: Empresa, ambiente: Ambiente) -> list[tuple[Modelo, int]]:
        """The home authorizer of each model that the company issues, and its SVC."""
        svc = _SVC[self._enderecos.contingency(empresa.endereco.uf, ambiente)]
        cupom = [(Modelo.NFCE, 1)] if empresa.serie_nfce is not None else []
        return [(Modelo.NFE, 1), *cupom, (Modelo.NFE, svc)]

    async def _status(
        self, empresa: Empresa, certificado: Certificado, ambiente: Ambiente, modelo: Modelo, tp_emis: int
    ) -> list[Achado]:
        """Handshake and status in one question, counted as any other, and the clock out of the answer."""
        uf = empresa.endereco.uf
        autorizador = self._enderecos.authorizer(uf, modelo, ambiente, tp_emis)
        item = f"{autorizador} ({ambiente.name.lower()}, modelo {modelo.value})"
        pergunta = about_status(empresa.id, autorizador, ambiente, self._intervalo_status_s)
        espera_s = await asyncio.get_running_loop().run_in_executor(
            self._executor, self._cadencia.take, pergunta
        )
        if espera_s:
            adiada = refuse_question(pergunta, espera_s, self._pecas.clock.now())
            return [Achado(f"situação de {item}", Situacao.AVISO, adiada.mensagem, adiada.correcao)]
        try:
            retorno = await self._gateway.status(
                uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=15.0
            )
        except FiscalError as erro:
            return [
                Achado(
                    f"conexão com {item}",
                    Situacao.ERRO,
                    erro.mensagem,
                    erro.correcao or "Confira rede e firewall.",
                )
            ]
        return [_connection(item, retorno), *self._clock(item, retorno)]

    def _clock(self, item: str, retorno: RetornoStatus) -> list[Achado]:
        if retorno.dh_recbto is None:
            return []
        return [judge_clock(f"relógio contra {item}", self._pecas.clock.now(), retorno.dh_recbto)]


def _connection(item: str, retorno: RetornoStatus) -> Achado:
    troca = retorno.troca
    fio = "" if troca is None else f", {troca.versao_tls} em {troca.duracao_ms} ms"
    visto = f"{retorno.c_stat} {retorno.motivo}{fio}"
    if retorno.c_stat in _EM_OPERACAO:
        return Achado(f"situação de {item}", Situacao.CERTO, visto)
    correcao = (
        "Aguarde o autorizador; em parada longa, a contingência assume conforme a configuração da empresa."
    )
    return Achado(f"situação de {item}", Situacao.AVISO, visto, correcao)
