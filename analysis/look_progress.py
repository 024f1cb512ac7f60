"""How far a running look is, told by its own connection and gone with it.

The name that a connection gives itself is seen by others at once, also in the middle of a
transaction, needs no row and no second connection, and a worker that is killed takes it along.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.utils.translation import gettext_lazy as _

from analysis.schedule import DueLook


class Step(StrEnum):
    """What a look does, in this order."""

    CUT = "cut"
    ESTIMATES = "estimates"
    INTEGRITY = "integrity"
    STORING = "storing"


SAID = {
    Step.CUT: _("takes its cut"),
    Step.ESTIMATES: _("computes estimates"),
    Step.INTEGRITY: _("tests the randomisation"),
    Step.STORING: _("stores its results"),
}


@dataclass(frozen=True)
class Running:
    """A look that runs now; `since` when."""

    study_id: int
    mode: str
    number: int
    step: str
    since: datetime


def tell(look: DueLook, step: Step) -> None:
    """Says what the look of this transaction does now, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('application_name', %s, true)",
            [f"{_name(look.study_id)}{look.mode} {look.number} {step}"],
        )


def running(study_id: int) -> dict[str, Running]:
    """The looks of a study that run now, by mode; one statement.

    Only those whose connections this one's account may see: its own, as in any usual deployment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, xact_start FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND starts_with(application_name, %s) AND xact_start IS NOT NULL",
            [_name(study_id)],
        )
        rows = cursor.fetchall()
    found = (_read(study_id, name, since) for name, since in rows)
    return {each.mode: each for each in found}


def _name(study_id: int) -> str:
    """How such names begin; with the longest mode and step they stay below Postgres's 63 bytes."""
    return f"coprod look {study_id} "


def _read(study_id: int, name: str, since: datetime) -> Running:
    mode, number, step = name.removeprefix(_name(study_id)).split(" ")
    return Running(study_id, mode, int(number), str(SAID[Step(step)]), since)
