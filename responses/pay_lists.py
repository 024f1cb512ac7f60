"""Lists of those who completed and are to be paid: each participant stands in one list at most.

A list can be had again, and then holds the same people; who withdrew since has neither id nor code
there any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from experiments.design import Parameter
from experiments.models import Study
from experiments.refusals import Refused
from responses.designs import version_of
from responses.identities import opened
from responses.models import Mode, PayList, State
from responses.monitor.tallied import PEOPLE_IN
from responses.sheets import write_sheet

# So many are in a list at most, those who completed first; the next list goes on.
MOST = 100_000
LONGEST_AMOUNT = 40
COLUMNS = ("participant", "panel_id", "completion_code", "state", "completed_at", "amount")

# A participant who withdraws meanwhile waits, or is not completed any more.
CHOOSE = """
SELECT p.id FROM responses_participant p
WHERE p.study_id = %(study)s AND p.mode = %(mode)s AND p.state = %(completed)s
    AND (%(parameter)s = '' OR p.parameters ->> %(parameter)s = %(value)s)
    AND NOT EXISTS (SELECT FROM responses_payment y WHERE y.participant_id = p.id)
ORDER BY p.completed_at, p.id LIMIT %(most)s FOR KEY SHARE OF p
"""
KEEP = """
INSERT INTO responses_payment (pay_list_id, participant_id)
SELECT %(list)s, id FROM unnest(%(people)s::bigint[]) WITH ORDINALITY AS each(id, place)
ORDER BY place
"""
READ = """
SELECT p.reference::text, coalesce(i.value, ''), p.completion_code, p.state,
    coalesce(to_char(p.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
FROM responses_payment y JOIN responses_participant p ON p.id = y.participant_id
LEFT JOIN responses_panelidentity i ON i.participant_id = p.id
WHERE y.pay_list_id = %s ORDER BY y.id
"""
# Who completed, by the tallies, less those in lists; but of these some have withdrawn since.
WAITING = f"""
SELECT ({PEOPLE_IN.format(studies="%(studies)s::bigint[]")}) - (
    SELECT coalesce(sum(people), 0) FROM responses_paylist
    WHERE study_id = ANY(%(studies)s) AND mode = ANY(%(modes)s::text[])
) + (
    SELECT count(*) FROM responses_participant p JOIN responses_payment y ON y.participant_id = p.id
    WHERE p.study_id = ANY(%(studies)s) AND p.mode = ANY(%(modes)s::text[])
        AND p.state = %(withdrawn)s
)
"""  # noqa: S608 # all parts are constants


@dataclass(frozen=True)
class Panel:
    """Those whose link brought that value of a parameter; everybody if it is empty."""

    parameter: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.parameter} = {self.value}" if self.parameter else _("everybody")


@transaction.atomic
def make_pay_list(
    *, study: Study, mode: Mode, actor: str, panel: Panel = Panel(), amount: str = ""
) -> PayList:
    """A list of those of a panel who completed and stand in no list yet, at most `MOST`.

    Raises Refused if there is nobody, or of a rehearsal, where nobody is real.
    """
    amount = amount.strip()
    if mode == Mode.REHEARSAL:
        raise Refused(_("Nobody of a rehearsal is paid."))
    if len(amount) > LONGEST_AMOUNT or not amount.isprintable():
        raise Refused(_("The amount has at most %d characters, on one line.") % LONGEST_AMOUNT)
    # One at a time: two lists that are made at once hold nobody twice.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    asked: dict[str, Any] = {"study": study.pk, "mode": mode, "completed": State.COMPLETED}
    asked |= {"parameter": panel.parameter, "value": panel.value, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(CHOOSE, asked)
        people = [number for (number,) in cursor.fetchall()]
        if not people:
            raise Refused(_("Nobody has completed who is not in a list already."))
        made = PayList.objects.create(
            study=study,
            mode=mode,
            number=PayList.objects.filter(study=study, mode=mode).count() + 1,
            parameter=panel.parameter,
            value=panel.value,
            amount=amount,
            people=len(people),
            actor=actor,
        )
        cursor.execute(KEEP, {"list": made.pk, "people": people})
    return made


def pay_sheet(pay_list: PayList) -> bytes:
    """The list as CSV, in the order of completion; one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [pay_list.pk])
        rows: Iterable[Sequence[str]] = [
            (person, opened(panel_id), *row, pay_list.amount)
            for person, panel_id, *row in cursor.fetchall()
        ]
    return write_sheet([COLUMNS, *rows])


def waiting(*, study_id: int, mode: Mode) -> int:
    """How many completed and stand in no list yet; one SQL statement."""
    asked: dict[str, Any] = {"studies": [study_id], "modes": [mode], "values": [State.COMPLETED]}
    # Nothing else takes somebody out of those who completed.
    asked["withdrawn"] = State.WITHDRAWN
    with connection.cursor() as cursor:
        cursor.execute(WAITING, asked)
        ((count,),) = cursor.fetchall()
    return int(count)


def panels_of(study: Study) -> tuple[Panel, ...]:
    """Everybody, and each value that a parameter of the newest version in force may have."""
    version = study.live_version_id or study.pilot_version_id
    parameters: tuple[Parameter, ...] = version_of(version).design.parameters if version else ()
    listed = (Panel(each.code, value) for each in parameters for value in each.values)
    return (Panel(), *listed)
