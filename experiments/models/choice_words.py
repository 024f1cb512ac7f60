"""What the desk calls the choices of rows, but for the plan's, which `desk.plan_words` has.

The English is the code's own: it stands in migrations.
"""

from typing import Any

from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    # Access
    "open": pgettext_lazy("choice", "open"),
    "panel": pgettext_lazy("choice", "panel"),
    "invitation": pgettext_lazy("choice", "invitation"),
    # Withdrawal
    "erase": pgettext_lazy("choice", "erase"),
    "ask": pgettext_lazy("choice", "ask"),
    # Outcome
    "completed": pgettext_lazy("choice", "completed"),
    "refused": pgettext_lazy("choice", "refused"),
    "screened_out": pgettext_lazy("choice", "screened out"),
    "quota_full": pgettext_lazy("choice", "quota full"),
    "withdrawn": pgettext_lazy("choice", "withdrawn"),
    "closed": pgettext_lazy("choice", "closed"),
    "paused": pgettext_lazy("choice", "paused"),
    "full": pgettext_lazy("choice", "full"),
    # PageKind
    "screening": pgettext_lazy("choice", "screening"),
    "consent": pgettext_lazy("choice", "consent"),
    "questions": pgettext_lazy("choice", "questions"),
    "vignette": pgettext_lazy("choice", "vignette"),
    "end": pgettext_lazy("choice", "end"),
    # ItemKind
    "likert": pgettext_lazy("choice", "likert"),
    "semantic_differential": pgettext_lazy("choice", "semantic differential"),
    "single": pgettext_lazy("choice", "single"),
    "dropdown": pgettext_lazy("choice", "dropdown"),
    "multiple": pgettext_lazy("choice", "multiple"),
    "number": pgettext_lazy("choice", "number"),
    "slider": pgettext_lazy("choice", "slider"),
    "short_text": pgettext_lazy("choice", "short text"),
    "text": pgettext_lazy("choice", "text"),
    "ranking": pgettext_lazy("choice", "ranking"),
    "date": pgettext_lazy("choice", "date"),
    "allocation": pgettext_lazy("choice", "allocation"),
    "statement": pgettext_lazy("choice", "statement"),
    # Measure
    "nominal": pgettext_lazy("choice", "nominal"),
    "ordinal": pgettext_lazy("choice", "ordinal"),
    "interval": pgettext_lazy("choice", "interval"),
    # Role
    "attention_check": pgettext_lazy("choice", "attention check"),
    "mock_vignette_check": pgettext_lazy("choice", "mock vignette check"),
    "comprehension_check": pgettext_lazy("choice", "comprehension check"),
    "manipulation_check": pgettext_lazy("choice", "manipulation check"),
    # Missing
    "prefer_not_to_say": pgettext_lazy("choice", "prefer not to say"),
    "dont_know": pgettext_lazy("choice", "dont know"),
    # Order and DrawOrder
    "fixed": pgettext_lazy("choice", "fixed"),
    "random": pgettext_lazy("choice", "random"),
    "flipped": pgettext_lazy("choice", "flipped"),
    "latin": pgettext_lazy("choice", "latin"),
    "williams": pgettext_lazy("choice", "williams"),
    # Distance
    "range": pgettext_lazy("choice", "range"),
    "variance": pgettext_lazy("choice", "variance"),
    "marginal_balance": pgettext_lazy("choice", "marginal balance"),
    # Method
    "permuted_blocks": pgettext_lazy("choice", "permuted blocks"),
    "simple": pgettext_lazy("choice", "simple"),
    "complete": pgettext_lazy("choice", "complete"),
    "minimisation": pgettext_lazy("choice", "minimisation"),
    "toward_completes": pgettext_lazy("choice", "toward completes"),
    "deck": pgettext_lazy("choice", "deck"),
}
