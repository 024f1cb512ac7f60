"""The desk's pages on looks: what they show, to whom, and what they never show."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.models import Look
from experiments.design import Multiplicity
from experiments.launch import close, launch
from experiments.models import Page, Plan, Study
from experiments.rowwriting import write_rows
from responses.models import ExportRecord, Participant, State
from tests.analysis.hand_made import hand_made, hand_made_design
from tests.analysis.looking import figure_of, hand_made_look, main, report_of, spent, text
from tests.analysis.studies import complete, launched
from tests.changed import changed
from tests.designs import small
from tests.desk import grant

pytestmark = pytest.mark.django_db


def test_report_shows_the_hand_made_look(admin_client: Client) -> None:
    shown = text(admin_client, report_of(hand_made_look()))
    for part in (
        "Look 1 of 2: A park",
        "Go on: not every primary hypothesis is decided, and one rejection alone ends nothing.",
        "Money: not distinguishable from zero so far; its p does not reach .00082, which its share "
        "of alpha (.025) asks for at this look; adjusted p = .695. b = 1.00, nominal 95% CI "
        "[−0.26, 2.26], t(12) = 1.73, nominal p = .109. The nominal interval reaches "
        "beyond ±0.30, the smallest effect of interest: an effect that large is not ruled "
        "out, nor is a smaller one.",
        "Both: not distinguishable from zero so far; its p does not reach .00082, which its share "
        "of alpha (.025) asks for at this look; adjusted p = .695. Joint test: F(1, 12) = "
        "3.00, nominal p = .109.",
        "Nominal 95% CI, unadjusted for looks",
        "Money 1.00 [−0.26, 2.26] .109 [−1.13, 3.13] [−1.56, 3.56] 1.00 [−0.26, 2.26] .109",
        "(Money − None) × (High − Low) 2.00 [−0.52, 4.52]",
        "None · Low 4 3.00 0.58 [1.74, 4.26]",
        "Money · High 4 6.00 0.58 [4.74, 7.26]",
        "this one 50.0% 2.963 .0031 .0031",
        "Motive not estimable: the values do not vary – – –",
        "Willingness 2 16 1.00 [1.00, 1.00]",
        "What was paid? Money 8 6 75.0%",
        "Associations with the outcome (associational, not effects)",
        "Your schooling? 2.00 [0.60, 3.40] .009",
        "n = 16, M = 4.00, SD = 1.63",
    ):
        assert part in shown
    assert "no effect" not in shown.replace("a slope is no effect", "")


def test_report_says_when_a_bound_is_crossed_and_an_interval_is_inside(
    admin_client: Client,
) -> None:
    plan = {"plan.smallest_effect": 2.5, "plan.multiplicity": Multiplicity.NONE}
    study = launched(changed(hand_made_design(), plan))
    hand_made(study)
    for person in Participant.objects.all():
        # The cells' means stay, their spread shrinks: half of the four answer the mean itself.
        person.answers["will2"] = str(
            {"none.low": 3, "none.high": 4, "money.low": 4, "money.high": 6}[
                person.assignments["main"]["arm"]
            ]
        )
        person.save()
    shown = text(admin_client, report_of(spent(study)))
    assert "Money: distinguishable from zero, rejected at look 1 with a share of alpha" in shown
    assert "The nominal interval lies inside ±2.50, the smallest effect of interest" in shown


def test_report_of_nothing_gives_reasons_in_words(admin_client: Client) -> None:
    study = launched()
    complete(study, 1)
    close(study=study)
    look = spent(study, 2)
    shown = text(admin_client, report_of(look))
    figure = admin_client.get(figure_of(look))
    assert ">Money: not estimable</text>" in figure.content.decode()
    assert "Money: not estimable: too few participants." in shown
    assert "Looks skipped by closing the study 1" in shown


def test_report_speaks_the_language_that_was_chosen_at_the_desk(admin_client: Client) -> None:
    look = hand_made_look()
    admin_client.cookies["django_language"] = "ko"
    told = text(admin_client, report_of(look))
    assert [words for words in ("공원", "조건 평균의 대비") if words not in told] == []
    figure = admin_client.get(figure_of(look)).content.decode()
    assert ">Money</text>" not in figure


def test_pages_hold_no_inline_script_or_style_of_ours(admin_client: Client) -> None:
    look = hand_made_look()
    pages = ("analysis_progress", "analysis_looks", "analysis_order_look")
    for address in (report_of(look), *(reverse(f"admin:{page}", args=["park"]) for page in pages)):
        ours = main(admin_client, address)
        assert re.findall(r"<script|<style|style=|onclick|x-data|https?://", ours) == []


@pytest.mark.parametrize("name", ["analysis_look_changelist", "analysis_look_change", "progress"])
def test_pages_are_for_staff_who_may_view_looks(client: Client, name: str) -> None:
    look = hand_made_look()
    address = {
        "analysis_look_changelist": reverse("admin:analysis_look_changelist"),
        "progress": reverse("admin:analysis_progress", args=["park"]),
    }.get(name) or reverse(f"admin:{name}", args=[look.pk])
    stranger = client.get(address)
    assert (stranger.status_code, stranger["Location"]) == (
        302,
        f"{reverse('admin:login')}?next={address}",
    )
    user = User.objects.create_user("staff", is_staff=True)
    client.force_login(user)
    assert client.get(address).status_code == 403
    grant(user, "view_look")
    assert client.get(address).status_code == 200


def test_looks_can_not_be_added_changed_or_deleted_at_the_desk(admin_client: Client) -> None:
    look = hand_made_look()
    assert admin_client.get(reverse("admin:analysis_look_add")).status_code == 403
    delete = reverse("admin:analysis_look_delete", args=[look.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    admin_client.post(report_of(look), {"n": "99"})
    assert Look.objects.get().n == 16


@pytest.mark.parametrize("key", ["999999", "nonsense"])
def test_report_of_no_look_is_not_found(admin_client: Client, key: str) -> None:
    assert admin_client.get(f"/admin/analysis/look/{key}/change/").status_code == 404


def test_progress_counts_and_pools_while_a_study_collects(admin_client: Client) -> None:
    study = launched()
    complete(study, 8, failed=[3])
    left, refused = Participant.objects.order_by("pk")[:2]
    Participant.objects.filter(pk=left.pk).update(
        state=State.ANSWERING, completed_at=None, ended_at=None
    )
    Participant.objects.filter(pk=refused.pk).update(
        state=State.REFUSED, completed_at=None, consented_at=None
    )
    shown = text(admin_client, "/admin/analysis/look/study/park/")
    for part in (
        "Entered 8: 6 completed, 1 answering or gone, 1 refused",
        "Eligible completes 5; 1 excluded by the plan",
        "Outcome, all arms pooled n = 5, M = ",
        "Look 1: 5 of 20 eligible completes",
        "Look 2: 5 of 40 eligible completes",
    ):
        assert part in shown


def test_no_page_shows_an_arm_before_a_look_is_spent(admin_client: Client) -> None:
    study = launched()
    complete(study, 19)
    names = ["Money", "None", "money", "Low", "High", "high"]
    for address in ("/admin/analysis/look/study/park/", reverse("admin:analysis_look_changelist")):
        words = re.sub(r"<[^>]*>", " ", main(admin_client, address))
        assert [name for name in names if re.search(rf"\b{name}\b", words)] == []


def test_progress_does_not_read_assignments(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    complete(launched(), 19)
    with django_assert_num_queries(16) as captured:
        admin_client.get("/admin/analysis/look/study/park/")
    assert [q["sql"] for q in captured if "assignments" in q["sql"]] == []


def test_progress_links_spent_looks_and_names_a_deviation(admin_client: Client) -> None:
    study = launched()
    complete(study, 22)
    look = spent(study)
    Plan.objects.filter(study=study).update(alpha=0.04)
    launch(study=Study.objects.get(pk=study.pk), reason="Another alpha.")
    address = "/admin/analysis/look/study/park/"
    assert report_of(look) in admin_client.get(address).content.decode()
    shown = text(admin_client, address)
    assert "Look 1: spent, n = 20" in shown
    deviation = "Version 2 has another plan; looks follow version 1’s. Reason given: Another alpha."
    assert deviation in shown
    assert deviation in text(admin_client, report_of(look))


def test_report_and_progress_name_other_texts_and_exports_that_unblinded(
    admin_client: Client,
) -> None:
    study = launched()
    complete(study, 20)
    look = spent(study)
    Page.objects.filter(study=study, code="thanks").update(title={"en": "Bye", "ko": "안녕"})
    launch(study=Study.objects.get(pk=study.pk), reason="A typo.")
    ExportRecord.objects.create(
        study=study, mode="live", unblinded=True, reason="An audit.", actor="kim"
    )
    for address in (report_of(look), "/admin/analysis/look/study/park/"):
        shown = text(admin_client, address)
        assert "Version 2 changed texts or questions. Reason given: A typo." in shown
        assert "by kim showed arms. Reason given: An audit." in shown


def test_progress_shows_each_mode_that_somebody_entered(admin_client: Client) -> None:
    study = launch(study=launched(pilot=True)).study
    complete(study, 20, mode="pilot")
    shown = text(admin_client, "/admin/analysis/look/study/park/")
    assert "Look 1: due, runs within seconds" in shown
    assert re.findall(r"Entered (\d+)", shown) == ["0", "20"]


def test_progress_of_a_draft_says_so(admin_client: Client) -> None:
    write_rows(design=small(study="draft"))
    shown = text(admin_client, "/admin/analysis/look/study/draft/")
    assert "It was not launched yet, so nobody has entered." in shown
    assert admin_client.get("/admin/analysis/look/study/nowhere/").status_code == 404


# Session and user are two of each; the rest is said.
@pytest.mark.parametrize("looks", [1, 3])
def test_report_and_list_take_a_fixed_number_of_statements(
    looks: int, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(looks):
        study = launched(small(study=f"park{number}"))
        complete(study, 20)
        look = spent(study)
    admin_client.get(report_of(look))  # the first time is written down
    # The look with its study, who opened it, the versions, orders, exports that unblinded, marks,
    # and the looks before it.
    with django_assert_num_queries(9):
        admin_client.get(report_of(look))
    with django_assert_num_queries(4):
        admin_client.get(figure_of(look))
    with django_assert_num_queries(5):  # the list, and its two counts
        admin_client.get(reverse("admin:analysis_look_changelist"))


@pytest.mark.parametrize("studies", [1, 3])
def test_progress_takes_a_fixed_number_of_statements(
    studies: int, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(studies):
        study = launched(small(study=f"park{number}"))
        complete(study, 20)
        spent(study)
    # The study; its counts; its versions; what runs now; first versions, looks, orders,
    # failures, sample sizes and completes for where its looks stand; the outcome; orders,
    # exports that unblinded, and marks.
    with django_assert_num_queries(16):
        admin_client.get("/admin/analysis/look/study/park0/")
