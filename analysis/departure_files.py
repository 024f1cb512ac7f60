"""The deviations of a study as files: CSV for a table, Markdown for a supplement."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from analysis.departures import Departure, moment
from responses.export.written import GUARDED

COLUMNS = ("at_utc", "kind", "what", "by", "reason", "differences")


def as_csv(found: Iterable[Departure]) -> str:
    """A row for each deviation; a text that a spreadsheet could run gets an apostrophe in front."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    for each in found:
        changes = "; ".join(map(str, each.found))
        cells = (each.kind, each.said, each.by, each.reason, changes)
        rows.writerow([f"{each.at:%Y-%m-%dT%H:%M:%S}Z", *map(_guarded, cells)])
    return written.getvalue()


def as_markdown(study: str, found: Iterable[Departure]) -> str:
    """A list, the oldest first, each with its differences below it."""
    lines = [line for each in found for line in _lines(each)]
    head = "# " + _("Deviations of %(study)s from what was announced") % {"study": study}
    return "\n".join([head, "", *(lines or [_("There is none.")]), ""])


def _lines(each: Departure) -> Iterator[str]:
    who = f", {each.by}" if each.by else ""
    why = " " + _("Reason given: %s") % each.reason if each.reason else ""
    yield f"- {moment(each.at)}{who}: **{each.kind}**. {_one_line(each.said + why)}"
    yield from (f"  - {_one_line(str(change))}" for change in each.found)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] and text[0] in GUARDED else text
