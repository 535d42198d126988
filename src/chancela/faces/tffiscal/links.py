"""Signed links to files: whoever holds one may fetch that file until it expires, and nothing else.

`/arquivos/<empresa>/<documento>/<nome>?exp=<unix>&sig=<hmac>`, or `/exportacoes/...` with the export in place of the
document; the signature covers the folder and all four. The base address is a
setting; without it the one by which the caller reached us is used.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from chancela.faces.tffiscal.erros import FaceErro
from chancela.issuing.modelo import Documento
from chancela.kit.clock import Clock

VALIDADE_S = 7 * 24 * 3600
DOCUMENTOS = "arquivos"
EXPORTACOES = "exportacoes"
_NUMERO = re.compile(r"[0-9]{1,15}", re.ASCII)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arquivo:
    """What a link names: a company, one of its documents (or exports), and the file's name."""

    empresa_id: int
    documento_id: str
    nome: str
    pasta: str = DOCUMENTOS


class Links:
    """Makes links with the first of `chaves` and checks them with any: secrets of at least 32 bytes each."""

    def __init__(
        self, chaves: Sequence[bytes], clock: Clock, *, base_url: str = "", validade_s: int = VALIDADE_S
    ) -> None:
        assert chaves, "links need a key"
        assert all(len(chave) >= 32 for chave in chaves), "the signing key is too short"
        self._chaves = tuple(chaves)
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._validade_s = validade_s

    def make(self, documento: Documento, sufixo: str, base_do_pedido: str) -> str:
        """The URL of `<chave><sufixo>` of a document."""
        return self.link(
            Arquivo(documento.empresa_id, documento.id, f"{documento.chave}{sufixo}"), base_do_pedido
        )

    def link(self, arquivo: Arquivo, base_do_pedido: str, *, raiz: str = DOCUMENTOS) -> str:
        """The URL of any file of a company, under the path of its kind. The expiry is rounded up to the hour, so that
        links repeat."""
        limite = int(self._clock.now().timestamp()) + self._validade_s
        expira = str(-(-limite // 3600) * 3600)
        return self._link(arquivo, expira, base_do_pedido, raiz)

    def make_export(
        self, empresa_id: int, exportacao_id: str, nome: str, ate: datetime, base_do_pedido: str
    ) -> str:
        """The URL of the file of an export, good until `ate`."""
        arquivo = Arquivo(empresa_id, exportacao_id, nome, EXPORTACOES)
        return self._link(arquivo, str(int(ate.timestamp())), base_do_pedido, EXPORTACOES)

    def base(self, base_do_pedido: str) -> str:
        """The public address of this installation, without a slash at its end."""
        return self._base_url or base_do_pedido.rstrip("/")

    def _link(self, arquivo: Arquivo, expira: str, base_do_pedido: str, raiz: str) -> str:
        caminho = f"/{raiz}/{arquivo.empresa_id}/{arquivo.documento_id}/{quote(arquivo.nome)}"
        return (
            f"{self.base(base_do_pedido)}{caminho}?exp={expira}&sig={_sign(self._chaves[0], arquivo, expira)}"
        )

    def check(
        self,
        empresa: str,
        documento_id: str,
        nome: str,
        expira: str,
        assinatura: str,
        *,
        pasta: str = DOCUMENTOS,
    ) -> Arquivo:
        """The file that a link names. `FaceErro` 401 when the link is not ours or is over."""
        if (
            _NUMERO.fullmatch(empresa) is None
            or _NUMERO.fullmatch(expira) is None
            or _HEX64.fullmatch(assinatura) is None
        ):
            raise _invalid()
        arquivo = Arquivo(int(empresa), documento_id, nome, pasta)
        conferem = [hmac.compare_digest(_sign(chave, arquivo, expira), assinatura) for chave in self._chaves]
        if not any(conferem):
            raise _invalid()
        if self._clock.now().timestamp() > int(expira):
            raise FaceErro(
                401, "LINK-02", "Este link expirou.", "Peça um link novo em get_detail ou get_danfe."
            )
        return arquivo


def _sign(chave: bytes, arquivo: Arquivo, expira: str) -> str:
    texto = f"{arquivo.pasta}\n{arquivo.empresa_id}\n{arquivo.documento_id}\n{arquivo.nome}\n{expira}"
    return hmac.new(chave, texto.encode(), hashlib.sha256).hexdigest()


def _invalid() -> FaceErro:
    return FaceErro(
        401, "LINK-01", "Este link não é válido.", "Peça um link novo em get_detail ou get_danfe."
    )
