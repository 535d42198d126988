"""Rules over issuer, recipient, places, download and transport (groups C to G and X)."""

import re
from collections.abc import Iterator

from chancela.documents.nfe.enumeracoes import Destino, IndicadorIe, ModalidadeFrete, Presenca, TipoOperacao
from chancela.documents.nfe.inscricoes import IE, IE_NUMERO, ie_holds
from chancela.documents.nfe.modelo import Endereco, IdEstrangeiro
from chancela.documents.nfe.regras_base import (
    AVISO,
    SO_NFCE,
    SO_NFE,
    Achado,
    Contexto,
    Regra,
    Verificacao,
    no_documento,
    se,
)
from chancela.documents.nfe.regras_sinais import (
    AUTORIZADOS,
    CONTRIBUINTE,
    DESTINATARIO_INCOMPLETO,
    DOMICILIO,
    EMITENTE_INCOMPLETO,
    ENDERECO,
    ESTRANGEIRO,
    FORA_DO_ESTADO,
    IE_DE_SUBSTITUTO,
    IE_FORA_DA_FORMA,
    IE_QUE_NAO_CONFERE,
    NAO_FINAL,
    SEM_DESTINATARIO,
    TRANSPORTADOR,
)
from chancela.domain.identidade import Cnpj, Cpf, Uf

_TELEFONE = re.compile(r"[0-9]{6,14}")
_CEP = re.compile(r"[0-9]{8}")
_MUNICIPIO = re.compile(r"[0-9]{7}")
_PLACA = re.compile(r"[A-Z]{2,3}[0-9]{4}|[A-Z]{3,4}[0-9]{3}|[A-Z0-9]{7}")
EXTERIOR = "9999999"


def _addresses(c: Contexto) -> list[tuple[str, str, Endereco]]:
    nfe = c.nfe
    todos = [("emitente.endereco", "Emitente", nfe.emitente.endereco)]
    if nfe.destinatario is not None and nfe.destinatario.endereco is not None:
        todos.append(("destinatario.endereco", "Destinatário", nfe.destinatario.endereco))
    if nfe.retirada is not None:
        todos.append(("retirada.endereco", "Local de retirada", nfe.retirada.endereco))
    if nfe.entrega is not None:
        todos.append(("entrega.endereco", "Local de entrega", nfe.entrega.endereco))
    return todos


def _address_texts(c: Contexto) -> Iterator[Achado]:
    """Texts that the schema requires, with their least length."""
    for caminho, dono, e in _addresses(c):
        for nome, rotulo, valor, minimo in (
            ("logradouro", "logradouro", e.logradouro, 2),
            ("numero", "número", e.numero, 1),
            ("bairro", "bairro", e.bairro, 2),
            ("municipio", "município", e.municipio, 2),
        ):
            if len(valor) < minimo:
                yield f"{caminho}.{nome}", f"{dono}, {rotulo}", valor


def _ceps(c: Contexto) -> Iterator[Achado]:
    for caminho, dono, e in _addresses(c):
        falta = e.cep is None and caminho == "emitente.endereco"
        if falta or (e.cep is not None and not _CEP.fullmatch(e.cep)):
            yield f"{caminho}.cep", f"{dono}, CEP", e.cep or ""


def _telefones(c: Contexto) -> Iterator[Achado]:
    for caminho, dono, e in _addresses(c):
        if e.telefone is not None and not _TELEFONE.fullmatch(e.telefone):
            yield f"{caminho}.telefone", f"{dono}, telefone", e.telefone


def _municipios(c: Contexto) -> Iterator[Achado]:
    for caminho, dono, e in _addresses(c):
        if not _MUNICIPIO.fullmatch(e.codigo_municipio):
            yield f"{caminho}.codigo_municipio", f"{dono}, código do município", e.codigo_municipio


def _municipio_de_outra_uf(alvo: str) -> "_Verificador":
    return _Verificador(alvo)


class _Verificador:
    """Municipality and UF of one address must agree (273, 275)."""

    def __init__(self, alvo: str) -> None:
        self.alvo = alvo

    def __call__(self, c: Contexto) -> Iterator[Achado]:
        for caminho, dono, e in _addresses(c):
            certo = not isinstance(e.uf, Uf) or e.codigo_municipio.startswith(e.uf.codigo)
            if caminho == self.alvo and not certo:
                yield f"{caminho}.codigo_municipio", f"{dono}, código do município", e.codigo_municipio


def _ie_emitente(c: Contexto) -> str | None:
    texto = c.nfe.emitente.inscricao_estadual
    return se(
        texto is not None and IE_NUMERO.fullmatch(texto) is not None and not ie_holds(c.uf, texto), texto
    )


