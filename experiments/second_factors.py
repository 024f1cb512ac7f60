"""What second factors are made of, unreadable in the database without `COPROD_DATA_KEY`.

An app's secret is encrypted (AES-256-GCM), a code on paper is hashed (HMAC-SHA256), each under a
key derived by HKDF-SHA256. The fields of django-otp's own models do it as they are written and
read, so that nothing else has to know ([why so](docs/decisions/0038-asked-again.md)).
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from experiments.cipher import derived_key

SEALED = "1."
NONCE_BYTES = 12
# Of 80 bits of the hash, in letters and digits: as many as the column holds.
CODE_LENGTH = 16


def keep_second_factors_secret() -> None:
    """Has the fields of both models write what nobody can read."""
    key: Any = TOTPDevice._meta.get_field("key")
    key.get_prep_value = sealed
    key.from_db_value = lambda value, expression, connection: opened(value)
    code: Any = StaticToken._meta.get_field("token")
    code.get_prep_value = hashed


def sealed(key: str) -> str:
    """An app's secret (hexadecimals) as it is stored; one that is stored so stays as it is."""
    if key.startswith(SEALED):
        return key
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = nonce + AESGCM(_key(settings.DATA_KEY, "app")).encrypt(nonce, bytes.fromhex(key), None)
    return SEALED + base64.urlsafe_b64encode(box).decode()


def opened(stored: str) -> str:
    """The secret of what is stored.

    Under another key than it was stored under, one that nobody has, so that no code opens anything.
    """
    if not stored.startswith(SEALED):
        return stored
    box = base64.urlsafe_b64decode(stored.removeprefix(SEALED))
    try:
        nonce, rest = box[:NONCE_BYTES], box[NONCE_BYTES:]
        return AESGCM(_key(settings.DATA_KEY, "app")).decrypt(nonce, rest, None).hex()
    except InvalidTag:
        return str(default_key())


def hashed(code: str) -> str:
    """A code on paper as it is stored and looked for."""
    digest = hmac.digest(_key(settings.DATA_KEY, "paper"), code.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:CODE_LENGTH]


@lru_cache(maxsize=4)
def _key(data_key: str, purpose: str) -> bytes:
    return derived_key(data_key, f"second factor, {purpose}")
