"""Who counts: the plan's exclusions as one condition on participants.

The schedule counts by it and the look cuts by it, so the two can't disagree.
"""

from django.db.models import Q

from analysis.exclusions import counted_checks
from experiments.design import Design
from responses.models import State


def eligible(design: Design) -> Q:
    """The condition that a participant is complete and that no exclusion of the plan applies.

    Every check that counts was answered as expected; left empty is not.
    """
    rule = Q(state=State.COMPLETED)
    for code, expected in counted_checks(design).items():
        # Another version, or a condition, may not have asked it: that is no failure.
        unasked = ~Q(answers__has_key=code) | Q(not_shown__contains=[code])
        rule &= Q(answers__contains={code: expected}) | unasked
    return rule
