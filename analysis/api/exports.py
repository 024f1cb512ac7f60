"""A study's data and codebook over the API: recorded as at the desk, and never unblinded."""

import logging
from enum import StrEnum
from typing import Annotated, Any

from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router

from analysis.api.bearer import check_limit, owner_of, study_for, token_of
from analysis.api.limits import EXPORTS
from analysis.api.parameters import LARGEST_ID
from analysis.api.problems import PROBLEM_CONTENT, Problem
from analysis.api.shapes import Statement
from analysis.models import ApiToken
from experiments.models import Study
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.making import book_file_name, make_codebook
from responses.export.formats import FORMATS
from responses.export.kept import WithdrewMeanwhileError, keep_export, kept_file
from responses.export.limits import TooLargeForFormatError
from responses.export.options import Options
from responses.export.reconciliation import NotReconciledError
from responses.export.record import ExportRefusedError, record_export, wanted_tables
from responses.export.serving import kept_response, sent_export, whole_response
from responses.export.tables import NAMES
from responses.models import ExportRecord, ExportStatement, Mode
from responses.served import is_served

logger = logging.getLogger(__name__)
router = Router(tags=["data"])


def _file(what: str, types: set[str]) -> dict[str, Any]:
    """What the document says of an answer that is a file."""
    # OpenAPI 3.1 has no schema for bytes that are no JSON.
    content: dict[str, Any] = {name: {} for name in sorted(types)}
    return {"responses": {200: {"description": what, "content": content}}}


def _in_parts(told: dict[str, Any]) -> dict[str, Any]:
    """What the document says of a file that is also sent in parts."""
    part = {**told["responses"][200], "description": "The part that Range asks for"}
    beyond = {"description": "The file has no such part", "content": PROBLEM_CONTENT}
    asked = {
        "name": "Range",
        "in": "header",
        "description": "`bytes=N-` for all but the first N bytes",
        "schema": {"type": "string", "example": "bytes=1000-"},
    }
    return {"parameters": [asked], "responses": {**told["responses"], 206: part, 416: beyond}}


TYPES = {each.content_type.partition(";")[0] for each in FORMATS.values()}
BOOK_TYPES = {each.content_type.partition(";")[0] for each in BOOK_FORMATS.values()}
# mypy can't read members that are counted here.
FormatName = StrEnum("FormatName", {name: name for name in FORMATS})  # type: ignore[misc]
BookFormatName = StrEnum(  # type: ignore[misc]
    "BookFormatName", {name: name for name in BOOK_FORMATS}
)
TableName = StrEnum("TableName", {name: name for name in NAMES})  # type: ignore[misc]
CSV, JSONLD = FormatName("csv"), BookFormatName("jsonld")
TableNames = Annotated[list[TableName], Query()]
Language = Annotated[str, Query(pattern="^[A-Za-z0-9-]{1,16}$", description="That of labels.")]
ExportNumber = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.get(
    "/studies/{slug:slug}/export",
    operation_id="export_data",
    openapi_extra=_file("The data; Content-Location has the file for a day", TYPES),
)
def export_data(
    request: HttpRequest,
    slug: str,
    mode: Mode = Mode.LIVE,
    format: FormatName = CSV,
    table: TableNames = [],  # noqa: B006 # nobody changes it
    language: Language = "en",
    bom: bool = False,
    guard: bool = True,
) -> HttpResponseBase:
    """A study's data as a file, made anew; while it collects without whose arm is secret."""
    study = study_for(request, slug, ApiToken.Scope.EXPORT)
    try:
        tables = wanted_tables(format, table)
    except ExportRefusedError as refused:
        raise Problem(422, str(refused), "docs/api.md has the formats and tables.") from None
    check_limit(token_of(request), EXPORTS)
    export = _recorded(study, mode, owner_of(token_of(request)).get_username(), format, tables)
    options = Options(language, bom=bom, guard=guard)
    response = _made(export, options, stay_small=is_served(request))
    # Asked again it is another file, of which a part would not fit to this one.
    response.headers["Accept-Ranges"] = "none"
    response.headers["Content-Location"] = f"/api/v1/studies/{study.slug}/exports/{export.pk}"
    return response


