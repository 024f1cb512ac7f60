"""Makes, lists and revokes tokens of the API."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analysis.api.tokens import USUAL_DAYS, make_token, revoke
from analysis.models import ApiToken
from experiments.management.arguments import refusals, study_named
from experiments.management.who import shell_user


class Command(BaseCommand):
    """A token is printed when it is made, and never again."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three things to do."""
        todo = parser.add_subparsers(dest="todo", required=True)
        make = todo.add_parser("make", help="make a token and print it, this once")
        make.add_argument("owner", help="the account in whose name it reads")
        make.add_argument("name", help="what it is for")
        make.add_argument("--study", action="append", required=True, help="may be given again")
        make.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=ApiToken.Scope.values,
            help="what may be read; may be given again",
        )
        make.add_argument("--days", type=int, default=USUAL_DAYS, help="how long it is good for")
        todo.add_parser("list", help="one line for each token")
        end = todo.add_parser("revoke", help="end a token for good")
        end.add_argument("token", help="its id, the ten characters after coprod_")

    def handle(self, *, todo: str, **options: Any) -> None:
        """Does it."""
        with refusals():
            if todo == "make":
                self._make(**options)
            elif todo == "revoke":
                token = revoke(public_id=options["token"])
                self.stdout.write(f"{token.public_id} opens nothing any more.")
            else:
                self.stdout.writelines(_lines())

    def _make(
        self, *, owner: str, name: str, study: list[str], scope: list[str], days: int, **_: Any
    ) -> None:
        account = User.objects.filter(username=owner).first()
        if account is None:
            raise CommandError(f"There is no account {owner}; createsuperuser makes one.")
        token, text = make_token(
            owner=account,
            name=name,
            studies=[study_named(each) for each in dict.fromkeys(study)],
            scopes=scope,
            days=days,
            made_by=shell_user(),
        )
        self.stderr.write(f"It is shown this once, and good until {token.expires_at:%Y-%m-%d}.")
        self.stdout.write(text)


def _lines() -> Iterator[str]:
    for token in ApiToken.objects.select_related("owner").prefetch_related("studies"):
        studies = ",".join(study.slug for study in token.studies.all())
        used = f"used {token.last_used_at:%Y-%m-%d}" if token.last_used_at else "never used"
        yield (
            f"{token.public_id}  {token.owner.get_username()}  {_standing(token)}  {used}  "
            f"{studies}  {','.join(token.scopes)}  {token.name}\n"
        )


def _standing(token: ApiToken) -> str:
    if token.revoked_at:
        return "revoked"
    word = "expired" if token.expires_at <= timezone.now() else "until"
    return f"{word} {token.expires_at:%Y-%m-%d}"
