"""Integrators, companies and their tokens: the `Empresas` port on PostgreSQL.

A token is 32 random bytes. It is stored sealed, because the contract signs with its clear text, and found by its
SHA-256: a dump of the database holds no token that could be used.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.exc import IntegrityError

from chancela.documents.nfce.qrcode import Csc
from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.issuing.empresa import (
    Cadastro,
    Credencial,
    Empresa,
    EnderecoEmpresa,
    Integrador,
    MudancaEmpresa,
    NovaEmpresa,
    NovoCertificado,
    PaginaEmpresas,
)
from chancela.kit.randomness import Randomness
from chancela.stores.categorias import insert_categoria
from chancela.stores.certificados import insert_certificado, replace_certificado
from chancela.stores.cofre import Cofre
from chancela.stores.conexao import Banco
from chancela.stores.numeracao import Serie, advance_series, peek_number
from chancela.stores.segredos import Segredos, put_secret, secret_identity, token_identity

_TOKEN_BYTES = 32
_CSC = "csc"


class EmpresasPg:
    """Implements `issuing.empresa.Empresas`. Blocking and thread-safe."""

    def __init__(self, banco: Banco, cofre: Cofre, randomness: Randomness) -> None:
        self._banco = banco
        self._cofre = cofre
        self._randomness = randomness
        self._segredos = Segredos(banco, cofre)

    def create_integrador(self, nome: str, *, plano: str = "ilimitado") -> tuple[Integrador, str]:
        token = self._new_token()
        with self._banco.system() as conexao:
            linha = conexao.execute(_CRIA_INTEGRADOR, {"nome": nome, "plano": plano}).mappings().one()
            self._store_token(conexao, token, linha["id"], None)
        return _read_integrador(linha), token

    def change_plan(self, integrador_id: int, plano: str) -> Integrador | None:
        """See the port."""
        with self._banco.system() as conexao:
            onde = {"id": integrador_id, "plano": plano}
            linha = conexao.execute(_MUDA_PLANO, onde).mappings().one_or_none()
        return None if linha is None else _read_integrador(linha)

    def authenticate(self, token: str) -> Credencial | None:
        resumo = _hash(token)
        achados = self._banco.call_system(_ACHA_TOKEN, resumo)
        if not achados:
            return None
        linha = achados[0]._mapping
        guardado = self._cofre.open(linha["o_envelope"], token_identity(resumo)).decode()
        integrador = Integrador(linha["i_id"], linha["i_nome"], linha["i_plano"], linha["i_exige_hmac"])
        return Credencial(guardado, integrador, None if linha["id"] is None else _read_empresa(linha))

    def create(self, nova: NovaEmpresa) -> tuple[Empresa, str]:
        """See the port. Company, certificate, categories and token in one transaction."""
        token = self._new_token()
        try:
            with self._banco.system() as conexao:
                linha = conexao.execute(_CRIA_EMPRESA, _columns(nova)).mappings().one()
                self._store_token(conexao, token, nova.integrador_id, linha["id"])
                insert_certificado(conexao, self._cofre, linha["id"], _certificate(nova))
                if nova.csc is not None:
                    self._store_csc(conexao, linha["id"], nova.csc)
                for categoria in nova.categorias:
                    insert_categoria(conexao, linha["id"], categoria)
        except IntegrityError as erro:
            if isinstance(erro.orig, UniqueViolation) and erro.orig.diag.constraint_name == "empresas_cnpj":
                raise EstadoInvalido(
                    "EMPRESA-JA-EXISTE",
                    f"A empresa de CNPJ {nova.cnpj.formatado} já está cadastrada.",
                    "Use o token que ela já tem, ou altere o cadastro.",
                ) from None
            raise
        return _read_empresa(linha), token

    def get(self, empresa_id: int) -> Empresa | None:
        linhas = self._banco.call_company(empresa_id, "SELECT * FROM chancela_ler_empresa(%s, %s)")
        return _read_empresa(linhas[0]._mapping) if linhas else None

    def read_cadastro(self, empresa_id: int, codigos: Sequence[str]) -> Cadastro | None:
        """See the port."""
        linhas = self._banco.call_company(empresa_id, _LE_CADASTRO, list(codigos))
        if not linhas:
            return None
        linha = linhas[0]._mapping
        return Cadastro(_read_empresa(linha), linha["o_categorias"], linha["o_csc"])

    def with_certificate(self, limite: int = 1_000) -> list[Empresa]:
        """Companies that have a certificate (system scope), oldest first; not on the port: only the operator sees all."""
        with self._banco.system() as conexao:
            linhas = conexao.execute(_COM_CERTIFICADO, {"limite": limite}).mappings().all()
        return [_read_empresa(linha) for linha in linhas]

    def find(self, integrador_id: int, cnpj: Cnpj) -> tuple[Empresa, str] | None:
        """See the port."""
        with self._banco.system() as conexao:
            onde = {"integrador_id": integrador_id, "cnpj": str(cnpj)}
            linha = conexao.execute(_ACHA_EMPRESA, onde).mappings().one_or_none()
            if linha is None:
                return None
            guardado = conexao.execute(_LE_TOKEN, {"empresa_id": linha["id"]}).mappings().one()
        return _read_empresa(linha), self._open_token(guardado)

    def list_page(self, integrador_id: int, *, pagina: int, tamanho: int) -> PaginaEmpresas:
        """See the port."""
        onde = {"integrador_id": integrador_id, "limite": tamanho, "pulo": (pagina - 1) * tamanho}
        with self._banco.system() as conexao:
            total = conexao.execute(_TOTAL_EMPRESAS, onde).scalar_one()
            linhas = conexao.execute(_PAGINA_EMPRESAS, onde).mappings().all()
        return PaginaEmpresas([(_read_empresa(linha), self._open_token(linha)) for linha in linhas], total)

    def update(self, empresa_id: int, mudanca: MudancaEmpresa) -> Empresa:
        """See the port."""
        colunas = _changed_columns(mudanca)

        def run(conexao: Connection) -> Empresa:
            if colunas:
                pares = ", ".join(f"{coluna} = :{coluna}" for coluna in colunas)
                conexao.execute(
                    text(
                        f"UPDATE empresas SET {pares}, atualizada_em = chancela_agora() WHERE id = :id"  # noqa: S608
                    ),
                    {**colunas, "id": empresa_id},
                )
            if mudanca.csc is not None:
                self._store_csc(conexao, empresa_id, mudanca.csc)
            if mudanca.certificado is not None:
                replace_certificado(conexao, self._cofre, empresa_id, mudanca.certificado)
            empresa = _read_empresa(conexao.execute(_LE_EMPRESA, {"id": empresa_id}).mappings().one())
            for modelo, serie, numero in (
                (Modelo.NFE, empresa.serie_nfe, mudanca.numero_nfe),
                (Modelo.NFCE, empresa.serie_nfce, mudanca.numero_nfce),
            ):
                if serie is not None and numero is not None:
                    advance_series(conexao, empresa.cnpj, modelo, serie, numero)
            return empresa

        return self._banco.in_company(empresa_id, run)

    def configure(
        self, empresa_id: int, mudar: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Empresa | None:
        """Replace the settings by what `mudar` makes of the stored ones, under the row's lock; None without the company."""

        def run(conexao: Connection) -> Empresa | None:
            linha = conexao.execute(_TRAVA_CONFIGURACAO, {"id": empresa_id}).one_or_none()
            if linha is None:
                return None
            novos = {"id": empresa_id, "configuracao": Jsonb(dict(mudar(linha.configuracao)))}
            return _read_empresa(conexao.execute(_CONFIGURA, novos).mappings().one())

        return self._banco.in_company(empresa_id, run)

    def csc(self, empresa_id: int) -> Csc | None:
        """See the port. Identifier and code travel together, so that a change is never seen by halves."""
        guardado = self._segredos.get(empresa_id, _CSC)
        return None if guardado is None else _read_csc(guardado)

    def open_csc(self, empresa_id: int, selado: bytes) -> Csc:
        """See `issuing.assinatura_nfe.Cscs`."""
        return _read_csc(self._cofre.open(selado, secret_identity(empresa_id, _CSC)))

    def next_number(self, empresa: Empresa, modelo: Modelo, serie: int, ambiente: Ambiente) -> int | None:
        """See the port."""
        with self._banco.company(empresa.id) as conexao:
            return peek_number(conexao, Serie(ambiente, empresa.cnpj, modelo, serie))

    def _store_csc(self, conexao: Connection, empresa_id: int, csc: Csc) -> None:
        conteudo = json.dumps({"id": csc.id, "codigo": csc.codigo}).encode()
        put_secret(conexao, self._cofre, empresa_id, _CSC, conteudo)

    def _open_token(self, linha: RowMapping) -> str:
        return self._cofre.open(linha["envelope"], token_identity(linha["hash"])).decode()

    def _new_token(self) -> str:
        return base64.urlsafe_b64encode(self._randomness.token_bytes(_TOKEN_BYTES)).decode().rstrip("=")

    def _store_token(
        self, conexao: Connection, token: str, integrador_id: int, empresa_id: int | None
    ) -> None:
        resumo = _hash(token)
        conexao.execute(
            _GUARDA_TOKEN,
            {
                "hash": resumo,
                "integrador_id": integrador_id,
                "empresa_id": empresa_id,
                "envelope": self._cofre.seal(token.encode(), token_identity(resumo)),
            },
        )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _read_csc(guardado: bytes) -> Csc:
    lido = json.loads(guardado)
    return Csc(lido["id"], lido["codigo"])


