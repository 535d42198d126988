"""Reads the raw values of a request into typed ones and collects everything that is wrong with them.

Nothing here raises on what a caller sent: a bad value becomes a violation, and the reader answers None (or the best
value it has) so that the rest of the document can be judged too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, Rounded
from enum import Enum
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from chancela.documents.comum.texto import Normalizador, is_clean
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Severidade, Violacao
from chancela.domain.identidade import Cnpj, Cpf, Uf

_E = TypeVar("_E", bound=Enum)
_PONTUACAO = re.compile(r"[.\-/\s()+]")
_DATA_BR = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_DIGITOS = re.compile(r"[0-9]*", re.ASCII)
_UFS = {uf.value: uf for uf in Uf}
_ZERO = Decimal(0)
_CONTEXTO = Context(prec=60)
_CONTEXTO.traps[Rounded] = False
_RUIDO = Decimal("0.0000001")
"""Below this, a difference is the noise of binary numbers in the caller's program and not a decimal it meant."""
ANO_MINIMO, ANO_MAXIMO = 2000, 2099


@dataclass(slots=True)
class Coleta:
    """The violations, warnings and text changes of one request, in the order they were found."""

    violacoes: list[Violacao] = field(default_factory=list[Violacao])
    avisos: list[Violacao] = field(default_factory=list[Violacao])
    normalizador: Normalizador = field(default_factory=Normalizador)

    def refuse(
        self,
        codigo: str,
        caminho: str,
        rotulo: str,
        mensagem: str,
        correcao: str,
        *,
        valor: object = "",
        c_stat: int | None = None,
    ) -> None:
        """Collect an error."""
        self.violacoes.append(Violacao(codigo, caminho, mensagem, correcao, rotulo, str(valor), c_stat))

    def warn(
        self, codigo: str, caminho: str, rotulo: str, mensagem: str, correcao: str, *, valor: object = ""
    ) -> None:
        """Collect a warning."""
        self.avisos.append(
            Violacao(codigo, caminho, mensagem, correcao, rotulo, str(valor), severidade=Severidade.AVISO)
        )

    def miss(self, caminho: str, rotulo: str, correcao: str = "", c_stat: int | None = None) -> None:
        """Collect the absence of a field that this document needs."""
        self.refuse(
            "PEDIDO-FALTA-01",
            caminho,
            rotulo,
            "Campo obrigatório não informado.",
            correcao or "Informe o campo.",
            c_stat=c_stat,
        )

    def merge(self, violacoes: Iterable[Violacao]) -> None:
        """Take over violations found elsewhere, each to where its severity belongs; the same rejection is told once
        per place."""
        for violacao in violacoes:
            lista = self.violacoes if violacao.severidade is Severidade.ERRO else self.avisos
            if violacao.c_stat is None or not any(
                v.c_stat == violacao.c_stat and v.caminho == violacao.caminho for v in lista
            ):
                lista.append(violacao)

    # -- text and codes -----------------------------------------------------------------------------------

    def texto(
        self,
        caminho: str,
        rotulo: str,
        bruto: str,
        maximo: int,
        *,
        minimo: int = 1,
        obrigatorio: bool = False,
        correcao: str = "",
    ) -> str | None:
        """Normalised text cut at `maximo`; None when nothing is left. Shorter than `minimo`: violation."""
        if len(bruto) >= minimo and is_clean(bruto, maximo):
            return bruto
        limpo = self.normalizador.limpa(caminho, bruto, maximo) if bruto else ""
        if not limpo:
            if obrigatorio:
                if bruto.strip():
                    self.refuse(
                        "PEDIDO-TEXTO-01",
                        caminho,
                        rotulo,
                        "Nenhum caractere do texto pode constar de um documento fiscal.",
                        "Escreva o texto com letras latinas, números e sinais comuns.",
                        valor=bruto,
                    )
                else:
                    self.miss(caminho, rotulo, correcao)
            return None
        if len(limpo) < minimo:
            self.refuse(
                "PEDIDO-TEXTO-02",
                caminho,
                rotulo,
                f"O texto tem menos de {minimo} caracteres.",
                f"Informe ao menos {minimo} caracteres.",
                valor=limpo,
            )
        return limpo

    def algarismos(
        self, caminho: str, rotulo: str, bruto: str, tamanhos: Iterable[int], *, obrigatorio: bool = False
    ) -> str | None:
        """Digits only (usual punctuation dropped), of one of the lengths; None when absent or wrong."""
        limpo = _PONTUACAO.sub("", bruto)
        if not limpo:
            if obrigatorio:
                self.miss(caminho, rotulo)
            return None
        permitidos = tuple(tamanhos)
        if _DIGITOS.fullmatch(limpo) is None or len(limpo) not in permitidos:
            quantos = _span(permitidos)
            self.refuse(
                "PEDIDO-DIGITOS-01",
                caminho,
                rotulo,
                f"O campo {rotulo} tem {quantos} algarismos.",
                "Confira o valor e envie somente algarismos.",
                valor=bruto,
            )
            return None
        return limpo

    def codigo(self, caminho: str, rotulo: str, bruto: str, classe: type[_E], padrao: _E) -> _E:
        """Member of a code list; the default when absent or unknown (the latter with a violation)."""
        if not bruto or not (limpo := bruto.strip()):
            return padrao
        membros = _members(classe)
        if limpo not in membros:
            self.unknown_code(caminho, rotulo, bruto, membros)
        return membros.get(limpo, padrao)

    def unknown_code(self, caminho: str, rotulo: str, bruto: str, aceitos: Iterable[str]) -> None:
        """Collect a code outside its list."""
        self.refuse(
            "PEDIDO-CODIGO-01",
            caminho,
            rotulo,
            f"O código informado em {rotulo} não existe.",
            f"Use um destes: {', '.join(aceitos)}.",
            valor=bruto,
        )

    def sim_nao(self, caminho: str, rotulo: str, bruto: str) -> bool | None:
        """0 or 1; None when absent."""
        limpo = bruto.strip()
        if limpo in ("0", "1"):
            return limpo == "1"
        if limpo:
            self.unknown_code(caminho, rotulo, bruto, ("0", "1"))
        return None

    def uf(self, caminho: str, rotulo: str, bruto: str, *, obrigatorio: bool = False) -> Uf | None:
        """A federation unit by its two letters."""
        limpo = bruto.strip().upper()
        if not limpo:
            if obrigatorio:
                self.miss(caminho, rotulo)
            return None
        uf = _UFS.get(limpo)
        if uf is None:
            self.refuse(
                "PEDIDO-UF-01", caminho, rotulo, "Essa UF não existe.", "Use a sigla, como SP.", valor=bruto
            )
        return uf

    # -- identities ---------------------------------------------------------------------------------------

    def cnpj(self, caminho: str, rotulo: str, bruto: str, c_stat: int | None = None) -> Cnpj | None:
        """A CNPJ whose digits hold, or a violation."""
        return self._documento(Cnpj, caminho, rotulo, bruto, c_stat)

    def cpf(self, caminho: str, rotulo: str, bruto: str, c_stat: int | None = None) -> Cpf | None:
        """A CPF whose digits hold, or a violation."""
        return self._documento(Cpf, caminho, rotulo, bruto, c_stat)

    def documento(
        self, base: str, rotulo: str, cpf: str, cnpj: str, *, c_stat_cnpj: int, c_stat_cpf: int
    ) -> Cnpj | Cpf | None:
        """CNPJ or CPF of a party whose fields are `{base}.cnpj` and `{base}.cpf`; both at once are refused."""
        if cpf.strip() and cnpj.strip():
            self.refuse(
                "PEDIDO-IDENT-01",
                f"{base}.cpf",
                f"{rotulo}, CPF",
                "CPF e CNPJ foram informados ao mesmo tempo.",
                "Informe somente um dos dois.",
                valor=cpf,
            )
            return None
        if cnpj.strip():
            return self._documento(Cnpj, f"{base}.cnpj", f"{rotulo}, CNPJ", cnpj, c_stat_cnpj)
        return self._documento(Cpf, f"{base}.cpf", f"{rotulo}, CPF", cpf, c_stat_cpf)

    def _documento(
        self, classe: type["_D"], caminho: str, rotulo: str, bruto: str, c_stat: int | None
    ) -> "_D | None":
        if not bruto.strip():
            return None
        try:
            return classe(bruto)
        except RegraViolada as erro:
            achada = erro.violacoes[0]
            self.refuse(
                achada.codigo, caminho, rotulo, achada.mensagem, achada.correcao, valor=bruto, c_stat=c_stat
            )
            return None

    def chave(self, caminho: str, rotulo: str, bruto: str, c_stat: int | None = None) -> ChaveAcesso | None:
        """An access key whose check digit holds."""
        if not bruto.strip():
            self.miss(caminho, rotulo)
            return None
        try:
            return ChaveAcesso.parse(bruto)
        except RegraViolada as erro:
            achada = erro.violacoes[0]
            self.refuse(
                achada.codigo, caminho, rotulo, achada.mensagem, achada.correcao, valor=bruto, c_stat=c_stat
            )
            return None

    # -- numbers ------------------------------------------------------------------------------------------

    def quantia(
        self,
        caminho: str,
        rotulo: str,
        valor: Decimal | None,
        *,
        inteiros: int = 13,
        casas: int = 2,
        obrigatorio: bool = False,
    ) -> Decimal | None:
        """A non-negative number that fits its field. Decimals beyond the field are refused, unless they are mere noise
        of binary numbers (under 0.0000001)."""
        if valor is None:
            if obrigatorio:
                self.miss(caminho, rotulo)
            return None
        cabe = fit_quantia(valor, inteiros, casas)
        if cabe is not None:
            return cabe
        passo = _step(casas)
        if not valor.is_finite():
            self.refuse(
                "PEDIDO-NUMERO-01",
                caminho,
                rotulo,
                "O valor não é um número.",
                "Envie um número.",
                valor=valor,
            )
            return None
        if valor and valor.adjusted() >= inteiros:
            self.refuse(
                "PEDIDO-NUMERO-03",
                caminho,
                rotulo,
                f"O valor passa de {inteiros} dígitos inteiros.",
                "Confira o valor.",
                valor=f"{valor:.6E}",
            )
            return None
        arredondado = Decimal(0).quantize(passo) if valor.adjusted() < -30 else _round(valor, passo)
        if arredondado < 0 or (valor < 0 and arredondado != 0):
            self.refuse(
                "PEDIDO-NUMERO-02",
                caminho,
                rotulo,
                "O valor é negativo.",
                "Envie um valor igual ou maior que zero.",
                valor=valor,
            )
            return None
        if valor.adjusted() >= -30 and abs(valor - arredondado) > _RUIDO:
            self.refuse(
                "PEDIDO-NUMERO-04",
                caminho,
                rotulo,
                f"O valor tem mais de {casas} casas decimais.",
                f"Arredonde para {casas} casas antes de enviar.",
                valor=valor,
            )
            return None
        return arredondado if arredondado else abs(arredondado)

    # -- time ---------------------------------------------------------------------------------------------

    def data(self, caminho: str, rotulo: str, bruto: str, *, obrigatorio: bool = False) -> date | None:
        """AAAA-MM-DD, DD/MM/AAAA, or the day of a date and time."""
        if not bruto.strip():
            if obrigatorio:
                self.miss(caminho, rotulo)
            return None
        lido = _parse_momento(bruto)
        if lido is None:
            self._refuse_momento(caminho, rotulo, bruto)
            return None
        return lido[0].date()

    def momento(
        self, caminho: str, rotulo: str, bruto: str, *, agora: datetime, fuso: ZoneInfo
    ) -> datetime | None:
        """A date and time in the issuer's zone. Without a time it takes that of `agora`; without an offset, the zone's."""
        if not bruto.strip():
            return None
        lido = _parse_momento(bruto)
        if lido is None:
            self._refuse_momento(caminho, rotulo, bruto)
            return None
        instante, com_hora = lido
        if not com_hora:
            instante = datetime.combine(instante.date(), agora.astimezone(fuso).time())
        if instante.utcoffset() is None:
            instante = instante.replace(tzinfo=fuso)
        instante = instante.astimezone(fuso).replace(microsecond=0)
        if not ANO_MINIMO <= instante.year <= ANO_MAXIMO:
            self._refuse_momento(caminho, rotulo, bruto)
            return None
        return instante

    def _refuse_momento(self, caminho: str, rotulo: str, bruto: str) -> None:
        self.refuse(
            "PEDIDO-DATA-01",
            caminho,
            rotulo,
            "A data não foi entendida ou está fora dos anos 2000 a 2099.",
            "Use AAAA-MM-DD ou AAAA-MM-DDThh:mm:ss-03:00.",
            valor=bruto,
        )


