"""The integrity of a study's randomisations in one mode, as far as it may be told."""

from dataclasses import dataclass, replace

from analysis.balances import balance
from analysis.integrity import Step, step_integrity, watched
from analysis.integrity_results import Among, StepIntegrity, StepWatch
from analysis.integrity_rows import Rows
from analysis.ledger_rows import everybody, ledger_rows
from experiments.design import Design
from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from experiments.said import said
from experiments.seed import seed_of
from responses.blinding import is_blinded
from responses.cut import Cut
from responses.verification import verify


@dataclass(frozen=True)
class Replay:
    """What the replay of all of the study's lists said; `holds` is None if nothing was replayed."""

    holds: bool | None
    line: str


@dataclass(frozen=True)
class Audit:
    """Everything on the integrity of one mode; `watched` instead of `steps` while it is blinded.

    `designs` belong to the randomisations in their order, for their labels.
    """

    mode: str
    blinded: bool
    replay: Replay
    steps: tuple[StepIntegrity, ...]
    watched: tuple[StepWatch, ...]
    designs: tuple[Design, ...]


def audit(study: Study, mode: str) -> Audit:
    """Replays the ledger and tests the mode's randomisations.

    While arms are secret there are sums over all arms, and whether an alarm was raised: counts by
    arm that are watched as people go on would tell who got which arm.
    """
    blinded = is_blinded(status=study.status, mode=mode)
    found = ledger_rows(study, mode, told=None if blinded else everybody(study, mode))
    return Audit(
        mode=mode,
        blinded=blinded,
        replay=replay(study),
        steps=() if blinded else tuple(tested(step, rows) for step, rows in found),
        watched=tuple(watched(step_integrity(*pair)) for pair in found) if blinded else (),
        designs=tuple(step.design for step, _ in found),
    )


def tested(step: Step, rows: Rows) -> StepIntegrity:
    """All tests of one randomisation, with the balance of those assigned and of those left."""
    balances = tuple(balance(step, rows, among) for among in (Among.ASSIGNED, Among.COMPLETED))
    return step_integrity(step, rows, balances)


def tested_by_a_look(study: Study, mode: str, cut: Cut) -> tuple[StepIntegrity, ...]:
    """All tests of the mode as it stands, with the balance of those who are in the cut."""
    found = [*ledger_rows(study, mode, told=cut, cut=True)]
    tests = []
    while found:
        step, rows = found.pop(0)
        test = step_integrity(step, rows)
        # What became of holders, and when, is not asked any more: most of what is kept of a row.
        rows = rows.untimed
        tests.append(replace(test, balances=(balance(step, rows, Among.CUT),)))
    return tuple(tests)


def replay(study: Study) -> Replay:
    """What the replay of the study's ledger says, from the seed that the database keeps."""
    if not study.seed_sha256:
        return Replay(
            None,
            said("{study} was not launched yet: there is nothing to replay.", study=study.slug),
        )
    try:
        seed = seed_of(study)
    except Refused as refused:
        return Replay(None, in_words(refused))
    verdict = verify(study, seed)
    return Replay(verdict.holds, verdict.line)
