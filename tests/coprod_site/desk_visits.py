"""A web process of the site that is asked for what stands in its input, and tells what it loaded.

Reads a JSON list of [method, path, headers, form]. Prints one of [status, packages], each with the
heavy packages that were first there when the answer was.
"""

import json
import sys
from typing import Any
from urllib.parse import urlencode

from django.test import RequestFactory

from coprod_site.handler import FORM

# What computes, draws or writes files of other programs.
HEAVY = (
    "numpy",
    "scipy",
    "statsmodels",
    "matplotlib",
    "pandas",
    "pyarrow",
    "pyreadstat",
    "xlsxwriter",
    "celery",
)


def main() -> None:
    """Asks and prints."""
    from coprod_site.wsgi import application

    told, before = [], loaded()
    for method, path, headers, form in json.load(sys.stdin):
        headers["host"] = "localhost"
        body = urlencode(form, doseq=True)
        request = RequestFactory().generic(method, path, body, FORM, headers=headers)
        began: list[Any] = []
        pieces: Any = application(request.environ, lambda *said, began=began: began.extend(said))
        b"".join(pieces)
        getattr(pieces, "close", lambda: None)()
        now = loaded()
        told.append([began[0].partition(" ")[0], sorted(now - before)])
        before = now
    print(json.dumps(told))


def loaded() -> set[str]:
    """Which of the heavy packages are there."""
    return {name for name in HEAVY if name in sys.modules}


if __name__ == "__main__":
    main()
