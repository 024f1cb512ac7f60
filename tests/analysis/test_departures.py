"""What departs from what was announced: in order, with who and why, at the desk and as files."""

import csv
import io

import pytest
from pytest_django import DjangoAssertNumQueries

from analysis.departures import departures
from analysis.look_log import retry
from experiments.compiler import write_rows
from experiments.design import Limit, Quota
from experiments.launch import close, launch, pause, resume
from experiments.models import Study, StudyMove
from responses.exclusion_marks import mark
from responses.models import ExportRecord, Mode
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_failed_looks import failed
from tests.analysis.test_ordered_looks import order
from tests.changed import changed
from tests.designs import both, small
from tests.desk import desk, text_of
from tests.factories import PilotStudyFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/analysis/look/deviations/park/"


def relaunched(values: dict[str, object], reason: str, by: str = "ada") -> None:
    launch(study=write_rows(design=changed(small(), values)), reason=reason, by=by)


def eventful() -> Study:
    """A study in which everything departs that can."""
    study = failed()
    retry(study_id=study.pk, mode="live", number=1, actor="kim")
    spend(study, 1)
    quota = Quota("whole", (), (Limit((), 30),))
    relaunched({"quotas": (quota,), "plan.exclusions": ()}, "=Too many.")
    pause(study=study, by="bo")
    resume(study=study, by="ada")
    complete(study, 6, start=20)
    order(study)
    spend(study, 2)
    ExportRecord.objects.create(
        study=study, mode="live", unblinded=True, reason="The board asked.", actor="hana"
    )
    someone = study.participants.order_by("pk")[0].pk
    for reason in ("fault", ""):
        mark(
            study=study,
            mode=Mode.LIVE,
            people=[someone],
            reason=reason,
            words="The page broke.",
            actor="kim",
        )
    pause(study=study)
    close(study=study, by="bo")
    spend(study, 3)
    return study


def test_everything_that_departs_is_listed_with_who_and_why() -> None:
    study = eventful()
    moves = {move.kind: move.made_at for move in study.moves.all()}
    resumed = study.moves.get(kind="resume").made_at
    closed = moves["close"]
    found = departures(study)
    assert [(each.kind, each.by, each.said, each.reason) for each in found] == [
        (
            "failed look",
            "",
            "Look 1 failed: ProgrammingError: no room for … here",
            "",
        ),
        ("look run again", "kim", "Look 1 is to run again, said kim", ""),
        (
            "new version",
            "ada",
            "Version 2 was launched. It changes: who is excluded; quotas.",
            "=Too many.",
        ),
        (
            "pause",
            "bo",
            f"Nobody new could enter until {resumed:%Y-%m-%d %H:%M} UTC, when ada let people in "
            "again.",
            "",
        ),
        ("unplanned look", "kim", "Look 2, n = 26, is not in the plan.", "A complaint."),
        (
            "unblinded export",
            "hana",
            "An export showed arms before the study was closed.",
            "The board asked.",
        ),
        (
            "marks for exclusion",
            "kim",
            "1 participant was marked for exclusion by hand: a technical fault. The announced "
            "analysis counts them as before.",
            "The page broke.",
        ),
        (
            "marks for exclusion",
            "kim",
            "The mark of 1 participant was taken back.",
            "The page broke.",
        ),
        (
            "pause",
            "",
            f"Nobody new could enter until {closed:%Y-%m-%d %H:%M} UTC, when bo closed the study.",
            "",
        ),
        (
            "look off schedule",
            "",
            "Look 3 took 26 participants, and the plan says 40.",
            "",
        ),
    ]
    version = next(each for each in found if each.kind == "new version")
    assert [str(each) for each in version.found] == [
        "added quota whole",
        "changed plan, exclusions: failed_attention → –",
    ]
    client = desk()
    for each in found:
        assert not each.address or client.get(each.address).status_code == 200
    rows = list(csv.reader(io.StringIO(client.get(f"{PAGE[:-1]}.csv").content.decode())))
    assert rows[0] == ["at_utc", "kind", "what", "by", "reason", "differences"]
    assert len(rows) == 11
    assert rows[3][1:] == [
        "new version",
        "Version 2 was launched. It changes: who is excluded; quotas.",
        "ada",
        "'=Too many.",
        "added quota whole; changed plan, exclusions: failed_attention → –",
    ]
    text = client.get(f"{PAGE[:-1]}.md").content.decode()
    assert "\n  - added quota whole\n" in text
    assert client.get(f"{PAGE[:-1]}.docx").status_code == 404
    assert "10 deviations from what was announced" in text_of(client.get(PAGE))


@pytest.mark.parametrize("versions", [0, 1, 3])
def test_page_costs_the_same_however_many_versions(
    versions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    for number in range(versions):
        relaunched({"title": both(f"A park {number}", "공원")}, "A name.")
    client = desk("view_study")
    client.get(PAGE)
    # Session, account, its rights twice, the study; where its looks stand (6), moves, versions,
    # orders, events, looks, exports.
    with django_assert_num_queries(18):
        page = text_of(client.get(PAGE))
    if versions:
        assert "It changes: texts, questions or who may enter." in page
    else:
        assert "Nothing departs from what was announced" in page
        assert "There is none." in client.get(f"{PAGE[:-1]}.md").content.decode()
    link = client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    assert f'href="{PAGE}"' in link


def test_page_of_a_pilot_says_that_nothing_was_announced_and_strangers_see_none() -> None:
    PilotStudyFactory(slug="park")
    assert "is not launched, so there is nothing to depart from" in text_of(desk().get(PAGE))
    assert desk("view_factor").get(PAGE).status_code == 403


def test_moves_are_kept_with_who_made_them_and_stay() -> None:
    study = launch(study=write_rows(design=small()), pilot=True, by="ada").study
    launch(study=study, by="bo")
    launch(study=study, by="nobody, for nothing changed")
    pause(study=study, by="x" * 200)
    assert list(study.moves.values_list("kind", "version__number", "made_by")) == [
        ("pilot", 1, "ada"),
        ("launch", 2, "bo"),
        ("pause", None, "x" * 150),
    ]
    with pytest.raises(Exception, match="append-only"):
        StudyMove.objects.update(made_by="somebody")
