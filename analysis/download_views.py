"""A spent look's downloads: its results as JSON, its numbers, and the scripts that redo them."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from analysis.models import Look
from analysis.redo import look_json, numbers_csv, python_script, r_script
from analysis.redo_facts import NoScriptError
from experiments.desk.scoped import check_may
from responses.export.views import EXPORT

FILES: dict[str, tuple[str, Callable[[Look], str | bytes]]] = {
    "json": ("application/json", look_json),
    "numbers.csv": ("text/csv; charset=utf-8", numbers_csv),
    "py": ("text/x-python; charset=utf-8", python_script),
    "R": ("text/plain; charset=utf-8", r_script),
}


def look_download(request: HttpRequest, look: Look, kind: str) -> HttpResponse:
    """The file of that kind; for those who may export data, as the arms of the look's cut are."""
    check_may(request, look.study, EXPORT)
    content_type, make = FILES[kind]
    try:
        content = make(look)
    except NoScriptError as none:
        raise Http404(str(none)) from None
    name = f"{look.study.slug}_{look.mode}_look_{look.number}.{kind}"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
