"""The desk's page of a study's codebook, and its downloads."""

import logging

import psycopg
from django.contrib import admin
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import study_at_desk
from responses.export.codebook.entry import Codebook
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.making import SHOWN, book_file_name, make_codebook
from responses.export.codebook.page import shown
from responses.export.codebook.reading import codebook_of
from responses.models import Mode

logger = logging.getLogger(__name__)

EXPORT = "responses.export_data"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codebook_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What each variable is; POST counts the data, and shows that or gives a file of it."""
    study = study_at_desk(request, slug, EXPORT)
    try:
        if request.method != "POST":
            return _page(request, study, codebook_of(study))
        return _made(request, study)
    except Refused as refused:
        return _page(request, study, None, 409, in_words(refused))
    except (DatabaseError, psycopg.Error):
        logger.exception("The codebook of %s broke off.", study)
        wrong = _("The codebook could not be made: the database gave out. Please try again.")
        return _page(request, study, None, 503, wrong)


def _made(request: HttpRequest, study: Study) -> HttpResponse:
    name, mode = request.POST.get("format"), request.POST.get("mode", Mode.LIVE.value)
    if mode not in Mode.values or name not in (*BOOK_FORMATS, SHOWN):
        return HttpResponseBadRequest(_("There is no such format, or no such mode."))
    actor = request.user.get_username()
    book = make_codebook(study=study, mode=Mode(mode), actor=actor, format_name=name)
    if name == SHOWN:
        return _page(request, study, book)
    chosen = BOOK_FORMATS[name]
    response = HttpResponse(chosen.write(book), content_type=chosen.content_type)
    file_name = book_file_name(book, name)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    # The request's connection waits for no download.
    close_old_connections()
    return response


def _page(
    request: HttpRequest, study: Study, book: Codebook | None, status: int = 200, wrong: str = ""
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **(shown(book) if book else {}),
        "title": _("Codebook of %(study)s") % {"study": study.slug},
        "study": study,
        "wrong": wrong,
        "launched": study.versions.exists(),
        "modes": Mode.choices,
        "mode": book.mode if book and book.mode else Mode.LIVE.value,
        "formats": [(name, each.label) for name, each in BOOK_FORMATS.items()],
    }
    return render(request, "responses/codebook.html", context, status=status)
