"""What second factors are made of, unreadable in the database without a key of the environment.

An app's secret is encrypted (AES-256-GCM) under the first of `ENCRYPTION_KEYS`, a code on paper is
hashed (HMAC-SHA256) under `DATA_KEY`; each key is derived by HKDF-SHA256. The fields of
django-otp's own models do it as they are written and read, so that nothing else has to know
([why so](docs/decisions/0038-asked-again.md)).
"""

import base64
import hashlib
import hmac
from contextlib import suppress
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from experiments.cipher import boxed, derived_key, unboxed

SEALED = "1."
# Of 80 bits of the hash, in letters and digits: as many as the column holds.
CODE_LENGTH = 16


class Unread(str):
    """A secret that nobody has, in the place of one that no key opens, which it keeps as stored.

    django-otp writes a device whole when a code was wrong; what could not be read must outlive it.
    """

    stored: str


def keep_second_factors_secret() -> None:
    """Has the fields of both models write what nobody can read."""
    key: Any = TOTPDevice._meta.get_field("key")
    key.get_prep_value = sealed
    key.from_db_value = lambda value, expression, connection: opened(value)
    code: Any = StaticToken._meta.get_field("token")
    code.get_prep_value = hashed


def sealed(key: str) -> str:
    """An app's secret (hexadecimals) as it is stored; one that is stored so stays as it is."""
    if isinstance(key, Unread):
        return key.stored
    if key.startswith(SEALED):
        return key
    cipher = AESGCM(_key(settings.ENCRYPTION_KEYS[0], "app"))
    box = boxed(cipher, bytes.fromhex(key))
    return SEALED + base64.urlsafe_b64encode(box).decode()


def opened(stored: str) -> str:
    """The secret of what is stored.

    Without the key that it was stored under, one that nobody has, so that no code opens anything.
    """
    found = known(stored)
    if found is not None:
        return found
    nobodys = Unread(default_key())
    nobodys.stored = stored
    return nobodys


def known(stored: str) -> str | None:
    """The secret of what is stored; None without the key that it was stored under."""
    if not stored.startswith(SEALED):
        return stored
    box = base64.urlsafe_b64decode(stored.removeprefix(SEALED))
    # The data key last: it sealed them all before they had a part in the exchange of keys.
    for key in (*settings.ENCRYPTION_KEYS, settings.DATA_KEY):
        with suppress(InvalidTag):
            return unboxed(AESGCM(_key(key, "app")), box).hex()
    return None


def hashed(code: str) -> str:
    """A code on paper as it is stored and looked for."""
    digest = hmac.digest(_key(settings.DATA_KEY, "paper"), code.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:CODE_LENGTH]


@lru_cache(maxsize=8)
def _key(key: str, purpose: str) -> bytes:
    return derived_key(key, f"second factor, {purpose}")
