"""Drafts of one person from several windows at once, who sends, goes back, changes language."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection
from django.test import Client

from responses import submission
from tests.responses.drafting import typed, with_token
from tests.responses.studies import ABOUT, entered, launched
from tests.responses.test_overtaken_drafts import found, shown, walkable
from tests.responses.turning import moved

WINDOWS = 5
STEPS = 20


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.django_db(transaction=True)
def test_shown_draft_is_the_one_that_the_times_tell_after_all_at_once(seed: int) -> None:
    launched(walkable())
    token = entered(Client())

    def window(number: int) -> None:
        random, client = Random(f"{seed}|{number}"), with_token(token)
        try:
            for step in range(STEPS):
                _does(client, token, random, f"{number}-{step}")
        finally:
            connection.close()

    with ThreadPoolExecutor(WINDOWS) as pool:
        list(pool.map(window, range(WINDOWS)))
    client = with_token(token)
    # What was left over is found on the page on which it was typed.
    for _ in range(4):
        shown(token)
        here = found(token)
        if here.page == "town":
            assert moved(client, "town", "back") == "about"
        else:
            assert submission.store(participant=here, answers={**ABOUT, "understood": "yes"})


def _does(client: Client, token: str, random: Random, text: str) -> None:
    """Types, mostly; sends the first page as it is read; or goes to and fro."""
    here, language = found(token), random.choice(["language:ko", "language:en"])
    answers = {**ABOUT, "understood": random.choice(["no", "no", "yes"])}
    do = random.randrange(8)
    if do == 0 and here.page == "about":
        submission.store(participant=here, answers=answers)
    elif do == 1 and here.page == "about":
        submission.store_as_shown(participant=here, token=token, answers=answers)
    elif do == 2:
        moved(client, here.page, "back", {"motive2": text})
    elif do == 3:
        moved(client, here.page, language, {"motive2": text})
    elif do == 4:
        moved(client, random.choice(["about", "town"]), language)
    else:
        typed(client, here.page, {"motive1": text})
