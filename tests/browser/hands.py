"""Three pairs of hands: a pointer with scripts, one without, and the keyboard alone.

Each answers the items that a page shows, in the order of the page, and ones that appear meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page

# By item: a code, chosen codes, points by code, or what is typed.
Answers = Mapping[str, Any]
Answer = Callable[[Page, Answers], None]

SHOWN = (
    "all => all.filter(one => one.offsetParent).map(one => [one.dataset.item, one.dataset.kind])"
)
TYPED = "input:not([type=checkbox]), textarea"
MOST_TABS = 200


def shown_items(page: Page) -> list[tuple[str, str]]:
    """The items that can be seen, each with its kind."""
    return [(code, kind) for code, kind in page.locator("[data-item]").evaluate_all(SHOWN)]


def unlike_shown(page: Page, item: str) -> list[str]:
    """The options of a ranking in the reverse of the order in which they stand."""
    return list(reversed(_options(page.locator(f"#item_{item}"))))


def with_scripts(page: Page, answers: Answers) -> None:
    """Clicks, types, and moves what is ranked by its buttons."""
    _by_pointer(page, answers, _rank_by_buttons)


def without_scripts(page: Page, answers: Answers) -> None:
    """Clicks and types, and chooses places from the menus."""
    _by_pointer(page, answers, _rank_by_menus)


def by_keyboard(page: Page, answers: Answers) -> None:
    """Goes from field to field by Tab and answers each; ends on the button that sends the page."""
    keys, done = page.keyboard, set[tuple[str, str]]()
    for _ in range(MOST_TABS):
        keys.press("Tab")
        at: dict[str, Any] = page.evaluate(FOCUS)
        assert at["outlined"], f"no focus to be seen on {at} of {page.url}"
        if at["value"] == "next":
            return
        field = (at["name"], at["value"] if at["type"] == "checkbox" else "")
        if at["item"] in answers and (at["up"] or field not in done):
            done.add(field)
            _press(page, at, answers[at["item"]])
    raise AssertionError(f"no button was reached on {page.url}")


def _by_pointer(page: Page, answers: Answers, rank: Callable[[Locator, Any], None]) -> None:
    done = set[str]()
    while left := [each for each in shown_items(page) if {each[0]} - done and each[0] in answers]:
        code, kind = left[0]
        done.add(code)
        item, answer = page.locator(f"#item_{code}"), answers[code]
        match kind:
            case "ranking":
                rank(item, answer)
            case "dropdown":
                item.locator("select").select_option(answer)
            case "multiple":
                for option in answer:
                    item.locator(f"input[value='{option}']").check()
            case "allocation":
                for option, points in answer.items():
                    item.locator(f"[name='{code}.{option}']").fill(str(points))
            case "likert" | "semantic_differential" | "single":
                item.locator(f"input[value='{answer}']").check()
            case _:
                item.locator(TYPED).fill(answer)


def _options(item: Locator) -> list[str]:
    return list(item.locator("[data-option]").evaluate_all("all => all.map(o => o.dataset.option)"))


def _rank_by_buttons(item: Locator, order: Sequence[str]) -> None:
    for place, option in enumerate(order):
        while _options(item).index(option) > place:
            item.locator(f"[data-option='{option}'] button").first.click()


def _rank_by_menus(item: Locator, order: Sequence[str]) -> None:
    for place, option in enumerate(order, start=1):
        item.locator(f"[data-option='{option}'] select").select_option(str(place))


# What has the focus: the field, the item that it belongs to, its place among its like, and whether
# it can be seen to have the focus.
FOCUS = """() => {
    const at = document.activeElement;
    const item = at.closest("[data-item]");
    const row = at.closest("[data-option]");
    const rows = row ? [...row.parentElement.children].map((one) => one.dataset.option) : [];
    const like = at.type === "radio" && at.form
        ? [...at.form.elements].filter((one) => one.name === at.name).map((one) => one.value)
        : [...(at.options || [])].map((one) => one.value);
    const seen = [at, at.closest(".option")].filter(Boolean);
    return {
        type: at.type || at.tagName, name: at.name || "", value: at.value || "",
        item: item ? item.dataset.item : "", kind: item ? item.dataset.kind : "",
        like, min: Number(at.min), step: Number(at.step), rows,
        option: row ? row.dataset.option : "",
        up: at.matches(".mover") && at === at.parentElement.firstElementChild,
        outlined: at === document.body
            || seen.some((one) => getComputedStyle(one).outlineStyle !== "none"),
    };
}"""


def _press(page: Page, at: Mapping[str, Any], answer: Any) -> None:
    """Answers the field that has the focus."""
    if at["up"]:
        above = at["rows"][: at["rows"].index(at["option"])]
        below = [each for each in above if answer.index(each) > answer.index(at["option"])]
        _often(page, "Enter", len(below))
    elif at["kind"] == "ranking" or at["name"].endswith(".missing"):
        return
    elif at["type"] in ("radio", "select-one"):
        _often(page, "Space", int(at["type"] == "radio"))
        _often(page, "ArrowDown", at["like"].index(answer))
    elif at["type"] == "checkbox":
        _often(page, "Space", int(at["value"] in answer))
    elif at["type"] == "range":
        _often(page, "ArrowRight", round((float(answer) - at["min"]) / at["step"]))
    elif at["type"] == "date":
        year, month, day = answer.split("-")
        page.keyboard.type(f"{month}{day}{year}")
    else:
        text = answer[at["name"].partition(".")[2]] if at["kind"] == "allocation" else answer
        page.keyboard.type(str(text))


def _often(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        page.keyboard.press(key)
