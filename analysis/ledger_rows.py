"""The rows of the ledger, each with what became of its holder, as the integrity tests want them."""

from collections.abc import Mapping, Set
from typing import Any

from analysis.integrity import Row, Step, steps
from experiments.answers import Answers
from experiments.models import DesignVersion, Study
from responses.models import Allocation, Participant


def ledger_rows(
    study: Study, mode: str, *, answers: bool, cut: Set[str] = frozenset()
) -> tuple[tuple[Step, list[Row]], ...]:
    """The randomisations of a mode in which anybody was allocated, with their rows.

    A row's holder is who holds its key. `answers` fetches what they said before and after; `cut`
    are the keys whose holders a look analyses. Three SQL statements.
    """
    held = _held(study, mode, answers=answers)
    fields = ("key", "version_id", "randomisation", "arm", "stratum", "allocated_at")
    allocations = Allocation.objects.filter(version__study=study, mode=mode)
    rows: dict[tuple[int, str], list[Row]] = {}
    for key, version, code, arm, stratum, when in allocations.order_by("id").values_list(*fields):
        known: Mapping[str, Any] = held.get(str(key), {})
        row = Row(arm, f"{version}|{stratum}", when, in_cut=str(key) in cut, **known)
        rows.setdefault((version, code), []).append(row)
    versions = {version.number: version for version in study.versions.all()}
    used = {version for version, _ in rows}
    designs = {n: version.design for n, version in versions.items() if version.pk in used}
    return tuple((step, _of_step(step, versions, rows)) for step in steps(designs))


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
