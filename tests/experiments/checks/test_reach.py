"""What some answers reach is never refused, and what none reach is: random studies, all walked."""

from dataclasses import replace

from hypothesis import event, given
from hypothesis import strategies as st

from experiments.checks import problems
from experiments.design import (
    Arm,
    Design,
    Item,
    ItemKind,
    Measure,
    Missing,
    Option,
    Page,
    PageKind,
)
from tests.changed import changed
from tests.designs import both, small
from tests.experiments.checks.walking import ARMS, Question, Rule, Sheet, Study, reached, said

NEVER = "This can never come true."
SECRET = Option("-9", both("Rather not say", "답하지 않음"), Missing.PREFER_NOT_TO_SAY)
NONE = Option("none", both("None", "없음"), exclusive=True)


@st.composite
def rules(draw: st.DrawFn, asked: tuple[Question, ...], depth: int = 3) -> Rule:
    """A condition about these questions."""
    word = draw(st.sampled_from(["and", "and", "or", "not", "leaf"])) if depth else "leaf"
    if word == "not":
        return ("not", draw(rules(asked, depth - 1)))
    if word != "leaf":
        return (word, draw(rules(asked, depth - 1)), draw(rules(asked, depth - 1)))
    question = draw(st.sampled_from(asked))
    codes = st.sampled_from(question.codes)
    if question.kind == "many":
        kinds = ["has", "answered"]
    elif question.kind == "number":
        kinds = ["is", "less", "more", "answered"]
    else:
        kinds = ["is", "isnt", "in", "answered"]
    kind = draw(st.sampled_from(kinds))
    if kind == "answered":
        return (kind, question.code)
    if kind == "in":
        return (kind, question.code, tuple(draw(st.lists(codes, min_size=1, max_size=2))))
    return (kind, question.code, draw(codes))


@st.composite
def questions(draw: st.DrawFn, code: str) -> Question:
    """One choice with or without “rather not say”, several, or a number from 0 to 2."""
    kind = draw(st.sampled_from(["one", "one", "many", "number"]))
    secret = draw(st.booleans())
    codes = {"one": ("x", "y"), "many": ("x", "y", "none"), "number": ("0", "1", "2")}[kind]
    if kind == "one" and secret:
        codes = (*codes, "-9")
    return Question(code, kind, codes, may_be_open=draw(st.booleans()), secret=secret)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Two to four questions on pages around the vignette, with conditions on what comes before."""
    asked: list[Question] = []
    levels = (
        Question("reward", "one", ("none", "money")),
        Question("voice", "one", ("low", "high")),
    )
    sheets: list[Sheet | None] = []
    some = draw(st.integers(2, 4))
    story = draw(st.integers(0, some))
    arms = tuple(draw(st.lists(st.sampled_from(ARMS), min_size=2, unique=True)))
    for number in range(some):
        if number == story:
            sheets.append(None)
            asked += levels
        joins = draw(st.booleans())
        page = sheets[-1] if sheets and joins else None
        sheet = page or Sheet(shown=_maybe(draw, asked), questions=())
        question = draw(questions(f"q{number}"))
        rule = _maybe(draw, asked)
        asked.append(question)
        grown = (*sheet.questions, (question, rule))
        sheets[len(sheets) - 1 if page else len(sheets) :] = [replace(sheet, questions=grown)]
        if draw(st.integers(0, 3)) == 0:
            answers = tuple(each for each in asked if each not in levels)
            sheets[-1] = replace(sheet, questions=grown, out=draw(rules(answers, 1)))
    sheets += [] if story < some else [None]
    asked += [] if story < some else levels
    last = Sheet(shown=draw(rules(tuple(asked))), questions=())
    return Study((*sheets, last), arms)


def _maybe(draw: st.DrawFn, asked: list[Question]) -> Rule | None:
    return draw(rules(tuple(asked), 2)) if asked and draw(st.integers(0, 2)) == 0 else None


def _item(question: Question, rule: Rule | None) -> Item:
    code, kind = question.code, question.kind
    options = tuple(Option(each, both(each, each)) for each in question.codes if each in "xy")
    options += (NONE,) if kind == "many" else ()
    options += (SECRET,) if question.secret else ()
    item = Item(
        code,
        {"one": ItemKind.SINGLE, "many": ItemKind.MULTIPLE, "number": ItemKind.NUMBER}[kind],
        both(code, code),
        options=() if kind == "number" and not question.secret else options,
        required=not question.may_be_open,
        shown_if=said(rule) if rule else "",
    )
    if kind == "number":
        return replace(item, minimum=0, maximum=2, decimals=1, measure=Measure.INTERVAL)
    return item


def _design(study: Study) -> Design:
    """The study's pages between `about` and `opinion` of `small()`."""
    welcome, about, story, opinion, thanks = small().pages
    pages = [
        Page(
            f"p{number}",
            PageKind.QUESTIONS,
            both("Page", "쪽"),
            both("Hello.", "안녕."),
            tuple(_item(question, rule) for question, rule in sheet.questions),
            shown_if=said(sheet.shown) if sheet.shown else "",
            screen_out_if=said(sheet.out) if sheet.out else "",
        )
        if sheet
        else story
        for number, sheet in enumerate(study.sheets)
    ]
    arms = tuple(Arm(arm) for arm in study.arms)
    # Screening out after the treatment needs the plan's word.
    named = tuple(item.code for page in pages for item in page.items)
    return changed(
        small(),
        {
            "pages": (welcome, about, *pages, opinion, thanks),
            "randomisations[0].arms": arms,
            "plan.post_treatment_exclusions": named,
        },
    )


def _refused(study: Study) -> set[str]:
    return {found.path for found in problems(_design(study)) if found.message == NEVER}


@given(studies())
def test_what_some_answers_reach_is_not_refused(study: Study) -> None:
    reachable = reached(study, strictly=True)
    assert _refused(study) & reachable == set()


@given(studies())
def test_what_no_answers_reach_is_refused(study: Study) -> None:
    unreachable = study.conditions() - reached(study, strictly=False)
    event("some unreachable" if unreachable else "all reachable")
    assert unreachable <= _refused(study)
