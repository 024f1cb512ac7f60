"""PURE: what a script needs to redo a look's contrasts from the exported CSV.

Everything comes from the design and from what the look stored: names of columns, options that
count as numbers, reverse items, arms, weights. The cut is the rows whose `first_look` is at most
the look's number.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.contrasts import plan_contrasts
from analysis.dataset import option_numbers, source_items
from analysis.results import Results
from experiments.design import Design, Measure
from experiments.variables.fixed import numbered


@dataclass(frozen=True)
class Source:
    """How a variable is made of columns of the CSV.

    `mean`: the mean of the columns, each one of `codes` as a number, `low + high − x` where
    reversed; missing unless all are there. `number`: the column as it is. `option`: 1 where the
    column is the code, 0 where it is another, missing where it is empty.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    reverse: tuple[bool, ...] = ()
    codes: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Arms:
    """One randomisation: the column of its arm, and the arms that are drawn."""

    randomisation: str
    column: str
    arms: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a contrast: its weights over the randomisation's arms."""

    contrast: str
    pairs: str
    randomisation: str
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that a script holds of one look; `n` is how many its cut had."""

    study: str
    mode: str
    look: int
    n: int
    exclusions: tuple[str, ...]
    outcome: Source
    covariates: tuple[Source, ...]
    randomisations: tuple[Arms, ...]
    rows: tuple[Row, ...]

    def plain(self) -> dict[str, Any]:
        """The facts as dicts and tuples."""
        return asdict(self)


class NoScriptError(Exception):
    """No script redoes this look; the message says why."""


def redo_facts(
    written: Design, expanded: Design, results: Results, *, mode: str, look: int
) -> Facts:
    """The facts of a look at the design as it is written; `expanded` names the CSV's columns.

    NoScriptError where rows err together (clusters, vignettes): the scripts are for HC2.
    """
    if results.vignettes is not None or results.clustering:
        raise NoScriptError("The scripts are for looks whose rows err each for themselves.")
    columns = {
        step.code: numbered("arm", place)
        for place, step in enumerate(expanded.randomisations, start=1)
    }
    contrasts = [named for named in plan_contrasts(written) if named.randomisation in columns]
    return Facts(
        study=written.study,
        mode=mode,
        look=look,
        n=results.n,
        exclusions=tuple(str(each) for each in written.plan.exclusions),
        outcome=_source(written, written.plan.outcome),
        covariates=tuple(_source(written, name) for name in results.adjustment.columns),
        randomisations=tuple(
            Arms(step.code, columns[step.code], tuple(a.code for a in step.arms if a.weight > 0))
            for step in written.randomisations
            if step.code in columns
        ),
        rows=tuple(
            Row(
                named.code,
                " x ".join(f"{pair.level} - {pair.against}" for pair in row.pairs),
                named.randomisation,
                row.weights,
            )
            for named in contrasts
            for row in named.rows
        ),
    )


def _source(design: Design, name: str) -> Source:
    """The source of a scale, a subscale, an item, or an item's option (``item=option``)."""
    code, _sign, option = name.partition("=")
    items: Sequence[Any] = source_items(design, code)
    columns = tuple(item.code for item in items)
    if items[0].measure is Measure.NOMINAL:
        # A yes-or-no outcome is named by its item; its second option is the yes.
        chosen = option or design.options(items[0])[1].code
        return Source(name, "option", columns, code=chosen)
    if items[0].measure is Measure.INTERVAL:
        return Source(name, "number", columns)
    # A single item is no scale's score: it is as it was answered.
    reverse = tuple(item.reverse for item in items) if design.scale_items(code) else (False,)
    return Source(name, "mean", columns, reverse, tuple(option_numbers(design, items[0])))
