"""Measures the first page and a page of the longest scale with Lighthouse, on phone settings.

Needs Node 20 and npm, and a Chromium. Lighthouse 12 is the last that runs on Node 20.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import product
from benchmarks.respondent import at_random
from benchmarks.servers import postgres, results_folder, web
from rehearsal.browser import Browser, page_of
from rehearsal.respondent import walk

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CATEGORIES = ("performance", "accessibility", "best-practices")
# Of the shipped study: the fullest page of the items of public service motivation.
LONGEST = "motivation_3"
TIMES = 3


@dataclass(frozen=True)
class Visit:
    """A page to measure, and the cookies that open it."""

    name: str
    address: str
    cookies: str


def main() -> None:
    """Prints a line for each page; ends with 1 if a target is missed."""
    tools = [shutil.which("npm"), next(filter(None, map(shutil.which, CHROMIUM)), None)]
    if not all(tools):
        sys.exit("Lighthouse needs Node 20 with npm, and Chromium: install them and try again.")
    program = _installed(str(tools[0]))
    with postgres() as server:
        product.prepare(server.url())
        with web("coprod_site.wsgi:application", server.url()) as site:
            visits = [_first(site.site), _longest(site.site)]
            reports = {
                visit.name: [_measured(program, str(tools[1]), visit) for _ in range(TIMES)]
                for visit in visits
            }
    print("page: performance (median of runs), accessibility, best practices, KB, requests")
    met = [_line(name, found) for name, found in reports.items()]
    sys.exit(0 if all(met) else 1)


def _installed(npm: str) -> Path:
    """The program, as the lock file has it, in a folder of var/."""
    folder = results_folder() / "lighthouse"
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        command = [npm, "ci", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - npm and node, told by us
    return program


def _first(site: str) -> Visit:
    return Visit("first page", site + product.ENTRY, "")


def _longest(site: str) -> Visit:
    """Walks there as a respondent does."""
    browser = Browser(site)
    random = Random(1)  # noqa: S311 # it fills in forms
    path = next(
        taken.to
        for taken in walk(browser, product.ENTRY, at_random(random))
        if page_of(taken.to) == LONGEST
    )
    cookies = browser.cookie_header
    browser.close()
    return Visit(f"page {LONGEST}", site + path, cookies)


def _measured(program: Path, chromium: str, visit: Visit) -> dict[str, Any]:
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [
        *("node", str(program), visit.address, "--quiet", "--output=json"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"),
    ]
    if visit.cookies:
        command.append(f"--extra-headers={json.dumps({'Cookie': visit.cookies})}")
    environment = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(  # noqa: S603 - npm and node, told by us
        command, env=environment, capture_output=True, text=True, check=True
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _line(name: str, reports: list[dict[str, Any]]) -> bool:
    scores = {
        category: [100 * report["categories"][category]["score"] for report in reports]
        for category in CATEGORIES
    }
    items = reports[0]["audits"]["network-requests"]["details"]["items"]
    size = sum(item["transferSize"] for item in items) / 1000
    speed = scores["performance"]
    spread = f"{statistics.median(speed):.0f} ({min(speed):.0f}–{max(speed):.0f})"
    others = [min(scores[category]) for category in CATEGORIES[1:]]
    print(
        f"{name}: {spread}, {others[0]:.0f}, {others[1]:.0f}, {size:.1f} KB, {len(items)} requests"
    )
    for audit in reports[0]["audits"].values():
        if audit["score"] == 0 and audit["scoreDisplayMode"] == "binary":
            print(f"  {audit['id']}: {audit['title']}")
    return statistics.median(speed) >= 95 and others == [100, 100]


if __name__ == "__main__":
    main()
