"""PURE: the numbers of a look that its scripts redo, each by the name that the scripts give it."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from analysis.consistency_results import ScaleConsistency
from analysis.contrasts import row_name
from analysis.decision import Decision
from analysis.distributions import Distribution, Flow
from analysis.found import Found
from analysis.integrity_results import Balance, Passage, Ratio, StepIntegrity
from analysis.missing_results import MissingOutcomes
from analysis.moderation_results import Regression, ScaleModeration
from analysis.results import ContrastResult, Results
from analysis.robustness_results import Robustness
from analysis.statistics.bounds import Bounds
from analysis.statistics.estimate import NotEstimable
from analysis.statistics.large_sample import NormalEstimate
from analysis.statistics.scales import Reliability
from experiments.design import Family

# By name: a number, or why the look has none of that name or of those below it.
Numbers = Iterator[tuple[str, float | NotEstimable]]


def redo_numbers(results: Results) -> dict[str, float]:
    """Every number that the scripts redo, by name, as ``contrasts/pay/high - low/adjusted/se``.

    What could not be computed is not there.
    """
    return {name: told for name, told in _all(results) if not isinstance(told, NotEstimable)}


def refused_numbers(results: Results) -> dict[str, str]:
    """What the look could not compute, as the first part of its numbers' names, and why."""
    return {name: told.detail for name, told in _all(results) if isinstance(told, NotEstimable)}


def _all(results: Results) -> Numbers:
    yield from _of_the_cut(results)
    yield from _of_the_plan(results)
    if results.flow:
        yield from _flow(results.flow)
    for step in results.integrity or ():
        yield from _integrity(step)


def _of_the_cut(results: Results) -> Numbers:
    """What is told of the rows, their scales and their answers."""
    yield from _fields("outcome", results.outcome)
    for arm in results.arms:
        key = f"arms/{arm.randomisation}/{arm.arm}"
        yield f"{key}/n", arm.n
        if arm.clusters is not None:
            yield f"{key}/clusters", arm.clusters
        yield from _fields(f"{key}/mean", arm.mean)
    for scale in results.scales:
        yield from _alpha(f"scales/{scale.code}", scale.reliability)
    for held in results.consistency:
        yield from _consistency(held)
    for check in results.checks:
        yield from _why_not(f"checks/{check.item}", check.shares)
        for share in check.shares.value or ():
            yield from _fields(f"checks/{check.item}/{share.level}", share)
    yield from _why_not("associations", results.associations)
    if results.associations and (found := results.associations.value):
        yield from (("associations/n", found.n), ("associations/missing", found.missing))
        for each in found.slopes:
            yield from _fields(f"associations/{each.predictor}", each.slope)
    for moderation in results.moderation:
        yield from _moderation(moderation)
    yield from _distributions("distributions", results.distributions or ())
    for scored in results.scale_distributions:
        yield from _distributions(f"scales/{scored.code}/distribution", scored.arms)


def _distributions(key: str, arms: Sequence[Distribution]) -> Numbers:
    for spread in arms:
        for value, count in zip(spread.values, spread.counts, strict=True):
            yield f"{key}/{spread.randomisation}/{spread.arm}/{value:.9g}", count


def _of_the_plan(results: Results) -> Numbers:
    """What is told of the plan's contrasts."""
    for place, bound in enumerate(results.bounds, start=1):
        yield from _fields(f"bounds/{place}", bound)
    for contrast in results.contrasts:
        yield from _contrast(contrast)
    if results.missing:
        yield from _missing(results.missing)
    if results.robustness:
        yield from _robustness(results.robustness)
    if results.decision:
        yield from _decision(results.decision)


def _contrast(contrast: ContrastResult) -> Numbers:
    key = f"contrasts/{contrast.code}"
    for row in contrast.rows:
        name = row_name(row.pairs)
        yield from _fields(f"{key}/{name}/unadjusted", row.unadjusted)
        yield from _fields(f"{key}/{name}/adjusted", row.adjusted)
        yield from _fields(f"{key}/{name}/repeated", row.repeated)
        yield from _fields(f"{key}/{name}/simultaneous", row.simultaneous)
    yield from _fields(f"{key}/joint", contrast.joint)
    yield from _fields(f"{key}/joint_adjusted", contrast.joint_adjusted)


