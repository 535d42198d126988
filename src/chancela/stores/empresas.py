"""Integrators, companies and their tokens: the `Empresas` port on PostgreSQL.

A token is 32 random bytes. It is stored sealed, because the contract signs with its clear text, and found by its
SHA-256: a dump of the database holds no token that could be used.
"""

import base64
import hashlib
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.exc import IntegrityError

from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Cnpj, Uf
from chancela.issuing.empresa import Credencial, Empresa, EnderecoEmpresa, Integrador, NovaEmpresa
from chancela.kit.randomness import Randomness
from chancela.stores.categorias import insert_categoria
from chancela.stores.certificados import NovoCertificado, insert_certificado
from chancela.stores.cofre import Cofre
from chancela.stores.conexao import Banco
from chancela.stores.segredos import token_identity

_TOKEN_BYTES = 32


class EmpresasPg:
    """Implements `issuing.empresa.Empresas`. Blocking and thread-safe."""

    def __init__(self, banco: Banco, cofre: Cofre, randomness: Randomness) -> None:
        self._banco = banco
        self._cofre = cofre
        self._randomness = randomness

    def create_integrador(self, nome: str, *, plano: str = "ilimitado") -> tuple[Integrador, str]:
        token = self._new_token()
        with self._banco.system() as conexao:
            linha = conexao.execute(_CRIA_INTEGRADOR, {"nome": nome, "plano": plano}).mappings().one()
            self._store_token(conexao, token, linha["id"], None)
        return _read_integrador(linha), token

    def authenticate(self, token: str) -> Credencial | None:
        with self._banco.system() as conexao:
            achado = conexao.execute(_ACHA_TOKEN, {"hash": _hash(token)}).mappings().one_or_none()
            if achado is None:
                return None
            integrador = conexao.execute(_LE_INTEGRADOR, {"id": achado["integrador_id"]}).mappings().one()
            empresa = None
            if achado["empresa_id"] is not None:
                empresa = conexao.execute(_LE_EMPRESA, {"id": achado["empresa_id"]}).mappings().one()
        guardado = self._cofre.open(achado["envelope"], token_identity(_hash(token))).decode()
        return Credencial(
            guardado, _read_integrador(integrador), None if empresa is None else _read_empresa(empresa)
        )

    def create(self, nova: NovaEmpresa) -> tuple[Empresa, str]:
        """See the port. Company, certificate, categories and token in one transaction."""
        token = self._new_token()
        try:
            with self._banco.system() as conexao:
                linha = conexao.execute(_CRIA_EMPRESA, _columns(nova)).mappings().one()
                self._store_token(conexao, token, nova.integrador_id, linha["id"])
                insert_certificado(conexao, self._cofre, linha["id"], _certificate(nova))
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
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(_LE_EMPRESA, {"id": empresa_id}).mappings().one_or_none()
        return None if linha is None else _read_empresa(linha)

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
    }


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
_LE_INTEGRADOR = text("SELECT * FROM integradores WHERE id = :id")
_ACHA_TOKEN = text(
    "SELECT integrador_id, empresa_id, envelope FROM tokens WHERE hash = :hash AND revogado_em IS NULL"
)
_LE_EMPRESA = text("SELECT * FROM empresas WHERE id = :id")
_CRIA_EMPRESA = text(
    """
    INSERT INTO empresas (
        integrador_id, cnpj, razao_social, nome_fantasia, inscricao_estadual, regime, cep, logradouro, numero,
        complemento, bairro, municipio, municipio_ibge, uf, unidade, email, telefone, serie_nfe, numero_nfe,
        certificado_url)
    VALUES (
        :integrador_id, :cnpj, :razao_social, :nome_fantasia, :inscricao_estadual, :regime, :cep, :logradouro, :numero,
        :complemento, :bairro, :municipio, :municipio_ibge, :uf, :unidade, :email, :telefone, :serie_nfe, :numero_nfe,
        :certificado_url)
    RETURNING *
    """
)
_GUARDA_TOKEN = text(
    "INSERT INTO tokens (hash, integrador_id, empresa_id, envelope)"
    " VALUES (:hash, :integrador_id, :empresa_id, :envelope)"
)
