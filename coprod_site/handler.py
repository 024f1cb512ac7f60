"""The handler of requests: a form is read in one go, a participant's request ends shortly."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.log import log_response

from coprod_site.reckoner import Reckoner
from coprod_site.short_way import PARTICIPANTS
from coprod_site.whole_requests import stated_length
from responses.served import RECKONER

FORM = "application/x-www-form-urlencoded"
# The desk's files go up to 5 MB; Django would write any to the disk, whoever sends it.
LARGEST_UPLOAD = 8 * 1024 * 1024
PIECE = 64 * 1024


class FormRequest(WSGIRequest):
    """A request whose form is read at once, unless it is other than plain.

    One that is too large, of whatever kind, is kept nowhere: RequestDataTooBig.
    """

    def _load_post_and_files(self) -> None:
        most = LARGEST_UPLOAD
        if self.path_info.startswith(PARTICIPANTS):
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or most
        if stated_length(self.environ) > most and not self._read_started:  # type: ignore[attr-defined]  # the stubs leave it out
            # As Django does where it gives up on a form: nothing asks for it again.
            self._mark_post_parse_error()  # type: ignore[attr-defined]  # the same
            self._let_come(stated_length(self.environ))
            raise RequestDataTooBig(f"The form has more than {most} bytes.")
        plain = self.method == "POST" and self.content_type == FORM and self.encoding is None
        if not plain or self._read_started:  # type: ignore[attr-defined]  # the stubs leave it out
            return super()._load_post_and_files()
        try:
            text = self.body.decode()
        except UnicodeDecodeError:
            return super()._load_post_and_files()
        self._post = _fields(text)
        self._files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict()

    def _let_come(self, length: int) -> None:
        """Takes what is sent and keeps nothing of it, so that the answer reaches who sends it.

        A proxy that can't hand all of it on says that the site is broken. More than it lets through
        is left where it is.
        """
        left = length if length <= LARGEST_UPLOAD else 0
        with suppress(BadRequest):
            while left > 0 and (piece := self.environ["wsgi.input"].read(min(left, PIECE))):
                left -= len(piece)


def _fields(text: str) -> QueryDict:
    """A form's fields as Django reads them; it would look at each again as it puts it in.

    Raises TooManyFieldsSent.
    """
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=most)
    except ValueError as error:
        raise TooManyFieldsSent(f"There are more than {most} fields.") from error
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    fields = QueryDict(encoding="utf-8")
    dict.update(fields, lists)
    return fields


class Handler(WSGIHandler):
    """The handler of this site.

    Around a participant's request Django's signals are left out: all that listens to them are
    Django's own parts, of which a page needs one, that its connection goes back to the pool. That
    is done before the answer is sent, so that nobody's slow line keeps a connection.

    What needs much memory is answered by the `reckoner`, and here where there is none.
    """

    request_class = FormRequest

    def __init__(self, reckoner: Reckoner | None = None) -> None:
        super().__init__()
        self._reckoner = reckoner

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        """Answers a request, as WSGI has it: pieces of the body."""
        if not _is_participants(environ):
            environ[RECKONER] = self._reckoner
            return super().__call__(environ, start)
        response = self._answered(self.request_class(environ))
        closers = response._resource_closers
        cookies = (("Set-Cookie", each.output(header="")) for each in response.cookies.values())
        status = f"{response.status_code} {response.reason_phrase}"
        if not isinstance(response, HttpResponse):
            start(status, [*response.items(), *cookies])
            return response  # a stream, which Django's signals end as it is closed
        for close in closers:
            close()
        # As `close_old_connections`, of the one database that a participant's page asks.
        if connection.connection is not None:
            connection.close_if_unusable_or_obsolete()
        start(status, [*response.items(), *cookies])
        return [response.content]

    def _answered(self, request: WSGIRequest) -> Any:
        """As Django's `get_response`, which sets the site's addresses anew for each request."""
        response: Any = self._middleware_chain(request)  # type: ignore[attr-defined]  # the same
        response._resource_closers.append(request.close)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            told = (response.reason_phrase, request.path)
            log_response("%s: %s", *told, response=response, request=request)
        return response


def _is_participants(environ: dict[str, Any]) -> bool:
    """Whether a participant asks, of a site at the root of its host, whom no Sentry follows."""
    return (
        environ["PATH_INFO"].startswith(PARTICIPANTS)
        and not environ.get("SCRIPT_NAME")
        and not settings.SENTRY_DSN
    )
