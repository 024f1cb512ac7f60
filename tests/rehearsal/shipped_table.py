"""The shipped study's rehearsals as the table in docs/rehearsed-often.md.

`python -m tests.rehearsal.shipped_table` writes it between its markers; a test holds it up to date.
"""

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from rehearsal.replicate_counts import Replicated, RowCounts, Sum
from tests.marked import Marked
from tests.rehearsal.predicted import predicted
from tests.rehearsal.shipped_studies import STUDIES, committed
from tests.simulation.simulated import shipped_design

TABLE = Marked(Path(__file__).parents[2] / "docs" / "rehearsed-often.md", "rehearsed")
CALLED = {
    "monetary_vs_none": "money",
    "nonmonetary_vs_none": "thanks",
    "legitimacy_high_vs_low": "a say",
}


def table() -> str:
    """The table as Markdown."""
    names = " | ".join(f"{name}, {studies:,}" for name, studies in STUDIES.items())
    lines = [f"| share of studies | {names} |", "|---|" + "---|" * len(STUDIES)]
    columns = [list(_cells(committed(name))) for name in STUDIES]
    for row in zip(*columns, strict=True):
        label = row[0][0]
        lines.append(f"| {label} | " + " | ".join(cell for _label, cell in row) + " |")
    return "\n".join(lines)


def _cells(found: Replicated) -> Iterator[tuple[str, str]]:
    """What is told of one run, each with its name; in brackets what the power analysis says."""
    n = found.studies
    yield from _verdicts(found)
    yield from _by_look(found)
    yield "some contrast that is nil is called different", _share(found.counts.familywise, n)
    for code, name in CALLED.items():
        row = found.rows[code][0]
        yield f"{name}: bias", _bias(row)
        yield f"{name}: 95 % interval holds what was planted", _share(row.covered, n)
        yield f"{name}: moved by leaving", _mean(row.shift)
    sizes = shipped_design().plan.sizes
    ended = sum(size * count for size, count in zip(sizes, found.counts.ended, strict=True)) / n
    yield "expected participants", f"{ended:,.0f}"
    yield "motivation’s interval excludes 0", _share(found.slopes["psm"].distinct, n)
    for code in ("education", "income"):
        slope = found.slopes[code]
        yield f"{code}: mean slope", _mean(slope.estimate)
        yield f"{code}: its interval excludes 0", _share(slope.distinct, n)


def _verdicts(found: Replicated) -> Iterator[tuple[str, str]]:
    n = found.studies
    for code, name in CALLED.items():
        said, there = found.verdicts[code], effect_there(found, code)
        told = predicted(code, there)
        first, alone = (each[-1] for each in told.different)
        low, high = told.undecided
        different = _share(said.different + said.both, n)
        equivalent = _share(said.equivalent + said.both, n)
        yield f"{name}: in everybody, points", f"{there:.3f}"
        yield f"{name}: different", f"{different} ({first:.3f}–{alone:.3f})"
        yield f"{name}: equivalent", f"{equivalent} ({told.equivalent:.3f})"
        yield f"{name}: undecided", f"{_share(said.undecided, n)} ({low:.3f}–{high:.3f})"


def _by_look(found: Replicated) -> Iterator[tuple[str, str]]:
    rejected = found.counts.contrasts["monetary_vs_none"].rejected
    told = predicted("monetary_vs_none", effect_there(found, "monetary_vs_none"))
    for look, (first, alone) in enumerate(zip(*told.different, strict=True), start=1):
        share = _share(sum(rejected[:look]), found.studies)
        yield f"money: found by look {look}", f"{share} ({first:.3f}–{alone:.3f})"


def effect_there(found: Replicated, contrast: str) -> float:
    """A contrast in everybody, in points, over all studies."""
    mean = found.rows[contrast][0].there.mean
    assert mean is not None
    return mean.mean


def _share(count: int, of: int) -> str:
    rate = count / of
    return f"{rate:.3f} ± {sqrt(rate * (1 - rate) / of):.3f}"


def _mean(found: Sum) -> str:
    assert found.sd is not None
    return f"{found.total / found.n:.3f} ± {found.sd / sqrt(found.n):.3f}".replace("-", "−")


def _bias(row: RowCounts) -> str:
    """Of the estimate, against what is in everybody."""
    middle = row.there.total / row.there.n
    assert row.estimate.sd is not None
    bias = row.estimate.total / row.estimate.n - middle
    error = row.estimate.sd / sqrt(row.estimate.n)
    return f"{bias:.3f} ± {error:.3f}".replace("-", "−")


def main() -> None:
    """Writes the table into the docs."""
    TABLE.write(table())


if __name__ == "__main__":
    main()
