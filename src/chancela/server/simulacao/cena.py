"""The stage: API, worker, database, wire and shops of one run, and what the plot does to them."""

import asyncio
import base64
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from chancela.documents.nfe.arquivo import archive_faults
from chancela.gateways.soap.transporte import Observador
from chancela.kit.clock import Clock, VirtualClock
from chancela.kit.randomness import SeededRandomness
from chancela.server.api import create_app
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import Mundo, Pecas, open_pecas
from chancela.server.simulacao.autoridades import Autoridade, AutoridadeCompleta
from chancela.server.simulacao.carteiro import CarteiroVirtual
from chancela.server.simulacao.enredo import (
    COMPRADORAS,
    EPEC_SE_PRECISO,
    RECEBIMENTO,
    SOSSEGO,
    Compra,
    Enredo,
    Janela,
    Modo,
    Praga,
    draw_defect,
)
from chancela.server.simulacao.fio import FioVirtual
from chancela.server.simulacao.loja import CANARIOS, EMPRESAS, Loja
from chancela.server.simulacao.provas import Provas
from chancela.server.simulacao.relogio import RelogioErrado
from chancela.server.simulacao.trabalho import Trabalho
from chancela.simulator.ca import AutoridadeTeste
from chancela.stores.conferencia import ConferenciaPg
from chancela.stores.defeitos import Defeito, failing_database
from chancela.stores.ensaio import BancoDeEnsaio

SENHA = "simulacao"
_VALIDADE_DIAS = 3 * 365
_RECEBE = {
    "recebidas_ambiente": "homologacao",
    "recebidas_automatico": True,
    "recebidas_ciencia": True,
}
_EPEC = {"contingencia": {"nfe": "epec"}}
_LONGE = timedelta(days=500)
"""After the beginning: a certificate that outlives the play."""


@dataclass(slots=True)
class Certificados:
    """Test certificates, made once per process where they can be: a key takes longer than a virtual day."""

    autoridade: AutoridadeTeste
    feitos: dict[tuple[str, datetime], str] = field(default_factory=dict[tuple[str, datetime], str])

    def url(self, cnpj: str, fim: datetime) -> str:
        """The `cert_file` of a certificate that is valid until `fim`."""
        if (cnpj, fim) not in self.feitos:
            inicio = fim - timedelta(days=_VALIDADE_DIAS)
            pfx = self.autoridade.issue_test_certificate(
                nome="LOJA SIMULADA",
                senha=SENHA,
                agora=inicio,
                cnpj=cnpj,
                inicio=inicio,
                validade_dias=_VALIDADE_DIAS,
            )
            self.feitos[cnpj, fim] = "data:application/x-pkcs12;base64," + base64.b64encode(pfx).decode()
        return self.feitos[cnpj, fim]


