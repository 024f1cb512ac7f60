"""Whatever statement changes a participant's row, its note is what counting everybody gives."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from experiments.models import DesignVersion, Study
from responses.models import Participant, State, TallyChange
from responses.tallies import fold_tallies, wrong_tallies
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

SEEDS = 4
STEPS = 60
# Some seconds before midnight, so that hours and days turn.
START = datetime(2026, 3, 1, 23, 59, 58, tzinfo=UTC)
NOTED = """
SELECT key, sum(n)::int FROM (
    SELECT unnest(lost) AS key, -1 AS n FROM responses_tallychange
    UNION ALL SELECT unnest(gained), 1 FROM responses_tallychange
) AS noted GROUP BY key HAVING sum(n) <> 0
"""
FACTS = "SELECT coprod_place(p) || coprod_facts(p) FROM responses_participant p WHERE id = %s"
Made = Callable[[Random], Any]


def moment(random: Random) -> datetime:
    return START + timedelta(seconds=random.choice([0, 1, 1.999999, 2, 40, 4000, 90_000]))


def maybe(random: Random) -> datetime | None:
    return random.choice([None, moment(random)])


def arms(random: Random) -> dict[str, Any]:
    drawn = {"arm": random.choice(["none|low", "money|high"]), "key": "k"}
    some: list[dict[str, Any]] = [{}, {"main": drawn}, {"main": drawn, "second": {"arm": "a"}}]
    return random.choice([*some, {"odd": {"arm": None}, "odder": {}}])


def one_of(*values: Any) -> Made:
    return lambda random: random.choice(values)


# Every column that counts, and some that don't.
COLUMNS: dict[str, Made] = {
    "page": one_of("about", "story", "opinion"),
    "last_seen_at": moment,
    "entered_at": moment,
    "consented_at": maybe,
    "exposed_at": maybe,
    "completed_at": maybe,
    "state": one_of(*State),
    "language": one_of("en", "ko"),
    "device": one_of("", "phone"),
    "listed": one_of({}, {"source": "north"}, {"source": "south|=", "wave": "2"}),
    "flags": one_of(None, {}, {"speed": "yes", "straight": None}, {"speed": "no"}),
    "assignments": arms,
    "answers": one_of({}, {"attention": "2"}, {"attention": "1", "gender": "man"}),
    "not_shown": one_of([], ["attention"]),
    "first_look": one_of(None, 1),
    "revision": one_of(1, 2),
}


def allowed(changes: dict[str, Any], person: Participant) -> dict[str, Any]:
    """The changes with what the table's checks ask for beside them."""
    state = changes.get("state", person.state)
    completed = changes.get("completed_at", person.completed_at) or START
    consented = changes.get("consented_at", person.consented_at)
    if state == State.COMPLETED:
        consented = consented or START
    return changes | {
        "completed_at": completed if state == State.COMPLETED else None,
        "ended_at": None if state == State.ANSWERING else START,
        "consented_at": None if state == State.REFUSED else consented,
    }


def frequent(random: Random) -> dict[str, Any]:
    """What pages change: where somebody is, their arm, their exposure, that they complete."""
    now = moment(random)
    on = {"page": random.choice(["about", "story"]), "last_seen_at": now, "state": "answering"}
    return random.choice(
        [
            on,
            on | {"assignments": arms(random)},
            {"exposed_at": now},
            on | {"state": "completed", "completed_at": now, "answers": {"attention": "2"}},
        ]
    )


def copied(person: Participant) -> Participant:
    """Another participant with the same row, entered by an INSERT of all of it."""
    person.pk, person.reference, person.token_hash = None, uuid.uuid4(), uuid.uuid4().bytes
    person.completion_code = ""
    person.save(force_insert=True)
    return person


def counted(study: Study) -> Counter[str]:
    """What everybody counts for, by key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, people FROM coprod_counted(%s)", [study.pk])
        return Counter(dict(cursor.fetchall()))


def noted() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(NOTED)
        return dict(cursor.fetchall())


def facts(person: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [person])
        return sorted(cursor.fetchone()[0])


def step(random: Random, people: list[int], versions: list[int]) -> None:
    """One statement that changes, adds or deletes a participant."""
    one = random.choice(people)
    person = Participant.objects.get(pk=one)
    chance = random.random()
    if chance < 0.08:
        people.append(copied(person).pk)
    elif chance < 0.12 and len(people) > 2:
        people.remove(one)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM responses_participant WHERE id = %s", [one])
    elif chance < 0.6:
        Participant.objects.filter(pk=one).update(**allowed(frequent(random), person))
    else:
        columns = random.sample(sorted(COLUMNS), random.choice([1, 1, 2, 4]))
        changes = {column: COLUMNS[column](random) for column in columns}
        if random.random() < 0.2:
            changes["version_id"] = random.choice(versions)
        Participant.objects.filter(pk=one).update(**allowed(changes, person))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_notes_of_any_change_come_to_what_counting_everybody_gives(seed: int) -> None:
    random, study = Random(seed), launched()
    walked(Client())
    person = Participant.objects.get()
    first = person.version_id
    version = DesignVersion.objects.get(pk=first)
    version.pk, version.number = None, 2
    version.digest = "f" * 64
    version.save(force_insert=True)
    people = [copied(person).pk for _ in range(2)]
    fold_tallies()
    before = counted(study)
    for _ in range(STEPS):
        step(random, people, [first, version.pk])
        after = counted(study)
        changed = {key: after[key] - before[key] for key in {*before, *after}}
        assert noted() == {key: n for key, n in changed.items() if n}
        TallyChange.objects.all().delete()
        before = after


def test_facts_of_a_row_are_these() -> None:
    """Notes of another release are in the table while sites are updated: no key may change."""
    study = launched()
    walked(Client())
    person = Participant.objects.latest("id")
    changes: dict[str, Any] = {
        "state": "completed",
        "entered_at": datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
        "consented_at": datetime(2026, 3, 2, tzinfo=UTC),
        "exposed_at": datetime(2026, 3, 2, 0, 59, 59, 999999, tzinfo=UTC),
        "completed_at": datetime(2026, 3, 2, 1, 0, 3, tzinfo=UTC),
        "language": "ko",
        "device": "phone",
        "listed": {"source": "a|b=c", "wave": "2"},
        "flags": {"speed": "yes", "straight": None},
        "assignments": {"main": {"arm": "money|low"}, "odd": {"arm": None}},
        "answers": {"attention": "1"},
    }
    Participant.objects.filter(pk=person.pk).update(**changes)
    version = person.version_id
    assert set(facts(person.pk)) == {
        "entered:492335",
        "consented:492336",
        "exposed:492336",
        "listed:1|source=a|b=c",
        "listed:1|wave=2",
        f"place:completed|{version}|1|1||",
        "completed:492337",
        "took:163",
        "language:1|ko",
        "device:1|phone",
        f"checks:{version}|attention",
        "flag:speed|yes",
        "arm:main|money|low|completed|1",
        "arm:odd|completed|1",
    }
    back = {"state": "answering", "completed_at": None, "ended_at": None, "flags": None}
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    for seen, day in ((midnight - timedelta(microseconds=1), 20513), (midnight, 20514)):
        Participant.objects.filter(pk=person.pk).update(**back, page="story", last_seen_at=seen)
        assert facts(person.pk)[-2:] == [f"place:answering|{version}|1|1|story|{day}", "unseen:"]
    assert wrong_tallies(study) == ()
