"""From a Focus body to the canonical text, for one company, with no server behind it."""

import copy
from dataclasses import replace
from typing import Any

from tests.golden.apoio import Bancada
from tests.golden.corpos_focus import Corpo

from chancela.documents.nfe.layout import build_infnfe
from chancela.documents.nfe.modelo import Identificacao
from chancela.documents.nfe.montagem import NfeMontada, assemble_nfe
from chancela.documents.nfe.numeracao import build_checked, number_infnfe
from chancela.documents.nfe.participantes import Emitente
from chancela.documents.nfe.totais_informados import override_totais
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.faces.focus.nfe.mapping import NotaFocus, read_nota
from chancela.issuing.configuracao_emissao import read_configuracao
from chancela.issuing.servico_nfe import issuer_of
from chancela.stores.referencia_tributos import packaged_tabelas

EMPRESA = {
    "cnpj": "11222333000181", "name": "COMERCIO EXEMPLO LTDA", "ie": "110042490114", "invoice_type": "normal", "unit": "UN",
    "cep": "01001000", "address": "Praça da Sé", "house_number": "100", "town": "Sé", "city": "São Paulo", "state": "SP",
    "serie": 1, "number": 1,
}  # fmt: skip


class Mesa:
    """From a Focus body to the canonical text, for one company."""

    def __init__(self, bancada: Bancada) -> None:
        self.bancada = bancada
        self.empresa = bancada.company(EMPRESA)
        self.emitente = issuer_of(self.empresa)
        self.tabelas = packaged_tabelas()

    def of(self, emitente: Emitente) -> "Mesa":
        """The same for another company."""
        outra = copy.copy(self)
        outra.emitente = emitente
        return outra

    def assemble(self, corpo: dict[str, Any], modelo: Modelo = Modelo.NFE) -> tuple[NotaFocus, NfeMontada]:
        nota = read_nota(corpo, modelo=modelo, ambiente=Ambiente.PRODUCAO)
        try:
            montada = assemble_nfe(
                nota.pedido, emitente=self.emitente, categorias={}, tabelas=self.tabelas, lugares=self.bancada.lugares,
                agora=self.bancada.agora, configuracao=read_configuracao({}, serie=1),
            )  # fmt: skip
        except RegraViolada as erro:
            raise nota.describe(erro) from erro
        return nota, montada

    def build(self, corpo: Corpo, modelo: Modelo = Modelo.NFE) -> tuple[NotaFocus, NfeMontada, bytes]:
        """As far as the placeholder text, which the schema accepts."""
        nota, montada = self.assemble(corpo, modelo)
        try:
            return nota, montada, build_checked(montada, nota.pedido, esquemas=self.bancada.esquemas)
        except RegraViolada as erro:
            raise nota.describe(erro) from erro

    def write(self, corpo: Corpo) -> bytes:
        """Canonical `infNFe`, valid by the schema, with the caller's number."""
        nota, montada, texto = self.build(corpo)
        chave = ChaveAcesso.compose(
            uf=Uf(self.emitente.endereco.uf), emissao=montada.emissao, emitente=self.emitente.documento,
            modelo=montada.nfe.modelo, serie=montada.serie, numero=nota.numero or 1, tp_emis=1, cnf=nota.codigo_unico or "48390217",
        )  # fmt: skip
        return number_infnfe(texto, chave)

    def draft(self, corpo: Corpo, base: Corpo) -> bytes:
        """The text of `base` with the totals of `corpo`, which the rules would refuse."""
        nota = read_nota(corpo, modelo=Modelo.NFE, ambiente=Ambiente.PRODUCAO)
        _, montada = self.assemble(base)
        nfe = replace(montada.nfe, totais=override_totais(montada.nfe.totais, nota.pedido.totais))
        identificacao = Identificacao.compose(
            nfe, serie=1, numero=1, cnf="10000001", emissao=montada.emissao, ambiente=montada.ambiente
        )
        return build_infnfe(nfe, identificacao)
