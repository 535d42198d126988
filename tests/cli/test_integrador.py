"""`chancela integrador`: plans changed, and credits of a month shown, letters of correction included."""

import json
from collections.abc import Callable

import pytest
from tests.fixtures.banco import banco, servidor_banco, superusuario, url_banco
from tests.stores.fabrica import AGORA, vault
from tests.stores.test_solicitacoes import Cena

from chancela.cli.integrador import change_plan, create_integrador, show_credits
from chancela.cli.saida import USO_ERRADO
from chancela.issuing.solicitacao import EstadoSolicitacao
from chancela.kit.randomness import SeededRandomness
from chancela.stores.conexao import Banco
from chancela.stores.consumo import ConsumoPg
from chancela.stores.empresas import EmpresasPg

__all__ = ["banco", "servidor_banco", "superusuario", "url_banco"]


def test_a_plan_is_chosen_and_changed(banco: Banco, capsys: pytest.CaptureFixture[str]) -> None:
    empresas = EmpresasPg(banco, vault(), SeededRandomness(3))
    create_integrador(empresas, "Revenda", "basico", em_json=True)
    criado = json.loads(capsys.readouterr().out)
    assert criado["plano"] == "basico"
    change_plan(empresas, criado["id"], "profissional", em_json=True)
    mudado = json.loads(capsys.readouterr().out)
    assert (mudado["plano"], mudado["chamadas_por_dia"]) == ("profissional", 10_000)
    credencial = empresas.authenticate(criado["token"])
    assert credencial is not None
    assert credencial.integrador.plano == "profissional"


def test_credits_of_documents_and_letters(banco: Banco, capsys: pytest.CaptureFixture[str]) -> None:
    cena, consumo = Cena(banco), ConsumoPg(banco)
    documento = cena.document()
    cena.settle(cena.event(documento).concessao, EstadoSolicitacao.REGISTRADA)
    cena.settle(cena.event(documento).concessao, EstadoSolicitacao.REJEITADA)
    for mes, usados in (("2026-11", (1, 1, 2)), ("2026-10", (0, 0, 0))):
        show_credits(consumo, cena.empresa.integrador_id, mes, AGORA, em_json=True)
        mostrado = json.loads(capsys.readouterr().out)
        (empresa,) = mostrado["empresas"]
        assert (empresa["documentos"], empresa["cartas"], empresa["creditos"]) == usados
        assert (mostrado["mes"], mostrado["creditos"]) == (mes, usados[2])
    show_credits(consumo, cena.empresa.integrador_id, "", AGORA, em_json=True)
    assert json.loads(capsys.readouterr().out)["mes"] == "2026-11"


@pytest.mark.parametrize(
    ("chamar", "dito"),
    [
        (lambda e, _: create_integrador(e, "Revenda", "ouro", em_json=True), "O plano ouro não existe"),
        (lambda e, _: change_plan(e, 1, "ouro", em_json=True), "O plano ouro não existe"),
        (lambda e, _: change_plan(e, 999, "basico", em_json=True), "Não há integrador de número 999"),
        (lambda _, c: show_credits(c, 1, "novembro", AGORA, em_json=True), "novembro não é um mês"),
    ],
)
def test_wrong_use_says_how(
    banco: Banco,
    capsys: pytest.CaptureFixture[str],
    chamar: Callable[[EmpresasPg, ConsumoPg], None],
    dito: str,
) -> None:
    with pytest.raises(SystemExit) as saida:
        chamar(EmpresasPg(banco, vault(), SeededRandomness(3)), ConsumoPg(banco))
    assert saida.value.code == USO_ERRADO
    dados, palavras = capsys.readouterr()
    assert dados == ""
    assert dito in palavras
