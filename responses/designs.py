"""Frozen designs, kept in the process: a version never changes, so it is read once."""

from functools import lru_cache

from experiments.models import DesignVersion


@lru_cache(maxsize=256)
def version_of(version_id: int) -> DesignVersion:
    """The design version of that id, its Design parsed; one SQL statement the first time."""
    version = DesignVersion.objects.get(pk=version_id)
    version.design  # noqa: B018 # parsed here, so that no request pays for it later
    return version
