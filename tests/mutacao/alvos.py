"""What is held to 90 %: the key, the totals and the taxes, each with the tests that answer for it."""

from tests.mutacao.campanha import Alvo

PISO = 0.90
"""Share of the judged mutants that the tests must kill."""
SEMENTE = 20261127
_TRIBUTOS = "tests/domain/tributos"


def _tributos(*nomes: str) -> tuple[str, ...]:
    return tuple(f"chancela.domain.tributos.{nome}" for nome in nomes)


ALVOS = (
    Alvo("chave", ("chancela.domain.chave",), ("tests/domain/test_chave.py",)),
    Alvo(
        "totais",
        (*_tributos("totais"), "chancela.documents.nfe.totais_informados"),
        (_TRIBUTOS, "tests/documents/nfe/test_montagem_do_chamador.py"),
    ),
    Alvo(
        "tributos",
        _tributos(
            "base_ibs_cbs", "calculo", "cenario", "conferencia", "devolucao", "difal", "federais", "ibs_cbs",
            "ibs_cbs_mono", "icms", "icms_st", "issqn", "memoria", "monofasico", "motor", "nfse", "numeros",
            "parametros", "pis_cofins", "proprio", "rateio", "seletivo", "simples", "tabelas",
        ),
        (_TRIBUTOS,),
        amostra=40,
    ),
)  # fmt: skip
