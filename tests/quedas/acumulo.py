"""Work that waits: sales with their numbers and no signature yet, as a worker that was away finds them."""

import asyncio

import psycopg
from tests.documents.nfe import pedidos
from tests.documents.nfe.lugares import LUGARES
from tests.processos.apoio import Loja
from tests.quedas.casa import Casa

from chancela.domain.identidade import Ambiente
from chancela.issuing.servico_nfe import ServicoNfe
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import open_pecas
from chancela.stores.referencia_tributos import packaged_tabelas


def accumulate(casa: Casa, loja: Loja, quantas: int, nome: str = "ACUMULADA") -> None:
    """So many sales with their numbers, signed by nobody yet: what a worker that was away finds."""
    configuracao = Configuracao(home=casa.pasta, database_url=casa.url_banco)
    with open_pecas(configuracao, casa.url_banco, threads=2, nome="chancela-teste") as pecas:
        ((empresa_id,),) = _query(casa, "SELECT id FROM empresas WHERE cnpj = %s", loja.cnpj)
        empresa = pecas.empresas.get(empresa_id)
        assert empresa is not None
        servico = ServicoNfe(
            emissor=None,  # type: ignore[arg-type] - nothing is sent here
            categorias=pecas.categorias, lugares=LUGARES, tabelas=packaged_tabelas(), esquemas=pecas.esquemas,
            clock=pecas.clock, ids=pecas.ids, randomness=pecas.randomness, executor=pecas.executor,
        )  # fmt: skip
        item = pedidos.replace(pedidos.PRODUTO, categoria=loja.categoria)
        pedido = pedidos.replace(pedidos.SIMPLES, itens=(item,), ambiente=Ambiente.HOMOLOGACAO)
        preparada = asyncio.run(servico.prepare(empresa, pedido))
        for vez in range(quantas):
            novo = servico._novo(
                empresa, preparada, referencia=f"{nome}-{vez}", reabrir=False, corpo=b"{}", offline=False
            )
            pecas.documentos.admit(novo, dono=None, prazo_s=60.0)


def _query(casa: Casa, sql: str, *parametros: object) -> list[tuple[int, ...]]:
    with psycopg.connect(casa.url_banco) as conexao:
        return conexao.execute(sql, parametros).fetchall()  # type: ignore[arg-type]
