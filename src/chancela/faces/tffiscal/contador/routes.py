"""`accountant/get_info`: the accountant of a company, shown to who knows his id and his e-mail."""

import re
from typing import Annotated

from pydantic import Field
from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.contador.saidas import ContadorSaida
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.portao import Chamada, Quem
from chancela.faces.tffiscal.rotas import Rota
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.tipos import Codigo, Corpo, at_most
from chancela.faces.tffiscal.validacao import validate
from chancela.kit.ids import is_id
from chancela.stores.contadores import Contador, ContadoresPg

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
SEM_CONTADOR = "会计师ID参数异常或不存在"
SEM_EMAIL = "该会计师邮箱异常或不存在"
NAO_VINCULADO = "该会计师未绑定该发票账号"
SEM_EMPRESA = "发票账号{empresa}异常或不存在"


class ContadorEntrada(Corpo):
    """Body of `accountant/get_info`; what is wrong is answered with the documented sentences."""

    companyId: Annotated[Codigo, at_most(40)] = Field("", title="Empresa", examples=[12345])
    accountantId: Annotated[Codigo, at_most(200)] = Field(
        "", title="Contador", examples=["5f3a8b9c1d2e4f5a6b7c8d9e"]
    )
    email: Annotated[Codigo, at_most(300)] = Field(
        "", title="E-mail do contador", examples=["accountant@office.com"]
    )


class OperacoesContador:
    """Accountants, read only: the operator registers them."""

    def __init__(self, servicos: Servicos, contadores: ContadoresPg) -> None:
        self._servicos = servicos
        self._contadores = contadores

    async def get_info(self, chamada: Chamada) -> Resposta:
        """The registration of an accountant who serves the company."""
        entrada = validate(ContadorEntrada, chamada.dados)
        contador_id = entrada.accountantId.lower()
        if not is_id(contador_id):
            raise _no_accountant()
        if _EMAIL.fullmatch(entrada.email) is None:
            raise _no_email()
        empresa_id = await self._company(chamada, entrada.companyId)
        contador = await run_in_threadpool(self._contadores.get, contador_id, empresa_id)
        if contador is None:
            # Only who knows both his id and his address hears that he exists.
            if await run_in_threadpool(self._contadores.knows, contador_id, entrada.email):
                raise FaceErro(
                    400,
                    "CONTADOR-04",
                    NAO_VINCULADO,
                    "Peça ao operador que vincule o contador a esta empresa.",
                )
            raise _no_accountant()
        if contador.email.lower() != entrada.email.lower():
            raise _no_email()
        return succeed(_show(contador))

    async def _company(self, chamada: Chamada, texto: str) -> int:
        numero = texto.removeprefix("comp_")
        if numero.isascii() and numero.isdecimal() and len(numero) < 19:
            empresa = chamada.credencial.empresa
            if empresa is None:
                empresa = await run_in_threadpool(self._servicos.empresas.get, int(numero))
            if (
                empresa is not None
                and empresa.id == int(numero)
                and empresa.integrador_id == chamada.credencial.integrador.id
            ):
                return empresa.id
        raise FaceErro(
            400, "CONTADOR-03", SEM_EMPRESA.format(empresa=texto), "Use o companyId de uma empresa do token."
        )


def accountant_routes(servicos: Servicos, contadores: ContadoresPg) -> tuple[Rota, ...]:
    """The routes of these operations."""
    c = OperacoesContador(servicos, contadores)
    return (
        Rota("POST", "accountant/get_info", c.get_info, Quem.QUALQUER, "Consultar o contador", ContadorEntrada, ContadorSaida),
    )  # fmt: skip


def _show(contador: Contador) -> ContadorSaida:
    return {
        "email": contador.email,
        "officeDocumentType": contador.tipo_documento,
        "officeDocument": contador.documento,
        "officeName": contador.escritorio,
        "responsibleName": contador.responsavel,
        "crc": contador.crc,
        "accountantCpf": contador.cpf,
        "workAddress": contador.endereco,
        "site": contador.site,
        "landline": contador.telefone,
        "mobile": contador.celular,
        "assistantName": contador.assistente,
        "assistantEmail": contador.assistente_email,
        "assistantPhone": contador.assistente_telefone,
        "observations": contador.observacoes,
    }


def _no_accountant() -> FaceErro:
    return FaceErro(400, "CONTADOR-01", SEM_CONTADOR, "Confira accountantId: 24 dígitos hexadecimais.")


def _no_email() -> FaceErro:
    return FaceErro(400, "CONTADOR-02", SEM_EMAIL, "Confira o e-mail do cadastro do contador.")
