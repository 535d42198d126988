# ruff: noqa: C408
"""Documents for the tests: a plain sale and variations of it. Fictitious people, valid check digits."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal as D

from chancela.documents.nfe import modelo as m
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo, Uf
from chancela.domain.tributos import resultado as t
from chancela.domain.tributos import resultado_ibs_cbs as ti
from chancela.domain.tributos import resultado_totais as tt

FUSO = timezone(timedelta(hours=-3))
EMISSAO = datetime(2026, 11, 20, 10, 30, tzinfo=FUSO)
CNPJ = Cnpj("11222333000181")
CPF = Cpf("12345678909")

ENDERECO = m.Endereco(
    "Rua Exemplo",
    "100",
    "Centro",
    "3550308",
    "São Paulo",
    Uf.SP,
    cep="01001000",
    codigo_pais="1058",
    pais="BRASIL",
)

EMITENTE = m.Emitente(
    CNPJ,
    "Comércio Modelo Ltda",
    ENDERECO,
    m.Crt.NORMAL,
    inscricao_estadual="110042490114",
    nome_fantasia="Modelo",
)
DESTINATARIO = m.Destinatario(
    CPF,
    m.IndicadorIe.NAO_CONTRIBUINTE,
    nome="Cliente Exemplo",
    endereco=ENDERECO,
    email="cliente@example.com",
)

ICMS00 = t.Icms(
    "ICMS00",
    origem="0",
    cst="00",
    modalidade_bc="3",
    base_calculo=D("300.00"),
    aliquota=D("18.00"),
    valor=D("54.00"),
)


def produto(**muda: object) -> m.Produto:
    """The plain product, changed by name."""
    base: dict[str, object] = dict(
        codigo="PROD001", descricao="Produto Exemplo", ncm="85176277", unidade="UN", quantidade=D(2), valor_unitario=D("150.00"),
        unidade_tributavel="UN", quantidade_tributavel=D(2), valor_unitario_tributavel=D("150.00"),
    )  # fmt: skip
    return m.Produto(**(base | muda))  # type: ignore[arg-type]


def ibs_cbs(base: D = D("300.00")) -> ti.IbsCbs:
    """Full taxation with the test rates of 2026."""
    zero = D("0.00")
    return ti.IbsCbs(
        "000",
        "000001",
        tributacao=ti.GrupoIbsCbs(
            base,
            ti.ComponenteIbsCbs(D("0.1000"), D("0.30")),
            ti.ComponenteIbsCbs(D("0.0000"), zero),
            D("0.30"),
            ti.ComponenteIbsCbs(D("0.9000"), D("2.70")),
        ),
    )


def tributos(numero: int = 1, **muda: object) -> t.TributosItem:
    """The plain taxes, changed by name."""
    base: dict[str, object] = dict(
        numero=numero, cfop="5102", valor_produto=D("300.00"), compoe_total=True, icms=ICMS00,
        pis=t.Contribuicao("Aliq", "01", D("300.00"), D("1.65"), valor=D("4.95")),
        cofins=t.Contribuicao("Aliq", "01", D("300.00"), D("7.60"), valor=D("22.80")),
        ipi=t.Ipi("IPITrib", "99", "999", base_calculo=D("0.00"), aliquota=D("0.00"), valor=D("0.00")),
        ibs_cbs=ibs_cbs(),
    )  # fmt: skip
    return t.TributosItem(**(base | muda))  # type: ignore[arg-type]


def totais(**muda: object) -> tt.Totais:
    """Totals of one plain item."""
    base: dict[str, object] = dict(
        base_calculo=D("300.00"), valor=D("54.00"), valor_produtos=D("300.00"), valor_pis=D("4.95"), valor_cofins=D("22.80"),
        valor_nota=D("300.00"),
    )  # fmt: skip
    componente = tt.TotaisComponente
    return tt.Totais(
        tt.TotaisIcms(**(base | muda)),  # type: ignore[arg-type]
        ibs_cbs=tt.TotaisIbsCbs(
            D("300.00"), componente(valor=D("0.30")), componente(), D("0.30"), cbs=componente(valor=D("2.70"))
        ),
    )


def item(numero: int = 1, **muda: object) -> m.Item:
    """The plain item; keyword arguments change the product."""
    return m.Item(produto(**muda), tributos(numero))


def nfe(**muda: object) -> m.Nfe:
    """A plain internal sale, changed by name."""
    base: dict[str, object] = dict(
        modelo=Modelo.NFE, natureza_operacao="Venda de mercadoria", tipo_operacao=m.TipoOperacao.SAIDA, destino=m.Destino.INTERNA,
        municipio_fato_gerador="3550308", emitente=EMITENTE, destinatario=DESTINATARIO, itens=(item(),), totais=totais(),
        pagamentos=(m.Pagamento("01", D("300.00"), indicador="0"),), consumidor_final=True, presenca=m.Presenca.PRESENCIAL,
        com_intermediador=False,
        saida_entrada=EMISSAO,
    )  # fmt: skip
    return m.Nfe(**(base | muda))  # type: ignore[arg-type]


def nfce(**muda: object) -> m.Nfe:
    """A plain sale at the counter, model 65, without recipient."""
    base: dict[str, object] = dict(
        modelo=Modelo.NFCE, destinatario=None, formato_danfe=m.FormatoDanfe.NFCE, saida_entrada=None,
        itens=(m.Item(produto(), tributos(ipi=None)),),
    )  # fmt: skip
    return nfe(**(base | muda))


def identificar(documento: m.Nfe, *, numero: int = 1, tp_emis: int = 1) -> m.Identificacao:
    """The key of a test document."""
    contingencia = None if tp_emis == 1 else m.Contingencia(EMISSAO, "SEFAZ fora do ar na abertura da loja")
    return m.Identificacao.compose(
        documento, serie=1, numero=numero, cnf="48390217", emissao=EMISSAO, ambiente=Ambiente.HOMOLOGACAO, tp_emis=tp_emis,
        contingencia=contingencia,
    )  # fmt: skip


HOJE = date(2026, 11, 20)
