"""The page that takes items from a table: first what it would change, then the change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from experiments.design import Design, digest
from experiments.desk.addresses import address
from experiments.desk.parts import why_fixed
from experiments.desk.scoped import check_may
from experiments.differences import Difference, differences
from experiments.in_words import in_words
from experiments.itemtable import put_items, read_table
from experiments.loading import load
from experiments.membership import studies_where
from experiments.models import Page, Way
from experiments.refusals import Refused
from experiments.studyrows import read_rows

VIEW, CHANGE = "experiments.view_study", "experiments.change_page"
LONGEST = 200_000


class PasteForm(forms.Form):
    """A table of items, and the scale that they stand on."""

    table = forms.CharField(
        label=gettext_lazy("Table"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea({"class": "desk-input desk-code", "rows": 10, "spellcheck": "false"}),
    )
    scale = forms.ChoiceField(
        label=gettext_lazy("Scale of new items"),
        required=False,
        widget=forms.Select({"class": "desk-input"}),
    )

    def __init__(self, design: Design, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scales = [(scale.code, scale.code) for scale in design.scales]
        self.fields["scale"].choices = [("", _("none")), *scales]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Shown:
    """What a table would change, or what is wrong with it, and the digest of what is there."""

    found: tuple[Difference, ...]
    faults: Sequence[str]
    seen: str


@require_http_methods(["GET", "POST"])
def paste_view(request: HttpRequest, page_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """Shows what the table that was pasted would change, and once that was seen applies it."""
    pages = Page.objects.select_related("study").filter(study__in=studies_where(request.user, VIEW))
    page = get_object_or_404(pages, pk=page_id)
    study = page.study
    check_may(request, study, CHANGE)
    if not study.editable:
        messages.warning(request, why_fixed(study, sent=request.method == "POST"))
        return redirect(address(study))
    before = read_rows(study)
    form = PasteForm(before, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, desk, page, form)
    after, faults = _put(before, page.code, **form.cleaned_data)
    shown = Shown(() if faults else differences(before, after), faults, digest(before))
    if faults or "seen" not in request.POST:
        return _page(request, desk, page, form, shown)
    by = request.user.get_username()
    try:
        load(design=after, by=by, way=Way.FORM, seen=request.POST["seen"])
    except Refused as refused:
        return _page(request, desk, page, form, shown, refusal=in_words(refused))
    said = _("The items are on the page %(page)s.") % {"page": page.code}
    messages.success(request, said)
    desk.log_change(request, study, _("Items pasted into %(page)s") % {"page": page.code})
    # The rows were written anew.
    return redirect(f"{address(study)}#page-{study.pages.get(code=page.code).pk}")


def _put(design: Design, page: str, *, table: str, scale: str) -> tuple[Design, Sequence[str]]:
    read = read_table(table.replace("\0", ""), design.languages)
    if read.faults:
        return design, read.faults
    return put_items(design, page, read.rows, scale)


def _page(
    request: HttpRequest,
    desk: "ModelAdmin[Any]",
    page: Page,
    form: PasteForm,
    shown: Shown | None = None,
    *,
    refusal: str = "",
) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Paste items into %(page)s") % {"page": page.code},
        "study": page.study,
        "page_row": page,
        "form": form,
        "shown": shown,
        "refusal": refusal,
        "head": "\t".join(("code", *(f"text_{each}" for each in page.study.languages), "reverse")),
    }
    wrong = form.errors or (shown and shown.faults)
    status = 409 if refusal else 422 if wrong else 200
    return render(request, "experiments/paste_items.html", context, status=status)
