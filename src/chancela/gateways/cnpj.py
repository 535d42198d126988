"""Asks a public register of companies about a CNPJ: JSON over HTTP, in the shape of BrasilAPI or of SintegraWS.

Which register and which shape are settings. Services of the first shape that also tell the state registration do so in
`inscricoes_estaduais`; those of the second take their token in the query and answer code "0" when they found it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import TransmissaoRecusada
from chancela.domain.identidade import Cnpj
from chancela.gateways.forma_cnpj import FormaConsulta

_TAMANHO_MAXIMO_BYTES = 256 * 1024
_SINTEGRAWS_NAO_ACHOU = frozenset({"1", "7", "8"})
"""Codes of SintegraWS: not registered, or not found."""


@dataclass(frozen=True, slots=True)
class CadastroCnpj:
    """What a public register says about a CNPJ. Empty text where it says nothing."""

    cnpj: Cnpj
    razao_social: str
    nome_fantasia: str
    inscricao_estadual: str
    regime: str
    """simples_nacional, mei or normal, as `Empresa.regime`."""
    cep: str
    logradouro: str
    numero: str
    complemento: str
    bairro: str
    municipio: str
    uf: str
    telefone: str = ""
    email: str = ""


class ConsultaCnpjHttp:
    """Implements `issuing.empresa.ConsultaCnpj` over HTTP. An empty `url`: nowhere to ask."""

    def __init__(
        self,
        url: str,
        *,
        forma: FormaConsulta = FormaConsulta.BRASILAPI,
        token: str = "",
        prazo_s: float = 10.0,
    ) -> None:
        self._url = url.rstrip("/")
        self._forma = forma
        self._token = token
        self._prazo_s = prazo_s

    async def find(self, cnpj: Cnpj, certificado: Certificado | None = None) -> CadastroCnpj | None:
        """See the port. This register asks for no certificate."""
        del certificado
        if not self._url:
            raise TransmissaoRecusada(
                "CNPJ-SEM-CONSULTA",
                "Nenhuma consulta de CNPJ está configurada.",
                "Cadastre a empresa por company/create, ou configure CHANCELA_CNPJ_LOOKUP_URL.",
            )
        try:
            async with asyncio.timeout(self._prazo_s):
                conteudo = await self._download(self._address(cnpj))
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise _unavailable() from None
        if conteudo is None:
            return None
        if self._forma is FormaConsulta.SINTEGRAWS:
            return read_sintegraws(cnpj, conteudo)
        return read_cadastro(cnpj, conteudo)

    def _address(self, cnpj: Cnpj) -> str:
        if self._forma is FormaConsulta.BRASILAPI:
            return f"{self._url}/{cnpj}"
        return f"{self._url}?{urlencode({'token': self._token, 'cnpj': cnpj, 'plugin': 'ST'})}"

    async def _download(self, url: str) -> bytes | None:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as sessao,
            sessao.get(url, allow_redirects=False, headers={"Accept": "application/json"}) as resposta,
        ):
            if resposta.status == 404:
                return None
            if resposta.status != 200:
                raise _unavailable()
            conteudo = b""
            async for parte in resposta.content.iter_chunked(64 * 1024):
                conteudo += parte
                if len(conteudo) > _TAMANHO_MAXIMO_BYTES:
                    raise _unavailable()
            return conteudo


def read_sintegraws(cnpj: Cnpj, conteudo: bytes) -> CadastroCnpj | None:
    """The answer of SintegraWS; None for a CNPJ that it does not know. Raises `TransmissaoRecusada` for anything else."""
    campos = _object(conteudo)
    codigo = _text(campos, "code")
    if codigo in _SINTEGRAWS_NAO_ACHOU:
        return None
    if codigo != "0":
        raise _unavailable()
    regime = _text(campos, "regime_tributacao").casefold()
    return CadastroCnpj(
        cnpj=cnpj,
        razao_social=_text(campos, "nome_empresarial"),
        nome_fantasia=_text(campos, "nome_fantasia"),
        inscricao_estadual=_digits(_text(campos, "inscricao_estadual")),
        regime="mei" if "mei" in regime.split() else "simples_nacional" if "simples" in regime else "normal",
        cep=_digits(_text(campos, "cep")),
        logradouro=_text(campos, "logradouro"),
        numero=_text(campos, "numero") or "S/N",
        complemento=_text(campos, "complemento"),
        bairro=_text(campos, "bairro"),
        municipio=_text(campos, "municipio"),
        uf=_text(campos, "uf").upper(),
        telefone=_digits(_text(campos, "telefone")),
        email=_text(campos, "email").lower(),
    )


def _object(conteudo: bytes) -> dict[str, Any]:
    try:
        lido: Any = json.loads(conteudo)
    except ValueError:
        raise _unavailable() from None
    if not isinstance(lido, dict):
        raise _unavailable()
    return cast("dict[str, Any]", lido)


def read_cadastro(cnpj: Cnpj, conteudo: bytes) -> CadastroCnpj:
    """The answer of a register. Raises `TransmissaoRecusada` when it is not the JSON object of this CNPJ."""
    campos = _object(conteudo)
    uf = _text(campos, "uf").upper()
    via = " ".join(
        parte
        for parte in (_text(campos, "descricao_tipo_de_logradouro"), _text(campos, "logradouro"))
        if parte
    )
    return CadastroCnpj(
        cnpj=cnpj,
        razao_social=_text(campos, "razao_social"),
        nome_fantasia=_text(campos, "nome_fantasia"),
        inscricao_estadual=_state_registration(campos.get("inscricoes_estaduais"), uf),
        regime=_regime(campos),
        cep=_digits(_text(campos, "cep")),
        logradouro=via,
        numero=_text(campos, "numero") or "S/N",
        complemento=_text(campos, "complemento"),
        bairro=_text(campos, "bairro"),
        municipio=_text(campos, "municipio"),
        uf=uf,
        telefone=_digits(_text(campos, "ddd_telefone_1")),
        email=_text(campos, "email").lower(),
    )


def _regime(campos: Mapping[str, Any]) -> str:
    if campos.get("opcao_pelo_mei") is True:
        return "mei"
    return "simples_nacional" if campos.get("opcao_pelo_simples") is True else "normal"


def _state_registration(lista: Any, uf: str) -> str:
    """The active registration in the company's own state."""
    if not isinstance(lista, list):
        return ""
    for item in cast("list[Any]", lista):
        if not isinstance(item, dict):
            continue
        registro = cast("dict[str, Any]", item)
        if _text(registro, "uf").upper() == uf and registro.get("ativa") is not False:
            return _digits(_text(registro, "inscricao_estadual"))
    return ""


def _text(campos: Mapping[str, Any], nome: str) -> str:
    valor = campos.get(nome)
    return (
        " ".join(str(valor).split()) if isinstance(valor, str | int) and not isinstance(valor, bool) else ""
    )


def _digits(texto: str) -> str:
    return "".join(c for c in texto if c.isascii() and c.isdecimal())


def _unavailable() -> TransmissaoRecusada:
    return TransmissaoRecusada(
        "CNPJ-CONSULTA", "A consulta pública de CNPJ não respondeu.", "Tente de novo em alguns minutos."
    )
