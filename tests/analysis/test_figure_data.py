"""The numbers of a look's plots, and the tables that hold the same."""

from dataclasses import replace

import pytest
from django.test import Client
from scipy import stats

from analysis.cells import Table
from analysis.figure_data import bars, courses, limits, looks_so_far, names_of, paths
from analysis.figure_tables import (
    distributions_table,
    flow_table,
    paths_table,
    sequences_table,
)
from analysis.look_figures import Bars, Course, Limit, Path, Step
from analysis.models import Look
from analysis.results import Results, from_builtins
from analysis.wording import Wording
from experiments.design import Design, Monitoring
from tests.analysis.hand_made import HALF, Z, hand_made, hand_made_design
from tests.analysis.judging import judges
from tests.analysis.looking import figure_of, report_of, spent, text
from tests.analysis.studies import complete, launched
from tests.changed import changed
from tests.decks import deck_design

pytestmark = pytest.mark.django_db


def two_looks(design: Design) -> tuple[Look, Results]:
    """The second look after that of the hand-made sixteen, and what it found."""
    study = launched(design)
    hand_made(study)
    spent(study)
    complete(study, 16, start=16)
    look = spent(study, 2)
    return look, from_builtins(look.results)


def anytime_design() -> Design:
    """The hand-made design with estimates that may be read at any time."""
    return changed(hand_made_design(), {"plan.monitoring": Monitoring.ANYTIME})


def english(look: Look) -> Wording:
    """The words of a look's report."""
    return Wording(look.version.written, "en")


def test_path_of_z_has_each_look_so_far_and_the_bounds_those_to_come() -> None:
    last, results = two_looks(hand_made_design())
    first = last.study.looks.get(number=1)
    before = from_builtins(first.results)
    name = names_of(english(last), "svg")
    z = [found.contrasts[0].rows[0].unadjusted.value for found in (before, results)]
    assert z[0]
    assert z[1]
    # The p of the t decides, so it is the z of that p that is drawn within bounds on z.
    path = Path(
        "Money",
        (0.5, 1.0),
        tuple(float(stats.norm.isf(each.p / 2)) for each in z if each),
    )
    assert paths(looks_so_far(last, results), name) == (path,)
    # A report of a look knows nothing of those after it.
    assert paths(looks_so_far(first, before), name) == (
        Path("Money", path.fractions[:1], path.z[:1]),
    )
    whole, share = limits(first, before)
    assert whole.z == pytest.approx((Z, 1.968596), abs=1e-6)  # as gsDesign prints them
    assert (whole.fractions, share.fractions) == ((0.5, 1.0), (0.5, 1.0))
    # Two primary hypotheses begin with a half of alpha each.
    assert share.z[0] == pytest.approx(stats.norm.isf(HALF / 2), abs=1e-6)
    assert list(limits(last, results)) == [whole, share]


def test_confidence_sequence_has_each_look_so_far(admin_client: Client) -> None:
    last, results = two_looks(anytime_design())
    before = from_builtins(last.study.looks.get(number=1).results)
    told = [found.contrasts[0].rows[0].repeated.value for found in (before, results)]
    assert told[0]
    assert told[1]
    course = Course(
        label="Money",
        n=(16, 32),
        estimates=(told[0].estimate, told[1].estimate),
        low=(told[0].low, told[1].low),
        high=(told[0].high, told[1].high),
    )
    assert courses(looks_so_far(last, results), names_of(english(last), "svg")) == (course,)
    address = figure_of(last, "sequences")
    svg, pdf = admin_client.get(address), admin_client.get(address.removesuffix("svg") + "pdf")
    assert ">Money</text>" in svg.content.decode()
    assert pdf.content.startswith(b"%PDF")
    assert admin_client.get(address).content == svg.content
    assert admin_client.get(figure_of(last, "bounds")).status_code == 404


def test_tables_hold_the_numbers_of_the_plots() -> None:
    assert paths_table(
        [Path("Money", (0.5,), (1.7321,))], [Limit("bounds", (0.5, 1.0), (2.9626, 1.9686))]
    ) == Table(
        code="paths",
        caption="z of the primary contrasts at the looks so far, and the bounds on both sides",
        headers=("Line", "50.0%", "100.0%"),
        rows=(("Money", "1.732", "–"), ("bounds", "2.963", "1.969")),
    )
    assert sequences_table(
        [Course("Money", (16, 32), (1, 0.5), (-1, -0.25), (3, 1.25)), Course("Say", (), (), (), ())]
    ).rows == (
        ("Money", "16", "1.00", "[−1.00, 3.00]"),
        ("Money", "32", "0.50", "[−0.25, 1.25]"),
    )
    assert distributions_table(
        [Bars("A", (1, 1.5), (2, 0)), Bars("B", (1, 1.5), (1, 3))], "Of each arm"
    ) == Table(
        code="distributions",
        caption="Of each arm",
        headers=("Value", "A", "B"),
        rows=(("1.00", "2", "1"), ("1.50", "0", "3")),
    )
    assert flow_table([Step("Entered", 5, (("refused", 2),)), Step("Completed", 3)]).rows == (
        ("Entered", "5", ""),
        ("refused", "", "2"),
        ("Completed", "3", ""),
    )


def test_report_has_a_table_beneath_each_plot_but_the_first(admin_client: Client) -> None:
    look, _results = two_looks(hand_made_design())
    shown = text(admin_client, report_of(look))
    for part in (
        "The numbers: The primary contrasts’ z by information, within the bounds",
        "Line 50.0% 100.0% Money 1.603 2.461 bounds with all of alpha 2.963 1.969",
        "Value None · Low None · High Money · Low Money · High 2.00",
        "Entered 32 Completed 32 Analysed 32",
    ):
        assert part in shown


def test_vignettes_of_a_deck_are_drawn_by_their_arms(admin_client: Client) -> None:
    design = deck_design()
    plan = replace(design.plan, covariates=(), associations=("education",))
    study = launched(changed(design, {"plan": plan}))
    judges(study, 20)
    look = spent(study)
    drawn = bars(from_builtins(look.results).distributions or (), english(look), "svg")
    # Each judged two.
    assert [(arm.label, sum(arm.counts)) for arm in drawn] == [
        ("None · Low", 10),
        ("None · High", 10),
        ("Money · Low", 10),
        ("Money · High", 10),
    ]
    for name in ("estimates", "bounds", "distributions", "flow"):
        assert admin_client.get(figure_of(look, name)).status_code == 200
