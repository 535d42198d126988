"""The vault: secrets sealed in AES-256-GCM envelopes under a master key that is never in the database.

Each secret has a data key of its own; the master key only wraps data keys. What a secret is and whose (its identity)
is authenticated with it, so an envelope moved to another row does not open. The envelope names the master key that
wrapped it, so that keys can be changed while the system runs: `rewrap` touches only the data key.

Envelope: `C1`, length and id of the master key, nonce (12), wrapped data key (48), nonce (12), sealed secret.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chancela.domain.erros import FiscalError
from chancela.kit.randomness import Randomness

_MARCA = b"C1"
_CHAVE_BYTES = 32
_NONCE_BYTES = 12
_EMBRULHADA_BYTES = _CHAVE_BYTES + 16


class CofreInvalido(FiscalError):
    """The master key is missing, malformed or not the one that sealed the secret, or an envelope was altered."""


@dataclass(frozen=True, slots=True)
class ChaveMestra:
    """A master key. `id` is derived from it and says nothing about it."""

    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        assert len(self.material) == _CHAVE_BYTES

    @property
    def id(self) -> str:
        return hashlib.sha256(b"chancela chave-mestra id" + self.material).hexdigest()[:16]

    def derive(self, finalidade: str) -> bytes:
        """32 bytes for another use (signing links), from which the master key cannot be found again."""
        return hashlib.blake2b(finalidade.encode(), key=self.material, digest_size=32).digest()


def load_master_keys(arquivo: Path, randomness: Randomness) -> Sequence[ChaveMestra]:
    """The keys of a file, one of 32 bytes in base64 per line; the first seals, the others only open.

    A file that does not exist is made, with a fresh key, readable by its owner only. Raises `CofreInvalido`.
    """
    arquivo.parent.mkdir(parents=True, exist_ok=True)
    if not arquivo.exists():
        _create_whole(arquivo, base64.b64encode(randomness.token_bytes(_CHAVE_BYTES)) + b"\n")
    linhas = [linha.strip() for linha in arquivo.read_text().splitlines() if linha.strip()]
    try:
        materiais = [base64.b64decode(linha, validate=True) for linha in linhas]
    except (binascii.Error, ValueError):
        materiais = []
    if not materiais or any(len(material) != _CHAVE_BYTES for material in materiais):
        raise CofreInvalido(
            "COFRE-CHAVE",
            f"O arquivo da chave-mestra {arquivo} não traz 32 bytes em base64 por linha.",
            "Restaure o arquivo original: sem ele os segredos guardados não se abrem.",
        )
    return [ChaveMestra(material) for material in materiais]


class Cofre:
    """Seals with the first key, opens with any of them. Thread-safe.

    An envelope under a key that is not at hand makes it read the keys again, with `reler`, before it gives up: the key
    file may have got a new one since the process started.
    """

    def __init__(
        self,
        chaves: Sequence[ChaveMestra],
        randomness: Randomness,
        *,
        reler: Callable[[], Sequence[ChaveMestra]] | None = None,
    ) -> None:
        self._randomness = randomness
        self._reler = reler
        self._adopt(chaves)

    def _adopt(self, chaves: Sequence[ChaveMestra]) -> None:
        assert chaves, "a vault needs a master key"
        self._chaves = {chave.id: AESGCM(chave.material) for chave in chaves}
        self._atual = chaves[0]

    @property
    def chave_atual(self) -> str:
        """Id of the key that seals."""
        return self._atual.id

    def seal(self, segredo: bytes, identidade: str) -> bytes:
        """An envelope that opens only for the same `identidade`."""
        dados = self._randomness.token_bytes(_CHAVE_BYTES)
        nonce = self._randomness.token_bytes(_NONCE_BYTES)
        selado = nonce + AESGCM(dados).encrypt(nonce, segredo, identidade.encode())
        return self._wrap(dados, identidade) + selado

    def open(self, envelope: bytes, identidade: str) -> bytes:
        """The secret. `CofreInvalido` when the key is unknown, or the envelope altered or of another identity."""
        dados, selado = self._unwrap(envelope, identidade)
        try:
            return AESGCM(dados).decrypt(selado[:_NONCE_BYTES], selado[_NONCE_BYTES:], identidade.encode())
        except (InvalidTag, ValueError):
            raise _altered() from None

    def rewrap(self, envelope: bytes, identidade: str) -> bytes:
        """The same sealed secret under the present master key."""
        dados, selado = self._unwrap(envelope, identidade)
        return self._wrap(dados, identidade) + selado

    def is_current(self, envelope: bytes) -> bool:
        """Whether the envelope is under the present master key."""
        return _split(envelope)[0] == self._atual.id

    def _wrap(self, dados: bytes, identidade: str) -> bytes:
        nome = self._atual.id.encode()
        nonce = self._randomness.token_bytes(_NONCE_BYTES)
        embrulhada = self._chaves[self._atual.id].encrypt(nonce, dados, nome + b"\x00" + identidade.encode())
        return _MARCA + bytes([len(nome)]) + nome + nonce + embrulhada

    def _unwrap(self, envelope: bytes, identidade: str) -> tuple[bytes, bytes]:
        nome, nonce, embrulhada, selado = _split(envelope)
        if nome not in self._chaves and self._reler is not None:
            self._adopt(self._reler())
        chave = self._chaves.get(nome)
        if chave is None:
            raise CofreInvalido(
                "COFRE-CHAVE-AUSENTE",
                f"O segredo foi guardado com a chave-mestra {nome}, que não está no arquivo.",
                "Acrescente a chave antiga ao arquivo da chave-mestra, em outra linha.",
            )
        try:
            return chave.decrypt(nonce, embrulhada, nome.encode() + b"\x00" + identidade.encode()), selado
        except InvalidTag:
            raise _altered() from None


def _split(envelope: bytes) -> tuple[str, bytes, bytes, bytes]:
    if envelope[:2] != _MARCA or len(envelope) < 3:
        raise _altered()
    fim_nome = 3 + envelope[2]
    fim_nonce = fim_nome + _NONCE_BYTES
    fim_chave = fim_nonce + _EMBRULHADA_BYTES
    if len(envelope) < fim_chave + _NONCE_BYTES + 16:
        raise _altered()
    try:
        nome = envelope[3:fim_nome].decode("ascii")
    except UnicodeDecodeError:
        raise _altered() from None
    return nome, envelope[fim_nome:fim_nonce], envelope[fim_nonce:fim_chave], envelope[fim_chave:]


def _altered() -> CofreInvalido:
    return CofreInvalido("COFRE-ALTERADO", "Um segredo guardado foi alterado ou está no lugar de outro.")


def add_master_key(arquivo: Path, randomness: Randomness) -> Sequence[ChaveMestra]:
    """Put a fresh key before the others of the file, whole or not at all; returns all of them. It seals from now on."""
    chaves = [ChaveMestra(randomness.token_bytes(_CHAVE_BYTES)), *load_master_keys(arquivo, randomness)]
    _replace_whole(arquivo, chaves)
    return chaves


def keep_master_keys(arquivo: Path, ids: Collection[str], randomness: Randomness) -> Sequence[ChaveMestra]:
    """Leave only the first key and those of `ids` in the file; returns the ones that stayed."""
    chaves = load_master_keys(arquivo, randomness)
    ficam = [chaves[0], *(chave for chave in chaves[1:] if chave.id in ids)]
    _replace_whole(arquivo, ficam)
    return ficam


def _replace_whole(arquivo: Path, chaves: Sequence[ChaveMestra]) -> None:
    """On disk under another name first, so that no crash leaves the keys half written."""
    provisorio = arquivo.with_name(f"{arquivo.name}.nova")
    provisorio.unlink(missing_ok=True)
    _create_whole(provisorio, b"".join(base64.b64encode(chave.material) + b"\n" for chave in chaves))
    provisorio.replace(arquivo)
    _sync_folder(arquivo.parent)


def _create_whole(arquivo: Path, conteudo: bytes) -> None:
    """Appear with its content or not at all, and lose to whoever was first; on disk before it is used."""
    provisorio = arquivo.with_name(f"{arquivo.name}.{os.getpid()}")
    descritor = os.open(provisorio, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descritor, "wb") as aberto:
            aberto.write(conteudo)
            aberto.flush()
            os.fsync(aberto.fileno())
        try:
            os.link(provisorio, arquivo)
        except FileExistsError:
            return
    finally:
        provisorio.unlink()
    _sync_folder(arquivo.parent)


def _sync_folder(pasta: Path) -> None:
    descritor = os.open(pasta, os.O_RDONLY)
    try:
        os.fsync(descritor)
    finally:
        os.close(descritor)
