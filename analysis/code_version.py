"""Which version of the code computes: what looks, bundles, simulations and rehearsals state."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def code_version() -> str:
    """The project's version, with the revision that it was built from if that is known."""
    project = tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]
    return f"{project['version']}+{settings.REVISION}" if settings.REVISION else project["version"]
