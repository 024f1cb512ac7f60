"""What thousands of rehearsed studies came to, as tables, in Markdown and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from analysis import apa
from analysis.cells import Table
from analysis.contrasts import plan_contrasts
from analysis.power.counts import Mean, expected_n, share
from analysis.wording import Wording
from experiments.design import Equivalence, Family, digest
from rehearsal.often import Often
from rehearsal.replicate_counts import Replicated, replicated_to_builtins
from rehearsal.replicates_figures import Row, effects_figure, rejections_figure


@dataclass(frozen=True)
class Told:
    """Rehearsed studies with what was rehearsed; texts of the study are in `language`."""

    often: Often
    found: Replicated
    language: str = "en"

    @property
    def words(self) -> Wording:
        """The names of the design's things."""
        return Wording(self.often.what.design, self.language)

    @property
    def names(self) -> dict[str, str]:
        """What each contrast is called, by its code."""
        contrasts = plan_contrasts(self.often.what.design)
        return {each.code: self.words.text(each.label) or each.code for each in contrasts}

    @property
    def rows(self) -> list[Row]:
        """Every row of every contrast, with what was planted."""
        planted, words, found = self.often.what.planted, self.words, []
        for contrast in plan_contrasts(self.often.what.design):
            for row, true, counted in zip(
                contrast.rows, planted[contrast.code], self.found.rows[contrast.code], strict=True
            ):
                levels = " × ".join(
                    " − ".join(words.level(pair.factor, at) for at in (pair.level, pair.against))
                    for pair in row.pairs
                )
                label = self.names[contrast.code] if len(contrast.rows) == 1 else levels
                found.append(Row(label, true, counted))
        return found


def markdown(told: Told) -> str:
    """The report."""
    often, found = told.often, told.found
    design = often.what.design
    lines = [
        f"# {design.study}: {found.studies:,} rehearsed studies",
        "",
        "**Rehearsal.** Every number here is of people who were made up. Nobody took part.",
        "",
        f"Each study goes on to {design.plan.sample_size:,} eligible completes"
        + (", or to the look that recommends to stop." if often.what.stops else "."),
        f"Seed {often.seed}; design {digest(design)[:12]}; truth "
        f"{often.identity['truth_digest'][:12]}. Brackets hold 95 % Monte Carlo intervals: what "
        "other studies of the same kind, as many as these, might have shown.",
    ]
    for table in tables(told):
        lines += ["", f"## {table.caption}", "", *_lines(table)]
        lines += [line for note in table.notes for line in ("", note)]
    return "\n".join(lines) + "\n"


