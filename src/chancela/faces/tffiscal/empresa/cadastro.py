"""What the operations of both models do to a company's registration: certificate, register of CNPJs, address, numbering."""

from collections.abc import Set
from dataclasses import dataclass, replace

import structlog
from starlette.concurrency import run_in_threadpool

from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.erros import CertificadoInvalido, RegraViolada, TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Modelo
from chancela.domain.tabelas.lugares import Lugares
from chancela.faces.tffiscal.empresa.mapping import locate, read_state, shown_url
from chancela.faces.tffiscal.empresa.schemas import CadastroMudanca
from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, refuse_field, refuse_fields
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.gateways.cnpj import CadastroCnpj
from chancela.issuing.empresa import Empresa, Empresas, EnderecoEmpresa, MudancaEmpresa, NovoCertificado

_ERROS_DA_SENHA = frozenset({"CERT-SENHA"})
_ERROS_DO_CNPJ = frozenset({"CERT-OUTRO-TITULAR"})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CertificadoAberto:
    """A container that serves the company, as it is stored and as it was read."""

    guardado: NovoCertificado
    lido: Certificado


def company_id(empresa_id: int) -> str:
    """The company's id as the contract shows it."""
    return f"comp_{empresa_id}"


def read_cnpj(texto: str) -> Cnpj:
    """The CNPJ of a registration. `FaceErro` 400 when it is none."""
    try:
        return Cnpj(texto)
    except RegraViolada as erro:
        v = erro.violacoes[0]
        raise refuse_fields([ErroCampo("cnpj", v.codigo, v.mensagem, v.correcao, texto, "CNPJ")]) from None


async def open_certificate(servicos: Servicos, cert_file: str, senha: str, cnpj: Cnpj) -> CertificadoAberto:
    """Fetch and open a container that must serve the company. `FaceErro` 400 on the field that is wrong."""
    pfx = await servicos.certificados.fetch(cert_file)
    lido = await _load(servicos, pfx, senha, cnpj)
    guardado = NovoCertificado(
        pfx=pfx,
        senha=senha,
        impressao=lido.impressao_digital,
        inicio=lido.inicio,
        fim=lido.fim,
        url=shown_url(cert_file),
    )
    return CertificadoAberto(guardado, lido)


async def look_up(servicos: Servicos, cnpj: Cnpj, certificado: Certificado) -> CadastroCnpj:
    """What the registers tell of a company. `FaceErro` 400 when none knows it, 500 when none answers."""
    try:
        cadastro = await servicos.consulta_cnpj.find(cnpj, certificado)
    except TransmissaoRecusada as erro:
        _log.warning("consulta_cnpj_falhou", codigo=erro.codigo)
        raise FaceErro(500, erro.codigo, erro.mensagem, erro.correcao) from None
    if cadastro is None:
        raise refuse_field(
            "cnpj", "CNPJ-NAO-EXISTE", "Este CNPJ não foi encontrado na consulta pública.", "Confira o CNPJ.",
            valor=str(cnpj), rotulo="CNPJ",
        )  # fmt: skip
    return cadastro


async def current_company(servicos: Servicos, chamada: Chamada) -> Empresa:
    """The company of the token as stored now, younger than the remembered token."""
    return await run_in_threadpool(servicos.empresas.get, chamada.empresa.id) or chamada.empresa


async def changed_registration(
    servicos: Servicos, empresa: Empresa, entrada: CadastroMudanca
) -> MudancaEmpresa:
    """What an edit changes of what both models share; None stays as it is."""
    return MudancaEmpresa(
        razao_social=_stripped(entrada.name),
        nome_fantasia=_stripped(entrada.alias),
        inscricao_estadual=entrada.ie,
        regime=entrada.invoice_type,
        endereco=_changed_address(empresa.endereco, entrada, servicos.lugares),
        email=entrada.email,
        telefone=entrada.telefone,
        certificado=await _changed_certificate(servicos, entrada.cert_file, entrada.cert_pwd, empresa.cnpj),
    )


