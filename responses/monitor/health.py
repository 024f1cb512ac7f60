"""Whether worker, beat, broker and database do their work."""

from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from responses.tallies import HEARTBEAT
from responses.valkey import connect

# The queue of tasks in the broker, as Celery calls it.
QUEUE = "celery"
PATIENCE = 1.0
# A heartbeat is late after so many seconds, or so many times beat's interval.
LATE_SECONDS, LATE_BEATS = 30.0, 4
# Notes that are not folded yet: more than these are more than a few seconds'.
MANY_NOTES = 10_000

BEATEN = """
SELECT (SELECT extract(epoch FROM statement_timestamp() - beaten_at)::float8
        FROM responses_heartbeat WHERE name = %(name)s),
    (SELECT count(*) FROM (SELECT FROM responses_tallychange LIMIT %(many)s) AS each)
"""


class Condition(StrEnum):
    """How a part of the site is."""

    GOOD = "good"
    UNSURE = "unsure"
    BAD = "bad"


@dataclass(frozen=True)
class Part:
    """One part of the site, how it is, and what that goes by."""

    name: str
    condition: Condition
    said: str

    @property
    def word(self) -> str:
        """The condition in a word."""
        return {
            Condition.GOOD: _("works"),
            Condition.UNSURE: _("unknown"),
            Condition.BAD: _("in trouble"),
        }[self.condition]


@dataclass(frozen=True)
class Signs:
    """What is seen of the parts: None for a heartbeat that never was and a broker that is silent.

    `age` of the heartbeat in seconds, `notes` not folded, `waiting` tasks in the broker, and how
    long the database took to answer, in milliseconds.
    """

    age: float | None
    notes: int
    waiting: int | None
    milliseconds: float

    @property
    def late(self) -> bool:
        """Whether no worker has done lately what beat asks for."""
        latest = max(LATE_SECONDS, LATE_BEATS * settings.SWEEP_SECONDS)
        return self.age is None or self.age > latest


def health() -> tuple[Part, ...]:
    """The four parts; one SQL statement and one question to the broker."""
    signs = read_signs()
    return (_worker(signs), _beat(signs), _broker(signs), _database(signs))


def read_signs() -> Signs:
    """Asks the database in one statement, and the broker once."""
    asked: dict[str, Any] = {"name": HEARTBEAT, "many": MANY_NOTES}
    before = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(BEATEN, asked)
        age, notes = cursor.fetchone()
    took = 1000 * (perf_counter() - before)
    return Signs(age, notes, waiting_tasks(), took)


def waiting_tasks() -> int | None:
    """How many tasks wait in the broker for a worker; None if it does not answer in a second."""
    asked: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    asked["retry"] = Retry(NoBackoff(), 0)
    try:
        with connect(settings.REDIS_URL, **asked) as broker:
            return int(broker.llen(QUEUE))
    except RedisError:
        return None


def _worker(signs: Signs) -> Part:
    name = _("Worker")
    if not signs.late:
        age = round(signs.age or 0)
        said = ngettext(
            "Did its last task %(count)d second ago.",
            "Did its last task %(count)d seconds ago.",
            age,
        )
        return Part(name, Condition.GOOD, said % {"count": age})
    if signs.waiting is None:
        return Part(name, Condition.UNSURE, _("It can't be told while the broker is silent."))
    if not signs.waiting:
        return Part(name, Condition.UNSURE, _("It has nothing to do."))
    said = ngettext(
        "%(count)d task waits: it is busy with something long, or does not run.",
        "%(count)d tasks wait: it is busy with something long, or does not run.",
        signs.waiting,
    )
    return Part(name, Condition.BAD, said % {"count": signs.waiting})


def _beat(signs: Signs) -> Part:
    name = _("Beat")
    if not signs.late:
        return Part(name, Condition.GOOD, _("Asks for what is to be done every few seconds."))
    if signs.waiting is None:
        return Part(name, Condition.UNSURE, _("It can't be told while the broker is silent."))
    if signs.waiting:
        return Part(name, Condition.UNSURE, _("It can't be told while tasks wait for the worker."))
    return Part(name, Condition.BAD, _("Asks for nothing: no look starts until it runs."))


def _broker(signs: Signs) -> Part:
    name = _("Broker")
    if signs.waiting is None:
        said = _("Does not answer: no look starts until it does. Participants notice nothing.")
        return Part(name, Condition.BAD, said)
    said = ngettext("%(count)d task waits in it.", "%(count)d tasks wait in it.", signs.waiting)
    return Part(name, Condition.GOOD, said % {"count": signs.waiting})


def _database(signs: Signs) -> Part:
    name = _("Database")
    if signs.notes >= MANY_NOTES:
        said = _("More than %(count)s changes of these counts wait for the worker.")
        return Part(name, Condition.BAD, said % {"count": MANY_NOTES})
    said = _("Answered in %(milliseconds)s ms.") % {"milliseconds": f"{signs.milliseconds:.1f}"}
    return Part(name, Condition.GOOD, said)
