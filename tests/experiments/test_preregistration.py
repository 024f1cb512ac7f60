"""The text that a registry asks for: whole for a small study, and property by property."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from experiments.commitment import Commitment
from experiments.compiler import write_rows
from experiments.design import (
    Access,
    Design,
    DrawOrder,
    Exclusion,
    Limit,
    Method,
    Quota,
    Withdrawal,
)
from experiments.launch import launch
from experiments.models import Page, Plan, Study
from experiments.preregistration import preregistration
from experiments.preregistration.assignment import randomisation
from experiments.registering import register
from tests.changed import changed, drop
from tests.decks import deck_design
from tests.designs import small
from tests.experiments.test_commands import run
from tests.factories import LiveStudyFactory, StudyFactory

PARK = Path(__file__).with_name("park_preregistration.md").read_text(encoding="utf-8")
COMMITMENT = Commitment(1, "1a" * 32, datetime(2026, 11, 25, 12, 20, tzinfo=UTC), "2b" * 32)
STEP = "randomisations[0]"
BLOCKS = (
    "Method: permuted blocks of 4 or 8 positions, drawn at random. Each block holds every arm in "
    "proportion to its weight and is shuffled as a whole."
)


def section(text: str, title: str) -> str:
    """What stands under a heading."""
    return text.split(f"\n## {title}\n\n")[1].split("\n## ", maxsplit=1)[0].strip()


def told(design: Design) -> list[str]:
    """The properties of the first randomisation, without those that every one has."""
    return [line.removeprefix("- ") for line in randomisation(design, "en")[2].splitlines()][2:]


def test_text_of_a_launched_study_is_whole() -> None:
    assert preregistration(small(), COMMITMENT) == PARK


def test_draft_commits_to_nothing_yet() -> None:
    text = preregistration(small())
    assert re.search(r"\b[0-9a-f]{64}\b", text) is None
    assert text.splitlines()[2].startswith("Draft of the study `park`, which is not launched")
    same = text.split("## Research")[1].split("## What anybody")[0]
    assert same in PARK


def test_own_texts_are_in_the_language_asked_for() -> None:
    text = preregistration(small(), language="ko")
    assert text.startswith("# Preregistration: 공원\n")
    assert section(text, "Research question") == "보상이 도움이 되는가?"
    assert "- Money" not in text
    assert "> 공원.\n>\n> {reward}" in text
    assert section(text, "Smallest effect of interest").startswith("0.3 points of 의향 (`will`).")


@pytest.mark.parametrize(
    ("values", "properties"),
    [
        (
            {},
            [BLOCKS, "Stratified by “Your gender?” (`gender`): each value has a list of its own."],
        ),
        (
            {f"{STEP}.block_sizes": (4,), f"{STEP}.strata": ()},
            [BLOCKS.replace("4 or 8 positions, drawn at random", "4")],
        ),
        (
            {f"{STEP}.method": Method.SIMPLE, f"{STEP}.strata": ("gender", "education")},
            [
                "Method: simple. Each participant’s arm is drawn by itself with the shares above.",
                "Stratified by “Your gender?” (`gender`) and “Your schooling?” (`education`): each "
                "combination of values has a list of its own.",
            ],
        ),
        (
            {f"{STEP}.method": Method.COMPLETE, f"{STEP}.strata": ()},
            [
                "Method: complete. Of each 4 participants every arm gets its weight as a total, in "
                "one random order; when they are full another round begins."
            ],
        ),
        (
            {
                f"{STEP}.method": Method.MINIMISATION,
                f"{STEP}.covariates": ("gender", "education"),
                f"{STEP}.covariate_weights": (2, 1),
                f"{STEP}.strata": (),
            },
            [
                "Method: minimisation (Pocock & Simon 1975) over `gender` (weight 2) and "
                "`education` (weight 1), imbalance measured by the range. The arm that leaves the "
                "least imbalance is drawn with probability 0.8."
            ],
        ),
        (
            {f"{STEP}.method": Method.TOWARD_COMPLETES, f"{STEP}.coin": 0.7, f"{STEP}.strata": ()},
            [
                "Method: a biased coin. The arm that is shortest of completes, for its weight, is "
                "drawn with probability 0.7."
            ],
        ),
        (
            {
                f"{STEP}.method": Method.DECK,
                f"{STEP}.draws": 3,
                f"{STEP}.draw_order": DrawOrder.LATIN,
                f"{STEP}.deck_size": 4,
                f"{STEP}.impossible": ('reward == "none"', 'voice == "low"'),
                f"{STEP}.strata": (),
            },
            [
                "Method: a deck. Each participant is dealt 3 of these vignettes, none of them "
                "twice, in an order by the rows of Latin squares. They are the 4 that tell the "
                "main effects best.",
                'Left out as impossible: what satisfies `reward == "none"` or `voice == "low"`.',
            ],
        ),
        (
            {
                f"{STEP}.cluster": "school",
                f"{STEP}.assign_if": "motive1 > 2",
                f"{STEP}.reuse_after_minutes": 60,
                f"{STEP}.strata": (),
            },
            [
                BLOCKS,
                "In clusters: all participants with one value of `school` get one arm.",
                "Only for those who satisfy `motive1 > 2`; others get no arm, and see no page that "
                "shows one.",
                "The position of somebody who was never exposed, and sent nothing for 60 minutes, "
                "is given to somebody else.",
            ],
        ),
    ],
)
def test_each_property_of_a_randomisation_is_told(
    values: dict[str, Any], properties: list[str]
) -> None:
    assert told(changed(small(), values)) == properties


def test_unequal_weights_stand_in_a_table() -> None:
    design = changed(small(), {f"{STEP}.arms[0].weight": 2, f"{STEP}.arms[3].weight": 0})
    assert randomisation(design, "en")[1] == (
        "| arm | weight | share |\n|---|---|---|\n| `none.low` | 2 | 1/2 |\n"
        "| `none.high` | 1 | 1/4 |\n| `money.low` | 1 | 1/4 |\n| `money.high` | 0 | never drawn |"
    )


def test_who_may_take_part_is_told() -> None:
    limits = (Limit(("woman",), 50), Limit(("man",), 50))
    design = changed(
        small(),
        {
            "access": Access.PANEL,
            "pages[1].screen_out_if": "motive1 < 2",
            "pages[3].screen_out_if": "will1 < 2",
            "quotas": (Quota("by_gender", ("gender",), limits), Quota("all", (), (Limit((), 80),))),
        },
    )
    assert section(preregistration(design), "Participants") == (
        "Only those may enter whom a panel sends with its identifier; each of them once. The "
        "survey is in `en` and `ko`.\n\n"
        "- Screened out at `about`: who satisfies `motive1 < 2`.\n"
        "- Screened out at `opinion`, after the treatment: who satisfies `will1 < 2`.\n\n"
        "Places by `gender`; a cell that is not listed takes everybody:\n\n"
        "- Woman: 50\n- Man: 50\n\nNo more than 80 may take part."
    )


def test_bare_plan_says_what_it_leaves_out() -> None:
    values: dict[str, Any] = {
        "plan.covariates": (),
        "plan.associations": (),
        "plan.exclusions": (),
        "plan.looks": (1.0,),
        "plan.smallest_effect": None,
        "question": {},
        "withdrawal": Withdrawal.ASK,
    }
    text = preregistration(changed(small(), values))
    assert section(text, "Covariates and associations") == "No covariates."
    assert section(text, "Exclusions") == "Nobody who completed is left out."
    assert section(text, "Smallest effect of interest") == "None is announced."
    assert "The data are analysed once, at that size. Alpha is 0.05, two-sided" in text
    assert "\n## Research question\n" not in text
    assert "\n## When the study ends\n" not in text
    assert "Who withdraws says whether the answers so far are kept" in text
    assert "covariate’s missing value" not in text


def test_check_after_the_treatment_says_so() -> None:
    attention = small().item("attention")
    values = {
        "pages[1].items": drop(4),
        "pages[3].items": lambda items: (*items, attention),
        "plan.post_treatment_exclusions": ("attention",),
        "plan.exclusions": (Exclusion.FAILED_ATTENTION,),
    }
    text = preregistration(changed(small(), values))
    rule = "`attention` (right is `2`, asked after the treatment)"
    assert section(text, "Exclusions").endswith(f"- Who failed an attention check: {rule}.")


@pytest.mark.django_db
def test_command_writes_the_version_in_force() -> None:
    study = LiveStudyFactory(slug="park")
    version = study.live_version
    assert version is not None
    Plan.objects.update(sample_size=80)
    commitment = Commitment(1, version.digest, version.launched_at, study.seed_sha256)
    assert run("preregistration", "park") == (preregistration(small(), commitment), "")
    draft, _ = run("preregistration", "park", "--draft", "--language", "ko")
    assert draft == preregistration(changed(small(), {"plan.sample_size": 80}), language="ko")


@pytest.mark.django_db
def test_command_says_why_there_is_no_text() -> None:
    StudyFactory(slug="park")
    with pytest.raises(CommandError, match="not launched yet: ask for a draft, or launch it"):
        call_command("preregistration", "park")
    with pytest.raises(CommandError, match="park has no texts in de; it has en, ko"):
        call_command("preregistration", "park", "--draft", "--language", "de")
    Page.objects.filter(code="thanks").delete()
    with pytest.raises(CommandError, match="The last page is not the end"):
        call_command("preregistration", "park", "--draft")


@pytest.mark.django_db
def test_deck_is_registered_as_it_was_written() -> None:
    study = write_rows(design=deck_design())
    # All but the head, which says what the launch committed to.
    draft = register(study, draft=True).text.split("\n## ")[2:]
    launch(study=study)
    text = register(Study.objects.get()).text
    assert "reward_1" not in text
    assert [part for part in text.split("\n## ") if part in draft]
    assert "deck_2" not in text
