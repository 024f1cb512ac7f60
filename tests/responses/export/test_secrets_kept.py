"""Whose arm is secret looks the same in every table and format whichever arm it is."""

from dataclasses import replace

import pytest

from experiments.design import Design, PageKind
from experiments.models import Status
from responses.export.formats import FORMATS
from responses.export.tables import NAMES
from tests.designs import likert, small
from tests.responses.export.rows import START, assigned, enter, launched
from tests.responses.export.tabled import send
from tests.responses.export.test_text_formats import written

pytestmark = pytest.mark.django_db(transaction=True)

TEXT_FORMATS = [name for name in FORMATS if FORMATS[name].is_text]
SHARED = {"will1": "3", "will2": "5", "comment": None}


def telling() -> Design:
    """A page, and an item of another one, that only those who get money are shown."""
    design = small()
    opinion = design.pages[3]
    money = "reward == 'money'"
    extra = replace(opinion, code="extra", items=(likert("will4", "will"),), shown_if=money)
    item = replace(likert("will3", "will"), shown_if=money)
    opinion = replace(opinion, items=(*opinion.items, item))
    assert design.pages[2].kind is PageKind.VIGNETTE
    return replace(design, pages=(*design.pages[:3], extra, opinion, design.pages[4]))


def files_of(number: int, *, money: bool, status: Status) -> dict[tuple[str, str], str]:
    """Every file of a study whose one participant had that arm, and took the time that it takes."""
    study = launched(replace(telling(), study=f"park_{number}"), status)
    hidden = [] if money else ["will3", "will4"]
    arm = assigned("money.low" if money else "none.low", position=int(money))
    times = dict.fromkeys(("entered_at", "consented_at", "last_seen_at"), START)
    person = enter(study, number, page="thanks", assignments=arm, not_shown=hidden, **times)
    send(person, 1, "about", {"gender": "woman"}, device="phone")
    facts = {"hidden_ms": 900, "items": {"will1": {"first": 5}}} if money else {"hidden_ms": 70}
    send(person, 2, "story", {}, device="phone", **facts)
    if money:
        send(person, 3, "extra", {"will4": "7"}, device="phone")
    said = SHARED | ({"will3": "6", "noticed": "money"} if money else {"noticed": "none"})
    send(person, 4 if money else 3, "opinion", said, device="phone", **facts)
    # Their reference is a random one in any case.
    return {
        (name, table): written(study, name, table).decode().replace(str(person.reference), "")
        for name in TEXT_FORMATS
        for table in NAMES
    }


def test_secret_arms_look_the_same_in_every_table_and_format() -> None:
    money, none = (files_of(n, money=n == 1, status=Status.LIVE) for n in (1, 2))
    assert [key for key, file in money.items() if file != none[key]] == []
    money, none = (files_of(n, money=n == 3, status=Status.CLOSED) for n in (3, 4))
    assert [key for key, file in money.items() if file == none[key]] == []
