"""`/api/company/*`: create, v2/create, edit, get_list, get_detail, get_cep_detail."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.concurrency import run_in_threadpool

from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.empresa.cadastro import (
    changed_registration,
    check_change,
    company_id,
    current_company,
    look_up,
    next_number,
    number_warnings,
    open_certificate,
    read_cnpj,
)
from chancela.faces.tffiscal.empresa.mapping import check_identity, company_from_register, company_of
from chancela.faces.tffiscal.empresa.modelos import default_categories
from chancela.faces.tffiscal.empresa.respostas import (
    describe_categories,
    describe_cep,
    describe_company,
    describe_created,
)
from chancela.faces.tffiscal.empresa.saidas import EmpresaDetalheSaida, EmpresaSaida, EmpresasSaida
from chancela.faces.tffiscal.empresa.schemas import (
    CepConsulta,
    EmpresaConsulta,
    EmpresaEntrada,
    EmpresaLista,
    EmpresaMudanca,
    EmpresaSimples,
)
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, refuse_field
from chancela.faces.tffiscal.paginas import place_of
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.saida import with_warnings
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.empresa import NovaEmpresa


class OperacoesEmpresa:
    """Operations on companies."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Register an issuing company. Nothing is stored unless everything about it holds."""
        entrada = validate(EmpresaEntrada, chamada.dados)
        cnpj, endereco = check_identity(entrada, self._servicos.lugares)
        certificado = await open_certificate(self._servicos, entrada.cert_file, entrada.cert_pwd, cnpj)
        nova = company_of(
            entrada,
            integrador_id=chamada.credencial.integrador.id,
            cnpj=cnpj,
            endereco=endereco,
            certificado=certificado.guardado,
        )
        return await self._store(nova, ignored_fields(entrada))

    async def create_v2(self, chamada: Chamada) -> Resposta:
        """Register a company from its certificate and what the registers tell of its CNPJ."""
        entrada = validate(EmpresaSimples, chamada.dados)
        cnpj = read_cnpj(entrada.cnpj)
        certificado = await open_certificate(self._servicos, entrada.cert_file, entrada.cert_pwd, cnpj)
        nova = company_from_register(
            await look_up(self._servicos, cnpj, certificado.lido),
            integrador_id=chamada.credencial.integrador.id,
            certificado=certificado.guardado,
            lugares=self._servicos.lugares,
            ie=entrada.ie,
        )
        if not nova.inscricao_estadual:
            raise refuse_field(
                "ie", "EMPRESA-SEM-IE", "A consulta não informou a inscrição estadual da empresa.",
                "Envie ie no corpo, ou ISENTO.", rotulo="Inscrição estadual",
            )  # fmt: skip
        if entrada.is_create_category_template:
            nova = replace(nova, categorias=default_categories(nova.regime))
        return await self._store(nova, ignored_fields(entrada))

    async def edit(self, chamada: Chamada) -> Resposta:
        """Change what is sent and nothing else. The CNPJ never changes."""
        entrada = validate(EmpresaMudanca, chamada.dados)
        empresa = await current_company(self._servicos, chamada)
        if entrada.company_id not in (company_id(empresa.id), str(empresa.id)):
            raise FaceErro(
                404,
                "EMPRESA-NAO-EXISTE",
                "Não há empresa com este company_id para o token enviado.",
                "Use o company_id e o token recebidos em company/create.",
            )
        check_change(entrada, menos={"company_id"})
        mudanca = replace(
            await changed_registration(self._servicos, empresa, entrada),
            unidade=entrada.unit,
            serie_nfe=entrada.serie,
            numero_nfe=entrada.number,
        )
        empresas = self._servicos.empresas
        mudada = await run_in_threadpool(empresas.update, empresa.id, mudanca)
        avisos = [
            *await number_warnings(empresas, mudada, Modelo.NFE, entrada.number),
            *ignored_fields(entrada),
        ]
        return succeed(with_warnings(avisos) or None)

    async def get_list(self, chamada: Chamada) -> Resposta:
        """One page of the integrator's companies, each with its token."""
        consulta = validate(EmpresaLista, chamada.dados)
        integrador_id = chamada.credencial.integrador.id

        def read() -> tuple[list[EmpresaSaida], int]:
            empresas = self._servicos.empresas
            achadas = empresas.list_page(integrador_id, pagina=consulta.page, tamanho=consulta.page_size)
            return [
                describe_company(empresa, token, next_number(empresas, empresa, Modelo.NFE))
                for empresa, token in achadas.empresas
            ], achadas.total

        itens, total = await run_in_threadpool(read)
        data: EmpresasSaida = {"companys": itens, **place_of(consulta.page, consulta.page_size, total)}
        return succeed(data)

    async def get_detail(self, chamada: Chamada) -> Resposta:
        """The company of the token, with its categories for NF-e."""
        validate(EmpresaConsulta, chamada.dados)
        empresa = await current_company(self._servicos, chamada)

        def read() -> EmpresaDetalheSaida:
            numero = next_number(self._servicos.empresas, empresa, Modelo.NFE)
            categorias = self._servicos.categorias.list_all(empresa.id, Modelo.NFE)
            return {
                **describe_company(empresa, chamada.credencial.token, numero),
                "categorys": describe_categories(categorias),
            }

        return succeed(await run_in_threadpool(read))

    async def get_cep_detail(self, chamada: Chamada) -> Resposta:
        """The place of a CEP."""
        consulta = validate(CepConsulta, chamada.dados)
        lugar = await run_in_threadpool(self._servicos.lugares.find_cep, consulta.cep)
        if lugar is None:
            raise FaceErro(404, "EMPRESA-CEP-FAIXA", "Este CEP não pertence a nenhuma UF.", "Confira o CEP.")
        return succeed(describe_cep(lugar))

    async def _store(self, nova: NovaEmpresa, avisos: Sequence[ErroCampo]) -> Resposta:
        empresa, token = await run_in_threadpool(self._servicos.empresas.create, nova)
        return succeed(describe_created(empresa, token, avisos))
