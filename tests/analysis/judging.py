"""Participants who judged two of four vignettes each, put straight into the tables."""

from typing import Any

from experiments.answers import Answer
from experiments.models import Study
from responses.models import Participant
from tests.analysis.studies import answers, complete

ARMS = ("none.low", "none.high", "money.low", "money.high")
DRAWS = (1, 2)


def cards(place: int) -> tuple[str, str]:
    """The two vignettes of the participant in that place: all pairs in turn."""
    return ARMS[place % 4], ARMS[(place + 1 + place // 4 % 3) % 4]


def dealt(place: int) -> dict[str, dict[str, Any]]:
    """Their assignments, as the ledger links them."""
    return {
        f"deck_{draw}": {
            "key": f"00000000-0000-4000-8000-{2 * place + draw:012d}",
            "arm": arm,
            "levels": dict(zip((f"reward_{draw}", f"voice_{draw}"), arm.split("."), strict=True)),
            "probability": "1/4",
            "stratum": "",
            "position": 2 * place + draw - 1,
        }
        for draw, arm in zip(DRAWS, cards(place), strict=True)
    }


def judged(place: int) -> dict[str, Answer]:
    """Their answers: those asked once, and each draw's under its own codes."""
    once = answers(place)
    found = {code: once[code] for code in ("gender", "education", "motive1", "motive2")}
    found["attention"] = "2"
    for draw in DRAWS:
        own = answers(1000 * draw + place)
        found |= {f"{code}_{draw}": own[code] for code in ("will1", "will2", "noticed", "comment")}
    return found


def judges(study: Study, n: int) -> list[Participant]:
    """So many completes of a study of `deck_design()`."""
    people = complete(study, n)
    for place, person in enumerate(people):
        person.answers, person.assignments = judged(place), dealt(place)
        person.save()
    return people
