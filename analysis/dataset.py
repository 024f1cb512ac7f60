"""PURE: the answers of a cut as arrays, by the design: outcome, cells, covariates, scales, checks.

Scales and subscales enter as mean scores, ordinal items as numbers, nominal items as one indicator
column per option but the first. NaN is a missing value; the statistics say what becomes of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.coding import kept, picked, table_of, variable
from analysis.statistics.estimate import Floats, Places
from analysis.statistics.lookup import Column, Lookup, looked_up
from analysis.statistics.scales import score, turned
from analysis.statistics.tall import CHUNK
from experiments.answers import Answers, chosen_code, yes_or_no
from experiments.design import Design, Item, Measure, Method, Missing, Randomisation
from experiments.logic.deciding import number
from responses.coded import Coded, CodedSteps

# Places of fewer bytes than this are kept instead of the numbers that they stand for.
SHORT = 4

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
            return looked_up(np.array(found, dtype=np.float64), at)
        (column,) = columns(self.design, self.told, named).values()
        return np.asarray(column)

    def arms(self, randomisation: str) -> npt.NDArray[np.str_]:
        """Each participant's arm (n,) of that randomisation; empty where none was given."""
        return self._held(randomisation, "arm", lambda arm: arm or "")

    def places(self, randomisation: str, arms: Sequence[str]) -> npt.NDArray[np.int16]:
        """The place (n,) of each row's arm among those arms; −1 where it is none of them."""
        return self._placed(randomisation, "arm", lambda arm: arm, arms)

    def armed(self, randomisation: str) -> npt.NDArray[np.bool_]:
        """Whether each row (n,) was given any arm of that randomisation."""
        rows = self.held.steps.get(randomisation, Coded())
        values, at = variable(rows, "arm", len(self.assignments))
        return looked_up(np.array([bool(value) for value in values]), at)

    def levels(self, factor: str, levels: Sequence[str]) -> npt.NDArray[np.int16]:
        """The place (n,) of each row's level of that factor among those; −1 where it is none."""
        found = np.full(len(self.assignments), -1, dtype=np.int16)
        for step in self.held.steps:
            given = self._placed(step, "levels", lambda held: (held or {}).get(factor), levels)
            found = np.where(found < 0, given, found)
        return found

    def _placed(
        self, step: str, field: str, named: Callable[[Any], Any], names: Sequence[str]
    ) -> npt.NDArray[np.int16]:
        """The place (n,) among the names of what a field of each row's assignment goes by."""
        rows = self.held.steps.get(step, Coded())
        values, at = variable(rows, field, len(self.assignments))
        place = {name: number for number, name in enumerate(names)}
        found = [place.get(named(value), -1) for value in values]
        return looked_up(np.array(found, dtype=np.int16), at)

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
        values, _at = variable(self.held.steps.get(step.code, Coded()), "cluster")
        if not step.cluster and not any(values):
            return None
        given = self._held(step.code, "cluster", lambda cluster: cluster or "").tolist()
        return np.array([each or f"alone {at}" for at, each in enumerate(given)], dtype=np.str_)

    def _held(self, step: str, field: str, named: Callable[[Any], str]) -> npt.NDArray[np.str_]:
        """For each row (n,) the name that a field of its assignment goes by."""
        rows = self.held.steps.get(step, Coded())
        values, at = variable(rows, field, len(self.assignments))
        return looked_up(np.array([named(value) for value in values], dtype=np.str_), at)

    def columns(self, codes: Sequence[str]) -> dict[str, Column]:
        """The columns (n,) of scales, subscales and items, by name."""
        named: dict[str, Column] = {}
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


def columns(design: Design, answers: Sequence[Answers], code: str) -> dict[str, Column]:
    """The columns of one variable: its score or number, or ``item=option`` indicators.

    The first option of a nominal item is the reference. An option that stands for a refusal to
    answer is a category of its own; who was not asked, or left the item empty, is NaN in all.
    """
    if design.scale_items(code):
        return {code: _filled(map(score, scale_chunks(design, answers, code)), len(answers))}
    item = design.item(code)
    if item.measure is not Measure.NOMINAL:
        numbers, places = _numbered(design, answers, item)
        return {code: _column(numbers, places)}
    values, at, absent = kept(answers, code)
    given = [chosen_code(design, item, value) or "" for value in values]
    return {
        f"{code}={option.code}": _column(
            table_of([np.nan if each == "" else each == option.code for each in given], absent), at
        )
        for option in design.options(item)[1:]
    }


def _filled(parts: Iterable[Floats], n: int) -> Floats:
    """All n numbers that come part by part."""
    found, start = np.empty(n), 0
    for part in parts:
        found[start : start + len(part)] = part
        start += len(part)
    return found


def _column(table: Floats, at: Places) -> Column:
    """The numbers of the table at the rows' places: as places, where these are short."""
    return Lookup(table, at) if at.itemsize < SHORT else looked_up(table, at)


def scale_matrix(design: Design, answers: Sequence[Answers], code: str) -> Floats:
    """The items (n, k) of a scale or subscale, reverse items turned."""
    return np.concatenate([*scale_chunks(design, answers, code)])


def scale_chunks(design: Design, answers: Sequence[Answers], code: str) -> Iterator[Floats]:
    """The same, the next rows (m, k) at a time, so that many take no more memory; never none."""
    items = design.scale_items(code)
    numbers = option_numbers(design, items[0]).values()
    # Of picked rows the places are picked part by part.
    whole, picks = picked(answers) or (answers, None)
    found = [_numbered(design, whole, item) for item in items]
    for start in range(0, max(len(answers), 1), CHUNK):
        rows = slice(start, start + CHUNK) if picks is None else picks[start : start + CHUNK]
        yield turned(
            np.column_stack([values[at[rows]] for values, at in found]),
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


def _numbered(design: Design, answers: Sequence[Answers], item: Item) -> tuple[Floats, Places]:
    """The number of each different answer, and the place of each row's (n,) in them."""
    values, at, absent = kept(answers, item.code)
    if item.measure is Measure.INTERVAL:
        found = [number(each) if isinstance(each, str) else None for each in values]
        numbers = [np.nan if each is None else float(each) for each in found]
    else:
        known = option_numbers(design, item)
        numbers = [known.get(each, np.nan) if isinstance(each, str) else np.nan for each in values]
    return table_of(numbers, absent), at
