"""The control API under `/_simulador`: faults, clock, ledger, journal, register, rules. JSON in, JSON out; see docs/simulador.md."""

from dataclasses import fields

from aiohttp import web

from chancela.simulator.cadastro import CodigoSeguranca, Contribuinte
from chancela.simulator.cenarios import run_due_orders, set_svc
from chancela.simulator.consulta_cnpj import describe_cnpj
from chancela.simulator.controle_http import (
    PedidoInvalido,
    Rota,
    guarded,
    read_body,
    read_instant,
    read_int,
    respond_json,
)
from chancela.simulator.controle_livro import ControleLivro
from chancela.simulator.controle_ordens import ControleOrdens
from chancela.simulator.regras.catalogo import REGRAS
from chancela.simulator.repeticao import dump_export, export_exchanges, replay_exchanges
from chancela.simulator.sefaz import Sefaz
from chancela.simulator.servicos.catalogo import SERVICOS

_CODIGO = {campo.name for campo in fields(CodigoSeguranca)}
_CONTRIBUINTE = {campo.name for campo in fields(Contribuinte)}


class Controle:
    """Handlers over one authority."""

    def __init__(self, sefaz: Sefaz) -> None:
        self._sefaz = sefaz

    def add_routes(self, app: web.Application) -> None:
        """Hang the control API into an application."""
        rotas: list[Rota] = [
            *ControleLivro(self._sefaz).routes(),
            *ControleOrdens(self._sefaz).routes(),
            ("GET", "/_simulador", self.show_state),
            ("GET", "/_simulador/falhas", self.list_falhas),
            ("POST", "/_simulador/falhas", self.add_falha),
            ("DELETE", "/_simulador/falhas", self.clear_falhas),
            ("DELETE", "/_simulador/falhas/{id}", self.remove_falha),
            ("GET", "/_simulador/relogio", self.show_relogio),
            ("PUT", "/_simulador/relogio", self.set_relogio),
            ("POST", "/_simulador/relogio", self.set_relogio),
            ("PUT", "/_simulador/prazos", self.set_prazos),
            ("GET", "/_simulador/regras", self.list_regras),
            ("PUT", "/_simulador/regras/{codigo}", self.switch_regra),
            ("GET", "/_simulador/cadastro", self.list_cadastro),
            ("PUT", "/_simulador/cadastro", self.set_cadastro),
            ("POST", "/_simulador/cadastro", self.add_contribuinte),
            ("DELETE", "/_simulador/cadastro/{documento}", self.remove_contribuinte),
            ("GET", "/_simulador/csc", self.list_csc),
            ("POST", "/_simulador/csc", self.add_csc),
            ("GET", "/_simulador/cnpj/{cnpj}", self.show_cnpj),
            ("PUT", "/_simulador/svc/{uf}", self.set_svc),
            ("POST", "/_simulador/reset", self.reset),
            ("GET", "/_simulador/exportar", self.export),
            ("POST", "/_simulador/repetir", self.replay),
        ]
        for metodo, caminho, funcao in rotas:
            app.router.add_route(metodo, caminho, guarded(funcao))

    async def show_state(self, _pedido: web.Request) -> web.Response:
        """What runs here, at what time, holding how much."""
        sefaz = self._sefaz
        return respond_json(
            {
                "agora": sefaz.relogio.now().isoformat(),
                "servicos": [servico.nome for servico in SERVICOS],
                "livro": sefaz.livro.counts(),
                "falhas": sefaz.plano.dump(),
                "regras": len(REGRAS),
                "ca_file": str(sefaz.autoridade.ca_file),
            }
        )

    async def list_falhas(self, _pedido: web.Request) -> web.Response:
        return respond_json(self._sefaz.plano.dump())

    async def add_falha(self, pedido: web.Request) -> web.Response:
        falha = self._sefaz.plano.add(await read_body(pedido))
        self._sefaz.store_settings()
        return respond_json({"id": falha.id}, status=201)

    async def clear_falhas(self, _pedido: web.Request) -> web.Response:
        self._sefaz.plano.clear()
        self._sefaz.store_settings()
        return respond_json({})

    async def remove_falha(self, pedido: web.Request) -> web.Response:
        if not self._sefaz.plano.remove(read_int(pedido.match_info["id"])):
            return respond_json({"erro": "não há falha com este id"}, status=404)
        self._sefaz.store_settings()
        return respond_json({})

    async def show_relogio(self, _pedido: web.Request) -> web.Response:
        relogio = self._sefaz.relogio
        return respond_json(
            {"agora": relogio.now().isoformat(), "parado": relogio.parado, "offset_s": relogio.offset_s}
        )

    async def set_relogio(self, pedido: web.Request) -> web.Response:
        """`{"agora": ISO}`, `{"parado_em": ISO}`, `{"avanca_s": n}` or `{"segue": true}`."""
        dados = await read_body(pedido)
        relogio = self._sefaz.relogio
        if "parado_em" in dados:
            relogio.freeze(read_instant(dados["parado_em"]))
        elif "agora" in dados:
            relogio.set(read_instant(dados["agora"]))
        elif dados.get("segue"):
            relogio.follow()
        if "avanca_s" in dados:
            relogio.advance(float(dados["avanca_s"]))
        run_due_orders(self._sefaz, relogio.now())
        self._sefaz.process_due_lotes(relogio.now())
        self._sefaz.store_settings()
        return await self.show_relogio(pedido)

    async def set_prazos(self, pedido: web.Request) -> web.Response:
        """`{"tolerancia_cancelamento_h": n}`: until then a late cancellation is accepted with 155."""
        horas = (await read_body(pedido)).get("tolerancia_cancelamento_h")
        if not isinstance(horas, int) or horas < 0:
            raise PedidoInvalido("envie tolerancia_cancelamento_h: um número inteiro de horas")
        self._sefaz.tolerancia_cancelamento_h = horas
        self._sefaz.store_settings()
        return respond_json({})

    async def list_regras(self, _pedido: web.Request) -> web.Response:
        parametros = self._sefaz.parametros
        return respond_json(
            [
                {
                    "codigo": r.codigo, "c_stat": r.c_stat, "mensagem": r.mensagem, "modelos": sorted(r.modelos),
                    "prioridade": r.prioridade, "ativa": parametros.is_on(r),
                    "inicio": r.inicio.isoformat() if r.inicio else None, "fim": r.fim.isoformat() if r.fim else None,
                }
                for r in REGRAS
            ]
        )  # fmt: skip

    async def switch_regra(self, pedido: web.Request) -> web.Response:
        """`{"ativa": true|false}`."""
        ativa = (await read_body(pedido)).get("ativa")
        if not isinstance(ativa, bool):
            raise PedidoInvalido("envie ativa: true ou false")
        if not self._sefaz.parametros.switch(pedido.match_info["codigo"], ativa):
            return respond_json({"erro": "não há regra com este código"}, status=404)
        self._sefaz.store_settings()
        return respond_json({})

    async def list_cadastro(self, _pedido: web.Request) -> web.Response:
        cadastro = self._sefaz.cadastro
        return respond_json({"estrito": cadastro.estrito, "contribuintes": cadastro.dump()})

    async def set_cadastro(self, pedido: web.Request) -> web.Response:
        """`{"estrito": true}` refuses issuers that are not registered."""
        self._sefaz.cadastro.estrito = bool((await read_body(pedido)).get("estrito"))
        self._sefaz.store_settings()
        return respond_json({})

    async def add_contribuinte(self, pedido: web.Request) -> web.Response:
        dados = await read_body(pedido)
        if not {"documento", "uf", "ie", "nome"} <= set(dados) <= _CONTRIBUINTE:
            raise PedidoInvalido(
                f"um contribuinte tem documento, uf, ie e nome; aceitos: {', '.join(sorted(_CONTRIBUINTE))}"
            )
        self._sefaz.cadastro.add(Contribuinte(**dados))
        self._sefaz.store_settings()
        return respond_json({}, status=201)

    async def remove_contribuinte(self, pedido: web.Request) -> web.Response:
        self._sefaz.cadastro.remove(pedido.match_info["documento"])
        self._sefaz.store_settings()
        return respond_json({})

    async def list_csc(self, _pedido: web.Request) -> web.Response:
        return respond_json(self._sefaz.cadastro.dump_csc())

    async def add_csc(self, pedido: web.Request) -> web.Response:
        """`{"documento", "id", "codigo"}`, and `revogado_em` for one that is void from then on."""
        dados = await read_body(pedido)
        if not {"documento", "id", "codigo"} <= set(dados) <= _CODIGO:
            raise PedidoInvalido(f"um CSC tem documento, id e codigo; aceitos: {', '.join(sorted(_CODIGO))}")
        if dados.get("revogado_em"):
            read_instant(dados["revogado_em"])
        self._sefaz.cadastro.add_csc(CodigoSeguranca(**{campo: str(valor) for campo, valor in dados.items()}))
        self._sefaz.store_settings()
        return respond_json({}, status=201)

    async def show_cnpj(self, pedido: web.Request) -> web.Response:
        """The public register of companies."""
        achado = describe_cnpj(self._sefaz.cadastro, pedido.match_info["cnpj"].upper())
        if achado is None:
            return respond_json({"erro": "não há empresa com este CNPJ"}, status=404)
        return respond_json(achado)

    async def set_svc(self, pedido: web.Request) -> web.Response:
        """`{"estado": 107 | 113 | 114}` for the contingency of one UF, or of all with `*`."""
        set_svc(self._sefaz, pedido.match_info["uf"].upper(), (await read_body(pedido)).get("estado"))
        self._sefaz.store_settings()
        return respond_json({})

    async def reset(self, _pedido: web.Request) -> web.Response:
        """Forget documents, journal, faults, register, switches and clock. The CA stays."""
        self._sefaz.livro.reset()
        self._sefaz.relogio.follow()
        self._sefaz.load_settings()
        return respond_json({})

    async def export(self, _pedido: web.Request) -> web.Response:
        """Everything said since the ledger was empty, for `repetir`."""
        return web.Response(text=dump_export(export_exchanges(self._sefaz)), content_type="application/json")

    async def replay(self, pedido: web.Request) -> web.Response:
        """Tell an export again in a ledger of its own: how many answers are the same bytes."""
        return respond_json(replay_exchanges(self._sefaz, await read_body(pedido), self._sefaz.relogio))
