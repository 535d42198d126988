"""Where a consumer looks an NFC-e up: address of the QR Code and of the query by key, per state and environment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chancela.domain.identidade import Ambiente, Uf
from chancela.kit.packaged import packaged_rows

_AMBIENTES = {"producao": Ambiente.PRODUCAO, "homologacao": Ambiente.HOMOLOGACAO}


@dataclass(frozen=True, slots=True)
class EnderecosConsulta:
    """The two addresses that `infNFeSupl` names, as the state publishes them (no question mark at the end)."""

    qr_code: str
    url_chave: str


class ConsultasNfce:
    """Addresses of all states."""

    def __init__(self, linhas: Iterable[Mapping[str, str]]) -> None:
        """`linhas` have `uf`, `environment`, `kind` and `url`; kinds other than the two present ones are passed over."""
        por_lugar: dict[tuple[Uf, Ambiente], dict[str, str]] = {}
        for linha in linhas:
            lugar = Uf(linha["uf"]), _AMBIENTES[linha["environment"]]
            por_lugar.setdefault(lugar, {})[linha["kind"]] = linha["url"]
        self._por_lugar = {
            lugar: EnderecosConsulta(urls["qrCode"], urls["urlChave"]) for lugar, urls in por_lugar.items()
        }

    def find(self, uf: Uf, ambiente: Ambiente) -> EnderecosConsulta:
        """The addresses of a state. Every state has them in both environments."""
        return self._por_lugar[uf, ambiente]


def packaged_consultas() -> ConsultasNfce:
    """The table that comes with the package."""
    return ConsultasNfce(packaged_rows("nfce_qrcode_urls.csv"))
