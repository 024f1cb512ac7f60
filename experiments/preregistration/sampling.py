"""PURE: who may take part."""

from collections.abc import Iterator, Mapping

from experiments.checks.order import first_treatment
from experiments.design import Access, Design, Quota
from experiments.preregistration.words import code, codes, listed, plain, points

_ACCESS: Mapping[Access, str] = {
    Access.OPEN: "Everybody who has the study’s link may enter.",
    Access.PANEL: "Only those may enter whom a panel sends with its identifier; each of them once.",
    Access.INVITATION: "Only those may enter who have a personal link, which can be used once.",
}


def sampling(design: Design, language: str) -> list[str]:
    """Who may enter, in which languages, who is screened out, and the places of quotas."""
    return [
        f"{_ACCESS[design.access]} The survey is in {codes(design.languages)}.",
        points(_screening(design)),
        *(_quota(design, quota, language) for quota in design.quotas),
    ]


def _screening(design: Design) -> Iterator[str]:
    for index, page in enumerate(design.pages):
        if page.screen_out_if:
            late = ", after the treatment" if index >= first_treatment(design) else ""
            rule = code(page.screen_out_if)
            yield f"Screened out at {code(page.code)}{late}: who satisfies {rule}."


def _quota(design: Design, quota: Quota, language: str) -> str:
    if not quota.items:
        return f"No more than {sum(limit.places for limit in quota.limits)} may take part."
    cells = points(
        f"{_cell(design, quota, limit.cell, language)}: {limit.places}" for limit in quota.limits
    )
    return f"Places by {codes(quota.items)}; a cell that is not listed takes everybody:\n\n{cells}"


def _cell(design: Design, quota: Quota, cell: tuple[str, ...], language: str) -> str:
    chosen = (
        plain(option.label, language) or code(option.code)
        for name, answer in zip(quota.items, cell, strict=True)
        for option in design.options(design.item(name))
        if option.code == answer
    )
    return listed(chosen)
