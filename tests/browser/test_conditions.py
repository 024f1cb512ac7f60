"""The browser decides conditions as the server does."""

import json
from html import escape
from pathlib import Path

from playwright.sync_api import Page

from experiments.design import Item, ItemKind
from experiments.logic import NoValue, Value, as_json, holds, parse
from responses.asked import Asked
from responses.questionnaire import Fault
from responses.questionnaire.reading import read
from tests.designs import small

NUMBER = Item("x", ItemKind.NUMBER, {"en": "How many?"}, decimals=2, required=False)
SCRIPT = Path(__file__).resolve().parents[2] / "static" / "responses" / "fields.js"
CONDITIONS = (
    *('x == "park"', 'x != "park"', "x == 3", "x != 3", "x < 3", "x <= 3", "x > 3", "x >= 3"),
    *("-9 == x", "-9 < x", 'x in ["park", "pool"]', "x in [1, 3]", 'x not in ["park", 3]'),
    *('"park" in x', '"park" not in x', '"-9" in x', "answered(x)", "not answered(x)"),
    *('x == "park" and answered(x)', "x < 3 or answered(x)", 'not (x == "park" or x == 3)'),
    *("x == y", "x != y", "x in y", "y == y", "answered(y)", '"" == x'),
)
VALUES: tuple[Value, ...] = (
    *(None, "", "park", "pool", "3", "3.0", "03", "-9", "2.5", " 3 ", "1e1", "+3", "３", "NaN"),
    *("Infinity", "0x3", ".5", "3."),
    *((), ("park",), ("pool", "park"), ("3",), NoValue("-9"), NoValue("none")),
    (NoValue("-9"),),
)


def told(value: Value) -> object:
    """A value as a page tells it to its script."""
    if isinstance(value, tuple):
        return [told(each) for each in value]
    return {"missing": value} if isinstance(value, NoValue) else value


def page_of(values: dict[str, object], items: str) -> str:
    """A page with a form, what earlier pages said, and these items."""
    return f"<form id=page data-values='{escape(json.dumps(values))}'>{items}</form>"


def waiting(conditions: tuple[str, ...]) -> str:
    """An item for each condition, which waits for it."""
    found = []
    for number, text in enumerate(conditions):
        tree = escape(json.dumps(as_json(parse(text))))
        found.append(f'<p data-item="c{number}" data-kind="text" data-shown-if="{tree}">c</p>')
    return "".join(found)


def decided(value: Value) -> list[bool]:
    """Which of the conditions the server takes to hold."""
    return [holds(parse(text), {"x": value}) for text in CONDITIONS]


def shown(page: Page, conditions: tuple[str, ...]) -> list[bool]:
    """Which of the conditions the script took to hold."""
    hidden = page.eval_on_selector_all("[data-shown-if]", "all => all.map((one) => one.hidden)")
    assert len(hidden) == len(conditions)
    return [not each for each in hidden]


def test_browser_decides_on_earlier_answers_as_the_server(page: Page) -> None:
    found = {}
    for value in VALUES:
        page.set_content(page_of({"x": told(value)}, waiting(CONDITIONS)))
        page.add_script_tag(path=SCRIPT)
        found[repr(value)] = shown(page, CONDITIONS)
    assert found == {repr(value): decided(value) for value in VALUES}


RADIO = (
    '<fieldset data-item="x" data-kind="single"><input type="radio" name="x" value="park">'
    '<input type="radio" name="x" value="3"><input type="radio" name="x" value="-9" data-missing>'
    "</fieldset>"
)
BOXES = RADIO.replace("radio", "checkbox").replace("single", "multiple")
SELECT = (
    '<div data-item="x" data-kind="dropdown"><select name="x"><option value="">Choose'
    '<option value="park">Park<option value="3">3<option value="-9" data-missing>No</select></div>'
)
SLIDER = (
    '<div data-item="x" data-kind="slider"><output></output><input type="range" name="x" min="2"'
    ' max="4" step="0.5" value="2" data-untouched="2" data-untouched-text="no"></div>'
)
TEXT = '<div data-item="x" data-kind="short_text"><input type="text" name="x"></div>'
TICK = "code => document.querySelector(`[value='${code}']`).click()"
FILL = """text => {
  const field = document.querySelector("[name=x]");
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


# A text as it is typed, the signs of the language, and the number that the server reads.
NUMBERS = (
    *(("1,000", "en"), ("1000", "en"), ("1,00", "en"), ("3.5", "en"), ("3,5", "en"), ("+5", "en")),
    *(("１０００", "en"), ("−5", "en"), ("1.000", "de"), ("3,5", "de"), ("3.5", "de")),
    *(("1.234,5", "de"), ("1,000", "de"), ("abc", "de"), ("", "en"), ("3,5", "fr")),
    *(("1 000", "fr"), ("1 00", "fr"), ("1 000,25", "fr")),
)
SIZES = ("x > 500", "x == 3.5", "x < 0", "answered(x)", "x == 5")


def test_browser_reads_numbers_as_the_server(page: Page) -> None:
    found, expected = {}, {}
    for text, language in NUMBERS:
        asked = Asked(small(), small().pages[1], NUMBER, language, {})
        signs = f'data-decimal="{asked.decimal}" data-group="{asked.grouping}"'
        field = f'<div data-item="x" data-kind="number" {signs}><input type="text" name="x"></div>'
        page.set_content(page_of({}, field + waiting(SIZES)))
        page.add_script_tag(path=SCRIPT)
        page.evaluate(FILL, text)
        found[text, language] = shown(page, SIZES)
        answer = read(small(), NUMBER, {"x": (text,)}, language)
        value = answer if isinstance(answer, str) and not isinstance(answer, Fault) else None
        expected[text, language] = [holds(parse(size), {"x": value}) for size in SIZES]
    assert found == expected


TYPED: tuple[tuple[str, str, str, Value], ...] = (
    (RADIO, "", "", None),
    (RADIO, TICK, "park", "park"),
    (RADIO, TICK, "3", "3"),
    (RADIO, TICK, "-9", NoValue("-9")),
    (BOXES, "", "", None),
    (BOXES, TICK, "park", ("park",)),
    (BOXES, TICK, "-9", (NoValue("-9"),)),
    (SELECT, "", "", None),
    (SELECT, FILL, "park", "park"),
    (SELECT, FILL, "-9", NoValue("-9")),
    (SLIDER, "", "", None),
    (SLIDER, FILL, "3", "3"),
    (TEXT, "", "", None),
    (TEXT, FILL, "park", "park"),
    (TEXT, FILL, "  ", None),
    (TEXT, FILL, "3.0", "3.0"),
)


def test_browser_decides_on_what_is_typed_as_the_server(page: Page) -> None:
    found = []
    for item, act, given, _ in TYPED:
        page.set_content(page_of({}, item + waiting(CONDITIONS)))
        page.add_script_tag(path=SCRIPT)
        if act:
            page.evaluate(act, given)
        found.append(shown(page, CONDITIONS))
    assert found == [decided(value) for *_, value in TYPED]