def _consistency(scale: ScaleConsistency) -> Numbers:
    key = f"scales/{scale.code}"
    items = scale.items.value or ()
    yield from _why_not(f"{key}/omega", scale.omega)
    yield from _why_not(f"{key}/items", scale.items)
    if omega := scale.omega.value:
        yield from ((f"{key}/omega/omega", omega.omega), (f"{key}/omega/n", omega.n))
        for item, loading, own in zip(items, omega.loadings, omega.uniquenesses, strict=True):
            yield f"{key}/omega/{item.item}/loading", loading
            yield f"{key}/omega/{item.item}/uniqueness", own
    for item in items:
        yield f"{key}/items/{item.item}/total", item.total
        for name, found in (("rest", item.rest), ("dropped", item.dropped)):
            yield from _one(f"{key}/items/{item.item}/{name}", found)
    yield from _fields(f"{key}/answered", scale.answered)
    for group in scale.groups:
        by = "/".join(filter(None, (group.by, group.randomisation, group.group)))
        yield from _alpha(f"{key}/{by}", group.reliability)


def _alpha(key: str, found: Found[Reliability]) -> Numbers:
    """Cronbach's alpha of a scale, which has other numbers too, with its interval."""
    yield from _why_not(f"{key}/alpha", found)
    yield from _fields(key, found.value, without=("level",))


def _moderation(scale: ScaleModeration) -> Numbers:
    key = f"moderation/{scale.code}"
    parts: list[tuple[str, Found[Regression] | None]] = [
        ("total", scale.total),
        ("subscales", scale.subscales),
    ]
    for name, found in parts:
        yield from _why_not(f"{key}/{name}", found)
        for part in found.value.slopes if found and found.value else ():
            yield from _fields(f"{key}/{name}/{part.code}", part.slope)
    for each in scale.moderated:
        yield from _fields(f"{key}/moderated/{each.code}", each.difference)


def _missing(missing: MissingOutcomes) -> Numbers:
    for gap in missing.arms:
        yield from (
            (f"missing/{gap.randomisation}/{gap.arm}/n", gap.n),
            (f"missing/{gap.randomisation}/{gap.arm}/missing", gap.missing),
        )
    for each in missing.contrasts:
        yield from _bounds(f"missing/{each.code}/analysed", each.analysed.value)
        yield from _bounds(f"missing/{each.code}/allocated", each.allocated.value)
        for name in ("analysed", "allocated", "trimmed"):
            yield from _why_not(f"missing/{each.code}/{name}", getattr(each, name))
        if trimmed := each.trimmed.value:
            yield from _bounds(f"missing/{each.code}/trimmed", trimmed.bounds)
            yield f"missing/{each.code}/trimmed/share", trimmed.share


def _bounds(key: str, found: Bounds | None) -> Numbers:
    if found:
        yield from _fields(f"{key}/lower", found.lower)
        yield from _fields(f"{key}/upper", found.upper)
        yield from _fields(key, found, without=("level",))


def _robustness(robustness: Robustness) -> Numbers:
    for row in robustness.rows:
        key = f"robustness/{row.code}/{row_name(row.pairs)}"
        for each in row.estimates:
            yield from _fields(f"{key}/{each.analysis}", each.estimate)
        yield from _why_not(f"{key}/redraws", row.randomisation)
        if redrawn := row.randomisation.value:
            yield from _fields(f"{key}/redraws", redrawn.test)
        yield from _fields(f"{key}/standardised", row.standardised, without=("level",))
        for odds in row.odds:
            yield from _fields(f"{key}/{odds.kind}", odds.estimate)
    yield from _fields("robustness/proportional_odds", robustness.proportional_odds)


