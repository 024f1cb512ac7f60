"""What the desk shows of looks: a report, its plot, a study's progress and its integrity."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis.audit import audit
from analysis.figure_tables import figure_tables
from analysis.figure_views import figures_of
from analysis.integrity_page import sections, standing
from analysis.models import Look
from analysis.progress import progress_of
from analysis.redo import seen
from analysis.report import report
from analysis.wording import Wording
from experiments.models import Status
from responses.desk_study import study_at_desk
from responses.models import Mode

VIEW_LOOK = "analysis.view_look"


def look_report(request: HttpRequest, look: Look, context: dict[str, Any]) -> HttpResponse:
    """The report page of a spent look."""
    shown = report(look, get_language())
    results, words = seen(look), Wording(look.version.written, get_language())
    tables = figure_tables(look, results, words)
    figures = [(name, said, tables.get(name)) for name, said in figures_of(results, words)]
    context |= {"title": shown.title, "look": look, "report": shown, "figures": figures}
    return TemplateResponse(request, "analysis/look.html", context)


def study_progress(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """How a study is coming along: counts, pooled outcome, looks."""
    study = study_at_desk(request, slug, VIEW_LOOK)
    context |= {
        "title": _("Progress of %(study)s") % {"study": study.slug},
        "study": study,
        "modes": progress_of(study),
    }
    return TemplateResponse(request, "analysis/progress.html", context)


def study_integrity(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """Whether a study's randomisations came through, in the mode that is asked for."""
    study = study_at_desk(request, slug, VIEW_LOOK)
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
