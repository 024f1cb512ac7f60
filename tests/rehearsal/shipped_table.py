"""The shipped study's rehearsals as the table in docs/rehearsed-often.md.

`python -m tests.rehearsal.shipped_table` writes it between its markers; a test holds it up to date.
"""

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from rehearsal.replicate_counts import Replicated, Sum
from tests.rehearsal.predicted import predicted
from tests.rehearsal.shipped_studies import STUDIES, committed
from tests.simulation.simulated import shipped_design

DOCS = Path(__file__).parents[2] / "docs" / "rehearsed-often.md"
BEGIN, END = "<!-- rehearsed: begin -->", "<!-- rehearsed: end -->"
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
    n = found.studies
    for code, name in CALLED.items():
        said, there = found.verdicts[code], found.rows[code][0].there.mean
        assert there is not None
        told = predicted(code, there.mean)
        first, alone = (each[-1] for each in told.different)
        yield f"{name}: in everybody, points", f"{there.mean:.3f}"
        yield (
            f"{name}: different",
            f"{_share(said.different + said.both, n)} ({first:.3f}–{alone:.3f})",
        )
        yield (
            f"{name}: equivalent",
            f"{_share(said.equivalent + said.both, n)} ({told.equivalent:.3f})",
        )
        low, high = told.undecided
        yield f"{name}: undecided", f"{_share(said.undecided, n)} ({low:.3f}–{high:.3f})"
    rejected = found.counts.contrasts["monetary_vs_none"].rejected
    there = found.rows["monetary_vs_none"][0].there.mean
    assert there is not None
    by = predicted("monetary_vs_none", there.mean).different[0]
    for look, chance in enumerate(by, start=1):
        cell = f"{_share(sum(rejected[:look]), n)} ({chance:.3f})"
        yield f"money: found by look {look}", cell
    yield "some contrast that is nil is called different", _share(found.counts.familywise, n)
    for code, name in CALLED.items():
        row = found.rows[code][0]
        yield f"{name}: bias", _mean(row.estimate, found, code)
        yield f"{name}: 95 % interval holds what was planted", _share(row.covered, n)
        yield f"{name}: moved by leaving", _plain(row.shift)
    sizes = shipped_design().plan.sizes
    ended = sum(size * count for size, count in zip(sizes, found.counts.ended, strict=True)) / n
    yield "expected participants", f"{ended:,.0f}"
    yield "motivation’s interval excludes 0", _share(found.slopes["psm"].distinct, n)
    for code in ("education", "income"):
        slope = found.slopes[code]
        yield f"{code}: mean slope", _plain(slope.estimate)
        yield f"{code}: its interval excludes 0", _share(slope.distinct, n)


def _share(count: int, of: int) -> str:
    rate = count / of
    return f"{rate:.3f} ± {sqrt(rate * (1 - rate) / of):.3f}"


def _plain(found: Sum) -> str:
    assert found.sd is not None
    return f"{found.total / found.n:.3f} ± {found.sd / sqrt(found.n):.3f}"


def _mean(found: Sum, whole: Replicated, code: str) -> str:
    there = whole.rows[code][0].there
    assert found.sd is not None
    bias = found.total / found.n - there.total / there.n
    return f"{bias:.3f} ± {found.sd / sqrt(found.n):.3f}"


def main() -> None:
    """Writes the table into the docs."""
    before, _, rest = DOCS.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")


if __name__ == "__main__":
    main()
