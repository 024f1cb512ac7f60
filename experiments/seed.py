"""A study's seed: drawn once, kept encrypted, committed to at launch, revealed at close.

The commitment is the SHA-256 of the seed's 32 bytes; `cipher` says how it is encrypted.
"""

import hashlib
import secrets

from cryptography.fernet import InvalidToken

from experiments.cipher import Purpose, decrypt, encrypt
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
        study.seed_encrypted = encrypt(Purpose.SEED, seed)
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
        return decrypt(Purpose.SEED, study.seed_encrypted)
    except InvalidToken:
        raise Refused(
            said(
                "The seed of {slug} can't be read: the key that it was kept under is not among "
                "COPROD_ENCRYPTION_KEYS; set it again.",
                slug=study.slug,
            )
        ) from None


def reveal(*, study: Study) -> str:
    """Puts the seed on the study in the clear, which the caller saves; returns its hexadecimals."""
    study.seed_revealed = seed_of(study).hex()
    return study.seed_revealed
