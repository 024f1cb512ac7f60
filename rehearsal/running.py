"""Runs a rehearsal that was ordered at the desk, once, in a process of its own.

It takes minutes or hours and has dozens of threads. In a worker it would keep looks waiting, so the
task only starts the process (docs/decisions/0029-a-rehearsal-runs-in-a-process-of-its-own.md).
"""

import logging
import subprocess
import sys
import time

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from analysis.locks import Held, rehearsal_lock
from analysis.models import RehearsalEnd, RehearsalRun
from experiments.in_words import in_words
from experiments.refusals import Refused
from rehearsal.ordering import HowFar, Kind, tell, unfinished_runs
from rehearsal.rehearsing import Play, Rehearsal, entered_version, rehearse
from rehearsal.report import markdown, sections, verdict
from rehearsal.truth_file import parse_truth
from responses.models import Mode, Participant

logger = logging.getLogger(__name__)

IN_FLIGHT = 8
# How often others are told how far it is, in seconds.
OFTEN = 1.0
_started: dict[int, "subprocess.Popen[bytes]"] = {}


def start(number: int) -> bool:
    """Starts the process of that rehearsal, unless this one started it and it goes on."""
    for done in [each for each, process in _started.items() if process.poll() is not None]:
        del _started[done]
    if number in _started:
        return False
    _started[number] = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "rehearsal.process", str(number)],
        cwd=settings.ROOT,
        stdin=subprocess.DEVNULL,
    )
    return True


def run_ordered(number: int) -> RehearsalEnd | None:
    """Runs it to its end, which is returned; None if another does, or it has ended."""
    with rehearsal_lock(number) as held:
        run = unfinished_runs().select_related("study").filter(pk=number).first()
        if run is None or held is None:
            return None
        with override(run.language):
            try:
                found = rehearse(
                    _play(run), site=run.site, in_flight=IN_FLIGHT, tell=_Told(held, run)
                )
                return _ended(run, found)
            except Refused as refused:
                return _failed(run, in_words(refused))
            except Exception as error:  # whatever stops it, whoever waits for it is told
                logger.exception("The rehearsal %s of %s broke off", run.pk, run.study)
                return _failed(run, _broke_off(error))


def _play(run: RehearsalRun) -> Play:
    if Participant.objects.filter(study=run.study, mode=Mode.REHEARSAL).exists():
        raise Refused(
            _(
                "Somebody was in the rehearsal before it began: what ran it was stopped in the "
                "middle, or somebody came by the link. Delete the rehearsal and order it anew."
            )
        )
    truth = parse_truth(run.truth, entered_version(run.study).written).truth
    if truth is None:
        raise Refused(_("The study was launched anew meanwhile, and the truth is not of it."))
    return Play(run.study, truth, run.n, run.seed, run.minutes)


def _ended(run: RehearsalRun, found: Rehearsal) -> RehearsalEnd:
    end, _new = RehearsalEnd.objects.get_or_create(
        run=run,
        defaults={
            "kind": Kind.DONE,
            "holds": found.holds,
            "verdict": verdict(found),
            "sections": msgspec.to_builtins(sections(found, run.language)),
            "markdown": markdown(found, run.language),
        },
    )
    return end


def _broke_off(error: Exception) -> str:
    return _(
        "It broke off by a fault of the program, not of the study: %(error)s. Who came is there. "
        "Tell who runs the site, whose log has the rest; then delete the rehearsal and order anew."
    ) % {"error": f"{type(error).__name__}: {error}"}


def _failed(run: RehearsalRun, problem: str) -> RehearsalEnd:
    end, _new = RehearsalEnd.objects.get_or_create(
        run=run, defaults={"kind": Kind.FAILED, "problem": problem}
    )
    return end


class _Told:
    """Says now and then how far it is, and stops it once it was cancelled."""

    def __init__(self, held: Held, run: RehearsalRun) -> None:
        self._held, self._run, self._last, self._on = held, run, 0.0, True

    def __call__(self, done: int, of: int, wrong: int) -> bool:
        now = time.monotonic()
        if self._on and now - self._last > OFTEN:
            self._last = now
            tell(self._held, self._run, HowFar(done, of, wrong))
            self._on = not RehearsalEnd.objects.filter(run=self._run).exists()
        return self._on
