"""How names are compared when people write them: without case, accents, punctuation and spaces."""

import re
import unicodedata

_FORA = re.compile(r"[^A-Z0-9]")


def comparable(nome: str) -> str:
    """`São João d'Aliança` and `SAO JOAO D ALIANCA` give the same text. Empty when there is no letter or digit."""
    sem_acento = unicodedata.normalize("NFKD", nome).encode("ascii", "ignore").decode().upper()
    return _FORA.sub("", sem_acento)
