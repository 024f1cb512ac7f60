"""What is shown of a study's integrity, at the desk and by the command."""

from django.utils.translation import gettext as _

from analysis.audit import Audit
from analysis.cells import Section
from analysis.integrity_tables import told, told_while_blinded
from analysis.wording import Wording
from experiments.in_words import in_words


def standing(found: Audit) -> tuple[str, ...]:
    """What the replay says, and whether anybody was allocated."""
    said = [_replayed(found)]
    if not found.designs:
        said.append(_("Nobody was allocated in this mode yet."))
    return tuple(said)


def sections(found: Audit, language: str) -> tuple[Section, ...]:
    """One section for each randomisation whose draws are alike."""
    words = [Wording(design, language) for design in found.designs]
    if found.blinded:
        return tuple(map(told_while_blinded, found.watched))
    return tuple(told(step, each) for step, each in zip(found.steps, words, strict=True))


def _replayed(found: Audit) -> str:
    """The replay's line; where arms are secret it names no row, for the line tells its arm."""
    if found.replay.holds is False and found.blinded:
        return _(
            "The ledger does not replay. verify_allocation says which row is the first that "
            "does not; it is not named here while arms are secret."
        )
    return in_words(found.replay.line)
