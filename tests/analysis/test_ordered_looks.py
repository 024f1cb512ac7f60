"""Looks that the plan does not announce: who gets one, when, and what it does to the others."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from analysis.deviations import deviations
from analysis.look_lines import event_said
from analysis.look_log import Kind
from analysis.look_orders import cost_of, order_look
from analysis.look_reasons import EVERYBODY
from analysis.models import Look, LookEvent, OrderedLook
from analysis.report import report
from analysis.results import from_builtins
from analysis.schedule import DueLook, due_looks, standing_of
from analysis.statistics.sequential import bounds
from experiments.launch import close
from experiments.models import Study
from experiments.refusals import Refused
from responses.models import Participant
from tests.analysis.studies import complete, launched, spend
from tests.designs import small
from tests.desk import client_of, grant

pytestmark = pytest.mark.django_db

PAGE = "/admin/analysis/look/study/park/looks/order/"


def order(study: Study, mode: str = "live") -> OrderedLook:
    """An order of a look, as the safety board might give."""
    return order_look(study_id=study.pk, mode=mode, reason="A complaint.", actor="kim")


def desk(*permissions: str) -> Client:
    """A client that somebody with these permissions is logged in to."""
    user = User.objects.create_user("hana", is_staff=True)
    grant(user, *permissions)
    return client_of(user)


def test_ordered_look_takes_everybody_eligible_and_the_planned_ones_follow() -> None:
    study = launched()
    complete(study, 13, failed=[3])
    placed = order(study)
    assert due_looks() == [DueLook(study.pk, "live", 1, 12, planned=None, order=placed.pk)]
    first = spend(study, 1)
    assert (first.n, first.fraction, first.planned, first.order, first.final) == (
        *(12, 0.3, None),
        *(placed, False),
    )
    assert due_looks() == []
    complete(study, 30, start=13)
    second, third = spend(study, 2), spend(study, 3)
    assert [(look.n, look.planned, look.final) for look in (second, third)] == [
        (20, 1, False),
        (40, 2, True),
    ]
    results = from_builtins(third.results)
    assert results.bounds == bounds([0.3, 0.5, 1.0], 0.05, final=True)
    assert (results.planned_n, results.skipped) == (40, ())
    assert from_builtins(first.results).planned_n is None
    marks = Participant.objects.filter(study=study).order_by("completed_at")
    assert [mark for mark in marks.values_list("first_look", flat=True) if mark] == [
        *[1] * 12,
        *[2] * 8,
        *[3] * 20,
    ]


def test_look_of_the_plan_that_came_due_meanwhile_goes_first() -> None:
    study = launched()
    complete(study, 19)
    placed = order(study)
    complete(study, 3, start=19)
    assert due_looks() == [DueLook(study.pk, "live", 1, 20, planned=1)]
    spend(study, 1)
    assert due_looks() == [DueLook(study.pk, "live", 2, 22, planned=None, order=placed.pk)]
    assert spend(study, 2).planned is None


def test_ordered_look_waits_until_there_is_something_new() -> None:
    study = launched()
    complete(study, 19)
    order(study)
    complete(study, 1, start=19)
    spend(study, 1)
    assert due_looks() == []
    complete(study, 1, start=20)
    assert [due.number for due in due_looks()] == [2]


def test_closing_leaves_an_order_behind() -> None:
    study = launched()
    complete(study, 12)
    order(study)
    close(study=study)
    assert due_looks() == [DueLook(study.pk, "live", 2, None, planned=2)]
    spend(study, 2)
    assert due_looks() == []


def test_each_mode_has_orders_of_its_own() -> None:
    study = launched()
    complete(study, 12)
    complete(study, 12, mode="rehearsal")
    placed = order(study, "rehearsal")
    assert due_looks() == [DueLook(study.pk, "rehearsal", 1, 12, planned=None, order=placed.pk)]


@pytest.mark.parametrize(
    ("completes", "said"),
    [
        (0, "Less than 1% of the planned participants came since the last look."),
        (6, "Some arm has fewer than 2 eligible completes."),
        (20, "A look of the plan is due: that one comes first."),
    ],
)
def test_order_that_makes_no_sense_is_refused(completes: int, said: str) -> None:
    study = launched()
    complete(study, completes)
    with pytest.raises(Refused, match=said):
        order(study)
    assert not OrderedLook.objects.exists()


def test_second_order_and_one_without_a_reason_and_one_after_the_end_are_refused() -> None:
    study = launched()
    complete(study, 12)
    with pytest.raises(Refused, match="Say why"):
        order_look(study_id=study.pk, mode="live", reason=" ", actor="kim")
    with pytest.raises(Refused, match="It was not launched in this mode"):
        order(study, "pilot")
    order(study)
    with pytest.raises(Refused, match="was ordered already"):
        order(study)
    spend(study, 1)
    close(study=study)
    with pytest.raises(Refused, match="Its last look is due or was spent"):
        order(study)


def test_nobody_looks_at_nobody_once_the_study_is_closed() -> None:
    study = launched()
    client = desk("view_look", "order_look")
    looks = PAGE.removesuffix("order/")
    assert f'href="{PAGE}' in client.get(looks).content.decode()
    close(study=study)
    said = "The study is closed, and nobody eligible completed: there is nothing to look at."
    with pytest.raises(Refused, match=said):
        order(study)
    assert said in client.get(PAGE).content.decode()
    # What would be refused is not offered.
    assert f'href="{PAGE}' not in client.get(looks).content.decode()


def test_cost_is_alpha_by_the_spending_function_and_higher_bounds() -> None:
    study = launched()
    complete(study, 12)
    standing = standing_of(study_id=study.pk, mode="live")
    assert standing is not None
    cost = cost_of(standing)
    assert cost is not None
    without = bounds([0.5, 1.0], 0.05, final=True)
    beside = bounds([0.3, 0.5, 1.0], 0.05, final=True)
    assert (cost.n, cost.bound) == (12, beside[0])
    assert [(each.number, each.without, each.beside) for each in cost.raised] == [
        (1, without[0].z, beside[1].z),
        (2, without[1].z, beside[2].z),
    ]


def test_ordered_look_is_a_deviation_before_and_after_it_is_run() -> None:
    study = launched()
    complete(study, 12)
    placed = order(study)
    when = f"{placed.ordered_at:%Y-%m-%d %H:%M} UTC by kim"
    standing = standing_of(study_id=study.pk, mode="live")
    assert standing is not None
    waits = f"A look that is not in the plan was ordered {when}; it was not run."
    governing = standing.version
    assert deviations([governing], governing=governing, mode="live") == (
        f"{waits} Reason given: A complaint.",
    )
    look = spend(study, 1)
    spent = f"Look 1, n = 12, is not in the plan: ordered {when}. Reason given: A complaint."
    assert deviations([governing], governing=governing, mode="live") == (spent,)
    shown = report(look, "en")
    assert shown.title == "Look 1, not in the plan: A park"
    assert [value for name, value in shown.facts if name in ("Kind", "Deviation")] == [
        "interim, not in the plan",
        spent,
    ]


def test_order_is_never_edited() -> None:
    study = launched()
    complete(study, 12)
    order(study)
    with pytest.raises(IntegrityError, match="append-only: UPDATE refused"), transaction.atomic():
        OrderedLook.objects.update(reason="None.")


def test_page_says_the_cost_takes_the_order_and_refuses_without_a_reason() -> None:
    complete(launched(), 12)
    client = desk("view_look", "order_look")
    page = client.get(PAGE).content.decode()
    assert "At 30.0% of the information it has to reach |z| ≥ 3.929" in page
    assert "Look 2 of the plan then has to reach" in page
    refused = client.post(PAGE, {"reason": ""})
    assert (refused.status_code, "Say why" in refused.content.decode()) == (422, True)
    done = client.post(PAGE, {"reason": "A complaint.", "mode": "live"})
    assert done["Location"] == "/admin/analysis/look/study/park/looks/?mode=live"
    placed = OrderedLook.objects.get()
    assert (placed.mode, placed.reason, placed.ordered_by) == ("live", "A complaint.", "hana")
    event = LookEvent.objects.get()
    assert (event.kind, event.actor, event.detail) == (
        "ordered",
        "hana",
        {"reason": "A complaint.", "eligible": 12},
    )
    assert not Look.objects.exists()  # the sweep alone starts it
    assert "was ordered already" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("permission", ["view_look", "order_look"])
def test_page_is_for_those_who_may_see_and_order(permission: str) -> None:
    complete(launched(), 12)
    client = desk(permission)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"reason": "A complaint."}).status_code == 403
    assert not OrderedLook.objects.exists()


@pytest.mark.parametrize("studies", [1, 3])
def test_page_takes_a_fixed_number_of_statements(
    studies: int, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(studies):
        complete(launched(small(study=f"park{number}")), 12)
    # Session and user; the study; six for where its looks stand; the arms' counts.
    with django_assert_num_queries(10):
        admin_client.get("/admin/analysis/look/study/park0/looks/order/")


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (EVERYBODY.template, "예행의 모든 참여자. 집계된 사람이 계획의 마지막 회차가"),
        ("Everybody.", "Everybody."),
    ],
)
def test_reason_of_the_sites_own_is_told_in_the_readers_language(stored: str, told: str) -> None:
    study = launched()
    complete(study, 12)
    order_look(study_id=study.pk, mode="live", reason=stored, actor="kim")
    (event,) = LookEvent.objects.filter(study=study, kind=Kind.ORDERED)
    standing = standing_of(study_id=study.pk, mode="live")
    assert standing is not None
    governing = standing.version
    with override("ko"):
        (deviation,) = deviations([governing], governing=governing, mode="live")
        assert event_said(event).startswith(f"kim: 분석을 요청함: {told}")
        assert told in deviation
    assert event.detail["reason"] == stored
