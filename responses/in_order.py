"""Finds rows of a long list in the order of their numbers, however many there are.

An index holds the numbers of each study, mode and state in their order. A statement asks it for
the first ones of each that is chosen and merges these: what is read does not grow with the rows.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from responses.models import Erasure, Mode, State
from responses.monitor.tallied import PEOPLE_IN


@dataclass(frozen=True)
class Listed:
    """A table that is listed, and what beside study and mode its index has; that has few values."""

    table: str
    column: str
    values: tuple[str, ...]
    # Whether the tallies say how many there are.
    tallied: bool = False


PEOPLE = Listed("responses_participant", "state", tuple(State.values), tallied=True)
ERASURES = Listed("responses_erasure", "kind", tuple(Erasure.Kind.values))

# Between, and ordered by both: with "=" and the number alone Postgres would go through all rows by
# their numbers where it takes the value for a frequent one.
FIRST_OF_EACH = """
SELECT first.id FROM experiments_study s
CROSS JOIN unnest(%(modes)s::text[]) AS m(mode) CROSS JOIN unnest(%(values)s::text[]) AS v(value)
CROSS JOIN LATERAL (
    SELECT p.id FROM {table} p
    WHERE p.study_id = s.id AND p.mode = m.mode AND p.{column} BETWEEN v.value AND v.value
        AND {wanted}
    ORDER BY p.{column} {way}, p.id {way} LIMIT {limit}
) AS first WHERE {studies}
"""
FIRST = "SELECT p.id FROM {table} p WHERE {wanted} ORDER BY p.id {way} LIMIT {limit}"
KEYS = "SELECT id FROM ({first}) AS each ORDER BY id {way} OFFSET %(skipped)s LIMIT %(rows)s"
# The merge is left out: whichever come first are as many.
COUNTED = "SELECT count(*) FROM (SELECT FROM ({first}) AS each LIMIT %(most)s) AS few"
# Where one page shows all nothing else is counted.
BEGINNING = """
WITH beginning AS MATERIALIZED (SELECT ARRAY({keys}) AS ids)
SELECT CASE WHEN cardinality(ids) > %(shown)s THEN ({count}) ELSE cardinality(ids) END, ids
FROM beginning
"""
# The newest mark of somebody counts.
NOT_MARKED = """
NOT coalesce((
    SELECT k.excludes FROM responses_exclusionmark e JOIN responses_marking k ON k.id = e.marking_id
    WHERE e.participant_id = p.id ORDER BY e.id DESC LIMIT 1
), false)
"""


@dataclass(frozen=True)
class Chosen:
    """Which rows: None are all studies, modes or values; only those past a number, if any."""

    listed: Listed
    studies: tuple[int, ...] | None = None
    modes: tuple[str, ...] | None = None
    values: tuple[str, ...] | None = None
    past: int | None = None
    ascending: bool = False
    # Of participants: without those who are marked for exclusion.
    unmarked: bool = False

    def counted(self, most: int, rows: int) -> tuple[int, int | None, list[int]]:
        """How many there are, at most so many; how many by the tallies if these know; the first.

        What tallies know is not counted. One SQL statement.
        """
        told = self.listed.tallied and not self.unmarked and self.past is None
        count, keys = COUNTED.format(first=self._first("most")), self._keys()
        if told:
            every = "ARRAY(SELECT id FROM experiments_study)"
            own = every if self.studies is None else "%(studies)s::bigint[]"
            count = PEOPLE_IN.format(studies=own)
        # One more than is shown: where a tally were wrong, nobody would be out of reach.
        asked = {"most": most, "to": rows + 1, "skipped": 0, "rows": rows + 1}
        statement = BEGINNING.format(keys=keys, count=count)
        ((people, first),) = self._asked(statement, **asked, shown=rows)
        found = max(min(people, most), len(first))
        return found, people if told else None, first[:rows]

    def keys(self, skipped: int, rows: int) -> list[int]:
        """The numbers of so many of them, in their order; one SQL statement."""
        found = self._asked(self._keys(), to=skipped + rows, skipped=skipped, rows=rows)
        return [number for (number,) in found]

    def _keys(self) -> str:
        return KEYS.format(first=self._first("to"), way=self._way)

    @property
    def _way(self) -> str:
        return "ASC" if self.ascending else "DESC"

    def _first(self, limit: str) -> str:
        past = "" if self.past is None else f"p.id {'>' if self.ascending else '<'} %(past)s"
        wanted = " AND ".join(filter(None, [past, NOT_MARKED if self.unmarked else ""])) or "true"
        whole = (self.studies, self.modes, self.values) == (None, None, None)
        return (FIRST if whole else FIRST_OF_EACH).format(
            table=self.listed.table,
            column=self.listed.column,
            wanted=wanted,
            way=self._way,
            limit=f"%({limit})s",
            studies="true" if self.studies is None else "s.id = ANY(%(studies)s::bigint[])",
        )

    def _asked(self, statement: str, **numbers: int) -> list[tuple[Any, ...]]:
        asked: dict[str, Any] = {
            **numbers,
            "studies": list(self.studies or ()),
            "modes": list(Mode.values if self.modes is None else self.modes),
            "values": list(self.listed.values if self.values is None else self.values),
            "past": self.past,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            return list(cursor.fetchall())
