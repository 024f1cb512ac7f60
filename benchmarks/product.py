"""The product as it is measured: the study that ships, launched in a new database."""

from importlib import import_module

import django
from django.core.management import call_command

from benchmarks.servers import NO_VALKEY, set_environment
from coprod_site.embedded import ROOT
from coprod_site.messages import compile_messages

STUDY = "coproduction"
# Every respondent reads English: the floor has one language only.
ENTRY = f"/s/{STUDY}/?lang=en"


def prepare(url: str, redis: str = NO_VALKEY) -> None:
    """Sets Django up in this process, migrates, and launches the study."""
    prepare_site(url, redis)
    launch_study()


def prepare_site(url: str, redis: str = NO_VALKEY) -> None:
    """The same without a study."""
    set_environment(url, redis)
    compile_messages()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    # These know the settings or the models, which are there only now.
    import_module("coprod_site.static_files").collect_static()


def launch_study() -> None:
    """Loads and launches the study; Django is set up."""
    from experiments.compiler import write_rows  # noqa: PLC0415
    from experiments.launch import launch  # noqa: PLC0415
    from experiments.studyfile import parse  # noqa: PLC0415

    design = parse((ROOT / "studies" / f"{STUDY}.yaml").read_bytes()).design
    if design is None:
        raise ValueError(f"studies/{STUDY}.yaml has problems: run validate_study on it.")
    launch(study=write_rows(design=design))
