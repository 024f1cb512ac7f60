"""What a new site gets: the study that ships, and an account for the researcher."""

import secrets

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from coprod_site.embedded import ROOT
from coprod_site.first_names import RESEARCHER, STUDY
from experiments.launch import launch
from experiments.models import Study


def load_shipped_study() -> bool:
    """Loads and launches the study that ships unless it is there; returns whether it did."""
    if Study.objects.filter(slug=STUDY).exists():
        return False
    with transaction.atomic():
        call_command("load_study", str(ROOT / "studies" / f"{STUDY}.yaml"), verbosity=0)
        launch(study=Study.objects.get(slug=STUDY))
    return True


def make_researcher() -> str | None:
    """Makes the account if there is none; returns its password then, which is stored hashed."""
    if User.objects.filter(username=RESEARCHER).exists():
        return None
    password = secrets.token_urlsafe(12)
    User.objects.create_superuser(RESEARCHER, password=password)
    return password
