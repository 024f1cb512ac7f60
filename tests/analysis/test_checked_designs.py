"""What `experiments.checks` lets through, the analysis can carry out."""

from dataclasses import replace
from itertools import product

from hypothesis import event, given
from hypothesis import strategies as st

from analysis.contrasts import plan_contrasts
from analysis.statistics.sequential import bounds
from experiments.checks import problems
from experiments.design import Arm, Contrast, Design, Factor, Level, Page, PageKind, Randomisation
from tests.changed import changed
from tests.designs import both, small

NAMES = ("reward", "voice", "colour")
COLOUR = Factor(
    "colour",
    both("Colour", "색"),
    tuple(Level(code, both(code, code), both(code, code)) for code in ("red", "blue")),
)
# Each way to share the three factors out over randomisations.
SHARES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (NAMES,),
    (("reward", "voice"), ("colour",)),
    (("colour", "reward"), ("voice",)),
    (("reward",), ("voice",), ("colour",)),
)


def three_factors(rewards: int) -> Design:
    """`small` with a third factor, which a vignette of its own shows."""
    design = small(rewards=rewards)
    paint = Page(
        "paint", PageKind.VIGNETTE, both("Paint", "색"), both("A {colour} bench.", "{colour}")
    )
    pages = (*design.pages[:3], paint, *design.pages[3:])
    return replace(design, factors=(*design.factors, COLOUR), pages=pages)


@st.composite
def randomisations(draw: st.DrawFn, factors: tuple[Factor, ...]) -> tuple[Randomisation, ...]:
    """The factors shared out, with all cells or, now and then, some of them."""
    levels = {factor.code: [level.code for level in factor.levels] for factor in factors}
    made = []
    for number, codes in enumerate(draw(st.sampled_from(SHARES))):
        cells = list(product(*(levels[code] for code in codes)))
        off = draw(st.sets(st.sampled_from(cells), max_size=3)) if draw(st.booleans()) else set()
        arms = tuple(Arm(cell) for cell in cells if cell not in off)
        made.append(Randomisation(f"step{number}", codes, arms, block_sizes=(len(arms),)))
    return tuple(made)


@st.composite
def contrasts(draw: st.DrawFn, factors: tuple[Factor, ...]) -> Contrast:
    """A main effect of any two levels, or an interaction of any factors."""
    label = both("A contrast", "대비")
    if draw(st.booleans()):
        several = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3))
        return Contrast("asked", label, interaction=tuple(several))
    factor = draw(st.sampled_from(factors))
    level, against = (draw(st.sampled_from(factor.levels)).code for _ in range(2))
    return Contrast("asked", label, factor=factor.code, level=level, against=against)


@given(st.data())
def test_contrasts_of_a_design_without_problems_are_planned(data: st.DataObject) -> None:
    design = three_factors(data.draw(st.integers(2, 3)))
    values = {
        "randomisations": data.draw(randomisations(design.factors)),
        "plan.contrasts": (data.draw(contrasts(design.factors)),),
        "plan.sample_size": 1000,
    }
    design = changed(design, values)
    fine = not problems(design)
    event("fine" if fine else "with problems")
    if fine:
        assert [planned.code for planned in plan_contrasts(design)] == ["asked"]


LOOKS = st.one_of(
    # Evenly on a grid, so that many are as close as may be.
    st.lists(st.integers(5, 99), max_size=6, unique=True).map(
        lambda hundredths: (*(n / 100 for n in sorted(hundredths)), 1.0)
    ),
    st.lists(st.floats(1e-6, 1, exclude_max=True), max_size=4).map(
        lambda fractions: (*sorted(fractions), 1.0)
    ),
)


@given(
    looks=LOOKS,
    alpha=st.one_of(st.floats(1e-4, 0.5), st.floats(0, 1)),
    sample_size=st.integers(8, 2000),
)
def test_looks_of_a_design_without_problems_have_bounds(
    looks: tuple[float, ...], alpha: float, sample_size: int
) -> None:
    values = {"plan.looks": looks, "plan.alpha": alpha, "plan.sample_size": sample_size}
    design = changed(small(), values)
    fine = not problems(design)
    event("fine" if fine else "with problems")
    if fine:
        found = bounds(looks, alpha, final=True)
        assert len(found) == len(looks)
        assert found[-1].alpha_spent == alpha
