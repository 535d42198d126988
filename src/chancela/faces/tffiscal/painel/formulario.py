"""The page of issuing: a plain form that works without a program, and says beside each field what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.painel.campos import (
    CLIENTE,
    ITEM,
    ITENS_MAXIMO,
    OPERACAO,
    PAGAMENTO,
    Campo,
    Opcoes,
    field_of,
)
from chancela.faces.tffiscal.painel.moldura import EMITIR, back, company_page, options
from chancela.faces.tffiscal.painel.preenchido import Preenchido
from chancela.issuing.empresa import Categoria, Empresa


@dataclass(frozen=True, slots=True)
class Retorno:
    """What a form is shown again with: what was refused, or what it would come to."""

    titulo: str = ""
    erros: Sequence[ErroCampo] = ()


def show_form(
    empresa: Empresa, categorias: Sequence[Categoria], form: Preenchido, marca: str, retorno: Retorno
) -> str:
    """The form with what was typed, and its refusals beside their fields."""
    por_campo = _by_field(retorno.erros)
    escolhas: Opcoes = [("", "Escolha"), *((c.codigo, f"{c.codigo} - {c.descricao}") for c in categorias)]
    partes = [
        _notice(retorno, por_campo),
        f'<form class="emissao" method="post" action="{EMITIR}">',
        _hidden("id", form.referencia) + _hidden("marca", marca),
        # Enter presses the first button of a form: it must not be the one that issues.
        '<button class="escondido" name="acao" value="conferir" tabindex="-1" aria-hidden="true">Conferir</button>',
        _group("Operação", OPERACAO, form.valores, por_campo),
        _group("Cliente", CLIENTE, form.valores, por_campo),
        *(_item(posicao, form, escolhas, por_campo) for posicao in range(form.itens)),
        _add(form),
        _group("Pagamento", PAGAMENTO, form.valores, por_campo),
        '<p class="acoes"><button name="acao" value="conferir">Conferir</button>'
        '<button name="acao" value="emitir" class="principal">Emitir NF-e</button></p></form>',
        back(),
    ]
    if not categorias:
        partes.insert(1, "<p>Cadastre antes uma categoria tributária (<code>category/create</code>).</p>")
    return company_page(empresa, "Emitir NF-e", "".join(partes))


def _by_field(erros: Sequence[ErroCampo]) -> Mapping[str, ErroCampo]:
    """The first refusal of each field of the form."""
    achados: dict[str, ErroCampo] = {}
    for erro in erros:
        achados.setdefault(field_of(erro.campo), erro)
    return achados


def _notice(retorno: Retorno, por_campo: Mapping[str, ErroCampo]) -> str:
    if not retorno.titulo:
        return ""
    linhas: list[str] = []
    for erro in retorno.erros:
        nome, texto = field_of(erro.campo), escape(_sentence(erro, rotulo=True))
        do_campo = nome and por_campo[nome] is erro
        linhas.append(f'<li><a href="#{_id(nome)}">{texto}</a></li>' if do_campo else f"<li>{texto}</li>")
    lista = f"<ul>{''.join(linhas)}</ul>" if linhas else ""
    papel = "alert" if retorno.erros else "status"
    return f'<div class="aviso" role="{papel}"><p>{escape(retorno.titulo)}</p>{lista}</div>'


def _group(
    titulo: str, campos: Sequence[Campo], valores: Mapping[str, str], por_campo: Mapping[str, ErroCampo]
) -> str:
    partes = "".join(_field(campo, campo.nome, valores, por_campo) for campo in campos)
    return f"<fieldset><legend>{escape(titulo)}</legend>{partes}</fieldset>"


def _item(posicao: int, form: Preenchido, escolhas: Opcoes, por_campo: Mapping[str, ErroCampo]) -> str:
    partes = [
        _field(
            campo, f"products[{posicao}].{campo.nome}", form.valores, por_campo,
            escolhas if campo.nome == "category_id" else campo.opcoes,
        )
        for campo in ITEM
    ]  # fmt: skip
    if form.itens > 1:
        partes.append(
            f'<p><button name="acao" value="tirar-{posicao}" formnovalidate>Tirar o item {posicao + 1}</button></p>'
        )
    return f"<fieldset><legend>Item {posicao + 1}</legend>{''.join(partes)}</fieldset>"


def _add(form: Preenchido) -> str:
    if form.itens >= ITENS_MAXIMO:
        return f"<p>Este formulário vai até {ITENS_MAXIMO} itens.</p>"
    return '<p><button name="acao" value="mais" formnovalidate>Acrescentar item</button></p>'


def _field(
    campo: Campo,
    nome: str,
    valores: Mapping[str, str],
    por_campo: Mapping[str, ErroCampo],
    opcoes: Opcoes = (),
) -> str:
    """A label, its field, and what there is to say of it."""
    valor, erro, ident = valores.get(nome, campo.padrao), por_campo.get(nome), _id(nome)
    notas = [("dica", campo.dica)] if campo.dica else []
    notas += [("erro", _sentence(erro))] if erro is not None else []
    atributos = f' id="{ident}" name="{escape(nome)}"' + (" required" if campo.obrigatorio else "")
    if notas:
        atributos += f' aria-describedby="{" ".join(f"{ident}-{tipo}" for tipo, _ in notas)}"'
    if erro is not None:
        atributos += ' aria-invalid="true"'
    ditas = "".join(
        f'<span class="{tipo}" id="{ident}-{tipo}">{escape(texto)}</span>' for tipo, texto in notas
    )
    largura = f" {campo.largura}" if campo.largura else ""
    rotulo = f'<label for="{ident}">{escape(campo.rotulo)}</label>'
    return f'<div class="campo{largura}">{rotulo}{_input(campo, atributos, valor, opcoes or campo.opcoes)}{ditas}</div>'


def _input(campo: Campo, atributos: str, valor: str, opcoes: Opcoes) -> str:
    if opcoes:
        return f"<select{atributos}>{options(opcoes, valor)}</select>"
    if campo.maximo:
        atributos += f' maxlength="{campo.maximo}"'
    if campo.tipo == "area":
        return f'<textarea{atributos} rows="3">{escape(valor)}</textarea>'
    if campo.tipo == "number":
        atributos += ' min="0" step="any"'
    return f'<input type="{campo.tipo}"{atributos} value="{escape(valor)}">'


def _hidden(nome: str, valor: str) -> str:
    return f'<input type="hidden" name="{nome}" value="{escape(valor)}">'


def _sentence(erro: ErroCampo, *, rotulo: bool = False) -> str:
    onde = f"{erro.rotulo}: " if rotulo and erro.rotulo else ""
    return f"{onde}{erro.mensagem} {erro.correcao}".strip()


def _id(nome: str) -> str:
    """A field's name as an address inside the page: `products[0].ncm` is `products-0-ncm`."""
    return re.sub(r"\W+", "-", nome)