def _certificate(nova: NovaEmpresa) -> NovoCertificado:
    return NovoCertificado(
        pfx=nova.certificado_pfx,
        senha=nova.certificado_senha,
        impressao=nova.certificado_impressao,
        inicio=nova.certificado_inicio,
        fim=nova.certificado_fim,
    )


def _columns(nova: NovaEmpresa) -> dict[str, Any]:
    endereco = nova.endereco
    return {
        "integrador_id": nova.integrador_id,
        "cnpj": str(nova.cnpj),
        "razao_social": nova.razao_social,
        "nome_fantasia": nova.nome_fantasia,
        "inscricao_estadual": nova.inscricao_estadual,
        "regime": nova.regime,
        "cep": endereco.cep,
        "logradouro": endereco.logradouro,
        "numero": endereco.numero,
        "complemento": endereco.complemento,
        "bairro": endereco.bairro,
        "municipio": endereco.municipio,
        "municipio_ibge": endereco.municipio_ibge,
        "uf": endereco.uf.value,
        "unidade": nova.unidade,
        "email": nova.email,
        "telefone": nova.telefone,
        "serie_nfe": nova.serie_nfe,
        "numero_nfe": nova.numero_nfe,
        "certificado_url": nova.certificado_url,
        "serie_nfce": nova.serie_nfce,
        "numero_nfce": nova.numero_nfce,
        "csc_id": "" if nova.csc is None else nova.csc.id,
    }


