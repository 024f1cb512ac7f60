"""The page of the desk on which the wording of all arms is compared."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from experiments.checks import problems
from experiments.studyrows import read_rows
from experiments.wording import WORDS_PER_MINUTE
from experiments.wording.concerns import GRADES, PERCENT
from responses.desk_study import study_at_desk
from responses.preview.arms import ARMS_AT_ONCE, Matrix, matrices
from responses.preview.concern_words import told

# Who has more to mend begins with these.
MOST = 60
VIEW_STUDY = "experiments.view_study"


@never_cache
@require_GET
def arms_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Every arm in every language side by side, how long each is, and what looks confounded."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    design = read_rows(study)
    percent = _percent(request.GET.get("percent", ""))
    start = _start(request.GET.get("start", ""))
    found = matrices(design, percent=percent, start=start)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Arms of %(study)s") % {"study": study.slug},
        "study": study,
        "design": design,
        "matrices": [
            (each, [told(one) for one in each.concerns[:MOST]], len(each.concerns[MOST:]))
            for each in found
        ],
        "percent": percent,
        "grades": GRADES,
        "rates": WORDS_PER_MINUTE,
        "problem_count": len(problems(design)),
        "is_fullwidth": "1",
        **_turning(found, start),
    }
    return render(request, "responses_desk/arms.html", context)


def _turning(found: tuple[Matrix, ...], start: int) -> dict[str, Any]:
    """Where the arms before and after those shown begin."""
    most = max((each.total for each in found), default=0)
    return {
        "before": max(0, start - ARMS_AT_ONCE) if start else None,
        "after": start + ARMS_AT_ONCE if start + ARMS_AT_ONCE < most else None,
    }


def _percent(asked: str) -> float:
    return float(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else PERCENT


def _start(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 0
