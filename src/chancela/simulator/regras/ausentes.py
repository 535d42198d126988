"""The official rules that the simulator does not judge, each with the reason: none is missing in silence."""

from enum import StrEnum


class Razao(StrEnum):
    """Why a rule is not judged."""

    TABELA = "Falta a tabela: não é pública, ou só existe sob licença que não permite levá-la"
    LISTA = "A lista de valores ou de exceções não está nos textos disponíveis"
    OPCAO_UF = "Opção de UF com limite ou lista que cada UF define"
    FUTURA = "Anunciada para o futuro, sem data ou sem regra fechada"
    REVOGADA = "Revogada, desativada ou nunca ativada"
    ESQUEMA = "O schema oficial já recusa o caso antes (215, 225 ou 493)"
    CADASTRO = (
        "Depende de um cadastro nacional que o simulador não tem (RFB, CCG, habilitação por UF de destino)"
    )
    AMBIENTE = "Depende de como a autorizadora é montada (rede, LCR, endereços separados), não do documento"
    SERVICO = "O serviço ainda não julga este caso"


def _because(razao: Razao, codigos: str) -> dict[str, Razao]:
    return dict.fromkeys(codigos.split(), razao)


AUSENTES: dict[str, Razao] = {
    **_because(Razao.TABELA, "O06-10 ZF02-10 ZF05-10 LB01-30 I05f-20 N12-98"),
    **_because(Razao.LISTA, "N28-20 UB14-60 B32-10 I05k-20 UB14-30 UB14-50"),
    **_because(
        Razao.OPCAO_UF,
        "GAP03a-2 B06-10 B22-20 W03-20 W04-20 W06-20 W16-20 N12-86 P11-20 K04",
    ),
    **_because(
        Razao.FUTURA, "I09-10 UB01-10 UB01-20 UB05-10 UB99-10 UB99-20 VB01-05 VB01-10 W60-05 W60-10 5E17-12"
    ),
    **_because(Razao.REVOGADA, "I05c-10 UB14-40 UB16-10"),
    **_because(Razao.ESQUEMA, "D01c D01d P21-10 AT-2"),
    **_because(Razao.CADASTRO, "12C02-10 12C21-20 1C17-50 9I12-10 9I12-20 I08-194"),
    **_because(Razao.AMBIENTE, "A04 E05 B06-30 B06-40 B26-40 MD-7"),
    **_because(
        Razao.SERVICO,
        "1P10-10 1P10-20 I09 I10 RTC-1 RTC-2 RTC-3 RTC-4 RTC-5 1P06-10 1P24-10 1P10-10c 1P20-10",
    ),
}
