"""The note after its EPEC, in the database group: it comes, it is the one announced, and nothing else takes its number (NT 2014.001)."""

from decimal import Decimal

from chancela.simulator.livro_eventos import EpecLivro
from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import SO_NFE, Contexto, GrupoRegras, Veredito, nota


def _epec(n: Nota, c: Contexto) -> EpecLivro | None:
    return c.livro.find_epec(c.ambiente, n.natural)


def _other_emission(n: Nota, c: Contexto) -> Veredito:
    """692: a normal note under a number that an EPEC announced."""
    epec = _epec(n, c) if n.tp_emis != "4" else None
    return f"Chave EPEC: {epec.chave}" if epec is not None else False


def _missing(n: Nota, c: Contexto) -> Veredito:
    return n.tp_emis == "4" and _epec(n, c) is None


def _other_key(n: Nota, c: Contexto) -> Veredito:
    epec = _epec(n, c) if n.tp_emis == "4" else None
    return f"Chave EPEC: {epec.chave}" if epec is not None and epec.chave != n.chave else False


def _differs(n: Nota, c: Contexto) -> Veredito:
    """467, with the first tag that differs."""
    epec = _epec(n, c) if n.tp_emis == "4" else None
    if epec is None:
        return False
    total, dest = n.icms_tot, n.destinatario or n.dest.texto("idEstrangeiro")
    pares = {
        "tpNF": (n.tp_nf, epec.tp_nf),
        "vNF": (total.valor("vNF"), Decimal(epec.v_nf)),
        "vICMS": (total.valor("vICMS"), Decimal(epec.v_icms)),
        "vST": (total.valor("vST"), Decimal(epec.v_st)),
        "dest/UF": (n.uf_dest, epec.uf_dest),
        "dest": (dest, epec.dest),
    }
    errada = next((tag for tag, (da_nota, do_epec) in pares.items() if da_nota != do_epec), "")
    return f"tag: {errada}" if errada else False


GRUPO = GrupoRegras(
    "Database/EPEC",
    (
        nota("2A-EPEC1", 468, "NF-e com Tipo Emissão = 4, sem EPEC correspondente", SO_NFE, _missing, prioridade=2, so_com="tpEmis=4"),
        nota("2A-EPEC3", 691, "Chave de Acesso da NF-e diverge da Chave de Acesso do EPEC", SO_NFE, _other_key, prioridade=2, so_com="tpEmis=4"),
        nota("2A-EPEC2", 467, "Dados da NF-e divergentes do EPEC", SO_NFE, _differs, prioridade=2, so_com="tpEmis=4"),
        nota("2B08-50", 692, "Existe EPEC registrado para esta Série e Número", SO_NFE, _other_emission, prioridade=3),
    ),
)  # fmt: skip
