"""`manage.py own_data STUDY WHO`: writes what is kept of a participant, for who asks for it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from experiments.management.arguments import add_study, study_named
from experiments.management.who import shell_user
from responses.management.participants import add_participant, participant_named
from responses.management.shell import write_result
from responses.own_data import own_data


class Command(BaseCommand):
    """Writes it as JSON, to be handed to the participant and to nobody else."""

    help = "Writes everything that is kept of one participant as JSON; that it was read is noted."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, the participant, and where to."""
        add_study(parser)
        add_participant(parser)
        parser.add_argument("--output", type=Path, help="a new file; else standard output")

    def handle(self, *args: Any, study: str, who: str, output: Path | None, **options: Any) -> None:
        """Reads, then writes."""
        found = own_data(participant=participant_named(study_named(study), who), actor=shell_user())
        text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        write_result(f"{text}\n".encode(), output)
