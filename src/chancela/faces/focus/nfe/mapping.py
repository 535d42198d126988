"""A body of `POST /v2/nfe` or `/v2/nfce` as our neutral request, by the field dictionary.

The taxes are those that the caller states (ADR 0030): nothing is derived for an item, and only what the dictionary says is
filled by the server (totals, product values, codes of municipalities, registry of the issuer) is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from chancela.documents.comum.estruturas import read_estrutura
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.erros import RegraViolada, Severidade, Violacao
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.focus.nfe.caminhos import Caminhos
from chancela.faces.focus.nfe.leitura import Leitura, listed, read_corpo
from chancela.faces.focus.nfe.tributos import Informados

_EXTERIOR = "EX"
_ENTRADA, _SAIDA = "0", "1"
_CAMPOS_DO_PRODUTOR = re.compile(r".+_nf_produtor")
_CAMPOS_DO_ECF = frozenset(["modelo_ecf", "numero_ecf", "coo"])
_NATUREZA_NFCE = "VENDA AO CONSUMIDOR"
_SO_IBS_CBS = ("5", "6")
"""finNFe of credit and debit notes, whose items carry nothing but IBS and CBS."""
_SEM_PAGAMENTO = {"meio": "90", "valor": "0.00"}


@dataclass(frozen=True, slots=True)
class NotaFocus:
    """A body read: the request, what it says of the number, and how its paths are named for the caller."""

    pedido: PedidoNfe
    caminhos: Caminhos
    numero: int | None = None
    """nNF, when the caller numbers; the series is in the request."""
    codigo_unico: str = ""
    """cNF, with the number."""
    emails: tuple[str, ...] = ()
    """Every address of `email_destinatario`; the first one is in the document."""
    avisos: tuple[Violacao, ...] = ()

    def describe(self, erro: RegraViolada) -> RegraViolada:
        """The same refusal with the caller's paths."""
        return RegraViolada(tuple(replace(v, caminho=self.caminhos.wire(v.caminho)) for v in erro.violacoes))


def read_nota(corpo: object, *, modelo: Modelo, ambiente: Ambiente) -> NotaFocus:
    """Read a body; `RegraViolada` with every value that cannot be read, at the caller's paths."""
    if not isinstance(corpo, Mapping):
        raise RegraViolada((Violacao("FOCUS-OBJETO-01", "", "A nota é um objeto JSON.", "Envie um objeto, entre chaves."),))  # fmt: skip
    campos = cast("Mapping[str, Any]", corpo)
    leitura = read_corpo(campos)
    mapa = _Mapeamento(campos, leitura, modelo)
    dados = mapa.complete(ambiente)
    try:
        pedido = None if leitura.coleta.violacoes else read_estrutura(PedidoNfe, dados)
    except RegraViolada as erro:
        leitura.coleta.merge(replace(v, caminho=mapa.caminhos.wire(v.caminho)) for v in erro.violacoes)
        pedido = None
    if pedido is None:
        raise RegraViolada(tuple(leitura.coleta.violacoes))
    return NotaFocus(
        pedido=pedido,
        caminhos=mapa.caminhos,
        numero=mapa.numero,
        codigo_unico=mapa.codigo_unico,
        emails=mapa.emails(),
        avisos=tuple(mapa.warnings()),
    )


