"""A look's downloads: its results for programs, and what the scripts that redo it hold."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.integrity_results import ArmFlow, StepIntegrity
from analysis.models import Look
from analysis.redo import look_json, python_script, r_literal, r_script
from analysis.redo_facts import Arms, Facts, NoScriptError, Row, redo_facts
from analysis.redo_integrity import Excluding, Ledger, ledgers
from analysis.redo_looks import Seen, Spent
from analysis.redo_numbers import refused_numbers
from analysis.redo_sources import Check, Moderator, ScaleSource, Source
from analysis.redo_vignettes import Vignettes
from analysis.results import Adjustment, Clustering, Results
from experiments.design import Design
from experiments.expansion import expanded
from experiments.launch import close
from tests.analysis.hand_made import EXPECTED
from tests.analysis.studies import complete, launched, spend
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.desk import grant

DICTIONARY = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
KINDS = ("json", "numbers.csv", "py", "R")


def adjusting() -> Design:
    """`small()` that adjusts for a scale, an ordered and a nominal item."""
    return changed(small(), {"plan.covariates": ("motive", "education", "gender")})


def download_of(look: Look, kind: str) -> str:
    return reverse("admin:analysis_look_download", args=[look.pk, kind])


def facts(results: Results) -> Facts:
    design = adjusting()
    looks = [Spent(1, 32, results)]
    until = datetime(2026, 11, 26, 9, tzinfo=UTC)
    return redo_facts(design, expanded(design), mode="live", looks=looks, seed=b"seed", until=until)


def test_facts_are_those_of_the_design_and_of_what_the_look_adjusted_for() -> None:
    columns = ("motive", "gender=man")
    adjusted = replace(EXPECTED, adjustment=Adjustment(columns, ("gender=x",)))
    likert = tuple("1234567")
    motive = Source("motive", "mean", ("motive1", "motive2"), (False, True), likert[:5])
    gender = Source("gender=man", "option", ("gender",), code="man")
    arms = ("none.low", "none.high", "money.low", "money.high")
    items = (("motive1", "motive2"), (False, True), likert[:5])
    assert facts(adjusted) == Facts(
        *("park", "live", 1, 16, "2026-11-26T09:00:00.000000Z", (Excluding("attention", "2"),)),
        announced="unadjusted",
        errors="HC2",
        bounded=True,
        final=False,
        alpha=0.05,
        spending="obrien_fleming",
        spending_parameter=0.0,
        multiplicity="holm",
        equivalence="",
        equivalence_alpha=0.05,
        equivalence_multiplicity="none",
        smallest_effect=0.3,
        odds="",
        ends=(1.0, 7.0),
        looks=(Seen(1, EXPECTED.bounds[-1].fraction, 32, columns),),
        coming=(1.0,),
        open=("money_vs_none",),
        stopped=False,
        outcome=Source("will", "mean", ("will1", "will2"), (False, False), likert),
        covariates=(motive, gender),
        randomisations=(
            Arms(
                *("main", "arm", "probability", "stratum", "", arms),
                {arm: dict(zip(("reward", "voice"), arm.split("."), strict=True)) for arm in arms},
                {},
            ),
        ),
        vignettes=None,
        rows=(
            Row(
                "money_vs_none", "money - none", "reward", "primary", "main", (-0.5, -0.5, 0.5, 0.5)
            ),
            Row(
                *("reward_by_voice", "money - none x high - low", "", "primary", "main"),
                (1.0, -1.0, -1.0, 1.0),
            ),
        ),
        scales=(
            ScaleSource("motive", "", *items),
            ScaleSource("care", "motive", *items),
            ScaleSource("will", "", ("will1", "will2"), (False, False), likert),
        ),
        checks=(Check("noticed", "reward", ("none", "money")),),
        associations=(motive, replace(motive, name="care")),
        moderators=(
            Moderator(motive, (), (gender,)),
            Moderator(replace(motive, name="care"), (), (gender,)),
        ),
        refused=refused_numbers(adjusted),
        seed=b"seed".hex(),
        redraws=(),
        ledgers=(),
    )


def test_clusters_that_the_version_does_not_name_have_no_script() -> None:
    results = replace(EXPECTED, clustering=(Clustering("main", "main", 4),))
    with pytest.raises(NoScriptError, match="does not name the clusters"):
        facts(results)


def test_facts_name_the_columns_of_each_vignette() -> None:
    design = deck_design()
    looks = [Spent(1, 32, EXPECTED)]
    told = redo_facts(design, expanded(design), mode="live", looks=looks, seed=b"seed")
    held = ("arm", "probability", "stratum", "position")
    codes = ("reward", "voice", "will1", "will2", "noticed", "comment")
    assert told.vignettes == Vignettes(
        deck="deck",
        asked=codes[2:],
        draws=(
            {code: f"{code}_1" for code in codes} | {name: name for name in held},
            {code: f"{code}_2" for code in codes} | {name: f"{name}_2" for name in held},
        ),
    )
    assert [step.column for step in told.randomisations] == ["arm"]
    assert [scale.repeats for scale in told.scales] == [False, False, True]
    assert [check.repeats for check in told.checks] == [True]


def test_facts_name_where_files_have_the_rows_of_each_draw_that_was_tested() -> None:
    design = deck_design()
    deck = design.randomisations[0]
    tested = tuple(
        StepIntegrity(f"deck_{draw}", (2, 3), deck.method, (ArmFlow("a", 1, 2, 0, 2, 2),), (), ())
        for draw in (1, 2)
    )
    told = ledgers(replace(EXPECTED, integrity=tested), {2: design, 3: design})
    first, second = ("stratum", "position"), ("stratum_2", "position_2")
    covariates = next(iter(told)).covariates
    assert tuple(ledgers(replace(EXPECTED, integrity=tested), {2: design, 3: design})) == tuple(
        Ledger(
            *(f"integrity/deck_{draw}/2+3", "deck", draw, False, (2, 3), ("a",), (1,)),
            holders={"2": columns, "3": columns},
            covariates=covariates,
        )
        for draw, columns in ((1, first), (2, second))
    )


def test_r_writes_lists_vectors_texts_and_truths() -> None:
    told = {"name": 'a "b"', "flags": (True, False), "rows": ({"w.1": (0.5, -1)},), "none": ()}
    assert r_literal(told) == (
        'list(\n  name = "a \\"b\\"",\n  flags = c(TRUE, FALSE),\n'
        '  rows = list(\n    list(\n      "w.1" = c(0.5, -1)\n    )\n  ),\n  none = c()\n)'
    )


@pytest.mark.django_db
def test_scripts_hold_the_design_and_name_the_study_once() -> None:
    study = launched(adjusting())
    complete(study, 20)
    look = spend(study, 1)
    python, r = python_script(look), r_script(look)
    compile(python, "look.py", "exec")
    for part in (
        'columns = c("motive1", "motive2"),\n      reverse = c(FALSE, TRUE),',
        'arms = c("none.low", "none.high", "money.low", "money.high")',
        "weights = c(-0.5, -0.5, 0.5, 0.5)",
        'errors = "HC2"',
    ):
        assert part in r
    assert "'weights': (-0.5, -0.5, 0.5, 0.5)" in python
    for script in (python, r):
        assert "&quot;" not in script
        assert "look 1 of park (live)" in script


@pytest.mark.django_db
def test_json_has_the_keys_that_the_data_dictionary_explains() -> None:
    study = launched()
    complete(study, 20)
    look = spend(study, 1)
    look.refresh_from_db()
    told = json.loads(look_json(look))
    assert (told["format"], told["look"], told["cut_digest"]) == (1, 1, look.cut_digest)
    assert told["results"].keys() == {field.name for field in fields(Results)}
    text = DICTIONARY.read_text()
    keys = {*told, *told["results"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


@pytest.mark.django_db
def test_json_tells_no_arm_beyond_the_cut_until_the_study_is_closed() -> None:
    study = launched()
    complete(study, 20)
    look = spend(study, 1)
    look.refresh_from_db()
    collecting = json.loads(look_json(look))
    close(study=study)
    look = Look.objects.get(pk=look.pk)
    closed = json.loads(look_json(look))
    assert (collecting["blinded"], collecting["results"]["integrity"]) == (True, None)
    assert collecting["results"]["missing"]["contrasts"][0]["allocated"]["why_not"]["reason"] == (
        "blinded"
    )
    assert (closed["blinded"], closed["results"]) == (False, look.results)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_downloads_are_for_those_who_may_view_looks_and_export_data(
    client: Client, kind: str
) -> None:
    study = launched()
    complete(study, 20)
    look = spend(study, 1)
    user = User.objects.create_user("hana", is_staff=True)
    client.force_login(user)
    page = reverse("admin:analysis_look_change", args=[look.pk])
    granted: list[str] = []
    for name in ("view_look", "export_data"):
        assert client.get(download_of(look, kind)).status_code == 403
        grant(user, *(granted := [*granted, name]))
        linked = download_of(look, kind) in client.get(page).content.decode()
        assert linked == (name == "export_data")
    response = client.get(download_of(look, kind))
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="park_live_look_1.{kind}"'


@pytest.mark.django_db
def test_downloads_take_a_fixed_number_of_statements(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    complete(study, 20)
    look = spend(study, 1)
    admin_client.get(download_of(look, "json"))
    # Scripts and their numbers ask for the looks before.
    for kind, statements in (("json", 4), ("numbers.csv", 5), ("py", 5), ("R", 5)):
        with django_assert_num_queries(statements):
            admin_client.get(download_of(look, kind))
    assert admin_client.get(download_of(look, "csv")).status_code == 404
