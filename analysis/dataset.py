"""PURE: the answers of a cut as arrays, by the design: outcome, cells, covariates, scales, checks.

Scales and subscales enter as mean scores, ordinal items as numbers, nominal items as one indicator
column per option but the first. NaN is a missing value; the statistics say what becomes of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.statistics.estimate import Floats, Places
from analysis.statistics.scales import score, turned
from analysis.statistics.tall import CHUNK
from experiments.answers import Answers, chosen_code, yes_or_no
from experiments.design import Design, Item, Measure, Method, Missing, Randomisation
from experiments.logic.deciding import number
from responses.coded import Coded, CodedSteps, Picked, Row

Assignments = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Stack:
    """Whose the rows of a data set are that holds vignettes.

    `deck` dealt them, `of` is each row's participant as a place among the rows of `people`.
    """

    deck: str
    of: tuple[int, ...]
    people: "Dataset"


@dataclass(frozen=True, eq=False)
class Dataset:
    """The rows of one cut, in its order, seen through one design as it is written.

    Rows are participants, or the vignettes that they judged (`stacking`).
    """

    design: Design
    answers: Sequence[Answers]
    assignments: Sequence[Assignments]
    stack: Stack | None = None

    @property
    def people(self) -> "Dataset":
        """The data set whose rows are the participants."""
        return self.stack.people if self.stack else self

    @property
    def n(self) -> int:
        """How many participants."""
        return len(self.people.answers)

    @property
    def vignettes(self) -> int | None:
        """How many vignettes they judged; None where rows are participants."""
        return len(self.answers) if self.stack else None

    @property
    def steps(self) -> tuple[Randomisation, ...]:
        """The randomisations whose arms rows can have: of decks only the one that dealt them."""
        deck = self.stack.deck if self.stack else ""
        return tuple(
            step
            for step in self.design.randomisations
            if step.method is not Method.DECK or step.code == deck
        )

    def once(self, code: str) -> "Dataset":
        """A row for each participant: with their first vignette's, if the variable is of these."""
        if self.stack is None or not self.repeats(code):
            return self.people
        # A participant's rows follow each other.
        first = np.unique(self.stack.of, return_index=True)[1].tolist()
        return Dataset(
            self.design,
            [self.answers[at] for at in first],
            [self.assignments[at] for at in first],
        )

    def repeats(self, code: str) -> bool:
        """Whether a variable is asked for each vignette."""
        asked = {item.code for item in source_items(self.design, code)}
        deck = self.stack.deck if self.stack else ""
        pages = [page for page in self.design.pages if deck and page.repeats == deck]
        return any(item.code in asked for page in pages for item in page.items)

    @cached_property
    def told(self) -> Coded:
        """The answers as columns."""
        return self.answers if isinstance(self.answers, Coded) else Coded(self.answers)

    @cached_property
    def held(self) -> CodedSteps:
        """The assignments as columns."""
        given = self.assignments
        return given if isinstance(given, CodedSteps) else CodedSteps(given)

    @cached_property
    def outcome(self) -> Floats:
        """The plan's outcome (n,)."""
        items, named = self.design.outcome_items, self.design.plan.outcome
        if named and (answers := yes_or_no(self.design, items[0])) and items[0].code == named:
            values, at = variable(self.told, named)
            said = [each if isinstance(each, str) else "" for each in values]
            found = [float(answers.index(each)) if each in answers else np.nan for each in said]
            return np.array(found, dtype=np.float64)[at]
        (column,) = columns(self.design, self.told, named).values()
        return column

    def arms(self, randomisation: str) -> npt.NDArray[np.str_]:
        """Each participant's arm (n,) of that randomisation; empty where none was given."""
        return self._held(randomisation, "arm", lambda arm: arm or "")

    def places(self, randomisation: str, arms: Sequence[str]) -> npt.NDArray[np.int16]:
        """The place (n,) of each row's arm among those arms; −1 where it is none of them."""
        rows = self.held.steps.get(randomisation, Coded())
        values, at = variable(rows, "arm", len(self.assignments))
        place = {arm: number for number, arm in enumerate(arms)}
        return np.array([place.get(value, -1) for value in values], dtype=np.int16)[at]

    def levels(self, factor: str) -> npt.NDArray[np.str_]:
        """Each participant's level (n,) of that factor; empty where none was given."""
        found = np.full(len(self.assignments), "", dtype=np.str_)
        for step in self.held.steps:
            given = self._held(step, "levels", lambda levels: (levels or {}).get(factor, ""))
            found = np.where(given == "", found, given)
        return found

    def clusters(self, *steps: Randomisation) -> npt.NDArray[np.str_] | None:
        """Which rows (n,) err together, by name, as far as those randomisations tie them.

        None where each row is for itself. Who has no cluster, as after a later version brought
        them, is one alone. Vignettes of a participant err together in whatever is asked, and so
        do those of all whom any randomisation ties to them.
        """
        tied_by = self.steps if self.stack else steps
        ties = [tie for step in tied_by if (tie := self._tied(step)) is not None]
        if self.stack:
            ties.append(np.array(self.stack.of).astype(np.str_))
        return joined(ties) if ties else None

    def _tied(self, step: Randomisation) -> npt.NDArray[np.str_] | None:
        given = self._held(step.code, "cluster", lambda cluster: cluster or "").tolist()
        if not step.cluster and not any(given):
            return None
        return np.array([each or f"alone {at}" for at, each in enumerate(given)], dtype=np.str_)

    def _held(self, step: str, field: str, named: Callable[[Any], str]) -> npt.NDArray[np.str_]:
        """For each row (n,) the name that a field of its assignment goes by."""
        rows = self.held.steps.get(step, Coded())
        values, at = variable(rows, field, len(self.assignments))
        return np.array([named(value) for value in values], dtype=np.str_)[at]

    def columns(self, codes: Sequence[str]) -> dict[str, Floats]:
        """The columns (n,) of scales, subscales and items, by name."""
        named: dict[str, Floats] = {}
        for code in codes:
            named |= columns(self.design, self.told, code)
        return named

    def scale(self, code: str) -> Floats:
        """The items (n, k) of a scale or subscale, reverse items turned."""
        return scale_matrix(self.design, self.told, code)

    def scale_chunks(self, code: str) -> Iterator[Floats]:
        """The same, the next rows (m, k) at a time."""
        return scale_chunks(self.design, self.told, code)


