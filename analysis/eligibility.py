"""Who counts: the plan's exclusions as one condition on participants.

The schedule counts by it and the look cuts by it, so the two can't disagree.
"""

from collections.abc import Callable, Mapping

from django.db.models import Q

from experiments.design import Design, Exclusion, Role
from responses.models import State


def eligible(design: Design) -> Q:
    """The condition that a participant is complete and that no exclusion of the plan applies."""
    rule = Q(state=State.COMPLETED)
    for exclusion in design.plan.exclusions:
        rule &= RULES[exclusion](design)
    return rule


def _passed_attention(design: Design) -> Q:
    """Every attention check that was asked was answered as expected; left empty is not."""
    rule = Q()
    for item in design.items():
        if item.role is Role.ATTENTION_CHECK:
            # Another version of the design may not have asked it: that is no failure.
            asked = Q(answers__has_key=item.code)
            rule &= Q(answers__contains={item.code: item.expected}) | ~asked
    return rule


RULES: Mapping[Exclusion, Callable[[Design], Q]] = {
    Exclusion.FAILED_ATTENTION: _passed_attention,
}
