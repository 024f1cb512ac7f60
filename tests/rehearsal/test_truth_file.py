"""A truth file says every problem at once, at its line; what is read is written back the same."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from experiments.design import Design
from rehearsal.default_truth import default_truth
from rehearsal.truth import Arrivals, Clusters, Leaving, Pattern, Style, Trait, Truth
from rehearsal.truth_file import LARGEST_TRUTH, dump_truth, parse_truth
from rehearsal.truth_problems import truth_problems
from tests.designs import small
from tests.rehearsal.every_design import EVERY
from tests.simulation.simulated import shipped_design

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
DOCS = ROOT / "docs" / "rehearsal.md"


def _told(text: str, design: Design) -> list[str]:
    parsed = parse_truth(text, design)
    assert parsed.truth is None
    return [f"{each.line} {each.path}: {each}" for each in parsed.problems]


def test_truth_file_tells_every_problem_at_its_line() -> None:
    told = _told((HERE / "wrong_truth.yaml").read_text(), shipped_design())
    assert told == (HERE / "wrong_truth.txt").read_text().splitlines()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# nothing\n", ["1 : The file is empty. — Begin with `traits:`."]),
        ("#" * (LARGEST_TRUTH + 1), ["1 : The truth is larger than 256 KB. — Shorten it."]),
        ("#" * LARGEST_TRUTH, ["1 : The file is empty. — Begin with `traits:`."]),
        (
            "traits: 3",
            ["1 traits: traits is no set of codes. — Write one `code: …` line for each."],
        ),
        (
            "traits:\n  psm: {mean: 3}",
            ["2 traits.psm.sd: traits.psm lacks the key sd. — Add `sd: …`."],
        ),
        (
            "styles: {spede: 0.1}\nopen: x",
            [
                "1 styles.spede: styles.spede can't be “spede”. — Did you mean speeder? Known are: "
                "careful, reader, acquiescent, straightliner, speeder, careless.",
                "2 open: open is no number. — Write one such as 0.05.",
            ],
        ),
        ("open: &a 0.1", ["1 open: Anchors and aliases are not read. — Write the value out."]),
    ],
)
def test_truth_file_tells_what_cannot_be_read(text: str, told: list[str]) -> None:
    assert _told(text, shipped_design()) == told


def test_truth_tells_what_no_answers_can_be_like() -> None:
    design = small()
    truth = Truth(traits={"will": Trait(4.0, 1.0), "motive": Trait(3.0, 0.9)})
    wanting = {
        "traits.will.sd": replace(truth, traits={"will": Trait(6.9, 1.5)}),
        "effects.will": replace(truth, effects={"will": {"reward.money": 3.5}}),
        "slopes.will": replace(truth, slopes={"will": {"gender.man": 3.0}}),
    }
    told = {path: [p.path for p in truth_problems(design, one)] for path, one in wanting.items()}
    assert told == {path: [path] for path in wanting}
    kitchen = next(each for each in EVERY if each.study == "kitchen_sink")
    shares = Truth(effects={"sign": {"run_by.residents": 0.6}})
    assert [p.path for p in truth_problems(kitchen, shares)] == ["effects.sign"]
    tied = {"will*motive": 0.9, "will*education": 0.9, "motive*education": -0.9}
    assert [each.path for each in truth_problems(design, replace(truth, correlations=tied))] == [
        "correlations"
    ]


def test_truth_comes_back_from_its_file() -> None:
    truth = Truth(
        traits={"psm": Trait(3.6, 0.5, 0.85, 0.7, {"psm_ss1": 0.5}), "wtc": Trait(4.4, 1.3)},
        correlations={"psm*wtc": 0.4},
        effects={"wtc": {"reward.monetary*legitimacy.high": -0.25}},
        slopes={"wtc": {"education.5": 0.3}},
        shares={"gender": {"woman": 0.5, "prefer_not_to_say": 0.02}},
        styles={Style.READER: 0.1},
        leaving=Leaving(0.01, {"scenario": 0.1}, {"reward.none": 2.0}, 0.5),
        languages={"en": 0.5, "ko": 0.5},
        devices={"phone": 1.0},
        duplicates=0.02,
        clusters={"prolific_study": Clusters(8, 0.1)},
        arrivals=Arrivals(5.0, Pattern.BURST),
    )
    parsed = parse_truth(dump_truth(truth), shipped_design())
    assert (parsed.truth, parsed.problems) == (truth, ())
    assert parse_truth(dump_truth(Truth()), shipped_design()).truth == Truth()


@pytest.mark.parametrize("design", EVERY, ids=lambda design: design.study)
def test_default_truth_of_any_design_is_a_file_without_problems(design: Design) -> None:
    truth = default_truth(design)
    parsed = parse_truth(dump_truth(truth), design)
    assert (parsed.truth, parsed.problems) == (truth, ())


def test_shipped_truth_has_no_problems_and_says_what_the_paper_found() -> None:
    design = shipped_design()
    parsed = parse_truth((ROOT / "studies" / "coproduction.truth.yaml").read_text(), design)
    assert parsed.problems == ()
    truth = parsed.truth
    assert truth
    little = design.plan.smallest_effect
    assert little
    assert all(abs(each) < little / 2 for each in truth.effects["wtc"].values())
    assert all(abs(each) < little / 2 for each in truth.slopes["wtc"].values())
    assert truth.correlations["psm*wtc"] > 0.3
    assert truth.traits["wtc"].sd == design.plan.outcome_sd


@pytest.mark.parametrize("thing", [Truth, Trait, Leaving, Arrivals, Clusters])
def test_docs_explain_every_key_and_no_other(thing: type) -> None:
    title = "The keys" if thing is Truth else f"`{thing.__name__.lower()}`"
    section = re.search(rf"^#+ {title}.*?\n(.*?)(?=^#|\Z)", DOCS.read_text(), re.M | re.S)
    assert section, title
    listed = re.findall(r"^\| `(\w+)` \|", section[1], re.M)
    assert listed == [field.name for field in fields(thing)]


def test_docs_explain_every_style_and_pattern() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(), re.M)
    assert {*Style, *Pattern} <= set(listed)
