"""`chancela up`: database, simulator, API and worker on one machine, with a demonstration company to try it on."""

import asyncio
import json
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.cli.saida import say
from chancela.kit.clock import SystemClock
from chancela.server.configuracao import Configuracao
from chancela.server.demonstracao import CATEGORIA_NORMAL, EMPRESA_NORMAL, SENHA, pfx_data_url
from chancela.server.pecas import database_of, open_empresas
from chancela.server.prontidao import end_with_parent
from chancela.server.registro import configure_log
from chancela.server.supervisor import Filho, Supervisor
from chancela.simulator.ca import AutoridadeTeste
from chancela.stores.migracao import migrate

_SIMULADOR = Filho("simulador", ("simulador",))
_API = Filho("api", ("serve",))
_WORKER = Filho("worker", ("worker",))


async def run_platform(configuracao: Configuracao, *, ready_file: Path | None, quieto: bool) -> int:
    """Start everything, write the ready file, and stay until SIGTERM or SIGINT. Returns the exit code."""
    configure_log(configuracao.log_level, em_json=configuracao.log_json, processo="supervisor")
    configuracao.pasta.mkdir(parents=True, exist_ok=True)
    fim = asyncio.Event()
    laco = asyncio.get_running_loop()
    for sinal in (signal.SIGTERM, signal.SIGINT):
        laco.add_signal_handler(sinal, fim.set)
    end_with_parent()
    com_simulador = not configuracao.sefaz_url
    with database_of(configuracao) as url:
        await asyncio.to_thread(migrate, url)
        supervisor = Supervisor(configuracao.pasta, _environment(configuracao, url))
        try:
            filhos = [_API, _WORKER]
            if com_simulador:
                # Its authority first: the others trust it from their first connection on.
                await asyncio.to_thread(AutoridadeTeste.open, configuracao.pasta_simulador)
                filhos.append(_SIMULADOR)
            await asyncio.gather(*(supervisor.start(filho) for filho in filhos))
            pronto = await asyncio.to_thread(_ready_facts, configuracao, url, com_simulador)
            if ready_file is not None:
                _write(ready_file, pronto)
            if not quieto:
                _introduce(pronto)
            await fim.wait()
        finally:
            await supervisor.stop()
    return 0


def _environment(configuracao: Configuracao, url: str) -> Mapping[str, str]:
    """What the children need to know beyond what they inherit."""
    ambiente = {"CHANCELA_HOME": str(configuracao.pasta), "CHANCELA_DATABASE_URL": url}
    if not configuracao.sefaz_url:
        ambiente["CHANCELA_SEFAZ_URL"] = f"https://127.0.0.1:{configuracao.simulator_port}"
        ambiente["CHANCELA_SEFAZ_CA_FILE"] = str(configuracao.pasta_simulador / "ca.pem")
        if not configuracao.cnpj_lookup_url:
            ambiente["CHANCELA_CNPJ_LOOKUP_URL"] = (
                f"http://127.0.0.1:{configuracao.porta_controle}/_simulador/cnpj"
            )
    return ambiente


def _ready_facts(configuracao: Configuracao, url: str, com_simulador: bool) -> dict[str, Any]:
    """Addresses and tokens for tools. The demonstration accounts exist only beside the simulator."""
    endereco = configuracao.base_url or f"http://{configuracao.host}:{configuracao.port}"
    fatos: dict[str, Any] = {"tffiscal": {"url": endereco}, "home": str(configuracao.pasta)}
    if com_simulador:
        fatos["simulador"] = {
            "url": f"https://127.0.0.1:{configuracao.simulator_port}",
            "controle_url": f"http://127.0.0.1:{configuracao.porta_controle}",
            "ca_file": str(configuracao.pasta_simulador / "ca.pem"),
        }
        integrador, empresa = _demonstration_tokens(configuracao, url, endereco)
        fatos["tffiscal"] |= {"integrador_token": integrador, "empresa_token": empresa}
    return fatos


