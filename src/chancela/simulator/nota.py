"""An NF-e or NFC-e as the rules see it: the plain tree with the handles that every group of rules asks for."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from chancela.simulator import xml
from chancela.simulator.assinatura import AssinaturaLida
from chancela.simulator.tabelas import UF_DO_CODIGO
from chancela.simulator.xml import VAZIO, Elemento, Grupo, element_names

_CODIGOS = ("tpNF", "idDest", "tpImp", "tpEmis", "finNFe", "indPres", "indIntermed", "procEmi")


class Item:
    """One `det`."""

    def __init__(self, det: Grupo) -> None:
        self.det = det
        self.numero = det.atributos.get("nItem", "0")
        self.prod = det.grupo("prod")
        self.imposto = det.grupo("imposto")
        self.icms = self.imposto.grupo("ICMS").primeiro()
        self.issqn = self.imposto.grupo("ISSQN")
        self.ibscbs = self.imposto.grupo("IBSCBS")
        self.difal = self.imposto.grupo("ICMSUFDest")
        self.cfop = self.prod.texto("CFOP")

    @property
    def cst(self) -> str:
        return self.icms.texto("CST")

    @property
    def csosn(self) -> str:
        return self.icms.texto("CSOSN")

    @cached_property
    def ipi(self) -> Grupo:
        """IPITrib, or the empty group."""
        return self.imposto.grupo("IPI").grupo("IPITrib")

    @cached_property
    def pis(self) -> Grupo:
        return self.imposto.grupo("PIS").primeiro()

    @cached_property
    def cofins(self) -> Grupo:
        return self.imposto.grupo("COFINS").primeiro()

    @property
    def conta_no_total(self) -> bool:
        return self.prod.texto("indTot") == "1"


class Nota:
    """One document of a lot, read after its schema was found good."""

    def __init__(self, inf: Grupo, suplemento: Grupo, assinatura: AssinaturaLida, conteudo: bytes) -> None:
        self.inf = inf
        self.suplemento = suplemento
        self.assinatura = assinatura
        self.conteudo = conteudo
        self.chave = inf.atributos.get("Id", "")[3:]
        self.ide = inf.grupo("ide")
        self.emit = inf.grupo("emit")
        self.dest = inf.grupo("dest")
        self.itens = [Item(det) for det in inf.grupos("det")]
        self.total = inf.grupo("total")
        self.icms_tot = self.total.grupo("ICMSTot")
        self.modelo = self.ide.texto("mod")
        self.fin_nfe = self.ide.texto("finNFe")
        self.id_dest = self.ide.texto("idDest")
        self.tp_nf = self.ide.texto("tpNF")
        self.tp_emis = self.ide.texto("tpEmis")
        self.ambiente = int(self.ide.texto("tpAmb") or 0)
        self.serie = int(self.ide.texto("serie") or 0)
        self.numero = int(self.ide.texto("nNF") or 0)
        self.crt = self.emit.texto("CRT")

    @cached_property
    def marcas(self) -> frozenset[str]:
        """What decides which rules concern the note: its tags, of every level, and its codes as `tag=value`."""
        codigos = {f"{tag}={self.ide.texto(tag)}" for tag in _CODIGOS}
        codigos |= {f"CRT={self.crt}", f"indIEDest={self.dest.texto('indIEDest')}", f"dest/UF={self.uf_dest}"}
        return frozenset(element_names((self.inf, self.suplemento)) | codigos)

    @property
    def nfce(self) -> bool:
        return self.modelo == "65"

    @property
    def uf(self) -> str:
        """UF of cUF; empty when the code is none."""
        return UF_DO_CODIGO.get(self.ide.texto("cUF"), "")

    @property
    def uf_dest(self) -> str:
        return self.dest.grupo("enderDest").texto("UF")

    @property
    def emitente(self) -> str:
        """CNPJ or CPF of the issuer, as written."""
        return self.emit.texto("CNPJ") or self.emit.texto("CPF")

    @property
    def destinatario(self) -> str:
        return self.dest.texto("CNPJ") or self.dest.texto("CPF")

    @property
    def natural(self) -> str:
        """What may exist once: model, UF, issuer, series, number; for NFC-e also tpEmis (NT 2018.001)."""
        base = f"{self.modelo}|{self.ide.texto('cUF')}|{self.emitente}|{self.serie}|{self.numero}"
        return f"{base}|{self.tp_emis}" if self.nfce else base

    @cached_property
    def emissao(self) -> datetime:
        return datetime.fromisoformat(self.ide.texto("dhEmi"))

    @property
    def data_emissao(self) -> date:
        """The civil date that dhEmi shows, in its own offset."""
        return self.emissao.date()

    @property
    def v_nf(self) -> Decimal:
        return self.icms_tot.valor("vNF")

    @cached_property
    def referencias(self) -> list[Grupo]:
        return self.ide.grupos("NFref")

    @cached_property
    def pagamentos(self) -> list[Grupo]:
        return self.inf.grupo("pag").grupos("detPag")

    @property
    def saida_nao_contribuinte_interestadual(self) -> bool:
        """The sale to a final consumer of another UF that owes DIFAL (EC 87/2015)."""
        return (
            self.id_dest == "2"
            and self.ide.texto("indFinal") == "1"
            and self.dest.texto("indIEDest") == "9"
            and self.tp_nf == "1"
        )


@dataclass(frozen=True, slots=True)
class NotaRecebida:
    """A note of a lot before it is judged: literal bytes and plain tree."""

    conteudo: bytes
    grupo: Grupo
    elemento: Elemento
    """Of the NFe, with no other namespace in scope than the note's own: what its signature covers."""


def empty_assinatura() -> AssinaturaLida:
    """What a rule test uses when the signature is not its matter."""
    return AssinaturaLida(None, "", perfil=True, confere=True)


def build_nota(nfe: Grupo, assinatura: AssinaturaLida, conteudo: bytes) -> Nota:
    """A note from the plain tree of its NFe element."""
    return Nota(nfe.grupo("infNFe") or VAZIO, nfe.grupo("infNFeSupl"), assinatura, conteudo)


def read_nota(conteudo: bytes) -> Nota:
    """A note of the ledger from its verbatim bytes; its signature was judged when it came."""
    return build_nota(xml.read_grupo(xml.parse(conteudo)), empty_assinatura(), conteudo)
