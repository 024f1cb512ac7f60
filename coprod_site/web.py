"""Serves an application with granian: `python -m coprod_site.web OPTION… MODULE:NAME`.

The options are granian's own. The application is loaded once, before granian forks its workers:
they share its memory, are up at once, and so is the one that takes a dead one's place.
"""

import gc
import os
import sys
from importlib import import_module

from django.urls import get_resolver
from granian.cli import entrypoint

from analysis.giving_back import keep_one_heap


def main() -> None:
    """Loads the module that the last argument names, and hands over to granian."""
    # Ahead of the first thread.
    keep_one_heap()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod_site.settings")
    import_module(sys.argv[-1].partition(":")[0])
    # The addresses lead to the views, which Django would import with the first request.
    get_resolver().url_patterns  # noqa: B018
    # The collector would write into what is shared, and find nothing there.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
