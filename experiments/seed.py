"""A study's seed: drawn once, kept encrypted, committed to at launch, revealed at close.

The commitment is the SHA-256 of the seed's 32 bytes. Encryption is Fernet (AES-128-CBC with
HMAC-SHA256) under a key derived from `COPROD_DATA_KEY` by HKDF-SHA256 (RFC 5869).
"""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from experiments.models import Study
from experiments.refusals import Refused
from experiments.said import said

SEED_BYTES = 32


def draw(*, study: Study) -> str:
    """Draws the seed, if the study has none, and puts it on the study, which the caller saves.

    Returns the commitment, 64 hexadecimal digits.
    """
    if not study.seed_encrypted:
        seed = secrets.token_bytes(SEED_BYTES)
        study.seed_encrypted = _cipher().encrypt(seed).decode()
        study.seed_sha256 = commitment(seed)
    return study.seed_sha256


def commitment(seed: bytes) -> str:
    """What is published at launch, so that anybody can check the seed once it is revealed."""
    return hashlib.sha256(seed).hexdigest()


def seed_of(study: Study) -> bytes:
    """The seed, 32 bytes.

    Refused if the study was never launched, or if the key in the environment is not the one under
    which the seed was kept.
    """
    if not study.seed_encrypted:
        raise Refused(
            said("{slug} has no seed before its first launch; launch it.", slug=study.slug)
        )
    try:
        return _cipher().decrypt(study.seed_encrypted.encode())
    except InvalidToken:
        raise Refused(
            said(
                "The seed of {slug} can't be read: COPROD_DATA_KEY is not the key that it was "
                "kept under; set the old key again.",
                slug=study.slug,
            )
        ) from None


def reveal(*, study: Study) -> str:
    """Puts the seed on the study in the clear, which the caller saves; returns its hexadecimals."""
    study.seed_revealed = seed_of(study).hex()
    return study.seed_revealed


def _cipher() -> Fernet:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"coprod study seed")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(settings.DATA_KEY.encode())))
