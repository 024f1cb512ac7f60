"""Data and codebook over the API: the desk's files, recorded, and never unblinded."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries, Settings

from experiments.models import Status, Study
from responses.models import ExportRecord
from tests.analysis.api.asking import ask, content, token, told
from tests.responses.export.reading import export, rows
from tests.responses.export.rows import completed, launched

pytestmark = pytest.mark.django_db(transaction=True)

# What tells an arm.
TELLING = ("reward", "voice", "arm", "probability", "position", "noticed")


@pytest.fixture
def study(settings: Settings, tmp_path: Path) -> Study:
    settings.EXPORT_ROOT = tmp_path / "exports"
    study = launched()
    completed(study, 1, "money.high", first_look=1)
    completed(study, 2, "money.low")
    return study


def recorded() -> list[tuple[object, ...]]:
    names = ("mode", "format", "tables", "actor", "unblinded", "reason")
    return list(ExportRecord.objects.order_by("pk").values_list(*names))


def test_export_is_the_desks_file_and_recorded_as_the_owners(study: Study) -> None:
    response = ask(token(study), "park/export")
    assert content(response).decode() == export(study)
    assert recorded()[0] == ("live", "csv", "participants", "hana", False, "")
    number = ExportRecord.objects.earliest("pk").pk
    names = ("Content-Type", "Content-Location", "Accept-Ranges", "Cache-Control")
    assert (response.status_code, *(response[name] for name in names)) == (
        200,
        "text/csv; charset=utf-8; header=present",
        f"/api/v1/studies/park/exports/{number}",
        "none",
        "no-store",
    )
    assert not response.cookies


def test_export_states_whom_it_has(study: Study) -> None:
    text = token(study)
    ask(text, "park/export")
    number = ExportRecord.objects.earliest("pk").pk
    stated = ask(text, f"park/exports/{number}/statement").json()
    assert stated.pop("stated_at")
    assert stated == {
        "study": "park",
        "mode": "live",
        "flows": [
            {
                "version": 1,
                "entered": 2,
                "consented": 2,
                "refused": 0,
                "screened_out": 0,
                "quota_full": 0,
                "left_before_consent": 0,
            }
        ],
        "assigned": [
            {
                "version": 1,
                "randomisation": "main",
                "assigned": 2,
                "exported": 2,
                "withdrawn": 0,
                "given_again": 0,
            }
        ],
        "rows": {"participants": 2},
    }
    never_whole = ExportRecord.objects.create(study=study, mode="live", actor="hana", format="csv")
    others = ExportRecord.objects.create(study=study, mode="live", actor="minho", format="csv")
    for other in (never_whole.pk, others.pk):
        assert told(ask(text, f"park/exports/{other}/statement"))[0] == 404


def test_arms_outside_a_spent_look_are_secret_until_the_close(study: Study) -> None:
    text = token(study)
    seen, secret = rows(content(ask(text, "park/export")).decode())
    assert [seen[name] for name in TELLING[:3]] == ["money", "high", "money.high"]
    assert [secret[name] for name in TELLING] == [None] * len(TELLING)
    Study.objects.update(status=Status.CLOSED)
    _seen, open_now = rows(content(ask(text, "park/export")).decode())
    assert open_now["arm"] == "money.low"


@pytest.mark.parametrize("asked", ["unblind=true", "unblind=true&reason=why", "reason=why"])
def test_nobody_unblinds_over_the_api(study: Study, asked: str) -> None:
    user = User.objects.create_superuser("root")
    response = ask(token(study, user=user), f"park/export?{asked}")
    assert told(response)[0] == 422
    assert recorded() == []


def test_file_of_an_export_that_unblinded_is_not_given(study: Study) -> None:
    text = token(study)
    ask(text, "park/export")
    (record,) = ExportRecord.objects.all()
    unblinded = ExportRecord.objects.create(
        study=study, mode="live", actor="hana", unblinded=True, reason="harm", format="csv"
    )
    others = ExportRecord.objects.create(study=study, mode="live", actor="minho", format="csv")
    for number in (unblinded.pk, others.pk, record.pk + 1000, 2**63 - 1):
        assert told(ask(text, f"park/exports/{number}"))[0] == 404
    assert ask(text, f"park/exports/{2**63}").status_code == 422


def test_download_that_broke_off_goes_on(study: Study) -> None:
    text = token(study)
    first = ask(text, "park/export")
    whole, place = content(first), first["Content-Location"].removeprefix("/api/v1/studies/")
    rest = ask(text, place, Range="bytes=100-")
    assert (rest.status_code, content(rest)) == (206, whole[100:])
    assert content(ask(text, place)) == whole
    beyond = ask(text, place, Range="bytes=999999-")
    assert (told(beyond)[0], beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")
    # Made anew it would be another file.
    again = ask(text, "park/export", Range="bytes=100-")
    assert (again.status_code, len(content(again))) == (200, len(whole))


def test_formats_tables_and_options_are_the_desks(study: Study) -> None:
    text = token(study)
    tsv = content(ask(text, "park/export?format=tsv&table=answers&bom=true")).decode()
    assert tsv.startswith("\ufeffparticipant\t")
    assert content(ask(text, "park/export?format=sqlite")).startswith(b"SQLite format 3\x00")
    two = "park/export?format=sqlite&table=answers&table=participants"
    assert ask(text, two).status_code == 200
    assert [each[1:3] for each in recorded()] == [
        ("tsv", "answers"),
        ("sqlite", "participants answers vignettes submissions paradata"),
        ("sqlite", "participants answers"),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "format=exe",
        "table=users",
        "table=answers&table=paradata",
        "mode=all",
        "language=../../x",
        "mod=pilot",
        "bom=maybe",
    ],
)
def test_export_that_there_is_none_of_is_refused_unrecorded(study: Study, asked: str) -> None:
    assert told(ask(token(study), f"park/export?{asked}"))[0] == 422
    assert recorded() == []


def test_wrong_parameter_is_named(study: Study) -> None:
    problem = ask(token(study), "park/export?table=answers&table=users&mode=all").json()
    assert [each["where"] for each in problem["errors"]] == ["mode", "table"]


def test_draft_has_nothing_to_export(study: Study) -> None:
    draft = Study.objects.create(slug="draft", title={"en": "D"}, languages=["en"])
    status, detail, remedy = told(ask(token(draft), "draft/export"))
    assert (status, remedy) == (409, "Launch the study first.")
    assert detail == "The study draft was never launched: it has no data."
    assert told(ask(token(draft), "draft/codebook"))[0] == 409


@pytest.mark.parametrize(
    ("name", "kind", "begins"),
    [
        ("jsonld", "application/ld+json", b"{"),
        ("md", "text/markdown; charset=utf-8", b"# "),
        ("ddi", "application/xml", b"<?xml"),
    ],
)
def test_codebook_is_the_desks_and_recorded(
    study: Study, name: str, kind: str, begins: bytes
) -> None:
    response = ask(token(study), f"park/codebook?format={name}")
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert response.content.startswith(begins)
    assert recorded() == [("live", f"codebook_{name}", "participants", "hana", False, "")]


def test_statements_of_an_export_are_few(
    study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text = token(study)
    ask(text, "park/panel/x")
    with django_assert_num_queries(17):
        ask(text, "park/export")
