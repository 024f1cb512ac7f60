"""Whether an export holds everybody: counts of the same snapshot that have to agree.

Of each mode and version: entered = consented + refused + screened out + quota full + left before
consent. Of each randomisation: assigned = exported + withdrawn + given again, with `assigned` from
the ledger and `exported` from the participants who hold an arm. A participant counts as
consented whatever became of them afterwards.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from experiments.expansion import expanded
from experiments.said import said
from responses.export.counting import counted
from responses.export.dataset import Dataset

_FLOW: LiteralString = """
SELECT v.number AS version, count(*) AS entered, {counts}
FROM responses_participant p JOIN experiments_designversion v ON v.id = p.version_id
WHERE p.study_id = {study} AND p.mode = {mode} {span} GROUP BY v.number
"""
_COUNT = SQL("count(*) FILTER (WHERE {condition}) AS {name}")
FLOW = {
    "consented": SQL("p.consented_at IS NOT NULL"),
    **{
        state: SQL("p.consented_at IS NULL AND p.state = {}").format(Literal(state))
        for state in ("refused", "screened_out", "quota_full")
    },
    "left_before_consent": SQL(
        "p.consented_at IS NULL AND p.state NOT IN ('refused', 'screened_out', 'quota_full')"
    ),
    "erased": SQL("p.state = 'withdrawn' AND p.assignments = '{}'"),
}
# Rows of clusters are nobody's; a deck's participant has a row for each draw.
_LEDGER: LiteralString = """
SELECT v.number, a.randomisation, a.draw, count(*) AS given, count(a.releases) AS again
FROM responses_allocation a JOIN experiments_designversion v ON v.id = a.version_id
WHERE v.study_id = {study} AND a.mode = {mode} AND NOT (a.stratum = '' AND a.covariates LIKE
    'cluster=%') {span} GROUP BY v.number, a.randomisation, a.draw
"""


class NotReconciledError(Exception):
    """Counts that have to agree do not; the message says which, and how many are missing."""


@dataclass(frozen=True)
class Flow:
    """How everybody who entered by one version went on, or did not."""

    version: int
    entered: int
    consented: int
    refused: int
    screened_out: int
    quota_full: int
    left_before_consent: int

    @property
    def accounted(self) -> int:
        """Those of whom it is known how they went on."""
        ends = self.refused + self.screened_out + self.quota_full
        return self.consented + ends + self.left_before_consent


@dataclass(frozen=True)
class Assigned:
    """Rows of the ledger of one version's randomisation, and what became of their holders.

    `exported` participants hold their row; `withdrawn` ones were cut off from it; the position of
    those `given_again` went to somebody else, since they had not seen the vignette.
    """

    version: int
    randomisation: str
    assigned: int
    exported: int
    withdrawn: int
    given_again: int


@dataclass(frozen=True)
class Reconciliation:
    """The counts of one mode."""

    mode: str
    flows: tuple[Flow, ...]
    assigned: tuple[Assigned, ...]

    @property
    def entered(self) -> int:
        """Everybody: the rows of the table of participants."""
        return sum(flow.entered for flow in self.flows)

    def plain(self) -> dict[str, Any]:
        """The counts as JSON holds them."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The counts as sentences."""
        for flow in self.flows:
            yield said(
                "Version {version}, {mode}: {entered} entered = {consented} consented + {refused}"
                " refused + {screened_out} screened out + {quota_full} quota full +"
                " {left_before_consent} left before consent.",
                mode=self.mode,
                **asdict(flow),
            )
        for each in self.assigned:
            yield said(
                "Version {version}, {mode}, {randomisation}: {assigned} assigned = {exported}"
                " exported + {withdrawn} withdrawn + {given_again} given again.",
                mode=self.mode,
                **asdict(each),
            )


def reconcile(connection: psycopg.Connection, dataset: Dataset) -> Reconciliation:
    """The counts as the connection's snapshot has them; two SQL statements, more with a pace.

    NotReconciledError if they don't agree: more rows of the ledger are nobody's than people
    withdrew, or more participants hold an arm than the ledger gave.
    """
    steps = _steps(dataset)
    people = _people(connection, dataset, steps)
    rows = _ledger(connection, dataset)
    flows = tuple(_flow(version, each) for version, each in people.items())
    found = Reconciliation(str(dataset.mode), flows, tuple(_assigned(rows, people, steps)))
    for flow in flows:
        if flow.accounted != flow.entered:
            raise NotReconciledError(
                said(
                    "Version {version}: {entered} entered, and {accounted} are accounted for.",
                    version=flow.version,
                    entered=flow.entered,
                    accounted=flow.accounted,
                )
            )
    return found


