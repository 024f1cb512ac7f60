"""PURE: a look's results as they may be seen while the study still collects."""

from dataclasses import replace

from analysis.found import Found
from analysis.missing_results import ContrastGaps
from analysis.results import Results
from analysis.statistics.estimate import NotEstimable, Reason


def as_may_be_seen(results: Results, *, blinded: bool) -> Results:
    """The results; without what tells arms beyond the look's own cut while these are secret.

    That is whom each arm lost, also by the plan's exclusions, and the bounds that are made of it.
    `integrity` has its own rule (`integrity_tables.told_by_a_look`).
    """
    if not blinded:
        return results
    if results.flow is not None:
        results = replace(results, flow=replace(results.flow, excluded_by_arm={}))
    if results.missing is None:
        return results
    arms = tuple(replace(arm, lost=None) for arm in results.missing.arms)
    contrasts = tuple(_kept(each) for each in results.missing.contrasts)
    return replace(results, missing=replace(results.missing, arms=arms, contrasts=contrasts))


def _kept(gaps: ContrastGaps) -> ContrastGaps:
    why = NotEstimable(Reason.BLINDED, "Arms are secret beyond the cut until the study closes.")
    return replace(gaps, allocated=Found(why_not=why), trimmed=Found(why_not=why))
