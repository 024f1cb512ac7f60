"""Part of the participants is assigned, the others see no page that shows an arm."""

import pytest
from django.test import Client

from experiments.design import Arm, Design, Factor, Level, Page, PageKind, Randomisation
from experiments.seed import seed_of
from responses.models import Allocation, Participant
from responses.verification import Verdict, verify
from tests.changed import add, changed
from tests.designs import both, small
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent

pytestmark = pytest.mark.django_db


def partly() -> Design:
    """`small()` with a second randomisation on a later page, for women alone."""
    levels = (
        Level("plain", both("Plain", "보통"), both("Plain.", "보통.")),
        Level("warm", both("Warm", "따뜻"), both("Warm.", "따뜻.")),
    )
    letter = Page("letter", PageKind.VIGNETTE, both("Letter", "편지"), both("{tone}", "{tone}"))
    return changed(
        small(),
        {
            "factors": add(Factor("tone", both("Tone", "말투"), levels)),
            "randomisations": add(
                Randomisation(
                    "second",
                    ("tone",),
                    (Arm(("plain",)), Arm(("warm",))),
                    block_sizes=(2,),
                    assign_if='gender == "woman" and reward == "money"',
                )
            ),
            "pages": lambda pages: (*pages[:3], letter, *pages[3:]),
        },
    )


def walk(gender: str) -> tuple[list[str], Participant]:
    client, here, pages = Client(), "about", []
    entered(client)
    while here != "thanks":
        client.get(f"/s/park/{here}/")
        pages.append(here)
        answers = {"about": {**ABOUT, "gender": gender}, "opinion": OPINION}.get(here, {})
        here = sent(client, here, answers)
    return pages, Participant.objects.latest("id")


def test_only_who_satisfies_the_condition_is_assigned() -> None:
    study = launched(partly())
    seen = set()
    for gender in ("woman", "man") * 6:
        pages, person = walk(gender)
        part = gender == "woman" and person.assignments["main"]["levels"]["reward"] == "money"
        letter = ["letter"] if part else []
        assert pages == ["about", "story", *letter, "opinion"]
        assert sorted(person.assignments) == (["main", "second"] if part else ["main"])
        seen.add(part)
    assert seen == {True, False}
    rows = Allocation.objects.filter(randomisation="second")
    assert [row.position for row in rows] == list(range(len(rows)))
    line = (
        f"{12 + len(rows)} allocations in 3 lists replay; "
        f"{12 + len(rows)} are linked to participants."
    )
    assert verify(study, seed_of(study)) == Verdict(True, line)
