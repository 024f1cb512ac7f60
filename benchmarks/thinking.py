"""How long respondents think: as long as the people of a rehearsal, or a part of it."""

from functools import cache

from benchmarks.load import Thinks
from benchmarks.product import STUDY
from coprod_site.embedded import ROOT
from experiments.studyfile import parse
from rehearsal.crowd import Crowd
from rehearsal.default_truth import default_truth
from rehearsal.pace import seconds_on

SEED = (1,)


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
