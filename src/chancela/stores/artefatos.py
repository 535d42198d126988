"""Files of documents. The authorised XML lives in PostgreSQL and its object is a copy; a PDF is only an object.

The object store does not promise that what it took is on disk, so nothing is trusted to it alone: objects are written
once and never replaced, and what is read must have the hash that the database knows. A copy that is gone, altered or
out of reach is not used: the XML comes from the database, a PDF is drawn again.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url
from sqlalchemy import Connection, text

from chancela.issuing.modelo import Documento
from chancela.kit.quedas import Pontos, no_points
from chancela.stores.caminhos import archive_path
from chancela.stores.conexao import Banco

_log = structlog.get_logger("chancela.stores.artefatos")
XML_AUTORIZADO = "xml_autorizado"
_REPETICOES, _PACIENCIA = 2, timedelta(seconds=10)
"""An S3 that is away is soon left alone (the library would try for minutes): everything that is asked of it can be done
without it, or later, and somebody waits."""


def open_objects(url: str) -> ObjectStore:
    """The object store of a `file:` or `s3:` URL (S3: the usual AWS variables). A folder is made when missing."""
    partes = urlsplit(url)
    if partes.scheme == "file":
        pasta = Path(unquote(partes.path))
        pasta.mkdir(parents=True, exist_ok=True)
        return LocalStore(pasta)
    if partes.scheme not in ("s3", "s3a"):
        raise ValueError("CHANCELA_ARTIFACTS_URL aceita file: ou s3:")
    return from_url(url, retry_config={"max_retries": _REPETICOES, "retry_timeout": _PACIENCIA})


def probe_objects(url: str) -> str:
    """Write, read back and delete an object, as a diagnosis; what was done, in words."""
    objetos, caminho, conteudo = open_objects(url), "diagnostico/sonda", b"chancela"
    obstore.put(objetos, caminho, conteudo, mode="overwrite")
    lido = bytes(obstore.get(objetos, caminho).bytes())
    obstore.delete(objetos, caminho)
    if lido != conteudo:
        raise OSError("o que foi lido não é o que foi escrito")
    return "grava, lê e apaga"


class Artefatos:
    """Stores and finds files of documents. Blocking and thread-safe."""

    def __init__(self, banco: Banco, objetos: ObjectStore, pontos: Pontos = no_points) -> None:
        self._banco = banco
        self._objetos = objetos
        self._pontos = pontos

    def xml(self, documento_id: str, empresa_id: int) -> bytes | None:
        """The `nfeProc` of a document, None while there is no protocol."""
        return self.read(documento_id, empresa_id, XML_AUTORIZADO)

    def read(self, documento_id: str, empresa_id: int, tipo: str, variante: str = "") -> bytes | None:
        """A file whose hash holds, or None when there is none (any more)."""
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(
                _LE, {"id": documento_id, "tipo": tipo, "variante": variante}
            ).one_or_none()
        if linha is None:
            return None
        if linha.conteudo is not None:
            assert hashlib.sha256(linha.conteudo).digest() == linha.sha256, (
                "the archive in the database is altered"
            )
            return linha.conteudo
        return self._fetch(linha.caminho, linha.sha256)

    def save(self, documento: Documento, tipo: str, variante: str, extensao: str, conteudo: bytes) -> None:
        """Keep a file that can be made again (a PDF): the object first, then the row that tells its hash.

        `variante` names what it was made from (state, layout); another one does not replace it, the same one does.
        A store that is full or away keeps nobody from the file in hand: it is made again the next time.
        """
        caminho = archive_path(
            int(documento.ambiente),
            documento.emitente,
            documento.emitido_em,
            f"{documento.chave}-{tipo}",
            extensao,
            conteudo,
        )
        if not self._kept(caminho, conteudo):
            return
        with self._banco.company(documento.empresa_id) as conexao:
            conexao.execute(
                _GUARDA,
                {
                    "id": documento.id,
                    "tipo": tipo,
                    "variante": variante,
                    "empresa_id": documento.empresa_id,
                    "caminho": caminho,
                    "sha256": hashlib.sha256(conteudo).digest(),
                    "tamanho": len(conteudo),
                },
            )

    def copy_pending(self, limite: int = 100) -> int:
        """Copy archived XML to the object store; returns how many. For a periodic task, over all companies.

        A store that is full or away ends the turn: what was copied stays copied, the rest is copied at a later one.
        """

        def run(conexao: Connection) -> int:
            linhas = conexao.execute(_A_COPIAR, {"limite": limite}).mappings().all()
            for copiadas, linha in enumerate(linhas):
                if not self._kept(linha["caminho"], linha["conteudo"]):
                    return copiadas
                self._pontos("copia_escrita")
                conexao.execute(_COPIADO, _key(linha))
            return len(linhas)

        return self._banco.in_system(run)

    def pending_since(self) -> datetime | None:
        """Age of the oldest XML that was not copied yet, for operators; None when all are."""
        with self._banco.system() as conexao:
            return conexao.execute(_MAIS_ANTIGO).scalar()

    def _kept(self, caminho: str, conteudo: bytes) -> bool:
        """Whether the store took it."""
        try:
            self._put(caminho, conteudo)
        except (BaseError, OSError) as erro:
            _log.error("objeto_nao_gravado", caminho=caminho, motivo=str(erro)[:300])
            return False
        return True

    def _put(self, caminho: str, conteudo: bytes) -> None:
        """Write once. The path names the hash: an object that is there has the same bytes, or was torn by a crash."""
        try:
            obstore.put(self._objetos, caminho, conteudo, mode="create")
        except AlreadyExistsError:
            if bytes(obstore.get(self._objetos, caminho).bytes()) != conteudo:
                _log.warning("artefato_refeito", caminho=caminho)
                obstore.put(self._objetos, caminho, conteudo, mode="overwrite")

    def _fetch(self, caminho: str, sha256: bytes) -> bytes | None:
        try:
            conteudo = bytes(obstore.get(self._objetos, caminho).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as erro:
            _log.error("objeto_nao_lido", caminho=caminho, motivo=str(erro)[:300])
            return None
        if hashlib.sha256(conteudo).digest() != sha256:
            _log.error("artefato_alterado", caminho=caminho)
            return None
        return conteudo


def _key(linha: Any) -> dict[str, str]:
    return {"id": linha["documento_id"], "tipo": linha["tipo"], "variante": linha["variante"]}


_LE = text(
    "SELECT caminho, sha256, conteudo FROM artefatos WHERE empresa_id = chancela_empresa()"
    " AND documento_id = :id AND tipo = :tipo AND variante = :variante"
)
_GUARDA = text(
    """
    INSERT INTO artefatos (documento_id, tipo, variante, empresa_id, caminho, sha256, tamanho, copiado_em)
    VALUES (:id, :tipo, :variante, :empresa_id, :caminho, :sha256, :tamanho, chancela_agora())
    ON CONFLICT (documento_id, tipo, variante) DO UPDATE SET caminho = excluded.caminho, sha256 = excluded.sha256,
        tamanho = excluded.tamanho, copiado_em = excluded.copiado_em
    """
)
_A_COPIAR = text(
    "SELECT documento_id, tipo, variante, caminho, conteudo FROM artefatos"
    " WHERE copiado_em IS NULL ORDER BY criado_em LIMIT :limite FOR UPDATE SKIP LOCKED"
)
_COPIADO = text(
    "UPDATE artefatos SET copiado_em = chancela_agora()"
    " WHERE documento_id = :id AND tipo = :tipo AND variante = :variante"
)
_MAIS_ANTIGO = text("SELECT min(criado_em) FROM artefatos WHERE copiado_em IS NULL")
