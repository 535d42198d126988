"""Integrators, companies, tokens, categories, certificates, answers."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.stores.fabrica import AGORA, CHAVE_MESTRA, companies, new_company, some_cnpj, vault

from chancela.domain.assinatura.certificado import load_pkcs12
from chancela.domain.erros import CertificadoInvalido, EstadoInvalido
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.empresa import Categoria, MudancaEmpresa
from chancela.kit.clock import VirtualClock
from chancela.kit.randomness import SystemRandomness
from chancela.simulator.ca import AutoridadeTeste
from chancela.stores.categorias import CategoriasPg
from chancela.stores.certificados import CertificadosPg, NovoCertificado
from chancela.stores.cofre import ChaveMestra, Cofre, CofreInvalido
from chancela.stores.conexao import Banco, Limites
from chancela.stores.empresas import EmpresasPg
from chancela.stores.numeracao import Serie, take_number
from chancela.stores.respostas import RespostasPg
from chancela.stores.segredos import Segredos

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def empresas(banco: Banco) -> EmpresasPg:
    return EmpresasPg(banco, vault(), SystemRandomness())


def test_a_company_reads_back_whole(empresas: EmpresasPg) -> None:
    integrador, _ = empresas.create_integrador("ERP", plano="basico")
    nova = new_company(integrador.id, certificado_url="https://exemplo.com.br/a1.pfx", nome_fantasia="Loja")
    criada, token = empresas.create(nova)
    assert empresas.get(criada.id) == criada
    for campo in (
        "cnpj",
        "razao_social",
        "nome_fantasia",
        "endereco",
        "email",
        "serie_nfe",
        "certificado_url",
    ):
        assert getattr(criada, campo) == getattr(nova, campo), campo
    credencial = empresas.authenticate(token)
    assert credencial is not None
    assert (credencial.token, credencial.empresa, credencial.integrador) == (token, criada, integrador)
    assert empresas.get(criada.id + 1) is None


def test_a_b2b_token_speaks_for_its_integrator(empresas: EmpresasPg) -> None:
    integrador, token = empresas.create_integrador("ERP")
    credencial = empresas.authenticate(token)
    assert credencial is not None
    assert (credencial.integrador, credencial.empresa) == (integrador, None)
    assert empresas.authenticate(token + "x") is None
    assert empresas.authenticate("") is None
    assert empresas.authenticate("\ud800") is None


def test_a_cnpj_is_registered_once_per_integrator(empresas: EmpresasPg, superusuario: Sql) -> None:
    um, _ = empresas.create_integrador("Um")
    outro, _ = empresas.create_integrador("Outro")
    empresas.create(new_company(um.id))
    with pytest.raises(EstadoInvalido) as erro:
        empresas.create(new_company(um.id))
    assert erro.value.codigo == "EMPRESA-JA-EXISTE"
    assert superusuario("SELECT count(*) FROM certificados") == [(1,)], "nothing of the second one stayed"
    empresas.create(new_company(outro.id))


def test_the_database_holds_no_usable_secret(empresas: EmpresasPg, superusuario: Sql) -> None:
    integrador, b2b = empresas.create_integrador("ERP")
    nova = new_company(integrador.id, certificado_pfx=b"CANARIO-PFX", certificado_senha="CANARIO-SENHA")
    _, token = empresas.create(nova)
    tudo = repr(
        [superusuario(f"SELECT t::text FROM {tabela} t") for tabela in ("tokens", "certificados", "empresas")]
    )
    for segredo in (b2b, token, "CANARIO-PFX", "CANARIO-SENHA"):
        assert segredo not in tudo
        assert segredo.encode().hex() not in tudo


def test_default_categories_come_along(empresas: EmpresasPg, banco: Banco) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    categoria = Categoria("PADRAO", "Venda", {"icms": []})
    criada, _ = empresas.create(new_company(integrador.id, categorias=(categoria,)))
    assert CategoriasPg(banco).get(criada.id, "PADRAO") == categoria


def test_categories(banco: Banco) -> None:
    categorias = CategoriasPg(banco)
    uma, outra = (empresa.id for empresa in companies(banco, 2))
    conteudo = {"icms": [{"aliquota": "18.00"}], "texto": "ação"}
    assert categorias.create(uma, codigo=None, descricao="Venda", conteudo=conteudo).codigo == "TF1"
    assert categorias.create(uma, codigo="TF2", descricao="", conteudo={}).codigo == "TF2"
    assert categorias.create(uma, codigo=None, descricao="", conteudo={}).codigo == "TF3"
    assert categorias.create(outra, codigo=None, descricao="", conteudo={}).codigo == "TF1"
    with pytest.raises(EstadoInvalido) as erro:
        categorias.create(uma, codigo="TF1", descricao="", conteudo={})
    assert erro.value.codigo == "CATEGORIA-JA-EXISTE"
    assert categorias.get(uma, "TF1") == Categoria("TF1", "Venda", conteudo)
    assert categorias.get(outra, "TF3") is None
    assert set(categorias.get_many(uma, ["TF1", "TF3", "NADA", "TF1"])) == {"TF1", "TF3"}
    assert categorias.get_many(uma, []) == {}


def test_category_codes_do_not_repeat_under_load(banco: Banco) -> None:
    categorias = CategoriasPg(banco)
    (empresa,) = companies(banco)

    def create(_: int) -> str:
        return categorias.create(empresa.id, codigo=None, descricao="", conteudo={}).codigo

    with ThreadPoolExecutor(8) as executor:
        assert set(executor.map(create, range(24))) == {f"TF{n}" for n in range(1, 25)}


# -- certificates -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def autoridade(tmp_path_factory: pytest.TempPathFactory) -> AutoridadeTeste:
    return AutoridadeTeste.open(tmp_path_factory.mktemp("ca"))


def certificate(autoridade: AutoridadeTeste, impressao: str, senha: str = "sénha") -> NovoCertificado:
    pfx = autoridade.issue_test_certificate(nome="LOJA", senha=senha, agora=AGORA, cnpj=str(some_cnpj(0)))
    return NovoCertificado(pfx, senha, impressao, AGORA, AGORA)


def test_the_certificate_in_use_is_opened_once_and_its_dates_always_judged(
    banco: Banco, autoridade: AutoridadeTeste, superusuario: Sql
) -> None:
    relogio = VirtualClock(AGORA)
    certificados = CertificadosPg(banco, vault(), relogio)
    (empresa,) = companies(banco)
    certificados.replace(empresa.id, certificate(autoridade, "11" * 32))
    primeiro = certificados.current(empresa.id)
    assert primeiro.cnpj == some_cnpj(0)
    assert certificados.current(empresa.id) is primeiro
    certificados.replace(empresa.id, certificate(autoridade, "22" * 32))
    assert certificados.current(empresa.id) is not primeiro
    assert superusuario("SELECT count(*) FROM certificados WHERE atual") == [(1,)]
    relogio.advance(400 * 24 * 3600)
    with pytest.raises(CertificadoInvalido) as erro:
        certificados.current(empresa.id)
    assert erro.value.codigo == "CERT-VENCIDO"


def test_branches_share_the_open_certificate_of_their_head_office(
    banco: Banco, autoridade: AutoridadeTeste
) -> None:
    certificados = CertificadosPg(banco, vault(), VirtualClock(AGORA))
    matriz, filial = companies(banco, 2)
    pfx = autoridade.issue_test_certificate(nome="LOJA", senha="x", agora=AGORA, cnpj=str(some_cnpj(0)))
    lido = load_pkcs12(pfx, "x", agora=AGORA)
    for empresa in (matriz, filial):
        certificados.replace(
            empresa.id, NovoCertificado(pfx, "x", lido.impressao_digital, lido.inicio, lido.fim)
        )
    assert certificados.current(matriz.id) is certificados.current(filial.id)


def test_another_process_sees_a_replacement_soon(banco: Banco, autoridade: AutoridadeTeste) -> None:
    relogio = VirtualClock(AGORA)
    nosso, alheio = (CertificadosPg(banco, vault(), relogio, confianca_s=5) for _ in range(2))
    (empresa,) = companies(banco)
    nosso.replace(empresa.id, certificate(autoridade, "11" * 32))
    antigo = nosso.current(empresa.id)
    alheio.replace(empresa.id, certificate(autoridade, "22" * 32))
    assert nosso.current(empresa.id) is antigo
    relogio.advance(6)
    assert nosso.current(empresa.id) is not antigo


def test_no_certificate(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    superusuario("UPDATE certificados SET atual = false")
    with pytest.raises(CertificadoInvalido) as erro:
        CertificadosPg(banco, vault(), VirtualClock(AGORA)).current(empresa.id)
    assert erro.value.codigo == "CERT-AUSENTE"


def test_an_envelope_moved_to_another_company_does_not_open(banco: Banco, superusuario: Sql) -> None:
    uma, outra = (empresa.id for empresa in companies(banco, 2))
    superusuario(
        "UPDATE certificados SET envelope = (SELECT envelope FROM certificados WHERE empresa_id = %s)"
        " WHERE empresa_id = %s",
        uma,
        outra,
    )
    with pytest.raises(CofreInvalido):
        CertificadosPg(banco, vault(), VirtualClock(AGORA)).current(outra)


def test_a_change_of_the_master_key_leaves_everything_readable(banco: Banco, superusuario: Sql) -> None:
    antes = EmpresasPg(banco, vault(), SystemRandomness())
    integrador, b2b = antes.create_integrador("ERP")
    empresa, token = antes.create(new_company(integrador.id))
    Segredos(banco, vault()).put(empresa.id, "csc", b"CSC-1")
    nova = ChaveMestra(b"n" * 32)
    ambas = Segredos(banco, Cofre([nova, CHAVE_MESTRA], SystemRandomness()))
    assert ambas.rotate(lote=1) == 4
    assert ambas.rotate() == 0
    so_nova = Cofre([nova], SystemRandomness())
    depois = EmpresasPg(banco, so_nova, SystemRandomness())
    assert depois.authenticate(b2b) is not None
    assert depois.authenticate(token) is not None
    assert Segredos(banco, so_nova).get(empresa.id, "csc") == b"CSC-1"
    assert Segredos(banco, so_nova).get(empresa.id, "nada") is None
    with pytest.raises(CofreInvalido):
        antes.authenticate(token)


# -- answers ------------------------------------------------------------------------------------------------


@pytest.fixture
def relogio() -> VirtualClock:
    return VirtualClock(AGORA)


@pytest.fixture
def respostas(url_banco: str, relogio: VirtualClock) -> Iterator[RespostasPg]:
    banco = Banco(url_banco, limites=Limites(conexoes=16), relogio=relogio)
    yield RespostasPg(banco, prazo_s=180, janela_s=900)
    banco.close()


def test_the_first_answer_is_given_again(respostas: RespostasPg, relogio: VirtualClock) -> None:
    assert respostas.begin([b"k"]) == [(True, None)]
    assert respostas.begin([b"k"]) == [(False, None)]
    respostas.finish([(b"k", b"resposta")])
    respostas.abandon(b"k")
    assert respostas.begin([b"k"]) == [(False, b"resposta")]
    relogio.advance(899)
    assert respostas.begin([b"k"]) == [(False, b"resposta")]
    assert respostas.purge() == 0
    relogio.advance(2)
    assert respostas.purge() == 1
    assert respostas.begin([b"k"]) == [(True, None)]


def test_an_abandoned_or_forgotten_place_is_free_again(respostas: RespostasPg, relogio: VirtualClock) -> None:
    respostas.begin([b"k"])
    respostas.abandon(b"k")
    assert respostas.begin([b"k"]) == [(True, None)]
    relogio.advance(181)
    assert respostas.begin([b"k"]) == [(True, None)], "its process died"


def test_one_of_many_goes_ahead(respostas: RespostasPg) -> None:
    with ThreadPoolExecutor(16) as executor:
        vezes = list(executor.map(lambda _: respostas.begin([b"k"]), range(16)))
    assert sorted(vez for ((vez, _),) in vezes) == [False] * 15 + [True]


def test_many_calls_take_their_places_together(respostas: RespostasPg) -> None:
    """Each its own; one that comes twice, once; those before and after it are not held up."""
    respostas.begin([b"feita"])
    respostas.finish([(b"feita", b"resposta")])
    assert respostas.begin([b"z", b"feita", b"a", b"a"]) == [
        (True, None),
        (False, b"resposta"),
        (True, None),
        (False, None),
    ]
    respostas.finish([(b"z", b"de z"), (b"a", b"de a")])
    assert respostas.begin([b"a", b"z"]) == [(False, b"de a"), (False, b"de z")]


def test_settings_change_under_the_row(banco: Banco, empresas: EmpresasPg) -> None:
    """Two at once: neither loses what the other wrote."""
    integrador, _ = empresas.create_integrador("ERP")
    empresa, _ = empresas.create(new_company(integrador.id))
    assert empresa.configuracao == {}
    with ThreadPoolExecutor(4) as executor:
        feitas = list(
            executor.map(lambda n: empresas.configure(empresa.id, lambda c: {**c, f"c{n}": n}), range(8))
        )
    assert None not in feitas
    guardada = empresas.get(empresa.id)
    assert guardada is not None
    assert guardada.configuracao == {f"c{n}": n for n in range(8)}
    assert empresas.configure(empresa.id + 1, lambda c: c) is None

    def refuse(_: object) -> dict[str, object]:
        raise EstadoInvalido("X", "não")

    with pytest.raises(EstadoInvalido):
        empresas.configure(empresa.id, refuse)
    assert empresas.get(empresa.id) == guardada


def test_pages_of_an_integrators_companies(empresas: EmpresasPg) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    outro, _ = empresas.create_integrador("Outro")
    criadas = [empresas.create(new_company(integrador.id, indice)) for indice in range(3)]
    empresas.create(new_company(outro.id, 9))
    primeira = empresas.list_page(integrador.id, pagina=1, tamanho=2)
    segunda = empresas.list_page(integrador.id, pagina=2, tamanho=2)
    assert [*primeira.empresas, *segunda.empresas] == criadas
    assert (primeira.total, segunda.total) == (3, 3)
    assert empresas.list_page(integrador.id, pagina=3, tamanho=2).empresas == []


def test_the_next_number_of_the_nfe_series_moves_forward_only(empresas: EmpresasPg, banco: Banco) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    empresa, _ = empresas.create(new_company(integrador.id))
    serie = Serie(Ambiente.PRODUCAO, empresa.cnpj, Modelo.NFE, empresa.serie_nfe)
    with banco.company(empresa.id) as conexao:
        take_number(conexao, serie, inicial=10)
    for pedido, proximo in ((50, 50), (3, 50)):
        empresas.update(empresa.id, MudancaEmpresa(numero_nfe=pedido, unidade="KG"))
        assert empresas.next_number(empresa, Modelo.NFE, empresa.serie_nfe, Ambiente.PRODUCAO) == proximo
    lida = empresas.get(empresa.id)
    assert lida is not None
    assert (lida.numero_nfe, lida.unidade) == (3, "KG")
