"""A look's downloads: its results for programs, and the scripts that redo its contrasts."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.models import Look
from analysis.redo import look_json, python_script, r_literal, r_script
from analysis.redo_facts import Arms, Facts, NoScriptError, Row, Source, redo_facts
from analysis.results import Adjustment, Clustering, Results, from_builtins
from experiments.design import Design
from experiments.expansion import expanded
from experiments.launch import close
from responses.models import Participant
from tests.analysis.hand_made import EXPECTED
from tests.analysis.studies import complete, launched, spend
from tests.changed import changed
from tests.designs import small
from tests.responses.export.reading import export

DICTIONARY = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
KINDS = ("json", "py", "R")


def adjusting() -> Design:
    """`small()` that adjusts for a scale, an ordered and a nominal item."""
    return changed(small(), {"plan.covariates": ("motive", "education", "gender")})


def download_of(look: Look, kind: str) -> str:
    return reverse("admin:analysis_look_download", args=[look.pk, kind])


def facts(results: Results) -> Facts:
    design = adjusting()
    return redo_facts(design, expanded(design), results, mode="live", look=1)


def test_facts_are_those_of_the_design_and_of_what_the_look_adjusted_for() -> None:
    adjusted = replace(EXPECTED, adjustment=Adjustment(("motive", "gender=man"), ("gender=x",)))
    likert = tuple("1234567")
    assert facts(adjusted) == Facts(
        *("park", "live", 1, 16, ("failed_attention",)),
        outcome=Source("will", "mean", ("will1", "will2"), (False, False), likert),
        covariates=(
            Source("motive", "mean", ("motive1", "motive2"), (False, True), likert[:5]),
            Source("gender=man", "option", ("gender",), code="man"),
        ),
        randomisations=(Arms("main", "arm", ("none.low", "none.high", "money.low", "money.high")),),
        rows=(
            Row("money_vs_none", "money - none", "main", (-0.5, -0.5, 0.5, 0.5)),
            Row("reward_by_voice", "money - none x high - low", "main", (1.0, -1.0, -1.0, 1.0)),
        ),
    )


def test_rows_that_err_together_have_no_script() -> None:
    for results in (
        replace(EXPECTED, vignettes=32),
        replace(EXPECTED, clustering=(Clustering("main", "school", 4),)),
    ):
        with pytest.raises(NoScriptError, match="rows err each for themselves"):
            facts(results)


def test_r_writes_lists_vectors_texts_and_truths() -> None:
    told = {"name": 'a "b"', "flags": (True, False), "rows": ({"w": (0.5, -1)},), "none": ()}
    assert r_literal(told) == (
        'list(\n  name = "a \\"b\\"",\n  flags = c(TRUE, FALSE),\n'
        "  rows = list(\n    list(\n      w = c(0.5, -1)\n    )\n  ),\n  none = c()\n)"
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
        'column = "arm",\n      arms = c("none.low", "none.high", "money.low", "money.high")',
        "weights = c(-0.5, -0.5, 0.5, 0.5)",
        'se_type = "HC2"',
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
    for name in ("view_look", "export_data"):
        assert client.get(download_of(look, kind)).status_code == 403
        user.user_permissions.add(Permission.objects.get(codename=name))
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
    for kind in KINDS:
        with django_assert_num_queries(4):
            admin_client.get(download_of(look, kind))
    assert admin_client.get(download_of(look, "csv")).status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_python_script_redoes_the_look_from_the_exported_file(tmp_path: Path) -> None:
    study = launched(changed(adjusting(), {"plan.sample_size": 300}))
    people = complete(study, 150, failed=[3, 40])
    for place in (7, 19):
        Participant.objects.filter(pk=people[place].pk).update(
            answers=people[place].answers | {"will1": None, "motive2": None}
        )
    complete(study, 20, start=150)
    look = spend(study, 1)
    complete(study, 30, start=170)
    script, data = tmp_path / "look.py", tmp_path / "park.csv"
    script.write_text(python_script(look))
    data.write_text(export(study), newline="")
    done = subprocess.run(
        [sys.executable, script, data], capture_output=True, text=True, check=True
    )
    found = {
        (row["contrast"], row["row"], row["analysis"]): row
        for row in csv.DictReader(io.StringIO(done.stdout))
    }
    look.refresh_from_db()
    expected = {
        (contrast.code, " x ".join(f"{p.level} - {p.against}" for p in row.pairs), name): value
        for contrast in from_builtins(look.results).contrasts
        for row in contrast.rows
        for name, value in (
            ("unadjusted", row.unadjusted.value),
            ("adjusted", row.adjusted.value),
        )
    }
    assert (set(found), done.stderr) == (set(expected), "")
    for key, value in expected.items():
        assert value
        for name in ("n", "estimate", "se", "df", "p", "low", "high"):
            # Both are least squares by QR in double precision; only the order of sums differs.
            assert float(found[key][name]) == pytest.approx(getattr(value, name), rel=1e-10)
