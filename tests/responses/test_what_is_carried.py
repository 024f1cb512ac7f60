"""What stands in the hidden field of a page, and that it tells nobody of an arm."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from experiments.cipher import NONCE_BYTES
from experiments.design import Design, Limit, Quota
from responses import carried
from responses import person as reading
from responses.designs import version_of
from responses.ledger.drawing import levels_of
from responses.models import Submission
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.responses.studies import OPINION, entered, launched, sent, walked
from tests.responses.test_carried import shown

pytestmark = pytest.mark.django_db


def seen(client: Client) -> tuple[str, reading.Participant]:
    """Somebody who was shown the vignette and went on."""
    token = walked(client, until="opinion")
    found = reading.read("park", token)
    assert found is not None
    return token, found


def of_each_arm(found: reading.Participant) -> Iterator[Mapping[str, Any]]:
    """Their assignments as each arm would make them."""
    (step,) = found.design.randomisations
    for arm in step.arms:
        held = {"arm": arm.code, "levels": levels_of(step, arm.code, 1)}
        for position, probability in [(1, "0.5"), (1_000_000, "0.16666666666666666")]:
            drawn = {"position": position, "probability": probability}
            yield {"main": {**found.assignments["main"], **held, **drawn}}


def test_arm_does_not_show_in_the_length(client: Client) -> None:
    launched()
    token, found = seen(client)
    for letters in range(carried.STEP):
        said = {**found.answers, "comment": "x" * letters}
        of_arms = [replace(found, answers=said, assignments=each) for each in of_each_arm(found)]
        lengths = {len(carried.sealed(each, token)) for each in of_arms}
        assert (len(of_arms) > 2, len(lengths)) == (True, 1)
    length = len(urlsafe_b64decode(carried.sealed(found, token)))
    assert (length - NONCE_BYTES - 16) % carried.STEP == 0


def test_vignettes_of_a_deck_do_not_show_in_the_length(client: Client) -> None:
    """Neither those that were shown nor those to come."""
    launched(deck_design())
    token = walked(client, until="story")
    read = reading.read("park", token)
    assert read is not None
    found = replace(read, awaits_exposure=False)
    (step,) = version_of(found.version_id).written.randomisations
    assert set(found.assignments) == {"deck_1", "deck_2"}
    for letters in range(carried.STEP):
        said = replace(found, answers={**found.answers, "comment": "x" * letters})
        lengths = set()
        for arms in permutations(step.arms, 2):
            dealt = {
                code: {**held, "arm": arm.code, "levels": levels_of(step, arm.code, draw)}
                for draw, arm in enumerate(arms, start=1)
                for code, held in [(f"deck_{draw}", found.assignments[f"deck_{draw}"])]
            }
            lengths.add(len(carried.sealed(replace(said, assignments=dealt), token)))
        assert len(lengths) == 1
        assert lengths != {0}


def test_page_of_a_version_that_is_gone_opens_nothing(client: Client) -> None:
    launched()
    token, found = seen(client)
    text = carried.sealed(found, token)
    version_of.cache_clear()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM experiments_designversion")
        assert carried.opened(text, study="park", token=token, page="opinion") is None
        transaction.set_rollback(True)
    version_of.cache_clear()
    assert carried.opened(text, study="park", token=token, page="opinion") is not None


def test_item_may_be_called_as_the_field_was(client: Client) -> None:
    launched(changed(small(), {"pages[3].items[3].code": "carried"}))
    walked(client, until="opinion")
    fields = {**shown(client, "opinion"), **OPINION, "carried": "What I think."}
    assert sent(client, "opinion", fields) == "thanks"
    assert Submission.objects.get(page="opinion").answers["carried"] == "What I think."


@pytest.mark.parametrize("change", [{"pages[1].min_seconds": 1}, {"pages[3].max_seconds": 900}])
def test_page_that_needs_the_time_carries_nothing(client: Client, change: dict[str, int]) -> None:
    launched(changed(small(), change))
    timed = "about" if "pages[1].min_seconds" in change else "opinion"
    walked(client, until=timed)
    assert shown(client, timed)[carried.FIELD] == [""]


def test_study_with_quotas_carries_nothing(client: Client) -> None:
    launched(with_a_quota())
    entered(client)
    assert shown(client, "about")[carried.FIELD] == [""]


def with_a_quota() -> Design:
    """`small()` with one that nobody fills."""
    quota = Quota("women", ("gender",), (Limit(("woman",), 100),))
    return replace(small(), quotas=(quota,))


def test_long_answers_are_read(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    found = reading.read("park", token)
    assert found
    long = replace(found, answers={"comment": "가" * carried.LARGEST})
    assert (carried.sealed(long, token), bool(carried.sealed(found, token))) == ("", True)
