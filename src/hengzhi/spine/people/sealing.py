"""Small secrets at rest: sealed by a key of the workspace, so that a copy of the database alone does not open them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from hengzhi.core import HengzhiError

_NONCE, _TAG, _MOST = 16, 32, 32


class SealBroken(HengzhiError):
    """A sealed secret was changed, or sealed by another key."""

    code = "seal_broken"


def seal_secret(key: bytes, plain: bytes) -> str:
    """At most 32 bytes, sealed: XOR with HMAC-SHA-256 of a fresh nonce, then a MAC over all of it.

    Source: a PRF as a stream cipher, encrypt-then-MAC; Bellare & Namprempre 2000, sec. 4. Each nonce is used once.

    Raises:
        ValueError: the secret is too long.
    """
    if len(plain) > _MOST:
        raise ValueError(f"{len(plain)} bytes")
    nonce = secrets.token_bytes(_NONCE)
    body = nonce + _xor(plain, _pad(key, nonce))
    return base64.b64encode(body + _tag(key, body)).decode()


def open_secret(key: bytes, sealed: str) -> bytes:
    """The secret that was sealed.

    Raises:
        SealBroken: it is not what was sealed by this key.
    """
    raw = base64.b64decode(sealed)
    body, tag = raw[:-_TAG], raw[-_TAG:]
    if not hmac.compare_digest(tag, _tag(key, body)):
        raise SealBroken()
    return _xor(body[_NONCE:], _pad(key, body[:_NONCE]))


def _pad(key: bytes, nonce: bytes) -> bytes:
    return hmac.new(key, b"pad" + nonce, hashlib.sha256).digest()


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, b"tag" + body, hashlib.sha256).digest()


def _xor(text: bytes, pad: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(text, pad, strict=False))
