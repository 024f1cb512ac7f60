"""How many came how far, by arm, in the words of CONSORT's flow diagram.

Schulz, Altman & Moher (2010), "CONSORT 2010 Statement", BMJ 340, c332.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

import psycopg
from psycopg.sql import SQL, Literal

from analysis.flow import excluded_completes
from analysis.schedule import standing_of
from experiments.expansion import expanded
from responses.export.dataset import Dataset
from responses.export.reconciliation import Reconciliation

_ARMS = SQL("""
SELECT v.number, p.assignments -> {step} ->> 'arm', count(*), count(p.exposed_at),
    count(p.completed_at), count(*) FILTER (WHERE p.id IN ({excluded})), count(p.first_look)
FROM responses_participant p JOIN experiments_designversion v ON v.id = p.version_id
WHERE p.study_id = {study} AND p.mode = {mode} AND jsonb_exists(p.assignments, {step})
GROUP BY 1, 2 ORDER BY 1, (p.assignments -> {step} ->> 'arm') COLLATE "C"
""")


@dataclass(frozen=True)
class Came:
    """How many of one arm came how far; `received` saw the first vignette.

    `excluded` completed and are taken out by the plan of the looks.
    """

    design_version: int
    randomisation: str
    arm: str
    allocated: int
    received: int
    completed: int
    excluded: int
    analysed: int


def flow_by_arm(connection: psycopg.Connection, dataset: Dataset) -> tuple[Came, ...]:
    """The arms of every randomisation; one statement each. Only where no arm is secret."""
    of = {
        "study": Literal(dataset.study_id),
        "mode": Literal(str(dataset.mode)),
        "excluded": _excluded(connection, dataset),
    }
    designs = (expanded(design) for _, design in dataset.versions)
    steps = dict.fromkeys(step.code for design in designs for step in design.randomisations)
    return tuple(
        Came(version, step, *rest)
        for step in steps
        for version, *rest in connection.execute(_ARMS.format(step=Literal(step), **of))
    )


def _excluded(connection: psycopg.Connection, dataset: Dataset) -> SQL:
    """Whom the plan takes out, as a statement."""
    standing = standing_of(study_id=dataset.study_id, mode=str(dataset.mode))
    if standing is None:
        return SQL("NULL")
    rows = excluded_completes(standing.version, standing.mode).values("pk")
    statement, parameters = rows.query.sql_with_params()
    # Its own text, and only values that the cursor has quoted.
    return SQL(psycopg.ClientCursor(connection).mogrify(statement, parameters))


def flow_csv(arms: Iterable[Came]) -> bytes:
    """The arms as CSV."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(field.name for field in fields(Came))
    write.writerows(astuple(each) for each in arms)
    return out.getvalue().encode()


def flow_text(counts: Reconciliation, arms: Iterable[Came]) -> str:
    """The flow in Markdown: enrolment, allocation, follow-up, analysis."""
    return "\n".join(["# Flow of participants", "", *_enrolment(counts), *_arms(arms), ""])


def _enrolment(counts: Reconciliation) -> Iterator[str]:
    yield from ("## Enrolment", "")
    names = ("entered", "refused", "screened_out", "quota_full", "left_before_consent", "consented")
    for flow in counts.flows:
        told = (f"{name.replace('_', ' ')} {getattr(flow, name)}" for name in names)
        yield f"- Version {flow.version}: {', '.join(told)}."
    yield from ("", "## Allocation", "")
    for each in counts.assigned:
        yield (
            f"- Version {each.version}, `{each.randomisation}`: {each.assigned} allocated, of "
            f"whom {each.withdrawn} withdrew and were erased; {each.given_again} positions were "
            f"given again to others."
        )


def _arms(arms: Iterable[Came]) -> Iterator[str]:
    yield from ("", "## Follow-up and analysis by arm", "")
    yield (
        "| version | randomisation | arm | hold it | saw a vignette | completed | excluded "
        "| analysed |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for each in arms:
        yield f"| {' | '.join(map(str, astuple(each)))} |"
    yield from ("", "Excluded: completed, and taken out by the plan.")
    yield "Analysed: in the cut of a look. Who withdrew and was erased holds no arm."