def check_rows(found: Reconciliation, written: Mapping[str, int], table: str) -> None:
    """NotReconciledError unless a file has a row for everybody who entered."""
    if table in written and written[table] != found.entered:
        raise NotReconciledError(
            said(
                "The file has {written} participants, and {entered} entered.",
                written=written[table],
                entered=found.entered,
            )
        )


def _steps(dataset: Dataset) -> list[str]:
    """The codes under which participants hold arms, over all versions."""
    designs = (expanded(design) for _, design in dataset.versions)
    return list(dict.fromkeys(step.code for design in designs for step in design.randomisations))


def _people(
    connection: psycopg.Connection, dataset: Dataset, steps: list[str]
) -> dict[int, Counter[str]]:
    """How many participants each version has, in all and of each kind."""
    people: dict[int, Counter[str]] = {}
    of = ("responses_participant", "p")
    for row in counted(connection, _FLOW, of=of, counts=_counts(steps), **_of(dataset)):
        people.setdefault(row.pop("version"), Counter()).update(row)
    return dict(sorted(people.items()))


def _ledger(connection: psycopg.Connection, dataset: Dataset) -> list[tuple[Any, ...]]:
    """How many rows of the ledger each version's randomisation has, and positions given again."""
    rows: dict[tuple[Any, ...], Counter[str]] = {}
    for row in counted(connection, _LEDGER, of=("responses_allocation", "a"), **_of(dataset)):
        key = (row.pop("number"), row.pop("randomisation"), row.pop("draw"))
        rows.setdefault(key, Counter()).update(row)
    return [(*key, each["given"], each["again"]) for key, each in sorted(rows.items())]


def _of(dataset: Dataset) -> dict[str, Composable]:
    return {"study": Literal(dataset.study_id), "mode": Literal(str(dataset.mode))}


def _counts(steps: list[str]) -> Composed:
    kinds = FLOW | {
        f"holds {code}": SQL("jsonb_exists(p.assignments, {})").format(Literal(code))
        for code in steps
    }
    return SQL(", ").join(
        _COUNT.format(condition=condition, name=Identifier(name))
        for name, condition in kinds.items()
    )


def _flow(version: int, people: Mapping[str, int]) -> Flow:
    counts = {name: people[name] for name in Flow.__dataclass_fields__ if name != "version"}
    return Flow(version, **counts)


def _unaccounted(found: Assigned, withdrew: int) -> NotReconciledError:
    return NotReconciledError(
        said(
            "Version {version}: the ledger has {given} rows of {name}, of which {again} "
            "were given again; {held} participants hold one, and {value} withdrew. {gone} "
            "are unaccounted for.",
            version=found.version,
            given=found.assigned,
            name=found.randomisation,
            again=found.given_again,
            held=found.exported,
            value=withdrew,
            gone=abs(found.withdrawn),
        )
    )


def _assigned(
    rows: list[tuple[Any, ...]], people: Mapping[int, Mapping[str, int]], steps: list[str]
) -> Iterator[Assigned]:
    unknown = {
        (version, name)
        for version, here in people.items()
        for name in steps
        if here[f"holds {name}"]
    }
    for version, code, draw, given, again in rows:
        # A deck's draws are held as deck_1, deck_2, …
        name = code if code in steps else f"{code}_{draw}"
        here = people.get(version, {})
        held = here.get(f"holds {name}", 0)
        gone = given - again - held
        found = Assigned(version, name, given, held, gone, again)
        if not 0 <= gone <= here.get("erased", 0):
            raise _unaccounted(found, here.get("erased", 0))
        yield found
        unknown.discard((version, name))
    for version, name in sorted(unknown):
        raise NotReconciledError(
            said(
                "Version {version}: {people} participants hold an arm of {name}, and the "
                "ledger has no row of it.",
                version=version,
                people=people[version][f"holds {name}"],
                name=name,
            )
        )
