"""What can't be in a field of the newer kind is told beside it, with what to do."""

from typing import Any

import pytest
from django.test import Client
from lxml import html

from experiments.models import Item, Page, Study
from tests.desk import desk, form_of, text_of
from tests.experiments.test_admin_fields import kitchen_sink
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db


def sent(client: Client, row: Any, **typed: Any) -> Any:
    address = f"/admin/experiments/{row._meta.model_name}/{row.pk}/change/"
    form = form_of(client.get(address), f"{row._meta.model_name}_form")
    form.pop("data", None)
    return client.post(address, form | typed)


def beside(response: Any, field: str) -> str:
    """The words beside a field of a form that came back."""
    tree = html.fromstring(response.content.decode())
    lists = [
        each
        for each in tree.find_class("errorlist")
        if each.get("id") == f"id_{field}_error"
        or any(
            str(e.get("name", "")).startswith(field) for e in each.getparent().getparent().iter()
        )
    ]
    return " ".join(" ".join(each.text_content().split()) for each in lists)


@pytest.mark.parametrize(
    ("code", "field", "typed", "told"),
    [
        ("days", "shown_if", "uses =", "="),
        ("days", "shown_if", "uses == walk or", "or"),
        ("days", "minimum", "99", "The minimum of days is not below its maximum. Let it be"),
        ("days", "minimum", "none", "Enter a number."),
        ("days", "decimals", "9", "days takes 9 decimals. Allow 0 to 6."),
        ("days", "measure", "nominal", "Use interval."),
        ("hours", "step", "7", "Let a whole number of steps lie between them."),
        ("hours", "unit_en", "h", "Take it out, or make it kind number."),
        ("budget", "total", "0", "Give 1 to 1,000,000."),
        ("comment", "max_length", "30000", "Allow 1 to 20,000."),
        ("comment", "soft", "on", "Let it be required, or take soft out."),
        ("uses", "left_en", "tidy", "Make it semantic_differential or slider, or take it out."),
        ("look1", "option_order", "random", "Take it out, or order those of its scale."),
    ],
)
def test_item_says_what_its_kind_does_not_take(
    code: str, field: str, typed: str, told: str
) -> None:
    kitchen_sink()
    client, item = desk(), Item.objects.get(code=code)
    response = sent(client, item, **{field: typed})
    assert response.status_code == 200
    assert told in beside(response, field.removesuffix("_en"))


@pytest.mark.parametrize("typed", ["2026-3-31", "2026-02-30", "today"])
def test_day_that_is_none_is_told(typed: str) -> None:
    kitchen_sink()
    response = sent(desk(), Item.objects.get(kind="date"), earliest=typed)
    assert "Write year, month and day, as in 2026-03-31." in beside(response, "earliest")


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("shown_if", "gender = 1", ""),
        ("screen_out_if", "(gender == 1", ""),
        ("min_seconds", "100000", "Give a day at most: 86400."),
        ("max_seconds", "10", "Give 30 or more: participants are warned before. 0 is no limit."),
    ],
)
def test_page_says_what_it_can_not_do(field: str, typed: str, told: str) -> None:
    StudyFactory()
    response = sent(desk(), Page.objects.get(code="opinion"), **{field: typed})
    assert response.status_code == 200
    words = beside(response, field)
    assert words
    assert told in words


@pytest.mark.parametrize(
    ("part", "field", "typed", "told"),
    [
        ("parameters", "name", "two words", "Use letters, digits and _, as in PROLIFIC_PID."),
        ("parameters", "name", "mode", "can't be a parameter of the study's link."),
        ("quotas", "lease_minutes", "0", "Hold it for 1 to 1440 minutes."),
        ("endings", "redirect", "panel.example", "Write one such as https://panel.example/done"),
        ("endings", "redirect", "https://panel.example/{x}", "Nothing fills the slot {x}"),
        ("endings", "title_en", "Thank you", "What is said to who completed stands on the end"),
    ],
)
def test_way_in_or_out_says_what_is_wrong(part: str, field: str, typed: str, told: str) -> None:
    study = kitchen_sink()
    response = sent(desk(), getattr(study, part).all()[0], **{field: typed})
    assert response.status_code == 200
    assert told in beside(response, field.removesuffix("_en"))


def test_numbers_left_empty_become_what_the_help_says() -> None:
    kitchen_sink()
    client, item = desk(), Item.objects.get(code="budget")
    emptied = {"total": "", "decimals": "", "tries": "", "max_length": ""}
    assert sent(client, item, **emptied).status_code == 302
    item.refresh_from_db()
    assert (item.total, item.decimals, item.tries, item.max_length) == (100, 0, 0, 2000)
    page = Page.objects.get(code="plan")
    assert sent(client, page, min_seconds="", max_seconds="").status_code == 302
    page.refresh_from_db()
    assert (page.min_seconds, page.max_seconds) == (0, 0)


def test_condition_is_kept_as_it_is_written() -> None:
    StudyFactory()
    item = Item.objects.get(code="gender")
    sent(desk(), item, shown_if=' answered(prolific_study)\r\n or answered("x") ')
    sent(desk(), item, shown_if="answered(prolific_study)\r\n  and answered(prolific_session)")
    item.refresh_from_db()
    assert item.shown_if == "answered(prolific_study)\n  and answered(prolific_session)"


def test_fields_are_shown_for_their_kind_and_wherever_they_hold_something() -> None:
    kitchen_sink()
    client, item = desk(), Item.objects.get(code="hours")
    Item.objects.filter(code="hours").update(unit={"en": "h"}, total=50)
    page = client.get(f"/admin/experiments/item/{item.pk}/change/")
    ruled = {
        str(next(each.iter("input", "select", "textarea")).get("name")): each.get("x-show")
        for each in html.fromstring(page.content.decode()).iter("div")
        if "includes(" in str(each.get("x-show"))
    }
    assert ruled.keys() == {
        *("scale", "subscale", "reverse", "decimals", "max_length", "earliest", "latest"),
        *("option_order", "expected", "tries", "checks_factor", "required"),
    }
    assert ruled["max_length"] == "['short_text', 'text'].includes(kind)"
    assert ruled["tries"] == "['comprehension_check'].includes(role)"


def test_plan_offers_every_exclusion_and_late_checks() -> None:
    client, study = desk(), kitchen_sink()
    Item.objects.filter(code="check_run_by").update(role="attention_check", expected="office")
    page = text_of(client.get(f"/admin/experiments/plan/{study.plan.pk}/change/"))
    assert "not offered any more" not in page
    assert "check_run_by – Who chooses the days and the plants?" in page
    sent(client, study.plan, post_treatment_exclusions=["check_run_by"])
    assert Study.objects.get().plan.post_treatment_exclusions == ["check_run_by"]
