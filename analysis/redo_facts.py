"""PURE: what a script needs to redo a look's numbers from the exported CSV.

Everything comes from the design and from what the look stored: names of columns, options that
count as numbers, reverse items, arms, weights. The cut is the rows whose `first_look` is at most
the look's number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from analysis.contrasts import plan_contrasts, row_name
from analysis.dataset import source_items
from analysis.look_redraws import COST
from analysis.missing import outcome_ends
from analysis.redo_integrity import Excluding, Ledger, excluding, ledgers
from analysis.redo_looks import Seen, Spent, looks_of, still_open
from analysis.redo_numbers import refused_numbers
from analysis.redo_redraws import Redraw, redraws_of
from analysis.redo_sources import (
    Check,
    Moderator,
    ScaleSource,
    Source,
    checks_of,
    column_names,
    moderators_of,
    scale_sources,
    source_of,
)
from analysis.redo_vignettes import Vignettes, vignettes_of
from analysis.results import Results
from analysis.stacking import judged_deck
from analysis.statistics.estimate import NotEstimable
from experiments.design import Design, Equivalence, Estimator, Measure, Method, Randomisation
from experiments.expansion import numbered as of_draw
from experiments.expansion import repeated_items
from experiments.variables.fixed import numbered


@dataclass(frozen=True)
class Arms:
    """One randomisation: the columns of its arm and probability, and the arms that are drawn.

    `stratum` is the column of the list where an analysis by blocks has a use for it, `cluster` that
    of what assigned whole clusters. `lost` is what the ledger knows of those whom each arm lost,
    nothing where it may not be told.
    """

    randomisation: str
    column: str
    probability: str
    stratum: str
    cluster: str
    arms: tuple[str, ...]
    levels: Mapping[str, Mapping[str, str]]
    lost: Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """One row of a contrast: its weights over the randomisation's arms.

    `factor` is that of a main effect; empty for an interaction.
    """

    contrast: str
    pairs: str
    factor: str
    family: str
    randomisation: str
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that a script holds of one look; `n` is how many its cut had.

    `refused` says what the look could not compute, by the beginning of the numbers' names, and why.

    `announced` says by which of the estimates the plan tests, `errors` with which errors.
    `bounded` says whether looks have bounds, `final` that none follows; `coming` are the fractions
    of those that do, `open` the contrasts that they may decide, and `stopped` says that the study
    may end here. `ends` are the least and
    the greatest outcome, empty where it has none. `odds` is the model of an outcome that is one
    answer: ordered, yes_or_no or empty. `until` is the last event that the look counted, as the
    CSV writes times; empty if it did not count how far people had come.
    """

    study: str
    mode: str
    look: int
    n: int
    until: str
    excluding: tuple[Excluding, ...]
    announced: str
    errors: str
    bounded: bool
    final: bool
    alpha: float
    spending: str
    spending_parameter: float
    multiplicity: str
    equivalence: str
    equivalence_alpha: float
    equivalence_multiplicity: str
    smallest_effect: float
    odds: str
    ends: tuple[float, ...]
    looks: tuple[Seen, ...]
    coming: tuple[float, ...]
    open: tuple[str, ...]
    stopped: bool
    outcome: Source
    covariates: tuple[Source, ...]
    randomisations: tuple[Arms, ...]
    vignettes: Vignettes | None
    rows: tuple[Row, ...]
    scales: tuple[ScaleSource, ...]
    checks: tuple[Check, ...]
    associations: tuple[Source, ...]
    moderators: tuple[Moderator, ...]
    refused: Mapping[str, str]
    seed: str
    redraws: tuple[Redraw, ...]
    ledgers: tuple[Ledger, ...]

    def plain(self) -> dict[str, Any]:
        """The facts as dicts and tuples."""
        return asdict(self)


class NoScriptError(Exception):
    """No script redoes this look; the message says why."""