_COLUNAS_SIMPLES = (
    "razao_social", "nome_fantasia", "inscricao_estadual", "regime", "unidade", "email", "telefone", "serie_nfe",
    "numero_nfe", "serie_nfce", "numero_nfce",
)  # fmt: skip


def _changed_columns(mudanca: MudancaEmpresa) -> dict[str, Any]:
    """Columns to write, by names that are ours alone."""
    colunas: dict[str, Any] = {
        nome: valor for nome in _COLUNAS_SIMPLES if (valor := getattr(mudanca, nome)) is not None
    }
    if mudanca.csc is not None:
        colunas["csc_id"] = mudanca.csc.id
    if mudanca.certificado is not None:
        colunas["certificado_url"] = mudanca.certificado.url
    endereco = mudanca.endereco
    if endereco is not None:
        colunas |= {
            "cep": endereco.cep, "logradouro": endereco.logradouro, "numero": endereco.numero,
            "complemento": endereco.complemento, "bairro": endereco.bairro, "municipio": endereco.municipio,
            "municipio_ibge": endereco.municipio_ibge, "uf": endereco.uf.value,
        }  # fmt: skip
    return colunas


def _read_integrador(linha: RowMapping) -> Integrador:
    return Integrador(linha["id"], linha["nome"], linha["plano"], linha["exige_hmac"])


