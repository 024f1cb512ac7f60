"""The desk's page of a study's replication bundles, and their downloads, all under /admin/."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from analysis.bundle.asking import why_not
from analysis.bundle.licence import LICENCES
from analysis.bundle.queueing import bundle_name, kept_bundle, order_bundle
from analysis.models import Bundle
from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import study_at_desk
from responses.export.serving import Sent, kept_response
from responses.export.stating import stated_lines
from responses.export.views import EXPORT
from responses.models import Mode

# As many of somebody's bundles are listed.
LISTED = 20
MAKING = (Bundle.Step.DATA, Bundle.Step.CODEBOOK, Bundle.Step.LOOKS, Bundle.Step.PACKING)


class BundleForm(forms.Form):
    """Whose data, and under which licence they may be used."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Whose data"),
        choices=Mode.choices,
        initial=Mode.LIVE,
        widget=forms.RadioSelect,
    )
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"),
        choices=lambda: [(name, in_words(each.name)) for name, each in LICENCES.items()],
        initial="none",
        widget=forms.Select({"class": "desk-input", "aria-describedby": "licence-help"}),
    )


@dataclass(frozen=True)
class Line:
    """A bundle in the list: its number among the steps while it is made, then size and counts."""

    bundle: Bundle
    name: str
    place: int
    size: int | None
    stated: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether it is still to be made, or to be made to the end."""
        return self.bundle.step not in (Bundle.Step.MADE, Bundle.Step.FAILED)

    @property
    def problem(self) -> str:
        """Why it failed, in the reader's language if it is a sentence of ours without values."""
        return _(self.bundle.problem) if self.bundle.problem else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The bundles that somebody asked for, and how far they are; POST asks for one."""
    study = study_at_desk(request, slug, EXPORT)
    if request.method != "POST":
        return _page(request, study, BundleForm())
    form = BundleForm(request.POST)
    if not form.is_valid():
        return _page(request, study, form, 422)
    try:
        order_bundle(
            study=study,
            mode=Mode(form.cleaned_data["mode"]),
            actor=request.user.get_username(),
            licence=form.cleaned_data["licence"],
        )
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return _page(request, study, form, 409)
    return HttpResponseRedirect(reverse("bundle", args=[study.slug]), status=303)


@never_cache
@require_safe
def bundle_file(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """The file of a bundle, for who asked for it, as long as it is kept; also the rest of it."""
    study = study_at_desk(request, slug, EXPORT)
    found = Bundle.objects.select_related("export__study")
    actor = request.user.get_username()
    bundle = get_object_or_404(found, pk=number, export__study=study, export__actor=actor)
    path = kept_bundle(bundle)
    if path is None:
        return _page(request, study, BundleForm(), 404, lost=True)
    response = kept_response(request, Sent(path, bundle_name(bundle), "application/zip"))
    # The request's connection waits for no download.
    close_old_connections()
    return response


def _page(
    request: HttpRequest, study: Study, form: BundleForm, status: int = 200, *, lost: bool = False
) -> HttpResponse:
    actor = request.user.get_username()
    asked = Bundle.objects.filter(at_desk=True, export__study=study, export__actor=actor)
    found = asked.select_related("export__study", "export__statement")
    lines = [_line(bundle) for bundle in found[:LISTED]]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Replication bundle of %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "lost": lost,
        "launched": study.versions.exists(),
        "modes": [
            (radio, in_words(why_not(study, mode, at_desk=True)))
            for radio, mode in zip(form["mode"], Mode, strict=True)
        ],
        "lines": lines,
        "steps": len(MAKING),
        "waits": any(line.waits for line in lines),
    }
    return render(request, "analysis/bundles.html", context, status=status)


def _line(bundle: Bundle) -> Line:
    place = MAKING.index(bundle.step) + 1 if bundle.step in MAKING else 0
    path = kept_bundle(bundle)
    size = path.stat().st_size if path else None
    stated = tuple(map(in_words, stated_lines(bundle.export)))
    return Line(bundle, bundle_name(bundle), place, size, stated)