def redo_facts(
    written: Design,
    expanded: Design,
    *,
    mode: str,
    looks: Sequence[Spent],
    seed: bytes,
    until: datetime | None = None,
    designs: Mapping[int, Design] | None = None,
    final: bool = False,
) -> Facts:
    """The facts of the last of the looks, at the design as it is written.

    `expanded` names the CSV's columns, `seed` is that of the look's redraws; `designs` are all
    versions as written, by number, where the look tested randomisations. NoScriptError where a
    version before the one analysed assigned by clusters that it does not name. Long, for it has a
    line for each fact.
    """
    look, results = looks[-1].number, looks[-1].results
    if not can_be_redone(written, results):
        raise NoScriptError("The version analysed does not name the clusters of one before it.")
    deck = judged_deck(written)
    asked = {item.code for item in repeated_items(written, deck.code)} if deck else set()
    plan, used = written.plan, results.adjustment.columns
    steps = tuple(_arms(written, expanded, results, deck))
    seen = looks_of(looks)
    every = {name for each in seen for name in each.columns}
    stops = results.decision is not None and results.decision.stops
    ends = outcome_ends(written)
    return Facts(
        study=written.study,
        mode=mode,
        look=look,
        n=results.n,
        until=f"{until:%Y-%m-%dT%H:%M:%S.%fZ}" if until else "",
        excluding=excluding(expanded),
        announced="adjusted" if plan.estimator is Estimator.LIN else "unadjusted",
        errors=plan.standard_errors.name,
        bounded=bool(results.bounds),
        final=final,
        alpha=plan.alpha,
        spending=str(plan.spending),
        spending_parameter=plan.spending_parameter or 0.0,
        multiplicity=str(plan.multiplicity),
        equivalence=str(plan.equivalence if plan.smallest_effect else Equivalence.NONE),
        equivalence_alpha=plan.equivalence_alpha,
        equivalence_multiplicity=str(plan.equivalence_multiplicity),
        smallest_effect=plan.smallest_effect or 0.0,
        odds=_odds(written),
        ends=() if isinstance(ends, NotEstimable) else ends,
        looks=seen,
        coming=() if final else tuple(each for each in plan.looks if each > seen[-1].fraction),
        open=still_open(results),
        stopped=final or stops,
        outcome=source_of(written, plan.outcome),
        covariates=tuple(source_of(written, name) for name in _in_order(written, every)),
        randomisations=steps,
        vignettes=vignettes_of(written, expanded, deck) if deck else None,
        rows=tuple(_rows(written)),
        scales=tuple(scale_sources(written, asked)),
        checks=tuple(checks_of(written, asked)),
        associations=tuple(
            source_of(written, name) for name in column_names(written, plan.associations)
        ),
        moderators=tuple(moderators_of(written, used)),
        refused=refused_numbers(results),
        seed=seed.hex(),
        redraws=tuple(redraws_of(written, expanded, results)),
        ledgers=tuple(ledgers(results, designs or {})),
    )


def can_be_redone(written: Design, results: Results) -> bool:
    """Whether the design names all clusters in which the look's rows come."""
    together = {each.randomisation for each in results.clustering}
    named = {step.code for step in written.randomisations if step.cluster}
    return together <= named or judged_deck(written) is not None


def _arms(
    written: Design, expanded: Design, results: Results, deck: Randomisation | None
) -> Iterator[Arms]:
    """The randomisations whose arms rows can have; of decks the one whose vignettes are rows."""
    place = {step.code: at for at, step in enumerate(expanded.randomisations, start=1)}
    gaps = results.missing.arms if results.missing else ()
    for step in written.randomisations:
        if step.method is Method.DECK and step != deck:
            continue
        drawn = tuple(arm for arm in step.arms if arm.weight > 0)
        at = place[of_draw(step.code, 1) if step == deck else step.code]
        name = partial(numbered, place=at)
        yield Arms(
            randomisation=step.code,
            column=name("arm"),
            probability=name("probability"),
            stratum=name("stratum") if step.method in COST and step.strata else "",
            cluster=step.cluster,
            arms=tuple(arm.code for arm in drawn),
            levels={arm.code: dict(zip(step.factors, arm.levels, strict=True)) for arm in drawn},
            lost={
                gap.arm: gap.lost
                for gap in gaps
                if gap.randomisation == step.code and gap.lost is not None
            },
        )


def _rows(design: Design) -> Iterator[Row]:
    for named, announced in zip(plan_contrasts(design), design.plan.contrasts, strict=True):
        for row in named.rows:
            yield Row(
                named.code,
                row_name(row.pairs),
                announced.factor,
                str(announced.family),
                named.randomisation,
                row.weights,
            )


def _odds(design: Design) -> str:
    (item, *_more) = source_items(design, design.plan.outcome)
    if design.scale_items(design.plan.outcome):
        return ""
    return {Measure.ORDINAL: "ordered", Measure.NOMINAL: "yes_or_no"}.get(item.measure, "")


def _in_order(design: Design, columns: set[str]) -> list[str]:
    """Those of the plan's covariates' columns, in the plan's order."""
    return [name for name in column_names(design, design.plan.covariates) if name in columns]
