"""The desk's page of a study's pay lists: makes one, and gives any of them again."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import csv_download, study_at_desk
from responses.identity_log import note_reading
from responses.models import IdentityReading, Mode, PayList
from responses.pay_lists import (
    LONGEST_AMOUNT,
    Panel,
    make_pay_list,
    panels_of,
    pay_sheet,
    waiting,
)

# A list names people by their panel's id.
PERMISSIONS = (
    "responses.view_participant",
    "responses.view_panelidentity",
    "responses.add_paylist",
)
# So many are shown, the newest first.
LISTED = 100
PAID = (Mode.LIVE, Mode.PILOT)
INPUT = {"class": "desk-input"}


class PayForm(forms.Form):
    """Whom a list is to hold, and what each is paid."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Whose"), choices=[(mode.value, mode.label) for mode in PAID]
    )
    panel = forms.TypedChoiceField(label=gettext_lazy("Panel"), coerce=int)
    amount = forms.CharField(
        label=gettext_lazy("Amount for each, such as 1.50 GBP (may be left empty)"),
        max_length=LONGEST_AMOUNT,
        required=False,
        widget=forms.TextInput(INPUT),
    )

    def __init__(self, data: object = None, *, panels: tuple[Panel, ...]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        chosen = [(str(at), str(panel)) for at, panel in enumerate(panels)]
        self.fields["panel"].choices = chosen  # type: ignore[attr-defined]
        for name in ("mode", "panel"):
            self.fields[name].widget.attrs.update(INPUT)


@never_cache
@require_http_methods(["GET", "POST"])
def pay_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET lists the lists; POST makes one and shows it among them."""
    study = study_at_desk(request, slug, *PERMISSIONS)
    panels = panels_of(study)
    form = PayForm(request.POST if request.method == "POST" else None, panels=panels)
    if not form.is_valid():
        return _page(request, study, form)
    asked = form.cleaned_data
    try:
        make_pay_list(
            study=study,
            mode=Mode(asked["mode"]),
            panel=panels[asked["panel"]],
            amount=asked["amount"],
            actor=request.user.get_username(),
        )
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return _page(request, study, form)
    return redirect("admin:responses_pay", slug)


@never_cache
@require_POST
def pay_file_view(request: HttpRequest, slug: str, mode: str, number: int) -> HttpResponse:
    """The list of that number as CSV: the same people as ever."""
    study = study_at_desk(request, slug, *PERMISSIONS)
    found = get_object_or_404(PayList, study=study, mode=mode, number=number)
    actor = request.user.get_username()
    way = IdentityReading.Way.PAY_LIST
    note_reading(study_id=study.pk, way=way, people=found.people, actor=actor)
    return csv_download(study, f"pay_{mode}_{number}", pay_sheet(found))


def _page(request: HttpRequest, study: Study, form: PayForm) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Pay lists of %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "waiting": [(mode.label, waiting(study_id=study.pk, mode=mode)) for mode in PAID],
        "lists": study.pay_lists.all()[:LISTED],
    }
    status = 422 if form.errors else 200
    return render(request, "responses_desk/pay.html", context, status=status)
