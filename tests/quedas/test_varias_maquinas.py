"""Two APIs and two workers, each on a machine of its own, on one PostgreSQL and one S3: whichever is asked answers the same.

No process knows anything that the others need: a document goes in by one, is read by the other, and a worker that dies
in the middle leaves its work to the one that lives.
"""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from tests.fixtures.objetos import ServidorDeObjetos, open_s3
from tests.processos.apoio import Loja, eventually
from tests.quedas.acumulo import accumulate
from tests.quedas.balanco import compare, wait_until_done
from tests.quedas.casa import Casa, open_casa

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("maquinas")]

EMPRESAS, PENDENTES, VENDAS = 2, 8, 3
MORTE = "documento_respondido"


@dataclass(frozen=True, slots=True)
class Rede:
    """The machines, and the store that they share."""

    casa: Casa
    s3: ServidorDeObjetos

    def ends(self, loja: Loja) -> tuple[ClienteTffiscal, ClienteTffiscal]:
        """A company at either API."""
        outra = self.casa.reach("api2").pronto["tffiscal"]["url"]
        return loja.cliente, ClienteTffiscal(outra, loja.cliente._token)


@pytest.fixture(scope="module")
def rede() -> Iterator[Rede]:
    with (
        open_s3() as s3,
        open_casa("api2", "worker2", CHANCELA_ARTIFACTS_URL=s3.url, **s3.ambiente) as casa,
    ):
        yield Rede(casa, s3)


def test_what_one_api_took_in_the_other_hands_out(rede: Rede) -> None:
    loja = Loja(rede.casa.plataforma)
    uma, outra = rede.ends(loja)
    for quem, quem_le in ((uma, outra), (outra, uma)):
        criada = quem.post("/api/invoice/create", loja.sale(id=f"LADO-{quem is uma}"))
        assert criada.dados["status"] == "Success", criada.corpo
        detalhe = quem_le.get("/api/invoice/get_detail", uuid=criada.dados["uuid"]).dados
        assert detalhe["chave"] == criada.dados["chave"]
        assert quem_le.download(detalhe["xml"]) == quem.download(detalhe["xml"])
        papel = quem.post("/api/invoice/get_danfe", {"uuid": criada.dados["uuid"]}).dados["danfe_simples"]
        assert quem_le.download(papel) == quem.download(papel)
    assert [nota["numero"] for nota in sorted(loja.ledger(), key=lambda nota: nota["numero"])] == [1, 2]


def test_one_id_at_both_at_once_is_one_document(rede: Rede) -> None:
    loja = Loja(rede.casa.plataforma)
    with ThreadPoolExecutor(4) as fios:
        respostas = list(
            fios.map(lambda quem: quem.post("/api/invoice/create", loja.sale(id="UMA")), rede.ends(loja) * 2)
        )
    uuids = {r.dados["uuid"] for r in respostas if r.status == 200}
    assert len(uuids) == 1, [r.corpo for r in respostas]
    detalhe = wait_settled(loja.cliente, uuids.pop(), SystemClock()).dados
    assert [(nota["chave"], nota["numero"]) for nota in loja.ledger()] == [(detalhe["chave"], 1)]


def test_a_worker_dies_in_the_middle_and_the_other_one_ends_the_work(rede: Rede, tmp_path: Path) -> None:
    """Whichever comes first to an answer of SEFAZ dies with it in its hands, while both APIs go on selling."""
    casa = rede.casa
    lojas = [Loja(casa.plataforma) for _ in range(EMPRESAS)]
    for nome in ("worker", "worker2"):
        casa.kill(nome)
    for loja in lojas:
        accumulate(casa, loja, PENDENTES)
    (tmp_path / MORTE).touch()  # for workers only: the APIs look into another folder
    for nome in ("worker", "worker2"):
        casa.spawn(nome, CHANCELA_CRASH_FOLDER=str(tmp_path))
    with ThreadPoolExecutor(EMPRESAS * 2) as fios:
        turnos = [
            fios.submit(sell, rede, loja, lado, vez)
            for loja in lojas
            for lado in (0, 1)
            for vez in range(VENDAS)
        ]
        for turno in turnos:
            turno.result()
    morto = eventually(lambda: dead(casa), prazo_s=240)
    assert casa.processos[morto].returncode == -signal.SIGKILL
    for loja in lojas:
        wait_until_done(casa, loja.cnpj, prazo_s=240)
        notas = compare(casa, loja.cnpj)
        assert [nota.estado for nota in notas] == ["AUTORIZADO"] * (PENDENTES + 2 * VENDAS)
    eventually(lambda: not uncopied(casa), prazo_s=120)
    assert sum("procNFe" in caminho for caminho in rede.s3.paths()) >= EMPRESAS * (PENDENTES + 2 * VENDAS)
    casa.start(morto)


def dead(casa: Casa) -> str:
    """The worker that ended, if one has."""
    return next((nome for nome in ("worker", "worker2") if casa.processos[nome].poll() is not None), "")


def sell(rede: Rede, loja: Loja, lado: int, vez: int) -> None:
    resposta = rede.ends(loja)[lado].post("/api/invoice/create", loja.sale(id=f"VENDA-{lado}-{vez}"))
    assert resposta.status == 200, resposta.corpo


def uncopied(casa: Casa) -> int:
    with psycopg.connect(casa.url_banco) as conexao:
        linha = conexao.execute("SELECT count(*) FROM artefatos WHERE copiado_em IS NULL").fetchone()
    assert linha is not None
    return linha[0]
