"""Launch, pause, resume and close, from the desk: what each will do, said before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from experiments import launch
from experiments.design import Design, digest
from experiments.models import DesignVersion, Status, Study
from experiments.preregistration.words import percent
from experiments.refusals import Refused


@dataclass(frozen=True)
class Move:
    """One thing that can be done to a study that stands in one of `before`."""

    name: str
    label: Any
    before: tuple[Status, ...]
    # Whether it freezes the study's rows, so that problems stop it.
    freezes: bool = False
    needs_reason: bool = False
    final: bool = False


@dataclass(frozen=True)
class Done:
    """What to say of a move, and what the study's history records; nothing if nothing changed."""

    said: str
    recorded: str = ""


MOVES = {
    move.name: move
    for move in (
        Move("pilot", gettext_lazy("Launch pilot"), (Status.DRAFT, Status.PILOT), freezes=True),
        Move("launch", gettext_lazy("Launch"), (Status.DRAFT, Status.PILOT), freezes=True),
        Move(
            "version",
            gettext_lazy("Launch new version"),
            (Status.LIVE, Status.PAUSED),
            freezes=True,
            needs_reason=True,
        ),
        Move("pause", gettext_lazy("Pause"), (Status.LIVE,)),
        Move("resume", gettext_lazy("Resume"), (Status.PAUSED,)),
        Move("close", gettext_lazy("Close study"), (Status.LIVE, Status.PAUSED), final=True),
    )
}


def in_force(study: Study, move: Move) -> DesignVersion | None:
    """The version that a move would replace."""
    return study.pilot_version if move.name == "pilot" else study.live_version


def possible_moves(study: Study, design: Design) -> list[Move]:
    """What can be done to the study as it stands."""
    return [
        move
        for move in MOVES.values()
        if study.status in move.before and (not move.freezes or differs(study, move, design))
    ]


def differs(study: Study, move: Move, design: Design) -> bool:
    """Whether the rows are not what is in force already."""
    version = in_force(study, move)
    return version is None or version.digest != digest(design)


def why_not_now(study: Study) -> str:
    """Why a move is not made that does not start from where the study stands."""
    names = {"study": study, "status": study.get_status_display()}
    return _("%(study)s is %(status)s, so that can't be done now.") % names


def nothing_new(study: Study, move: Move) -> str:
    """Why nothing is launched when the rows are what is in force already."""
    version = in_force(study, move)
    names = {"study": study, "number": version.number if version else 0}
    return _("There is nothing to launch: %(study)s is as in version %(number)d.") % names


@transaction.atomic
def perform(*, study: Study, move: Move, reason: str = "", by: str = "") -> Done:
    """Makes the move and returns what came of it; NotLaunchable or Refused if it can't be.

    The study is locked first: of several people who ask for the same, one makes the move.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.status not in move.before:
        raise Refused(why_not_now(study))
    if move.freezes:
        return _launched(study, move, reason, by)
    done = {"pause": launch.pause, "resume": launch.resume, "close": launch.close}[move.name]
    done(study=study, by=by)
    said = {
        "pause": _("%(study)s is paused."),
        "resume": _("%(study)s is live again."),
        "close": _("%(study)s is closed, and its seed is revealed."),
    }
    return Done(said[move.name] % {"study": study.slug}, str(move.label))


def _launched(study: Study, move: Move, reason: str, by: str) -> Done:
    before = in_force(study, move)
    version = launch.launch(study=study, pilot=move.name == "pilot", reason=reason, by=by)
    if version == before:
        return Done(nothing_new(study, move))
    names = {"study": study.slug, "number": version.number}
    said = (
        _("%(study)s is in its pilot, on version %(number)d.")
        if move.name == "pilot"
        else _("%(study)s is launched, on version %(number)d.")
    )
    why = f": {version.reason}" if version.reason else ""
    return Done(said % names, f"{move.label}, version {version.number}{why}")


def consequences(study: Study, move: Move, design: Design) -> list[str]:
    """What the move will do, a sentence each."""
    if move.freezes:
        return [*_of_freezing(study, move, design), *_of_launching(study, move, design)]
    return {
        "pause": [
            _("Nobody new can enter; their link says that the survey takes a break."),
            _("Who has begun can finish. You can resume at any time."),
        ],
        "resume": [_("People can enter again, by the same link.")],
        "close": [
            _("Nobody can enter or go on any more; who has completed still sees their code."),
            _("The seed of the randomisation is revealed, so that anybody can replay the lists."),
            _("The final look becomes due and runs by itself; its report shows outcomes by arm."),
            _("A closed study can't be opened again."),
        ],
    }[move.name]


def _of_freezing(study: Study, move: Move, design: Design) -> Sequence[str]:
    arms = sum(len(randomisation.arms) for randomisation in design.randomisations)
    languages = ", ".join(design.languages)
    counted = ngettext("%(count)d arm", "%(count)d arms", arms) % {"count": arms}
    said = [
        _("The study as it stands is frozen as version %(number)d: %(arms)s, in %(languages)s.")
        % {"number": study.versions.count() + 1, "arms": counted, "languages": languages}
    ]
    if not study.seed_sha256:
        said.append(
            _(
                "A seed for the randomisation is drawn and kept secret. Its SHA-256 is published "
                "now, the seed itself when the study closes."
            )
        )
    return said


def _of_launching(study: Study, move: Move, design: Design) -> Sequence[str]:
    if move.name == "pilot":
        return [
            _("People enter by a signed link of their own. Their answers never count as live."),
            _("You can go on editing, and launch the pilot again."),
        ]
    if move.name == "version":
        return [
            _("Who has begun finishes on their version; who enters from now on gets this one."),
            _("Reports list the new version, with your reason, as a deviation from the plan."),
        ]
    plan = design.plan
    looks = ", ".join(percent(look) for look in plan.looks)
    return [
        _("Anybody with the link can enter, and their answers count."),
        _("The plan asks for %(size)d eligible completes; looks are run at %(looks)s of them.")
        % {"size": plan.sample_size, "looks": looks},
        _("From then on the study can only be read here, and can't be deleted."),
    ]
