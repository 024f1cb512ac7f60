"""The one kind of error that `make run` and `manage.py` show to a person."""

from pathlib import Path


class StartError(Exception):
    """Something outside the code keeps the site from starting.

    Its text is one line: what is wrong and what to do.
    """


def cannot_write(var: Path, error: OSError) -> StartError:
    """The problem of a var folder, or of a file in it, that can't be written."""
    place = error.filename or var
    return StartError(
        f"Can't write to {place}: {error.strerror}. Make {var} a folder that you may write to, or "
        "set COPROD_VAR to one."
    )
