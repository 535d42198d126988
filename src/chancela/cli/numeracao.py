"""`chancela numeracao`: the gaps of a company's series, and what became of the ranges that were inutilised."""

from collections.abc import Sequence
from typing import NoReturn

from chancela.cli.saida import PENDENTE, RECUSADO, REJEITADO, USO_ERRADO, say, show_rows
from chancela.documents.comum.rejeicoes import explain_rejeicao
from chancela.documents.inutilizacao.layout import Faixa
from chancela.domain.erros import NaoEncontrado
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.empresa import Empresa, Empresas
from chancela.issuing.lacunas import Numeracoes, Recorte, TipoLacuna, ranges_of
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao

_PORQUE = {
    TipoLacuna.SEM_DOCUMENTO: "sem documento",
    TipoLacuna.REJEITADO: "rejeitado e não reemitido",
}


def show_gaps(numeracoes: Numeracoes, empresa_id: int, *, em_json: bool) -> None:
    """Print every run of numbers that SEFAZ knows nothing about."""
    lacunas = numeracoes.find_gaps(empresa_id)
    if not lacunas and not em_json:
        say("Nenhuma lacuna.")
        return
    show_rows(
        "Números sem documento na SEFAZ",
        ("ambiente", "modelo", "serie", "inicio", "fim", "quantidade", "porque"),
        [
            (
                str(int(lacuna.ambiente)),
                lacuna.modelo.value,
                str(lacuna.serie),
                str(lacuna.inicio),
                str(lacuna.fim),
                str(lacuna.quantidade),
                _PORQUE[lacuna.tipo],
            )
            for lacuna in lacunas
        ],
        em_json=em_json,
    )


def choose_ranges(
    empresas: Empresas,
    numeracoes: Numeracoes,
    empresa_id: int,
    *,
    modelo: str | None,
    serie: int | None,
    inicio: int | None,
    fim: int | None,
    producao: bool,
) -> tuple[Empresa, list[Faixa]]:
    """The range that was named, or every gap of what was named. Wrong use leaves with code 2, nothing to do with 0."""
    ambiente = Ambiente.PRODUCAO if producao else Ambiente.HOMOLOGACAO
    if modelo not in (None, Modelo.NFE.value, Modelo.NFCE.value):
        _wrong("O modelo é 55 (NF-e) ou 65 (NFC-e).")
    if (inicio is None) is not (fim is None):
        _wrong("Informe --inicio e --fim, ou nenhum dos dois para inutilizar as lacunas.")
    if inicio is not None and (modelo is None or serie is None):
        _wrong("Com --inicio e --fim, informe também --modelo e --serie.")
    empresa = empresas.get(empresa_id)
    if empresa is None:
        raise NaoEncontrado("EMPRESA-NAO-EXISTE", f"Não há empresa com o id {empresa_id}.")
    if inicio is not None and fim is not None and modelo is not None and serie is not None:
        uf = empresa.endereco.uf
        return empresa, [Faixa(ambiente, empresa.cnpj, uf, Modelo(modelo), serie, inicio, fim)]
    recorte = Recorte(ambiente, None if modelo is None else Modelo(modelo), serie)
    faixas = ranges_of(empresa, numeracoes.find_gaps(empresa_id), recorte)
    if not faixas:
        say("Nenhuma lacuna a inutilizar.")
        raise SystemExit(0)
    return empresa, faixas


def confirm(faixas: Sequence[Faixa], *, ja_confirmado: bool) -> None:
    """Say what is about to happen and ask; anything but yes leaves with code 1."""
    for faixa in faixas:
        faixa.check()
        onde = "PRODUÇÃO" if faixa.ambiente is Ambiente.PRODUCAO else "homologação"
        quantos = faixa.fim - faixa.inicio + 1
        say(
            f"{onde}, modelo {faixa.modelo.value}, série {faixa.serie}: {faixa.inicio} a {faixa.fim} ({quantos} números)"
        )
    if ja_confirmado:
        return
    say("A inutilização não se desfaz: esses números não servem mais a nenhuma nota. Inutilizar? [s/N]")
    try:
        resposta = input()
    except EOFError:
        resposta = ""
    if resposta.strip().lower() not in ("s", "sim"):
        say("Nada foi inutilizado.")
        raise SystemExit(RECUSADO)


def show_outcomes(feitas: Sequence[Solicitacao], *, em_json: bool) -> None:
    """Print what became of each range, and why SEFAZ refused one; exit code 3 when it did, 4 when one is under way."""
    show_rows(
        "Inutilizações",
        ("modelo", "serie", "inicio", "fim", "estado", "cstat", "motivo", "protocolo"),
        [
            (
                feita.modelo.value,
                str(feita.serie),
                str(feita.inicio),
                str(feita.fim),
                feita.estado.value,
                str(feita.c_stat or ""),
                feita.motivo,
                feita.protocolo or "",
            )
            for feita in feitas
        ],
        em_json=em_json,
    )
    recusadas = [feita for feita in feitas if feita.estado is EstadoSolicitacao.REJEITADA]
    for feita in recusadas:
        rejeicao = explain_rejeicao(feita.c_stat or 0, feita.motivo)
        if rejeicao is not None:
            say(f"SEFAZ-{feita.c_stat}  {feita.inicio} a {feita.fim}: {rejeicao.causa} {rejeicao.correcao}")
    if recusadas:
        raise SystemExit(REJEITADO)
    if any(feita.estado.viva for feita in feitas):
        say(
            "A SEFAZ ainda não respondeu sobre todas as faixas; o worker continua. Repita o comando para ver."
        )
        raise SystemExit(PENDENTE)


def _wrong(texto: str) -> NoReturn:
    say(texto)
    raise SystemExit(USO_ERRADO)