def check_change(entrada: CadastroMudanca, *, menos: Set[str] = frozenset()) -> None:
    """`FaceErro` when an edit is about the CNPJ, or about nothing but the fields `menos`, which only say whose it is."""
    if entrada.cnpj is not None:
        raise refuse_field(
            "cnpj", "EMPRESA-CNPJ-IMUTAVEL", "O CNPJ de uma empresa não pode ser alterado.",
            "Retire o campo cnpj; para outro CNPJ, cadastre outra empresa.", valor=entrada.cnpj, rotulo="CNPJ",
        )  # fmt: skip
    if not entrada.model_fields_set - menos - set(entrada.model_extra or {}):
        raise FaceErro(
            400, "EMPRESA-NADA-MUDA", "Nenhum campo a alterar foi enviado.", "Envie ao menos um campo."
        )


def next_number(empresas: Empresas, empresa: Empresa, modelo: Modelo) -> int | None:
    """The next number of the company's series, of production once that was used. Blocking; None without a series."""
    nfe = modelo is Modelo.NFE
    serie, inicial = (
        (empresa.serie_nfe, empresa.numero_nfe) if nfe else (empresa.serie_nfce, empresa.numero_nfce)
    )
    if serie is None:
        return None
    for ambiente in (Ambiente.PRODUCAO, Ambiente.HOMOLOGACAO):
        proximo = empresas.next_number(empresa, modelo, serie, ambiente)
        if proximo is not None:
            return proximo
    return inicial


async def number_warnings(
    empresas: Empresas, empresa: Empresa, modelo: Modelo, pedido: int | None
) -> list[ErroCampo]:
    """A used series never goes back: who asks for a number already passed is told which comes next."""
    if pedido is None:
        return []
    proximo = await run_in_threadpool(next_number, empresas, empresa, modelo)
    if proximo is None or proximo <= pedido:
        return []
    nfe = modelo is Modelo.NFE
    serie = empresa.serie_nfe if nfe else empresa.serie_nfce
    return [
        ErroCampo(
            "number" if nfe else "number_nfce", "EMPRESA-NUMERO-USADO",
            f"A série {serie} já passou do número {pedido}: o próximo continua a ser {proximo}.",
            "Use outra série para recomeçar a numeração.", str(pedido),
            f"Próximo número da {'NF-e' if nfe else 'NFC-e'}",
        )
    ]  # fmt: skip


def _stripped(texto: str | None) -> str | None:
    return None if texto is None else texto.strip()


async def _changed_certificate(
    servicos: Servicos, cert_file: str | None, senha: str | None, cnpj: Cnpj
) -> NovoCertificado | None:
    """The certificate that an edit brings; file and password come together or not at all."""
    if cert_file is None and senha is None:
        return None
    if cert_file is None or senha is None:
        campo = "cert_file" if cert_file is None else "cert_pwd"
        raise refuse_field(
            campo, "CAMPO-AUSENTE", "Arquivo e senha do certificado vêm juntos.", "Envie os dois campos."
        )
    return (await open_certificate(servicos, cert_file, senha, cnpj)).guardado


def _changed_address(
    atual: EnderecoEmpresa, mudanca: CadastroMudanca, lugares: Lugares
) -> EnderecoEmpresa | None:
    """The address after an edit: state and municipality follow the CEP unless they are sent too."""
    campos: dict[str, str] = {
        nosso: valor.strip()
        for nosso, valor in (
            ("cep", mudanca.cep),
            ("logradouro", mudanca.address),
            ("numero", mudanca.house_number),
            ("complemento", mudanca.complemento),
            ("bairro", mudanca.town),
            ("municipio", mudanca.city),
        )
        if valor is not None
    }
    if not campos and mudanca.state is None:
        return None
    novo = replace(atual, **campos)
    lugar = lugares.find_cep(novo.cep)
    if mudanca.state is not None:
        novo = replace(novo, uf=read_state(mudanca.state))
    elif lugar is not None:
        novo = replace(novo, uf=lugar.uf)
    if mudanca.city is None and mudanca.cep is not None and lugar is not None and lugar.municipio is not None:
        novo = replace(novo, municipio=lugar.municipio.nome)
    return locate(novo, lugares)


async def _load(servicos: Servicos, pfx: bytes, senha: str, cnpj: Cnpj) -> Certificado:
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
