"""One run: a machine, people on their way, a fault after the other, and a reckoning after each."""

import argparse
import os
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import django

from benchmarks.report import machine as of_machine
from coprod_site.embedded import ROOT
from tests.chaos.machine import Machine, machine

# More than come in any run: after the last look of the plan none can be ordered.
PEOPLE = 20_000
SLUG = "chaos"
# Neither worker nor beat, nor what they stand on, has anything to do with these.
NO_WORKERS_MATTER = ("web", "export", "exports-disk", "lines", "slow-headers", "slow-bodies")


def run(asked: argparse.Namespace) -> dict[str, Any]:
    """The report of a run, as JSON has it."""
    with machine() as one:
        django.setup()
        try:
            return _run(one, asked)
        except BaseException:
            print(one.logs(), flush=True)
            raise


def _run(one: Machine, asked: argparse.Namespace) -> dict[str, Any]:
    # Models are there only now.
    from tests.chaos.faults import FAULTS, SHORT, in_turn
    from tests.chaos.people import Crowd
    from tests.chaos.proxy import line
    from tests.chaos.stage import Stage, make_steward

    began, random = time.monotonic(), Random(asked.seed)  # a seed is the point
    where = of_machine(one.postgres.url())
    study, cast = _launched(asked.seed)
    make_steward()
    usual = SHORT if asked.short else list(FAULTS)
    names = asked.only.split(",") if asked.only else usual
    told: list[dict[str, Any]] = []
    with line(one.port, asked.seed) as way:
        crowd = Crowd(way.site, cast, asked.at_once)
        stage = Stage(one, way, crowd, study, random, short=asked.short)
        crowd.begin()
        try:
            one.until(lambda: crowd.taken > 20, "the first people")
            faults = in_turn(random, names)
            while _goes_on(asked, len(told), len(names), began):
                name = next(faults)
                time.sleep(0.2 if asked.short else random.uniform(0.5, 3))
                waits = name not in NO_WORKERS_MATTER and not asked.people
                told.append(_injected(stage, name, workers_matter=waits))
                print(_line(told[-1]), flush=True)
        except KeyboardInterrupt:
            print("Stopped: what came so far is reckoned.", flush=True)
        finally:
            crowd.stop()
    seconds = round(time.monotonic() - began)
    report = {"machine": where, **_report(asked, stage, told, seconds)}
    print(_verdict(report), flush=True)
    return report


def _report(
    asked: argparse.Namespace, stage: Any, told: list[dict[str, Any]], seconds: int
) -> dict[str, Any]:
    """What came of it, once nobody is on their way any more."""
    from tests.chaos.people import PatientBrowser
    from tests.chaos.reckoning import reckon

    last = reckon(stage, over=True)
    problems = [each for fault in told for each in fault["wrong"]] + list(last.wrong)
    return {
        "seed": asked.seed,
        "rounds": asked.rounds,
        "minutes": asked.minutes,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "load": round(os.getloadavg()[2], 1),
        "short": asked.short,
        "at_once": asked.at_once,
        "seconds": seconds,
        "faults": told,
        "unanswered": PatientBrowser.unanswered,
        "visits": len(stage.crowd.visits),
        "counts": stage.counts,
        **asdict(last),
        "wrong": problems,
        "holds": not problems,
    }


def _goes_on(asked: argparse.Namespace, done: int, names: int, began: float) -> bool:
    """Whether another fault comes; each comes once, however little time there is."""
    if asked.rounds:
        return bool(done < asked.rounds * names)
    return done < names or bool(time.monotonic() - began < 60 * asked.minutes)


def _injected(stage: Any, name: str, *, workers_matter: bool) -> dict[str, Any]:
    """One fault, with what it did, how long people took to be through, and what was found."""
    from tests.chaos.faults import FAULTS
    from tests.chaos.reckoning import reckon
    from tests.chaos.working import at_work

    began, stage.over = time.monotonic(), None
    said = FAULTS[name](stage)
    over = stage.over or time.monotonic()
    through, works = stage.crowd.all_out(), at_work()
    stage.machine.until(through, "people to come through after a fault")
    people = time.monotonic() - over
    if workers_matter:
        stage.machine.until(works, "worker and beat to work again")
    workers = time.monotonic() - over
    found = reckon(stage)
    return {
        "fault": name,
        "said": said,
        "lasted": round(over - began, 1),
        "people": round(people, 1),
        "workers": round(workers, 1) if workers_matter else None,
        **asdict(found),
    }


def _launched(seed: int) -> Any:
    """The shipped study under another name, launched, and who comes to it."""
    from experiments.compiler import write_rows
    from experiments.launch import launch
    from experiments.models import Study
    from experiments.studyfile import parse
    from rehearsal.default_truth import default_truth
    from rehearsal.rehearsing import Play, cast_of
    from rehearsal.truth import Leaving
    from tests.chaos.people import PatientKnown, patiently

    design = parse((ROOT / "studies" / "coproduction.yaml").read_bytes()).design
    assert design
    design = replace(design, study=SLUG, plan=replace(design.plan, sample_size=PEOPLE))
    truth = replace(default_truth(design), leaving=Leaving(each=0.01, back=0.5), duplicates=0.05)

    def made() -> Study:
        study = write_rows(design=design)
        launch(study=study)
        return Study.objects.get(pk=study.pk)

    study = patiently(made)
    cast = patiently(lambda: cast_of(Play(study, truth, PEOPLE, seed)))
    return study, replace(cast, known=PatientKnown(cast.known))


def _line(fault: dict[str, Any]) -> str:
    said = "; ".join(fault["wrong"]) or "all holds"
    workers = fault["workers"]
    worked = "" if workers is None else f", worker and beat at work after {workers} s"
    return (
        f"{fault['said']}: lasted {fault['lasted']} s, everybody through {fault['people']} s later"
        f"{worked}; {fault['acknowledged']} pages told, {fault['found']} found: {said}."
    )


def _verdict(report: dict[str, Any]) -> str:
    return (
        f"{len(report['faults'])} faults in {report['seconds']} s, seed {report['seed']}: "
        f"{report['acknowledged']} pages acknowledged, {report['found']} found, "
        f"{report['lost']} lost, {report['doubled']} doubled, {report['changed']} changed; "
        f"{report['unanswered']} requests had no answer and were made again."
        + ("" if report["holds"] else f"\nDOES NOT HOLD: {'; '.join(report['wrong'])}")
    )
