"""The rows of the ledger, each with what became of its holder, as the integrity tests want them."""

from collections.abc import Mapping, Set
from typing import Any

from analysis.integrity import Row, Step, steps
from experiments.answers import Answers
from experiments.design import Randomisation
from experiments.models import DesignVersion, Study
from responses.ledger.lists import code_of
from responses.models import Allocation, Participant


def ledger_rows(
    study: Study, mode: str, *, answers: bool, cut: Set[str] = frozenset()
) -> tuple[tuple[Step, list[Row]], ...]:
    """The randomisations of a mode in which anybody was allocated, with their rows.

    A row's holder is who holds its key. Rows of clusters are nobody's, and one whose position was
    given again counts where it was given again. `answers` fetches what they said before and after;
    `cut` are the keys whose holders a look analyses. Three SQL statements.
    """
    held = _held(study, mode, answers=answers)
    found = list(Allocation.objects.filter(version__study=study, mode=mode).order_by("id"))
    used = {row.version_id for row in found}
    # Others may have a design that can't be read any more.
    versions = {each.number: each for each in study.versions.all() if each.pk in used}
    steps_by_list = {
        (version.pk, step.code): step
        for version in versions.values()
        for step in version.written.randomisations
    }
    rows: dict[tuple[int, str], list[Row]] = {}
    for each in _of_participants(found, steps_by_list):
        key, known = str(each.key), held.get(str(each.key), {})
        row = Row(
            *(each.arm, f"{each.version_id}|{each.stratum}", each.allocated_at),
            in_cut=key in cut,
            draw=each.draw,
            **known,
        )
        step = steps_by_list[each.version_id, each.randomisation]
        rows.setdefault((each.version_id, code_of(step, each.draw)), []).append(row)
    designs = {number: version.design for number, version in versions.items()}
    return tuple((step, _of_step(step, versions, rows)) for step in steps(designs))


def _of_participants(
    found: list[Allocation], steps_by_list: Mapping[tuple[int, str], Randomisation]
) -> list[Allocation]:
    """The rows that a participant has, or had until they withdrew."""
    released = {(*_list_of(row), row.releases) for row in found if row.releases is not None}
    return [
        row
        for row in found
        if (*_list_of(row), row.position) not in released
        and (row.stratum or not steps_by_list[row.version_id, row.randomisation].cluster)
    ]


def _list_of(row: Allocation) -> tuple[int, str, str]:
    return row.version_id, row.randomisation, row.stratum


def _of_step(
    step: Step, versions: Mapping[int, DesignVersion], rows: Mapping[tuple[int, str], list[Row]]
) -> list[Row]:
    """The rows of all versions that the step pools."""
    keys = [(versions[number].pk, step.randomisation.code) for number in step.versions]
    return [row for key in keys for row in rows.get(key, [])]


def _held(study: Study, mode: str, *, answers: bool) -> dict[str, dict[str, Any]]:
    """What is known of the holder of each key that somebody holds."""
    people = Participant.objects.filter(study=study, mode=mode).exclude(assignments={})
    fields = ["assignments", "exposed_at", "completed_at"]
    if answers:
        fields += ["answers", "not_shown"]
    found: dict[str, dict[str, Any]] = {}
    for assignments, exposed_at, completed_at, *said in people.order_by("id").values_list(*fields):
        known = {
            "held": True,
            "exposed_at": exposed_at,
            "completed_at": completed_at,
            "answers": _counted(*said) if said else None,
        }
        found |= {each["key"]: known for each in assignments.values()}
    return found


def _counted(answers: Answers, not_shown: list[str]) -> Answers:
    """Answers to items that were not to be shown in the end don't count."""
    hidden = set(not_shown)
    return {code: answer for code, answer in answers.items() if code not in hidden}
