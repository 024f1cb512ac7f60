"""What a codebook counts: pooled, apart by kind of missing, and nothing that tells an arm."""

import hashlib
import json
from dataclasses import replace
from math import sqrt
from typing import Any, ClassVar

import psycopg
import pytest

from experiments.design import canonical_json, digest
from experiments.models import DesignVersion, Status, Study
from responses.export.codebook.entry import Bin, Counts, Numbers
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.reading import launched_codebook, read_codebook
from responses.export.csv import snapshot
from responses.models import ExportRecord, Mode, Participant
from tests.designs import likert, small
from tests.responses.every_kind import kinds_design
from tests.responses.export.booked import book_of, entry
from tests.responses.export.rows import add_version, assigned, completed, enter, launched

pytestmark = pytest.mark.django_db(transaction=True)

# What tells an arm of the small design: nothing of it is counted while that is secret.
TELLING = {"reward", "voice", "arm", "probability", "position", "noticed", "corrections_asked"}


@pytest.fixture
def study() -> Study:
    study = launched()
    completed(study, 1, "money.high", answers={"comment": "-1"})
    completed(study, 2, "none.low", answers={"education": "2", "will1": "7", "gender": "man"})
    enter(study, 3)
    enter(study, 4, mode=Mode.PILOT)
    return study


def test_codebook_counts_codes_and_tells_kinds_of_missing_apart(study: Study) -> None:
    book = book_of(study)
    assert book.people == 3
    assert entry(book, "gender").counts == Counts(
        n=2,
        missing=(("not_reached", 1),),
        values=(
            ("woman", 1),
            ("man", 1),
        ),
    )
    assert entry(book, "education").counts == Counts(
        n=1,
        missing=(("not_reached", 1), ("dont_know", 1)),
        values=(("1", 0), ("2", 1)),
        numbers=Numbers(2.0, 2.0, None, 2.0),
    )
    assert entry(book, "comment").counts == Counts(
        n=1, missing=(("not_reached", 1), ("skipped", 1))
    )


def test_codebook_counts_numbers_and_times(study: Study) -> None:
    book = book_of(study)
    assert entry(book, "will").counts == Counts(
        n=2,
        missing=(("no_value", 1),),
        numbers=Numbers(
            6.5,
            6.75,
            sqrt(0.125),
            7.0,
            tuple(
                Bin(low / 100, (low + 5) / 100, int(low in (650, 700)))
                for low in range(650, 705, 5)
            ),
        ),
    )
    assert entry(book, "completed_at").counts == Counts(
        n=2,
        missing=(("no_value", 1),),
        first="2026-03-01T09:39:00.000005Z",
        last="2026-03-01T09:40:00.000005Z",
    )


KINDS = {
    "agree1": "4",
    "some": ["park", "pool"],
    "years": "12",
    "distance": "2.5",
    "mood": {"missing": "untouched"},
    "wish": {"missing": "prefer_not_to_say"},
    "order": ["library", "park", "pool"],
    "day": "2026-03-31",
    "points": {"park": 60, "library": 40, "pool": 0},
    "why": "{",
}


def test_codebook_counts_every_kind_of_item_of_a_mode() -> None:
    study = launched(kinds_design())
    enter(study, 1, answers=KINDS, mode=Mode.PILOT)
    enter(study, 2, mode=Mode.PILOT)
    book = book_of(study, Mode.PILOT)
    found = {each.name: each.counts for each in book.entries if each.counts}
    assert len(found) == len(book.entries)
    assert {c.n + sum(n for _, n in c.missing) for c in found.values()} == {2}
    absent = (("not_reached", 1),)
    assert found["some_park"] == Counts(1, absent, (("0", 0), ("1", 1)))
    assert found["some_library"] == Counts(1, absent, (("0", 1), ("1", 0)))
    assert found["distance"] == Counts(1, absent, numbers=Numbers(2.5, 2.5, None, 2.5))
    assert found["mood"] == Counts(0, (("not_reached", 1), ("untouched", 1)))
    assert found["wish"] == Counts(0, (("not_reached", 1), ("prefer_not_to_say", 1)))
    assert found["order_park"] == Counts(1, absent, numbers=Numbers(2.0, 2.0, None, 2.0))
    assert found["day"] == Counts(1, absent, first="2026-03-31", last="2026-03-31")
    assert found["points_pool"] == Counts(1, absent, numbers=Numbers(0.0, 0.0, None, 0.0))
    assert found["why"] == Counts(1, absent)


