"""Whether what the database holds is whole: designs, ledgers, looks, counts. Reads alone."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.look_log import verify as verify_looks
from analysis.models import LookEvent
from experiments.models import Study
from experiments.refusals import Refused
from experiments.seed import seed_of
from responses.tallies import wrong_tallies
from responses.verification import verify as verify_ledger


@dataclass(frozen=True)
class Verified:
    """What was looked at, whether it holds, and a line that says so."""

    what: str
    holds: bool
    line: str


def verify_site() -> Iterator[Verified]:
    """Everything of each study that can be checked from the data themselves."""
    for study in Study.objects.order_by("slug"):
        yield from _designs(study)
        if study.seed_sha256:
            yield _ledger(study)
        modes = LookEvent.objects.filter(study=study).order_by("mode").values_list("mode")
        for (mode,) in modes.distinct():
            chain = verify_looks(study.pk, mode)
            yield Verified(f"{study.slug}, looks, {mode}", chain.holds, chain.line)
        yield _tallies(study)


def _designs(study: Study) -> Iterator[Verified]:
    """Each version's digest is that of its text, and the text can still be read."""
    for version in study.versions.order_by("number"):
        found = hashlib.sha256(version.canonical_json.encode()).hexdigest()
        holds = found == version.digest and version.written.study == study.slug
        line = f"SHA-256 {found}" if holds else f"SHA-256 {found}, noted is {version.digest}"
        yield Verified(f"{study.slug}, version {version.number}", holds, line)


def _ledger(study: Study) -> Verified:
    what = f"{study.slug}, ledger"
    try:
        verdict = verify_ledger(study, seed_of(study))
    except Refused as refused:
        return Verified(what, False, str(refused))
    return Verified(what, verdict.holds, str(verdict.line))


def _tallies(study: Study) -> Verified:
    wrong = len(wrong_tallies(study))
    line = f"{wrong} differ; check_tallies --mend puts them right" if wrong else "all are right"
    return Verified(f"{study.slug}, counts of the monitor", not wrong, line)
