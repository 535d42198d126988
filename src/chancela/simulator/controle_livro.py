"""The control API's view of the ledger: notes, events, ranges, receptions, queues and the journal."""

from aiohttp import web

from chancela.simulator.controle_http import Rota, read_filters, read_int, respond_json
from chancela.simulator.estado import Estado


class ControleLivro:
    """Handlers that only read."""

    def __init__(self, estado: Estado) -> None:
        self._livro = estado.livro

    def routes(self) -> list[Rota]:
        return [
            ("GET", "/_simulador/notas", self.list_notas),
            ("GET", "/_simulador/notas/{chave}", self.show_nota),
            ("GET", "/_simulador/eventos", self.list_eventos),
            ("GET", "/_simulador/inutilizacoes", self.list_inutilizacoes),
            ("GET", "/_simulador/recepcoes", self.list_recepcoes),
            ("GET", "/_simulador/diario", self.list_diario),
            ("GET", "/_simulador/diario/{id}/{parte}", self.show_corpo),
            ("GET", "/_simulador/distribuicao", self.list_distribuicao),
        ]

    async def list_notas(self, pedido: web.Request) -> web.Response:
        return respond_json(self._livro.list_notas(*read_filters(pedido)))

    async def show_nota(self, pedido: web.Request) -> web.Response:
        """The verbatim XML of an authorised document; `?parte=protocolo` for its protNFe."""
        ambiente = read_int(pedido.query.get("ambiente", "2"))
        nota = self._livro.find_nota(ambiente, pedido.match_info["chave"])
        if nota is None:
            return respond_json({"erro": "não há nota autorizada com esta chave neste ambiente"}, status=404)
        corpo = nota.prot_nfe.encode() if pedido.query.get("parte") == "protocolo" else nota.xml
        return web.Response(body=corpo, content_type="application/xml", charset="utf-8")

    async def list_eventos(self, pedido: web.Request) -> web.Response:
        return respond_json(self._livro.list_eventos(*read_filters(pedido)))

    async def list_inutilizacoes(self, pedido: web.Request) -> web.Response:
        return respond_json(self._livro.list_inutilizacoes(*read_filters(pedido)))

    async def list_recepcoes(self, pedido: web.Request) -> web.Response:
        return respond_json(self._livro.list_recepcoes(*read_filters(pedido)))

    async def list_diario(self, pedido: web.Request) -> web.Response:
        return respond_json(self._livro.list_trocas(*read_filters(pedido)))

    async def show_corpo(self, pedido: web.Request) -> web.Response:
        """`pedido` or `resposta` of one exchange, as it went over the wire."""
        corpos = self._livro.troca_bodies(read_int(pedido.match_info["id"]))
        parte = pedido.match_info["parte"]
        if corpos is None or parte not in ("pedido", "resposta"):
            return respond_json({"erro": "não há esta troca no diário"}, status=404)
        return web.Response(
            body=corpos[0 if parte == "pedido" else 1], content_type="application/xml", charset="utf-8"
        )

    async def list_distribuicao(self, pedido: web.Request) -> web.Response:
        """The queues of NSU; `cnpj` is the interested person."""
        return respond_json(self._livro.list_distribuicao(*read_filters(pedido)))