@router.get(
    "/studies/{slug:slug}/exports/{number}",
    operation_id="get_export_file",
    openapi_extra=_in_parts(_file("The whole file", TYPES)),
)
def get_export_file(request: HttpRequest, slug: str, number: ExportNumber) -> HttpResponseBase:
    """The file of an export that the token's owner had made, kept for a day; takes Range."""
    study, export = _own_export(request, slug, number)
    path = kept_file(export) if export else None
    if export is None or path is None:
        raise Problem(
            404, "No file is kept of such an export.", f"Make one: /studies/{study.slug}/export."
        )
    response = kept_response(request, sent_export(export, path))
    close_old_connections()
    return response


@router.get(
    "/studies/{slug:slug}/exports/{number}/statement",
    response=Statement,
    operation_id="get_export_statement",
)
def get_export_statement(request: HttpRequest, slug: str, number: ExportNumber) -> dict[str, Any]:
    """Who entered and was assigned as an export was made, and its rows; kept for good."""
    study, export = _own_export(request, slug, number)
    found: ExportStatement | None = getattr(export, "statement", None)
    if found is None:
        raise Problem(
            404, "No such export was made whole.", f"Make one: /studies/{study.slug}/export."
        )
    return {"study": study.slug, **found.counts, "stated_at": found.stated_at, "rows": found.rows}


def _own_export(request: HttpRequest, slug: str, number: int) -> tuple[Study, ExportRecord | None]:
    """The study, and its export of that number if the token's owner made it and may see it."""
    study = study_for(request, slug, ApiToken.Scope.EXPORT)
    records = ExportRecord.objects.select_related("study", "statement")
    owner = owner_of(token_of(request)).get_username()
    own = records.filter(format__in=FORMATS, study=study, actor=owner, unblinded=False)
    return study, own.filter(pk=number).first()


@router.get(
    "/studies/{slug:slug}/codebook",
    operation_id="get_codebook",
    openapi_extra=_file("The codebook", BOOK_TYPES),
)
def get_codebook(
    request: HttpRequest,
    slug: str,
    mode: Mode = Mode.LIVE,
    format: BookFormatName = JSONLD,
) -> HttpResponse:
    """What each variable is, with counts over all arms."""
    study = study_for(request, slug, ApiToken.Scope.CODEBOOK)
    check_limit(token_of(request), EXPORTS)
    actor = owner_of(token_of(request)).get_username()
    book = make_codebook(study=study, mode=mode, actor=actor, format_name=format)
    chosen = BOOK_FORMATS[format]
    response = HttpResponse(chosen.write(book), content_type=chosen.content_type)
    name = book_file_name(book, format)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _recorded(
    study: Study, mode: Mode, actor: str, format_name: str, tables: tuple[str, ...]
) -> ExportRecord:
    """The record of an export that is about to start; it can't be one that unblinds."""
    try:
        return record_export(
            study=study, mode=mode, actor=actor, format_name=format_name, table_names=tables
        )
    except ExportRefusedError as refused:
        raise Problem(409, str(refused), "Launch the study first.") from None


def _made(export: ExportRecord, options: Options, *, stay_small: bool) -> HttpResponseBase:
    """Makes the file of a record and sends it whole."""
    try:
        path = keep_export(export=export, options=options, stay_small=stay_small)
    except TooLargeForFormatError as refused:
        raise Problem(422, str(refused), "Ask for another format.") from None
    except NotReconciledError as missing:
        logger.exception("The export %s of %s does not hold everybody.", export.pk, export.study)
        raise Problem(
            500, f"No file was made. {missing}", "Tell whoever runs the site: see its log."
        ) from None
    except WithdrewMeanwhileError:
        raise Problem(
            409,
            "Somebody withdrew while the file was made, and must not be in it.",
            "Ask for it again.",
        ) from None
    return whole_response(sent_export(export, path))
