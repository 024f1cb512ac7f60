"""The outcome with all arms pooled, which may be told while a study collects."""

import numpy as np
from django.db.models import Count, Value
from django.db.models.fields.json import KeyTextTransform

from analysis.dataset import columns, source_items
from analysis.eligibility import eligible
from analysis.estimation import spread
from analysis.results import Spread
from analysis.schedule import Standing
from analysis.stacking import answers_by_draw, judged_deck
from experiments.answers import Answers
from experiments.expansion import numbered
from responses.models import Participant


def pooled_outcome(standing: Standing, first: int | None = None) -> Spread:
    """Mean and SD of the outcome of the eligible completes; only its items are fetched.

    Of the first so many in the order of completion, or of all; of all their vignettes, where it is
    asked for each. Of all, who answered alike comes from the database as one row: a scale has few
    rows however many answered it.
    """
    design = standing.version.written
    deck = judged_deck(design)
    items = [item.code for item in source_items(design, design.plan.outcome)]
    if deck:
        items = [numbered(code, draw) for draw in range(1, deck.draws + 1) for code in items]
    # By number, for an item's code may hold what Django reads as a lookup.
    fetched = {
        f"item_{place}": KeyTextTransform(code, "answers") for place, code in enumerate(items)
    }
    theirs = eligible(standing.version.design)
    rows = (
        Participant.objects.filter(theirs, study_id=standing.study.pk, mode=standing.mode)
        .annotate(**fetched)
        .values_list(*fetched)
    )
    if first is None:
        found = rows.order_by().annotate(people=Count("pk"))
    else:
        found = rows.order_by("completed_at", "id").annotate(people=Value(1))[:first]
    alike = [(dict(zip(items, row, strict=True)), people) for *row, people in found]
    answers: list[Answers] = [each for each, _ in alike]
    counts = [people for _, people in alike]
    if deck:
        several = [list(answers_by_draw(design, deck, each)) for each in answers]
        counts = [people for people, own in zip(counts, several, strict=True) for _ in own]
        answers = [answer for own in several for _, answer in own]
    (outcome,) = columns(design, answers, design.plan.outcome).values()
    return spread(np.repeat(np.asarray(outcome), counts))
