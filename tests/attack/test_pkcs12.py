"""Every certificate file of the corpus is refused with a code of ours, whatever it asks for; nothing else comes out."""

import pytest
from tests.attack.corpo_pkcs12 import corpus
from tests.attack.vigia import untouched
from tests.fixtures.notas import AGORA

from chancela.domain.assinatura.certificado import load_pkcs12
from chancela.domain.erros import CertificadoInvalido


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len({nome for nome, *_ in corpus()}) == len(corpus()) >= 100


@pytest.mark.filterwarnings("ignore:PKCS#12 bundle could not be parsed as DER")
def test_every_file_is_refused_in_words() -> None:
    for nome, conteudo, senha, codigos in corpus():
        with untouched(), pytest.raises(CertificadoInvalido) as erro:
            load_pkcs12(conteudo, senha, agora=AGORA)
        assert erro.value.codigo in codigos, (nome, erro.value.codigo, erro.value.mensagem)
        assert len(erro.value.mensagem) < 200, nome
