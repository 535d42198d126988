"""Where each service of each authorizer answers, and which authorizer serves a UF. Pure look-ups over packaged data.

Sources: `data/sefaz_enderecos.csv` and `data/uf.csv`. A base URL (`CHANCELA_SEFAZ_URL`) points every address at one
server instead, the simulator: `<base>/<AUTORIZADOR>/<Servico>`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from chancela.domain.erros import FiscalError
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.kit.packaged import packaged_rows

TP_EMIS_SVC_AN = 6
TP_EMIS_SVC_RS = 7
CADASTRO = "CadConsultaCadastro4"
CADASTRO_NA_SVRS = frozenset({Uf.AC, Uf.ES, Uf.RN, Uf.PB, Uf.SC})
"""UFs without an own authorizer whose taxpayer register SVRS answers for."""

_DOCUMENTO = {
    Modelo.NFE: "nfe",
    Modelo.NFCE: "nfce",
    Modelo.CTE: "cte",
    Modelo.CTE_OS: "cte",
    Modelo.MDFE: "mdfe",
}
_AMBIENTE = {Ambiente.PRODUCAO: "producao", Ambiente.HOMOLOGACAO: "homologacao"}
_SVC = {TP_EMIS_SVC_AN: "SVC-AN", TP_EMIS_SVC_RS: "SVC-RS"}


class SemServico(FiscalError):
    """The authorizer does not offer the service in that environment, or contingency of that kind is not for that UF."""


@dataclass(frozen=True, slots=True)
class Endereco:
    """One service of one authorizer; `versao` is that of the layout as the portal lists it."""

    url: str
    servico: str
    autorizador: str
    ambiente: Ambiente
    versao: str


@dataclass(frozen=True, slots=True)
class _Linha:
    url: str
    versao: str
    inicio: date | None
    fim: date | None

    def holds(self, quando: date) -> bool:
        return (self.inicio is None or self.inicio <= quando) and (self.fim is None or quando <= self.fim)


@dataclass(frozen=True, slots=True)
class _Autorizadores:
    nfe: str
    nfce: str
    contingencia: Mapping[Ambiente, str]


class Enderecos:
    """The address book. With `base_url` every address lies on that server."""

    def __init__(
        self,
        enderecos: Iterable[Mapping[str, str]],
        ufs: Iterable[Mapping[str, str]],
        *,
        base_url: str | None = None,
    ) -> None:
        self._linhas: dict[tuple[str, str, str, str], list[_Linha]] = {}
        for linha in enderecos:
            chave = (linha["documento"], linha["servico"], linha["autorizador"], linha["ambiente"])
            self._linhas.setdefault(chave, []).append(
                _Linha(
                    linha["url"],
                    linha["versao"],
                    _date(linha.get("vigencia_inicio", "")),
                    _date(linha.get("vigencia_fim", "")),
                )
            )
        self._ufs = {
            Uf(linha["uf"]): _Autorizadores(
                linha["autorizador_nfe"],
                linha["autorizador_nfce"],
                {
                    Ambiente.PRODUCAO: linha["contingencia_producao"],
                    Ambiente.HOMOLOGACAO: linha["contingencia_homologacao"],
                },
            )
            for linha in ufs
        }
        self._base = _checked_base(base_url) if base_url else None

    def authorizer(self, uf: Uf, modelo: Modelo, ambiente: Ambiente, tp_emis: int = 1) -> str:
        """Who authorises: the UF's own, SVRS or SVAN; in SVC contingency (tpEmis 6 or 7) the SVC it belongs to.

        Raises `SemServico` when that SVC does not serve the UF, or the model has no SVC.
        """
        svc = _SVC.get(tp_emis)
        da_uf = self._ufs[uf]
        if svc is None:
            return da_uf.nfce if modelo is Modelo.NFCE else da_uf.nfe
        if modelo is not Modelo.NFE or da_uf.contingencia[ambiente] != svc:
            raise SemServico(
                "ENDERECO-SVC",
                f"A {svc} não atende documentos de modelo {modelo.value} de {uf.value}.",
                f"A contingência de {uf.value} é a {da_uf.contingencia[ambiente]}, e só para NF-e.",
            )
        return svc

    def contingency(self, uf: Uf, ambiente: Ambiente) -> str:
        """The SVC that serves a UF, which differs between environments."""
        return self._ufs[uf].contingencia[ambiente]

    def address(
        self, servico: str, *, uf: Uf, modelo: Modelo, ambiente: Ambiente, quando: date, tp_emis: int = 1
    ) -> Endereco:
        """The address of a service for a UF on a date. Raises `SemServico`."""
        if servico == CADASTRO:
            return self.address_of(
                servico, self._register(uf, ambiente), modelo=Modelo.NFE, ambiente=ambiente, quando=quando
            )
        autorizador = self.authorizer(uf, modelo, ambiente, tp_emis)
        return self.address_of(servico, autorizador, modelo=modelo, ambiente=ambiente, quando=quando)

    def address_of(
        self, servico: str, autorizador: str, *, modelo: Modelo, ambiente: Ambiente, quando: date
    ) -> Endereco:
        """The address of a service at a named authorizer (`AN` for the national ones). Raises `SemServico`."""
        linhas = self._linhas.get((_DOCUMENTO[modelo], servico, autorizador, _AMBIENTE[ambiente]), ())
        linha = next((linha for linha in linhas if linha.holds(quando)), None)
        if linha is None:
            raise SemServico(
                "ENDERECO-SEM-SERVICO",
                f"{autorizador} não oferece {servico} para o modelo {modelo.value} em {_AMBIENTE[ambiente]}.",
                "Confira a UF e o ambiente; o serviço pode não existir ali.",
            )
        url = f"{self._base}/{autorizador}/{servico}" if self._base else linha.url
        return Endereco(url, servico, autorizador, ambiente, linha.versao)

    def _register(self, uf: Uf, ambiente: Ambiente) -> str:
        if ("nfe", CADASTRO, uf.value, _AMBIENTE[ambiente]) in self._linhas:
            return uf.value
        if uf in CADASTRO_NA_SVRS:
            return "SVRS"
        raise SemServico(
            "ENDERECO-CADASTRO",
            f"{uf.value} não oferece consulta ao cadastro.",
            "Informe os dados da empresa.",
        )


@cache
def packaged_addresses(base_url: str | None = None) -> Enderecos:
    """The address book that the package ships, read once per process."""
    return Enderecos(packaged_rows("sefaz_enderecos.csv"), packaged_rows("uf.csv"), base_url=base_url)


def _date(texto: str) -> date | None:
    return date.fromisoformat(texto) if texto else None


def _checked_base(base_url: str) -> str:
    partes = urlsplit(base_url)
    if partes.scheme != "https" or not partes.hostname or partes.query or partes.fragment:
        raise ValueError("CHANCELA_SEFAZ_URL precisa ser um endereço https, como https://127.0.0.1:8443")
    return base_url.rstrip("/")
