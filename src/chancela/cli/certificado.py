"""`chancela cert`: A1 test certificates under the simulator's authority."""

from pathlib import Path

from chancela.cli.saida import say, show
from chancela.domain.identidade import Cnpj
from chancela.kit.clock import SystemClock
from chancela.simulator.ca import AutoridadeTeste


def issue_test_certificate(
    pasta: Path, *, cnpj: str, nome: str, senha: str, saida: Path, dias: int, legado: bool, em_json: bool
) -> None:
    """Write a PKCS#12 file that the simulator accepts and no authorizer of the country does."""
    titular = Cnpj(cnpj)
    pfx = AutoridadeTeste.open(pasta).issue_test_certificate(
        nome=nome, senha=senha, agora=SystemClock().now(), cnpj=titular, validade_dias=dias, legacy=legado
    )
    saida.write_bytes(pfx)
    saida.chmod(0o600)
    say("Certificado de teste: só o simulador o aceita.")
    show({"arquivo": str(saida), "cnpj": str(titular), "ca_file": str(pasta / "ca.pem")}, em_json=em_json)
