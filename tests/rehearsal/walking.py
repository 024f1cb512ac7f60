"""Walks made-up people through a study's pages as the site would hold them against the design."""

from dataclasses import replace

from experiments.design import PageKind
from rehearsal.population import Population
from responses.questionnaire import (
    AGREE,
    CONSENT_FIELD,
    Facts,
    as_fields,
    check,
    first_page,
    next_page,
)


def walked(population: Population, person: int) -> tuple[Facts, list[str]]:
    """What is known of somebody at the end who saw the first level of all, and every fault."""
    design = population.met
    first = {factor.code: factor.levels[0].code for factor in design.factors}
    facts = Facts(levels=first, parameters=population.parameters(person), seed=bytes([person]))
    page, faults = first_page(design), []
    language = population.languages[person]
    while page.kind is not PageKind.END:
        answers = population.said(person, page, facts)
        sent: dict[str, tuple[str, ...]] = (
            {CONSENT_FIELD: (AGREE,)} if page.kind is PageKind.CONSENT else {}
        )
        for code, answer in answers.items():
            sent |= as_fields(design, design.item(code), answer, language)
        checked = check(design, page, sent, facts, language=language)
        faults += [f"{page.code} {code}: {fault}" for code, fault in checked.faults.items()]
        assert dict(checked.answers) == dict(answers)
        facts = replace(facts, answers={**facts.answers, **answers})
        page = next_page(design, page.code, facts)
    return facts, faults
