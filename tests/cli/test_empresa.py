"""`chancela empresa`: settings shown and changed, all or none."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chancela.cli.empresa import configure_company, show_company
from chancela.cli.saida import RECUSADO, USO_ERRADO
from chancela.domain.identidade import Cnpj, Uf
from chancela.issuing.empresa import Empresa, EnderecoEmpresa

LOJA = Empresa(
    id=1, integrador_id=1, cnpj=Cnpj("11222333000181"), razao_social="Loja Exemplo", nome_fantasia="",
    inscricao_estadual="", regime="normal",
    endereco=EnderecoEmpresa("01001000", "Praça da Sé", "1", "Sé", "São Paulo", "3550308", Uf.SP), unidade="UN",
    email="", telefone="", serie_nfe=1, numero_nfe=1, criada_em=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip


class Uma:
    """One company in memory."""

    def __init__(self) -> None:
        self.empresa = LOJA

    def get(self, empresa_id: int) -> Empresa | None:
        return self.empresa if empresa_id == 1 else None

    def configure(
        self, empresa_id: int, mudar: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Empresa | None:
        if empresa_id != 1:
            return None
        self.empresa = replace(self.empresa, configuracao=mudar(self.empresa.configuracao))
        return self.empresa


def test_a_setting_is_changed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    empresas = Uma()
    configure_company(empresas, 1, ["difal_metodo=dupla", "ajustar_cfop=false"], em_json=True)
    mostrado = json.loads(capsys.readouterr().out)
    assert (mostrado["cnpj"], mostrado["configuracao"]["difal_metodo"]) == ("11.222.333/0001-81", "dupla")
    configure_company(empresas, 1, ["difal_metodo="], em_json=False)
    assert empresas.empresa.configuracao == {"ajustar_cfop": False}
    assert "difal_metodo" in capsys.readouterr().out
    show_company(empresas, 1, em_json=True)
    assert json.loads(capsys.readouterr().out)["configuracao"]["ajustar_cfop"] == "false"


@pytest.mark.parametrize(
    ("empresa_id", "pares", "codigo", "dito"),
    [
        (1, ["difal_metodo"], USO_ERRADO, "chave=valor"),
        (1, ["a=1", "a=2"], USO_ERRADO, "cada chave uma vez"),
        (1, ["ajustar_cfop=false", "nada=1"], RECUSADO, "CONFIG-01"),
        (2, ["ajustar_cfop=false"], RECUSADO, "Não há empresa"),
    ],
)
def test_a_refusal_changes_nothing(
    empresa_id: int, pares: list[str], codigo: int, dito: str, capsys: pytest.CaptureFixture[str]
) -> None:
    empresas = Uma()
    with pytest.raises(SystemExit) as saida:
        configure_company(empresas, empresa_id, pares, em_json=True)
    assert saida.value.code == codigo
    assert dito in capsys.readouterr().err
    assert empresas.empresa.configuracao == {}


def test_an_unknown_company_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        show_company(Uma(), 5, em_json=True)
    assert "Não há empresa" in capsys.readouterr().err