class Cena:
    """One run. Make it, `play` it inside the virtual loop, read `provas`."""

    def __init__(
        self,
        enredo: Enredo,
        banco: BancoDeEnsaio,
        pasta: Path,
        certificados: Certificados,
        autoridade: Autoridade,
        relogio: VirtualClock,
    ) -> None:
        self._enredo = enredo
        self._banco = banco
        self._certificados = certificados
        self._autoridade = autoridade
        self._relogio = relogio
        self._errado = RelogioErrado(relogio)
        self._acaso_do_banco = SeededRandomness(f"banco {enredo.semente}")
        self.provas = Provas(canarios=dict(zip((str(e["cnpj"]) for e in EMPRESAS), CANARIOS, strict=True)))
        self._configuracao = Configuracao(
            home=pasta,
            database_url=banco.url,
            sefaz_url="https://sefaz.exemplo",
            database_pool=4,
            log_level="ERROR",
        )

    # -- the play -----------------------------------------------------------------------------------------

    async def play(self) -> Provas:
        """From the first sale to the last proof."""
        mundo = self._world("api")
        app = create_app(self._configuracao, self._banco.url, mundo)
        async with app.router.lifespan_context(app):
            with self._worker() as (pecas, trabalhador):
                lojas = [
                    Loja(n, app, self._enredo, self._relogio, self.provas, trabalhador.wake)
                    for n in range(self._enredo.lojas)
                ]
                await self._open(lojas, pecas)
                trabalho = asyncio.create_task(trabalhador.run())
                pragas = [asyncio.create_task(self._strike(janela, lojas)) for janela in self._enredo.janelas]
                vendas = [asyncio.create_task(lojas[v.loja].sell(v)) for v in self._enredo.vendas]
                vendas += [
                    asyncio.create_task(lojas[n].void_ahead(quando))
                    for quando, n in self._enredo.inutilizacoes
                ]
                compras = [asyncio.create_task(self._supply(c, lojas[c.loja])) for c in self._enredo.compras]
                with failing_database(self._banco, self._draw_defect):
                    await self._until(self._enredo.fim)
                await asyncio.gather(*pragas, *compras)
                await self._until(self._enredo.fim + SOSSEGO)
                await self._collect(lojas, pecas)
                if self._enredo.compras:
                    await self._until(self._enredo.fim + RECEBIMENTO)
                trabalho.cancel()
                for venda in vendas:
                    venda.cancel()
                feitas = await asyncio.gather(*vendas, trabalho, return_exceptions=True)
                falhas = [f for f in feitas if isinstance(f, Exception)]
                if falhas:
                    raise falhas[0]
                await self._collect_received(lojas)
        return self.provas

    def _world(self, nome: str) -> Mundo:
        def create(_: Configuracao, __: Clock, observador: Observador) -> FioVirtual:
            return FioVirtual(nome, self._autoridade, self._enredo, self._relogio, self.provas, observador)

        return Mundo(
            clock=self._errado,
            randomness=SeededRandomness(f"{nome} {self._enredo.semente}"),
            relogio_do_banco=self._errado,
            transporte=create,
        )

    async def _open(self, lojas: list[Loja], pecas: Pecas) -> None:
        tokens = [pecas.empresas.create_integrador(nome)[1] for nome in ("vizinhas", "estranha")]
        for loja in lojas:
            pfx = self._certificados.url(loja.cnpj, self._first_expiry(loja.indice))
            await loja.open(tokens[loja.indice // 2], pfx, SENHA)
        if self._enredo.modo is Modo.COMPLETO:
            for indice in COMPRADORAS:
                pecas.empresas.configure(_row_id(lojas[indice]), lambda antes: {**antes, **_RECEBE})
            pecas.empresas.configure(_row_id(lojas[EPEC_SE_PRECISO]), lambda antes: {**antes, **_EPEC})

    def _first_expiry(self, indice: int) -> datetime:
        fins = [
            j.inicio
            for j in self._enredo.janelas
            if j.praga is Praga.CERTIFICADO_VENCIDO and j.loja == indice
        ]
        return min(fins, default=self._enredo.inicio + _LONGE)

    @contextmanager
    def _worker(self) -> Generator[tuple[Pecas, Trabalho]]:
        mundo = self._world("worker")
        with open_pecas(
            self._configuracao, self._banco.url, threads=2, nome="chancela-worker", mundo=mundo
        ) as pecas:
            trabalho = Trabalho(
                self._configuracao,
                pecas,
                mundo.transporte(self._configuracao, pecas.clock, lambda _: None),
                CarteiroVirtual(self._enredo, self._relogio, self.provas),
                self._enredo,
                self.provas,
                self._relogio,
            )
            try:
                yield pecas, trabalho
            finally:
                trabalho.close()

    def _draw_defect(self) -> Defeito | None:
        agora = self._relogio.now()
        defeito = draw_defect(self._acaso_do_banco, self._enredo, agora)
        if defeito is not None:
            self.provas.defeitos.append(agora)
            self.provas.trace(agora, "banco", defeito)
        return defeito

    # -- the suppliers ------------------------------------------------------------------------------------

    async def _supply(self, compra: Compra, loja: Loja) -> None:
        autoridade = self._autoridade
        assert isinstance(autoridade, AutoridadeCompleta), "only the whole simulator has suppliers"
        await self._until(compra.quando)
        chave = autoridade.supply(loja.cnpj, Decimal(compra.valor_centavos) / 100)
        self.provas.trace(self._relogio.now(), "fornecedor", loja.cnpj, chave)
        if compra.procura_apos_s is not None:
            await asyncio.sleep(compra.procura_apos_s)
            await loja.look_for_received()
        if compra.desfeita_apos_s is not None:
            await self._until(
                min(compra.quando + timedelta(seconds=compra.desfeita_apos_s), self._enredo.fim)
            )
            autoridade.take_back(chave)

    # -- the plagues --------------------------------------------------------------------------------------

    async def _strike(self, janela: Janela, lojas: list[Loja]) -> None:
        await self._until(janela.inicio)
        match janela.praga:
            case Praga.BANCO_REINICIADO:
                self._banco.kill_connections()
            case Praga.BANCO_FORA:
                self._banco.admit_connections(sim=False)
                self._banco.kill_connections()
            case Praga.RELOGIO:
                self._errado.erro = timedelta(seconds=janela.passo_s)
            case _ if janela.svc:
                self._autoridade.switch_svc(ligada=True)
            case _:
                pass
        await self._until(janela.fim)
        match janela.praga:
            case Praga.BANCO_FORA:
                self._banco.admit_connections(sim=True)
            case Praga.RELOGIO:
                self._errado.erro = timedelta()
            case Praga.CERTIFICADO_VENCIDO:
                loja = lojas[janela.loja]
                await loja.replace_certificate(
                    self._certificados.url(loja.cnpj, self._enredo.inicio + _LONGE), SENHA
                )
            case _ if janela.svc:
                self._autoridade.switch_svc(ligada=False)
            case _:
                pass

    # -- the proofs ---------------------------------------------------------------------------------------

    async def _collect_received(self, lojas: list[Loja]) -> None:
        for indice in COMPRADORAS if self._enredo.compras else ():
            self.provas.recebidos += await lojas[indice].show_received()
        self.provas.livro = self._autoridade.read_ledger()

    async def _collect(self, lojas: list[Loja], pecas: Pecas) -> None:
        for loja in lojas:
            self.provas.documentos += await loja.show_all()

        def judge(conteudo: bytes) -> list[str]:
            return list(archive_faults(conteudo, pecas.esquemas))

        for conferida in ConferenciaPg(pecas.banco).run(judge):
            self.provas.arquivo += [f"{falta.chave}: {falta.motivo}" for falta in conferida.faltas]

    async def _until(self, quando: datetime) -> None:
        await asyncio.sleep(max(0.0, (quando - self._relogio.now()).total_seconds()))


def _row_id(loja: Loja) -> int:
    """The id of a shop's company in the tables: what follows `comp_` in the API's."""
    return int(loja.empresa_id.rpartition("_")[2])
