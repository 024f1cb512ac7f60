"""`manage.py correct STUDY WHO ITEM STATED`: notes a participant's correction of an answer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from experiments.management.who import shell_user
from responses.corrections import correct
from responses.management.participants import add_participant, participant_named


class Command(BaseCommand):
    """Notes it; it is recorded who did it."""

    help = "Notes what a participant says instead of an answer; the answer stays as it was sent."

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, the participant, the item, what they say now, and why."""
        add_study(parser)
        add_participant(parser)
        parser.add_argument("item", help="the item's code, as in age")
        parser.add_argument("stated", help="what they say now, in words")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="why; name nobody")

    def handle(
        self, *args: Any, study: str, who: str, item: str, stated: str, reason: str, **options: Any
    ) -> None:
        """Notes it, once."""
        found = participant_named(study_named(study), who)
        with refusals():
            correct(participant=found, item=item, stated=stated, reason=reason, actor=shell_user())
        self.stdout.write(f"The correction of {item} by {found} is noted; the answer stays.")
