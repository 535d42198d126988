"""`/api/nfce/company/create`, `update` and `get`."""

from dataclasses import replace

from starlette.concurrency import run_in_threadpool

from chancela.documents.nfce.qrcode import Csc, check_csc
from chancela.domain.erros import EstadoInvalido, RegraViolada
from chancela.domain.identidade import Cnpj, Modelo
from chancela.faces.tffiscal.empresa.cadastro import (
    CertificadoAberto,
    changed_registration,
    check_change,
    current_company,
    look_up,
    next_number,
    number_warnings,
    open_certificate,
    read_cnpj,
)
from chancela.faces.tffiscal.empresa.mapping import company_from_register
from chancela.faces.tffiscal.empresa.respostas import describe_created, describe_nfce
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import describe
from chancela.faces.tffiscal.nfce.empresa_schemas import (
    EmpresaNfceConsulta,
    EmpresaNfceEntrada,
    EmpresaNfceMudanca,
)
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.saida import with_warnings
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.empresa import Empresa, MudancaEmpresa, NovaEmpresa, NovoCertificado

CADASTRADA = "Company registered for NFC-e"
ALTERADA = "NFC-e company updated successfully"


class OperacoesEmpresaNfce:
    """Operations on the NFC-e side of companies."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Register a company for NFC-e. One that the integrator already has keeps its token and gains the fields."""
        entrada = validate(EmpresaNfceEntrada, chamada.dados)
        cnpj = read_cnpj(entrada.cnpj)
        csc = _read_csc(entrada.csc_id, entrada.csc)
        certificado = await open_certificate(self._servicos, entrada.cert_file, entrada.cert_pwd, cnpj)
        integrador_id = chamada.credencial.integrador.id
        achada = await run_in_threadpool(self._servicos.empresas.find, integrador_id, cnpj)
        if achada is None:
            nova = await self._new_company(entrada, integrador_id, cnpj, csc, certificado)
            try:
                achada = await run_in_threadpool(self._servicos.empresas.create, nova)
            except EstadoInvalido:  # another call registered it meanwhile
                achada = await run_in_threadpool(self._servicos.empresas.find, integrador_id, cnpj)
                if achada is None:
                    raise
                await self._merge(achada[0], entrada, csc, certificado.guardado)
        else:
            await self._merge(achada[0], entrada, csc, certificado.guardado)
        empresa, token = achada
        return succeed(describe_created(empresa, token, ignored_fields(entrada)), CADASTRADA)

    async def update(self, chamada: Chamada) -> Resposta:
        """Change what is sent and nothing else. The CNPJ never changes."""
        entrada = validate(EmpresaNfceMudanca, chamada.dados)
        check_change(entrada)
        empresa = await current_company(self._servicos, chamada)
        mudanca = replace(
            await changed_registration(self._servicos, empresa, entrada),
            serie_nfce=entrada.serie_nfce,
            numero_nfce=entrada.number_nfce,
            csc=await self._changed_csc(empresa, entrada),
        )
        mudada = await run_in_threadpool(self._servicos.empresas.update, empresa.id, mudanca)
        numeros = await number_warnings(self._servicos.empresas, mudada, Modelo.NFCE, entrada.number_nfce)
        avisos = [*numeros, *ignored_fields(entrada)]
        return succeed(with_warnings(avisos) or None, ALTERADA)

    async def get(self, chamada: Chamada) -> Resposta:
        """The company of the token. `number_nfce` is the next number, of production once that was used."""
        validate(EmpresaNfceConsulta, chamada.dados)
        empresa = await current_company(self._servicos, chamada)
        csc = await run_in_threadpool(self._servicos.empresas.csc, empresa.id)
        numero = await run_in_threadpool(next_number, self._servicos.empresas, empresa, Modelo.NFCE)
        return succeed(describe_nfce(empresa, "" if csc is None else csc.codigo, numero))

    # -- parts ----------------------------------------------------------------------------------------------

    async def _merge(
        self, empresa: Empresa, entrada: EmpresaNfceEntrada, csc: Csc, certificado: NovoCertificado
    ) -> None:
        """Series and number stay as they are when they are set and the call says nothing about them."""
        serie, numero = entrada.serie_nfce, entrada.number_nfce
        if empresa.serie_nfce is None:
            serie, numero = serie if serie is not None else 1, numero or 1
        mudanca = MudancaEmpresa(
            csc=csc,
            certificado=certificado,
            serie_nfce=serie,
            numero_nfce=numero,
            telefone=entrada.telefone or None,
            inscricao_estadual=entrada.ie or None,
        )
        await run_in_threadpool(self._servicos.empresas.update, empresa.id, mudanca)

    async def _new_company(
        self,
        entrada: EmpresaNfceEntrada,
        integrador_id: int,
        cnpj: Cnpj,
        csc: Csc,
        certificado: CertificadoAberto,
    ) -> NovaEmpresa:
        nova = company_from_register(
            await look_up(self._servicos, cnpj, certificado.lido),
            integrador_id=integrador_id,
            certificado=certificado.guardado,
            lugares=self._servicos.lugares,
            ie=entrada.ie,
        )
        return replace(
            nova,
            telefone=entrada.telefone or nova.telefone,
            serie_nfce=1 if entrada.serie_nfce is None else entrada.serie_nfce,
            numero_nfce=entrada.number_nfce or 1,
            csc=csc,
        )

    async def _changed_csc(self, empresa: Empresa, entrada: EmpresaNfceMudanca) -> Csc | None:
        """The code after the change; one half sent alone is joined with the other half in use."""
        if entrada.csc_id is None and entrada.csc is None:
            return None
        atual = await run_in_threadpool(self._servicos.empresas.csc, empresa.id) or Csc("", "")
        return _read_csc(
            atual.id if entrada.csc_id is None else entrada.csc_id,
            atual.codigo if entrada.csc is None else entrada.csc,
        )


def _read_csc(identificador: str, codigo: str) -> Csc:
    csc = Csc(identificador, codigo)
    try:
        check_csc(csc)
    except RegraViolada as erro:
        descrito = describe(erro)
        assert descrito is not None
        raise descrito from None
    return csc
