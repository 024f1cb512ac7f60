"""Encrypts what is kept encrypted anew, so that a key can be exchanged while the site runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from experiments.cipher import Purpose, encrypt
from experiments.models import Study
from experiments.refusals import Refused
from experiments.second_factors import known
from experiments.second_factors import sealed as sealed_secret
from experiments.seed import seed_of
from responses.identities import opened, sealed

AT_ONCE = 1000

# Locked, since a withdrawal may empty one meanwhile.
NEXT = """
SELECT id, value FROM responses_panelidentity WHERE id > %s AND value <> ''
ORDER BY id LIMIT %s FOR UPDATE
"""
KEEP = """
UPDATE responses_panelidentity SET value = each.value
FROM unnest(%(ids)s::bigint[], %(values)s::text[]) AS each(id, value)
WHERE responses_panelidentity.id = each.id
"""


# As they stand there: of one that no key opens the model reads a secret that is drawn anew.
SECRETS = """
SELECT otp_totp_totpdevice.id, username, key
FROM otp_totp_totpdevice JOIN auth_user ON auth_user.id = user_id
ORDER BY otp_totp_totpdevice.id FOR UPDATE OF otp_totp_totpdevice
"""


@dataclass(frozen=True)
class Rekeyed:
    """How many were encrypted anew."""

    seeds: int
    panel_ids: int
    second_factors: int


def rekey() -> Rekeyed:
    """Encrypts every seed, panel's id and secret of a second factor under the first key.

    Broken off it may be run again. Refused at one that none of the keys decrypts; those before it
    are done.
    """
    return Rekeyed(seeds=_seeds(), panel_ids=sum(_panel_ids()), second_factors=_second_factors())


@transaction.atomic
def _seeds() -> int:
    studies = Study.objects.exclude(seed_encrypted="").select_for_update(no_key=True)
    for study in studies:
        study.seed_encrypted = encrypt(Purpose.SEED, seed_of(study))
        study.save(update_fields=["seed_encrypted"])
    return len(studies)


def _panel_ids() -> Iterator[int]:
    """How many at a time, each time committed."""
    last = 0
    while rows := _some_panel_ids(last):
        last = rows[-1]
        yield len(rows)


@transaction.atomic
def _some_panel_ids(last: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [last, AT_ONCE])
        rows = cursor.fetchall()
        ids = [number for number, _ in rows]
        kept: dict[str, Any] = {"ids": ids, "values": [sealed(opened(text)) for _, text in rows]}
        cursor.execute(KEEP, kept)
    return ids


@transaction.atomic
def _second_factors() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SECRETS)
        rows = cursor.fetchall()
        kept = [(sealed_secret(_known(name, stored)), number) for number, name, stored in rows]
        cursor.executemany("UPDATE otp_totp_totpdevice SET key = %s WHERE id = %s", kept)
    return len(rows)


def _known(name: str, stored: str) -> str:
    secret = known(stored)
    if secret is None:
        raise Refused(
            f"The second factor of {name} was encrypted under a key that is neither among "
            "COPROD_ENCRYPTION_KEYS nor COPROD_DATA_KEY: set it again, or have the account set up "
            f"anew by forget_second_factor {name}."
        )
    return secret
