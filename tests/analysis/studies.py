"""Launched studies and their participants, put straight into the tables."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np

from analysis.look import run_look
from analysis.models import Look
from experiments.answers import Answer
from experiments.design import Design
from experiments.launch import launch
from experiments.models import Study
from experiments.rowwriting import write_rows
from responses.models import Mode, Participant, State
from tests.designs import small

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
_numbers = count()


def launched(design: Design | None = None, *, pilot: bool = False) -> Study:
    """A live study (or a pilot) of that design; of `small()` if none is given."""
    return launch(study=write_rows(design=design or small()), pilot=pilot).study


def complete(
    study: Study,
    n: int,
    *,
    mode: str = Mode.LIVE,
    start: int = 0,
    failed: Sequence[int] = (),
    seconds: float = 60,
) -> list[Participant]:
    """`n` completes, `seconds` apart, whose answers depend on their place `start`, `start` + 1 …

    The places in `failed` miss the attention check. Every block of four places holds each arm.
    """
    version = study.live_version or study.pilot_version
    assert version is not None
    people = [
        Participant(
            study=study,
            version=version,
            mode=mode,
            token_hash=hashlib.sha256(f"{study.pk} {next(_numbers)}".encode()).digest(),
            state=State.COMPLETED,
            page="thanks",
            language="en",
            answers=answers(place, attentive=place not in failed),
            assignments={"main": assignment(version.design, place)},
            consented_at=START,
            completed_at=START + timedelta(seconds=seconds * place),
            ended_at=START + timedelta(seconds=seconds * place),
        )
        for place in range(start, start + n)
    ]
    return Participant.objects.bulk_create(people)


def spend(study: Study, number: int) -> Look:
    """Runs the look, which has to be due."""
    look = run_look(study_id=study.pk, mode="live", number=number)
    assert look is not None
    return look


def assignment(design: Design, place: int) -> dict[str, Any]:
    """The assignment of the participant in that place: the arms in turn."""
    step = design.randomisations[0]
    arm = step.arms[place % len(step.arms)]
    return {
        "key": f"00000000-0000-4000-8000-{place:012d}",
        "arm": arm.code,
        "levels": dict(zip(step.factors, arm.levels, strict=True)),
        "probability": f"1/{len(step.arms)}",
        "stratum": "gender=woman",
        "position": place,
    }


def answers(place: int, *, attentive: bool = True) -> dict[str, Answer]:
    """The answers of the participant in that place: fixed, and varied like real ones."""
    draw = np.random.default_rng(place)
    motive = draw.integers(1, 6, size=2)
    will = np.clip(draw.integers(1, 6, size=2) + place % 2 + (place % 4) // 2, 1, 7)
    return {
        "gender": ("woman", "man", {"missing": "prefer_not_to_say"})[int(draw.integers(0, 3))],
        "education": ("1", "2", {"missing": "dont_know"})[int(draw.choice(3, p=[0.45, 0.45, 0.1]))],
        "motive1": str(motive[0]),
        "motive2": str(motive[1]),
        "attention": "2" if attentive else "1",
        "will1": str(will[0]),
        "will2": str(will[1]),
        "noticed": ("none", "money")[int(draw.integers(0, 2))],
        "comment": None,
    }
