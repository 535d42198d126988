"""Every command of `chancela`, with the parts it needs imported only when it runs: `--help` stays quick."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from chancela.cli.formato import FormatoNota
from chancela.cli.simulador import simulador
from chancela.server.comandos_contador import contador
from chancela.server.comandos_contingencia import contingencia
from chancela.server.comandos_evento import evento
from chancela.server.comandos_numeracao import numeracao
from chancela.server.comandos_operacao import add_commands
from chancela.server.comandos_refdata import refdata
from chancela.server.comandos_webhook import webhook
from chancela.server.configuracao import load_configuracao
from chancela.server.memoria import load_uncollected

app = typer.Typer(
    help="Chancela: documentos fiscais eletrônicos na sua máquina.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
integrador = typer.Typer(help="Integradores: quem cadastra empresas pela API.", no_args_is_help=True)
cert = typer.Typer(help="Certificados digitais.", no_args_is_help=True)
xml = typer.Typer(help="XML de documentos fiscais.", no_args_is_help=True)
nfe = typer.Typer(help="NF-e pela linha de comando.", no_args_is_help=True)
empresa = typer.Typer(help="Empresas emitentes e as configurações delas.", no_args_is_help=True)
tributos = typer.Typer(help="Motor de tributos, sem emitir nada.", no_args_is_help=True)
app.add_typer(integrador, name="integrador")
app.add_typer(cert, name="cert")
app.add_typer(xml, name="xml")
app.add_typer(nfe, name="nfe")
app.add_typer(tributos, name="tributos")
app.add_typer(empresa, name="empresa")
app.add_typer(evento, name="evento")
app.add_typer(numeracao, name="numeracao")
app.add_typer(contingencia, name="contingencia")
app.add_typer(refdata, name="refdata")
app.add_typer(webhook, name="webhook")
app.add_typer(simulador, name="simulador")
add_commands(app)
app.add_typer(contador, name="contador")

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]


def list_commands() -> list[str]:
    """Every command with its groups, as a person types it after `chancela`."""
    return _commands_of(app, "")


def _commands_of(grupo: typer.Typer, prefixo: str) -> list[str]:
    nomes = [f"{prefixo}{c.name or c.callback.__name__}" for c in grupo.registered_commands if c.callback]
    if grupo.registered_callback is not None and prefixo:
        nomes.append(prefixo.strip())
    for dentro in grupo.registered_groups:
        assert dentro.typer_instance is not None
        nomes += _commands_of(dentro.typer_instance, f"{prefixo}{dentro.name} ")
    return nomes


@app.callback()
def prepare(ctx: typer.Context) -> None:
    # What the process wants done before any command, and not for `--help`.
    if ctx.obj is not None:
        ctx.obj()


@app.command()
def up(
    ready_file: Annotated[
        Path | None, typer.Option(help="Escreve aqui, quando tudo responde, um JSON com endereços e tokens.")
    ] = None,
    quieto: Annotated[bool, typer.Option(help="Não mostra o resumo na tela.")] = False,
) -> None:
    """Sobe tudo: banco embutido, API, worker e simulador da SEFAZ."""
    from chancela.server.plataforma import run_platform

    raise SystemExit(asyncio.run(run_platform(load_configuracao(), ready_file=ready_file, quieto=quieto)))


@app.command()
def serve() -> None:
    """Sobe só a API (produção: quantas quiser, no mesmo PostgreSQL)."""
    load_uncollected()
    from chancela.server.api import run_api

    run_api(load_configuracao())


@app.command()
def worker() -> None:
    """Sobe só o worker (produção: quantos quiser, no mesmo PostgreSQL)."""
    load_uncollected()
    from chancela.server.trabalhador import run_worker_process

    asyncio.run(run_worker_process(load_configuracao()))


@simulador.callback()
def run_simulador(ctx: typer.Context) -> None:
    """Sem subcomando, sobe só o simulador da SEFAZ."""
    if ctx.invoked_subcommand is not None:
        return
    load_uncollected()
    from chancela.server.processo_simulador import run_simulator_process

    asyncio.run(run_simulator_process(load_configuracao()))


@simulador.command("seed")
def simulador_seed(
    semente: Annotated[
        int, typer.Argument(metavar="N", min=0, help="A semente; a mesma conta sempre a mesma história.")
    ],
    dias: Annotated[int, typer.Option(min=1, max=366, help="Dias simulados.")] = 7,
    modo: Annotated[str, typer.Option(help="leve (chave, números e resumo) ou completo (tudo).")] = "leve",
    quantas: Annotated[int, typer.Option(min=1, help="Quantas sementes seguidas, a partir desta.")] = 1,
    minutos: Annotated[
        int | None, typer.Option(min=1, help="Depois de tantos minutos nenhuma semente nova é começada.")
    ] = None,
    em_json: EmJson = False,
) -> None:
    """Joga dias inteiros da plataforma em tempo virtual, com falhas sorteadas, e confere tudo de fora."""
    from chancela.server.simulacao.comando import run_seeds

    sementes = range(semente, semente + quantas)
    raise SystemExit(run_seeds(sementes, dias, modo, em_json=em_json, minutos=minutos))


@app.command()
def migrate(em_json: EmJson = False) -> None:
    """Cria ou atualiza as tabelas do banco."""
    from chancela.cli.saida import show
    from chancela.server.pecas import database_of
    from chancela.stores.migracao import migrate as run

    configuracao = load_configuracao()
    with database_of(configuracao) as url:
        versao = run(url)
    show({"versao": versao}, em_json=em_json)


@app.command()
def doctor(
    empresa_id: Annotated[int | None, typer.Option("--empresa", help="Só esta empresa.")] = None,
    ambiente: Annotated[
        list[str] | None, typer.Option(help="producao ou homologacao; sem a opção, os dois.")
    ] = None,
    em_json: EmJson = False,
) -> None:
    """Confere banco, artefatos, certificados, conexão e situação de cada autorizador e o relógio; diz como corrigir."""
    from chancela.cli.diagnostico import show_findings
    from chancela.domain.identidade import Ambiente
    from chancela.server.diagnostico import diagnose
    from chancela.server.pecas import database_of

    nomes = {a.name.lower(): a for a in Ambiente}
    if estranhos := set(ambiente or ()) - set(nomes):
        raise typer.BadParameter(f"não existe: {', '.join(sorted(estranhos))}", param_hint="--ambiente")
    escolhidos = [nomes[nome] for nome in ambiente or nomes]
    configuracao = load_configuracao()
    with database_of(configuracao) as url:
        achados = asyncio.run(diagnose(configuracao, url, empresa_id=empresa_id, ambientes=escolhidos))
    show_findings(achados, em_json=em_json)


@app.command()
def demo(
    saida: Annotated[Path, typer.Option(help="Pasta dos XML e PDF.")] = Path("demo-out"),
) -> None:
    """Emite documentos de verdade pela API pública, sem internet, numa pasta descartável."""
    from chancela.server.demonstracao import run_demo

    raise SystemExit(run_demo(saida))


@app.command()
def configuracao(
    pagina: Annotated[bool, typer.Option(help="Escreve a página da documentação.")] = False,
    em_json: EmJson = False,
) -> None:
    """Mostra a configuração em vigor."""
    from chancela.cli.saida import show
    from chancela.server.pagina_configuracao import render_pagina

    if pagina:
        typer.echo(render_pagina(), nl=False)
        return
    valores: dict[str, Any] = load_configuracao().model_dump(mode="json")
    show({f"CHANCELA_{nome.upper()}": valor for nome, valor in valores.items()}, em_json=em_json)


@app.command()
def danfe(
    arquivo: Annotated[Path, typer.Argument(help="XML autorizado (nfeProc).")],
    saida: Annotated[Path | None, typer.Option(help="PDF de saída; padrão: o nome do XML com .pdf.")] = None,
    em_json: EmJson = False,
) -> None:
    """Desenha o DANFE de um XML autorizado."""
    from chancela.cli.arquivos import draw_danfe

    draw_danfe(arquivo, saida or arquivo.with_suffix(".pdf"), em_json=em_json)


@integrador.command("criar")
def criar_integrador(
    nome: Annotated[str, typer.Option(help="Nome do integrador.")],
    plano: Annotated[str, typer.Option(help="gratuito, basico, profissional ou ilimitado.")] = "ilimitado",
    em_json: EmJson = False,
) -> None:
    """Cria um integrador e mostra, uma única vez, o token dele (b2b)."""
    from chancela.cli.integrador import create_integrador
    from chancela.server.pecas import database_of, open_empresas

    atual = load_configuracao()
    with database_of(atual) as url, open_empresas(atual, url) as empresas:
        create_integrador(empresas, nome, plano, em_json=em_json)


@integrador.command("plano")
def integrador_plano(
    integrador_id: Annotated[int, typer.Argument(metavar="ID", help="Número do integrador.")],
    plano: Annotated[str, typer.Argument(help="gratuito, basico, profissional ou ilimitado.")],
    em_json: EmJson = False,
) -> None:
    """Muda o plano de um integrador (chamadas por dia)."""
    from chancela.cli.integrador import change_plan
    from chancela.server.pecas import database_of, open_empresas

    atual = load_configuracao()
    with database_of(atual) as url, open_empresas(atual, url) as empresas:
        change_plan(empresas, integrador_id, plano, em_json=em_json)


@integrador.command("creditos")
def integrador_creditos(
    integrador_id: Annotated[int, typer.Argument(metavar="ID", help="Número do integrador.")],
    mes: Annotated[str, typer.Option(help="Mês, AAAA-MM; padrão: o atual.")] = "",
    em_json: EmJson = False,
) -> None:
    """Mostra os créditos usados num mês: um por documento autorizado e por carta de correção."""
    from chancela.cli.integrador import show_credits
    from chancela.kit.clock import SystemClock
    from chancela.server.pecas import database_of, open_cofre
    from chancela.stores.consumo import ConsumoPg

    atual = load_configuracao()
    with database_of(atual) as url, open_cofre(atual, url) as (banco, _):
        show_credits(ConsumoPg(banco), integrador_id, mes, SystemClock().now(), em_json=em_json)


@cert.command("teste")
def cert_teste(
    cnpj: Annotated[str, typer.Option(help="CNPJ do titular (com ou sem letras).")],
    nome: Annotated[str, typer.Option(help="Razão social do titular.")],
    senha: Annotated[str, typer.Option(help="Senha do arquivo.")],
    saida: Annotated[Path, typer.Option(help="Arquivo .pfx a escrever.")],
    dias: Annotated[int, typer.Option(help="Validade em dias.")] = 365,
    legado: Annotated[bool, typer.Option(help="Usa o contêiner antigo (RC2/3DES).")] = False,
    em_json: EmJson = False,
) -> None:
    """Faz um certificado A1 de teste, assinado pela autoridade do simulador."""
    from chancela.cli.certificado import issue_test_certificate

    issue_test_certificate(
        load_configuracao().pasta_simulador, cnpj=cnpj, nome=nome, senha=senha, saida=saida, dias=dias, legado=legado, em_json=em_json,
    )  # fmt: skip


@xml.command("verificar")
def xml_verificar(
    arquivo: Annotated[Path, typer.Argument(help="XML assinado ou autorizado.")], em_json: EmJson = False
) -> None:
    """Confere assinatura, esquema e protocolo de um XML."""
    from chancela.cli.arquivos import verify_xml

    verify_xml(arquivo, em_json=em_json)


@nfe.command("emitir")
def nfe_emitir(
    arquivo: Annotated[Path, typer.Argument(help="Corpo de invoice/create, em JSON.")],
    url: Annotated[str, typer.Option(help="Endereço da API.", envvar="CHANCELA_BASE_URL")] = "",
    token: Annotated[str, typer.Option(help="Token da empresa.", envvar="CHANCELA_TOKEN")] = "",
    em_json: EmJson = False,
) -> None:
    """Emite uma NF-e pela API e mostra o resultado."""
    from chancela.cli.nfe import issue_file

    issue_file(arquivo, url or f"http://127.0.0.1:{load_configuracao().port}", token, em_json=em_json)


@nfe.command("calcular")
def nfe_calcular(
    arquivo: Annotated[Path, typer.Argument(help="Corpo da nota, em JSON; - lê da entrada padrão.")],
    formato: Annotated[
        FormatoNota,
        typer.Option(
            help="De quem são as palavras: tffiscal (invoice/create), focus (/v2/nfe) ou focus-nfce (/v2/nfce)."
        ),
    ] = FormatoNota.TFFISCAL,
    empresa: Annotated[Path | None, typer.Option(help="Corpo de company/create, em JSON.")] = None,
    categorias: Annotated[Path | None, typer.Option(help="Categorias de category/create, em JSON.")] = None,
    cnpj: Annotated[str, typer.Option(help="CNPJ da empresa.")] = "",
    regime: Annotated[str, typer.Option(help="normal, simples_nacional, simples_excesso ou mei.")] = "",
    uf: Annotated[str, typer.Option(help="UF da empresa.")] = "",
    municipio: Annotated[str, typer.Option(help="Município da empresa.")] = "",
    ie: Annotated[str, typer.Option(help="Inscrição estadual da empresa.")] = "",
    cep: Annotated[str, typer.Option(help="CEP da empresa.")] = "",
    em_json: EmJson = False,
) -> None:
    """Calcula uma NF-e sem servidor e sem emitir nada, e mostra a memória de cálculo."""
    from chancela.cli.calculo_nfe import Entorno, calculate_note
    from chancela.domain.xml.esquemas import Esquemas
    from chancela.kit.clock import SystemClock
    from chancela.server.pecas import reference_folder
    from chancela.stores.referencia import open_reference

    dados = {"cnpj": cnpj, "invoice_type": regime, "state": uf, "city": municipio, "ie": ie, "cep": cep}
    lugares = open_reference(reference_folder(load_configuracao()))
    try:
        calculate_note(
            arquivo,
            empresa=empresa,
            fatos={nome: valor for nome, valor in dados.items() if valor},
            categorias=categorias,
            entorno=Entorno(lugares.tabelas, lugares, Esquemas(), SystemClock().now()),
            em_json=em_json,
            formato=formato,
        )
    finally:
        lugares.close()


@tributos.command("calcular")
def tributos_calcular(
    arquivo: Annotated[
        Path | None, typer.Argument(help="Operação e itens, em JSON (veja --schema); - lê da entrada padrão.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Mostra o JSON Schema da entrada.")] = False,
    em_json: EmJson = False,
) -> None:
    """Calcula os tributos de itens neutros e mostra a memória de cálculo."""
    from chancela.cli import tributos as comando
    from chancela.cli.saida import USO_ERRADO, say
    from chancela.kit.clock import SystemClock
    from chancela.stores.referencia_tributos import packaged_tabelas

    if schema:
        comando.print_schema()
        return
    if arquivo is None:
        say("Informe o arquivo, ou --schema para ver o que ele deve ter.")
        raise SystemExit(USO_ERRADO)
    comando.calculate_file(
        arquivo, hoje=SystemClock().now().date(), tabelas=packaged_tabelas(), em_json=em_json
    )


@empresa.command("mostrar")
def empresa_mostrar(
    empresa_id: Annotated[int, typer.Argument(metavar="ID", help="Número da empresa.")],
    em_json: EmJson = False,
) -> None:
    """Mostra uma empresa e as configurações em vigor."""
    from chancela.cli.empresa import show_company
    from chancela.server.pecas import database_of, open_empresas

    atual = load_configuracao()
    with database_of(atual) as url, open_empresas(atual, url) as empresas:
        show_company(empresas, empresa_id, em_json=em_json)


@empresa.command("configurar")
def empresa_configurar(
    empresa_id: Annotated[int, typer.Argument(metavar="ID", help="Número da empresa.")],
    pares: Annotated[
        list[str], typer.Argument(metavar="CHAVE=VALOR...", help="Configurações; sem valor, volta ao padrão.")
    ],
    em_json: EmJson = False,
) -> None:
    """Muda configurações de uma empresa (docs/configuracao-empresa.md)."""
    from chancela.cli.empresa import configure_company
    from chancela.server.pecas import database_of, open_empresas

    atual = load_configuracao()
    with database_of(atual) as url, open_empresas(atual, url) as empresas:
        configure_company(empresas, empresa_id, pares, em_json=em_json)
