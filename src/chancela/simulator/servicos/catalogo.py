"""The services by the name that ends an address: without case, with or without `.asmx`."""

from chancela.simulator.servicos.autorizacao import Autorizacao
from chancela.simulator.servicos.base import Servico
from chancela.simulator.servicos.cadastro import ConsultaCadastro
from chancela.simulator.servicos.consulta import ConsultaProtocolo
from chancela.simulator.servicos.distribuicao import DistribuicaoDFe
from chancela.simulator.servicos.evento import RecepcaoEvento
from chancela.simulator.servicos.inutilizacao import Inutilizacao
from chancela.simulator.servicos.recibo import RetornoAutorizacao
from chancela.simulator.servicos.status import StatusServico

AUTORIZACAO = Autorizacao()
SERVICOS: tuple[Servico, ...] = (
    AUTORIZACAO,
    RetornoAutorizacao(),
    ConsultaProtocolo(),
    StatusServico(),
    RecepcaoEvento(),
    Inutilizacao(),
    ConsultaCadastro(),
    DistribuicaoDFe(),
)
_POR_NOME = {servico.nome.lower(): servico for servico in SERVICOS}
_APELIDOS = {
    "nfeautorizacao": "nfeautorizacao4",
    "nferetautorizacao": "nferetautorizacao4",
    "nfeconsulta4": "nfeconsultaprotocolo4",
    "nfeconsulta": "nfeconsultaprotocolo4",
    "nfestatusservico": "nfestatusservico4",
    "nferecepcaoevento": "nferecepcaoevento4",
    "recepcaoevento": "nferecepcaoevento4",
    "recepcaoevento4": "nferecepcaoevento4",
    "nfeinutilizacao": "nfeinutilizacao4",
    "cadconsultacadastro": "cadconsultacadastro4",
    "cadconsultacadastro2": "cadconsultacadastro4",
}


def find_servico(caminho: str) -> Servico | None:
    """The service that the last segment of a path names."""
    nome = caminho.rstrip("/").rpartition("/")[2].lower().removesuffix(".asmx")
    return _POR_NOME.get(_APELIDOS.get(nome, nome))
