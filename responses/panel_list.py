"""A panel's list held against a study's participants: CSV in, the same CSV with verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from experiments.design import Design, PageKind
from experiments.models import Study
from experiments.refusals import Refused
from experiments.said import said
from responses import tokens
from responses.codes import Claim, Known, Person, Verdict, check_codes
from responses.designs import version_of
from responses.identities import opened
from responses.identity_log import note_reading
from responses.models import IdentityReading, State
from responses.sheets import Row, read_sheet, write_sheet

# What panels call the two columns: Prolific, MTurk, and what people call them themselves.
CODE_NAMES = (
    *("completion code", "entered code", "study code", "survey code", "answer.surveycode"),
    *("surveycode", "code"),
)
ID_NAMES = (
    *("participant id", "prolific id", "prolific pid", "workerid", "worker id", "panel id"),
    *("panelist id", "respondent id", "pid", "rid"),
)
ADDED = ("coprod_pay", "coprod_why", "coprod_state")

# Live people come last: who has taken part in the pilot too is found live by their id.
READ_PEOPLE = """
SELECT p.id, p.completion_code, p.state, p.version_id, p.page, coalesce(i.value, '')
FROM responses_participant p
LEFT JOIN responses_panelidentity i ON i.participant_id = p.id
WHERE p.study_id = %(study)s AND (p.completion_code = ANY(%(codes)s) OR i.value_hash = ANY(%(ids)s))
ORDER BY p.mode DESC
"""

READ_WITHDRAWN_CODES = """
SELECT id, code_hash, finished FROM responses_withdrawncode
WHERE study_id = %(study)s AND code_hash = ANY(%(code_hashes)s)
"""

READ_WITHDRAWN = """
SELECT value_hash FROM responses_panelidentity
WHERE study_id = %(study)s AND participant_id IS NULL AND value_hash = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Columns:
    """Which columns of a list hold the code and the panel's id, by name; empty: guess."""

    code: str = ""
    panel_id: str = ""


@dataclass(frozen=True)
class Checked:
    """A list with a verdict on each row, and which columns it was read by; empty for none."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    verdicts: tuple[Verdict, ...]
    columns: Columns

    def as_csv(self) -> bytes:
        """The list as it came, with the verdicts in three columns more."""
        width = max(len(self.header), *(len(row.cells) for row in self.rows), 0)
        header = self.header + ("",) * (width - len(self.header))
        return write_sheet(
            [
                (*header, *ADDED),
                *(
                    (*row.cells, *[""] * (width - len(row.cells)), v.pay.value, v.why, v.state)
                    for row, v in zip(self.rows, self.verdicts, strict=True)
                ),
            ]
        )


def check_list(
    *, study: Study, content: bytes, actor: str, columns: Columns = Columns()
) -> Checked:
    """The panel's list with a verdict on each row, which is noted; four SQL statements.

    Raises Refused if it can't be read, or which column holds what can't be told.
    """
    first, *rows = read_sheet(content)
    header = first.cells
    chosen = _columns(study, header, columns)
    at = {name: header.index(name) for name in (chosen.code, chosen.panel_id) if name}
    claims = [
        Claim(
            tokens.read(_cell(row, at.get(chosen.code))),
            _cell(row, at.get(chosen.panel_id)),
        )
        for row in rows
    ]
    way = IdentityReading.Way.PANEL_LIST
    note_reading(study_id=study.pk, way=way, people=len(claims), actor=actor)
    verdicts = check_codes(claims, _known(study, claims))
    return Checked(header, tuple(rows), verdicts, chosen)


def _columns(study: Study, header: Sequence[str], asked: Columns) -> Columns:
    version = study.live_version or study.pilot_version
    code = _chosen(header, asked.code) or _guessed(header, CODE_NAMES)
    own = _id_names(version.design) if version else ()
    panel_id = _chosen(header, asked.panel_id) or _guessed(header, (*own, *ID_NAMES))
    if not code and not panel_id:
        raise Refused(
            said(
                "Which column holds the completion code can't be told from the first line. "
                "Name it; the columns are: {value}.",
                value=", ".join(filter(None, header)) or "none",
            )
        )
    return Columns(code, panel_id if panel_id != code else "")


def _id_names(design: Design) -> tuple[str, ...]:
    """What the study calls the panel's id itself, in its links and in its conditions."""
    identifying = [each for each in design.parameters if each.identifies]
    return tuple(_plain(name) for each in identifying for name in (each.name, each.code))


def _chosen(header: Sequence[str], name: str) -> str:
    """The column of that name as the file writes it; Refused if a name is given and not found."""
    if not name.strip():
        return ""
    found = _guessed(header, (_plain(name),))
    if not found:
        raise Refused(
            said(
                "There is no column {strip}; the columns are: {header}.",
                strip=name.strip(),
                header=", ".join(header),
            )
        )
    return found


def _guessed(header: Sequence[str], names: Sequence[str]) -> str:
    """The first column that bears one of the names, the likelier names first; empty if none."""
    plain = {_plain(cell): cell for cell in reversed(header) if cell}
    return next((plain[name] for name in names if name in plain), "")


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _cell(row: Row, at: int | None) -> str:
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _known(study: Study, claims: Sequence[Claim]) -> Known:
    """Whoever of the study a list may be about."""
    ids = {each.panel_id for each in claims if each.panel_id}
    hashes = {tokens.identity_hash(study.pk, panel_id): panel_id for panel_id in ids}
    codes = {tokens.code_hash(study.pk, code): code for code in {c.code for c in claims} if code}
    sought: dict[str, Any] = {
        "study": study.pk,
        "codes": list(codes.values()),
        "code_hashes": list(codes),
        "ids": list(hashes),
    }
    with connection.cursor() as cursor:
        cursor.execute(READ_PEOPLE, sought)
        people = [(row[1], _person(*row)) for row in cursor.fetchall()]
        cursor.execute(READ_WITHDRAWN_CODES, sought)
        # Rows of another table: numbers below 0 are nobody else's.
        gone = {
            codes[bytes(found)]: Person(-number, State.WITHDRAWN, finished)
            for number, found, finished in cursor.fetchall()
        }
        cursor.execute(READ_WITHDRAWN, sought)
        withdrawn = frozenset(hashes[bytes(found)] for (found,) in cursor.fetchall())
    return Known(
        by_code={code: person for code, person in people if code} | gone,
        by_id={person.panel_id: person for _, person in people if person.panel_id},
        withdrawn_ids=withdrawn,
    )


def is_finished(version: int, page: str) -> bool:
    """Whether who is on that page of a version has come to its end."""
    ended = {each.code for each in version_of(version).design.pages if each.kind is PageKind.END}
    return page in ended


def _person(number: int, code: str, state: str, version: int, page: str, panel_id: str) -> Person:
    return Person(number, state, is_finished(version, page), opened(panel_id))
