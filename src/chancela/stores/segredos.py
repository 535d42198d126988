"""What the vault seals for a company: its token, its certificate, its CSC, what signs its webhooks. Names each identity once; rotates keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, TextClause, text

from chancela.stores.cofre import Cofre
from chancela.stores.conexao import Banco


def token_identity(hash_token: bytes) -> str:
    """Of a token: by its lookup hash."""
    return f"token:{hash_token.hex()}"


def certificate_identity(empresa_id: int, impressao: str) -> str:
    """Of an A1 file and its password."""
    return f"certificado:{empresa_id}:{impressao}"


def secret_identity(empresa_id: int, finalidade: str) -> str:
    """Of any other secret of a company."""
    return f"segredo:{empresa_id}:{finalidade}"


def webhook_identity(webhook_id: int) -> str:
    """Of the secret that signs what an address is told."""
    return f"webhook:{webhook_id}"


def seal_certificate(cofre: Cofre, empresa_id: int, impressao: str, pfx: bytes, senha: str) -> bytes:
    """File and password in one envelope."""
    palavra = senha.encode("utf-8")
    assert len(palavra) < 1 << 16
    conteudo = len(palavra).to_bytes(2, "big") + palavra + pfx
    return cofre.seal(conteudo, certificate_identity(empresa_id, impressao))


def open_certificate(cofre: Cofre, empresa_id: int, impressao: str, envelope: bytes) -> tuple[bytes, str]:
    """File and password of `seal_certificate`."""
    conteudo = cofre.open(envelope, certificate_identity(empresa_id, impressao))
    fim = 2 + int.from_bytes(conteudo[:2], "big")
    return conteudo[fim:], conteudo[2:fim].decode("utf-8")


def put_secret(conexao: Connection, cofre: Cofre, empresa_id: int, finalidade: str, segredo: bytes) -> None:
    """Store or replace a secret inside the caller's transaction."""
    envelope = cofre.seal(segredo, secret_identity(empresa_id, finalidade))
    conexao.execute(_GUARDA, {"empresa_id": empresa_id, "finalidade": finalidade, "envelope": envelope})


class Segredos:
    """Secrets of companies by purpose (`csc`), and the change of the master key."""

    def __init__(self, banco: Banco, cofre: Cofre) -> None:
        self._banco = banco
        self._cofre = cofre

    def put(self, empresa_id: int, finalidade: str, segredo: bytes) -> None:
        """Store or replace a secret."""
        with self._banco.company(empresa_id) as conexao:
            put_secret(conexao, self._cofre, empresa_id, finalidade, segredo)

    def get(self, empresa_id: int, finalidade: str) -> bytes | None:
        """The secret, or None. Raises `CofreInvalido`."""
        linhas = self._banco.call_company(
            empresa_id, "SELECT * FROM chancela_ler_segredo(%s, %s, %s)", finalidade
        )
        if not linhas:
            return None
        return self._cofre.open(linhas[0].o_envelope, secret_identity(empresa_id, finalidade))

    def rotate(self, *, lote: int = 500) -> int:
        """Put every envelope under the present master key, in small transactions; returns how many were changed.

        Safe while the system runs: both keys open meanwhile. Afterwards the old key may leave the file.
        """
        return sum(self._rotate_table(tabela, lote) for tabela in _TABELAS)

    def keys_in_use(self) -> Sequence[str]:
        """Ids of the master keys that some envelope still needs."""
        with self._banco.system() as conexao:
            return list(conexao.execute(text(CHAVES_EM_USO)).scalars())

    def _rotate_table(self, tabela: "_Tabela", lote: int) -> int:
        trocados = 0
        chave = self._cofre.chave_atual.encode()
        while True:

            def run(conexao: Connection) -> int:
                linhas = conexao.execute(tabela.antigos, {"chave": chave, "lote": lote}).mappings().all()
                for linha in linhas:
                    novo = self._cofre.rewrap(linha["envelope"], tabela.identidade(dict(linha)))
                    conexao.execute(tabela.troca, {**linha, "envelope": novo})
                return len(linhas)

            feitos = self._banco.in_system(run)
            trocados += feitos
            if feitos < lote:
                return trocados


@dataclass(frozen=True, slots=True)
class _Tabela:
    """A table with envelopes: those under another key than `:chave`, and how to replace one."""

    nome: str
    antigos: TextClause
    troca: TextClause
    identidade: Callable[[dict[str, object]], str]


_OUTRA_CHAVE = "substr(envelope, 4, 16) <> :chave LIMIT :lote FOR UPDATE"
_TABELAS = (
    _Tabela(
        "tokens",
        text(f"SELECT hash, envelope FROM tokens WHERE {_OUTRA_CHAVE}"),  # noqa: S608 - constants
        text("UPDATE tokens SET envelope = :envelope WHERE hash = :hash"),
        lambda linha: token_identity(linha["hash"]),  # pyright: ignore[reportArgumentType]
    ),
    _Tabela(
        "certificados",
        text(f"SELECT id, empresa_id, impressao, envelope FROM certificados WHERE {_OUTRA_CHAVE}"),  # noqa: S608
        text("UPDATE certificados SET envelope = :envelope WHERE id = :id"),
        lambda linha: certificate_identity(linha["empresa_id"], linha["impressao"]),  # pyright: ignore[reportArgumentType]
    ),
    _Tabela(
        "segredos",
        text(f"SELECT empresa_id, finalidade, envelope FROM segredos WHERE {_OUTRA_CHAVE}"),  # noqa: S608
        text(
            "UPDATE segredos SET envelope = :envelope WHERE empresa_id = :empresa_id AND finalidade = :finalidade"
        ),
        lambda linha: secret_identity(linha["empresa_id"], linha["finalidade"]),  # pyright: ignore[reportArgumentType]
    ),
    _Tabela(
        "webhooks",
        text(f"SELECT id, envelope FROM webhooks WHERE {_OUTRA_CHAVE}"),  # noqa: S608
        text("UPDATE webhooks SET envelope = :envelope WHERE id = :id"),
        lambda linha: webhook_identity(linha["id"]),  # pyright: ignore[reportArgumentType]
    ),
)
_GUARDA = text(
    """
    INSERT INTO segredos (empresa_id, finalidade, envelope) VALUES (:empresa_id, :finalidade, :envelope)
    ON CONFLICT (empresa_id, finalidade) DO UPDATE SET envelope = excluded.envelope, atualizado_em = chancela_agora()
    """
)
TABELAS_COM_SEGREDO = tuple(tabela.nome for tabela in _TABELAS)
_ENVELOPES = " UNION ALL ".join(f"SELECT envelope FROM {nome}" for nome in TABELAS_COM_SEGREDO)  # noqa: S608 - constants
CHAVES_EM_USO = (
    f"SELECT DISTINCT convert_from(substr(envelope, 4, 16), 'UTF8') FROM ({_ENVELOPES}) todos ORDER BY 1"  # noqa: S608
)
"""Ids of the master keys in the envelopes: mark and length come first (`stores.cofre`)."""
