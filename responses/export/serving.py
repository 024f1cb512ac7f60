"""Sends a kept file, whole or the part of it that a broken download still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from responses.export.csv import CHUNK
from responses.export.formats import FORMATS
from responses.export.kept import file_name
from responses.export.ranges import UnsatisfiableError, asked_range
from responses.models import ExportRecord


@dataclass(frozen=True)
class Sent:
    """A kept file, and as what it is sent."""

    path: Path
    name: str
    content_type: str

    @property
    def tag(self) -> str:
        """The entity tag: another file of the same name has another one."""
        return f'"{self.path.stem}"'


def sent_export(export: ExportRecord, path: Path) -> Sent:
    """The kept file of an export."""
    return Sent(path, file_name(export), FORMATS[export.format].content_type)


def kept_response(request: HttpRequest, sent: Sent) -> HttpResponseBase:
    """The file, or the part of it that is asked for; 416 if it has no such part."""
    size = sent.path.stat().st_size
    try:
        is_same = request.headers.get("If-Range", sent.tag) == sent.tag
        part = asked_range(request.headers.get("Range", ""), size) if is_same else None
    except UnsatisfiableError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return whole_response(sent)
    response = StreamingHttpResponse(_read(sent.path, part), status=206)
    response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return _named(response, sent, len(part))


def whole_response(sent: Sent) -> HttpResponseBase:
    """The file from its first byte to its last."""
    response = FileResponse(sent.path.open("rb"))
    response.block_size = CHUNK
    return _named(response, sent, sent.path.stat().st_size)


def _named(response: StreamingHttpResponse, sent: Sent, length: int) -> StreamingHttpResponse:
    # Django's own guesses go by the name of the kept file.
    response.headers["ETag"] = sent.tag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(length)
    response.headers["Content-Type"] = sent.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{sent.name}"'
    return response


def _read(path: Path, part: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
