"""What the operating system refuses, in the words of the person at the terminal."""

import errno

from chancela.domain.erros import FiscalError

_CAUSAS: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("não existe", "Confira o caminho."),
    errno.EACCES: ("não pode ser usado por este usuário", "Confira o dono e as permissões."),
    errno.EPERM: ("não pode ser usado por este usuário", "Confira o dono e as permissões."),
    errno.EISDIR: ("é uma pasta", "Informe um arquivo."),
    errno.ENOTDIR: ("passa por um arquivo como se fosse pasta", "Confira o caminho."),
    errno.EEXIST: ("já existe", "Escolha outro nome."),
    errno.ENOSPC: ("não cabe: o disco está cheio", "Libere espaço e rode de novo."),
    errno.EROFS: ("está num disco só de leitura", "Escolha outra pasta."),
    errno.ENAMETOOLONG: ("tem um nome longo demais", "Encurte o nome."),
    errno.EADDRINUSE: ("já está em uso por outro programa", "Pare o outro, ou escolha outra porta."),
    errno.ECONNREFUSED: ("não atende", "Confira se o serviço está de pé."),
}
_OUTRA = ("o sistema operacional recusou", "Veja a causa entre parênteses.")


def describe_os_error(erro: OSError) -> FiscalError:
    """`SISTEMA-...`: which file or address, what is wrong with it, and what to do."""
    causa, correcao = _CAUSAS.get(erro.errno or 0, _OUTRA)
    nome = errno.errorcode.get(erro.errno or 0, "ERRO")
    alvo = f"{erro.filename} " if erro.filename is not None else ""
    detalhe = "" if erro.errno in _CAUSAS else f" ({erro.strerror or erro})"
    mensagem = (
        f"{alvo}{causa}{detalhe}." if alvo else f"Um arquivo ou endereço deste comando {causa}{detalhe}."
    )
    return FiscalError(f"SISTEMA-{nome}", mensagem, correcao)
