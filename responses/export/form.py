"""What the desk's export page asks: whose data, which table, how, and why arms are to be seen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from experiments.models import Study
from responses.export.formats import FORMATS
from responses.export.options import Options
from responses.models import Mode

TABLES = (
    ("participants", _("Participants: a row for each")),
    ("answers", _("Answers: a row for each")),
    ("vignettes", _("Vignettes: a row for each that somebody read")),
    ("submissions", _("Submissions: a row for each page that was sent")),
    ("paradata", _("Paradata: a row for each page, with its times and the device")),
)
_DESCRIBED = {"class": "desk-input"}


class ExportForm(forms.Form):
    """An export; a format that holds several tables holds them whatever `table` says."""

    mode = forms.ChoiceField(
        label=_("Whose data"), choices=Mode.choices, initial=Mode.LIVE, widget=forms.RadioSelect
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(name, each.label) for name, each in FORMATS.items()],
        initial="csv",
        widget=forms.Select(_DESCRIBED),
    )
    table = forms.ChoiceField(
        label=_("Table"),
        choices=TABLES,
        initial="participants",
        widget=forms.Select({**_DESCRIBED, "aria-describedby": "table-help"}),
    )
    language = forms.ChoiceField(label=_("Language of labels"), widget=forms.Select(_DESCRIBED))
    bom = forms.BooleanField(
        label=_("Begin CSV and TSV with a byte order mark, by which Excel knows UTF-8"),
        required=False,
    )
    guard = forms.BooleanField(
        label=_("Put an apostrophe before texts that a spreadsheet could run as formulas"),
        required=False,
        initial=True,
    )
    unblind = forms.BooleanField(label=_("Show the arms of everybody"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({**_DESCRIBED, "rows": 3}),
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [(code, code) for code in study.languages]
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of labels"), choices=languages, widget=forms.Select(_DESCRIBED)
        )

    @property
    def options(self) -> Options:
        """How the file is to be written."""
        asked = self.cleaned_data
        return Options(asked["language"], bom=asked["bom"], guard=asked["guard"])

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that is asked for, where the format holds one."""
        chosen = FORMATS[self.cleaned_data["format"]]
        return () if chosen.many or chosen.needs else (self.cleaned_data["table"],)
