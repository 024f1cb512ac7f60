"""Runs one look, once: its cut, its numbers and its row stand or fall in one transaction."""

import hashlib
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from importlib.metadata import version

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from analysis.analysing import Facts, analysed
from analysis.audit import tested_by_a_look
from analysis.code_version import code_version
from analysis.eligibility import eligible
from analysis.flow import flow_of
from analysis.giving_back import ask_for_large_pieces, give_back
from analysis.information import fractions
from analysis.integrity_results import StepIntegrity
from analysis.ledger_rows import minimised_profiles
from analysis.locks import took_looks
from analysis.look_log import append_failed, append_spent
from analysis.look_progress import Step, tell
from analysis.look_redraws import Profiles, redraw_seed
from analysis.missing import missing_outcomes
from analysis.models import Look
from analysis.monitoring import Monitor
from analysis.results import Results, from_builtins, to_builtins
from analysis.schedule import DueLook, Standing, standing_of
from analysis.stacking import stacked
from analysis.stopping import pause_if_planned
from analysis.unmarked import without_marked
from experiments.design import Design, Method, Plan
from responses.cut import Cut, take_cut
from responses.exclusion_marks import marked_ids

LIBRARIES = ("Django", "psycopg", "numpy", "scipy", "msgspec")


def run_look(*, study_id: int, mode: str, number: int) -> Look | None:
    """Runs that look and returns it; one that is spent is returned as it is, one not due is None.

    Everything happens in one transaction under the lock of the study's looks in that mode: a
    worker that dies in it leaves nothing behind, and one that comes later finds the look spent.
    None too while another runs a look of that study and mode: the sweep asks again.

    Whatever error stops it is raised, and logged as the look's failure, so that it is run again
    when somebody says so. If only the database was away, the sweep asks again.
    """
    due: DueLook | None = None
    try:
        with transaction.atomic():
            if not took_looks(study_id, mode):
                return None
            spent = Look.objects.filter(study=study_id, mode=mode, number=number).first()
            if spent is not None:
                return spent
            # The tallies said when to ask; whether it is due the participants say.
            standing = standing_of(study_id=study_id, mode=mode, recount=True)
            if standing is None or standing.due is None or standing.due.number != number:
                return None
            due = standing.due
            return _spend(standing, due)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if due is not None:
            append_failed(due, error)
        raise
    finally:
        if due is not None:
            give_back()


def plan_digest(plan: Plan) -> str:
    """SHA-256 of the plan's canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest()


def analyse(
    design: Design,
    cut: Cut,
    standing: Standing,
    due: DueLook,
    integrity: Sequence[StepIntegrity],
    seed: bytes,
    profiles: Profiles | None = None,
    marked: Collection[int] = (),
) -> Results:
    """Everything that the look finds in its cut, seen through the design as it is written.

    `integrity` is that of everybody allocated by then, and says whom the arms lost.
    `seed` makes the same redraws of the arms every time, `profiles` are what minimisation went by,
    `marked` the ids of those whom somebody marked for exclusion, who count all the same.
    """
    data = stacked(design, cut.answers, cut.assignments)
    facts = Facts(cut.facts("language"), cut.facts("device"), cut.facts("version"))
    spent = {look.planned for look in standing.spent}
    monitor, history = _monitor(design.plan, standing, data.n, due)
    return replace(
        analysed(data, facts, monitor, history, seed, profiles),
        planned_n=standing.planned[due.planned - 1].size if due.planned else None,
        completes=standing.completes,
        eligible=standing.eligible,
        closed=due.size is None,
        skipped=tuple(place for place in range(1, due.planned or 1) if place not in spent),
        integrity=tuple(integrity),
        overrun=_overrun(history, data.n),
        missing=missing_outcomes(data, integrity),
        unmarked=without_marked(design, cut.answers, cut.assignments, cut.ids, marked),
    )


def _spend(standing: Standing, due: DueLook) -> Look:
    version = standing.version
    ask_for_large_pieces()
    tell(due, Step.CUT)
    cut = take_cut(
        study_id=due.study_id,
        mode=due.mode,
        number=due.number,
        eligible=eligible(version.design),
        size=due.size,
    )
    plan = plan_digest(version.design.plan)
    results = _found(standing, due, cut, plan)
    tell(due, Step.STORING)
    look = Look.objects.create(
        study=standing.study,
        mode=due.mode,
        number=due.number,
        planned=due.planned,
        order_id=due.order,
        version=version,
        final=due.planned == len(standing.planned),
        n=len(cut),
        fraction=len(cut) / standing.sample_size,
        cut_digest=cut.digest,
        plan_digest=plan,
        code_version=code_version(),
        libraries=libraries(),
        results=to_builtins(results),
    )
    append_spent(look)
    pause_if_planned(look=look, results=results)
    return look


def _found(standing: Standing, due: DueLook, cut: Cut, plan: str) -> Results:
    """What the look finds in its cut and in the ledger; `plan` is the plan's digest."""
    version = standing.version
    tell(due, Step.INTEGRITY)
    give_back()
    integrity = tested_by_a_look(standing.study, due.mode, cut)
    give_back()
    # At once, for people go on while the estimates are made.
    flow = flow_of(standing, integrity, len(cut))
    minimises = any(step.method is Method.MINIMISATION for step in version.design.randomisations)
    profiles = minimised_profiles(standing.study, due.mode) if minimises else None
    marked = marked_ids(study_id=due.study_id, mode=due.mode)
    tell(due, Step.ESTIMATES)
    seed = redraw_seed(plan, due.number)
    found = analyse(version.written, cut, standing, due, integrity, seed, profiles, marked)
    return replace(found, flow=flow)


def _monitor(
    plan: Plan, standing: Standing, n: int, due: DueLook
) -> tuple[Monitor, tuple[Results, ...]]:
    """The looks so far, this one last, and what those before it found."""
    monitor = Monitor(
        plan=plan,
        fractions=fractions(standing.spent, n, standing.sample_size),
        numbers=(*(look.number for look in standing.spent), due.number),
        final=due.planned == len(plan.looks),
        size=standing.sample_size,
    )
    return monitor, tuple(from_builtins(look.results) for look in standing.spent)


def _overrun(history: Sequence[Results], n: int) -> int | None:
    """How many came after the look that first recommended to stop; None if none before did."""
    stopped = (look.n for look in history if look.decision and look.decision.stops)
    first = next(stopped, None)
    return None if first is None else n - first


def libraries() -> dict[str, str]:
    """The versions of what computed and stored the numbers."""
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "postgres": str(connection.pg_version),  # type: ignore[attr-defined]
        **{name.lower(): version(name) for name in LIBRARIES},
    }
