"""Our side with taxes: the engine alone, and a TFFiscal request from its bytes to the signed XML.

The road is that of `issuing.servico_nfe` and `issuing.assinatura_nfe`: the schema judges the text before it is numbered;
once it is signed, what numbering and signing changed is proven field by field (ADR 0002).
What is not in it: HTTP, authentication, database.
"""

import json
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from benchmarks import venda as v
from benchmarks.lados.nosso import ESQUEMAS, build_value, certificado
from benchmarks.lados.protocolo import Operacao, serve
from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.layout import compose_nfe
from chancela.documents.nfe.montagem import NfeMontada, assemble_nfe
from chancela.documents.nfe.numeracao import build_placeholder, number_infnfe, prevalidate
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.assinatura.perfil import sign
from chancela.domain.chave import ChaveAcesso, choose_cnf
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
)
from chancela.domain.tributos.entrada import ItemTributavel, TipoOperacao, TipoPessoa
from chancela.domain.tributos.entrada import Operacao as Tributavel
from chancela.domain.tributos.motor import compute_tributos
from chancela.domain.xml.esquemas import Esquema
from chancela.faces.tffiscal.nota.mapping import request_of
from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.validacao import parse_object, validate
from chancela.issuing.assinatura_nfe import is_proven
from chancela.issuing.julgados import Julgados
from chancela.stores.referencia import Referencia, open_reference
from chancela.stores.referencia_tributos import packaged_tabelas

CATEGORIA = Categoria(
    codigo="TF00001",
    icms=(CenarioIcms("padrao", "juridica", "5102", "00", tipo_tributacao="normal"),),
    ipi=(CenarioIpi("padrao", "juridica", "53", "999", Decimal(0)),),
    pis=(CenarioContribuicao("padrao", "juridica", "01", v.PIS),),
    cofins=(CenarioContribuicao("padrao", "juridica", "01", v.COFINS),),
    ibs_cbs=(CenarioIbsCbs("padrao", "juridica", "000", "000001"),),
)
LIMITE_BYTES = 8 * 1024 * 1024


@cache
def referencia() -> Referencia:
    """The look-ups of places, in a folder of this run."""
    return open_reference(Path(os.environ["BANCO_DE_PROVAS_PFX"]).parent / "referencia")


def _tributos(itens: int) -> Operacao:
    operacao = Tributavel(
        tipo=TipoOperacao.SAIDA, uf_emitente=Uf.SP, uf_destinatario=Uf.SP, crt=3, data_emissao=date(2026, 11, 20),
        itens=tuple(
            ItemTributavel(i.valor, i.quantidade, i.valor_unitario, CATEGORIA) for i in v.venda(itens).itens
        ),
        tipo_pessoa=TipoPessoa.FISICA, ind_ie_dest="9", ind_final=True,
    )  # fmt: skip
    packaged_tabelas()

    def compute(_numero: int) -> bytes:
        resultado = compute_tributos(operacao, packaged_tabelas())
        assert not resultado.violacoes, resultado.violacoes
        return b"%d" % len(resultado.itens)

    return compute


def request_body(itens: int) -> bytes:
    """The sale as a body of `invoice/create`."""
    produtos = [
        {
            "codigo": i.codigo, "name": i.descricao, "ncm": i.ncm, "count": int(i.quantidade), "unit": "UN",
            "unit_price": str(i.valor_unitario), "total_price": str(i.valor), "category_id": CATEGORIA.codigo, "origem": 0,
            "indicador_total": "1",
        }
        for i in v.venda(itens).itens
    ]  # fmt: skip
    cliente = {
        "cpf": v.CPF, "name": v.CLIENTE, "endereco": v.LOGRADOURO, "numero": v.NUMERO_RUA, "bairro": v.BAIRRO,
        "city": v.MUNICIPIO, "uf": v.UF, "cep": v.CEP, "email": v.EMAIL,
    }  # fmt: skip
    corpo = {
        "nature_of_operation": v.NATUREZA, "transaction_type": "1", "model": "55", "issuance_type": "1", "ambiente": "2",
        "cliente": cliente, "products": produtos,
        "pag_info": [{"payment_method": "01", "payment_indicator": "0", "payment_value": str(v.venda(itens).valor)}],
    }  # fmt: skip
    return json.dumps(corpo, ensure_ascii=False).encode()


class _Caminho:
    """The way of one request, stage by stage."""

    def __init__(self, itens: int) -> None:
        self._corpo = request_body(itens)
        self._emitente = build_value(v.venda(1)).emitente
        self._configuracao = ConfiguracaoEmissao()
        self._lugares, self._tabelas, self._certificado = referencia(), packaged_tabelas(), certificado()
        self._julgados = Julgados()
        ESQUEMAS.compile(Esquema.NFE)

    def read(self) -> PedidoNfe:
        """The body to the neutral request."""
        return request_of(validate(NotaEntrada, parse_object(self._corpo, tamanho_maximo=LIMITE_BYTES)))

    def assemble(self, pedido: PedidoNfe) -> NfeMontada:
        """Text, places, taxes and rules."""
        return assemble_nfe(
            pedido, emitente=self._emitente, categorias={CATEGORIA.codigo: CATEGORIA}, tabelas=self._tabelas,
            lugares=self._lugares, agora=v.EMISSAO, configuracao=self._configuracao,
        )  # fmt: skip

    def judge(self, texto: bytes) -> None:
        """The schema, before the number."""
        faltas = prevalidate(texto, esquemas=ESQUEMAS)
        assert not faltas, faltas

    def sign(self, texto: bytes, montada: NfeMontada, numero: int) -> bytes:
        """Number, signature, and the proof of what both changed."""
        chave = ChaveAcesso.compose(
            uf=Uf.SP, emissao=montada.emissao, emitente=self._emitente.documento, modelo=Modelo.NFE, serie=montada.serie, numero=numero,
            tp_emis=1, cnf=choose_cnf(int(v.CNF), numero),
        )  # fmt: skip
        infnfe = number_infnfe(texto, chave)
        self._julgados.remember(texto, infnfe)
        assinatura = sign(infnfe, f"NFe{chave}", self._certificado)
        assert is_proven(infnfe, assinatura, str(chave), self._certificado, self._julgados)
        return compose_nfe(infnfe, None, assinatura.xml)

    def emit(self, numero: int) -> bytes:
        """The whole way."""
        montada = self.assemble(self.read())
        texto = build_placeholder(montada)
        self.judge(texto)
        return self.sign(texto, montada, numero)


def _pedido(itens: int) -> Operacao:
    return _Caminho(itens).emit


def _stage(itens: int, qual: str) -> Operacao:
    """One stage by itself, over what the earlier ones gave once."""
    caminho = _Caminho(itens)
    pedido = caminho.read()
    montada = caminho.assemble(pedido)
    texto = build_placeholder(montada)
    etapas: dict[str, Callable[[int], object]] = {
        "ler": lambda _numero: caminho.read(),
        "montar": lambda _numero: caminho.assemble(pedido),
        "escrever": lambda _numero: build_placeholder(montada),
        "julgar": lambda _numero: caminho.judge(texto),
        "assinar": lambda numero: caminho.sign(texto, montada, numero),
    }

    def run(numero: int) -> bytes:
        etapas[qual](numero)
        return texto

    return run


ETAPAS = ("ler", "montar", "escrever", "julgar", "assinar")
OPERACOES = {
    "tributos": _tributos,
    "pedido": _pedido,
    **{f"etapa_{nome}": partial(_stage, qual=nome) for nome in ETAPAS},
}

if __name__ == "__main__":
    serve(OPERACOES)