def _ie_ausente(c: Contexto) -> str | None:
    texto = c.nfe.emitente.inscricao_estadual
    return se(texto is None or not texto.strip("0"), texto or "")


def _ie_substituto(c: Contexto) -> str | None:
    texto = c.nfe.emitente.inscricao_estadual_st
    if texto is None or c.uf_destinatario in ("", "EX"):
        return None
    return se(not ie_holds(c.uf_destinatario, texto), texto)


def _ie_destinatario(c: Contexto) -> str | None:
    d = c.nfe.destinatario
    texto = None if d is None else d.inscricao_estadual
    if texto is None or not IE_NUMERO.fullmatch(texto) or c.uf_destinatario in ("", "EX"):
        return None
    return se(not ie_holds(c.uf_destinatario, texto), texto)


def _ie_forma(c: Contexto) -> Iterator[Achado]:
    e, d = c.nfe.emitente, c.nfe.destinatario
    if e.inscricao_estadual is not None and not IE.fullmatch(e.inscricao_estadual):
        yield "emitente.inscricao_estadual", "Emitente, inscrição estadual", e.inscricao_estadual
    if d is not None and d.inscricao_estadual is not None and not IE_NUMERO.fullmatch(d.inscricao_estadual):
        yield "destinatario.inscricao_estadual", "Destinatário, inscrição estadual", d.inscricao_estadual


def _indicador(c: Contexto) -> IndicadorIe | None:
    return None if c.nfe.destinatario is None else c.nfe.destinatario.indicador_ie


def _ie(c: Contexto) -> str | None:
    return None if c.nfe.destinatario is None else c.nfe.destinatario.inscricao_estadual


def _estrangeiro(c: Contexto) -> bool:
    return c.nfe.destinatario is not None and isinstance(c.nfe.destinatario.documento, IdEstrangeiro)


def _exterior(c: Contexto) -> bool:
    return c.nfe.destino is Destino.EXTERIOR


def _outro_lugar(c: Contexto) -> bool:
    """Whether something in the note may put the goods elsewhere than the recipient's address."""
    return (
        c.nfe.retirada is not None
        or c.nfe.entrega is not None
        or any(i.produto.combustivel for i in c.nfe.itens)
    )


def _interna_fora(c: Contexto, *, incerto: bool) -> str | None:
    fora = c.uf_destinatario not in ("", "EX", c.uf)
    regra = c.nfe.destino is Destino.INTERNA and not c.nfe.consumidor_final and fora
    return se(regra and _outro_lugar(c) is incerto, c.uf_destinatario)


def _interestadual_dentro(c: Contexto, *, incerto: bool) -> str | None:
    d = c.nfe.destinatario
    mesma = d is not None and c.uf_destinatario == c.uf and d.documento != c.nfe.emitente.documento
    return se(c.nfe.destino is Destino.INTERESTADUAL and mesma and _outro_lugar(c) is incerto, c.uf)


def _autorizado_repetido(tipo: type[Cnpj] | type[Cpf]) -> Verificacao:
    """The recipient in the list of who may download: 324 for a CNPJ, 326 for a CPF."""

    def verificar(c: Contexto) -> Iterator[Achado]:
        d = c.nfe.destinatario
        for posicao, autorizado in enumerate(c.nfe.autorizados):
            documento = autorizado.documento
            if d is not None and isinstance(documento, tipo) and documento == d.documento:
                yield f"autorizados[{posicao}].documento", f"Autorizado a baixar {posicao + 1}", documento

    return verificar


def _placas(c: Contexto) -> Iterator[Achado]:
    t = c.nfe.transporte
    todos = ([("transporte.veiculo", t.veiculo)] if t.veiculo else []) + [
        (f"transporte.reboques[{i}]", r) for i, r in enumerate(t.reboques)
    ]
    for caminho, veiculo in todos:
        if not _PLACA.fullmatch(veiculo.placa):
            yield f"{caminho}.placa", "Placa", veiculo.placa


def _ie_transportador(c: Contexto) -> str | None:
    t = c.nfe.transporte.transportador
    if t is None or t.inscricao_estadual in (None, "", "ISENTO") or t.uf in (None, "EX"):
        return None
    return se(not ie_holds(str(t.uf), str(t.inscricao_estadual)), t.inscricao_estadual)


def _sem_uf_transportador(c: Contexto) -> str | None:
    t = c.nfe.transporte.transportador
    return se(t is not None and bool(t.inscricao_estadual) and t.uf is None)


