"""A researcher who builds a study by clicking and typing alone, whatever the desk's language."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from experiments import design
from tests.browser.visiting import Visitor

TEXT_COLUMNS = ("code", "text_en", "text_ko", "scale", "subscale")

# Playwright takes a label for a value: nothing chosen is called none, as the code of a level is.
PLACE = "(menu, value) => [...menu.options].findIndex((each) => each.value === value)"


@dataclass(frozen=True)
class Builder:
    """Someone on the page of a new study, the address of which is `home`."""

    person: Visitor
    home: str

    @property
    def page(self) -> Page:
        """The tab."""
        return self.person.page

    def add(self, part: Any, link: Locator, inline: str = "") -> None:
        """Follows the link, fills in what the part says and its inline rows, and saves."""
        follow(self.person, link)
        write_all(self.page, "", part)
        for at, row in enumerate(getattr(part, inline) if inline else ()):
            self.page.locator("a.add-row").click()
            write_all(self.page, f"{inline}-{at}-", row)
        save(self.person)
        # A form that was refused stays where it is.
        expect(self.page).not_to_have_url(re.compile("/add/"))

    def add_to(self, section: str, part: Any, inline: str = "") -> None:
        """Adds a part by the link of its section: `factors`, `randomisations`, `pages`."""
        name = type(part).__name__.lower()
        link = self.page.locator(f"section[aria-labelledby={section}] a[href*='/{name}/add/']")
        self.add(part, link, inline)
        expect(self.page).to_have_url(self.home)

    def plan(self, plan: design.Plan) -> None:
        """Fills in the plan, of which taking a scale or pasting items leaves an empty one."""
        self.add(plan, self.page.locator("#plan ~ a[href*='/experiments/plan/']"), "contrasts")
        expect(self.page).to_have_url(self.home)

    def take(self, scale: str, onto: str = "") -> None:
        """Takes a scale out of the library, its items onto that page."""
        follow(self.person, self.page.locator("a[href$='/library/']"))
        self.page.locator("#of").select_option("coproduction")
        follow(self.person, self.page.locator("form:has(#of) button"))
        self.page.locator(f"#page-{scale}").select_option(onto)
        follow(self.person, self.page.locator(f"form:has(#page-{scale}) button"))
        expect(self.page).to_have_url(f"{self.home}#scales")

    def paste(self, onto: str, items: list[design.Item]) -> None:
        """Pastes items of a scale as a table, and applies what is shown."""
        follow(self.person, self._of_page(onto).locator("a[href*='/study/paste/']"))
        rows = [(i.code, i.text["en"], i.text["ko"], i.scale, i.subscale) for i in items]
        table = "\n".join(map("\t".join, [TEXT_COLUMNS, *rows]))
        self.page.locator("#id_table").fill(table)
        follow(self.person, self.page.locator("form:has(textarea#id_table) button"))
        follow(self.person, self.page.locator("form:has([name=seen]) button"))

    def ask(self, page: design.Page, item: design.Item, after: int) -> None:
        """Adds an item with its options, then moves it up to its place from behind `after`."""
        self.add(item, self._of_page(page.code).locator("a[href*='/item/add/']"), "options")
        # An item leads back to its page, and that to the study.
        way_back = self.page.locator(f".desk-trail a[href='{urlsplit(self.home).path}']")
        follow(self.person, way_back)
        row = self._of_page(page.code).locator(f".desk-item:has(h4 code:text-is('{item.code}'))")
        for _step in range(after - page.items.index(item)):
            follow(self.person, row.locator("button[value=up]"))

    def _of_page(self, code: str) -> Locator:
        part = f"section[aria-labelledby=pages] article:has(h3 code:text-is('{code}'))"
        return self.page.locator(part)


def follow(person: Visitor, link: Locator) -> None:
    """Clicks on a link or a button, and waits for the page that it leads to."""
    with person.arrival():
        link.click()


def save(person: Visitor) -> None:
    """Saves the form of the admin."""
    follow(person, person.page.locator("button[name=_save]"))


def write_all(page: Page, prefix: str, part: Any) -> None:
    """Fills in every field of a part of a design that is not as it comes; its rows are inlines."""
    for each in fields(part):
        value = getattr(part, each.name)
        made = each.default_factory
        rows = isinstance(value, tuple) and any(map(is_dataclass, value))
        if not rows and value != (each.default if made is MISSING else made()):
            write(page, f"{prefix}{each.name}", value)


def write(page: Page, name: str, value: Any) -> None:
    """Types, ticks or chooses a value in the control of that name."""
    control = page.locator(f"#id_{name}")
    boxes = page.locator(f"[type=checkbox][name={name}]")
    if isinstance(value, Mapping):
        for language, text in value.items():
            page.locator(f"#id_{name}_{language}").fill(text)
    elif isinstance(value, bool):
        control.set_checked(value)
    elif isinstance(value, tuple) and boxes.count():
        for code in value:
            boxes.and_(page.locator(f"[value='{code}']")).check()
    elif isinstance(value, tuple):
        control.fill(", ".join(map(str, value)))
    elif control.evaluate("one => one.tagName") == "SELECT":
        control.select_option(index=control.evaluate(PLACE, str(value)))
    else:
        control.fill(str(value))
