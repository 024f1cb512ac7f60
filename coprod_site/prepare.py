"""Makes the site ready to be served: `python -m coprod_site.prepare`, for the launcher.

Prints a line of JSON: the researcher's password if the account was made just now, else null.
"""

import io
import json
import sys

import django
from django.core.management import CommandError, call_command

from coprod_site.messages import compile_messages


def main() -> None:
    """Brings database, texts, static files, the study and the account up to date."""
    compile_messages()
    django.setup()
    # These import models, which are there only now.
    from coprod_site.first_run import load_shipped_study, make_researcher  # noqa: PLC0415
    from coprod_site.static_files import collect_static  # noqa: PLC0415

    try:
        call_command("update_site", verbosity=0, stdout=io.StringIO())
        collect_static()
        load_shipped_study()
    except CommandError as error:
        sys.exit(str(error))
    print(json.dumps(make_researcher()))


if __name__ == "__main__":
    main()
