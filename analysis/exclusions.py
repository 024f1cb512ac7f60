"""PURE: which checks decide whether the plan's exclusions take somebody out."""

from collections.abc import Mapping

from experiments.design import Design, Exclusion, PageKind, Role

ROLES: Mapping[Exclusion, Role] = {
    Exclusion.FAILED_ATTENTION: Role.ATTENTION_CHECK,
    Exclusion.FAILED_MOCK_VIGNETTE: Role.MOCK_VIGNETTE_CHECK,
    Exclusion.FAILED_COMPREHENSION: Role.COMPREHENSION_CHECK,
}


def counted_checks(design: Design) -> dict[str, str]:
    """The checks by which the plan excludes, with the answers that they expect.

    Who is not excluded answered each as expected, or was not asked. Checks after the treatment
    count only if the plan names them.
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