def fit_quantia(valor: Decimal, inteiros: int, casas: int) -> Decimal | None:
    """A positive number with the decimals of its field, when it fits as it is; None when there is more to say of it."""
    if not valor.is_finite() or valor <= _ZERO or not -30 <= valor.adjusted() < inteiros:
        return None
    passo = _step(casas)
    if valor.same_quantum(passo):
        return valor
    arredondado = valor.quantize(passo, ROUND_HALF_UP, _CONTEXTO)
    return arredondado if arredondado == valor else None


_D = TypeVar("_D", Cnpj, Cpf)


@cache
def _members(classe: type[_E]) -> dict[str, _E]:
    """The members of a code list by their codes, in its order."""
    return {str(membro.value): membro for membro in classe}


@cache
def _step(casas: int) -> Decimal:
    return Decimal(1).scaleb(-casas)


def _round(valor: Decimal, passo: Decimal) -> Decimal:
    return valor.quantize(passo, ROUND_HALF_UP, _CONTEXTO)


def _span(tamanhos: tuple[int, ...]) -> str:
    if len(tamanhos) == 1:
        return str(tamanhos[0])
    if tamanhos == tuple(range(tamanhos[0], tamanhos[-1] + 1)):
        return f"de {tamanhos[0]} a {tamanhos[-1]}"
    return ", ".join(map(str, tamanhos[:-1])) + f" ou {tamanhos[-1]}"


def _parse_momento(bruto: str) -> tuple[datetime, bool] | None:
    """The moment and whether it came with a time; None when unreadable or out of the years of the layout."""
    limpo = bruto.strip()
    if (achado := _DATA_BR.match(limpo)) is not None:
        dia, mes, ano = achado.groups()
        limpo = f"{ano}-{mes}-{dia}{limpo[achado.end() :]}"
    try:
        instante = datetime.fromisoformat(limpo)
    except ValueError:
        return None
    if not ANO_MINIMO <= instante.year <= ANO_MAXIMO:
        return None
    return instante, ":" in limpo or "T" in limpo
