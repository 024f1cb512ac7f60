"""Encrypts what is kept encrypted anew, so that a key can be exchanged while the site runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from experiments.cipher import Purpose, encrypt
from experiments.models import Study
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


@dataclass(frozen=True)
class Rekeyed:
    """How many were encrypted anew."""

    seeds: int
    panel_ids: int


def rekey() -> Rekeyed:
    """Encrypts every seed and every panel's id under the first key.

    Broken off it may be run again. Refused at one that none of the keys decrypts; those before it
    are done.
    """
    return Rekeyed(seeds=_seeds(), panel_ids=sum(_panel_ids()))


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
