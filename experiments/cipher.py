"""What is kept encrypted, under keys from the environment: seeds of studies, ids of panels.

Fernet (AES-128-CBC with HMAC-SHA256) under a key for each purpose, derived by HKDF-SHA256
(RFC 5869). The first of `ENCRYPTION_KEYS` encrypts, each of them decrypts, so that a key can be
exchanged while the site runs: put in front, everything encrypted anew, the old one taken out.
What is small or short-lived (secrets of second factors, what a page carries) is boxed by AES-GCM.
"""

import base64
import os
from enum import StrEnum
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Of AES-GCM: NIST SP 800-38D, 8.2.
NONCE_BYTES = 12


class Purpose(StrEnum):
    """What is encrypted; what was encrypted for one purpose is not read for another."""

    SEED = "study seed"
    PANEL_ID = "panel id"


def encrypt(purpose: Purpose, data: bytes) -> str:
    """The data under the first key, as text of ASCII letters."""
    return _cipher(purpose, tuple(settings.ENCRYPTION_KEYS)).encrypt(data).decode()


def decrypt(purpose: Purpose, text: str) -> bytes:
    """What was encrypted for that purpose; InvalidToken if under none of the keys."""
    return _cipher(purpose, tuple(settings.ENCRYPTION_KEYS)).decrypt(text.encode())


@lru_cache(maxsize=8)
def _cipher(purpose: Purpose, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(derived_key(key, purpose))) for key in keys]
    )


def derived_key(key: str, purpose: str) -> bytes:
    """The key for one purpose that a key of the environment yields: 32 bytes."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"coprod " + purpose.encode())
    return kdf.derive(key.encode())


def boxed(cipher: AESGCM, data: bytes, bound: bytes | None = None) -> bytes:
    """The data under AES-GCM behind a nonce of its own; opened for what it is bound to alone."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, bound)


def unboxed(cipher: AESGCM, box: bytes, bound: bytes | None = None) -> bytes:
    """What is in the box; InvalidTag by another key or bound to else, ValueError if too short."""
    return cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
