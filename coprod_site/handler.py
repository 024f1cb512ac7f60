"""Django's handler of requests, which reads a form's fields in one go."""

from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

FORM = "application/x-www-form-urlencoded"


class FormRequest(WSGIRequest):
    """A request whose form is read at once, unless it is other than plain."""

    def _load_post_and_files(self) -> None:
        plain = self.method == "POST" and self.content_type == FORM and self.encoding is None
        if not plain or self._read_started:  # type: ignore[attr-defined]  # the stubs leave it out
            return super()._load_post_and_files()
        try:
            text = self.body.decode()
        except UnicodeDecodeError:
            return super()._load_post_and_files()
        self._post = _fields(text)
        self._files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict()


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
    """The handler of this site."""

    request_class = FormRequest