def _read_empresa(linha: RowMapping) -> Empresa:
    return Empresa(
        id=linha["id"],
        integrador_id=linha["integrador_id"],
        cnpj=Cnpj(linha["cnpj"]),
        razao_social=linha["razao_social"],
        nome_fantasia=linha["nome_fantasia"],
        inscricao_estadual=linha["inscricao_estadual"],
        regime=linha["regime"],
        endereco=EnderecoEmpresa(
            cep=linha["cep"],
            logradouro=linha["logradouro"],
            numero=linha["numero"],
            bairro=linha["bairro"],
            municipio=linha["municipio"],
            municipio_ibge=linha["municipio_ibge"],
            uf=Uf(linha["uf"]),
            complemento=linha["complemento"],
        ),
        unidade=linha["unidade"],
        email=linha["email"],
        telefone=linha["telefone"],
        serie_nfe=linha["serie_nfe"],
        numero_nfe=linha["numero_nfe"],
        criada_em=linha["criada_em"],
        serie_nfce=linha["serie_nfce"],
        numero_nfce=linha["numero_nfce"],
        csc_id=linha["csc_id"],
        certificado_url=linha["certificado_url"],
        configuracao=linha["configuracao"],
    )


_CRIA_INTEGRADOR = text("INSERT INTO integradores (nome, plano) VALUES (:nome, :plano) RETURNING *")
_MUDA_PLANO = text("UPDATE integradores SET plano = :plano WHERE id = :id RETURNING *")
_ACHA_TOKEN = (
    "SELECT o_envelope, (o_integrador).id AS i_id, (o_integrador).nome AS i_nome, (o_integrador).plano AS i_plano,"
    " (o_integrador).exige_hmac AS i_exige_hmac, (o_empresa).* FROM chancela_autenticar(%s, %s)"
)
_LE_CADASTRO = "SELECT o_categorias, o_csc, (o_empresa).* FROM chancela_ler_cadastro(%s, %s, %s)"
_TRAVA_CONFIGURACAO = text("SELECT configuracao FROM empresas WHERE id = :id FOR UPDATE")
_CONFIGURA = text(
    "UPDATE empresas SET configuracao = :configuracao, atualizada_em = chancela_agora() WHERE id = :id RETURNING *"
)
_LE_EMPRESA = text("SELECT * FROM empresas WHERE id = :id")
_COM_CERTIFICADO = text(
    "SELECT e.* FROM empresas e WHERE EXISTS (SELECT 1 FROM certificados c WHERE c.empresa_id = e.id AND c.atual)"
    " ORDER BY e.id LIMIT :limite"
)
_ACHA_EMPRESA = text("SELECT * FROM empresas WHERE integrador_id = :integrador_id AND cnpj = :cnpj")
_LE_TOKEN = text(
    "SELECT hash, envelope FROM tokens WHERE empresa_id = :empresa_id AND revogado_em IS NULL"
    " ORDER BY criado_em LIMIT 1"
)
_TOTAL_EMPRESAS = text("SELECT count(*) FROM empresas WHERE integrador_id = :integrador_id")
_PAGINA_EMPRESAS = text(
    """
    SELECT e.*, t.hash, t.envelope FROM (
        SELECT * FROM empresas WHERE integrador_id = :integrador_id ORDER BY id LIMIT :limite OFFSET :pulo
    ) e CROSS JOIN LATERAL (
        SELECT hash, envelope FROM tokens WHERE empresa_id = e.id AND revogado_em IS NULL ORDER BY criado_em LIMIT 1
    ) t ORDER BY e.id
    """
)
_CRIA_EMPRESA = text(
    """
    INSERT INTO empresas (
        integrador_id, cnpj, razao_social, nome_fantasia, inscricao_estadual, regime, cep, logradouro, numero,
        complemento, bairro, municipio, municipio_ibge, uf, unidade, email, telefone, serie_nfe, numero_nfe,
        certificado_url, serie_nfce, numero_nfce, csc_id)
    VALUES (
        :integrador_id, :cnpj, :razao_social, :nome_fantasia, :inscricao_estadual, :regime, :cep, :logradouro, :numero,
        :complemento, :bairro, :municipio, :municipio_ibge, :uf, :unidade, :email, :telefone, :serie_nfe, :numero_nfe,
        :certificado_url, :serie_nfce, :numero_nfce, :csc_id)
    RETURNING *
    """
)
_GUARDA_TOKEN = text(
    "INSERT INTO tokens (hash, integrador_id, empresa_id, envelope)"
    " VALUES (:hash, :integrador_id, :empresa_id, :envelope)"
)
