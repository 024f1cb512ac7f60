"""PURE: what comes next, what is asked there, and whether what was sent answers it."""

from responses.questionnaire.bot import Manner, bot_answers, bot_fields
from responses.questionnaire.checking import Checked, check, foreseen, wrong_comprehension
from responses.questionnaire.facts import Facts, Sent
from responses.questionnaire.fields import AGREE, CONSENT_FIELD, DECLINE
from responses.questionnaire.flow import (
    Progress,
    consent_page,
    due_randomisations,
    first_page,
    needed_randomisations,
    next_page,
    not_shown,
    previous_page,
    progress,
    screened_out,
    shown_items,
    shows_arm,
)
from responses.questionnaire.knowledge import counting
from responses.questionnaire.reading import Fault, as_fields
from responses.questionnaire.step import Step, step_from, tries_to_go

__all__ = [
    "AGREE",
    "CONSENT_FIELD",
    "DECLINE",
    "Checked",
    "Facts",
    "Fault",
    "Manner",
    "Progress",
    "Sent",
    "Step",
    "as_fields",
    "bot_answers",
    "bot_fields",
    "check",
    "consent_page",
    "counting",
    "due_randomisations",
    "first_page",
    "foreseen",
    "needed_randomisations",
    "next_page",
    "not_shown",
    "previous_page",
    "progress",
    "screened_out",
    "shown_items",
    "shows_arm",
    "step_from",
    "tries_to_go",
    "wrong_comprehension",
]
