#!/usr/bin/env python
"""Runs a command of the project, with the embedded Postgres unless DATABASE_URL is set."""

import errno
import os
import sys

# What a shell reports of a program whose reader went away: 128 and SIGPIPE.
READER_GONE = 141


def main() -> None:
    """Finds the servers, then hands over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod_site.settings")
    from coprod_site import embedded
    from coprod_site.problems import StartError

    try:
        " ".join(sys.argv).encode()
    except UnicodeEncodeError:
        sys.exit("An argument is not valid UTF-8: type it again.")
    try:
        with embedded.servers_for_command(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
            sys.stdout.flush()
    except StartError as problem:
        sys.exit(str(problem))
    except BrokenPipeError:
        _leave_output()
        sys.exit(READER_GONE)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO):
            raise
        _leave_output()
        sys.exit(f"The output could not be written: {error.strerror}.")


def _leave_output() -> None:
    """Points standard output elsewhere, so that nothing is written to it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
