"""What is typed on the power page for the formulas."""

from django import forms
from django.utils.translation import gettext_lazy

from analysis.power.analytic import Asked
from analysis.reach_page import AssumedForm

# With fewer or more nobody plans a study, and with more the formulas would say nothing new.
FEWEST, MOST = 10, 1_000_000


class AskedForm(AssumedForm):
    """Participants, effect and wished power, beside what no plan knows."""

    field_order = ("n", "effect", "power", "r2", "deff", "sd")

    n = forms.IntegerField(
        label=gettext_lazy("Participants"),
        help_text=gettext_lazy("Eligible completes; the plan’s if empty."),
        min_value=FEWEST,
        max_value=MOST,
        required=False,
    )
    effect = forms.FloatField(
        label=gettext_lazy("Effect"),
        help_text=gettext_lazy("In points of the outcome; the plan’s smallest if empty."),
        min_value=1e-6,
        max_value=1e6,
        required=False,
    )
    power = forms.FloatField(
        label=gettext_lazy("Wished power"),
        help_text=gettext_lazy("From .5 to .99; .80 if empty."),
        min_value=0.5,
        max_value=0.99,
        required=False,
    )

    def asked(self, n: int) -> Asked:
        """What was typed; the usual, with the plan's n, where nothing that can be was."""
        given = self.cleaned_data if self.is_valid() else {}
        usual = Asked(given.get("n") or max(n, FEWEST))
        return Asked(usual.n, given.get("power") or usual.power, given.get("effect"))
