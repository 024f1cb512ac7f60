"""The desk's page on integrity, and `manage.py integrity`: what they show, and to whom."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from experiments.launch import close
from experiments.models import Study
from experiments.rowwriting import write_rows
from tests.analysis.audited import allocated, audited_design, leaky
from tests.analysis.looking import main, text
from tests.analysis.studies import launched
from tests.designs import small
from tests.desk import grant

pytestmark = pytest.mark.django_db

PAGE = "/admin/analysis/look/study/park/integrity/"
NAMES = ("Money", "None", "money", "none.low", "High", "high", "Low")


def closed() -> Study:
    """The eighty, with the study closed."""
    study = launched(audited_design())
    leaky(study)
    close(study=study)
    return study


def test_page_of_a_closed_study_shows_all_by_arm(admin_client: Client) -> None:
    closed()
    shown = text(admin_client, PAGE)
    for part in (
        "80 allocations in 1 lists replay; 80 are linked to participants.",
        "Randomisation main, version 1",
        "Money · High 20 20 5 0 0: 0.0% [0.0, 16.1] 15: 75.0% [53.1, 88.8] 15: 75.0% [53.1, 88.8]",
        "Lost after exposure 16.00 3 .001 80 chi-square",
        "Lost before exposure not estimable: the values do not vary – – – –",
        "Each p is for one reading, and the three are not corrected for one another.",
        "Completed 6.00 3 .112 50 chi-square .636",
        "Under blocking, counts at assignment balance by construction; this tests who was still "
        "there.",
        "Money · High 25.0% 20: 25.0%",
        "Covariates by arm: assigned",
        "Your schooling? 1.50 (0.51; 20) 1.50 (0.51; 20), d = 0.00 1.50 (0.51; 20), d = 0.00 1.75 "
        "(0.44; 20), d = 0.52",
        "Your gender? Man 0.00 (0.00; 20) 0.00 (0.00; 20), d not estimable: the values do not vary",
        "Assigned 3.76 3 .288 80 chi-square",
    ):
        assert part in shown
    assert re.findall(r"<script|<style|style=|onclick|https?://", main(admin_client, PAGE)) == []


def test_page_tells_no_arm_while_the_study_collects(admin_client: Client) -> None:
    leaky(launched(audited_design()))
    shown = text(admin_client, PAGE)
    for part in ("Assigned 80 –", "Exposed 80 none", "Completed 50 none", "All tables come once"):
        assert part in shown
    words = re.sub(r"<[^>]*>", " ", main(admin_client, PAGE))
    assert [name for name in NAMES if re.search(rf"\b{name}\b", words)] == []


def test_page_names_no_row_of_an_edited_ledger_while_arms_are_secret(admin_client: Client) -> None:
    study = launched(audited_design())
    allocated(study, 4)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        cursor.execute("UPDATE responses_allocation SET arm = 'money.low' WHERE position < 2")
    shown = text(admin_client, PAGE)
    assert "The ledger does not replay. verify_allocation says which row" in shown
    assert "money.low" not in shown
    with pytest.raises(CommandError, match="There is no ledger that replays"):
        call_command("integrity", "park")


def test_page_of_a_draft_or_an_empty_mode_says_so(admin_client: Client) -> None:
    write_rows(design=small(study="draft"))
    address = reverse("admin:analysis_integrity", args=["draft"])
    assert "draft was not launched yet: there is nothing to replay." in text(admin_client, address)
    launched(audited_design())
    nobody = text(admin_client, f"{PAGE}?mode=pilot")
    assert "Nobody was allocated in this mode yet." in nobody
    # Nothing stands below that tests anything.
    assert "not that people stayed." in nobody
    assert "tested below" not in nobody
    assert admin_client.get(PAGE.replace("park", "nowhere")).status_code == 404


def test_page_is_for_staff_who_may_view_looks(client: Client) -> None:
    launched(audited_design())
    assert client.get(PAGE)["Location"] == f"{reverse('admin:login')}?next={PAGE}"
    user = User.objects.create_user("staff", is_staff=True)
    client.force_login(user)
    assert client.get(PAGE).status_code == 403
    grant(user, "view_look")
    assert client.get(PAGE).status_code == 200
    progress = client.get(reverse("admin:analysis_progress", args=["park"]))
    assert PAGE in progress.content.decode()


@pytest.mark.parametrize("participants", [1, 3])
@pytest.mark.parametrize("is_closed", [False, True])
def test_page_takes_a_fixed_number_of_statements(
    participants: int,
    is_closed: bool,
    admin_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study = launched(audited_design())
    allocated(study, participants)
    if is_closed:
        close(study=study)
    # The study; its versions and kinds of rows, and how they are joined, twice. The replay's
    # savepoint and its end, lists, rows and head of the one list, count, ledger, versions and
    # participants. What comes by COPY isn't counted: the ledger with its holders and, once closed,
    # what they said.
    with django_assert_num_queries(16):
        admin_client.get(PAGE)


def test_command_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    closed()
    call_command("integrity", "park")
    shown = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    for line in (
        "80 allocations in 1 lists replay; 80 are linked to participants.",
        "RANDOMISATION MAIN, VERSION 1",
        "Lost after exposure 16.00 3 .001 80 chi-square",
        "Completed 6.00 3 .112 50 chi-square .636",
        "Assigned 3.76 3 .288 80 chi-square",
    ):
        assert line in lines
    call_command("integrity", "park", "--mode", "pilot")
    assert "Nobody was allocated in this mode yet." in capsys.readouterr().out


def test_command_tells_no_arm_while_the_study_collects(capsys: pytest.CaptureFixture[str]) -> None:
    leaky(launched(audited_design()))
    call_command("integrity", "park")
    shown = capsys.readouterr().out
    assert [name for name in NAMES if re.search(rf"\b{name}\b", shown)] == []


def test_command_says_which_study_there_is_not() -> None:
    with pytest.raises(CommandError, match="There is no study nowhere"):
        call_command("integrity", "nowhere")
