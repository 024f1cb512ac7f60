"""PURE: which items of a design somebody reads: the analysis, its lists, or a condition."""

from analysis.dataset import source_items
from analysis.exclusions import counted_checks
from experiments.design import Design, Method
from experiments.expansion import numbered, repeated_items
from experiments.logic import names
from responses.questionnaire.knowledge import condition


def wanted_items(written: Design, design: Design) -> frozenset[str]:
    """The codes of these items, as the expanded `design` of the written one has them."""
    plan = written.plan
    codes = {plan.outcome, *plan.covariates, *plan.associations}
    items = {item.code for code in codes for item in source_items(written, code)}
    for step in written.randomisations:
        items |= {*step.strata, *step.covariates}
        if step.method is Method.DECK:
            own = {item.code for item in repeated_items(written, step.code)} & items
            items |= {numbered(code, draw) for code in own for draw in range(1, step.draws + 1)}
    items |= counted_checks(design).keys()
    for page in design.pages:
        conditions = (page.shown_if, page.screen_out_if, *(item.shown_if for item in page.items))
        items |= {name for text in conditions if text for name in names(condition(text))}
    return frozenset(items)