def test_codebook_tells_versions_and_what_older_ones_asked(study: Study) -> None:
    pages = [
        replace(page, items=page.items[:3]) for page in small().pages if page.code == "opinion"
    ]
    add_version(study, replace(small(), pages=(*small().pages[:3], *pages, small().pages[4])))
    enter(study, 5)
    book = book_of(study)
    assert [each.number for each in book.versions] == ["2", "1"]
    assert (entry(book, "comment").versions, entry(book, "gender").versions) == (("1",), ("2", "1"))
    assert entry(book, "design_version").counts == Counts(4, (), (("2", 1), ("1", 3)))
    found = entry(book, "comment").counts
    assert found
    assert dict(found.missing)["not_in_version"] == 1


def test_codebook_counts_nothing_that_tells_an_arm_while_it_is_secret(study: Study) -> None:
    before = [each.write(book_of(study)) for each in BOOK_FORMATS.values()]
    assert {each.name for each in book_of(study).entries if each.secret} == TELLING
    assert {each.name for each in book_of(study).entries if each.counts is None} == TELLING
    for person in Participant.objects.exclude(assignments={}):
        person.assignments = assigned("none.high", probability="1/2", position=person.pk)
        person.answers["noticed"] = "none"
        person.first_look = None
        person.save()
    assert [each.write(book_of(study)) for each in BOOK_FORMATS.values()] == before


def test_codebook_counts_arms_once_the_study_is_closed(study: Study) -> None:
    Study.objects.update(status=Status.CLOSED)
    book = book_of(study)
    found = entry(book, "reward").counts
    assert found
    assert (found.values, book.blind) == ((("none", 1), ("money", 1)), False)


class Counting(psycopg.Cursor[Any]):
    """A cursor that notes what is run."""

    ran: ClassVar[list[object]] = []

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self.ran.append(query)
        return super().execute(query, *args, **kwargs)


def statements(study: Study) -> int:
    Counting.ran.clear()
    with snapshot() as connection:
        connection.cursor_factory = Counting
        read_codebook(connection, study_id=study.pk, mode=Mode.LIVE)
    return len(Counting.ran)


def test_codebook_takes_five_statements_however_many_participants(study: Study) -> None:
    assert statements(study) == 5
    for number in range(5, 15):
        completed(study, number, "none.low", answers={"will1": "1"})
    assert statements(study) == 5


def test_codebook_of_very_many_items_takes_one_statement_more() -> None:
    likes = tuple(likert(f"like{number}", "motive") for number in range(100))
    about, *others = [each for each in small().pages if each.code != "welcome"]
    page = replace(about, items=(*about.items, *likes))
    study = launched(replace(small(), pages=(small().pages[0], page, *others)))
    enter(study, 1, answers={"like0": "3", "like99": "5"})
    # None for bins, since the numbers of one participant have no spread.
    assert statements(study) == 4 + 1
    book = book_of(study)
    assert [
        found.values for name in ("like0", "like99") if (found := entry(book, name).counts)
    ] == [
        (("1", 0), ("2", 0), ("3", 1), ("4", 0), ("5", 0)),
        (("1", 0), ("2", 0), ("3", 0), ("4", 0), ("5", 1)),
    ]


def test_codebook_of_the_same_rows_is_the_same_bytes(study: Study) -> None:
    first, again = (
        {name: each.write(book_of(study)) for name, each in BOOK_FORMATS.items()} for _ in range(2)
    )
    assert first == again
    assert ExportRecord.objects.count() == 10


def test_codebook_of_an_older_version_tells_the_digest_that_was_launched(study: Study) -> None:
    older = json.loads(canonical_json(small()))
    del older["release_free_text"]
    text = json.dumps(older, ensure_ascii=False, separators=(",", ":"))
    launched = hashlib.sha256(text.encode()).hexdigest()
    DesignVersion.objects.create(study=study, number=2, digest=launched, canonical_json=text)
    found = {each.number: each.digest for each in launched_codebook(study).versions}
    assert found == {"2": launched, "1": digest(small())}
    assert launched != digest(small())
