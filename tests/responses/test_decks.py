"""Several vignettes for each participant, from the first page to the ledger and back."""

from collections import Counter

import pytest
from django.test import Client

from experiments.design import DrawOrder
from experiments.launch import close
from experiments.models import Study
from experiments.randomisation import arranged, counterbalanced, drawn, latin_square
from experiments.seed import seed_of
from responses.ledger.lists import ListName
from responses.ledger.row import row_digest
from responses.models import Allocation, Participant, State
from responses.verification import Verdict, verify
from responses.withdrawal import withdraw
from tests.decks import deck_design
from tests.responses.export.reading import export, rows
from tests.responses.ledger import tampered
from tests.responses.studies import ABOUT, entered, launched, sent

pytestmark = pytest.mark.django_db


def walked(client: Client) -> list[str]:
    """Answers all pages; the pages that were sent."""
    entered(client)
    client.get("/s/park/about/")
    here, pages = sent(client, "about", ABOUT), ["about"]
    while here != "thanks":
        client.get(f"/s/park/{here}/")
        draw = here.rsplit("_", 1)[-1]
        answers = {f"will1_{draw}": draw, f"will2_{draw}": "5", f"noticed_{draw}": "none"}
        pages.append(here)
        here = sent(client, here, answers if here.startswith("opinion") else {})
    return pages


def dealt(people: int, **step: object) -> Study:
    study = launched(deck_design(**step))
    for _ in range(people):
        walked(Client())
    return study


def test_participant_sees_the_vignettes_that_the_deck_deals() -> None:
    study = launched(deck_design())
    client = Client()
    assert walked(client) == ["about", "story_1", "opinion_1", "story_2", "opinion_2"]
    person = Participant.objects.get()
    rows_ = list(Allocation.objects.order_by("position").select_related("version"))
    version = rows_[0].version
    deck = version.written.randomisations[0]
    name = ListName(version, deck, "live", "")
    cards = drawn(name.seed(seed_of(study)), 0, 4, 2)
    assert [(row.position, row.draw, row.block, row.arm, row.probability) for row in rows_] == [
        (at, at + 1, 0, deck.arms[card].code, "1/4") for at, card in enumerate(cards)
    ]
    assert {code: (each["arm"], each["levels"]) for code, each in person.assignments.items()} == {
        f"deck_{draw}": (
            deck.arms[card].code,
            dict(zip((f"reward_{draw}", f"voice_{draw}"), deck.arms[card].levels, strict=True)),
        )
        for draw, card in enumerate(cards, start=1)
    }
    assert (person.answers["will1_1"], person.answers["will1_2"]) == ("1", "2")
    assert verify(study, seed_of(study)) == Verdict(
        True, "2 allocations in 1 lists replay; 2 are linked to participants."
    )


def test_vignette_of_each_draw_shows_its_own_levels() -> None:
    launched(deck_design())
    client = Client()
    entered(client)
    sent(client, "about", ABOUT)
    person = Participant.objects.get()
    texts = {"none": "You get none.", "money": "You get money."}
    for draw, other in ((1, 2), (2, 1)):
        page = client.get(f"/s/park/story_{draw}/").content.decode()
        levels = person.assignments[f"deck_{draw}"]["levels"]
        assert texts[levels[f"reward_{draw}"]] in page
        different = person.assignments[f"deck_{other}"]["levels"][f"reward_{other}"]
        assert different == levels[f"reward_{draw}"] or texts[different] not in page
        sent(client, f"story_{draw}", {})
        answers = {f"will1_{draw}": "3", f"will2_{draw}": "5", f"noticed_{draw}": "none"}
        client.get(f"/s/park/opinion_{draw}/")
        sent(client, f"opinion_{draw}", answers)


