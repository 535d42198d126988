"""Companies and documents for the tests of the stores, made through the stores themselves."""

import hashlib
import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from chancela.domain.chave import dv_chave
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf, dv_cnpj
from chancela.issuing.empresa import Empresa, EnderecoEmpresa, NovaEmpresa
from chancela.issuing.modelo import (
    Assinado,
    Concessao,
    Desfecho,
    Documento,
    EnvioPlanejado,
    Estado,
    Marco,
    NovoDocumento,
    Numerado,
    Operacao,
    Protocolo,
    Resumo,
    TentativaEncerrada,
)
from chancela.kit.randomness import SeededRandomness
from chancela.stores.cofre import ChaveMestra, Cofre
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.empresas import EmpresasPg

AGORA = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHAVE_MESTRA = ChaveMestra(b"m" * 32)
_ids = itertools.count(1)


def vault(semente: int = 1) -> Cofre:
    return Cofre([CHAVE_MESTRA], SeededRandomness(semente))


def some_cnpj(indice: int) -> Cnpj:
    base = f"{11_222_333 + indice:08d}0001"
    return Cnpj(base + dv_cnpj(base))


def new_company(integrador_id: int, indice: int = 0, **mudancas: Any) -> NovaEmpresa:
    campos: dict[str, Any] = {
        "integrador_id": integrador_id,
        "cnpj": some_cnpj(indice),
        "razao_social": f"Loja {indice}",
        "nome_fantasia": "",
        "inscricao_estadual": "110042490114",
        "regime": "normal",
        "endereco": EnderecoEmpresa(
            "01001000", "Praça da Sé", "1", "Sé", "São Paulo", "3550308", Uf.SP, "Sala 5"
        ),
        "unidade": "UN",
        "email": "loja@exemplo.com.br",
        "telefone": "1133334444",
        "serie_nfe": 1,
        "numero_nfe": 1,
        "certificado_pfx": b"pfx",
        "certificado_senha": "senha",
        "certificado_impressao": "ab" * 32,
        "certificado_inicio": AGORA,
        "certificado_fim": AGORA,
    }
    return NovaEmpresa(**{**campos, **mudancas})


def companies(banco: Banco, quantas: int = 1) -> list[Empresa]:
    """Registered companies of one integrator."""
    empresas = EmpresasPg(banco, vault(), SeededRandomness(next(_ids)))
    integrador, _ = empresas.create_integrador("Integrador")
    return [empresas.create(new_company(integrador.id, indice))[0] for indice in range(quantas)]


def new_id() -> str:
    return f"{next(_ids):024x}"


def new_document(empresa: Empresa, **mudancas: Any) -> NovoDocumento:
    """A document whose key carries its number, and whose text says which content it is."""
    conteudo = mudancas.pop("conteudo", "a")
    serie = mudancas.get("serie", 1)
    ambiente = mudancas.get("ambiente", Ambiente.HOMOLOGACAO)

    def number(numero: int) -> Numerado:
        marca = int(hashlib.sha256(f"{conteudo}{ambiente}".encode()).hexdigest()[:6], 16) % 10**8
        base = f"352611{empresa.cnpj}55{serie:03d}{numero:09d}1{marca:08d}"
        return Numerado(base + dv_chave(base), f"<infNFe>{conteudo} {numero}</infNFe>".encode())

    campos: dict[str, Any] = {
        "id": new_id(),
        "empresa_id": empresa.id,
        "modelo": Modelo.NFE,
        "ambiente": ambiente,
        "emitente": str(empresa.cnpj),
        "uf": Uf.SP,
        "serie": 1,
        "tp_emis": 1,
        "referencia": None,
        "emitido_em": AGORA,
        "resumo": Resumo(Decimal("300.00"), "Venda", "Cliente", "12345678909", 1),
        "numerar": number,
        "pedido": b'{"id": 1}',
        "avisos": ({"codigo": "AVISO-1", "mensagem": "atenção"},),
    }
    return NovoDocumento(**{**campos, **mudancas})


def signed(conteudo: str = "a") -> Assinado:
    return Assinado(f"<NFe>{conteudo}</NFe>".encode(), f"digest-{conteudo}")


def plan(
    concessao: Concessao, assinado: Assinado | None = None, operacao: Operacao = Operacao.AUTORIZACAO
) -> EnvioPlanejado:
    return EnvioPlanejado(concessao, operacao, assinado)


def protocol(digest: str = "digest-a") -> Protocolo:
    return Protocolo(
        "135260000000001", 100, "Autorizado o uso da NF-e", AGORA, digest, b"<protNFe/>", "alerta"
    )


def outcome(concessao: Concessao, estado: Estado, tentativa: int | None = None, **mudancas: Any) -> Desfecho:
    encerradas = () if tentativa is None else (TentativaEncerrada(tentativa, "respondida", 100, "ok", 12),)
    campos: dict[str, Any] = {
        "concessao": concessao,
        "tentativas": encerradas,
        "estado": estado,
        "c_stat": 100,
        "motivo": "motivo",
        "marcos": (Marco(estado.value.lower(), "Aconteceu.", {"cStat": "100"}, 12),),
        "proxima_acao_s": 5.0 if estado.vivo else None,
    }
    return Desfecho(**{**campos, **mudancas})


def authorised(banco: Banco, xml: bytes) -> Documento:
    """A document of a new company, with its protocol and its archive."""
    documentos = DocumentosPg(banco)
    (empresa,) = companies(banco)
    concessao = documentos.admit(new_document(empresa), dono="api", prazo_s=60).concessao
    assert concessao is not None
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    fim = outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol(), xml_autorizado=xml)
    return documentos.settle([fim])[0]
