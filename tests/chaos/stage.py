"""What every fault has at hand: machine, line, people, study, and chance by the seed."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from django.contrib.auth.models import User

from experiments.models import Study
from rehearsal.browser import Answer, Browser
from responses.models import Mode
from tests.chaos.machine import Machine
from tests.chaos.people import Crowd, patiently
from tests.chaos.proxy import Line

DESK, PASSWORD = "steward", "only for a chaos run 7"  # of a site that goes with it


@dataclass
class Stage:
    """`short` has each fault last no longer than it must; `counts` adds up what was done.

    `over` is when the fault was, if it waited for its signs after that.
    """

    machine: Machine
    line: Line
    crowd: Crowd
    study: Study
    random: Random
    short: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    over: float | None = None

    def count(self, what: str, by: int = 1) -> None:
        """Adds to a count of the report."""
        self.counts[what] = self.counts.get(what, 0) + by

    def is_over(self) -> None:
        """Says that the fault is over by now, and that what follows is how the site recovers."""
        self.over = time.monotonic()

    def lasting(self, least: float, most: float) -> float:
        """For how many seconds something lasts."""
        return least if self.short else self.random.uniform(least, most)

    @property
    def mode(self) -> Mode:
        """The mode in which everybody comes."""
        return Mode.REHEARSAL


class Desk(Browser):
    """The browser of a steward who is logged in, past the line that breaks."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.machine.site)
        self._exports = f"/admin/export/{stage.study.slug}/"
        self.log_in()

    def log_in(self) -> None:
        """Logs in."""
        where = "/admin/login/?next=/admin/"
        self.get(where)
        answer = self._send(where, {"username": DESK, "password": PASSWORD})
        assert answer.status == 302, f"the login was answered with {answer.status}"

    def export(self, mode: str) -> tuple[int, str]:
        """Asks for the participants as CSV: the status of the answer, and where the file is."""
        asked = {"mode": mode, "format": "csv", "table": "participants", "language": "en"}
        answer = self._send(self._exports, asked)
        return answer.status, answer.location

    def _send(self, where: str, fields: dict[str, str]) -> Answer:
        token = self.cookies["csrftoken"]
        sent = {name: [text] for name, text in fields.items()}
        return self.ask("POST", where, {**sent, "csrfmiddlewaretoken": [token]})


def make_steward() -> None:
    """Makes the account of the desk."""
    patiently(lambda: User.objects.create_superuser(DESK, password=PASSWORD))


def exported_files(folder: Path) -> list[Path]:
    """The files of exports that say that they are whole: what is being made begins with a dot."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".zip"))