def as_json(told: Told) -> bytes:
    """All of it: what was rehearsed, what was planted, and what was counted."""
    often = told.often
    whole: dict[str, Any] = {
        "study": often.what.design.study,
        "rehearsal": True,
        **often.identity,
        "studies": told.found.studies,
        "truth": msgspec.to_builtins(often.what.truth),
        "plan": msgspec.to_builtins(often.what.design.plan),
        "planted": often.what.planted,
        "counts": replicated_to_builtins(told.found),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def figures(told: Told) -> dict[str, bytes]:
    """The plots as SVG, by the names of their files."""
    plan, study = told.often.what.design.plan, told.often.what.design.study
    tested = [each.code for each in plan.contrasts if each.family is not Family.EXPLORATORY]
    names = {code: told.names[code] for code in tested}
    title = f"Rehearsal of {study}: "
    return {
        "looks.svg": rejections_figure(told.found, plan.sizes, names, title + "found by each look"),
        "effects.svg": effects_figure(told.rows, told.found.studies, title + "planted and found"),
    }


def tables(told: Told) -> tuple[Table, ...]:
    """The tables of the report."""
    found = (
        _recovered(told),
        _verdicts(told),
        _looks(told),
        _studies(told),
        _slopes(told),
        _arms(told),
    )
    return tuple(table for table in found if table.rows)


def _recovered(told: Told) -> Table:
    return Table(
        code="recovered",
        caption="What was planted, and what of it was found",
        headers=(
            "Contrast",
            "Planted",
            "In everybody",
            "Mean estimate",
            "Bias",
            "By leaving",
            "SD",
            "Mean SE",
            "95 % covers",
            "Repeated covers",
        ),
        rows=tuple(
            (row.label, apa.number(row.planted, 3), *_recovered_cells(row)) for row in told.rows
        ),
        notes=(
            "In everybody: the contrast in all who were given an arm and are not excluded, by what "
            "they would have answered in each arm. It is smaller than what was planted where some "
            "do not read, and nearer to the ends of the scale. By leaving: how much the estimate "
            "differs from the one that nobody’s leaving would have given. 95 % covers: how often "
            "the nominal interval holds what was planted; repeated covers: the interval that keeps "
            "95 % over all looks. Estimates of studies that end early are too large on average.",
        ),
    )


def _recovered_cells(row: Row) -> Iterator[str]:
    found = row.found
    estimate, n = found.estimate.mean, found.estimate.n
    yield _mean(found.there.mean)
    yield _mean(estimate)
    yield _mean(estimate and Mean(*(each - row.planted for each in _ends(estimate))))
    yield _mean(found.shift.mean)
    yield "–" if found.estimate.sd is None else apa.number(found.estimate.sd, 3)
    yield "–" if found.error.mean is None else apa.number(found.error.mean.mean, 3)
    yield _share(found.covered, n)
    yield _share(found.repeated, n)


def _ends(found: Mean) -> tuple[float, float, float]:
    return found.mean, found.low, found.high


def _verdicts(told: Told) -> Table:
    plan, n = told.often.what.design.plan, told.found.studies
    tests = plan.equivalence is not Equivalence.NONE
    return Table(
        code="verdicts",
        caption="What the studies say in the end",
        headers=("Contrast", "Different", "Equivalent", "Both", "Undecided")
        if tests
        else ("Contrast", "Different", "Undecided"),
        rows=tuple(
            (
                name,
                _share(said.different, n),
                *((_share(said.equivalent, n), _share(said.both, n)) if tests else ()),
                _share(said.undecided, n),
            )
            for code, name in told.names.items()
            for said in [told.found.verdicts[code]]
        ),
        notes=("Of a contrast without an effect every “different” is an error of the first kind.",),
    )


def _looks(told: Told) -> Table:
    plan, found = told.often.what.design.plan, told.found
    codes = [each.code for each in plan.contrasts if each.family is not Family.EXPLORATORY]
    return Table(
        code="looks",
        caption="Look by look",
        headers=("Look", "Ended here", *(f"Found by now: {told.names[code]}" for code in codes)),
        rows=tuple(
            (
                f"{at} ({size:,})",
                _share(found.counts.ended[at - 1], found.studies),
                *(
                    _share(sum(found.counts.contrasts[code].rejected[:at]), found.studies)
                    for code in codes
                ),
            )
            for at, size in enumerate(plan.sizes, start=1)
        ),
    )


def _studies(told: Told) -> Table:
    return Table(
        code="studies",
        caption="Whole studies",
        headers=("", "Found"),
        rows=tuple(_study_rows(told)),
    )


def _study_rows(told: Told) -> Iterator[tuple[str, str]]:
    counts, n, people = told.found.counts, told.found.studies, told.found.people
    what = told.often.what
    plan, judged = what.design.plan, what.judged
    if judged.nil:
        yield (
            "Some contrast is called different that is nil (family-wise)",
            _share(counts.familywise, n),
        )
    if plan.equivalence is not Equivalence.NONE and judged.matters:
        yield "Some effect is called equivalent that is not", _share(counts.misjudged, n)
    yield "At least one primary contrast is called different", _share(counts.some, n)
    yield "Every primary contrast is called different", _share(counts.every, n)
    for action, count in (counts.stopped or {}).items():
        yield f"A look before the last recommends to stop: {action}", _share(count, n)
    yield "Expected participants at the end", _mean(expected_n(counts, plan.sizes), 1)
    yield "Came until then, per study", apa.number(people.came / n, 1)
    yield "Completed until then, per study", apa.number(people.completed / n, 1)
    yield "Completed, and excluded by the plan, per study", apa.number(people.excluded / n, 1)
    yield "Left after they were given an arm, per study", apa.number(people.left_arm / n, 1)
    if counts.unestimable:
        yield "Some contrast can’t be estimated at some look", _share(counts.unestimable, n)


def _slopes(told: Told) -> Table:
    return Table(
        code="slopes",
        caption="What goes along with the outcome",
        headers=("Variable", "Mean slope", "SD", "Interval excludes 0"),
        rows=tuple(
            (
                told.words.variable(name),
                _mean(found.estimate.mean),
                "–" if found.estimate.sd is None else apa.number(found.estimate.sd, 3),
                _share(found.distinct, found.estimate.n),
            )
            for name, found in told.found.slopes.items()
        ),
        notes=("Nominal 95 % intervals of the plan’s associations, at each study’s end.",),
    )


def _arms(told: Told) -> Table:
    return Table(
        code="arms",
        caption="Who leaves each arm",
        headers=("Arm", "Given", "Left"),
        rows=tuple(
            (told.words.arm(step, arm), f"{found.given:,}", _share(found.left, found.given))
            for step, arms in told.found.arms.items()
            for arm, found in arms.items()
        ),
        notes=("In all studies together, of those who would have counted.",),
    )


def _lines(table: Table) -> Iterator[str]:
    for at, row in enumerate((table.headers, *table.rows)):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        if not at:
            yield "|---" * len(row) + "|"


def _share(count: int, of: int) -> str:
    if not of:
        return "–"
    found = share(count, of)
    return (
        f"{apa.fraction(found.share, 3)} "
        f"[{apa.fraction(found.low, 3)}, {apa.fraction(found.high, 3)}]"
    )


def _mean(found: Mean | None, places: int = 3) -> str:
    if found is None:
        return "–"
    return f"{apa.number(found.mean, places)} {apa.interval(found.low, found.high, places)}"
