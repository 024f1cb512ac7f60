"""The page of a study's next looks, of which the monitor shows a part.

Apart from the other views of looks, which load what draws plots: this one is asked for often.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from analysis.next_looks import next_looks
from responses.desk_study import study_at_desk

VIEW_LOOK = "analysis.view_look"


def study_next_looks(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """How many are wanting to a study's next looks."""
    study = study_at_desk(request, slug, VIEW_LOOK)
    title = _("Next looks of %(study)s") % {"study": study.slug}
    context |= {"title": title, "study": study, "looks": next_looks(study)}
    return TemplateResponse(request, "analysis/next_looks.html", context)
