"""JSON Web Tokens signed with HMAC-SHA256 (RFC 7519, HS256): one algorithm, chosen here and never by the token."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

_CABECALHO = {"alg": "HS256", "typ": "JWT"}


def sign_jwt(claims: Mapping[str, Any], key: bytes) -> str:
    """The compact form of a token."""
    head, body = (_encode(json.dumps(part, separators=(",", ":")).encode()) for part in (_CABECALHO, claims))
    return f"{head}.{body}.{_encode(_mac(key, f'{head}.{body}'))}"


def read_jwt(token: str, key: bytes, *, now: datetime) -> Mapping[str, Any] | None:
    """The claims of a token that we signed and that is not over (`exp`); None for every other text."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != _encode(json.dumps(_CABECALHO, separators=(",", ":")).encode()):
        return None
    if not hmac.compare_digest(_octets(parts[2]), _octets(_encode(_mac(key, f"{parts[0]}.{parts[1]}")))):
        return None
    claims = cast("dict[str, Any]", json.loads(_decode(parts[1])))
    return claims if claims.get("exp", 0) > now.timestamp() else None


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, _octets(text), hashlib.sha256).digest()


def _octets(text: str) -> bytes:
    """What cannot be written as UTF-8 becomes a character that no token of ours has."""
    return text.encode(errors="replace")


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")
