"""The tables with a row for each answer, submission and timing, and what is left out of them."""

from typing import Any

import pytest

from experiments.models import Status, Study
from responses.models import Participant
from tests.changed import changed
from tests.designs import small
from tests.responses.every_kind import kinds_design
from tests.responses.export.rows import assigned, enter, launched
from tests.responses.export.tabled import minute, read, send

pytestmark = pytest.mark.django_db(transaction=True)

FACTS: dict[str, Any] = {
    "device": "phone",
    "w": 360,
    "h": 640,
    "touch": True,
    "hidden_ms": 1500,
    "hidden_count": 2,
    "items": {"will1": {"first": 900}, "noticed": {"first": 1200}},
}
ONE, TWO = f"{1:032x}", f"{2:032x}"


def person(study: Study, number: int, **fields: Any) -> Participant:
    """Somebody who sent three pages, one of them twice."""
    participant = enter(study, number, assignments=assigned("money.low"), **fields)
    send(participant, 1, "about", {"gender": "woman", "education": {"missing": "dont_know"}})
    send(participant, 2, "about", {"gender": "man"}, device="desktop", honeypot=True)
    send(participant, 3, "story", {}, **FACTS)
    send(participant, 4, "opinion", {"will1": "3", "noticed": "money", "comment": None}, **FACTS)
    return participant


def told(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some columns, the participant by the last digit of their reference."""
    return [(row["participant"][-1], *(row[name] for name in names)) for row in rows]


def test_answers_have_a_row_each_and_say_what_is_no_value() -> None:
    study = launched(status=Status.CLOSED)
    person(study, 1, not_shown=["motive1"])
    enter(study, 2, answers={"gender": "woman"})
    names = ("page", "item", "value", "code", "number", "missing", "answered_at")
    assert told(read(study, "answers"), *names) == [
        ("1", "about", "gender", "man", "man", None, None, minute(2)),
        ("1", "about", "education", None, "-9", None, "dont_know", minute(1)),
        ("1", "about", "motive1", None, None, None, "not_shown", None),
        ("1", "opinion", "will1", "3", "3", 3.0, None, minute(4)),
        ("1", "opinion", "noticed", "money", "money", None, None, minute(4)),
        ("1", "opinion", "comment", None, None, None, "skipped", minute(4)),
        ("2", "about", "gender", "woman", "woman", None, None, None),
    ]


def test_answers_of_every_kind_are_one_text_each() -> None:
    study = launched(kinds_design(), Status.CLOSED)
    answers = {
        "some": ["park", "pool"],
        "menu": {"missing": "prefer_not_to_say"},
        "years": "12",
        "mood": {"missing": "untouched"},
        "place": '"quoted"\n= 1',
        "order": ["pool", "park", "library"],
        "day": "2026-03-31",
        "points": {"park": 60, "library": 40, "pool": 0},
    }
    enter(study, 1, answers=answers)
    assert told(read(study, "answers"), "item", "value", "code", "number", "missing") == [
        ("1", "some", "park pool", None, None, None),
        ("1", "menu", None, "-9", None, "prefer_not_to_say"),
        ("1", "years", "12", None, 12.0, None),
        ("1", "mood", None, None, None, "untouched"),
        ("1", "place", '"quoted"\n= 1', None, None, None),
        ("1", "order", "pool park library", None, None, None),
        ("1", "day", "2026-03-31", None, None, None),
        ("1", "points", "library=40 park=60 pool=0", None, None, None),
    ]


def test_submissions_and_paradata_of_an_open_study_are_complete() -> None:
    study = launched(status=Status.CLOSED)
    person(study, 1)
    assert told(read(study, "submissions"), "revision", "page", "received_at", "answers") == [
        ("1", 1, "about", minute(1), '{"gender": "woman", "education": {"missing": "dont_know"}}'),
        ("1", 2, "about", minute(2), '{"gender": "man"}'),
        ("1", 3, "story", minute(3), "{}"),
        ("1", 4, "opinion", minute(4), '{"will1": "3", "comment": null, "noticed": "money"}'),
    ]
    items = '{"will1": {"first": 900}, "noticed": {"first": 1200}}'
    facts = ("phone", 360, 640, 1, 1500, 2, None, items)
    paradata = read(study, "paradata")
    names = ("device", "width", "height", "touch", "hidden_ms", "hidden_count", "honeypot", "items")
    assert told(paradata, "revision", "seconds", *names) == [
        ("1", 1, 12.345, *[None] * 8),
        ("1", 2, 12.345, "desktop", *[None] * 5, 1, None),
        ("1", 3, 12.345, *facts),
        ("1", 4, 12.345, *facts),
    ]
    assert {row["design_version"] for row in paradata} == {1}


def test_histories_keep_secret_answers_and_times_of_those_whose_arm_is() -> None:
    study = launched()
    person(study, 1, first_look=1)
    person(study, 2)
    seen, secret = (
        [row for row in read(study, "submissions") if row["participant"][-1] == who] for who in "12"
    )
    assert told(seen, "page", "received_at", "answers")[3] == (
        *("1", "opinion", minute(4), '{"will1": "3", "comment": null, "noticed": "money"}'),
    )
    assert told(secret, "revision", "page", "received_at", "answers") == [
        ("2", 1, "about", minute(1), '{"gender": "woman", "education": {"missing": "dont_know"}}'),
        ("2", 2, "about", minute(2), '{"gender": "man"}'),
        ("2", 3, "story", None, "{}"),
        ("2", 4, "opinion", None, '{"will1": "3", "comment": null}'),
    ]
    timings = [row for row in read(study, "paradata") if row["participant"][-1] == "2"]
    names = ("seconds", "received_at", "device", "hidden_ms", "hidden_count", "items")
    assert told(timings, *names) == [
        ("2", 12.345, minute(1), None, None, None, None),
        ("2", 12.345, minute(2), "desktop", None, None, None),
        ("2", None, None, "phone", None, None, None),
        ("2", None, None, "phone", None, None, None),
    ]
    answers = [row for row in read(study, "answers") if row["participant"][-1] == "2"]
    assert told(answers, "item", "value", "answered_at") == [
        ("2", "gender", "man", minute(2)),
        ("2", "education", None, minute(1)),
        ("2", "will1", "3", None),
        ("2", "comment", None, None),
    ]
    assert len(read(study, "answers", unblind=True)) == 10


def test_histories_leave_out_pages_that_only_some_arms_are_sent_and_their_count() -> None:
    design = changed(small(), {"pages[3].shown_if": "reward == 'money'"})
    study = launched(design)
    person(study, 1, not_shown=["motive1"])
    for name in ("submissions", "paradata"):
        assert told(read(study, name), "revision", "page") == [
            ("1", 1, "about"),
            ("1", 2, "about"),
            ("1", None, "story"),
        ]
    assert told(read(study, "answers"), "item") == [
        ("1", "gender"),
        ("1", "education"),
        ("1", "motive1"),
    ]
