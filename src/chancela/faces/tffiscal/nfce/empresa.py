"""`/api/nfce/company/create`, `update` and `get`."""

from dataclasses import replace
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool

from chancela.documents.nfce.qrcode import Csc, check_csc
from chancela.domain.erros import EstadoInvalido, RegraViolada, TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Modelo
from chancela.faces.tffiscal.empresa.mapping import locate, read_state, shown_url
from chancela.faces.tffiscal.empresa.routes import company_id, load_certificate
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, describe, refuse_field, refuse_fields
from chancela.faces.tffiscal.nfce.empresa_schemas import (
    EmpresaNfceConsulta,
    EmpresaNfceEntrada,
    EmpresaNfceMudanca,
)
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.gateways.cnpj import CadastroCnpj
from chancela.issuing.empresa import (
    Empresa,
    EnderecoEmpresa,
    MudancaEmpresa,
    NovaEmpresa,
    NovoCertificado,
)

CADASTRADA = "Company registered for NFC-e"
ALTERADA = "NFC-e company updated successfully"
_log = structlog.get_logger(__name__)


class OperacoesEmpresaNfce:
    """Operations on the NFC-e side of companies."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Register a company for NFC-e. One that the integrator already has keeps its token and gains the fields."""
        entrada = validate(EmpresaNfceEntrada, chamada.dados)
        cnpj = _read_cnpj(entrada.cnpj)
        csc = _read_csc(entrada.csc_id, entrada.csc)
        certificado = await self._certificate(entrada.cert_file, entrada.cert_pwd, cnpj)
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
                await self._merge(achada[0], entrada, csc, certificado)
        else:
            await self._merge(achada[0], entrada, csc, certificado)
        empresa, token = achada
        data: dict[str, Any] = {"company_id": company_id(empresa.id), "token": token}
        avisos = ignored_fields(entrada)
        if avisos:
            data["avisos"] = [aviso.as_data() for aviso in avisos]
        return succeed(data, CADASTRADA)

    async def update(self, chamada: Chamada) -> Resposta:
        """Change what is sent and nothing else. The CNPJ never changes."""
        entrada = validate(EmpresaNfceMudanca, chamada.dados)
        if not entrada.model_fields_set - set(entrada.model_extra or {}):
            raise FaceErro(
                400, "EMPRESA-NADA-MUDA", "Nenhum campo a alterar foi enviado.", "Envie ao menos um campo."
            )
        empresa = await self._current(chamada)
        mudanca = MudancaEmpresa(
            razao_social=_stripped(entrada.name),
            nome_fantasia=_stripped(entrada.alias),
            inscricao_estadual=entrada.ie,
            regime=entrada.invoice_type,
            endereco=self._address(empresa.endereco, entrada),
            email=entrada.email,
            telefone=entrada.telefone,
            serie_nfce=entrada.serie_nfce,
            numero_nfce=entrada.number_nfce,
            csc=await self._changed_csc(empresa, entrada),
            certificado=await self._changed_certificate(empresa, entrada),
        )
        mudada = await run_in_threadpool(self._servicos.empresas.update, empresa.id, mudanca)
        avisos = [*await self._number_warnings(mudada, entrada.number_nfce), *ignored_fields(entrada)]
        return succeed({"avisos": [aviso.as_data() for aviso in avisos]} if avisos else None, ALTERADA)

    async def get(self, chamada: Chamada) -> Resposta:
        """The company of the token. `number_nfce` is the next number, of production once that was used."""
        validate(EmpresaNfceConsulta, chamada.dados)
        empresa = await self._current(chamada)
        csc = await run_in_threadpool(self._servicos.empresas.csc, empresa.id)
        endereco = empresa.endereco
        return succeed(
            {
                "company_id": company_id(empresa.id),
                "cnpj": empresa.cnpj,
                "name": empresa.razao_social,
                "alias": empresa.nome_fantasia,
                "ie": empresa.inscricao_estadual,
                "invoice_type": empresa.regime,
                "email": empresa.email,
                "telefone": empresa.telefone,
                "cep": endereco.cep,
                "address": endereco.logradouro,
                "house_number": endereco.numero,
                "complemento": endereco.complemento,
                "town": endereco.bairro,
                "city": endereco.municipio,
                "state": endereco.uf.value,
                "state_code": endereco.uf.value,
                "ibge": endereco.municipio_ibge,
                "cert_file": empresa.certificado_url,
                "csc_id": empresa.csc_id,
                "csc": "" if csc is None else csc.codigo,
                "serie_nfce": empresa.serie_nfce,
                "number_nfce": await self._next_number(empresa),
            }
        )

    # -- parts ----------------------------------------------------------------------------------------------

    async def _current(self, chamada: Chamada) -> Empresa:
        return await run_in_threadpool(self._servicos.empresas.get, chamada.empresa.id) or chamada.empresa

    async def _certificate(self, cert_file: str, senha: str, cnpj: Cnpj) -> NovoCertificado:
        pfx = await self._servicos.certificados.fetch(cert_file)
        lido = await load_certificate(self._servicos, pfx, senha, cnpj)
        return NovoCertificado(
            pfx=pfx,
            senha=senha,
            impressao=lido.impressao_digital,
            inicio=lido.inicio,
            fim=lido.fim,
            url=shown_url(cert_file),
        )

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
        certificado: NovoCertificado,
    ) -> NovaEmpresa:
        cadastro = await self._look_up(cnpj)
        return NovaEmpresa(
            integrador_id=integrador_id,
            cnpj=cnpj,
            razao_social=cadastro.razao_social[:60],
            nome_fantasia=cadastro.nome_fantasia[:60],
            inscricao_estadual=entrada.ie or cadastro.inscricao_estadual,
            regime=cadastro.regime,
            endereco=locate(
                EnderecoEmpresa(
                    cep=cadastro.cep,
                    logradouro=cadastro.logradouro[:60],
                    numero=cadastro.numero[:60],
                    bairro=cadastro.bairro[:60],
                    municipio=cadastro.municipio,
                    municipio_ibge="",
                    uf=read_state(cadastro.uf),
                    complemento=cadastro.complemento[:60],
                ),
                self._servicos.lugares,
            ),
            unidade="UN",
            email=cadastro.email[:60],
            telefone=entrada.telefone or cadastro.telefone[:14],
            serie_nfe=1,
            numero_nfe=1,
            certificado_pfx=certificado.pfx,
            certificado_senha=certificado.senha,
            certificado_impressao=certificado.impressao,
            certificado_inicio=certificado.inicio,
            certificado_fim=certificado.fim,
            certificado_url=certificado.url,
            serie_nfce=1 if entrada.serie_nfce is None else entrada.serie_nfce,
            numero_nfce=entrada.number_nfce or 1,
            csc=csc,
        )

    async def _look_up(self, cnpj: Cnpj) -> CadastroCnpj:
        try:
            cadastro = await self._servicos.consulta_cnpj.find(cnpj)
        except TransmissaoRecusada as erro:
            _log.warning("consulta_cnpj_falhou", codigo=erro.codigo)
            raise FaceErro(500, erro.codigo, erro.mensagem, erro.correcao) from None
        if cadastro is None:
            raise refuse_field(
                "cnpj", "CNPJ-NAO-EXISTE", "Este CNPJ não foi encontrado na consulta pública.", "Confira o CNPJ.",
                valor=str(cnpj), rotulo="CNPJ",
            )  # fmt: skip
        return cadastro

    def _address(self, atual: EnderecoEmpresa, entrada: EmpresaNfceMudanca) -> EnderecoEmpresa | None:
        """The address after the change: state and municipality follow the CEP unless they are sent too."""
        mudanca: dict[str, str] = {
            nosso: valor.strip()
            for nosso, valor in (
                ("cep", entrada.cep),
                ("logradouro", entrada.address),
                ("numero", entrada.house_number),
                ("complemento", entrada.complemento),
                ("bairro", entrada.town),
                ("municipio", entrada.city),
            )
            if valor is not None
        }
        if not mudanca and entrada.state is None:
            return None
        novo = replace(atual, **mudanca)
        lugares = self._servicos.lugares
        lugar = lugares.find_cep(novo.cep)
        if entrada.state is not None:
            novo = replace(novo, uf=read_state(entrada.state))
        elif lugar is not None:
            novo = replace(novo, uf=lugar.uf)
        if (
            entrada.city is None
            and entrada.cep is not None
            and lugar is not None
            and lugar.municipio is not None
        ):
            novo = replace(novo, municipio=lugar.municipio.nome)
        return locate(novo, lugares)

    async def _changed_csc(self, empresa: Empresa, entrada: EmpresaNfceMudanca) -> Csc | None:
        """The code after the change; one half sent alone is joined with the other half in use."""
        if entrada.csc_id is None and entrada.csc is None:
            return None
        atual = await run_in_threadpool(self._servicos.empresas.csc, empresa.id) or Csc("", "")
        return _read_csc(
            atual.id if entrada.csc_id is None else entrada.csc_id,
            atual.codigo if entrada.csc is None else entrada.csc,
        )

    async def _changed_certificate(
        self, empresa: Empresa, entrada: EmpresaNfceMudanca
    ) -> NovoCertificado | None:
        if entrada.cert_file is None and entrada.cert_pwd is None:
            return None
        if entrada.cert_file is None or entrada.cert_pwd is None:
            campo = "cert_file" if entrada.cert_file is None else "cert_pwd"
            raise refuse_field(
                campo, "CAMPO-AUSENTE", "Arquivo e senha do certificado vêm juntos.", "Envie os dois campos."
            )
        return await self._certificate(entrada.cert_file, entrada.cert_pwd, empresa.cnpj)

    async def _next_number(self, empresa: Empresa) -> int | None:
        if empresa.serie_nfce is None:
            return None
        for ambiente in (Ambiente.PRODUCAO, Ambiente.HOMOLOGACAO):
            proximo = await run_in_threadpool(
                self._servicos.empresas.next_number, empresa, Modelo.NFCE, empresa.serie_nfce, ambiente
            )
            if proximo is not None:
                return proximo
        return empresa.numero_nfce

    async def _number_warnings(self, empresa: Empresa, pedido: int | None) -> list[ErroCampo]:
        """A used series never goes back: who asks for a number already passed is told which comes next."""
        if pedido is None:
            return []
        proximo = await self._next_number(empresa)
        if proximo is None or proximo <= pedido:
            return []
        return [
            ErroCampo(
                "number_nfce", "EMPRESA-NUMERO-USADO",
                f"A série {empresa.serie_nfce} já passou do número {pedido}: o próximo continua a ser {proximo}.",
                "Use outra série para recomeçar a numeração.", str(pedido), "Próximo número da NFC-e",
            )
        ]  # fmt: skip


def _read_cnpj(texto: str) -> Cnpj:
    try:
        return Cnpj(texto)
    except RegraViolada as erro:
        v = erro.violacoes[0]
        raise refuse_fields([ErroCampo("cnpj", v.codigo, v.mensagem, v.correcao, texto, "CNPJ")]) from None


def _read_csc(identificador: str, codigo: str) -> Csc:
    csc = Csc(identificador, codigo)
    try:
        check_csc(csc)
    except RegraViolada as erro:
        descrito = describe(erro)
        assert descrito is not None
        raise descrito from None
    return csc


def _stripped(texto: str | None) -> str | None:
    return None if texto is None else texto.strip()
