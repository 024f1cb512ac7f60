"""The plots of a look: what they hold, as SVG and as PDF, and for whom."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.distributions import MOST_VALUES, Distribution, Flow, distributions
from analysis.drawing import drawable, named
from analysis.figure_data import flow_steps
from analysis.figure_views import FIGURES, code_of, figures_of
from analysis.look_figures import Step
from analysis.wording import Wording
from experiments.design import Monitoring
from experiments.launch import close
from tests.analysis.hand_made import EXPECTED, hand_made, hand_made_design
from tests.analysis.looking import figure_of, hand_made_look, report_of, spent, text
from tests.analysis.studies import complete, launched
from tests.changed import changed
from tests.desk import grant
from tests.simulation.simulated import null_study, shipped_design

pytestmark = pytest.mark.django_db

# Those that a look with bounds has not while arms are secret.
ABSENT = ("sequences", "arms")


def test_figure_is_the_same_svg_each_time_and_tells_its_content(admin_client: Client) -> None:
    address = figure_of(hand_made_look())
    first, second = admin_client.get(address), admin_client.get(address)
    svg = first.content.decode()
    assert first.content == second.content
    assert first["Content-Type"] == "image/svg+xml"
    assert first["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert '<title id="title">Contrasts of the arms’ means' in svg
    assert "Money: not distinguishable from zero so far" in svg
    assert re.findall(r"<script|<image|href=\"http", svg) == []


@pytest.mark.parametrize(
    "name", [*(name for name in FIGURES if name not in ABSENT), "scale-motive", "scale-care"]
)
@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_every_plot_has_the_same_bytes_each_time(
    admin_client: Client, name: str, kind: str
) -> None:
    address = figure_of(hand_made_look(), name).removesuffix("svg") + kind
    first, second = admin_client.get(address).content, admin_client.get(address).content
    assert first == second
    assert first.startswith(b"%PDF" if kind == "pdf" else b"<?xml")
    assert (b"CreationDate" in first, b"<dc:date>" in first) == (False, False)


def test_plots_tell_their_numbers_to_assistive_software(admin_client: Client) -> None:
    look = hand_made_look()

    def told(name: str) -> str:
        svg = admin_client.get(figure_of(look, name)).content.decode()
        found = re.search(r"<desc id=\"desc\">(.*?)</desc>", svg)
        assert found
        return found[1]

    assert told("distributions").startswith("None · Low: 2 2, 3 0, 4 2, 5 0, 7 0; ")
    assert told("scale-motive") == "; ".join(
        f"{arm}: 3 4" for arm in ("None · Low", "None · High", "Money · Low", "Money · High")
    )
    assert told("flow") == "Entered 16; Completed 16; Analysed 16"
    assert "Money: not distinguishable from zero so far" in told("bounds")


def test_path_of_z_has_every_look_so_far(admin_client: Client) -> None:
    study = launched(hand_made_design())
    hand_made(study)
    spent(study)
    complete(study, 16, start=16)
    last = spent(study, 2)
    svg = admin_client.get(figure_of(last, "bounds")).content.decode()
    for part in (">Money</text>", ">bounds with all of alpha</text>", ">100%</text>"):
        assert part in svg


def test_report_links_the_plots_that_the_look_has(admin_client: Client) -> None:
    look = hand_made_look()
    page = admin_client.get(report_of(look)).content.decode()
    assert [figure_of(look, name) in page for name in FIGURES] == [
        name not in ABSENT for name in FIGURES
    ]
    assert figure_of(look, "scale-motive") in page
    assert figure_of(look, "scale-care") in page
    assert "As PDF: Care in each arm" in text(admin_client, report_of(look))
    assert "As PDF: The outcome in each arm" in text(admin_client, report_of(look))
    bare = replace(EXPECTED, bounds=(), distributions=None, flow=None, scale_distributions=())
    words = Wording(look.version.written, "en")
    assert [name for name, _said in figures_of(bare, words)] == ["estimates"]


def test_look_with_nothing_to_estimate_is_drawn_all_the_same(admin_client: Client) -> None:
    study = launched(changed(hand_made_design(), {"plan.monitoring": Monitoring.ANYTIME}))
    complete(study, 1)
    close(study=study)
    look = spent(study, 2)
    assert {name: admin_client.get(figure_of(look, name)).status_code for name in FIGURES} == {
        "estimates": 200,
        "bounds": 404,  # at any time there are none
        "sequences": 200,
        "distributions": 200,
        "flow": 200,
        "arms": 404,  # the ledger knows nobody
    }


def test_plots_are_for_staff_who_may_view_looks(client: Client) -> None:
    look = hand_made_look()
    addresses = [
        reverse(f"admin:{name}", args=[look.pk, "bounds"])
        for name in ("analysis_look_figure", "analysis_look_pdf")
    ]
    user = User.objects.create_user("staff", is_staff=True)
    client.force_login(user)
    assert [client.get(address).status_code for address in addresses] == [403, 403]
    grant(user, "view_look")
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    assert client.get(figure_of(look, "nothing")).status_code == 404


@pytest.mark.parametrize(("name", "queries"), [("bounds", 5), ("flow", 4)])
def test_plots_take_a_fixed_number_of_statements(
    admin_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    queries: int,
) -> None:
    address = figure_of(hand_made_look(), name)
    admin_client.get(address)
    with django_assert_num_queries(queries):
        admin_client.get(address)


def test_pdf_names_by_its_code_what_its_font_can_not_draw() -> None:
    assert (drawable("Money − None · ±"), drawable("돈")) == (True, False)
    assert [named(kind, "돈", "money") for kind in ("svg", "pdf")] == ["돈", "money"]
    assert named("pdf", "Money", "money") == "Money"
    rows = [(each, row) for each in EXPECTED.contrasts for row in each.rows]
    assert [code_of(*row) for row in rows] == ["money_vs_none", "(money − none) × (high − low)"]


def adds_up(steps: list[Step]) -> bool:
    """Whether each box is the one before less those beside it."""
    return all(
        after.n == before.n - sum(n for _label, n in before.left)
        for before, after in pairwise(steps)
    )


STATES = {"completed": 20, "answering": 3, "withdrawn": 2, "refused": 2, "screened_out": 4}
LAST = [
    Step("Completed", 20, (("excluded by the plan", 2), ("completed after this look’s cut", 2))),
    Step("Analysed", 16),
]


def test_flow_tells_who_left_and_when() -> None:
    left = {
        "entered": {"refused": 2, "screened_out": 3, "answering": 1},
        "allocated": {"withdrawn": 1},
        "exposed": {"answering": 2, "screened_out": 1, "withdrawn": 1},
    }
    found = flow_steps(replace(EXPECTED, flow=Flow(STATES, 25, 23, 2, 16, left=left)))
    assert found == [
        Step("Entered", 31, (("refused", 2), ("screened out", 3), ("answering", 1))),
        Step("Allocated to an arm", 25, (("withdrawn", 1),)),
        # Who withdrew is no arm’s any more, and saw it all the same.
        Step("Saw the vignette", 24, (("screened out", 1), ("answering", 2), ("withdrawn", 1))),
        *LAST,
    ]
    assert adds_up(found)
    assert flow_steps(replace(EXPECTED, flow=None)) == []
    # Where nobody recorded exposure, who is still answering stands beside the box before.
    unseen = {"entered": left["entered"], "allocated": {"answering": 2, "withdrawn": 3}}
    found = flow_steps(replace(EXPECTED, flow=Flow(STATES, 25, None, 2, 16, left=unseen)))
    assert [step.label for step in found] == [
        *("Entered", "Allocated to an arm", "Completed", "Analysed"),
    ]
    assert adds_up(found)


def test_flow_of_a_look_that_kept_no_stages_claims_no_more_than_its_counts_tell() -> None:
    found = flow_steps(replace(EXPECTED, flow=Flow(STATES, 25, 23, 2, 16)))
    together = "screened out / answering / withdrawn"
    assert found == [
        Step("Entered", 31, (("refused", 2), (together, 4))),
        Step("Allocated to an arm", 25, ((together, 2),)),
        Step("Saw the vignette", 23, ((together, 3),)),
        *LAST,
    ]
    assert adds_up(found)
    # A rehearsal's, in which nobody but those who are answering is left: each box has its own.
    states = {"completed": 212, "answering": 20, "refused": 9}
    alone = flow_steps(replace(EXPECTED, flow=Flow(states, 225, 225, 0, 212)))
    assert [step.left for step in alone] == [
        (("refused", 9), ("answering", 7)),
        (),
        (("answering", 13),),
        *((), ()),
    ]
    # Before anybody was allocated there is one box.
    assert flow_steps(replace(EXPECTED, flow=Flow(STATES, None, None, 2, 16))) == [
        Step(
            "Entered",
            31,
            (("refused", 2), ("screened out", 4), ("answering", 3), ("withdrawn", 2)),
        ),
        *LAST,
    ]


@pytest.mark.parametrize("left", [None, {"entered": {"completed": 10}}])
def test_flow_has_no_box_that_some_completed_without(
    left: dict[str, dict[str, int]] | None,
) -> None:
    found = flow_steps(replace(EXPECTED, flow=Flow(STATES, 10, 10, 2, 16, left=left)))
    assert [step.label for step in found] == ["Entered", "Completed", "Analysed"]
    assert adds_up(found)


def test_many_values_are_counted_in_intervals() -> None:
    data = null_study(shipped_design(), 1, seed=1).first(300)
    few = distributions(data)
    assert sum(sum(each.counts) for each in few) == 300
    # Willingness is a mean of four items from 1 to 7.
    assert set(few[0].values) <= {1 + step / 4 for step in range(25)}
    spread = {data.design.plan.outcome: data.outcome + data.drawn["psm"] / 7}
    many = distributions(replace(data, drawn={**data.drawn, **spread}))
    assert isinstance(many[0], Distribution)
    assert len(many[0].values) == MOST_VALUES
    assert sum(sum(each.counts) for each in many) == 300
