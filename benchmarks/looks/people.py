"""Studies of any size whose look is due, written with COPY.

Imported once Django is set up.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
from django.db import connection

from benchmarks.product import STUDY
from experiments.answers import Answer, as_missing
from experiments.compiler import write_rows
from experiments.design import Design, Item, Missing, Role
from experiments.launch import launch
from experiments.models import DesignVersion, Study
from responses.models import Mode, Participant, State

# In a hundred; the look does without the others.
ATTENTIVE = 95
# So many come beside those, so that the look is due however chance has it.
MORE = 100

LOADED = """
CREATE TEMP TABLE loaded (
    place bigint, answers jsonb, assignments jsonb, stratum text, position bigint
) ON COMMIT DROP
"""
COPY = "COPY loaded FROM STDIN"
PEOPLE = """
INSERT INTO responses_participant ({names}) SELECT {values}
FROM loaded, responses_participant p WHERE p.id = %(first)s ORDER BY place
"""
OWN = {
    "reference": "gen_random_uuid()",
    "token_hash": "sha256(p.token_hash || int8send(place))",
    "answers": "loaded.answers",
    "assignments": "loaded.assignments",
    "state": "'completed'",
    "exposed_at": "p.consented_at + place * interval '1 second'",
    "completed_at": "p.consented_at + place * interval '1 second' + interval '5 minutes'",
    "ended_at": "p.consented_at + place * interval '1 second' + interval '5 minutes'",
}
LEDGER = """
INSERT INTO responses_allocation (key, version_id, randomisation, mode, stratum, position, draw,
    block, arm, probability, holder, allocated_at, digest, covariates)
SELECT (held ->> 'key')::uuid, %(version)s, %(step)s, %(mode)s, stratum, position, 1, position / 6,
    held ->> 'arm', held ->> 'probability', '', %(start)s + place * interval '1 second', '', ''
FROM loaded, LATERAL (SELECT assignments -> %(step)s AS held) each ORDER BY place
"""


def due_study(n: int, name: str = "") -> Study:
    """The study that ships, launched with a plan of one look, which is due at `n` participants.

    It is called by the number if it has no other name.

    Participants answered at random, and some failed the attention check. Their allocations stand
    in the ledger, but come from no list: a look reads them and does not replay them.
    """
    shipped = Study.objects.get(slug=STUDY).live_version
    if shipped is None:
        raise RuntimeError("The study was not launched.")
    plan = replace(shipped.design.plan, sample_size=n, looks=(1.0,))
    design = replace(shipped.design, study=f"{STUDY}_{name or n}", plan=plan)
    version = launch(study=write_rows(design=design))
    _write(version, n * 102 // ATTENTIVE + MORE)
    return version.study


def _write(version: DesignVersion, n: int) -> None:
    first = Participant.objects.create(
        study=version.study,
        version=version,
        mode=Mode.LIVE,
        state=State.ANSWERING,
        token_hash=version.pk.to_bytes(32, "big"),
        page=version.design.pages[-1].code,
        language="en",
        consented_at=version.study.launched_at,
    )
    names = [str(f.column) for f in Participant._meta.concrete_fields if not f.primary_key]
    people = PEOPLE.format(
        names=", ".join(names), values=", ".join(OWN.get(name, f"p.{name}") for name in names)
    )
    step = version.written.randomisations[0].code
    about: dict[str, Any] = {
        "version": version.pk,
        "step": step,
        "mode": Mode.LIVE,
        "start": first.consented_at,
    }
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(LOADED)
        with cursor.copy(COPY) as copy:
            for row in _rows(version, n):
                copy.write_row(row)
        cursor.execute(people, {"first": first.pk})
        cursor.execute(LEDGER, about)
        cursor.execute("COMMIT")
        # What was set up is not to be tidied while a look is measured.
        cursor.execute("VACUUM ANALYZE responses_participant, responses_allocation")
        cursor.execute("CHECKPOINT")


def _rows(version: DesignVersion, n: int) -> Iterator[tuple[int, str, str, str, int]]:
    # Two studies of one size have people of their own: no two rows of the ledger share a key.
    design, rng = version.written, np.random.default_rng([n, version.pk])
    step = design.randomisations[0]
    positions = {option.code: count() for option in design.options(design.item("age_group"))}
    drawn = rng.integers(0, len(step.arms), n).tolist()
    for place, answers in enumerate(_answers(design, rng, n)):
        arm, group = step.arms[drawn[place]], str(answers["age_group"])
        stratum, position = f"age_group={group}", next(positions[group])
        held = {
            "key": str(uuid.UUID(bytes=rng.bytes(16), version=4)),
            "arm": arm.code,
            "levels": dict(zip(step.factors, arm.levels, strict=True)),
            "probability": "1/6",
            "stratum": stratum,
            "position": position,
        }
        yield place, json.dumps(answers), json.dumps({step.code: held}), stratum, position


def _answers(design: Design, rng: np.random.Generator, n: int) -> Iterator[dict[str, Answer]]:
    """What each of them said: any option, as likely as the others, where there are options."""
    items = list(design.items())
    offered = [_offered(design, item) for item in items]
    chosen = np.column_stack([rng.integers(0, len(each), n) for each in offered])
    attentive = rng.integers(0, 100, n) < ATTENTIVE
    for row, passed in zip(chosen, attentive.tolist(), strict=True):
        said = {
            item.code: each[at] for item, each, at in zip(items, offered, row.tolist(), strict=True)
        }
        for item in items:
            if item.role is Role.ATTENTION_CHECK:
                said[item.code] = item.expected if passed else None
        yield said


def _offered(design: Design, item: Item) -> list[Answer]:
    if not item.options and not design.options(item):
        return [None, f"Nothing to add on {item.code}.", "Thank you"]
    return [
        option.code if option.missing is Missing.NONE else as_missing(option.missing)
        for option in design.options(item)
    ]
