"""The public register first, the state's register for what it does not tell."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import pytest

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Uf
from chancela.gateways.cnpj import CadastroCnpj
from chancela.gateways.nfe.cadastro import Contribuinte, RetornoCadastro
from chancela.issuing.cadencia import Pergunta, about_register
from chancela.issuing.consulta_empresa import ConsultaEmpresa

pytestmark = pytest.mark.anyio
CNPJ = Cnpj("11222333000181")
CERTIFICADO = cast("Certificado", object())
ACHADO = CadastroCnpj(
    cnpj=CNPJ, razao_social="LOJA LTDA", nome_fantasia="", inscricao_estadual="", regime="normal", cep="01001000",
    logradouro="RUA UM", numero="1", complemento="", bairro="SE", municipio="SAO PAULO", uf="SP",
)  # fmt: skip
INSCRITO = Contribuinte("110042490114", str(CNPJ), "SP", True, "LOJA LTDA", fantasia="LOJA")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Publica:
    def __init__(self, achado: CadastroCnpj | None) -> None:
        self.achado = achado

    async def find(self, cnpj: Cnpj, certificado: Certificado | None = None) -> CadastroCnpj | None:
        return self.achado


class Estadual:
    def __init__(self, *contribuintes: Contribuinte, falha: Exception | None = None) -> None:
        self.contribuintes = contribuintes
        self.falha = falha
        self.perguntas: list[tuple[Uf, Cnpj]] = []

    async def find(self, uf: Uf, quem: Cnpj, ambiente: Ambiente, certificado: Any) -> RetornoCadastro:
        self.perguntas.append((uf, quem))
        if self.falha is not None:
            raise self.falha
        return RetornoCadastro(111, "Consulta cadastro com uma ocorrência", self.contribuintes)


class Contagem:
    """The count of questions: what `take` answers, and what it was asked."""

    def __init__(self, espera_s: float = 0.0) -> None:
        self.espera_s = espera_s
        self.contadas: list[Pergunta] = []

    def take(self, pergunta: Pergunta) -> float:
        self.contadas.append(pergunta)
        return self.espera_s


async def find(
    publica: Publica,
    estadual: Estadual,
    certificado: Certificado | None = CERTIFICADO,
    contagem: Contagem | None = None,
) -> Any:
    with ThreadPoolExecutor(1) as executor:
        consulta = ConsultaEmpresa(publica, estadual, Ambiente.PRODUCAO, contagem or Contagem(), executor)
        return await consulta.find(CNPJ, certificado)


async def test_the_state_tells_the_registration_that_the_public_register_does_not() -> None:
    estadual = Estadual(INSCRITO)
    assert await find(Publica(ACHADO), estadual) == replace(
        ACHADO, inscricao_estadual="110042490114", nome_fantasia="LOJA"
    )
    assert estadual.perguntas == [(Uf.SP, CNPJ)]


async def test_the_state_is_not_asked_more_often_than_it_allows() -> None:
    estadual, contagem = Estadual(INSCRITO), Contagem(espera_s=60)
    assert await find(Publica(ACHADO), estadual, contagem=contagem) == ACHADO
    assert estadual.perguntas == []
    assert contagem.contadas == [about_register(CNPJ, Uf.SP, Ambiente.PRODUCAO)]


@pytest.mark.parametrize(
    ("achado", "certificado"),
    [
        (None, CERTIFICADO),
        (replace(ACHADO, inscricao_estadual="123456789012"), CERTIFICADO),
        (ACHADO, None),
        (replace(ACHADO, uf=""), CERTIFICADO),
    ],
)
async def test_the_state_is_not_asked_without_need(
    achado: CadastroCnpj | None, certificado: Certificado | None
) -> None:
    estadual = Estadual(INSCRITO)
    assert await find(Publica(achado), estadual, certificado) == achado
    assert estadual.perguntas == []


@pytest.mark.parametrize(
    "estadual",
    [
        Estadual(),
        Estadual(replace(INSCRITO, habilitado=False)),
        Estadual(replace(INSCRITO, documento="11222333000262")),
        Estadual(falha=TransmissaoRecusada("SEM-SERVICO", "A UF não oferece a consulta.", "")),
    ],
)
async def test_what_the_state_does_not_tell_stays_open(estadual: Estadual) -> None:
    assert await find(Publica(ACHADO), estadual) == ACHADO