def joined(ties: Sequence[npt.NDArray[np.str_]]) -> npt.NDArray[np.str_]:
    """The finest groups (n names) in which rows that share a name in one of the ties are together.

    Schools and districts come to the districts; groups that cross come to what both together tie.
    """
    if len(ties) == 1:
        return ties[0]
    n = len(ties[0])
    row, group, nodes = [], [], n
    for tie in ties:
        names, of = np.unique(tie, return_inverse=True)
        row.append(np.arange(n))
        group.append(nodes + of)
        nodes += len(names)
    edges = (np.ones(n * len(ties)), (np.concatenate(row), np.concatenate(group)))
    found = connected_components(coo_array(edges, shape=(nodes, nodes)), directed=False)[1]
    names = found[:n].astype(np.str_)
    return np.asarray(names, dtype=np.str_)


def columns(design: Design, answers: Sequence[Answers], code: str) -> dict[str, Floats]:
    """The columns of one variable: its score or number, or ``item=option`` indicators.

    The first option of a nominal item is the reference. An option that stands for a refusal to
    answer is a category of its own; who was not asked, or left the item empty, is NaN in all.
    """
    if design.scale_items(code):
        return {code: np.concatenate([*map(score, scale_chunks(design, answers, code))])}
    item = design.item(code)
    if item.measure is not Measure.NOMINAL:
        return {code: _numbers(design, answers, item)}
    values, at = variable(answers, code)
    given = np.array([chosen_code(design, item, value) or "" for value in values], dtype=np.str_)
    return {
        f"{code}={option.code}": np.where(given == "", np.nan, given == option.code)[at]
        for option in design.options(item)[1:]
    }


def variable(
    rows: Sequence[Mapping[str, Any]], name: str, n: int | None = None
) -> tuple[list[Any], Places]:
    """The different values of a variable, None the last, and the place of each row's (n,) in them.

    So that what a value means is asked once for each value, not for each row.
    """
    if picked := _picked(rows):
        values, at = variable(picked[0], name)
        return values, at[picked[1]]
    if not isinstance(rows, Coded):
        rows = Coded({name: row[name]} if name in row else {} for row in rows)
    n = len(rows) if n is None else n
    if (column := rows.columns.get(name)) is None:
        return [None], np.zeros(n, dtype=np.intp)
    codes, absent = column.codes(n)
    at = np.array(codes)
    at[at == absent] = len(column.values)
    return [*column.values, None], at


def _picked(rows: Sequence[Mapping[str, Any]]) -> tuple[Coded, Places] | None:
    """The columns that all the rows are read from, and their places there; None if they are not."""
    if isinstance(rows, Picked):
        return rows.rows, np.asarray(rows.places)
    if isinstance(rows, Coded) or not rows or not isinstance(first := rows[0], Row):
        return None
    read = [row.at for row in rows if isinstance(row, Row) and row.rows is first.rows]
    return (first.rows, np.array(read)) if len(read) == len(rows) else None


def scale_matrix(design: Design, answers: Sequence[Answers], code: str) -> Floats:
    """The items (n, k) of a scale or subscale, reverse items turned."""
    return np.concatenate([*scale_chunks(design, answers, code)])


def scale_chunks(design: Design, answers: Sequence[Answers], code: str) -> Iterator[Floats]:
    """The same, the next rows (m, k) at a time, so that many take no more memory; never none."""
    items = design.scale_items(code)
    numbers = option_numbers(design, items[0]).values()
    found = [_numbered(design, answers, item) for item in items]
    for start in range(0, max(len(answers), 1), CHUNK):
        part = slice(start, start + CHUNK)
        yield turned(
            np.column_stack([values[at[part]] for values, at in found]),
            reverse=[item.reverse for item in items],
            low=min(numbers),
            high=max(numbers),
        )


def option_numbers(design: Design, item: Item) -> dict[str, float]:
    """The number of each option that is an answer: its code, which a launch has checked to be one.

    Options that stand for no answer have none.
    """
    codes = (o.code for o in design.options(item) if o.missing is Missing.NONE)
    return {code: float(code) for code in codes}


def source_items(design: Design, code: str) -> tuple[Item, ...]:
    """The items that a variable is made of: a scale's, or the one item."""
    return design.scale_items(code) or (design.item(code),)


def _numbers(design: Design, answers: Sequence[Answers], item: Item) -> Floats:
    """What counts as a number; NaN for what was left open, not shown, or is no value."""
    values, at = _numbered(design, answers, item)
    return values[at]


def _numbered(design: Design, answers: Sequence[Answers], item: Item) -> tuple[Floats, Places]:
    """The number of each different answer, and the place of each row's (n,) in them."""
    values, at = variable(answers, item.code)
    if item.measure is Measure.INTERVAL:
        found = [number(each) if isinstance(each, str) else None for each in values]
        kept = [np.nan if each is None else float(each) for each in found]
    else:
        numbers = option_numbers(design, item)
        kept = [numbers.get(each, np.nan) if isinstance(each, str) else np.nan for each in values]
    return np.array(kept, dtype=np.float64), at
