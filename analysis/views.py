"""What the desk shows of looks: a report, its plot, a study's progress and its integrity."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis import apa
from analysis.audit import audit
from analysis.figures import Legend, Line, estimates_svg
from analysis.integrity_page import sections, standing
from analysis.models import Look
from analysis.progress import progress_of
from analysis.report import Report, report
from analysis.results import from_builtins
from analysis.wording import Wording
from experiments.models import Status, Study
from responses.models import Mode


def look_report(request: HttpRequest, look: Look, context: dict[str, Any]) -> HttpResponse:
    """The report page of a spent look."""
    shown = report(look, get_language())
    context |= {"title": shown.title, "look": look, "report": shown}
    return TemplateResponse(request, "analysis/look.html", context)


def look_figure(request: HttpRequest, look: Look) -> HttpResponse:
    """The plot of a spent look's estimates as SVG."""
    language = get_language()
    results, words = from_builtins(look.results), Wording(look.version.written, language)
    shown = report(look, language)
    lines = tuple(
        Line(label[0], row.unadjusted.value, row.repeated.value, row.adjusted.value)
        for label, row in zip(
            shown.estimates.rows,
            (row for contrast in results.contrasts for row in contrast.rows),
            strict=True,
        )
    )
    smallest = words.design.plan.smallest_effect
    svg = estimates_svg(lines, _legend(shown, smallest), smallest)
    response = HttpResponse(svg, content_type="image/svg+xml")
    # The picture may hold the styles that Matplotlib writes, and nothing else.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def study_progress(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """How a study is coming along: counts, pooled outcome, looks."""
    study = get_object_or_404(Study, slug=slug)
    context |= {
        "title": _("Progress of %(study)s") % {"study": study.slug},
        "study": study,
        "modes": progress_of(study),
    }
    return TemplateResponse(request, "analysis/progress.html", context)


def study_integrity(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """Whether a study's randomisations came through, in the mode that is asked for."""
    study = get_object_or_404(Study, slug=slug)
    asked = request.GET.get("mode", "")
    usual = Mode.PILOT if study.status == Status.PILOT else Mode.LIVE
    found = audit(study, Mode(asked) if asked in Mode.values else usual)
    context |= {
        "title": _("Integrity of %(study)s") % {"study": study.slug},
        "study": study,
        "mode": found.mode,
        "modes": list(Mode),
        "audit": found,
        "standing": standing(found),
        "sections": sections(found, get_language()),
    }
    return TemplateResponse(request, "analysis/integrity.html", context)


def _legend(shown: Report, smallest: float | None) -> Legend:
    return Legend(
        title=shown.estimates.caption,
        description=" ".join(shown.conclusions),
        axis=_("Difference of means, in points of the outcome"),
        nominal=_("Estimate with nominal 95% interval, unadjusted for looks"),
        repeated=_("Repeated interval at this look’s bound"),
        adjusted=_("Covariate-adjusted, with nominal 95% interval"),
        smallest=_("Smaller than the smallest effect of interest (±%(size)s)")
        % {"size": apa.number(smallest or 0)},
        missing=_("not estimable"),
    )
