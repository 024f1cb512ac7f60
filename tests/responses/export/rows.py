"""Rows that exports are tried on: a launched study and participants who differ."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from experiments.design import Design, canonical_json, digest
from experiments.models import DesignVersion, Status, Study
from responses.models import Allocation, Participant
from tests.designs import small

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def launched(design: Design | None = None, status: Status = Status.LIVE) -> Study:
    """A study of that status with the design as its version 1."""
    design = design or small()
    study = Study.objects.create(
        slug=design.study,
        title=dict(design.title),
        languages=list(design.languages),
        status=status,
    )
    add_version(study, design)
    return study


def add_version(study: Study, design: Design) -> DesignVersion:
    """The design as the study's next version, live from now on."""
    version = DesignVersion.objects.create(
        study=study,
        number=study.versions.count() + 1,
        digest=digest(design),
        canonical_json=canonical_json(design).decode(),
    )
    study.live_version = version
    study.save()
    return version


def assigned(arm: str, *, probability: str = "1/4", position: int = 0) -> dict[str, Any]:
    """An allocation as the participant's row holds it."""
    reward, voice = arm.split(".")
    return {
        "main": {
            "key": str(uuid.UUID(int=position)),
            "arm": arm,
            "levels": {"reward": reward, "voice": voice},
            "probability": probability,
            "stratum": "gender=woman",
            "position": position,
        }
    }


def person(study: Study, number: int, **fields: Any) -> Participant:
    """An unsaved live participant, the number-th to enter, who consented in English."""
    entered = START + timedelta(minutes=number)
    values: dict[str, Any] = {
        "reference": uuid.UUID(int=number),
        "study": study,
        "version": study.live_version,
        "mode": "live",
        "token_hash": hashlib.sha256(f"{study.slug} {number}".encode()).digest(),
        "page": "about",
        "language": "en",
        "entered_at": entered,
        "consented_at": entered,
        "last_seen_at": entered,
    }
    return Participant(**{**values, **fields})


def enter(study: Study, number: int, **fields: Any) -> Participant:
    """The same participant, saved."""
    participant = person(study, number, **fields)
    participant.save(force_insert=True)
    into_ledger(participant)
    return participant


def into_ledger(*participants: Participant) -> None:
    """Rows of the ledger for all that these hold, as an export counts them; in no real list."""
    Allocation.objects.bulk_create(
        Allocation(
            key=uuid.uuid4(),
            version_id=each.version_id,
            randomisation=code,
            mode=each.mode,
            # A list of their own for each, so that positions are free.
            stratum=f"made {each.pk}",
            position=0,
            block=0,
            arm=held.get("arm", ""),
            holder=b"",
            probability=held.get("probability", ""),
            allocated_at=START,
            digest=b"",
        )
        for each in participants
        for code, held in each.assignments.items()
    )


def completed(study: Study, number: int, arm: str, **fields: Any) -> Participant:
    """A saved participant who answered everything; `fields` change that."""
    entered = START + timedelta(minutes=number)
    answers = {
        "gender": "woman",
        "education": {"missing": "dont_know"},
        "motive1": "4",
        "motive2": "2",
        "attention": "2",
        "will1": "6",
        "will2": "7",
        "noticed": "money",
        "comment": None,
    }
    values: dict[str, Any] = {
        "state": "completed",
        "page": "thanks",
        "answers": answers | fields.pop("answers", {}),
        "assignments": assigned(arm, position=number - 1),
        "exposed_at": entered + timedelta(seconds=90),
        "completed_at": entered + timedelta(minutes=8, microseconds=5),
        "ended_at": entered + timedelta(minutes=8, microseconds=5),
        "completion_code": f"CODE{number}",
    }
    return enter(study, number, **{**values, **fields})


def enter_many(study: Study, rows: int, text: int) -> None:
    """That many participants who differ in their keys alone, each with a comment so long."""
    enter(study, 1)
    columns = [
        str(field.column)
        for field in Participant._meta.local_concrete_fields
        if not field.primary_key
    ]
    changed = {
        "reference": "gen_random_uuid()",
        "token_hash": "sha256(i::text::bytea)",
        "answers": f"jsonb_build_object('comment', repeat('x', {text}))",
    }
    values = ", ".join(changed.get(name, name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO responses_participant ({', '.join(columns)})"
            f" SELECT {values} FROM responses_participant, generate_series(2, {rows}) i"
        )
