"""A page as a participant gets it: in their order, with what they typed, tied together by ids."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory

from coprod_site.embedded import ROOT
from experiments.design import Block, Order, Page, PageKind
from experiments.models import DesignVersion
from experiments.ordering import ordered_items, ordered_options
from experiments.studyfile import parse
from responses.holes import are_alike, of_visit
from responses.questionnaire import Facts, Fault, Sent, foreseen
from responses.rendering import (
    View,
    Visit,
    page_response,
    render_design_page,
    settled,
    skeleton,
)
from responses.skeleton import filled
from tests.changed import changed
from tests.designs import both, small
from tests.responses.every_kind import FACTS, FILLED, SEED, every_kind, kinds_design
from tests.responses.rendered import kinds, shown
from tests.responses.studies import launched

EVERY_FAULT = [fault for fault in Fault if fault is not Fault.TOO_SOON]


def items(tree: Any) -> list[str]:
    return [str(each) for each in tree.xpath("//@data-item")]


def fields(form: Any) -> Sent:
    """What a browser would send of the answers in the form."""
    sent: dict[str, tuple[str, ...]] = {}
    own = {"csrfmiddlewaretoken", "asked", "paradata", "website"}
    for field in form.xpath(".//input | .//select | .//textarea"):
        if field.name in own:
            continue
        kind = field.get("type")
        if kind in ("radio", "checkbox") and field.get("checked") is None:
            continue
        value = field.get("value") if kind in ("radio", "checkbox") else field.value
        # A browser drops the line break after the opening tag.
        value = (value or "").removeprefix("\n") if field.tag == "textarea" else value
        sent[field.name] = (*sent.get(field.name, ()), str(value or ""))
    return {name: values for name, values in sent.items() if any(values)}


def test_items_and_options_stand_in_the_participants_order() -> None:
    items_of_scale = [replace(every_kind().items[0], code=f"agree{n}") for n in range(1, 7)]
    page = replace(every_kind(), items=(*items_of_scale, *every_kind().items[1:]))
    design = kinds_design(page)
    orders = set()
    for number in range(8):
        seed = bytes([number]) * 32
        tree = kinds(Visit(facts=replace(FACTS, seed=seed)), design)
        wanted = [item.code for item in ordered_items(design, page, seed)]
        assert items(tree) == wanted
        for item in page.items:
            if item.code in ("some", "order", "poles1"):
                found = tree.xpath(f"//*[@id='item_{item.code}']//label/@for")
                codes = [option.code for option in design.options(item)]
                by_id = [
                    f"id_{item.code}_{codes.index(o.code)}"
                    for o in ordered_options(design, item, seed)
                ]
                assert found == by_id
        orders.add(tuple(wanted))
    assert len(orders) > 1


@pytest.mark.django_db
def test_page_is_rendered_once_for_all_orders() -> None:
    launched(kinds_design())
    view = View(DesignVersion.objects.get().pk, "kinds", "en")
    request = RequestFactory().get("/")
    before = skeleton.cache_info()
    pages = {
        page_response(request, view, Visit(facts=replace(FACTS, seed=bytes([n]) * 32))).content
        for n in range(6)
    }
    after = skeleton.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 5)
    assert len(pages) == 6


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ko"])
def test_page_that_is_settled_is_the_one_that_is_filled_hole_by_hole(language: str) -> None:
    launched(parse((ROOT / "studies" / "coproduction.yaml").read_bytes()).design)
    version = DesignVersion.objects.get()
    facts = replace(FACTS, answers={}, levels={})
    own = Visit(facts, resume_code="ABCD<", wait=3, unsaved=True, asked=frozenset({"b", "a"}))
    settled_pages = []
    for page in version.design.pages:
        view = View(version.pk, page.code, language)
        by_holes = render_design_page(version.design, view, own, "token")
        if pieces := settled(view):
            settled_pages.append(page.kind)
            assert filled(pieces, of_visit(view, own, "token")) == by_holes
    assert settled_pages.count(PageKind.QUESTIONS) == 8
    assert PageKind.VIGNETTE not in settled_pages


@pytest.mark.django_db
def test_page_that_depends_on_who_it_is_is_never_settled() -> None:
    launched(kinds_design())
    assert settled(View(DesignVersion.objects.get().pk, "kinds", "en")) == ()
    design = small()
    rated = next(page.code for page in design.pages if any(item.scale for item in page.items))
    at = [page.code for page in design.pages].index(rated)
    assert are_alike(design, design.page(rated))
    for path, value in {
        "blocks": (Block("both", Order.RANDOM),),
        "pages[1].shown_if": "gender == 'woman'",
        f"pages[{at}].title": both("{gender}", "{gender}"),
        "scales[0].option_order": Order.FLIPPED,
        "scales[0].item_order": Order.RANDOM,
    }.items():
        other = changed(design, {path: value})
        assert not are_alike(other, other.page(rated)), path


@pytest.mark.parametrize("language", ["en", "ko"])
def test_answers_of_every_kind_are_shown_again(language: str) -> None:
    design = kinds_design()
    facts = foreseen(design, every_kind(), FILLED, FACTS, language=language)
    tree = kinds(Visit(facts=facts, typed=FILLED), design, language)
    found = fields(tree.xpath("//form")[0])
    assert {name: sorted(values) for name, values in found.items()} == {
        name: sorted(values) for name, values in FILLED.items()
    }


def test_page_without_answers_sends_none_but_the_untouched_slider() -> None:
    assert fields(kinds(Visit(facts=FACTS)).xpath("//form")[0]) == {"mood": ("-10",)}


@pytest.mark.parametrize("fault", EVERY_FAULT)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_fault_of_every_kind_is_tied_to_its_controls(fault: Fault, language: str) -> None:
    design = kinds_design()
    asked = [i.code for i in every_kind().items if i.kind != "statement" and i.code != "why"]
    visit = Visit(facts=FACTS, typed=FILLED, faults=dict.fromkeys(asked, fault))
    tree = kinds(visit, design, language)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    referred = tree.xpath("//@for | //@aria-describedby | //@aria-labelledby")
    assert set(" ".join(referred).split()) <= set(ids)
    assert len(tree.xpath("//*[@id='faults']//a")) == len(asked)
    for code, link in zip(
        [code for code in items(tree) if code in asked],
        tree.xpath("//*[@id='faults']//a/@href"),
        strict=True,
    ):
        first = tree.xpath(
            f"(//*[@data-item='{code}']//*[self::input or self::select or self::textarea])[1]/@id"
        )
        assert [link] == [f"#{first[0]}"]
        described = tree.xpath(
            f"//*[@data-item='{code}']/descendant-or-self::*[@aria-describedby "
            f"and contains(@aria-describedby, 'fault_{code}')]"
        )
        assert described
        words = tree.xpath(f"string(//*[@id='fault_{code}'])").split()
        assert words
        invalid = tree.xpath(f"//*[@data-item='{code}']/descendant-or-self::*[@aria-invalid]")
        assert bool(invalid) is (fault is not Fault.ASKED_ONCE)


def test_what_was_left_open_is_asked_for_gently() -> None:
    visit = Visit(
        facts=FACTS, faults={"menu": Fault.ASKED_ONCE}, asked=frozenset({"menu", "years"})
    )
    tree = kinds(visit)
    assert tree.xpath("string(//*[@id='faults']/h2)") == "You left something open"
    assert tree.xpath("//input[@name='asked']/@value") == ["menu years"]
    assert "Error:" not in tree.text_content()
    hard = replace(visit, faults={**visit.faults, "years": Fault.NOT_A_NUMBER})
    assert kinds(hard).xpath("string(//*[@id='faults']/h2)") == "Please check your answers"


def test_item_waits_for_an_answer_of_its_page() -> None:
    facts = replace(FACTS, answers={"gender": "woman"})
    tree = kinds(Visit(facts=facts))
    (why,) = tree.xpath("//*[@data-item='why']")
    assert why.get("hidden") is not None
    assert why.get("data-shown-if").startswith('["and",["compare","==",["name","one"]')
    assert tree.xpath("//form/@data-values") == ['{"gender": "woman"}']
    typed = {"one": ("park",)}
    now = foreseen(kinds_design(), every_kind(), typed, facts, language="en")
    (why,) = kinds(Visit(facts=now, typed=typed)).xpath("//*[@data-item='why']")
    assert why.get("hidden") is None


def test_item_that_earlier_pages_hide_is_not_there() -> None:
    facts = replace(FACTS, answers={"gender": "man"})
    assert "why" not in items(kinds(Visit(facts=facts)))
    assert "why" not in items(kinds(Visit(facts=facts, typed={"one": ("park",)})))


def test_poles_change_places_with_the_options() -> None:
    design = kinds_design()
    found = set()
    for number in range(8):
        tree = kinds(Visit(facts=replace(FACTS, seed=bytes([number]) * 32)), design)
        poles = tuple(tree.xpath("//*[@class='pole']/text()"))
        first = tree.xpath("(//*[@name='poles1'])[1]/@value")[0]
        assert poles == (("cold", "warm") if first == "1" else ("warm", "cold"))
        said = tree.xpath("//input[@name='poles1' and @value='1']/..//*[@class='visually-hidden']")
        assert [each.text for each in said] == [": cold"]
        found.add(first)
    assert found == {"1", "5"}


def _with_condition(page: Page) -> Page:
    return replace(page, shown_if='noticed == "none"') if page.code == "more" else page


def test_progress_says_at_most_while_the_way_is_open() -> None:
    design = small()
    more = Page("more", PageKind.QUESTIONS, both("More", "더"), {}, ())
    pages = (*design.pages[:-1], _with_condition(more), design.pages[-1])
    open_way = replace(design, pages=pages)
    facts = Facts(seed=SEED)
    said = "string(//*[@id='progress-text'])"
    assert shown(design, "about", Visit(facts=facts)).xpath(said) == "Page 2 of 4"
    assert shown(open_way, "about", Visit(facts=facts)).xpath(said) == "Page 2 of at most 5"
    bar = shown(open_way, "about", Visit(facts=facts)).xpath("//progress")[0].attrib
    assert (bar["max"], bar["value"], bar["aria-labelledby"]) == ("5", "2", "progress-text")


def test_enter_in_a_field_presses_next_and_nothing_else() -> None:
    tree = kinds(Visit(facts=FACTS), changed(kinds_design(), {"pages[2].back": True}))
    buttons = tree.xpath("//button[@type='submit'][@form='page' or ancestor::form[@id='page']]")
    moves = [button.get("value") for button in buttons]
    assert moves == ["next", "language:ko", "next", "back"]
    assert buttons[0].get("hidden") is None


def test_back_is_offered_only_where_there_is_a_page_before() -> None:
    design = changed(small(), {"pages[1].back": True, "pages[3].back": True})
    hidden = "//button[@value='back']/@hidden"
    assert len(shown(design, "about", Visit(facts=FACTS)).xpath(hidden)) == 1


def test_code_is_shown_on_the_first_page_after_consent_alone() -> None:
    visit = Visit(facts=FACTS, resume_code="ABCD-EFGH-JKMN")
    panels = "//*[@class='panel' and not(@hidden)]//*[@id='first-code']/text()"
    assert shown(small(), "about", visit).xpath(panels) == ["ABCD-EFGH-JKMN"]
    assert shown(small(), "opinion", visit).xpath(panels) == []


def test_page_that_was_sent_too_soon_says_for_how_long() -> None:
    design = changed(small(), {"pages[2].min_seconds": 20})
    visit = Visit(facts=FACTS, page_fault=Fault.TOO_SOON, seconds_left=12, wait=12)
    tree = shown(design, "story", visit)
    assert "12 seconds" in tree.xpath("string(//*[@id='faults'])")
    assert tree.xpath("//form/@data-wait") == ["12"]


def test_comprehension_check_counts_the_tries_that_are_left() -> None:
    visit = Visit(facts=FACTS, faults={"one": Fault.WRONG}, tries_left={"one": 2})
    assert "Tries left: 2." in kinds(visit).xpath("string(//*[@id='fault_one'])")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"pages[2].items[6].required": True}, 0),
        ({}, 1),
    ],
)
def test_what_must_be_answered_is_said_where_it_differs(
    values: Mapping[str, Any], said: int
) -> None:
    tree = kinds(Visit(facts=FACTS), changed(kinds_design(), values))
    assert tree.text_content().count("Please answer all questions but those") == said
    assert tree.text_content().count("(optional)") == said


def test_right_to_left_language_is_laid_out_so() -> None:
    both = {"en": "A", "ar": "ب"}
    welcome = Page("welcome", PageKind.CONSENT, both, both)
    design = changed(small(), {"languages": ("en", "ar"), "title": both})
    tree = shown(replace(design, pages=(welcome, *design.pages[1:])), "welcome", Visit(), "ar")
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")


def test_order_that_is_fixed_stays() -> None:
    design = changed(kinds_design(), {"pages[2].items[3].option_order": Order.FIXED})
    values = kinds(Visit(facts=FACTS), design).xpath("//input[@name='some']/@value")
    assert values == ["park", "library", "pool", "none"]