def _demonstration_tokens(configuracao: Configuracao, url: str, endereco: str) -> tuple[str, str]:
    """Tokens of the demonstration accounts, made on the first start and kept beside the other data."""
    guardados = configuracao.pasta / "demonstracao.json"
    if guardados.exists():
        tokens = json.loads(guardados.read_text())
        return tokens["integrador"], tokens["empresa"]
    with open_empresas(configuracao, url) as empresas:
        _, integrador = empresas.create_integrador("Demonstração")
    pfx = AutoridadeTeste.open(configuracao.pasta_simulador).issue_test_certificate(
        nome=EMPRESA_NORMAL["name"], senha=SENHA, agora=SystemClock().now(), cnpj=EMPRESA_NORMAL["cnpj"]
    )
    corpo = {**EMPRESA_NORMAL, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA}
    criada = ClienteTffiscal(endereco, integrador).post("/api/company/create", corpo)
    if not criada.corpo.get("success"):
        raise RuntimeError(f"a empresa de demonstração não foi aceita: {criada.corpo}")
    empresa: str = criada.dados["token"]
    ClienteTffiscal(endereco, empresa).post(
        "/api/category/create", {**CATEGORIA_NORMAL, "category_id": "DEMO"}
    )
    guardados.touch(mode=0o600)
    guardados.write_text(json.dumps({"integrador": integrador, "empresa": empresa}))
    return integrador, empresa


def _write(destino: Path, fatos: Mapping[str, Any]) -> None:
    """Whole or not at all, and readable only by its owner: it holds tokens."""
    provisorio = destino.with_name(destino.name + ".novo")
    provisorio.touch(mode=0o600)
    provisorio.write_text(json.dumps(fatos, ensure_ascii=False, indent=1))
    provisorio.replace(destino)


def _introduce(fatos: Mapping[str, Any]) -> None:
    tffiscal = fatos["tffiscal"]
    say(f"\nTFFiscal           {tffiscal['url']}")
    if "simulador" not in fatos:
        say("SEFAZ              endereço configurado em CHANCELA_SEFAZ_URL\n")
        return
    simulador = fatos["simulador"]
    say(f"Simulador da SEFAZ {simulador['url']}   controle {simulador['controle_url']}/_simulador")
    say("Tudo o que for emitido aqui vai para o simulador e não tem valor fiscal.")
    say(f"Token do integrador {tffiscal['integrador_token']}")
    say(f"Token da empresa    {tffiscal['empresa_token']}")
    say("\nCole num terminal:\n")
    say(_paste(tffiscal["url"], tffiscal["empresa_token"]))


def _paste(url: str, token: str) -> str:
    """One request, ready to paste into a shell."""
    corpo = json.dumps(
        {
            "id": "PEDIDO-1",
            "nature_of_operation": "Venda de mercadoria",
            "transaction_type": "1",
            "model": "55",
            "issuance_type": "1",
            "ambiente": "2",
            "cliente": {
                "cpf": "12345678909", "name": "Cliente Exemplo", "endereco": "Rua Exemplo", "numero": "100",
                "bairro": "Centro", "city": "São Paulo", "uf": "SP", "cep": "01001000",
            },
            "products": [
                {
                    "codigo": "PROD001", "name": "Produto Exemplo", "ncm": "85176277", "count": 2, "unit": "UN",
                    "unit_price": 150.00, "total_price": 300.00, "category_id": "DEMO", "origem": 0,
                    "indicador_total": 1,
                }
            ],
            "pag_info": [{"payment_method": "01", "payment_indicator": "0", "payment_value": 300.00}],
        },
        ensure_ascii=False,
    )  # fmt: skip
    return (
        f"TOKEN='{token}'\nCORPO='{corpo}'\nHORA=$(date +%s)\n"
        "SIGN=$(printf %s \"$TOKEN/api/invoice/create$CORPO$HORA\" | md5sum | cut -d' ' -f1)\n"
        f'curl -s {url}/api/invoice/create -H "token: $TOKEN" -H "timestamp: $HORA" -H "sign: $SIGN" \\\n'
        "     -H 'Content-Type: application/json;charset=utf-8' -d \"$CORPO\"\n"
    )
