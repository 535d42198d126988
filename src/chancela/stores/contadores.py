"""Accountants and the companies that they serve. Only the operator registers and links them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text

from chancela.stores.conexao import Banco


@dataclass(frozen=True, slots=True)
class Contador:
    """An accountant as registered. Documents are digits only."""

    email: str
    tipo_documento: str
    """CNPJ or CPF, of the office."""
    documento: str
    escritorio: str
    responsavel: str
    crc: str
    cpf: str
    endereco: str = ""
    site: str = ""
    telefone: str = ""
    celular: str = ""
    assistente: str = ""
    assistente_email: str = ""
    assistente_telefone: str = ""
    observacoes: str = ""


class ContadoresPg:
    """Registers, links and finds accountants. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def create(self, contador_id: str, contador: Contador) -> None:
        """Register an accountant under an id of ours."""
        dados = {"id": contador_id, "email": contador.email, "dados": Jsonb(asdict(contador))}
        with self._banco.system() as conexao:
            conexao.execute(_CRIA, dados)

    def link(self, contador_id: str, empresa_id: int) -> bool:
        """Let a company see an accountant; False when one of them does not exist."""
        with self._banco.system() as conexao:
            return conexao.execute(_LIGA, {"id": contador_id, "empresa_id": empresa_id}).rowcount == 1

    def unlink(self, contador_id: str, empresa_id: int) -> bool:
        """Take that back; False when they were not linked."""
        with self._banco.system() as conexao:
            return conexao.execute(_DESLIGA, {"id": contador_id, "empresa_id": empresa_id}).rowcount == 1

    def get(self, contador_id: str, empresa_id: int) -> Contador | None:
        """The accountant, seen by a company that he serves."""
        with self._banco.company(empresa_id) as conexao:
            dados: Mapping[str, Any] | None = conexao.execute(_LE, {"id": contador_id}).scalar_one_or_none()
        return None if dados is None else Contador(**dados)

    def knows(self, contador_id: str, email: str) -> bool:
        """Whether there is such an accountant with such an address, whomever he serves."""
        with self._banco.system() as conexao:
            return bool(conexao.execute(_CONHECE, {"id": contador_id, "email": email}).scalar_one())


_CRIA = text("INSERT INTO contadores (id, email, dados) VALUES (:id, :email, :dados)")
_LIGA = text(
    "INSERT INTO contadores_empresas (contador_id, empresa_id) SELECT c.id, e.id FROM contadores c, empresas e"
    " WHERE c.id = :id AND e.id = :empresa_id ON CONFLICT (empresa_id, contador_id) DO UPDATE SET empresa_id = excluded.empresa_id"
)
_DESLIGA = text("DELETE FROM contadores_empresas WHERE contador_id = :id AND empresa_id = :empresa_id")
_CONHECE = text("SELECT EXISTS (SELECT FROM contadores WHERE id = :id AND lower(email) = lower(:email))")
_LE = text(
    "SELECT c.dados FROM contadores c JOIN contadores_empresas v ON v.contador_id = c.id"
    " WHERE v.empresa_id = chancela_empresa() AND c.id = :id"
)
