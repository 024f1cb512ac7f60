"""Who counts: the plan's exclusions as one condition on participants.

The schedule counts by it and the look cuts by it, so the two can't disagree.
"""

from collections.abc import Mapping

from django.db.models import Q

from experiments.design import Design, Exclusion, PageKind, Role
from responses.models import State

ROLES: Mapping[Exclusion, Role] = {
    Exclusion.FAILED_ATTENTION: Role.ATTENTION_CHECK,
    Exclusion.FAILED_MOCK_VIGNETTE: Role.MOCK_VIGNETTE_CHECK,
    Exclusion.FAILED_COMPREHENSION: Role.COMPREHENSION_CHECK,
}


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


def counted_checks(design: Design) -> dict[str, str]:
    """The checks by which the plan excludes, with the answers that they expect.

    Checks after the treatment count only if the plan names them.
    """
    roles = {ROLES[exclusion] for exclusion in design.plan.exclusions}
    found: dict[str, str] = {}
    treated = False
    for page in design.pages:
        treated = treated or page.kind is PageKind.VIGNETTE
        for item in page.items:
            counts = not treated or item.code in design.plan.post_treatment_exclusions
            if item.role in roles and counts:
                found[item.code] = item.expected
    return found
