"""The browser that pytest-playwright drives: an installed one first, else Playwright's own."""

import os
import shutil
from typing import Any

import pytest

# Playwright's loop stands in the test's thread as long as its browser is open, and Django would
# take every statement of ours for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing in a test may depend on what a browser does on its own.
SILENT = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """What the browser is started with; COPROD_BROWSER names a certain one."""
    installed = filter(None, map(shutil.which, INSTALLED))
    program = os.environ.get("COPROD_BROWSER") or next(installed, None)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = {"executable_path": program} if program else {}
    return {**browser_type_launch_args, "args": [*SILENT, *as_root], **found}
