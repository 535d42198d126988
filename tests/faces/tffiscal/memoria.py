"""The ports of the face, kept in memory: what they promise and nothing else."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chancela.documents.nfce.qrcode import Csc
from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.montagem import NfeMontada, assemble_nfe
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.domain.tabelas.lugares import LugarCep, Municipio, Pais, PrecisaoCep
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.gateways.cnpj import CadastroCnpj
from chancela.issuing.consumo import FUSO, CreditosEmpresa
from chancela.issuing.empresa import (
    Cadastro,
    Categoria,
    Credencial,
    Empresa,
    EnderecoEmpresa,
    Integrador,
    MudancaEmpresa,
    NovaEmpresa,
    PaginaCategorias,
    PaginaEmpresas,
)
from chancela.issuing.lista import DocumentoListado, FiltroDocumentos, PaginaDocumentos
from chancela.issuing.modelo import Documento, Estado, NotaDevolvida, Protocolo, Resumo
from chancela.issuing.servico_nfe import issuer_of
from chancela.kit.clock import Clock
from chancela.stores.referencia_tributos import packaged_tabelas

SAO_PAULO = Municipio("3550308", "São Paulo", Uf.SP, "America/Sao_Paulo")
CHAVE = "35261111222333000181550010000001421000000018"


class EmpresasNaMemoria:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.credenciais: dict[str, Credencial] = {}
        self.novas: list[NovaEmpresa] = []
        self.consultas = 0
        self.mudancas: list[MudancaEmpresa] = []
        self.cscs: dict[int, Csc] = {}
        self.proximos: dict[tuple[Modelo, int, Ambiente], int] = {}

    def create_integrador(self, nome: str, *, plano: str = "ilimitado") -> tuple[Integrador, str]:
        integrador = Integrador(len(self.credenciais) + 1, nome, plano, exige_hmac=False)
        token = f"b2b-{nome}"
        self.credenciais[token] = Credencial(token, integrador, None)
        return integrador, token

    def change_plan(self, integrador_id: int, plano: str) -> Integrador | None:
        mudado = None
        for token, credencial in self.credenciais.items():
            if credencial.integrador.id == integrador_id:
                mudado = replace(credencial.integrador, plano=plano)
                self.credenciais[token] = replace(credencial, integrador=mudado)
        return mudado

    def authenticate(self, token: str) -> Credencial | None:
        self.consultas += 1
        return self.credenciais.get(token)

    def create(self, nova: NovaEmpresa) -> tuple[Empresa, str]:
        if any(n.cnpj == nova.cnpj and n.integrador_id == nova.integrador_id for n in self.novas):
            raise EstadoInvalido("EMPRESA-JA-EXISTE", "Esta empresa já está cadastrada.", "Use company/edit.")
        self.novas.append(nova)
        empresa = Empresa(
            id=len(self.novas), integrador_id=nova.integrador_id, cnpj=nova.cnpj, razao_social=nova.razao_social,
            nome_fantasia=nova.nome_fantasia, inscricao_estadual=nova.inscricao_estadual, regime=nova.regime,
            endereco=nova.endereco, unidade=nova.unidade, email=nova.email, telefone=nova.telefone,
            serie_nfe=nova.serie_nfe, numero_nfe=nova.numero_nfe, criada_em=self._clock.now(),
            serie_nfce=nova.serie_nfce, numero_nfce=nova.numero_nfce,
        )  # fmt: skip
        if nova.csc is not None:
            self.cscs[empresa.id] = nova.csc
            empresa = replace(empresa, csc_id=nova.csc.id)
        token = f"empresa-{empresa.id}-{nova.cnpj}"
        integrador = next(
            c.integrador for c in self.credenciais.values() if c.integrador.id == nova.integrador_id
        )
        self.credenciais[token] = Credencial(token, integrador, empresa)
        return empresa, token

    def get(self, empresa_id: int) -> Empresa | None:
        return next(
            (c.empresa for c in self.credenciais.values() if c.empresa and c.empresa.id == empresa_id), None
        )

    def read_cadastro(self, empresa_id: int, codigos: Sequence[str]) -> Cadastro | None:
        empresa = self.get(empresa_id)
        return None if empresa is None else Cadastro(empresa, {}, None)

    def find(self, integrador_id: int, cnpj: Cnpj) -> tuple[Empresa, str] | None:
        return next(
            (
                (c.empresa, token)
                for token, c in self.credenciais.items()
                if c.empresa and c.integrador.id == integrador_id and c.empresa.cnpj == cnpj
            ),
            None,
        )

    def list_page(self, integrador_id: int, *, pagina: int, tamanho: int) -> PaginaEmpresas:
        todas = [
            (c.empresa, token)
            for token, c in self.credenciais.items()
            if c.empresa and c.integrador.id == integrador_id
        ]
        return PaginaEmpresas(todas[(pagina - 1) * tamanho : pagina * tamanho], len(todas))

    def update(self, empresa_id: int, mudanca: MudancaEmpresa) -> Empresa:
        self.mudancas.append(mudanca)
        token, credencial = next(
            (t, c) for t, c in self.credenciais.items() if c.empresa and c.empresa.id == empresa_id
        )
        assert credencial.empresa is not None
        campos = {
            f.name: valor
            for f in fields(mudanca)
            if f.name not in ("csc", "certificado") and (valor := getattr(mudanca, f.name)) is not None
        }
        if mudanca.csc is not None:
            self.cscs[empresa_id] = mudanca.csc
            campos["csc_id"] = mudanca.csc.id
        empresa = replace(credencial.empresa, **campos)
        self.credenciais[token] = replace(credencial, empresa=empresa)
        return empresa

    def csc(self, empresa_id: int) -> Csc | None:
        return self.cscs.get(empresa_id)

    def next_number(self, empresa: Empresa, modelo: Modelo, serie: int, ambiente: Ambiente) -> int | None:
        return self.proximos.get((modelo, serie, ambiente))

    def require_hmac(self, token: str) -> None:
        credencial = self.credenciais[token]
        self.credenciais[token] = replace(
            credencial, integrador=replace(credencial.integrador, exige_hmac=True)
        )


class CategoriasNaMemoria:
    def __init__(self) -> None:
        self.guardadas: dict[tuple[int, str], Categoria] = {}

    def create(
        self,
        empresa_id: int,
        *,
        codigo: str | None,
        descricao: str,
        conteudo: Mapping[str, Any],
        modelo: Modelo = Modelo.NFE,
    ) -> Categoria:
        proximo = codigo or f"TF{1 + sum(1 for dona, _ in self.guardadas if dona == empresa_id)}"
        if (empresa_id, proximo) in self.guardadas:
            raise EstadoInvalido(
                "CATEGORIA-JA-EXISTE", "Já existe uma categoria com este código.", "Use outro."
            )
        self.guardadas[empresa_id, proximo] = Categoria(proximo, descricao, conteudo, modelo)
        return self.guardadas[empresa_id, proximo]

    def get(self, empresa_id: int, codigo: str) -> Categoria | None:
        return self.guardadas.get((empresa_id, codigo))

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        return {c: self.guardadas[empresa_id, c] for c in codigos if (empresa_id, c) in self.guardadas}

    def list_page(self, empresa_id: int, modelo: Modelo, *, pagina: int, tamanho: int) -> PaginaCategorias:
        todas = [c for (dona, _), c in self.guardadas.items() if dona == empresa_id and c.modelo is modelo]
        return PaginaCategorias(todas[(pagina - 1) * tamanho : pagina * tamanho], len(todas))

    def list_all(self, empresa_id: int, modelo: Modelo) -> Sequence[Categoria]:
        return [c for (dona, _), c in self.guardadas.items() if dona == empresa_id and c.modelo is modelo]

    def replace(self, empresa_id: int, categoria: Categoria) -> bool:
        guardada = self.guardadas.get((empresa_id, categoria.codigo))
        if guardada is None or guardada.modelo is not categoria.modelo:
            return False
        self.guardadas[empresa_id, categoria.codigo] = categoria
        return True

    def delete(self, empresa_id: int, codigo: str, modelo: Modelo) -> bool:
        guardada = self.guardadas.get((empresa_id, codigo))
        if guardada is None or guardada.modelo is not modelo:
            return False
        del self.guardadas[empresa_id, codigo]
        return True


class ConsultaNaMemoria:
    """A register that knows what it was told."""

    def __init__(self) -> None:
        self.cadastros: dict[str, CadastroCnpj] = {}
        self.falha: Exception | None = None

    async def find(self, cnpj: Cnpj, certificado: Certificado | None = None) -> CadastroCnpj | None:
        if self.falha is not None:
            raise self.falha
        return self.cadastros.get(str(cnpj))


class ConsumoNaMemoria:
    """Counts by integrator and day."""

    def __init__(self) -> None:
        self.chamadas: dict[tuple[int, date], int] = {}

    def count(self, integrador_id: int, agora: datetime) -> int:
        chave = integrador_id, agora.astimezone(FUSO).date()
        self.chamadas[chave] = self.chamadas.get(chave, 0) + 1
        return self.chamadas[chave]

    def credits(self, integrador_id: int, inicio: datetime, fim: datetime) -> Sequence[CreditosEmpresa]:
        raise NotImplementedError


class RespostasNaMemoria:
    def __init__(self) -> None:
        self._trava = threading.Lock()
        self.lugares: dict[bytes, bytes | None] = {}

    def begin(self, chaves: Sequence[bytes]) -> Sequence[tuple[bool, bytes | None]]:
        with self._trava:
            return [self._begin(chave) for chave in chaves]

    def _begin(self, chave: bytes) -> tuple[bool, bytes | None]:
        if chave in self.lugares:
            return False, self.lugares[chave]
        self.lugares[chave] = None
        return True, None

    def finish(self, respostas: Sequence[tuple[bytes, bytes]]) -> Sequence[None]:
        self.lugares |= dict(respostas)
        return [None] * len(respostas)

    def abandon(self, chave: bytes) -> None:
        self.lugares.pop(chave, None)


@dataclass(slots=True)
class Emissao:
    """What the issuing side was asked for."""

    empresa: Empresa
    pedido: PedidoNfe
    referencia: str | None
    reabrir: bool
    corpo: bytes
    offline: bool = False
    insistir: bool = False
    devolve: NotaDevolvida | None = None


@dataclass(slots=True)
class EmissorNaMemoria:
    """Settles every request the same way; remembers what it was asked."""

    clock: Clock
    estado: Estado = Estado.AUTORIZADO
    c_stat: int | None = 100
    motivo: str = "Autorizado o uso da NF-e"
    avisos: tuple[Mapping[str, str], ...] = ()
    falha: Exception | None = None
    falhas: list[Exception | None] = field(default_factory=list[Exception | None])
    """What goes wrong with the next requests, one by one; then `falha` holds."""
    pedidos: list[Emissao] = field(default_factory=list)
    documentos: dict[str, Documento] = field(default_factory=dict)
    memorias: dict[str, bytes] = field(default_factory=dict)
    filtros: list[FiltroDocumentos] = field(default_factory=list)

    async def issue(
        self,
        empresa: Empresa,
        pedido: PedidoNfe,
        *,
        referencia: str | None,
        reabrir: bool,
        corpo: bytes,
        offline: bool = False,
        insistir: bool = False,
        devolve: NotaDevolvida | None = None,
        cadastro: Cadastro | None = None,
    ) -> Documento:
        assert cadastro is None or cadastro.empresa == empresa, "read together, they are one company"
        self.pedidos.append(Emissao(empresa, pedido, referencia, reabrir, corpo, offline, insistir, devolve))
        falha = self.falhas.pop(0) if self.falhas else self.falha
        if falha is not None:
            raise falha
        documento = document(
            self.clock.now(), empresa.id, numero=len(self.pedidos), estado=self.estado, c_stat=self.c_stat,
            motivo=self.motivo, referencia=referencia, avisos=self.avisos,
        )  # fmt: skip
        documento = replace(documento, modelo=pedido.modelo)
        self.documentos[documento.id] = documento
        return documento

    def get(self, documento_id: str, empresa_id: int) -> Documento | None:
        achado = self.documentos.get(documento_id)
        return achado if achado is not None and achado.empresa_id == empresa_id else None

    async def calculate(self, empresa: Empresa, pedido: PedidoNfe) -> NfeMontada:
        if self.falha is not None:
            raise self.falha
        return assemble_nfe(
            pedido, emitente=issuer_of(empresa), categorias={}, tabelas=packaged_tabelas(), lugares=LugaresDeTeste(),
            agora=self.clock.now(), configuracao=ConfiguracaoEmissao(),
        )  # fmt: skip

    def list_page(
        self, empresa_id: int, filtro: FiltroDocumentos, *, pagina: int, tamanho: int
    ) -> PaginaDocumentos:
        self.filtros.append(filtro)
        todos = [
            DocumentoListado(
                d.id, d.chave, d.estado, d.ambiente, d.serie, d.numero, d.referencia, d.resumo.valor_total, d.criado_em,
                None if d.protocolo is None else d.protocolo.recebido_em,
            )
            for d in reversed(self.documentos.values())
            if d.empresa_id == empresa_id and d.modelo is filtro.modelo
            and (not filtro.estados or d.estado in filtro.estados)
        ]  # fmt: skip
        return PaginaDocumentos(todos[(pagina - 1) * tamanho : pagina * tamanho], len(todos))

    def memoria(self, documento_id: str, empresa_id: int) -> bytes | None:
        return self.memorias.get(documento_id) if self.get(documento_id, empresa_id) else None

    def find_by_chave(self, chave: str, empresa_id: int) -> Documento | None:
        return next(
            (d for d in self.documentos.values() if d.chave == chave and d.empresa_id == empresa_id), None
        )


class ArquivosNaMemoria:
    def __init__(self) -> None:
        self.falha: Exception | None = None
        self.desenhados: list[TipoDanfe] = []

    async def xml(self, documento: Documento) -> bytes | None:
        return b"<nfeProc>" + documento.chave.encode() + b"</nfeProc>"

    async def danfe(self, documento: Documento, tipo: TipoDanfe) -> bytes:
        if self.falha is not None:
            raise self.falha
        self.desenhados.append(tipo)
        return b"%PDF " + tipo.value.encode()


class LugaresDeTeste:
    """Two places are enough."""

    def find_cep(self, cep: str) -> LugarCep | None:
        if cep.startswith("01"):
            return LugarCep(cep, Uf.SP, PrecisaoCep.MUNICIPIO, SAO_PAULO)
        if cep.startswith("2"):
            return LugarCep(cep, Uf.RJ, PrecisaoCep.UF)
        return None

    def find_municipio(self, codigo: str) -> Municipio | None:
        return SAO_PAULO if codigo == SAO_PAULO.codigo else None

    def search_municipio(self, nome: str, uf: Uf) -> Municipio | None:
        return SAO_PAULO if nome.lower() in ("são paulo", "sao paulo") and uf is Uf.SP else None

    def find_pais(self, codigo: str, em: date | None = None) -> Pais | None:
        return Pais("1058", "BRASIL")


def company(clock: Clock, *, regime: str = "normal") -> NovaEmpresa:
    """A registered company without its way through the API."""
    agora = clock.now()
    return NovaEmpresa(
        integrador_id=1, cnpj=Cnpj("11222333000181"), razao_social="Loja Exemplo", nome_fantasia="",
        inscricao_estadual="110042490114", regime=regime,
        endereco=EnderecoEmpresa("01001000", "Praça da Sé", "1", "Sé", "São Paulo", "3550308", Uf.SP),
        unidade="UN", email="", telefone="", serie_nfe=1, numero_nfe=1, certificado_pfx=b"", certificado_senha="",
        certificado_impressao="", certificado_inicio=agora, certificado_fim=agora,
    )  # fmt: skip


def document(
    agora: datetime,
    empresa_id: int,
    *,
    numero: int = 1,
    estado: Estado = Estado.AUTORIZADO,
    c_stat: int | None = 100,
    motivo: str = "Autorizado o uso da NF-e",
    referencia: str | None = "PEDIDO-1",
    avisos: tuple[Mapping[str, str], ...] = (),
) -> Documento:
    protocolo = None
    if estado in (Estado.AUTORIZADO, Estado.CANCELADO):
        protocolo = Protocolo(
            "135260000000001", 100, "Autorizado o uso da NF-e", agora, "abc=", b"<protNFe/>"
        )
    return Documento(
        id=f"{numero:024x}", empresa_id=empresa_id, modelo=Modelo.NFE, ambiente=Ambiente.HOMOLOGACAO,
        emitente="11222333000181", uf=Uf.SP, serie=1, numero=numero, tp_emis=1, chave=CHAVE, referencia=referencia,
        estado=estado, emitido_em=agora, criado_em=agora, atualizado_em=agora,
        resumo=Resumo(Decimal("300.00"), "Venda", "Cliente", "12345678909", 1), xml_sem_assinatura=b"<infNFe/>",
        protocolo=protocolo, c_stat=c_stat, motivo=motivo, avisos=avisos,
    )  # fmt: skip
