"""What makes two tries of a document the same: its content without what changes by itself from one try to the next."""

import hashlib
import re

_VOLATEIS = re.compile(
    rb"<(dhEmi|dhSaiEnt|tpEmis|dhCont|xJust|cNF|cDV|hashCSRT)>[^<]*</\1>|<infNFeSupl>.*?</infNFeSupl>|<Signature[ >].*?</Signature>",
    re.S,
)
_ID = re.compile(rb' Id="NFe[^"]*"')


def content_digest(infnfe: bytes) -> bytes:
    """SHA-256 over the text without dhEmi, dhSaiEnt, cNF, cDV, Id, hashCSRT, supplement, signature and kind of emission.

    SEFAZ counts equal refusals of a note towards 656 (rule U4.3.1), whatever the clock says in between. The kind of
    emission (tpEmis, dhCont, xJust) is the outage's, not the caller's: what was refused online is refused off-line too.
    """
    return hashlib.sha256(_ID.sub(b"", _VOLATEIS.sub(b"", infnfe))).digest()
