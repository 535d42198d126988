"""`/api/company/create`."""

from typing import Any

from starlette.concurrency import run_in_threadpool

from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.erros import CertificadoInvalido
from chancela.domain.identidade import Cnpj
from chancela.faces.tffiscal.empresa.mapping import check_identity, company_of
from chancela.faces.tffiscal.empresa.schemas import EmpresaEntrada
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import refuse_field
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate

_ERROS_DA_SENHA = frozenset({"CERT-SENHA"})
_ERROS_DO_CNPJ = frozenset({"CERT-OUTRO-TITULAR"})


class OperacoesEmpresa:
    """Operations on companies."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Register an issuing company. Nothing is stored unless everything about it holds."""
        entrada = validate(EmpresaEntrada, chamada.dados)
        cnpj, endereco = check_identity(entrada, self._servicos.lugares)
        pfx = await self._servicos.certificados.fetch(entrada.cert_file)
        certificado = await load_certificate(self._servicos, pfx, entrada.cert_pwd, cnpj)
        nova = company_of(
            entrada,
            integrador_id=chamada.credencial.integrador.id,
            cnpj=cnpj,
            endereco=endereco,
            pfx=pfx,
            certificado=certificado,
        )
        empresa, token = await run_in_threadpool(self._servicos.empresas.create, nova)
        data: dict[str, Any] = {"company_id": company_id(empresa.id), "token": token}
        avisos = ignored_fields(entrada)
        if avisos:
            data["avisos"] = [aviso.as_data() for aviso in avisos]
        return succeed(data)


async def load_certificate(servicos: Servicos, pfx: bytes, senha: str, cnpj: Cnpj) -> Certificado:
    """Open a container that must serve the company. `FaceErro` 400 on the field that is wrong."""
    agora = servicos.clock.now()
    try:
        return await run_in_threadpool(load_pkcs12, pfx, senha, agora=agora, cnpj=cnpj)
    except CertificadoInvalido as erro:
        campo, rotulo = "cert_file", "Arquivo do certificado"
        if erro.codigo in _ERROS_DA_SENHA:
            campo, rotulo = "cert_pwd", "Senha do certificado"
        elif erro.codigo in _ERROS_DO_CNPJ:
            campo, rotulo = "cnpj", "CNPJ"
        raise refuse_field(campo, erro.codigo, erro.mensagem, erro.correcao, rotulo=rotulo) from None


def company_id(empresa_id: int) -> str:
    """The company's id as the contract shows it."""
    return f"comp_{empresa_id}"
