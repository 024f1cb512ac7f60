"""A study that asks some arms more than others, and people of each of them."""

from collections.abc import Mapping
from dataclasses import replace

from django.test import Client

from experiments.design import Design, Item, ItemKind, Measure, Option, Page, PageKind, Role, Scale
from responses.models import Participant
from tests.changed import add, changed
from tests.designs import agreement, both, likert, small
from tests.responses.studies import ABOUT, OPINION, entered, sent
from tests.responses.ways import yes_or_no

# What the page that only the paid arm is shown asks, answered so that every rule would object.
PAID: dict[str, str] = {"uses": "park", "understood": "no", "note": "Pasted."} | dict.fromkeys(
    (f"trust{number}" for number in range(1, 6)), "3"
)


def by_arm() -> Design:
    """`small()` that shows the paid arm a page `paid` more, and the question `sign`."""
    understood = replace(
        yes_or_no("understood", "Were you paid?", "받았습니까?"),
        role=Role.COMPREHENSION_CHECK,
        expected="yes",
        tries=1,
    )
    note = Item("note", ItemKind.TEXT, both("A note", "메모"), required=False, measure=Measure.TEXT)
    parks = (Option("park", both("Park", "공원")), Option("road", both("Road", "도로")))
    uses = Item("uses", ItemKind.MULTIPLE, both("For what?", "어디에?"), parks)
    trust = tuple(likert(f"trust{number}", "trust") for number in range(1, 6))
    paid = Page(
        "paid",
        PageKind.QUESTIONS,
        both("Paid", "보상"),
        both("word " * 200, "낱말 " * 200),
        (uses, understood, note, *trust),
        shown_if='reward == "money"',
    )
    sign = replace(yes_or_no("sign", "Sign?", "서명?"), shown_if='reward == "money"')
    grown = changed(small(), {"pages[3].items": add(sign), "scales": add(_trust())})
    return changed(grown, {"pages": lambda pages: (*pages[:3], paid, *pages[3:])})


def _trust() -> Scale:
    return Scale("trust", both("Trust", "신뢰"), agreement(5))


def one_of_each() -> tuple[Participant, Participant]:
    """Somebody of the unpaid arm and somebody of the paid one, who answered everything alike."""
    found: dict[str, Participant] = {}
    while len(found) < 2:
        client = Client()
        entered(client)
        sent(client, "about", ABOUT)
        client.get("/s/park/story/")
        here = sent(client, "story", {})
        person = Participant.objects.latest("id")
        found[person.assignments["main"]["levels"]["reward"]] = person
        if here == "paid":
            here = sent(client, "paid", PAID)
        assert here == "opinion"
        sent(client, "opinion", _opinion(person.assignments["main"]["levels"]))
    for person in found.values():
        person.refresh_from_db()
    return found["none"], found["money"]


def _opinion(levels: Mapping[str, str]) -> dict[str, str]:
    signs = {"sign": "yes"} if levels["reward"] == "money" else {}
    return {**OPINION, **signs}
