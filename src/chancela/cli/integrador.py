"""`chancela integrador`: accounts, their plans and what they consumed."""

from datetime import datetime

from chancela.cli.saida import USO_ERRADO, say, show
from chancela.issuing.consumo import FUSO, PLANOS, Consumo, month_of
from chancela.issuing.empresa import Empresas


def create_integrador(empresas: Empresas, nome: str, plano: str, *, em_json: bool) -> None:
    """Create an integrator and print its b2b token, which is not shown again."""
    _check_plan(plano)
    criado, token = empresas.create_integrador(nome, plano=plano)
    say("Guarde o token: ele não é mostrado de novo.")
    show({"id": criado.id, "nome": criado.nome, "plano": criado.plano, "token": token}, em_json=em_json)


def change_plan(empresas: Empresas, integrador_id: int, plano: str, *, em_json: bool) -> None:
    """Put an integrator on another plan; it counts within seconds."""
    _check_plan(plano)
    mudado = empresas.change_plan(integrador_id, plano)
    if mudado is None:
        say(f"Não há integrador de número {integrador_id}.")
        raise SystemExit(USO_ERRADO)
    limite = PLANOS[plano]
    show(
        {"id": mudado.id, "nome": mudado.nome, "plano": mudado.plano, "chamadas_por_dia": limite},
        em_json=em_json,
    )


def show_credits(consumo: Consumo, integrador_id: int, mes: str, agora: datetime, *, em_json: bool) -> None:
    """Credits of a month (`AAAA-MM`; empty: the present one), by company and in all."""
    try:
        lido = datetime.strptime(mes, "%Y-%m") if mes else agora.astimezone(FUSO)  # noqa: DTZ007 - a month
    except ValueError:
        say(f"{mes} não é um mês: use AAAA-MM, como 2026-11.")
        raise SystemExit(USO_ERRADO) from None
    linhas = consumo.credits(integrador_id, *month_of(lido.year, lido.month))
    show(
        {
            "integrador": integrador_id,
            "mes": f"{lido:%Y-%m}",
            "creditos": sum(linha.creditos for linha in linhas),
            "empresas": [
                {
                    "id": linha.empresa_id, "nome": linha.razao_social, "documentos": linha.documentos,
                    "cartas": linha.cartas, "creditos": linha.creditos,
                }
                for linha in linhas
            ],
        },
        em_json=em_json,
    )  # fmt: skip


def _check_plan(plano: str) -> None:
    if plano not in PLANOS:
        say(f"O plano {plano} não existe: use {', '.join(PLANOS)}.")
        raise SystemExit(USO_ERRADO)