class _Mapeamento:
    """The working state of one body."""

    def __init__(self, corpo: Mapping[str, Any], leitura: Leitura, modelo: Modelo) -> None:
        self.corpo = corpo
        self.leitura = leitura
        self.modelo = modelo
        self.dados: dict[str, Any] = listed(leitura.dados)
        self.caminhos = Caminhos(corpo, self._order())
        self.sobras: list[str] = []
        numeracao = self.dados.pop("numeracao", {})
        self.numero = self._read_number(numeracao.get("numero", ""))
        self.codigo_unico: str = numeracao.get("codigo", "")

    def complete(self, ambiente: Ambiente) -> dict[str, Any]:
        """The values of the request, defaults of the dictionary filled in."""
        dados = self.dados
        dados["modelo"] = self.modelo.value
        dados["ambiente"] = str(ambiente.value)
        dados["tipo_operacao"] = self._operation()
        padrao = _NATUREZA_NFCE if self.modelo is Modelo.NFCE else ""
        dados.setdefault("natureza_operacao", padrao)
        dados.setdefault("pagamentos", [_SEM_PAGAMENTO])
        dados["itens"] = [self._item(i, item) for i, item in enumerate(dados.get("itens", []))]
        for posicao, referencia in enumerate(dados.get("referencias", [])):
            referencia["tipo"] = self._kind_of_reference(posicao)
        return dados

    # -- document -----------------------------------------------------------------------------------------

    def _operation(self) -> str:
        """Entry or exit; with the other party abroad, import or export."""
        padrao = _SAIDA if self.modelo is Modelo.NFCE else ""
        tipo = self.dados.pop("tipo_operacao", padrao)
        if tipo not in (_ENTRADA, _SAIDA):
            self._refuse(
                "tipo_operacao",
                "FOCUS-CODIGO-01" if tipo else "FOCUS-FALTA-01",
                "O tipo do documento é 0 ou 1." if tipo else "Campo obrigatório não informado.",
                "Use 0 (entrada) ou 1 (saída).",
                tipo,
            )
            return _SAIDA
        exterior = self.dados.get("destinatario", {}).get("uf", "").strip().upper() == _EXTERIOR
        if not exterior:
            return tipo
        return str((TipoOperacao.IMPORTACAO if tipo == _ENTRADA else TipoOperacao.EXPORTACAO).value)

    def _kind_of_reference(self, posicao: int) -> str:
        nomes: set[str] = {n for n, valor in self.corpo["notas_referenciadas"][posicao].items() if valor}
        if nomes & {"chave_nfe", "chave_cte"}:
            return "chave"
        if nomes & _CAMPOS_DO_ECF:
            return "ecf"
        return "produtor" if any(map(_CAMPOS_DO_PRODUTOR.fullmatch, nomes)) else "nf"

    def _read_number(self, texto: str) -> int | None:
        if not texto:
            return None
        if texto.isdecimal() and 1 <= int(texto) <= 999_999_999:
            return int(texto)
        self._refuse("numeracao.numero", "FOCUS-NUMERO-02", "O número da nota vai de 1 a 999999999.", "Confira o número, ou não o informe.", texto)  # fmt: skip
        return None

    def emails(self) -> tuple[str, ...]:
        """The addresses that the caller wants the note sent to."""
        texto = self.dados.get("destinatario", {}).get("email", "")
        return tuple(parte for parte in re.split(r"[,;\s]+", texto) if parte)

    # -- items --------------------------------------------------------------------------------------------

    def _order(self) -> tuple[int, ...]:
        """Put the items in the order of `numero_item`; what comes back are their positions in the caller's array."""
        itens: list[Any] = self.dados.get("itens", [])
        numeros = [item.pop("numero", None) for item in itens]
        if not any(numeros):
            return tuple(range(len(itens)))
        esperados = [str(n) for n in range(1, len(itens) + 1)]
        lidos = [str(n or "").lstrip("0") for n in numeros]
        if sorted(lidos) != sorted(esperados):
            for posicao, (lido, certo) in enumerate(zip(lidos, esperados, strict=True)):
                if lido not in esperados or lidos.count(lido) > 1:
                    nome = "items" if "items" in self.corpo else "itens"
                    self.leitura.coleta.refuse("FOCUS-ITEM-01", f"{nome}[{posicao}].numero_item", "", "Os itens são numerados de 1 em diante, sem saltos nem repetições.", f"O número deste item na ordem da lista é {certo}.", valor=str(numeros[posicao] or ""))  # fmt: skip
            return tuple(range(len(itens)))
        ordem = tuple(lidos.index(n) for n in esperados)
        self.dados["itens"] = [itens[posicao] for posicao in ordem]
        return ordem

    def _item(self, posicao: int, item: dict[str, Any]) -> dict[str, Any]:
        base = f"itens[{posicao}]"
        extensoes: dict[str, Any] = item.setdefault("extensoes", {})
        tributos: dict[str, Any] = extensoes.setdefault("informado", {})

        def miss(caminho: str, correcao: str) -> None:
            self._refuse(
                f"{base}.extensoes.informado.{caminho}",
                "FOCUS-FALTA-01",
                "Campo obrigatório não informado.",
                correcao,
                "",
            )

        so_ibs_cbs = self.dados.get("finalidade") in _SO_IBS_CBS
        informados = Informados(tributos, miss, exige_icms=not so_ibs_cbs)
        informados.complete()
        self.sobras += [f"{base}.extensoes.informado.{sobra}" for sobra in informados.sobras]
        item.setdefault("origem", "0" if so_ibs_cbs or "issqn" in tributos else "")
        if "escala_relevante" in item:
            item["escala_relevante"] = "S" if item["escala_relevante"] else "N"
        for origem in item.get("combustivel", {}).get("origens", []):
            codigo = str(origem.get("uf", ""))
            if codigo.isdecimal() and codigo in {uf.codigo for uf in Uf}:
                origem["uf"] = Uf.from_codigo(codigo).value
        return item

    # -- what is told -------------------------------------------------------------------------------------

    def _refuse(self, caminho: str, codigo: str, mensagem: str, correcao: str, valor: object) -> None:
        self.leitura.coleta.refuse(codigo, self.caminhos.wire(caminho), "", mensagem, correcao, valor=valor)

    def warnings(self) -> list[Violacao]:
        """Fields of the body that no document carries."""
        nomes = [*self.leitura.ignorados, *(self.caminhos.wire(sobra) for sobra in self.sobras)]
        return [
            Violacao(
                "FOCUS-IGNORADO-01",
                nome,
                "O campo não consta do documento: não existe, ou não cabe na situação tributária informada.",
                "Confira o nome do campo e a situação tributária.",
                severidade=Severidade.AVISO,
            )
            for nome in nomes
        ]
