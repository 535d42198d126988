"""Tax categories of a company: the `Categorias` port on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Modelo
from chancela.issuing.empresa import Categoria, PaginaCategorias
from chancela.stores.conexao import Banco


class CategoriasPg:
    """Implements `issuing.empresa.Categorias`. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def create(
        self,
        empresa_id: int,
        *,
        codigo: str | None,
        descricao: str,
        conteudo: Mapping[str, Any],
        modelo: Modelo = Modelo.NFE,
    ) -> Categoria:
        def run(conexao: Connection) -> Categoria:
            if codigo is not None:
                categoria = Categoria(codigo, descricao, conteudo, modelo)
                if not insert_categoria(conexao, empresa_id, categoria):
                    raise EstadoInvalido(
                        "CATEGORIA-JA-EXISTE",
                        f"Já existe uma categoria com o código {codigo}.",
                        "Use outro código, ou altere a categoria existente.",
                    )
                return categoria
            while True:  # a code that somebody chose may stand in the way of the counter
                contador = conexao.execute(_CONTA).scalar_one()
                categoria = Categoria(_own_code(contador, modelo), descricao, conteudo, modelo)
                if insert_categoria(conexao, empresa_id, categoria):
                    return categoria

        return self._banco.in_company(empresa_id, run)

    def get(self, empresa_id: int, codigo: str) -> Categoria | None:
        return self.get_many(empresa_id, (codigo,)).get(codigo)

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        if not codigos:
            return {}
        linhas = self._banco.call_company(
            empresa_id, "SELECT * FROM chancela_categorias(%s, %s, %s)", list(dict.fromkeys(codigos))
        )
        return {linha.codigo: _read(linha) for linha in linhas}

    def list_page(self, empresa_id: int, modelo: Modelo, *, pagina: int, tamanho: int) -> PaginaCategorias:
        onde = {"modelo": modelo.value, "limite": tamanho, "pulo": (pagina - 1) * tamanho}
        with self._banco.company(empresa_id) as conexao:
            total = conexao.execute(_TOTAL, onde).scalar_one()
            linhas = conexao.execute(_PAGINA, onde).all()
        return PaginaCategorias([_read(linha) for linha in linhas], total)

    def list_all(self, empresa_id: int, modelo: Modelo) -> Sequence[Categoria]:
        with self._banco.company(empresa_id) as conexao:
            linhas = conexao.execute(_PAGINA, {"modelo": modelo.value, "limite": None, "pulo": 0}).all()
        return [_read(linha) for linha in linhas]

    def replace(self, empresa_id: int, categoria: Categoria) -> bool:
        with self._banco.company(empresa_id) as conexao:
            return conexao.execute(_TROCA, _parameters(empresa_id, categoria)).rowcount == 1

    def delete(self, empresa_id: int, codigo: str, modelo: Modelo) -> bool:
        with self._banco.company(empresa_id) as conexao:
            return conexao.execute(_APAGA, {"codigo": codigo, "modelo": modelo.value}).rowcount == 1


def _own_code(contador: int, modelo: Modelo) -> str:
    """`TF12`; the contract prints those of the NFC-e as `TF00012`."""
    return f"TF{contador:05d}" if modelo is Modelo.NFCE else f"TF{contador}"


def _read(linha: Any) -> Categoria:
    return Categoria(linha.codigo, linha.descricao, linha.conteudo, Modelo(linha.modelo))


def insert_categoria(conexao: Connection, empresa_id: int, categoria: Categoria) -> bool:
    """Add a category; False when its code is taken."""
    return conexao.execute(_INSERE, _parameters(empresa_id, categoria)).rowcount == 1


def _parameters(empresa_id: int, categoria: Categoria) -> dict[str, Any]:
    return {
        "empresa_id": empresa_id,
        "codigo": categoria.codigo,
        "descricao": categoria.descricao,
        "conteudo": Jsonb(dict(categoria.conteudo)),
        "modelo": categoria.modelo.value,
    }


_CONTA = text(
    "UPDATE empresas SET categorias_criadas = categorias_criadas + 1 WHERE id = chancela_empresa()"
    " RETURNING categorias_criadas"
)
_INSERE = text(
    "INSERT INTO categorias (empresa_id, codigo, descricao, conteudo, modelo)"
    " VALUES (:empresa_id, :codigo, :descricao, :conteudo, :modelo) ON CONFLICT DO NOTHING"
)
_TOTAL = text("SELECT count(*) FROM categorias WHERE empresa_id = chancela_empresa() AND modelo = :modelo")
_PAGINA = text(
    "SELECT codigo, descricao, conteudo, modelo FROM categorias"
    " WHERE empresa_id = chancela_empresa() AND modelo = :modelo"
    " ORDER BY criada_em, codigo LIMIT CAST(:limite AS bigint) OFFSET :pulo"
)
_TROCA = text(
    "UPDATE categorias SET descricao = :descricao, conteudo = :conteudo, atualizada_em = chancela_agora()"
    " WHERE empresa_id = :empresa_id AND codigo = :codigo AND modelo = :modelo"
)
_APAGA = text(
    "DELETE FROM categorias WHERE empresa_id = chancela_empresa() AND codigo = :codigo AND modelo = :modelo"
)
