"""The process that `running.start` starts: it runs one rehearsal, and gives way to participants."""

import os
import sys

import django

# As `nice` counts it.
GIVES_WAY = 10


def main(number: int) -> int:
    """Runs that rehearsal."""
    # It knows the models, which are there once Django is set up.
    from rehearsal.running import run_ordered  # noqa: PLC0415

    run_ordered(number)
    return 0


if __name__ == "__main__":
    os.nice(GIVES_WAY)
    django.setup()
    sys.exit(main(int(sys.argv[1])))
