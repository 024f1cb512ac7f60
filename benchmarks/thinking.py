"""How long respondents think: as long as the people of a rehearsal, or a part of it.

And so what their scripts send, for drafts come at pauses.
"""

import argparse
from functools import cache

from benchmarks.load import Thinks
from benchmarks.product import STUDY
from benchmarks.scripts import OFF, ON, Scripts
from coprod_site.embedded import ROOT
from experiments.studyfile import parse
from rehearsal.crowd import Crowd
from rehearsal.default_truth import default_truth
from rehearsal.pace import seconds_on

SEED = (1,)
SCRIPTS = ("on", "off", "drafts")


def add_options(parser: argparse.ArgumentParser) -> None:
    """How respondents are sent: how long they think, what their browsers run, what is there."""
    parser.add_argument(
        "--think", type=float, default=0.0, help="1: they take as long as people; 0: not at all"
    )
    add_scripts(parser)
    parser.add_argument(
        "--web-alone", action="store_true", help="no Valkey, worker and beat beside the web"
    )


def add_scripts(parser: argparse.ArgumentParser) -> None:
    """What their browsers run."""
    parser.add_argument(
        "--scripts",
        choices=SCRIPTS,
        default="on",
        help="on: paradata with each page, drafts at their pauses; off: forms alone; "
        "drafts: those of people who think, though they don't",
    )


def scripts_of(name: str, people: int) -> Scripts:
    """What the scripts of so many respondents send, by the name of the command line."""
    if name == "drafts":
        return Scripts(True, drafts_of=thinking(people, 1.0))
    return ON if name == "on" else OFF


def thinking(people: int, times: float) -> Thinks | None:
    """What each of so many takes for a page of the shipped study; None if they don't think."""
    if not times:
        return None
    design = parse((ROOT / "studies" / f"{STUDY}.yaml").read_bytes()).design
    if design is None:
        raise ValueError(f"studies/{STUDY}.yaml has problems: run validate_study on it.")
    crowd = Crowd(design, default_truth(design), people, SEED)
    pages = {page.code: page for page in design.pages}

    @cache
    def seconds(page: str) -> list[float]:
        found: list[float] = (times * seconds_on(crowd, pages[page], 0)).tolist()
        return found

    return lambda number, page: seconds(page)[number % people] if page in pages else 0.0
