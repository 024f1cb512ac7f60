"""`manage.py forget_second_factor NAME`: for who has lost telephone and paper."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice


class Command(BaseCommand):
    """Removes the devices of an account; sessions that are open ask for a new one."""

    help = "Takes an account's second factor away, so that its next login sets up another."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names the account."""
        parser.add_argument("name", help="the name of the account")

    @transaction.atomic
    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Removes them and says so."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        for devices in (TOTPDevice.objects, StaticDevice.objects):
            devices.filter(user=user).delete()
        self.stdout.write(f"{name} sets up a second factor at the next login.")
