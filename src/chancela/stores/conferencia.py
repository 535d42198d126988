"""Proves the archive: the timeline of every company, and the file of every document that SEFAZ authorised.

Reads only, in flat memory, while the system runs. What is judged in a file is the caller's: this finds the files, in
the order of the documents, and says which ones are missing or are not the bytes that the database knows.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chancela.stores.artefatos import XML_AUTORIZADO
from chancela.stores.conexao import Banco
from chancela.stores.linha_do_tempo import Cadeia, LinhaDoTempo

Julgamento = Callable[[bytes], Sequence[str]]
"""Everything that is wrong with the bytes of an archived note."""


@dataclass(frozen=True, slots=True)
class Falta:
    """Something of a company that does not hold; `documento_id` empty when it is its timeline."""

    empresa_id: int
    documento_id: str
    chave: str
    motivo: str


@dataclass(frozen=True, slots=True)
class EmpresaConferida:
    """What was found of one company."""

    empresa_id: int
    cadeia: Cadeia
    documentos: int
    faltas: Sequence[Falta]


class ConferenciaPg:
    """Goes through the archive of every company. Blocking."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def run(self, julgar: Julgamento, *, lote: int = 200) -> Iterator[EmpresaConferida]:
        """Every company in turn, with what does not hold."""
        with self._banco.system() as conexao:
            empresas = list(conexao.execute(_EMPRESAS).scalars())
        for empresa_id in empresas:
            cadeia = LinhaDoTempo(self._banco).verify_chain(empresa_id)
            documentos, faltas = self._files(empresa_id, julgar, lote)
            if cadeia.quebra is not None:
                motivo = f"A linha do tempo não confere a partir da sequência {cadeia.quebra}."
                faltas.insert(0, Falta(empresa_id, "", "", motivo))
            yield EmpresaConferida(empresa_id, cadeia, documentos, faltas)

    def _files(self, empresa_id: int, julgar: Julgamento, lote: int) -> tuple[int, list[Falta]]:
        lidos, apos, faltas = 0, "", list[Falta]()
        while True:
            with self._banco.company(empresa_id) as conexao:
                linhas = conexao.execute(
                    _ARQUIVOS, {"apos": apos, "tipo": XML_AUTORIZADO, "lote": lote}
                ).all()
            for linha in linhas:
                motivos = _faults(linha.conteudo, linha.sha256, julgar)
                faltas += [Falta(empresa_id, linha.id, linha.chave, motivo) for motivo in motivos]
            lidos += len(linhas)
            if len(linhas) < lote:
                return lidos, faltas
            apos = linhas[-1].id


def _faults(conteudo: bytes | None, sha256: bytes | None, julgar: Julgamento) -> Sequence[str]:
    if conteudo is None:
        return ["Falta o XML autorizado."]
    if hashlib.sha256(conteudo).digest() != sha256:
        return ["O XML guardado não é o que foi gravado."]
    return julgar(conteudo)


_EMPRESAS = text("SELECT id FROM empresas ORDER BY id")
_ARQUIVOS = text(
    """
    SELECT d.id, d.chave, a.conteudo, a.sha256 FROM documentos d
    LEFT JOIN artefatos a ON a.documento_id = d.id AND a.tipo = :tipo AND a.variante = ''
    WHERE d.empresa_id = chancela_empresa() AND d.estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO')
        AND d.protocolo IS NOT NULL AND d.conteudo_excluido_em IS NULL AND d.id > :apos
    ORDER BY d.id LIMIT :lote
    """
)
