"""Corrections of answers, for who asks (GDPR art. 16): statements beside what was sent.

docs/decisions/0045-a-correction-stands-beside-the-answer.md says why the answer stays as it was.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.design import Item, ItemKind
from experiments.refusals import Refused
from responses.blinding import secret_items
from responses.designs import version_of
from responses.models import Correction, Participant, State

# A statement is a sentence or two.
LONGEST = 2000


def correctable(participant: Participant) -> tuple[Item, ...]:
    """What their design asks, answered by them or not: which they were shown can be a secret."""
    design = version_of(participant.version_id).design
    return tuple(item for item in design.items() if item.kind is not ItemKind.STATEMENT)


@transaction.atomic
def correct(
    *, participant: Participant, item: str, stated: str, reason: str, actor: str
) -> Correction:
    """Notes what a participant says instead of an answer, and why; nothing that they sent changes.

    Raises Refused if their design does not ask the item, without words, or once they withdrew.
    """
    stated, reason = stated.strip(), reason.strip()
    if item not in {each.code for each in correctable(participant)}:
        raise Refused(_("The study asks them no item %(item)s.") % {"item": item})
    if not stated or not reason or max(len(stated), len(reason)) > LONGEST:
        raise Refused(
            _("Say what they state now, and why, in at most %(most)d characters each.")
            % {"most": LONGEST}
        )
    # A withdrawal waits, or has happened and is seen.
    found = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if found.state == State.WITHDRAWN:
        raise Refused(_("%(participant)s withdrew before.") % {"participant": found})
    return Correction.objects.create(
        participant=found, item=item, stated=stated, reason=reason, actor=actor
    )


def corrections_of(participant: Participant) -> Sequence[Correction]:
    """What was corrected of a participant's answers, in order; one SQL statement.

    While their arm is secret, items that tell it are left out.
    """
    return tuple(participant.corrections.exclude(item__in=secret_items(participant)))
