"""A participant's row, as the pages need it: one statement reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from experiments.answers import Answers
from experiments.design import Design, Page
from experiments.models import DesignVersion, Status
from experiments.ordering import participant_seed
from responses import tokens
from responses.designs import version_of
from responses.models import Participant as Row
from responses.models import State
from responses.planned import row_of
from responses.questionnaire import Facts, Sent, shows_arm

# A draft that was saved while its page was being stored may be left over: the page beats it, for it
# made another revision than the one in which that was typed.
COLUMNS = """
SELECT p.id, p.reference, p.version_id, p.mode, p.state, p.revision, p.page, p.language, p.answers,
    p.assignments, p.parameters, p.orders, p.tries, d.fields AS draft, coalesce(d.number, 0),
    p.awaits_exposure, p.exposed_at IS NOT NULL AS exposed, p.completion_code, s.status,
    extract(epoch FROM greatest(p.last_seen_at, p.exposed_at))::float8,
    extract(epoch FROM statement_timestamp())::float8, p.xmin::text
FROM responses_participant p JOIN experiments_study s ON s.id = p.study_id
LEFT JOIN responses_draft d ON d.participant_id = p.id AND d.page = p.page
    AND (d.revision = p.revision OR d.revision IS NULL)
WHERE p.token_hash = %(token_hash)s::bytea AND s.slug = %(study)s::text
"""

# The first time that the page with the vignette is served is the exposure. It is looked for in what
# was found and written by the key alone: before Postgres has gathered statistics of a new table it
# takes any index for as good as any other, and goes through everybody of the study.
SERVE = f"""
WITH found AS MATERIALIZED (
    {COLUMNS}
), exposed AS (
    UPDATE responses_participant SET exposed_at = statement_timestamp(), awaits_exposure = false,
        may_be_released = false
    WHERE id = (
            SELECT id FROM found WHERE awaits_exposure AND page = %(page)s::text
                AND state = 'answering' AND status <> '{Status.CLOSED}')
        AND awaits_exposure AND page = %(page)s::text AND state = 'answering'
        AND token_hash = %(token_hash)s::bytea
    RETURNING xmin::text AS written
)
SELECT found.*, (SELECT written FROM exposed) FROM found
"""  # noqa: S608 # both parts are constants
# Pages of studies that this process has seen show no arm. Nothing is to be written as they are
# served, and a statement that might write costs half as much again as one that reads.
_armless: set[tuple[str, str]] = set()
MOST_ARMLESS = 4096


@dataclass(frozen=True)
class Participant:
    """A participant's row as the pages need it, with the status of their study."""

    id: int
    reference: UUID
    version_id: int
    mode: str
    state: str
    revision: int
    page: str
    language: str
    answers: Answers
    assignments: Mapping[str, Any]
    parameters: Mapping[str, str]
    orders: Mapping[str, list[str]]
    tries: Mapping[str, int]
    # What was typed on the page that they are on and not sent yet, by field.
    draft: Mapping[str, list[str]] | None
    # Which draft of the page it is; 0 if there is none.
    draft_number: int
    # True while they were not served the vignette that they are on.
    awaits_exposure: bool
    exposed: bool
    completion_code: str
    study_status: str
    # When the page became theirs, and when this was read, in seconds of the database's clock.
    since: float
    now: float
    # Postgres' number of the transaction that wrote the row last.
    written: str

    @property
    def seconds(self) -> float:
        """How long the page has been theirs."""
        return self.now - self.since

    @cached_property
    def version(self) -> DesignVersion:
        """The design version that they began on and finish on."""
        return version_of(self.version_id)

    @cached_property
    def design(self) -> Design:
        """The design of that version."""
        return self.version.design

    @cached_property
    def on(self) -> Page:
        """The page that they are on."""
        return self.design.page(self.page)

    @cached_property
    def levels(self) -> dict[str, str]:
        """The level of each factor that they were given, by the factor's code."""
        return {
            factor: level
            for assignment in self.assignments.values()
            for factor, level in assignment["levels"].items()
        }

    @cached_property
    def facts(self) -> Facts:
        """What decides which pages and items they see, and in which order."""
        seed = participant_seed(self.reference)
        return Facts(self.answers, self.levels, self.parameters, seed)

    @property
    def typed(self) -> Sent:
        """The draft as fields."""
        return {name: tuple(values) for name, values in (self.draft or {}).items()}


def somebody(fields: Mapping[str, Any]) -> Participant:
    """A participant by all of their fields.

    The constructor of a class that can't be changed sets each field on its own, which took as long
    as a tenth of a page without its statement; they are read and opened with every request.
    """
    found = object.__new__(Participant)
    found.__dict__.update(fields)
    return found


FIELDS = tuple(field.name for field in fields_of(Participant))
_JSON = ("answers", "assignments", "parameters", "orders", "tries", "draft")


def read(study: str, token: str) -> Participant | None:
    """The participant of that study who holds the token, None if nobody does."""
    row = row_of(COLUMNS, {"study": study, "token_hash": tokens.token_hash(token)})
    return None if row is None else _participant(row)


def is_there(reference: UUID) -> bool:
    """Whether there is a row of that reference; one SQL statement."""
    return Row.objects.filter(reference=reference).exists()


def nobody(
    *,
    reference: UUID,
    version_id: int,
    mode: str,
    page: str,
    language: str,
    parameters: Mapping[str, str],
) -> Participant:
    """Somebody who comes in, as they stand on their first page: there is no row of them yet."""
    return Participant(
        id=0,
        reference=reference,
        version_id=version_id,
        mode=mode,
        state=State.ANSWERING,
        revision=0,
        page=page,
        language=language,
        answers={},
        assignments={},
        parameters=parameters,
        orders={},
        tries={},
        draft=None,
        draft_number=0,
        awaits_exposure=False,
        exposed=False,
        completion_code="",
        study_status="",
        since=0.0,
        now=0.0,
        written="",
    )


def serve(study: str, token: str, page: str) -> Participant | None:
    """The same, and if this is their first sight of the vignette, that is recorded.

    Two statements where a page of that code shows an arm since a later version, else one.
    """
    if (study, page) in _armless:
        found = read(study, token)
        if found is None or not _first_sight(found, page):
            return found
    found = _exposed(study, token, page)
    knows = found is not None and found.page == page and len(_armless) < MOST_ARMLESS
    if found and knows and not shows_arm(found.design, found.on):
        _armless.add((study, page))
    return found


def _exposed(study: str, token: str, page: str) -> Participant | None:
    """Who is read, their first sight of the vignette recorded.

    Whose vignette it was no more as that was to be recorded, since their position was given again
    or they withdrew, is read anew: nobody sees an arm that is not theirs.
    """
    parameters = {"study": study, "token_hash": tokens.token_hash(token), "page": page}
    row = row_of(SERVE, parameters)
    if row is None:
        return None
    *fields, recorded = row
    found = _participant(fields)
    if recorded is not None:
        found = replace(found, awaits_exposure=False, exposed=True)
        return replace(found, since=found.now, written=recorded)
    return _exposed(study, token, page) if _first_sight(found, page) else found


def _first_sight(found: Participant, page: str) -> bool:
    return (
        found.awaits_exposure
        and found.page == page
        and found.state == State.ANSWERING
        and found.study_status != Status.CLOSED
    )


def _participant(row: Sequence[Any]) -> Participant:
    fields = dict(zip(FIELDS, row, strict=True))
    for name in _JSON:
        fields[name] = msgspec.json.decode(fields[name]) if fields[name] is not None else None
    return somebody(fields)
