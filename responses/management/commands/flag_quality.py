"""`manage.py flag_quality STUDY`: computes the quality flags anew and says what they found."""

import math
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.management.arguments import add_study, study_named
from responses.models import Mode
from responses.pacing import while_answering
from responses.quality import refresh_flags
from responses.quality.monitor import found_by_rule


class Command(BaseCommand):
    """Looks at everybody, and prints a line for each rule."""

    help = "Computes the quality flags of a study's participants anew; they exclude nobody."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, and whose answers."""
        add_study(parser)
        parser.add_argument("--mode", choices=Mode.values, default=Mode.LIVE.value)

    def handle(self, *args: Any, study: str, mode: str, **options: Any) -> None:
        """Computes, then counts."""
        study_id = study_named(study).pk
        # Nobody waits for it at a page: it gives way for as long as participants answer.
        with while_answering(math.inf) as pace:
            changed = refresh_flags(study_id=study_id, mode=mode, pace=pace)
        self.stdout.write(f"The flags of {changed} participants changed.")
        for found in found_by_rule(study_id=study_id, mode=mode):
            rule = found.rule
            line = f"{rule.number:2} {rule.name:20} {found.flagged} of {found.judged} judged"
            self.stdout.write(line)
