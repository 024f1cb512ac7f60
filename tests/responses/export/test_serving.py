"""A download is sent in pieces of one size, however large the file is."""

from pathlib import Path

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import RequestFactory

from responses.export.csv import CHUNK
from responses.export.serving import Sent, kept_response


# Closing an answer ends a request, which looks at the connection that a test before it left open.
@pytest.mark.django_db
def test_whole_file_is_read_as_few_times_as_its_part(tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    path.write_bytes(b"x" * (2 * CHUNK + 7))
    sent = Sent(path, "park.csv", "text/csv")
    whole = kept_response(RequestFactory().get("/"), sent)
    part = kept_response(RequestFactory().get("/", headers={"Range": "bytes=0-"}), sent)
    assert isinstance(whole, FileResponse)
    assert [len(chunk) for chunk in whole] == [CHUNK, CHUNK, 7]
    assert isinstance(part, StreamingHttpResponse)
    assert [len(chunk) for chunk in part] == [CHUNK, CHUNK, 7]
    whole.close()