def _decision(decision: Decision) -> Numbers:
    for each in decision.hypotheses:
        key = f"decision/{each.contrast}"
        if each.family is not Family.EXPLORATORY:
            for name in ("alpha", "level", "rejected_at", "crossed_at"):
                if (number := getattr(each, name)) is not None:
                    yield f"{key}/{name}", number
        for name in ("adjusted_p", "conditional_power", "predictive_power"):
            yield from _one(f"{key}/{name}", getattr(each, name))
        yield from _fields(f"{key}/equivalence", each.equivalence)
        yield from _fields(f"{key}/after_stopping", each.after_stopping)
        if each.after_stopping and (ended := each.after_stopping.value):
            for name, answer in (("adjusted", ended.adjusted), ("naive", ended.naive)):
                yield from _fields(f"{key}/after_stopping/{name}", answer)


def _flow(flow: Flow) -> Numbers:
    yield from ((f"flow/states/{state}", n) for state, n in flow.states.items())
    yield from _fields("flow", flow)
    for step, arms in flow.excluded_by_arm.items():
        yield from ((f"flow/excluded_by_arm/{step}/{arm}", n) for arm, n in arms.items())


def integrity_key(step: StepIntegrity) -> str:
    """The beginning of the names of a randomisation's numbers, as ``integrity/main/1+2``."""
    return f"integrity/{step.randomisation}/{'+'.join(map(str, step.versions))}"


def _integrity(step: StepIntegrity) -> Numbers:
    key, arms = integrity_key(step), [arm.arm for arm in step.arms]
    for arm in step.arms:
        yield from _fields(f"{key}/arms/{arm.arm}", arm, without=("weight",))
    for passage in step.passages:
        yield from _passage(f"{key}/{passage.start}-{passage.end}", passage, arms)
    for ratio in step.ratios:
        yield from _ratio(f"{key}/{ratio.stage}", ratio)
    for balance in step.balances:
        yield from _balance(f"{key}/balance/{balance.among}", balance)


def _passage(key: str, passage: Passage, arms: Sequence[str]) -> Numbers:
    yield from _fields(f"{key}/test", passage.test)
    for arm, loss in zip(arms, passage.losses, strict=True):
        yield from _fields(f"{key}/{arm}", loss)


def _ratio(key: str, ratio: Ratio) -> Numbers:
    yield from _fields(f"{key}/once", ratio.once)
    yield from _fields(f"{key}/anytime", ratio.anytime)
    yield from _why_not(f"{key}/shares", ratio.shares)
    for share in ratio.shares.value or ():
        yield from _fields(f"{key}/shares/{share.arm}", share)


def _balance(key: str, balance: Balance) -> Numbers:
    yield from _fields(f"{key}/omnibus", balance.omnibus)
    for row in balance.rows:
        for cell in row.arms:
            of = f"{key}/{row.covariate}/{cell.arm}"
            yield from ((f"{of}/n", cell.n), (f"{of}/missing", cell.missing))
            for name in ("mean", "sd", "difference"):
                yield from _one(f"{of}/{name}", getattr(cell, name))


def _fields(key: str, found: Any, *, without: Sequence[str] = ()) -> Numbers:
    """The numbers among the fields of what was found, or why it was not."""
    yield from _why_not(key, found)
    value = found.value if isinstance(found, Found) else found
    if not is_dataclass(value):
        return
    for field in fields(value):
        number = getattr(value, field.name)
        if isinstance(number, NotEstimable):
            yield f"{key}/{field.name}", number
        if field.name not in without and type(number) in (int, float):
            # An estimate of large samples calls its statistic z; scripts have one name for it.
            is_z = field.name == "z" and isinstance(value, NormalEstimate)
            yield f"{key}/{'statistic' if is_z else field.name}", number


def _one(key: str, found: Found[float] | None) -> Numbers:
    """A number that was looked for, or why it was not found."""
    yield from _why_not(key, found)
    if found and found.value is not None:
        yield key, found.value


def _why_not(key: str, found: Any) -> Numbers:
    if isinstance(found, Found) and found.why_not is not None:
        yield key, found.why_not
