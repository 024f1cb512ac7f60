"""How many people of each style the quality flags catch: the table of docs/rehearsal.md.

The shipped study and its truth, in process; of each style the first 150 of 12,000 people.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.statistics.estimate import Places
from experiments.answers import Answers
from rehearsal.population import Population
from rehearsal.truth import Style
from rehearsal.truth_file import parse_truth
from responses.quality.judged import Judged, judged
from responses.quality.record import Record, Sent
from responses.quality.rules import flags_of
from tests.rehearsal.every_design import STUDIES
from tests.simulation.simulated import shipped_design

PEOPLE, OF_EACH, SEED = 12_000, 150, 20240101
RULES = ("fast_pages", "fast_reading", "long_string", "failed_attention")
LEVELS = {"reward": "none", "legitimacy": "low"}


def table() -> list[str]:
    """The rows of the table: by style the people in a hundred with each flag, and with any."""
    design = shipped_design()
    truth = parse_truth((STUDIES / "coproduction.truth.yaml").read_text(), design).truth
    assert truth
    population, rules = Population(design, truth, PEOPLE, SEED), judged(design)
    medians = {code: float(np.median(population.seconds(code))) for code in rules.timed}
    styles = np.array(population.styles)
    return [
        _row(style, list(_flags(population, rules, medians, np.flatnonzero(styles == style))))
        for style in Style
    ]


def _flags(
    population: Population,
    rules: Judged,
    medians: Mapping[str, float],
    places: Places,
) -> Iterator[list[bool]]:
    for person in places[:OF_EACH].tolist():
        sent = tuple(
            Sent(page.code, float(population.seconds(page.code)[person]), {"w": 390})
            for page in population.design.pages
        )
        record = Record(
            rules, population.languages[person], _answers(population, person), sent, medians
        )
        found = flags_of(record)
        yield [bool(found[rule]) for rule in RULES]


def _answers(population: Population, person: int) -> Answers:
    asked = [item.code for item in population.design.items()]
    return {code: population.answer(person, code, LEVELS) for code in asked}


def _row(style: Style, flags: list[list[bool]]) -> str:
    each = [100 * sum(one) / len(flags) for one in zip(*flags, strict=True)]
    some = 100 * sum(map(any, flags)) / len(flags)
    return f"| `{style}` | " + " | ".join(f"{share:.0f}" for share in (*each, some)) + " |"
