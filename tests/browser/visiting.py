"""A visitor's browser: opens pages, answers them, and notes everything that should not happen."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
NewContext = Callable[..., BrowserContext]
# Everything that axe calls a violation counts, its best practices too.
AXE = Axe()
# Options of 44 px and other targets of 24 px, but for links within a sentence (WCAG 2.2, 2.5.8).
SMALL = """() => {
    const least = (one) => one.matches(".option, .mover, .next, select") ? 44 : 24;
    const inside = (one) => one.matches("p a, li a, .option input");
    return [...document.querySelectorAll("a, button, select, input, textarea, summary, .option")]
        .filter((one) => one.offsetParent && !inside(one) && !one.matches(".default, .trap *"))
        .filter((one) => Math.round(one.getBoundingClientRect().height) < least(one))
        .map((one) => one.outerHTML.slice(0, 100));
}"""
# Chromium writes this line for each answer above 399; the statuses are watched themselves.
STATUS_LINE = "Failed to load resource: the server responded with a status of"


@dataclass
class Visitor:
    """One tab, with what went wrong in it so far."""

    page: Page
    survey: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)

    @property
    def at(self) -> str:
        """The code of the page that the tab is on."""
        return urlsplit(self.page.url).path.rstrip("/").split("/")[-1]

    def open(self, path: str = "") -> "Visitor":
        """Opens an address below the survey's."""
        self.page.goto(self.survey + path)
        return self

    def stop_the_clock(self) -> "Visitor":
        """Has the browser's clock go on by what it is told alone: no wait of ours counts."""
        self.page.clock.install()
        self.page.clock.pause_at(datetime.now(tz=UTC) + timedelta(seconds=1))
        return self

    def answer(self, choice: int = 0) -> "Visitor":
        """Chooses the answer of that number in every question, and writes in every text field."""
        for group in self.page.locator("form#page fieldset").all():
            group.locator("input[type=radio]").nth(choice).check()
        for menu in self.page.locator("form#page select").all():
            menu.select_option(index=choice + 1)
        for text in self.page.locator("form#page textarea").all():
            text.fill("Good.\nSecond line.")
        return self

    def next(self) -> "Visitor":
        """Presses the button and waits for the page that it leads to."""
        with self.arrival():
            self.page.locator("form#page button[name=move][value=next]").click()
        return self

    def arrival(self) -> AbstractContextManager[Any]:
        """Waits at the end of its block until another page is there; a mere #fragment is none."""
        return self.page.expect_event("load")

    def leave(self) -> None:
        """Closes the tab as people do, with all that it does then, and waits until it is gone."""
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)

    def enter(self) -> "Visitor":
        """Opens the survey and agrees to take part."""
        return self.open().answer().next()

    def barriers(self) -> list[str]:
        """What axe finds, groups without a name, small targets, a page wider than the screen."""
        # A click has waited for the page to begin.
        self.page.wait_for_load_state()
        found = AXE.run(self.page).response["violations"]
        lines = [f"{self.at}: {rule['id']}: {rule['nodes'][0]['html']}" for rule in found]
        # A group of radio buttons without its question is none to axe.
        nameless = self.page.locator("fieldset:not(:has(> legend)), fieldset:has(> legend:empty)")
        lines += [
            f"{self.at}: {each}" for each in nameless.evaluate_all("all => all.map(f => f.id)")
        ]
        lines += [f"{self.at}: too small: {each}" for each in self.page.evaluate(SMALL)]
        width = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return [*lines, f"{self.at}: {width} px too wide"] if width > 0 else lines

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_LINE):
            self.wrong.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.survey).netloc:
            self.wrong.append(f"asked another host: {request.url}")

    def _note_response(self, response: Response) -> None:
        # What the page's script sends and gets no way on from, the browser sends once more itself.
        by_script = "x-sent-by" in response.request.headers
        document = response.request.resource_type == "document" or by_script
        if response.status == 500 or (response.status >= 400 and not document):
            self.wrong.append(f"{response.status}: {response.url}")


def visitor(new_context: NewContext, survey: str, **settings: Any) -> Visitor:
    """A visitor with a browser of their own, in English on a phone unless `settings` differ."""
    context = new_context(**{"viewport": PHONE, "locale": "en", **settings})
    return Visitor(context.new_page(), survey)


def another_tab(first: Visitor) -> Visitor:
    """A second tab of the same browser."""
    return Visitor(first.page.context.new_page(), first.survey)
