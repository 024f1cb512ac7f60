"""The process that `apart.py` starts: it makes one file, and gives way to participants."""

import json
import os
import sys
from pathlib import Path

import django

# As `nice` counts it: as far as it goes, since the process holds nothing that others wait for.
GIVES_WAY = 19


def main(asked: str) -> int:
    """Makes the file that is asked for; prints why not, and returns how it ended."""
    # These know the models, which are there once Django is set up.
    from responses.export.apart import Ended  # noqa: PLC0415
    from responses.export.limits import TooLargeForFormatError  # noqa: PLC0415
    from responses.export.making import make_file  # noqa: PLC0415
    from responses.export.options import Options  # noqa: PLC0415
    from responses.export.reconciliation import NotReconciledError  # noqa: PLC0415
    from responses.models import ExportRecord  # noqa: PLC0415
    from responses.pacing import while_answering  # noqa: PLC0415
    from responses.quality import refresh_flags  # noqa: PLC0415

    wanted = json.loads(asked)
    export = ExportRecord.objects.select_related("study").get(pk=wanted["export"])
    try:
        with while_answering() as pace:
            refresh_flags(study_id=export.study_id, mode=export.mode, pace=pace)
            path, options = Path(wanted["path"]), Options(**wanted["options"])
            make_file(export=export, path=path, options=options, pace=pace)
    except TooLargeForFormatError as refused:
        print(refused)
        return Ended.TOO_LARGE
    except NotReconciledError as missing:
        print(missing)
        return Ended.NOT_RECONCILED
    return Ended.WHOLE


if __name__ == "__main__":
    os.nice(GIVES_WAY)
    django.setup()
    sys.exit(main(sys.argv[1]))
