"""Tax categories of a company: the `Categorias` port on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from chancela.domain.erros import EstadoInvalido
from chancela.issuing.empresa import Categoria
from chancela.stores.conexao import Banco


class CategoriasPg:
    """Implements `issuing.empresa.Categorias`. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def create(
        self, empresa_id: int, *, codigo: str | None, descricao: str, conteudo: Mapping[str, Any]
    ) -> Categoria:
        def run(conexao: Connection) -> Categoria:
            if codigo is not None:
                categoria = Categoria(codigo, descricao, conteudo)
                if not insert_categoria(conexao, empresa_id, categoria):
                    raise EstadoInvalido(
                        "CATEGORIA-JA-EXISTE",
                        f"Já existe uma categoria com o código {codigo}.",
                        "Use outro código, ou altere a categoria existente.",
                    )
                return categoria
            while True:  # a code that somebody chose may stand in the way of the counter
                contador = conexao.execute(_CONTA).scalar_one()
                categoria = Categoria(f"TF{contador}", descricao, conteudo)
                if insert_categoria(conexao, empresa_id, categoria):
                    return categoria

        return self._banco.in_company(empresa_id, run)

    def get(self, empresa_id: int, codigo: str) -> Categoria | None:
        return self.get_many(empresa_id, (codigo,)).get(codigo)

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        if not codigos:
            return {}
        with self._banco.company(empresa_id) as conexao:
            linhas = conexao.execute(_LE, {"codigos": list(dict.fromkeys(codigos))}).all()
        return {linha.codigo: Categoria(linha.codigo, linha.descricao, linha.conteudo) for linha in linhas}


def insert_categoria(conexao: Connection, empresa_id: int, categoria: Categoria) -> bool:
    """Add a category; False when its code is taken."""
    parametros = {
        "empresa_id": empresa_id,
        "codigo": categoria.codigo,
        "descricao": categoria.descricao,
        "conteudo": Jsonb(dict(categoria.conteudo)),
    }
    return conexao.execute(_INSERE, parametros).rowcount == 1


_CONTA = text(
    "UPDATE empresas SET categorias_criadas = categorias_criadas + 1 WHERE id = chancela_empresa()"
    " RETURNING categorias_criadas"
)
_INSERE = text(
    "INSERT INTO categorias (empresa_id, codigo, descricao, conteudo)"
    " VALUES (:empresa_id, :codigo, :descricao, :conteudo) ON CONFLICT DO NOTHING"
)
_LE = text(
    "SELECT codigo, descricao, conteudo FROM categorias"
    " WHERE empresa_id = chancela_empresa() AND codigo = ANY(:codigos)"
)
