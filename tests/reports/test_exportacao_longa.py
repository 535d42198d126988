"""An export of very many XMLs: its memory is that of one batch, and its progress is told all the way."""

import os
import zipfile
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from benchmarks.empresa_cheia import DIAS, INICIO, XML_BYTES, seeded
from obstore.store import LocalStore

from chancela.domain.identidade import Ambiente
from chancela.issuing.modelo import Estado
from chancela.kit.clock import SystemClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SystemRandomness
from chancela.reports.exportacao import Exportador
from chancela.reports.pedidos import NOTAS, PedidoExportacao
from chancela.stores.exportacoes import EstadoExportacao, Exportacao, ExportacoesPg
from chancela.stores.relatorios import RelatoriosPg

QUANTOS = int(os.environ.get("CHANCELA_CAMPANHA_XMLS", "100000"))
FOLGA_MIB = 40
"""What the process may grow by after a tenth of the work, however many files there are: two parts on their way and one being filled."""


class Observadas(ExportacoesPg):
    """Notes the memory of this process at every report of progress."""

    def __init__(self, exportacoes: ExportacoesPg) -> None:
        super().__init__(exportacoes._banco)
        self.amostras: list[tuple[int, float]] = []

    def advance(self, exportacao: Exportacao, feitos: int, *, prazo_s: float) -> bool:
        self.amostras.append((feitos, psutil.Process().memory_info().rss / 2**20))
        return super().advance(exportacao, feitos, prazo_s=prazo_s)


@pytest.mark.longo
def test_a_hundred_thousand_files_in_flat_memory(tmp_path: Path) -> None:
    with seeded(QUANTOS, com_xml=True) as (banco, empresa_id):
        exportacoes = Observadas(ExportacoesPg(banco))
        ids = TimeOrderedIds(SystemClock(), SystemRandomness())
        exportador = Exportador(RelatoriosPg(banco), exportacoes, LocalStore(tmp_path), ids, lambda _: None)
        pedido = PedidoExportacao(
            NOTAS, Ambiente.PRODUCAO, INICIO.date(), INICIO.date() + timedelta(days=DIAS),
            (Estado.AUTORIZADO, Estado.CANCELADO), "xml",
        )  # fmt: skip
        pedida = exportador.request(empresa_id, pedido)
        assert exportador.make_next()
        pronta = exportacoes.get(pedida.id, empresa_id)
    assert pronta is not None
    assert pronta.estado is EstadoExportacao.CONCLUIDA, pronta.motivo
    assert pronta.caminho is not None
    assert pronta.feitos == pronta.total > 0.9 * QUANTOS
    with zipfile.ZipFile(tmp_path / pronta.caminho) as pacote:
        nomes = pacote.namelist()
        assert len(set(nomes)) == len(nomes) == pronta.total
        assert all(pacote.getinfo(nome).file_size >= XML_BYTES for nome in nomes)
        assert len(pacote.read(nomes[-1])) >= XML_BYTES
    feitos = [f for f, _ in exportacoes.amostras]
    assert feitos == sorted(feitos)
    assert max(b - a for a, b in zip([0, *feitos], feitos, strict=False)) <= 100
    depois = [mib for f, mib in exportacoes.amostras if f >= pronta.total // 10]
    crescimento = max(depois) - depois[0]
    print(
        f"{pronta.total} XMLs de {XML_BYTES} bytes: {depois[0]:.0f} MiB depois de um décimo, máximo {max(depois):.0f} MiB,"
        f" arquivo de {(pronta.tamanho or 0) / 2**20:.0f} MiB"
    )
    assert crescimento <= FOLGA_MIB
