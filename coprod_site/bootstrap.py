"""Serves Bootstrap's style sheet, one file of a package that holds eight megabytes of variants."""

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

NAME = "bootstrap/bootstrap.min.css"


class BootstrapFinder(BaseFinder):
    """Finds `bootstrap/bootstrap.min.css` in the installed package django-include-bootstrap."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's place on the disk if `path` names it; a list with `find_all`."""
        found = [_source()] if path == NAME else []
        return found if find_all else found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """The one file, with the storage that opens it."""
        yield NAME, _WithoutMap(location=Path(_source()).parent)


class _WithoutMap(FileSystemStorage):
    """Opens the style sheet without the address of its source map, which is not served."""

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        css = Path(self.path(name)).read_bytes()
        return ContentFile(re.sub(rb"/\*# sourceMappingURL=.*?\*/", b"", css))

    def path(self, name: str) -> str:
        return super().path(Path(name).name)


def _source() -> str:
    spec = find_spec("django_include_bootstrap")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("django_include_bootstrap")
    return str(Path(spec.origin).parent / "static" / "css" / "bootstrap.min.css")
