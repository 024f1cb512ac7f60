"""Who counts: the plan's exclusions as one condition on participants.

The schedule counts by it and the look cuts by it, so the two can't disagree.
"""

from collections.abc import Callable, Mapping
from functools import partial

from django.db.models import Q

from experiments.design import Design, Exclusion, PageKind, Role
from responses.models import State


def eligible(design: Design) -> Q:
    """The condition that a participant is complete and that no exclusion of the plan applies."""
    rule = Q(state=State.COMPLETED)
    for exclusion in design.plan.exclusions:
        rule &= RULES[exclusion](design)
    return rule


def _passed(design: Design, role: Role) -> Q:
    """Every check of that role that counts was answered as expected; left empty is not.

    Checks after the treatment count only if the plan names them.
    """
    rule = Q()
    treated = False
    for page in design.pages:
        treated = treated or page.kind is PageKind.VIGNETTE
        for item in page.items:
            counts = not treated or item.code in design.plan.post_treatment_exclusions
            if item.role is role and counts:
                # Another version, or a condition, may not have asked it: that is no failure.
                unasked = ~Q(answers__has_key=item.code) | Q(not_shown__contains=[item.code])
                rule &= Q(answers__contains={item.code: item.expected}) | unasked
    return rule


RULES: Mapping[Exclusion, Callable[[Design], Q]] = {
    Exclusion.FAILED_ATTENTION: partial(_passed, role=Role.ATTENTION_CHECK),
    Exclusion.FAILED_MOCK_VIGNETTE: partial(_passed, role=Role.MOCK_VIGNETTE_CHECK),
    Exclusion.FAILED_COMPREHENSION: partial(_passed, role=Role.COMPREHENSION_CHECK),
}
