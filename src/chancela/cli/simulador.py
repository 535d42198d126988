"""`chancela simulador ...`: a person's hand on a running simulator, through its control API."""

import http.client
import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

import typer

from chancela.cli.saida import RECUSADO, USO_ERRADO, say, show, show_rows

CONTROLE = "http://127.0.0.1:8444"
_COLUNAS_DIARIO = ("id", "quando", "servico", "autorizador", "emitente", "c_stat", "motivo", "falha")
_COLUNAS_NOTAS = ("chave", "modelo", "emitente", "serie", "numero", "protocolo", "situacao", "recepcoes")

simulador = typer.Typer(
    help="SEFAZ local: sobe o simulador, ou manda em um que já está de pé.", invoke_without_command=True
)
relogio = typer.Typer(help="Hora do simulador.", no_args_is_help=True)
falhas = typer.Typer(help="Plano de falhas.", no_args_is_help=True)
cenario = typer.Typer(
    help="Cenários: o que acontece às autorizadoras com o passar das horas.", no_args_is_help=True
)
simulador.add_typer(relogio, name="relogio")
simulador.add_typer(falhas, name="falhas")
simulador.add_typer(cenario, name="cenario")

Controle = Annotated[str, typer.Option("--controle", help="Endereço do controle.")]
EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]


def call(controle: str, metodo: str, caminho: str, dados: object = None) -> Any:
    """One request to the control API; its refusal, and a simulator that is not there, end the command."""
    partes = urlsplit(controle)
    if partes.scheme != "http" or not partes.hostname:
        say(f"--controle é um endereço http, como {CONTROLE}: {controle}")
        raise SystemExit(USO_ERRADO)
    conexao = http.client.HTTPConnection(partes.hostname, partes.port or 80, timeout=120)
    try:
        conexao.request(metodo, f"/_simulador{caminho}", None if dados is None else json.dumps(dados))
        resposta = conexao.getresponse()
        corpo = json.loads(resposta.read() or b"{}")
    except (OSError, ValueError, http.client.HTTPException) as erro:
        say(f"O simulador não respondeu em {controle}: {erro}. Ele está de pé? (chancela simulador)")
        raise SystemExit(RECUSADO) from None
    finally:
        conexao.close()
    if resposta.status >= 400:
        say(str(corpo.get("erro", f"HTTP {resposta.status}")))
        raise SystemExit(RECUSADO)
    return corpo


def _rows(titulo: str, colunas: tuple[str, ...], linhas: list[dict[str, Any]], em_json: bool) -> None:
    show_rows(
        titulo, colunas, [[str(linha.get(c, "")) for c in colunas] for linha in linhas], em_json=em_json
    )


