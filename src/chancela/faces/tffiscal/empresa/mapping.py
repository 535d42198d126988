"""`EmpresaEntrada` to the company that is stored: identity, place by CEP, certificate, default categories."""

from dataclasses import replace
from urllib.parse import urlsplit

from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj, Uf
from chancela.domain.tabelas.lugares import Lugares, Municipio
from chancela.faces.tffiscal.empresa.modelos import default_categories
from chancela.faces.tffiscal.empresa.schemas import EmpresaEntrada
from chancela.faces.tffiscal.erros import ErroCampo, refuse_fields
from chancela.gateways.cnpj import CadastroCnpj
from chancela.issuing.empresa import EnderecoEmpresa, NovaEmpresa, NovoCertificado


def check_identity(entrada: EmpresaEntrada, lugares: Lugares) -> tuple[Cnpj, EnderecoEmpresa]:
    """CNPJ and address, both checked before anything is fetched. `FaceErro` 400 with every problem at once."""
    erros: list[ErroCampo] = []
    cnpj: Cnpj | None = None
    try:
        cnpj = Cnpj(entrada.cnpj)
    except RegraViolada as erro:
        violacao = erro.violacoes[0]
        erros.append(
            ErroCampo("cnpj", violacao.codigo, violacao.mensagem, violacao.correcao, entrada.cnpj, "CNPJ")
        )
    uf = _state(entrada.cep, entrada.state, lugares, erros)
    municipio = None if uf is None else _town(entrada.cep, entrada.city, uf, lugares, erros)
    if erros:
        raise refuse_fields(erros)
    assert cnpj is not None
    assert uf is not None
    assert municipio is not None
    return cnpj, EnderecoEmpresa(
        cep=entrada.cep,
        logradouro=entrada.address.strip(),
        numero=entrada.house_number.strip(),
        complemento=entrada.complemento.strip(),
        bairro=entrada.town.strip(),
        municipio=municipio.nome,
        municipio_ibge=municipio.codigo,
        uf=uf,
    )


def company_of(
    entrada: EmpresaEntrada,
    *,
    integrador_id: int,
    cnpj: Cnpj,
    endereco: EnderecoEmpresa,
    certificado: NovoCertificado,
) -> NovaEmpresa:
    """The company to store."""
    return NovaEmpresa(
        integrador_id=integrador_id,
        cnpj=cnpj,
        razao_social=entrada.name.strip(),
        nome_fantasia=entrada.alias.strip(),
        inscricao_estadual=entrada.ie,
        regime=entrada.invoice_type,
        endereco=endereco,
        unidade=entrada.unit,
        email=entrada.email,
        telefone=entrada.telefone,
        serie_nfe=entrada.serie,
        numero_nfe=entrada.number,
        certificado_pfx=certificado.pfx,
        certificado_senha=certificado.senha,
        certificado_impressao=certificado.impressao,
        certificado_inicio=certificado.inicio,
        certificado_fim=certificado.fim,
        certificado_url=certificado.url,
        categorias=default_categories(entrada.invoice_type) if entrada.is_create_category_template else (),
    )


def company_from_register(
    cadastro: CadastroCnpj,
    *,
    integrador_id: int,
    certificado: NovoCertificado,
    lugares: Lugares,
    ie: str = "",
) -> NovaEmpresa:
    """The company that a register describes, issuing NF-e from series 1, number 1.

    Texts are cut to what the layout holds (`xNome`, `xLgr`, `xBairro`: 60). A registration that the caller sent wins over
    the register's. `FaceErro` 400 when the register's CEP, city and state disagree.
    """
    endereco = EnderecoEmpresa(
        cep=cadastro.cep,
        logradouro=cadastro.logradouro[:60],
        numero=cadastro.numero[:60],
        bairro=cadastro.bairro[:60],
        municipio=cadastro.municipio,
        municipio_ibge="",
        uf=read_state(cadastro.uf),
        complemento=cadastro.complemento[:60],
    )
    return NovaEmpresa(
        integrador_id=integrador_id,
        cnpj=cadastro.cnpj,
        razao_social=cadastro.razao_social[:60],
        nome_fantasia=cadastro.nome_fantasia[:60],
        inscricao_estadual=ie or cadastro.inscricao_estadual,
        regime=cadastro.regime,
        endereco=locate(endereco, lugares),
        unidade="UN",
        email=cadastro.email[:60],
        telefone=cadastro.telefone[:14],
        serie_nfe=1,
        numero_nfe=1,
        certificado_pfx=certificado.pfx,
        certificado_senha=certificado.senha,
        certificado_impressao=certificado.impressao,
        certificado_inicio=certificado.inicio,
        certificado_fim=certificado.fim,
        certificado_url=certificado.url,
    )


def shown_url(cert_file: str) -> str:
    """What the contract shows back: the URL without its query (it may hold a signature), nothing of a `data:` URL."""
    if cert_file[:5].lower() == "data:":
        return ""
    partes = urlsplit(cert_file)
    return f"{partes.scheme}://{partes.netloc}{partes.path}"


def read_state(sigla: str) -> Uf:
    """A state of Brazil. `FaceErro` 400 for anything else."""
    if sigla not in Uf.__members__:
        raise refuse_fields([_no_state(sigla)])
    return Uf(sigla)


def locate(endereco: EnderecoEmpresa, lugares: Lugares) -> EnderecoEmpresa:
    """The address with the municipality's official name and IBGE code. `FaceErro` 400 when CEP, city and state disagree."""
    erros: list[ErroCampo] = []
    uf = _state(endereco.cep, endereco.uf.value, lugares, erros)
    municipio = None if uf is None else _town(endereco.cep, endereco.municipio, uf, lugares, erros)
    if municipio is None:
        raise refuse_fields(erros)
    return replace(endereco, municipio=municipio.nome, municipio_ibge=municipio.codigo)


def _no_state(sigla: str) -> ErroCampo:
    return ErroCampo("state", "EMPRESA-UF", "Esta UF não existe.", "Envie a sigla da UF.", sigla, "UF")


def _state(cep: str, sigla: str, lugares: Lugares, erros: list[ErroCampo]) -> Uf | None:
    if sigla not in Uf.__members__:
        erros.append(_no_state(sigla))
        return None
    uf = Uf(sigla)
    lugar = lugares.find_cep(cep)
    if lugar is None:
        erros.append(
            ErroCampo(
                "cep",
                "EMPRESA-CEP-FAIXA",
                "Este CEP não pertence a nenhuma UF.",
                "Confira o CEP.",
                cep,
                "CEP",
            )
        )
        return None
    if lugar.uf is not uf:
        erros.append(
            ErroCampo(
                "state", "EMPRESA-UF-CEP", f"O CEP {cep} é de {lugar.uf.value}, e não de {uf.value}.",
                "Corrija o CEP ou a UF: deles depende a SEFAZ que autoriza.", sigla, "UF",
            )
        )  # fmt: skip
        return None
    return uf


def _town(cep: str, cidade: str, uf: Uf, lugares: Lugares, erros: list[ErroCampo]) -> Municipio | None:
    """The municipality: as named, when the state has it; otherwise the one that the CEP gives."""
    nomeado = lugares.search_municipio(cidade, uf)
    lugar = lugares.find_cep(cep)
    municipio = nomeado or (lugar.municipio if lugar is not None else None)
    if municipio is None:
        erros.append(
            ErroCampo(
                "city", "EMPRESA-MUNICIPIO", f"Não há município com este nome em {uf.value}.",
                "Envie o nome do município como no IBGE.", cidade, "Município",
            )
        )  # fmt: skip
    return municipio
