"""`chancela empresa`: settings of a registered company."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from chancela.cli.saida import RECUSADO, USO_ERRADO, refuse, say, show
from chancela.domain.erros import RegraViolada
from chancela.issuing.configuracao_emissao import change_configuracao, show_configuracao
from chancela.issuing.empresa import Empresa


class Configuraveis(Protocol):
    """Companies whose settings can be read and changed."""

    def get(self, empresa_id: int) -> Empresa | None:
        """One company by id."""
        ...

    def configure(
        self, empresa_id: int, mudar: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Empresa | None:
        """Replace the settings by what `mudar` makes of them; None without the company."""
        ...


def show_company(empresas: Configuraveis, empresa_id: int, *, em_json: bool) -> None:
    """Print who a company is and every setting in force."""
    empresa = empresas.get(empresa_id)
    if empresa is None:
        _unknown(empresa_id)
        raise SystemExit(RECUSADO)
    _print(empresa, em_json=em_json)


def configure_company(
    empresas: Configuraveis, empresa_id: int, pares: Sequence[str], *, em_json: bool
) -> None:
    """Set `chave=valor` pairs, all or none; `chave=` gives the default back."""
    mudancas: dict[str, str] = {}
    for par in pares:
        chave, igual, valor = par.partition("=")
        if not igual or not chave or chave in mudancas:
            say(f"{par}: escreva chave=valor, cada chave uma vez.")
            raise SystemExit(USO_ERRADO)
        mudancas[chave.strip()] = valor
    try:
        empresa = empresas.configure(empresa_id, lambda guardada: change_configuracao(guardada, mudancas))
    except RegraViolada as erro:
        refuse(erro)
    if empresa is None:
        _unknown(empresa_id)
        raise SystemExit(RECUSADO)
    _print(empresa, em_json=em_json)


def _unknown(empresa_id: int) -> None:
    say(f"EMPRESA-NAO-EXISTE  Não há empresa com o id {empresa_id}.")


def _print(empresa: Empresa, *, em_json: bool) -> None:
    fatos: dict[str, Any] = {
        "id": empresa.id,
        "cnpj": empresa.cnpj.formatado,
        "razao_social": empresa.razao_social,
        "regime": empresa.regime,
        "uf": empresa.endereco.uf.value,
    }
    configuracao = show_configuracao(empresa.configuracao)
    show({**fatos, "configuracao": configuracao} if em_json else {**fatos, **configuracao}, em_json=em_json)