@simulador.command()
def estado(controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Hora, contagens do livro, falhas e regras."""
    show(call(controle, "GET", ""), em_json=em_json)


@simulador.command()
def diario(
    servico: Annotated[str, typer.Option(help="Só este serviço.")] = "",
    c_stat: Annotated[str, typer.Option(help="Só este cStat.")] = "",
    limite: Annotated[int, typer.Option(help="Quantas trocas, da mais nova.")] = 20,
    controle: Controle = CONTROLE,
    em_json: EmJson = False,
) -> None:
    """As últimas trocas, com o cStat, o motivo e a falha de cada uma."""
    filtros = {"servico": servico, "c_stat": c_stat, "limite": limite}
    _rows("Diário", _COLUNAS_DIARIO, call(controle, "GET", f"/diario?{urlencode(filtros)}"), em_json)


@simulador.command()
def notas(
    cnpj: Annotated[str, typer.Option(help="Só deste emitente.")] = "",
    limite: Annotated[int, typer.Option(help="Quantas notas, da mais nova.")] = 20,
    controle: Controle = CONTROLE,
    em_json: EmJson = False,
) -> None:
    """Notas autorizadas no livro."""
    filtros = {"cnpj": cnpj, "limite": limite}
    _rows("Notas", _COLUNAS_NOTAS, call(controle, "GET", f"/notas?{urlencode(filtros)}"), em_json)


@simulador.command()
def svc(
    uf: str,
    estado_svc: Annotated[int, typer.Argument(help="107, 113 ou 114.")],
    controle: Controle = CONTROLE,
) -> None:
    """Liga (107), avisa o fim (113) ou desliga (114) a SVC de uma UF, ou de todas com TODAS."""
    alvo = "*" if uf.upper() == "TODAS" else uf.upper()
    call(controle, "PUT", f"/svc/{quote(alvo, safe='')}", {"estado": estado_svc})
    say(f"SVC de {uf.upper()}: {estado_svc}")


@simulador.command()
def fornecedor(
    destinatario: str,
    quantidade: Annotated[int, typer.Option(help="Quantas notas.")] = 1,
    valor: Annotated[str, typer.Option(help="Valor de cada uma, em reais.")] = "100.00",
    controle: Controle = CONTROLE,
    em_json: EmJson = False,
) -> None:
    """Um fornecedor fictício emite notas para um CNPJ ou CPF."""
    dados = {"destinatario": destinatario, "quantidade": quantidade, "valor": valor}
    feito = call(controle, "POST", "/fornecedor/notas", dados)
    _rows("Notas emitidas", ("chave",), [{"chave": chave} for chave in feito["chaves"]], em_json)


@simulador.command()
def exportar(arquivo: Path, controle: Controle = CONTROLE) -> None:
    """Grava tudo o que foi dito ao simulador desde o livro vazio, para `repetir`."""
    dados = call(controle, "GET", "/exportar")
    arquivo.write_text(json.dumps(dados, ensure_ascii=False, sort_keys=True, indent=1) + "\n", "utf-8")
    say(f"{len(dados['trocas'])} trocas em {arquivo}")


@simulador.command()
def repetir(arquivo: Path, controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Repete uma exportação à parte do livro; sai com 1 se alguma resposta difere em um byte."""
    try:
        dados = json.loads(arquivo.read_text("utf-8"))
    except (OSError, ValueError) as erro:
        say(f"Não consegui ler {arquivo}: {erro}")
        raise SystemExit(USO_ERRADO) from None
    resultado = call(controle, "POST", "/repetir", dados)
    show(resultado, em_json=em_json)
    raise SystemExit(RECUSADO if resultado["diferentes"] else 0)


@relogio.command("ver")
def relogio_ver(controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Mostra a hora do simulador."""
    show(call(controle, "GET", "/relogio"), em_json=em_json)


@relogio.command("avancar")
def relogio_avancar(segundos: float, controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Anda tantos segundos."""
    show(call(controle, "PUT", "/relogio", {"avanca_s": segundos}), em_json=em_json)


@relogio.command("parar")
def relogio_parar(instante: str, controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Para em um instante com fuso, como 2026-11-21T10:00:00-03:00."""
    show(call(controle, "PUT", "/relogio", {"parado_em": instante}), em_json=em_json)


@relogio.command("seguir")
def relogio_seguir(controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Volta à hora real."""
    show(call(controle, "PUT", "/relogio", {"segue": True}), em_json=em_json)


@falhas.command("listar")
def falhas_listar(controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Mostra o plano."""
    colunas = ("id", "tipo", "servico", "autorizador", "cnpj", "vezes", "inicio", "fim", "em_cem")
    _rows("Falhas", colunas, call(controle, "GET", "/falhas"), em_json)


@falhas.command("acrescentar")
def falhas_acrescentar(
    tipo: str,
    servico: Annotated[str, typer.Option(help="Só este serviço.")] = "",
    autorizador: Annotated[str, typer.Option(help="Só esta autorizadora.")] = "",
    cnpj: Annotated[str, typer.Option(help="Só esta empresa.")] = "",
    vezes: Annotated[int | None, typer.Option(help="Quantas vezes; sem isto, sempre.")] = None,
    segundos: Annotated[float, typer.Option(help="Espera de delay e 105.")] = 0.0,
    c_stat: Annotated[int, typer.Option(help="O cStat da falha cstat.")] = 0,
    controle: Controle = CONTROLE,
    em_json: EmJson = False,
) -> None:
    """Acrescenta uma falha: drop_after, delay, 108, html..."""
    dados: dict[str, Any] = {"tipo": tipo, "servico": servico, "autorizador": autorizador, "cnpj": cnpj}
    dados |= {"vezes": vezes, "segundos": segundos, "c_stat": c_stat}
    show(call(controle, "POST", "/falhas", dados), em_json=em_json)


@falhas.command("apagar")
def falhas_apagar(
    identidade: Annotated[int | None, typer.Argument(help="Sem o id, todas.")] = None,
    controle: Controle = CONTROLE,
) -> None:
    """Apaga uma falha, ou todas."""
    call(controle, "DELETE", "/falhas" if identidade is None else f"/falhas/{identidade}")


@cenario.command("listar")
def cenario_listar(controle: Controle = CONTROLE, em_json: EmJson = False) -> None:
    """Os cenários que vêm no pacote."""
    linhas = call(controle, "GET", "/cenarios")["cenarios"]
    _rows("Cenários", ("nome", "descricao", "semente"), linhas, em_json)


@cenario.command("rodar")
def cenario_rodar(
    nome: Annotated[str, typer.Argument(help="O nome de um cenário, ou um arquivo JSON com passos.")],
    autorizador: Annotated[str, typer.Option(help="Só nesta autorizadora.")] = "",
    cnpj: Annotated[str, typer.Option(help="Só para esta empresa.")] = "",
    semente: Annotated[int | None, typer.Option(help="Outra semente.")] = None,
    controle: Controle = CONTROLE,
    em_json: EmJson = False,
) -> None:
    """Começa um cenário agora, pelo relógio do simulador."""
    dados: dict[str, Any] = {"nome": nome}
    if nome.endswith(".json"):
        try:
            lido = json.loads(Path(nome).read_text("utf-8"))
            dados = {"nome": Path(nome).stem, "passos": lido["passos"], "semente": lido.get("semente", 1)}
        except (OSError, ValueError, LookupError, TypeError) as erro:
            say(f"Não consegui ler o cenário {nome}: {erro}")
            raise SystemExit(USO_ERRADO) from None
    opcoes = {"autorizador": autorizador, "cnpj": cnpj, "semente": semente}
    dados |= {campo: valor for campo, valor in opcoes.items() if valor not in ("", None)}
    show(call(controle, "POST", "/cenarios", dados), em_json=em_json)
