"""The commands about studies, as a shell sees them."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from experiments.compiler import read_rows, write_rows
from experiments.design import digest
from experiments.models import Status, Study
from experiments.studyfile import dump
from tests.changed import changed
from tests.designs import small
from tests.factories import LiveStudyFactory, PilotStudyFactory, StudyFactory

ROOT = Path(__file__).parents[2]


@pytest.fixture
def park(tmp_path: Path) -> Path:
    path = tmp_path / "park.yaml"
    path.write_text(dump(small()), encoding="utf-8")
    return path


def run(name: str, *arguments: object, **options: object) -> tuple[str, str]:
    """What a command writes to standard output and to standard error."""
    out, err = StringIO(), StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_validate_study_says_ok_and_needs_no_database(park: Path) -> None:
    # Not marked for the database: pytest-django refuses every query.
    assert run("validate_study", park) == (f"{park}: OK, park, digest {digest(small())}\n", "")


def test_validate_study_lists_every_problem_with_file_and_line(park: Path) -> None:
    spoil(park, "study: park", "study: park\nstuddy: x")
    spoil(park, "outcome: will", "outcome: wil")
    lines = park.read_text(encoding="utf-8").splitlines()
    out = StringIO()

    with pytest.raises(CommandError, match=re.escape(f"{park}: 2 to mend.")):
        call_command("validate_study", str(park), stdout=out)

    assert out.getvalue().splitlines() == [
        f"{park}:3: The key studdy is not known here. — Did you mean study?",
        f"{park}:{lines.index('  outcome: wil') + 1}: The outcome wil is no scale and no item. — "
        "Name an item, or a scale or subscale: motive, care, will.",
    ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("validate_study", "1 to mend. Then the rest can be checked: more may come."),
        ("load_study", "(validate_study lists the same). Then the rest can be checked"),
    ],
)
def test_file_that_can_not_be_read_whole_is_said_to_have_more(
    park: Path, command: str, said: str
) -> None:
    spoil(park, "sample_size: 40", "sample_size: x")
    spoil(park, "outcome: will", "outcome: wil")

    with pytest.raises(CommandError, match=re.escape(said)):
        run(command, park)


def test_validate_study_of_no_file_says_so_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"gone\.yaml can't be read: No such file"):
        run("validate_study", tmp_path / "gone.yaml")


def test_validate_study_exits_with_1_on_a_problem(park: Path) -> None:
    spoil(park, "outcome: will", "outcome: wil")
    command = [sys.executable, "manage.py", "validate_study", str(park)]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (1, f"CommandError: {park}: 1 to mend.\n")
    assert "The outcome wil is no scale and no item." in ended.stdout


@pytest.mark.django_db
def test_load_study_makes_the_study(park: Path) -> None:
    assert run("load_study", park) == ("park: loaded as a new study.\n", "")
    assert read_rows(Study.objects.get()) == small()


@pytest.mark.django_db
def test_load_study_again_changes_nothing(park: Path) -> None:
    run("load_study", park)
    rows = list(Study.objects.get().pages.values_list("pk", flat=True))

    assert run("load_study", park) == ("park: nothing changed.\n", "")
    assert list(Study.objects.get().pages.values_list("pk", flat=True)) == rows


@pytest.mark.django_db
def test_load_study_says_what_changed(park: Path) -> None:
    run("load_study", park)
    spoil(park, "sample_size: 40", "sample_size: 80")

    assert run("load_study", park) == (
        "park: loaded; what changed:\n  changed plan, sample size: 40 → 80\n",
        "",
    )
    assert read_rows(Study.objects.get()).plan.sample_size == 80


@pytest.mark.django_db
def test_load_study_keeps_an_unfinished_draft_and_says_so(park: Path) -> None:
    spoil(park, "outcome: will", "outcome: wil")

    out, err = run("load_study", park)

    assert out == ("park: loaded as a new study.\n1 to mend before this can be launched.\n")
    assert "The outcome wil is no scale and no item." in err
    assert read_rows(Study.objects.get()).plan.outcome == "wil"


@pytest.mark.django_db
def test_load_study_refuses_what_rows_cannot_hold(park: Path) -> None:
    spoil(park, "study: park", "study: Park")

    with pytest.raises(CommandError, match="Nothing was loaded; mend"):
        run("load_study", park)
    assert not Study.objects.exists()


@pytest.mark.django_db
def test_load_study_of_a_live_study_says_how_it_comes_into_force(park: Path) -> None:
    LiveStudyFactory(slug="park")
    spoil(park, "sample_size: 40", "sample_size: 80")

    out, _ = run("load_study", park)

    assert out == (
        "park: loaded; what changed:\n  changed plan, sample size: 40 → 80\n"
        "It is live: `launch_study park --reason TEXT` makes this a new version; "
        "until then participants see the one before.\n"
    )
    study = Study.objects.get()
    assert study.live_version is not None
    assert study.live_version.design == small()


@pytest.mark.django_db
def test_load_study_of_a_pilot_says_how_it_comes_into_force(park: Path) -> None:
    PilotStudyFactory(slug="park")
    spoil(park, "sample_size: 40", "sample_size: 80")

    assert "`launch_study park --pilot` puts this before" in run("load_study", park)[0]


@pytest.mark.django_db
def test_load_study_refuses_a_closed_study(park: Path) -> None:
    LiveStudyFactory(slug="park")
    run("close_study", "park")
    spoil(park, "sample_size: 40", "sample_size: 80")

    with pytest.raises(CommandError, match="park is closed, and a closed study stays as it is"):
        run("load_study", park)


@pytest.mark.django_db
def test_dump_study_writes_the_file_that_was_loaded(park: Path, tmp_path: Path) -> None:
    run("load_study", park)
    copy = tmp_path / "copy.yaml"

    assert run("dump_study", "park") == (park.read_text(encoding="utf-8"), "")
    assert run("dump_study", "park", output=copy) == ("", "")
    assert copy.read_bytes() == park.read_bytes()


@pytest.mark.django_db
def test_dump_study_of_the_shipped_study_gives_the_same_design(tmp_path: Path) -> None:
    run("load_study", ROOT / "studies" / "coproduction.yaml")
    copy = tmp_path / "copy.yaml"
    run("dump_study", "coproduction", output=copy)

    assert run("load_study", copy)[0] == "coproduction: nothing changed.\n"


@pytest.mark.django_db
def test_dump_study_into_a_missing_folder_says_so(tmp_path: Path) -> None:
    StudyFactory(slug="park")

    with pytest.raises(CommandError, match=r"park\.yaml can't be written: No such file"):
        run("dump_study", "park", output=tmp_path / "gone" / "park.yaml")


@pytest.mark.django_db
def test_launch_study_prints_link_version_and_commitment() -> None:
    StudyFactory(slug="park")

    out, _ = run("launch_study", "park", site="https://survey.example.org/")

    assert out == (
        "park is live.\n"
        "Link: https://survey.example.org/s/park/\n"
        f"Version: 1, design digest {digest(small())}\n"
        f"Seed commitment (SHA-256): {Study.objects.get().seed_sha256}\n"
    )


@pytest.mark.django_db
def test_launch_study_pilot_prints_a_signed_link() -> None:
    StudyFactory(slug="park")

    out, _ = run("launch_study", "park", pilot=True)

    assert "park is pilot.\nLink: /s/park/?mode=pilot&key=" in out
    assert "\nPut the site's address before it, or say it: --site http://localhost:8000\n" in out


@pytest.mark.django_db
def test_launch_study_with_problems_lists_each() -> None:
    write_rows(design=changed(small(), {"plan.outcome": "wil", "title": {"en": "A park"}}))

    with pytest.raises(CommandError) as refused:
        run("launch_study", "park")
    assert str(refused.value) == (
        "park can't be launched; mend these 2 first:\n"
        "  title: There is no text in ko. — Add `ko: …` to it.\n"
        "  plan.outcome: The outcome wil is no scale and no item. — "
        "Name an item, or a scale or subscale: motive, care, will."
    )


@pytest.mark.django_db
def test_launch_study_of_a_changed_live_study_takes_a_reason(park: Path) -> None:
    LiveStudyFactory(slug="park")
    spoil(park, "sample_size: 40", "sample_size: 80")
    run("load_study", park)

    with pytest.raises(CommandError, match="give the reason for a new version"):
        run("launch_study", "park")
    assert "Version: 2, " in run("launch_study", "park", reason="More people came.")[0]


@pytest.mark.django_db
def test_pause_resume_and_close_study_say_what_they_did() -> None:
    LiveStudyFactory(slug="park")

    paused, resumed, closed = (run(f"{m}_study", "park")[0] for m in ("pause", "resume", "close"))

    study = Study.objects.get()
    assert study.status == Status.CLOSED
    assert (paused, resumed, closed) == (
        "park is paused: nobody new gets in, and who is in the middle finishes.\n",
        "park is live again.\n",
        f"park is closed.\nSeed: {study.seed_revealed}\n"
        f"Its SHA-256, published at launch: {study.seed_sha256}\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("move", ["pause", "resume", "close"])
def test_moves_that_are_refused_say_why(move: str) -> None:
    StudyFactory(slug="park")

    with pytest.raises(CommandError, match="park is draft: only a"):
        run(f"{move}_study", "park")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["dump", "launch", "pause", "resume", "close"])
def test_commands_about_an_unknown_study_name_those_that_there_are(name: str) -> None:
    StudyFactory(slug="park")

    with pytest.raises(CommandError) as refused:
        run(f"{name}_study", "prak")
    assert str(refused.value) == (
        "There is no study prak; known are: park. load_study FILE makes one."
    )
