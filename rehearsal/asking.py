"""The form by which a rehearsal is ordered at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from experiments.design import Design
from experiments.in_words import in_words
from experiments.studyfile import FileProblem
from rehearsal.default_truth import default_truth
from rehearsal.ordering import MOST_MINUTES, MOST_N, MOST_SEED, Asked
from rehearsal.truth_file import dump_truth, parse_truth


class RehearsalForm(forms.Form):
    """How many people of which truth, how fast; `problems` are those of the truth, by its lines."""

    n = forms.IntegerField(
        label=_("People"),
        help_text=_("Who comes, those included who leave or don’t consent."),
        min_value=1,
        max_value=MOST_N,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed sends the same people. Empty: one is drawn."),
        required=False,
        min_value=0,
        max_value=MOST_SEED - 1,
    )
    minutes = forms.FloatField(
        label=_("Minutes"),
        help_text=_(
            "Within which they come; how long they take shrinks alike. Empty: at full speed."
        ),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
    )
    truth = forms.CharField(
        label=_("Truth"),
        max_length=200_000,
        # Its problems are told by their lines.
        strip=False,
        widget=forms.Textarea({"rows": 24, "spellcheck": "false", "wrap": "off"}),
    )

    def __init__(self, design: Design, data: Any = None) -> None:
        self._design = design
        self.problems: tuple[FileProblem, ...] = ()
        usual = {"n": design.plan.sample_size, "truth": dump_truth(default_truth(design))}
        super().__init__(data, initial=usual)
        for field in self.fields.values():
            field.widget.attrs["class"] = "desk-input"
        self.fields["truth"].widget.attrs["class"] = "desk-input desk-code"

    def clean_truth(self) -> str:
        """The text, if it is a truth of the design."""
        text = str(self.cleaned_data["truth"])
        self.problems = parse_truth(text, self._design).problems
        if self.problems:
            raise forms.ValidationError([line_of(each) for each in self.problems])
        return text

    def asked(self, language: str) -> Asked:
        """What was asked for, once it is valid."""
        found = self.cleaned_data
        return Asked(found["n"], found["truth"], language, found["seed"], found["minutes"])


def line_of(problem: FileProblem) -> str:
    """A problem with its line and what to do."""
    told = {
        "line": problem.line,
        "what": in_words(problem.message),
        "remedy": in_words(problem.remedy),
    }
    return str(_("Line %(line)s: %(what)s %(remedy)s")) % told