_D = "destinatario"

REGRAS = (
    Regra("NFE-EMIT-01", "", None, no_documento("emitente.nome", "Emitente, razão social", lambda c: se(len(c.nfe.emitente.nome) < 2, c.nfe.emitente.nome)),
          "A razão social do emitente não foi informada.", "Complete o cadastro da empresa.", quando=EMITENTE_INCOMPLETO),
    Regra("NFE-END-01", "", None, _address_texts,
          "O endereço está incompleto.", "Informe logradouro, número, bairro (ao menos 2 letras) e município.", quando=ENDERECO),
    Regra("NFE-END-02", "", None, _ceps, "O CEP não tem 8 números.", "Informe o CEP com 8 números.", quando=ENDERECO),
    Regra("NFE-END-03", "", None, _telefones, "O telefone não tem de 6 a 14 números.", "Informe só os números, com DDD.", quando=ENDERECO),
    Regra("NFE-END-04", "", None, _municipios, "O código do município não tem 7 números.", "Informe o código IBGE do município.", quando=ENDERECO),
    Regra("NFE-EMIT-02", "C10-20", 273, _municipio_de_outra_uf("emitente.endereco"),
          "O município do emitente não é da sua UF.", "Confira o código IBGE do município e a UF da empresa.", quando=ENDERECO),
    Regra("NFE-EMIT-03", "C17-20", 209, no_documento("emitente.inscricao_estadual", "Emitente, inscrição estadual", _ie_emitente),
          "A inscrição estadual do emitente não confere com as regras da UF.", "Confira a inscrição estadual da empresa.", quando=IE_QUE_NAO_CONFERE),
    Regra("NFE-EMIT-04", "C18-10", 718, no_documento("emitente.inscricao_estadual_st", "Emitente, IE de substituto", lambda c: se(c.nfe.emitente.inscricao_estadual_st is not None, c.nfe.emitente.inscricao_estadual_st)),
          "A NFC-e não leva inscrição de substituto tributário.", "Retire a IE de substituto.", SO_NFCE, quando=IE_DE_SUBSTITUTO),
    Regra("NFE-EMIT-05", "", None, _ie_forma, "A inscrição estadual tem caracteres que não são números.", "Informe só os números, ou ISENTO para o emitente isento.", quando=IE_FORA_DA_FORMA),
    Regra("NFE-EMIT-06", "C17-10", 229, no_documento("emitente.inscricao_estadual", "Emitente, inscrição estadual", _ie_ausente),
          "O emitente não tem inscrição estadual; só as UFs da SEFAZ Virtual do RS a dispensam.", "Complete a inscrição estadual da empresa.", severidade=AVISO, quando=EMITENTE_INCOMPLETO),
    Regra("NFE-EMIT-07", "C18-30", 211, no_documento("emitente.inscricao_estadual_st", "Emitente, IE de substituto", _ie_substituto),
          "A inscrição de substituto não confere com as regras da UF do destinatário.", "Confira a inscrição de substituto na UF de destino.", SO_NFE, AVISO, quando=IE_DE_SUBSTITUTO),
    Regra("NFE-DEST-01", "E01-10", 719, no_documento(_D, "Destinatário", lambda c: se(c.nfe.destinatario is None)),
          "A NF-e não tem destinatário.", "Informe CNPJ ou CPF, nome e endereço do cliente.", SO_NFE, quando=SEM_DESTINATARIO),
    Regra("NFE-DEST-02", "E01-20", 787, no_documento(_D, "Destinatário", lambda c: se(c.nfe.presenca is Presenca.ENTREGA_DOMICILIO and c.nfe.destinatario is None)),
          "Entrega a domicílio sem o destinatário.", "Informe quem recebe a entrega.", SO_NFCE, quando=DOMICILIO),
    Regra("NFE-DEST-03", "E03a-10", 720, no_documento(f"{_D}.documento", "Destinatário, documento", lambda c: se(_exterior(c) and c.nfe.destinatario is not None and not _estrangeiro(c))),
          "Em operação com o exterior o destinatário tem identificação de estrangeiro.", "Informe o id_estrangeiro (pode ser vazio) no lugar do CNPJ ou CPF.", SO_NFE, quando=FORA_DO_ESTADO),
    Regra("NFE-DEST-04", "E03a-20", 721, no_documento(f"{_D}.documento", "Destinatário, documento", lambda c: se(_estrangeiro(c) and not _exterior(c) and not c.nfe.consumidor_final)),
          "Estrangeiro em operação no país só como consumidor final.", "Marque consumidor final ou informe CNPJ ou CPF.", SO_NFE, quando=ESTRANGEIRO),
    Regra("NFE-DEST-05", "E04-10", 724, no_documento(f"{_D}.nome", "Destinatário, nome", lambda c: se(c.nfe.destinatario is not None and len(c.nfe.destinatario.nome or "") < 2)),
          "O nome do destinatário não foi informado.", "Informe o nome ou a razão social do cliente.", SO_NFE, quando=DESTINATARIO_INCOMPLETO),
    Regra("NFE-DEST-06", "E05-10", 726, no_documento(f"{_D}.endereco", "Destinatário, endereço", lambda c: se(c.nfe.destinatario is not None and c.nfe.destinatario.endereco is None)),
          "O endereço do destinatário não foi informado.", "Informe o endereço do cliente.", SO_NFE, quando=DESTINATARIO_INCOMPLETO),
    Regra("NFE-DEST-07", "E05-20", 788, no_documento(f"{_D}.endereco", "Destinatário, endereço", lambda c: se(c.nfe.presenca is Presenca.ENTREGA_DOMICILIO and c.nfe.destinatario is not None and c.nfe.destinatario.endereco is None)),
          "Entrega a domicílio sem o endereço.", "Informe o endereço da entrega.", SO_NFCE, quando=DOMICILIO),
    Regra("NFE-DEST-08", "E10-20", 275, _municipio_de_outra_uf("destinatario.endereco"),
          "O município do destinatário não é da sua UF.", "Confira o código IBGE do município e a UF do cliente.", quando=ENDERECO),
    Regra("NFE-DEST-09", "E10-30", 509, no_documento(f"{_D}.endereco.codigo_municipio", "Destinatário, código do município", lambda c: se(c.uf_destinatario == "EX" and c.nfe.destinatario is not None and c.nfe.destinatario.endereco is not None and c.nfe.destinatario.endereco.codigo_municipio != EXTERIOR)),
          "Endereço no exterior usa o município 9999999.", "Informe 9999999 e EXTERIOR como município.", SO_NFE, quando=ESTRANGEIRO),
    Regra("NFE-DEST-10", "E12-10", 727, no_documento(f"{_D}.endereco.uf", "Destinatário, UF", lambda c: se(_exterior(c) and c.uf_destinatario not in ("", "EX"), c.uf_destinatario)),
          "Operação com o exterior e destinatário no Brasil.", "Use UF EX ou corrija o destino da operação.", SO_NFE, quando=FORA_DO_ESTADO),
    Regra("NFE-DEST-11", "E12-30", 772, no_documento(f"{_D}.endereco.uf", "Destinatário, UF", lambda c: _interestadual_dentro(c, incerto=False)),
          "Operação interestadual para a mesma UF do emitente.", "Corrija o destino da operação para 1 (interna).", SO_NFE, quando=FORA_DO_ESTADO),
    Regra("NFE-DEST-12", "E12-30", 772, no_documento(f"{_D}.endereco.uf", "Destinatário, UF", lambda c: _interestadual_dentro(c, incerto=True)),
          "Operação interestadual para a mesma UF do emitente.", "Confira o destino da operação e os locais de retirada e entrega.", SO_NFE, AVISO, quando=FORA_DO_ESTADO),
    Regra("NFE-DEST-13", "E12-40", 773, no_documento(f"{_D}.endereco.uf", "Destinatário, UF", lambda c: _interna_fora(c, incerto=False)),
          "Operação interna com destinatário de outra UF.", "Corrija o destino da operação para 2 (interestadual).", SO_NFE, quando=NAO_FINAL),
    Regra("NFE-DEST-14", "E12-40", 773, no_documento(f"{_D}.endereco.uf", "Destinatário, UF", lambda c: _interna_fora(c, incerto=True)),
          "Operação interna com destinatário de outra UF.", "Confira o destino da operação e os locais de retirada e entrega.", SO_NFE, AVISO, quando=NAO_FINAL),
    Regra("NFE-DEST-15", "E16a-10", 789, no_documento(f"{_D}.indicador_ie", "Destinatário, indicador de IE", lambda c: se(_indicador(c) not in (None, IndicadorIe.NAO_CONTRIBUINTE), _indicador(c))),
          "A NFC-e não serve para contribuinte do ICMS.", "Use a NF-e (modelo 55) ou o indicador 9.", SO_NFCE, quando=CONTRIBUINTE),
    Regra("NFE-DEST-16", "E16a-20", 790, no_documento(f"{_D}.indicador_ie", "Destinatário, indicador de IE", lambda c: se(_exterior(c) and _indicador(c) not in (None, IndicadorIe.NAO_CONTRIBUINTE), _indicador(c))),
          "Destinatário no exterior não é contribuinte do ICMS.", "Use o indicador de IE 9.", SO_NFE, quando=FORA_DO_ESTADO),
    Regra("NFE-DEST-17", "E16a-40", 696, no_documento("consumidor_final", "Consumidor final", lambda c: se(_indicador(c) is IndicadorIe.NAO_CONTRIBUINTE and not c.nfe.consumidor_final and c.nfe.tipo_operacao is TipoOperacao.SAIDA and not _exterior(c), "0")),
          "Venda a não contribuinte deve ser marcada como de consumidor final.", "Informe consumidor final 1, ou a inscrição estadual do cliente.", SO_NFE, quando=NAO_FINAL),
    Regra("NFE-DEST-18", "E17-10", 729, no_documento(f"{_D}.inscricao_estadual", "Destinatário, inscrição estadual", lambda c: se(_ie(c) is not None, _ie(c))),
          "A NFC-e não leva inscrição estadual do destinatário.", "Retire a inscrição estadual.", SO_NFCE, quando=CONTRIBUINTE),
    Regra("NFE-DEST-19", "E17-20", 728, no_documento(f"{_D}.inscricao_estadual", "Destinatário, inscrição estadual", lambda c: se(_indicador(c) is IndicadorIe.CONTRIBUINTE and not _ie(c))),
          "Destinatário contribuinte sem inscrição estadual.", "Informe a inscrição estadual do cliente.", SO_NFE, quando=CONTRIBUINTE),
    Regra("NFE-DEST-20", "E17-30", 791, no_documento(f"{_D}.inscricao_estadual", "Destinatário, inscrição estadual", lambda c: se(_indicador(c) is IndicadorIe.ISENTO and _ie(c) is not None, _ie(c))),
          "Destinatário isento de inscrição, mas com inscrição informada.", "Retire a inscrição ou use o indicador 1.", SO_NFE, quando=CONTRIBUINTE),
    Regra("NFE-DEST-21", "E17-50", 210, no_documento(f"{_D}.inscricao_estadual", "Destinatário, inscrição estadual", _ie_destinatario),
          "A inscrição estadual do destinatário não confere com as regras da UF.", "Confira a inscrição estadual do cliente.", SO_NFE, quando=CONTRIBUINTE),
    Regra("NFE-DEST-22", "E18-10", 730, no_documento(f"{_D}.inscricao_suframa", "Destinatário, Suframa", lambda c: se(c.nfe.destinatario is not None and c.nfe.destinatario.inscricao_suframa is not None)),
          "A NFC-e não leva inscrição na Suframa.", "Retire a inscrição na Suframa.", SO_NFCE),
    Regra("NFE-AUT-01", "GA02-20", 324, _autorizado_repetido(Cnpj),
          "O destinatário já pode baixar a nota.", "Retire-o da lista de autorizados.", quando=AUTORIZADOS),
    Regra("NFE-AUT-02", "GA03-20", 326, _autorizado_repetido(Cpf),
          "O destinatário já pode baixar a nota.", "Retire-o da lista de autorizados.", quando=AUTORIZADOS),
    Regra("NFE-TRANSP-01", "X02-10", 753, no_documento("transporte.modalidade", "Modalidade do frete", lambda c: se(c.nfe.transporte.modalidade is not ModalidadeFrete.SEM_FRETE and c.nfe.presenca is not Presenca.ENTREGA_DOMICILIO, c.nfe.transporte.modalidade)),
          "A NFC-e sem entrega a domicílio não leva frete.", "Use modalidade de frete 9.", SO_NFCE),
    Regra("NFE-TRANSP-02", "X07-10", 559, no_documento("transporte.transportador.uf", "Transportador, UF", _sem_uf_transportador),
          "O transportador tem inscrição estadual, mas não tem UF.", "Informe a UF do transportador.", quando=TRANSPORTADOR),
    Regra("NFE-TRANSP-03", "X07-20", 544, no_documento("transporte.transportador.inscricao_estadual", "Transportador, inscrição estadual", _ie_transportador),
          "A inscrição estadual do transportador não confere com as regras da UF.", "Confira a inscrição do transportador.", quando=TRANSPORTADOR),
    Regra("NFE-TRANSP-04", "", None, _placas, "A placa não tem forma conhecida.", "Informe a placa sem traço, em maiúsculas.", quando=TRANSPORTADOR),
)  # fmt: skip
