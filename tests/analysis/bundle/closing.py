"""A closed study that has everything a bundle holds, and everything that it must not hold."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from analysis.bundle.asking import ask_bundle
from analysis.bundle.running import make_bundle
from experiments.design import Design
from experiments.launch import close
from experiments.models import Study
from responses.allocation import ListName, allocate
from responses.models import (
    Invitation,
    Mode,
    PanelIdentity,
    Paradata,
    Participant,
    State,
    Submission,
)
from responses.withdrawal import withdraw
from tests.analysis.studies import START, answers, launched, spend
from tests.changed import changed
from tests.designs import small
from tests.responses.ledger import holder_of, people

# Nobody else's words: a bundle that has them in any file has let them out.
PANEL, SESSION, LABEL, CODE = "PANELSECRET", "SESSIONSECRET", "LABELSECRET", "CODESECRET"
IDENTITIES = (PANEL, SESSION, LABEL, CODE)
WORDS = "my name is FREETEXTSECRET"
FINGERPRINT = bytes.fromhex("f1" * 32)


def collected(design: Design | None = None, n: int = 60) -> Study:
    """A live study of which `n` completed, one withdrew, one refused and one left."""
    study = launched(design or changed(small(), {"plan.sample_size": 60}))
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    for place, person in enumerate(people(study, n + 2)):
        if place == n + 1:  # left after consenting
            continue
        gender = ("woman", "man")[place % 2]
        name = ListName(version, step, "live", f"gender={gender}")
        assert allocate(holder=holder_of(person), name=name)
        _completed(person, place)
    Participant.objects.create(
        study=study,
        version=version,
        mode=Mode.LIVE,
        token_hash=b"r" * 32,
        state=State.REFUSED,
        page="about",
        language="en",
        ended_at=START,
    )
    withdraw(participant_id=Participant.objects.order_by("id")[n].pk)
    return study


def closed(design: Design | None = None) -> Study:
    """The same study, closed, its last look spent."""
    study = close(study=collected(design))
    spend(study, 2)
    return Study.objects.get(pk=study.pk)


def _completed(person: Participant, place: int) -> None:
    at = START + timedelta(minutes=place)
    said = answers(place, attentive=place != 7) | {"comment": f"{WORDS} {place}"}
    Participant.objects.filter(pk=person.pk).update(
        state=State.COMPLETED,
        page="thanks",
        answers=said,
        parameters={"prolific_session": f"{SESSION}{place}"},
        completion_code=f"{CODE}{place}",
        fingerprint=FINGERPRINT,
        **dict.fromkeys(("exposed_at", "completed_at", "ended_at"), at),
    )
    study = {"study": person.study, "participant": person}
    key = place.to_bytes(32, "big")
    PanelIdentity.objects.create(mode="live", value_hash=key, value=f"{PANEL}{place}", **study)
    Invitation.objects.create(label=f"{LABEL}{place}", token_hash=key, **study)
    of_page = {"participant": person, "revision": 1, "page": "opinion"}
    Submission.objects.create(language="en", answers=said, received_at=at, **of_page)
    Paradata.objects.create(seconds="12.500", facts={"device": "phone"}, received_at=at, **of_page)


def bundled(study: Study, path: Path, mode: Mode = Mode.LIVE, licence: str = "cc-by-4.0") -> Path:
    """The bundle of a study, in that file."""
    bundle = ask_bundle(study=study, mode=mode, actor="tests", licence=licence)
    make_bundle(bundle=bundle, path=path)
    return path


def checked(folder: Path) -> tuple[int, str]:
    """What the folder's own check says, by a Python without anybody's packages."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr
