"""Random participants through random designs: one end each, with what they sent and no more."""

from collections.abc import Iterator
from random import Random

import pytest

from experiments.design import Design, ItemKind, Order, PageKind, Role
from experiments.logic import names, parse
from responses.models import Participant, State, Submission
from tests.responses.studies import launched
from tests.responses.walks.designs import random_design
from tests.responses.walks.oracle import Places
from tests.responses.walks.walker import TURNED_AWAY, Walker

DESIGNS = 7
MORE_DESIGNS = 60
WALKERS = 7
MOST_STEPS = 2000
ENDS = {State.COMPLETED, State.REFUSED, State.SCREENED_OUT, State.QUOTA_FULL, State.WITHDRAWN}


def test_random_designs_have_every_feature() -> None:
    found = {feature for seed in range(DESIGNS) for feature in features(random_design(seed))}
    kinds = {f"kind {kind}" for kind in ItemKind}
    assert found == kinds | {
        *("screening", "block", "quota", "check", "withdrawal ask", "withdrawal erase"),
        *("back", "page waits", "item waits", "item waits on its page", "arm", "soft", "optional"),
        *("order random", "order flipped", "don't know"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(DESIGNS))
def test_random_walk_ends_once_with_what_was_sent(seed: int) -> None:
    _walk(seed)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(DESIGNS, DESIGNS + MORE_DESIGNS))
def test_more_random_walks_end_once_with_what_was_sent(seed: int) -> None:
    _walk(seed)


def _walk(seed: int) -> None:
    """Has walkers take turns in the design of that seed until each has come to an end."""
    design, random = random_design(seed), Random(seed)
    launched(design)
    places = Places(design)
    walkers = [Walker(design, places, n, Random(f"{seed}|{n}")) for n in range(WALKERS)]
    for _ in range(MOST_STEPS):
        going = [walker for walker in walkers if walker.state == State.ANSWERING]
        if not going:
            break
        random.choice(going).step()
    entered = [walker for walker in walkers if walker.state != TURNED_AWAY]
    assert {walker.state for walker in entered} <= ENDS
    assert Participant.objects.filter(study__slug=design.study).count() == len(entered)
    for walker in entered:
        _agrees(walker)


def features(design: Design) -> Iterator[str]:
    """What of all that a design can have this one has."""
    items = list(design.items())
    pages = [(page, {item.code for item in page.items}) for page in design.pages]
    here = [names(parse(i.shown_if)) & codes for p, codes in pages for i in p.items if i.shown_if]
    having = {
        "screening": design.pages[0].kind is PageKind.SCREENING,
        "block": design.blocks,
        "quota": design.quotas,
        "check": any(item.role is Role.COMPREHENSION_CHECK for item in items),
        "back": any(page.back for page in design.pages),
        "page waits": any(page.shown_if for page in design.pages),
        "item waits": here,
        "item waits on its page": any(here),
        "arm": any("reward" in item.shown_if for item in items),
        "soft": any(item.soft for item in items),
        "optional": any(not item.required for item in items),
        "don't know": any(o.missing for i in items if not i.scale for o in i.options),
    }
    yield from (name for name, has in having.items() if has)
    yield from (f"kind {item.kind}" for item in items)
    yield f"withdrawal {design.withdrawal}"
    orders = {scale.item_order for scale in design.scales} - {Order.FIXED}
    yield from (f"order {order}" for order in orders)


def _agrees(walker: Walker) -> None:
    """What the database holds of the walker is what the site took from them, and no more."""
    person = Participant.objects.get(pk=walker.pk)
    rows = Submission.objects.filter(participant=person).order_by("revision")
    assert person.state == walker.state
    assert [(row.page, row.answers) for row in rows] == walker.rows, walker.did
    assert person.answers == walker.outlook.answers
    if person.state == State.COMPLETED:
        assert set(person.not_shown) == walker.outlook.hidden(walker.page.code)
