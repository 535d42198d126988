"""Examples of `examples/` as the product sees them: company, categories and request through the wire models.

An example is a folder: `empresa.json` (body of company/create without the certificate), `categorias.json` (bodies of
category/create, optional), `entrada.json` (body of invoice/create) and the golden `saida.xml`.
"""

import asyncio
import json
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from chancela.documents.nfe.layout import compose_nfe
from chancela.documents.nfe.montagem import NfeMontada
from chancela.documents.nfe.numeracao import number_infnfe
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Modelo
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.faces.tffiscal.categoria.mapping import category_of
from chancela.faces.tffiscal.categoria.schemas import CategoriaEntrada
from chancela.faces.tffiscal.empresa.mapping import check_identity
from chancela.faces.tffiscal.empresa.schemas import EmpresaEntrada
from chancela.faces.tffiscal.nota.mapping import request_of
from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.validacao import validate
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import AUTORIZACAO, compose_envi_nfe
from chancela.gateways.soap.envelope import build_envelope
from chancela.issuing.categorias import write_categoria
from chancela.issuing.empresa import Categoria, Empresa
from chancela.issuing.servico_nfe import Preparada, ServicoNfe
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.json_exact import JsonLimits, read_json
from chancela.kit.randomness import SeededRandomness
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.sefaz import Sefaz
from chancela.stores.referencia.consulta import open_reference
from chancela.stores.referencia_tributos import packaged_tabelas

EXEMPLOS = Path(__file__).parents[2] / "examples"
AGORA = datetime(2026, 11, 20, 13, 30, 15, tzinfo=UTC)
CNF = "48390217"
SENHA = "exemplos"


def read_exact(caminho: Path) -> Any:
    """JSON with its decimals as written."""
    return read_json(caminho.read_bytes(), JsonLimits(size_bytes=1_000_000))


def folders(modelo: str) -> list[Path]:
    """The examples of a model (`nfe`), by name."""
    return sorted(pasta.parent for pasta in (EXEMPLOS / modelo).glob("*/entrada.json"))


@dataclass(frozen=True)
class CategoriasDoExemplo:
    """`issuing.empresa.Categorias`, as far as issuing asks it."""

    guardadas: Mapping[str, Categoria]

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        return {codigo: self.guardadas[codigo] for codigo in codigos if codigo in self.guardadas}


class Bancada:
    """Everything between a request and the simulated SEFAZ, without a socket or a database."""

    def __init__(self, pasta: Path, agora: datetime = AGORA) -> None:
        self.agora = agora
        self.clock = VirtualClock(agora)
        self.lugares = open_reference(pasta / "referencia")
        self.esquemas = Esquemas()
        self._pasta = pasta
        self._certificados: dict[str, tuple[Certificado, bytes]] = {}
        self._executor = ThreadPoolExecutor(1)

    @cached_property
    def sefaz(self) -> Sefaz:
        return Sefaz.open(ConfiguracaoSimulador(self._pasta, valida_respostas=True), self.clock)

    def close(self) -> None:
        self.lugares.close()
        self._executor.shutdown()
        self.sefaz.close()

    def company(self, corpo: Mapping[str, Any]) -> Empresa:
        """The company that `company/create` would store."""
        sem_certificado = {"cert_file": "https://exemplo.com.br/a1.pfx", "cert_pwd": "x", **corpo}
        entrada = validate(EmpresaEntrada, sem_certificado)
        cnpj, endereco = check_identity(entrada, self.lugares)
        return Empresa(
            id=1, integrador_id=1, cnpj=cnpj, razao_social=entrada.name, nome_fantasia=entrada.alias,
            inscricao_estadual=entrada.ie, regime=entrada.invoice_type, endereco=endereco, unidade=entrada.unit,
            email=entrada.email, telefone=entrada.telefone, serie_nfe=entrada.serie, numero_nfe=entrada.number,
            criada_em=self.agora,
        )  # fmt: skip

    def categories(self, corpos: Sequence[Mapping[str, Any]]) -> CategoriasDoExemplo:
        """The categories that `category/create` would store."""
        entradas = [validate(CategoriaEntrada, corpo) for corpo in corpos]
        return CategoriasDoExemplo(
            {
                cast("str", e.category_id): Categoria(
                    cast("str", e.category_id), e.descricao, write_categoria(category_of(e))
                )
                for e in entradas
            }
        )

    def service(self, categorias: CategoriasDoExemplo) -> ServicoNfe:
        """The issuing service up to the number; it has nobody to hand the document to."""
        acaso = SeededRandomness(1)
        return ServicoNfe(
            emissor=cast("Any", None), categorias=cast("Any", categorias), lugares=self.lugares,
            tabelas=packaged_tabelas(), esquemas=self.esquemas, clock=self.clock,
            ids=TimeOrderedIds(self.clock, acaso), randomness=acaso, executor=self._executor,
        )  # fmt: skip

    def prepare(
        self, empresa: Mapping[str, Any], categorias: Sequence[Mapping[str, Any]], nota: Mapping[str, Any]
    ) -> tuple[Empresa, Preparada]:
        """Request to prevalidated text; raises what issuing raises."""
        dona = self.company(empresa)
        servico = self.service(self.categories(categorias))
        return dona, asyncio.run(servico.prepare(dona, request_of(validate(NotaEntrada, nota))))

    def number(self, empresa: Empresa, preparada: Preparada, numero: int) -> tuple[str, bytes]:
        """The key and the canonical `infNFe` with a fixed cNF."""
        chave = ChaveAcesso.compose(
            uf=empresa.endereco.uf, emissao=preparada.montada.emissao, emitente=empresa.cnpj, modelo=Modelo.NFE,
            serie=preparada.montada.serie, numero=numero, tp_emis=1, cnf=CNF,
        )  # fmt: skip
        return chave.texto, number_infnfe(preparada.texto, chave)

    def certificate(self, cnpj: str) -> tuple[Certificado, bytes]:
        """A test certificate of the company, and its DER for the connection."""
        if cnpj not in self._certificados:
            pfx = AutoridadeTeste.open(self._pasta / "simulador").issue_test_certificate(
                nome="EMPRESA DE EXEMPLO", senha=SENHA, agora=self.agora, cnpj=cnpj
            )
            certificado = load_pkcs12(pfx, SENHA, agora=self.agora)
            self._certificados[cnpj] = certificado, certificado.der
        return self._certificados[cnpj]

    def authorise(self, empresa: Empresa, montada: NfeMontada, chave: str, texto: bytes) -> bytes:
        """Sign and hand to the simulator's judge; its answer."""
        certificado, der = self.certificate(str(empresa.cnpj))
        nota = compose_nfe(texto, None, sign(texto, f"NFe{chave}", certificado).xml)
        assert self.esquemas.validate(Esquema.NFE, nota) == ()
        endereco = packaged_addresses("https://sefaz.exemplo").address(
            AUTORIZACAO.nome, uf=empresa.endereco.uf, modelo=Modelo.NFE,
            ambiente=montada.ambiente, quando=self.agora.date(),
        )  # fmt: skip
        caminho = endereco.url.removeprefix("https://sefaz.exemplo")
        envelope = build_envelope(AUTORIZACAO, compose_envi_nfe(nota, "1"))
        return self.sefaz.handle(caminho, envelope, der).corpo


def example_number(nome: str) -> int:
    """The fixed number of an example: its own whatever other examples there are."""
    return zlib.crc32(nome.encode()) % 999_999_999 + 1


def write_pretty(caminho: Path, valor: Any) -> None:
    """JSON for people."""
    caminho.write_text(json.dumps(valor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