@pytest.mark.parametrize("order", [DrawOrder.RANDOM, DrawOrder.LATIN, DrawOrder.WILLIAMS])
def test_every_vignette_is_used_equally_often_in_every_order(order: DrawOrder) -> None:
    study = dealt(4, draw_order=order)
    arms = Counter(Allocation.objects.values_list("arm", flat=True))
    assert set(arms.values()) == {2}
    assert all(len(set(each)) == 2 for each in _by_person())
    assert verify(study, seed_of(study)).holds
    if order is DrawOrder.LATIN:
        version = Allocation.objects.select_related("version")[0].version
        deck = version.written.randomisations[0]
        seed = ListName(version, deck, "live", "").seed(seed_of(study))
        expected = [
            arranged(drawn(seed, at, 4, 2), counterbalanced(seed, at, latin_square(2)))
            for at in range(4)
        ]
        assert _by_person() == [tuple(deck.arms[card].code for card in each) for each in expected]


def _by_person() -> list[tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for row in Allocation.objects.order_by("position"):
        found.setdefault(row.block, []).append(row.arm)
    return [tuple(each) for _, each in sorted(found.items())]


@pytest.mark.django_db(transaction=True)
def test_data_set_has_each_draw_beside_the_other() -> None:
    study = close(study=dealt(1))
    ((row,), person) = (rows(export(study)), Participant.objects.get())
    for draw, suffix in ((1, ""), (2, "_2")):
        assert row[f"will1_{draw}"] == str(draw)
        assert row[f"arm{suffix}"] == person.assignments[f"deck_{draw}"]["arm"]
        assert row[f"position{suffix}"] == str(draw - 1)


def test_deck_of_one_who_withdrew_replays() -> None:
    study = dealt(2)
    withdraw(participant_id=Participant.objects.order_by("id")[0].pk)
    assert Participant.objects.filter(state=State.WITHDRAWN).count() == 1
    line = (
        "4 allocations in 1 lists replay; 2 are linked to participants, "
        "2 were cut off by withdrawals."
    )
    assert verify(study, seed_of(study)) == Verdict(True, line)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "line"),
    [
        (
            "UPDATE responses_allocation SET draw = 2 WHERE position = 2",
            "Version 1, deck, live, position 2: the ledger says draw 2, not 1.",
        ),
        (
            "UPDATE responses_participant SET assignments = jsonb_build_object("
            "'deck_1', assignments -> 'deck_2', 'deck_2', assignments -> 'deck_1')",
            "disagree on deck_1.",
        ),
        (
            "UPDATE responses_participant SET assignments = assignments - 'deck_2'",
            "has no allocation of deck_2 of their own.",
        ),
    ],
    ids=["draw", "swapped", "cut"],
)
def test_tampering_with_a_deck_is_found(statement: str, line: str) -> None:
    study = dealt(2)
    tampered(statement)
    verdict = verify(study, seed_of(study))
    assert (verdict.holds, verdict.line.endswith(line)) == (False, True), verdict.line


@pytest.mark.django_db(transaction=True)
def test_half_a_hand_at_the_end_is_found() -> None:
    study = dealt(1)
    tampered(
        "UPDATE responses_allocationhead SET next_position = 1,"
        " digest = (SELECT digest FROM responses_allocation WHERE position = 0)"
    )
    tampered("DELETE FROM responses_allocation WHERE position = 1")
    line = "Version 1, deck, live: the last participant lacks a vignette."
    assert verify(study, seed_of(study)) == Verdict(False, line)


@pytest.mark.django_db(transaction=True)
def test_row_of_a_deck_that_claims_to_take_over_another_is_found() -> None:
    """Or a participant could be taken away as if they had never been exposed."""
    study = dealt(2)
    tampered("UPDATE responses_allocation SET releases = 0 WHERE position = 2")
    digest = Allocation.objects.get(position=1).digest
    for row in Allocation.objects.filter(position__gte=2).order_by("position"):
        digest = row_digest(bytes(digest), row)
        tampered("UPDATE responses_allocation SET digest = %s WHERE id = %s", [digest, row.pk])
    tampered("UPDATE responses_allocationhead SET digest = %s", [digest])
    told = "Version 1, deck, live, position 2: it takes over position 0, and none may."
    assert verify(study, seed_of(study)) == Verdict(False, told)
