"""Marks for exclusion by hand: they are exported and told, and exclude nobody from the analysis.

docs/decisions/0021-marks-exclude-nothing.md says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiments.models import Study
from experiments.refusals import Refused
from responses.hashed_joins import hashed_joins
from responses.models import ExclusionMark, Marking, Mode, Participant

# As many can be marked at once: more is a rule, and a rule belongs into a plan.
MOST = 1000

# Who is marked now, and why; the newest mark of somebody counts.
EXCLUDED: Final = """
SELECT participant_id, reason FROM (
    SELECT DISTINCT ON (e.participant_id) e.participant_id, k.excludes, k.reason
    FROM responses_exclusionmark e JOIN responses_marking k ON k.id = e.marking_id
    ORDER BY e.participant_id, e.id DESC
) newest WHERE excludes
"""

# Who is marked so already is left out, and so is who withdrew: a withdrawal waits for the lock.
CHOOSE = f"""
SELECT p.id FROM responses_participant p LEFT JOIN ({EXCLUDED}) e ON e.participant_id = p.id
WHERE p.id = ANY(%(people)s) AND p.study_id = %(study)s AND p.mode = %(mode)s
    AND p.state <> 'withdrawn' AND CASE WHEN %(reason)s = '' THEN e.reason IS NOT NULL
        ELSE e.reason IS DISTINCT FROM %(reason)s END
ORDER BY p.id FOR KEY SHARE OF p
"""  # noqa: S608 - our own


@dataclass(frozen=True)
class Marked:
    """An act, and how many of those chosen it left as they were."""

    marking: Marking
    left: int


@transaction.atomic
def mark(
    *, study: Study, mode: Mode, people: Sequence[int], reason: str, words: str, actor: str
) -> Marked:
    """Marks participants of a study's mode, by their ids, for exclusion; without a reason unmarks.

    Those who withdrew stay as they are, and so do those who are marked for that reason already or,
    where marks are taken back, have none. Raises Refused if that is all of them, if they are none
    or more than `MOST`, or without words.
    """
    words, chosen = words.strip(), sorted(set(people))
    _refuse(len(chosen), words)
    # One at a time, so that the newest mark of somebody is that of the act that ended last.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    asked: dict[str, Any] = {"people": chosen, "study": study.pk, "mode": mode, "reason": reason}
    with connection.cursor() as cursor:
        cursor.execute(CHOOSE, asked)
        marked = [number for (number,) in cursor.fetchall()]
    if not marked:
        raise Refused(_("Nothing to do: they are marked so already, have no mark, or withdrew."))
    marking = Marking.objects.create(
        study=study,
        mode=mode,
        excludes=bool(reason),
        reason=reason,
        words=words,
        actor=actor,
        people=len(marked),
    )
    ExclusionMark.objects.bulk_create(
        ExclusionMark(marking=marking, participant_id=number) for number in marked
    )
    return Marked(marking, len(chosen) - len(marked))


def _refuse(people: int, words: str) -> None:
    if not people:
        raise Refused(_("Nobody was chosen."))
    if people > MOST:
        said = ngettext(
            "At most %(most)d participant can be marked at once.",
            "At most %(most)d participants can be marked at once. Narrow the list by its filters.",
            MOST,
        )
        raise Refused(said % {"most": MOST})
    if not words:
        raise Refused(_("Say why, in words."))


def newest_reason() -> Subquery:
    """The reason of a participant's newest mark in a query: empty if it was taken back, or null."""
    marks = ExclusionMark.objects.filter(participant=OuterRef("pk")).order_by("-id")
    return Subquery(marks.values("marking__reason")[:1])


def marked_people() -> QuerySet[ExclusionMark, Any]:
    """The ids of all who are marked now, as a subquery; they are few."""
    newer = ExclusionMark.objects.filter(participant=OuterRef("participant"), pk__gt=OuterRef("pk"))
    marks = ExclusionMark.objects.filter(~Exists(newer), marking__excludes=True)
    return marks.order_by().values("participant")


def marked_ids(*, study_id: int, mode: str) -> frozenset[int]:
    """The ids of those of a study's mode who are marked now; three SQL statements."""
    marks = marked_people().filter(participant__study=study_id, participant__mode=mode)
    with hashed_joins():
        return frozenset(marks.values_list("participant", flat=True))


def marked_count(*, study_id: int, mode: str) -> int:
    """How many of a study's mode are marked now; one SQL statement."""
    return marked_people().filter(participant__study=study_id, participant__mode=mode).count()


def markings_of(participant: Participant) -> tuple[Marking, ...]:
    """What was marked of a participant, in order; one SQL statement."""
    return tuple(Marking.objects.filter(marks__participant=participant).order_by("marks__id"))
