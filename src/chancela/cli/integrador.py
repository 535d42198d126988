"""`chancela integrador`."""

from chancela.cli.saida import say, show
from chancela.issuing.empresa import Empresas


def create_integrador(empresas: Empresas, nome: str, *, em_json: bool) -> None:
    """Create an integrator and print its b2b token, which is not shown again."""
    criado, token = empresas.create_integrador(nome)
    say("Guarde o token: ele não é mostrado de novo.")
    show({"id": criado.id, "nome": criado.nome, "token": token}, em_json=em_json)
