"""What an export states of itself: who entered, who was assigned, and how many rows it holds."""

from collections.abc import Iterator, Mapping

from experiments.said import said
from responses.export.reconciliation import Assigned, Flow, Reconciliation
from responses.models import ExportRecord, ExportStatement


def state(
    *, export: ExportRecord, counts: Reconciliation, rows: Mapping[str, int], replayed: str = ""
) -> ExportStatement:
    """Keeps what an export holds, once it is whole.

    `replayed` is the position in the database's log that the replica had, if it was read from one.
    """
    held = counts.plain() | ({"replayed": replayed} if replayed else {})
    return ExportStatement.objects.create(export=export, counts=held, rows=dict(rows))


def stated_lines(export: ExportRecord) -> Iterator[str]:
    """The statement of an export as sentences; none of one that was never whole."""
    found: ExportStatement | None = getattr(export, "statement", None)
    if found is None:
        return
    counts = Reconciliation(
        found.counts["mode"],
        tuple(Flow(**each) for each in found.counts["flows"]),
        tuple(Assigned(**each) for each in found.counts["assigned"]),
    )
    rows = ", ".join(f"{name} {n}" for name, n in found.rows.items())
    yield said("Rows: {rows}.", rows=rows)
    if "replayed" in found.counts:
        yield said(
            "Read from a replica that had all until {position} of the database's log.",
            position=found.counts["replayed"],
        )
    yield from counts.lines()
